"""Clients that behave badly, and input that is too large or broken, harm nobody else."""
import json
import threading

import pytest
from harness import ROLE, ServiceError, connect, run_pawl

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


def test_a_client_that_hangs_holds_up_nobody(server):
    hanging = [connect(server) for _ in range(50)]
    for one in hanging:
        one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    server.create("while-others-hang", PASS)
    assert server.ended(server.start_execution("while-others-hang"))["status"] == "SUCCEEDED"
    for one in hanging:
        one.close()


@pytest.mark.parametrize("data", [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"])
def test_bytes_that_are_no_http_are_refused(server, data):
    with connect(server) as client:
        client.sendall(data)
        answer = client.recv(1000)
        assert answer == b"" or b" 4" in answer.split(b"\r\n")[0]
    assert server.call("ListStateMachines")["stateMachines"] is not None


def test_a_bad_definition_of_a_megabyte_is_refused_at_once(server):
    broken = json.dumps({"StartAt": "S", "States": {f"S{i}": {"Type": "Nope"} for i in range(40000)}})
    assert len(broken) > 1_000_000
    for definition in (broken, "[" * 1_000_001, "{" + '"a":' * 200_000, "x" * 1_100_000):
        with pytest.raises(ServiceError) as refused:
            server.call("CreateStateMachine", name="huge", definition=definition, roleArn=ROLE)
        assert refused.value.code in ("InvalidDefinition", "ValidationException")
        assert len(refused.value.message) < 100_000


def test_a_definition_file_that_is_bad_is_reported_with_its_place(tmp_path):
    path = tmp_path / "bad.asl.json"
    path.write_text('{\n  "StartAt": "A",\n  "States": {\n    "A": {"Type": "Pass", "Next": "B"}\n  }\n}\n')
    result = run_pawl("validate", path)
    assert result.returncode == 1
    assert f"{path}:4:" in result.stdout + result.stderr
    path.write_text(json.dumps(PASS))
    assert run_pawl("validate", path).returncode == 0
    assert run_pawl("validate", tmp_path / "missing.json").returncode != 0


def test_large_inputs_pass_through_whole(server):
    server.create("large", PASS)
    value = {"text": "é" * 1_000_000, "list": list(range(50_000))}
    execution = server.ended(server.start_execution("large", value))
    assert json.loads(execution["output"]) == value


def test_a_body_over_the_limit_is_refused(server):
    with connect(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert b" 413" in client.recv(1000).split(b"\r\n")[0]


@pytest.mark.parametrize("members, code", [
    ({}, "ValidationException"),
    ({"stateMachineArn": 7}, "SerializationException"),
    ({"stateMachineArn": None}, "ValidationException"),
    ({"stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:large", "input": 5}, "SerializationException"),
])
def test_members_of_the_wrong_type_are_named(server, members, code):
    with pytest.raises(ServiceError) as refused:
        server.call("StartExecution", **members)
    assert refused.value.code == code


def test_many_clients_at_once_are_all_answered(server):
    server.create("crowd", PASS)
    failures = []

    def start(number):
        try:
            arn = server.start_execution("crowd", {"n": number})
            assert json.loads(server.ended(arn)["output"]) == {"n": number}
        except Exception as error:  # collected for the main thread
            failures.append(error)

    threads = [threading.Thread(target=start, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
