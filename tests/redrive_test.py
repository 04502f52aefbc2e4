"""`pawl execution redrive`: one execution, or all that failed in one way, by the server, at a rate, with a report."""
import json

import pytest
from harness import eventually, execution_arn, machine_arn, running_server

CALLS_OTHER = {"StartAt": "Call", "States": {"Call": {
    "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
    "Parameters": {"StateMachineArn": machine_arn("other")}, "OutputPath": "$.Status", "End": True}}}
FAILS = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Order.Lost", "Cause": "c"}}}
PASSES = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.fixture(scope="module")
def server():
    with running_server() as one:
        yield one


def fail(server, machine, definition, names):
    server.create(machine, definition)
    arns = [server.start_execution(machine, name=name) for name in names]
    assert {server.ended(arn)["status"] for arn in arns} == {"FAILED"}
    return arns


def redrive(server, *words):
    done = server.pawl("execution", "redrive", *words, "--json")
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def test_all_that_failed_for_one_reason_go_on_after_the_fix(server):
    arns = fail(server, "caller", CALLS_OTHER, [f"e{i}" for i in range(5)])
    error = server.ended(arns[0])["error"]

    before = server.call("ListExecutions", stateMachineArn=machine_arn("redrive"))["executions"]
    code, found = redrive(server, "--machine", "caller", "--dry-run")
    assert server.call("ListExecutions", stateMachineArn=machine_arn("redrive"))["executions"] == before
    assert code == 0 and [row["execution"] for row in found] == arns
    assert {row["error"] for row in found} == {error}
    assert redrive(server, "--machine", "caller", "--error", "Some.Other*", "--dry-run") == (0, [])
    assert {server.call("DescribeExecution", executionArn=arn)["redriveCount"] for arn in arns} == {0}

    server.create("other", PASSES)
    code, report = redrive(server, "--machine", "caller", "--error", error[:4] + "*", "--rate", "3")
    assert code == 0 and report == [{"execution": arn, "redriven": True} for arn in arns]
    for arn in arns:
        ended = server.ended(arn)
        assert (ended["status"], ended["redriveCount"]) == ("SUCCEEDED", 1)


def test_a_query_is_answered_oldest_first_and_no_more_than_asked(server):
    arns = fail(server, "lost", FAILS, ["first", "second", "third"])
    assert redrive(server, "--machine", "lost", "--limit", "2", "--dry-run")[1][1]["execution"] == arns[1]
    assert redrive(server, "--machine", "lost", "--since", "2100-01-01T00:00:00Z", "--dry-run") == (0, [])
    assert redrive(server, "--machine", "lost", "--status", "ABORTED", "--dry-run") == (0, [])


def test_one_execution_is_redriven_by_its_name(server):
    fail(server, "single", FAILS, ["only"])
    code, answer = redrive(server, "single/only")
    assert code == 0 and answer["executionArn"] == execution_arn("single", "only")
    eventually(lambda: server.ended(answer["executionArn"])["redriveCount"] == 1, "it is redriven")


@pytest.mark.parametrize("words, message", [
    ([], "either EXECUTION or --machine must be given"),
    (["--machine", "nobody"], "nobody"),
    (["b2", "--machine", "lost"], "both EXECUTION (b2) and --machine (lost) were given"),
    (["--machine", "lost", "--rate", "0"], "--rate"),
])
def test_what_cannot_be_asked_is_refused_by_name(server, words, message):
    refused = server.pawl("execution", "redrive", *words)
    assert refused.returncode != 0 and message in refused.stderr, refused.stderr


@pytest.mark.parametrize("words, message", [
    (["--since", "tomorrow"], "--since is no time: tomorrow"),
    (["--status", "RUNNING"], "--status is FAILED, TIMED_OUT or ABORTED, not RUNNING"),
])
def test_a_query_that_is_none_is_refused_before_anything_is_started(server, words, message):
    redrives = lambda: server.call("ListExecutions", stateMachineArn=machine_arn("redrive"))["executions"]
    before = redrives()
    refused = server.pawl("execution", "redrive", "--machine", "lost", *words)
    assert refused.returncode == 2 and message in refused.stderr, refused.stderr
    assert redrives() == before


def test_what_has_succeeded_is_a_conflict(server):
    server.create("good", PASSES)
    server.ended(server.start_execution("good", name="done"))
    refused = server.pawl("execution", "redrive", "good/done")
    assert refused.returncode == 5 and "Execution is SUCCEEDED and cannot be redriven" in refused.stderr


def test_a_server_killed_in_the_middle_redrives_each_once(server):
    arns = fail(server, "many", FAILS, [f"m{i}" for i in range(12)])
    started = server.pawl("execution", "redrive", "--machine", "many", "--rate", "2", "--no-wait").stdout.strip()
    counts = lambda: [server.call("DescribeExecution", executionArn=arn)["redriveCount"] for arn in arns]
    eventually(lambda: sum(counts()) >= 3, "some are redriven")
    server.kill()
    server.start()
    assert json.loads(server.ended(started)["output"])["redriven"] == 12
    assert counts() == [1] * 12
