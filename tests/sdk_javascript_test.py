"""A round trip with the AWS SDK for JavaScript, which tests/sdks/round_trip.mjs makes."""
import json
import shutil
import subprocess

import pytest
from harness import DEADLINE_S, ROOT

SDK = ROOT / "build" / "sdks" / "javascript"


@pytest.fixture(scope="module")
def seen(server):
    for path in (SDK / "pins", shutil.which("node")):
        if not path or not shutil.os.path.exists(path):
            pytest.skip(f"missing: {path or 'Node.js'}; script/bootstrap installs it")
    done = subprocess.run(["node", ROOT / "tests" / "sdks" / "round_trip.mjs", SDK, server.url],
                          capture_output=True, text=True, timeout=DEADLINE_S)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_an_execution_runs_through_an_alias_and_shows_its_history(seen):
    assert seen["created"]
    assert seen["execution"]["status"] == "SUCCEEDED"
    assert json.loads(seen["execution"]["output"]) == {"said": "hello"}
    assert seen["execution"]["stateMachineAliasArn"].endswith(":from-javascript:live")
    assert seen["events"] == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]


def test_tags_and_tasks_come_back(seen):
    assert seen["tags"] == [{"key": "a", "value": "b"}]
    assert json.loads(seen["worked"]) == {"n": 1}


def test_operations_with_a_host_of_their_own_are_answered_there(seen):
    assert (seen["sync"]["status"], json.loads(seen["sync"]["output"])) == ("SUCCEEDED", {"said": "hello"})
    assert seen["tested"]["status"] == "SUCCEEDED"
    assert seen["hosts"] == ["pawl.test", "sync-pawl.test"]


def test_a_definition_is_validated(seen):
    assert seen["validated"] == "OK"


def test_refusals_are_the_exceptions_that_callers_catch(seen):
    names = ["StateMachineDoesNotExist", "InvalidExecutionInput", "TaskTimedOut", "ExecutionNotRedrivable"]
    assert [refusal["name"] for refusal in seen["refusals"]] == names
    assert all(refusal["isTyped"] and refusal["message"] and refusal["status"] == 400 for refusal in seen["refusals"])
