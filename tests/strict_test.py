"""Without the service's cliffs, and with them on request: 256 KiB of data, 25,000 events."""
import pytest
from harness import ServiceError, machine_arn, running_server, short_directory


GROWS = {"StartAt": "Repeat", "QueryLanguage": "JSONata", "States": {
    "Repeat": {"Type": "Pass", "Output": {"text": "{% $pad('', 300000, 'x') %}"}, "End": True}}}
COUNTS = {"StartAt": "Each", "QueryLanguage": "JSONata", "States": {"Each": {
    "Type": "Map", "Items": "{% [1..6500] %}", "MaxConcurrency": 100, "Output": "{% $count($states.result) %}", "End": True,
    "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}}}}


def outcomes(server):
    server.create("grows", GROWS)
    server.create("counts", COUNTS)
    return [server.ended(server.start_execution(machine)) for machine in ("grows", "counts")]


def test_without_limits_both_succeed_and_the_log_warns():
    with running_server() as server:
        large, long = outcomes(server)
        assert (large["status"], long["status"], long["output"]) == ("SUCCEEDED", "SUCCEEDED", "6500")
        log = server.log.read_text()
        assert "would fail on AWS: 300011 bytes are more than 262144, at state 'Repeat'" in log
        assert "would fail on AWS: its history goes on after 25000 events" in log


def test_strict_aws_fails_both_as_the_service_does():
    with short_directory() as directory:
        config = directory / "pawl.toml"
        config.write_text("[limits]\nstrict_aws = true\n")
        with running_server(config) as server:
            large, long = outcomes(server)
            assert (large["status"], large["error"]) == ("FAILED", "States.DataLimitExceeded")
            assert (long["status"], long["error"]) == ("FAILED", "States.Runtime")
            assert long["cause"] == "The execution reached the maximum number of history events (25000)."
            with pytest.raises(ServiceError) as refused:
                server.call("StartExecution", stateMachineArn=machine_arn("counts"), input='"' + "x" * 262143 + '"')
            assert refused.value.code.endswith("InvalidExecutionInput")
