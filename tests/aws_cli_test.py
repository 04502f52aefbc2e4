"""The real AWS command line against the server: every operation that is offered, and the real errors."""
import json

import pytest
from harness import REGION, ROLE, execution_arn, machine_arn

PASS = {"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": {"said": "hello"}, "End": True}}}
SLEEP = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 100000, "End": True}}}


def states(server, operation, *arguments, **options):
    return server.aws("stepfunctions", operation, *arguments, **options)


def create(server, name, definition):
    return states(server, "create-state-machine", "--name", name, "--definition", json.dumps(definition),
                  "--role-arn", ROLE)["stateMachineArn"]


def refused(server, *arguments):
    result = states(server, *arguments, check=False)
    assert result.returncode != 0
    return result.stderr


def test_a_machine_lives_from_create_to_delete(server):
    arn = create(server, "life", PASS)
    assert arn == machine_arn("life")
    described = states(server, "describe-state-machine", "--state-machine-arn", arn)
    assert json.loads(described["definition"]) == PASS
    assert (described["status"], described["type"], described["roleArn"]) == ("ACTIVE", "STANDARD", ROLE)

    updated = states(server, "update-state-machine", "--state-machine-arn", arn, "--definition", json.dumps(SLEEP))
    assert updated["updateDate"]
    described = states(server, "describe-state-machine", "--state-machine-arn", arn)
    assert json.loads(described["definition"]) == SLEEP

    names = [machine["name"] for machine in states(server, "list-state-machines")["stateMachines"]]
    assert "life" in names
    states(server, "delete-state-machine", "--state-machine-arn", arn)
    assert "StateMachineDoesNotExist" in refused(server, "describe-state-machine", "--state-machine-arn", arn)


def test_an_execution_runs_and_shows_its_history(server):
    arn = create(server, "greeter", PASS)
    started = states(server, "start-execution", "--state-machine-arn", arn, "--name", "first", "--input", '{"a": 1}')
    assert started["executionArn"] == execution_arn("greeter", "first")
    server.ended(started["executionArn"])
    described = states(server, "describe-execution", "--execution-arn", started["executionArn"])
    assert described["status"] == "SUCCEEDED"
    assert json.loads(described["output"]) == {"said": "hello"}
    assert described["input"] == '{"a": 1}'

    history = states(server, "get-execution-history", "--execution-arn", started["executionArn"])["events"]
    assert [event["type"] for event in history] == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    reverse = states(server, "get-execution-history", "--execution-arn", started["executionArn"],
                     "--reverse-order", "--max-items", "2")["events"]
    assert [event["id"] for event in reverse] == [4, 3]


def test_history_comes_in_pages_without_gaps(server):
    states_of = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(60)}
    create(server, "long", {"StartAt": "S0", "States": {**states_of, "S60": {"Type": "Pass", "End": True}}})
    arn = server.start_execution("long")
    server.ended(arn)
    for order in ([], ["--reverse-order"]):
        # The command line follows nextToken by itself, 50 events a page.
        events = states(server, "get-execution-history", "--execution-arn", arn, "--page-size", "50", *order)["events"]
        ids = [event["id"] for event in events]
        assert ids == sorted(range(1, 125), reverse=bool(order))


def test_start_is_idempotent_by_name_and_input(server):
    arn = create(server, "sleeper", SLEEP)
    start = ["start-execution", "--state-machine-arn", arn, "--name", "only-one", "--input"]
    first, second = states(server, *start, '{"a":1}'), states(server, *start, '{"a":1}')
    assert first == second
    assert "ExecutionAlreadyExists" in refused(server, *start, '{"a":2}')
    states(server, "stop-execution", "--execution-arn", first["executionArn"], "--error", "Enough", "--cause", "test")
    described = states(server, "describe-execution", "--execution-arn", first["executionArn"])
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Enough", "test")
    # A closed execution keeps its name.
    assert "ExecutionAlreadyExists" in refused(server, *start, '{"a":1}')


def test_250_executions_come_in_pages_and_by_status(server):
    arn = create(server, "many", PASS)
    started = {server.start_execution("many", {"n": n}) for n in range(250)}
    for one in started:
        server.ended(one)
    create(server, "other", PASS)
    server.start_execution("other")
    listed, pages, token = [], 0, {}
    while True:
        page = server.call("ListExecutions", stateMachineArn=arn, maxResults=100, **token)
        listed += [execution["executionArn"] for execution in page["executions"]]
        pages += 1
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert pages == 3 and len(listed) == 250 and set(listed) == started
    by_cli = states(server, "list-executions", "--state-machine-arn", arn, "--status-filter", "SUCCEEDED")["executions"]
    assert [execution["executionArn"] for execution in by_cli] == listed
    assert states(server, "list-executions", "--state-machine-arn", arn, "--status-filter", "FAILED")["executions"] == []


def test_every_final_status_is_produced(server):
    create(server, "status-failed", {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}})
    create(server, "status-timed-out", {"TimeoutSeconds": 1, **SLEEP})
    failed = server.ended(server.start_execution("status-failed"))
    assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "E", "c")
    assert server.ended(server.start_execution("status-timed-out"))["status"] == "TIMED_OUT"


@pytest.mark.parametrize("arguments, error", [
    (["describe-state-machine", "--state-machine-arn", machine_arn("nobody")], "StateMachineDoesNotExist"),
    (["describe-state-machine", "--state-machine-arn", "nonsense"], "InvalidArn"),
    (["describe-execution", "--execution-arn", execution_arn("nobody", "x")], "ExecutionDoesNotExist"),
    (["start-execution", "--state-machine-arn", machine_arn("nobody")], "StateMachineDoesNotExist"),
    (["list-executions", "--state-machine-arn", machine_arn("nobody")], "StateMachineDoesNotExist"),
    (["get-execution-history", "--execution-arn", execution_arn("nobody", "x")], "ExecutionDoesNotExist"),
    (["stop-execution", "--execution-arn", execution_arn("nobody", "x")], "ExecutionDoesNotExist"),
    (["create-state-machine", "--name", "bad name", "--role-arn", ROLE, "--definition", json.dumps(PASS)], "InvalidName"),
    (["create-state-machine", "--name", "x", "--role-arn", ROLE, "--definition", "{"], "InvalidDefinition"),
    (["create-state-machine", "--name", "x", "--role-arn", ROLE, "--definition", "{}"], "InvalidDefinition"),
    (["describe-activity", "--activity-arn", machine_arn("nobody")], "InvalidArn"),
    (["list-tags-for-resource", "--resource-arn", machine_arn("nobody")], "ResourceNotFound"),
])
def test_errors_are_the_real_ones(server, arguments, error):
    assert error in refused(server, *arguments)


def test_start_refuses_input_that_is_no_json(server):
    arn = create(server, "picky", PASS)
    assert "InvalidExecutionInput" in refused(server, "start-execution", "--state-machine-arn", arn, "--input", "{nope")


def test_a_machine_of_the_same_name_is_the_same_or_refused(server):
    arn = create(server, "twice", PASS)
    assert create(server, "twice", PASS) == arn
    assert "StateMachineAlreadyExists" in refused(
        server, "create-state-machine", "--name", "twice", "--role-arn", ROLE, "--definition", json.dumps(SLEEP))


def test_a_running_execution_keeps_the_definition_it_started_with(server):
    arn = create(server, "changing", SLEEP)
    execution = server.start_execution("changing")
    states(server, "update-state-machine", "--state-machine-arn", arn, "--definition", json.dumps(PASS))
    described = states(server, "describe-state-machine-for-execution", "--execution-arn", execution)
    assert json.loads(described["definition"]) == SLEEP


def test_functions_are_listed_and_called(server):
    listed = server.aws("lambda", "list-functions")["Functions"]
    assert f"arn:aws:lambda:{REGION}" in listed[0]["FunctionArn"]
    assert "aurora-restore-snapshot-check" in [function["FunctionName"] for function in listed]
    result = server.aws("lambda", "invoke", "--function-name", "nobody", "/dev/null", check=False)
    assert "ResourceNotFoundException" in result.stderr
