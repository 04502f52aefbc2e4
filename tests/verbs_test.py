"""Verbs in front of a server that has nothing to restore: what they say beside the data."""
import json

import pytest
from harness import execution_arn, running_server

WAITS = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100_000, "End": True}}}
PASSES = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        running.create("waits", WAITS)
        running.create("passes", PASSES)
        assert running.pawl("queue", "create", "q", "--vcpus", "1").returncode == 0
        yield running


@pytest.mark.parametrize("noun", ["execution", "batch"])
def test_a_list_that_is_cut_says_so(server, noun):
    def start(count):
        for _ in range(count):
            words = ["execution", "start", "passes"] if noun == "execution" else ["batch", "submit", "j", "--", "true"]
            assert server.pawl(*words).returncode == 0

    def listed(*words):
        shown = server.pawl(noun, "list", *words)
        assert shown.returncode == 0, shown.stderr
        return shown

    start(3)
    for words in (["--limit", "2"], ["--limit", "2", "--json"], ["--limit", "2", "-o", "name"]):
        assert listed(*words).stderr == "2 shown, and there are more: --limit N shows N\n"
    assert len(json.loads(listed("--limit", "2", "--json").stdout)) == 2
    assert listed("--limit", "2", "--quiet").stderr == ""
    for words in ([], ["--limit", "3"]):
        shown = listed("--json", *words)
        assert len(json.loads(shown.stdout)) == 3 and shown.stderr == ""


def test_a_list_is_cut_at_a_hundred_of_all_machines_together(server):
    before = len(json.loads(server.pawl("execution", "list", "--json").stdout))
    for _ in range(101 - before):
        server.start_execution("passes")
    shown = server.pawl("execution", "list", "--json")
    assert len(json.loads(shown.stdout)) == 100
    assert shown.stderr == "100 shown, and there are more: --limit N shows N\n"


def test_a_time_that_has_passed_is_json_where_json_is_asked_for(server):
    def told(*words):
        left = server.pawl(*words, "--json", "--timeout", "0s")
        assert left.returncode == 124 and left.stdout == "", left
        error = json.loads(left.stderr.splitlines()[-1])["error"]
        assert error["code"] == "timed_out" and "the time has passed" in error["message"]
        return error["hint"]

    assert f"`pawl execution watch {execution_arn('waits', 'left')}`" in told(
        "execution", "start", "waits", "--name", "left", "--wait")
    assert "`pawl execution watch " in told("execution", "watch", "waits/left")
    job = json.loads(server.pawl("batch", "submit", "long", "--json", "--", "sleep", "600").stdout)["jobId"]
    assert f"`pawl batch watch {job}`" in told("batch", "watch", job)
    server.pawl("batch", "terminate", job)
    plain = server.pawl("execution", "watch", "waits/left", "--timeout", "0s")
    assert plain.returncode == 124 and plain.stderr.endswith(
        "pawl: the time has passed; the execution goes on. To watch again:\n"
        f"  pawl execution watch {execution_arn('waits', 'left')}\n")


def test_a_name_is_started_again_as_the_help_says(server):
    told = " ".join(server.pawl("execution", "start", "--help").stdout.split())
    assert "the same execution while that runs, and a conflict once it has ended" in told and "harmless" not in told
    running = [server.pawl("execution", "start", "waits", "--name", "twice", "--input", "[1]") for _ in range(2)]
    assert [again.returncode for again in running] == [0, 0] and running[0].stdout == running[1].stdout
    assert server.pawl("execution", "start", "waits", "--name", "twice", "--input", "[2]").returncode == 5
    ended = [server.pawl("execution", "start", "passes", "--name", "twice", "--wait") for _ in range(2)]
    assert [again.returncode for again in ended] == [0, 5]
