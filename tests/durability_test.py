"""kill -9 of the server at any moment loses nothing that was acknowledged."""
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest
from harness import ServiceError, Server, eventually, machine_arn, run_pawl, short_directory, small_disk

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
STEPS = {
    "StartAt": "Fan",
    "States": {
        "Fan": {
            "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "Next": "Rest",
            "ItemProcessor": {"StartAt": "Short", "States": {
                "Short": {"Type": "Wait", "Seconds": 1, "Next": "Mark"},
                "Mark": {"Type": "Pass", "End": True}}},
        },
        "Rest": {"Type": "Pass", "End": True},
    },
}


@pytest.fixture
def server():
    with short_directory() as directory:
        one = Server(directory).start()
        yield one
        if one.process.poll() is None:
            one.kill()


def test_acknowledged_starts_survive_a_kill_under_load(server):
    server.create("load", PASS)
    acknowledged, stop = [], threading.Event()

    def start_many(worker):
        number = 0
        while not stop.is_set():
            name = f"w{worker}-{number}"
            try:
                server.start_execution("load", {"name": name}, name)
            except (ServiceError, OSError):
                return
            acknowledged.append(name)
            number += 1

    workers = [threading.Thread(target=start_many, args=(worker,)) for worker in range(8)]
    for worker in workers:
        worker.start()
    eventually(lambda: len(acknowledged) > 200, "200 starts are acknowledged")
    server.kill()
    stop.set()
    for worker in workers:
        worker.join()
    server.start()
    for name in acknowledged:
        arn = f"arn:aws:states:us-east-1:000000000000:execution:load:{name}"
        assert json.loads(server.ended(arn)["output"]) == {"name": name}


def test_an_execution_goes_on_after_each_of_many_kills(server):
    server.create("steps", STEPS)
    value = {"items": [1, 2, 3, 4, 5, 6]}
    arn = server.start_execution("steps", value)
    generator = random.Random(7)
    seen = []
    for _ in range(6):
        time.sleep(generator.random())
        before = server.events(arn)
        server.kill()
        server.start()
        after = server.events(arn)
        # What was told once is not told differently later.
        assert after[: len(before)] == before
        seen = after
    execution = server.ended(arn)
    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"]) == value["items"]
    assert server.events(arn)[: len(seen)] == seen


def test_a_large_value_is_stored_once_however_many_have_it(server):
    child = server.create("child", PASS)
    server.create("parent", {"StartAt": "Fan", "States": {"Fan": {
        "Type": "Map", "ItemsPath": "$.items", "ItemSelector": {"data.$": "$.data"}, "ResultPath": "$.same", "End": True,
        "ItemProcessor": {"StartAt": "Child", "States": {"Child": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True,
            "Parameters": {"StateMachineArn": child, "Input.$": "$.data"}, "OutputPath": "$.Output"}}}}}})
    value = {"items": list(range(10)), "data": {"rows": [{"number": n, "name": f"row of number {n}"} for n in range(20_000)]}}
    arns = [server.start_execution("parent", value, f"n{number}") for number in range(3)]
    server.kill()
    server.start()
    for arn in arns:
        assert json.loads(server.ended(arn)["output"]) == {**value, "same": [value["data"]] * 10}
    before = [server.events(arn) for arn in arns]
    assert server.terminate() == 0
    once = len(json.dumps(value, separators=(",", ":")))
    # The input of the parents; of their children, whole and in the records; and what the parents end with.
    assert (server.directory / "data" / "pawl.db").stat().st_size < (1 + 2 + 11) * once + 1_000_000
    server.start()
    assert [server.events(arn) for arn in arns] == before


def test_damaged_data_of_an_execution_are_told_with_its_name_and_logged(server):
    server.create("fails", {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}})
    arn = server.start_execution("fails", name="one")
    server.ended(arn)
    with contextlib.closing(sqlite3.connect(server.directory / "data" / "pawl.db")) as data:
        [(row, journal)] = data.execute("SELECT position, bytes FROM journal ORDER BY position LIMIT 1")
        data.execute("UPDATE journal SET bytes = ? WHERE position = ?", (bytes([journal[0] ^ 1]) + journal[1:], row))
        data.commit()
    with pytest.raises(ServiceError, match=f"{arn}.*damaged; hint: Restore") as refused:
        server.call("DescribeExecution", executionArn=arn)
    assert refused.value.status == 500
    assert "operation=DescribeExecution" in server.log.read_text()


def damage(server, change):
    with contextlib.closing(sqlite3.connect(server.directory / "data" / "pawl.db")) as data:
        data.execute(change)
        data.commit()


@pytest.mark.parametrize("change, of", [
    ("UPDATE inputs SET input = '{\"n\":2}'", "the input of execution {arn}"),
    ("UPDATE results SET output = '{\"n\":2}'", "the result of execution {arn}"),
    ("UPDATE executions SET started = started + 1", "execution {arn}"),
])
def test_a_changed_byte_of_an_execution_is_not_served_as_truth_and_others_are(server, change, of):
    server.create("pass", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    arn, other = (server.start_execution("pass", {"n": 1}, name) for name in ("one", "other"))
    for each in (arn, other):
        server.ended(each)
    damage(server, f"{change} WHERE {'id' if 'executions' in change else 'execution'} = 1")
    for operation in ("DescribeExecution", "GetExecutionHistory", "RedriveExecution"):
        with pytest.raises(ServiceError, match=f"the stored data of {arn}.*is not what its checksum is of; hint: Restore") as refused:
            server.call(operation, executionArn=arn)
        assert refused.value.status == 500
    assert server.call("DescribeExecution", executionArn=other)["output"] == '{"n":1}'
    listed = server.call("ListExecutions", stateMachineArn=machine_arn("pass"))
    if "inputs" in change or "results" in change:  # of which a list of successes shows nothing
        assert len(listed["executions"]) == 2 and "damaged" not in listed
    else:
        assert [each["name"] for each in listed["executions"]] == ["other"]
        assert [each["executionArn"] for each in listed["damaged"]] == [arn]
        shown = server.pawl("execution", "list", "--json")
        assert [each["name"] for each in json.loads(shown.stdout)] == ["other"]
        assert f"not shown, because they are damaged: {arn}" in shown.stderr
    assert server.ended(server.start_execution("pass", {"n": 3}, "later"))["status"] == "SUCCEEDED"
    checked = run_pawl("store", "check", server.directory / "data")
    assert checked.returncode == 1 and f"{of.format(arn=arn)} is damaged" in checked.stdout


def test_an_execution_that_is_damaged_does_not_go_on_and_the_others_do(server):
    activity = server.call("CreateActivity", name="work")["activityArn"]
    server.create("works", {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": True}}})
    arns = [server.start_execution("works", {"n": number}, f"n{number}") for number in range(3)]
    tasks = [server.call("GetActivityTask", activityArn=activity) for _ in arns]
    tokens = {json.loads(task["input"])["n"]: task["taskToken"] for task in tasks}
    server.kill()
    damage(server, "UPDATE inputs SET input = '{\"n\":7}' WHERE execution = 2")
    server.start()
    assert f"an execution is damaged and does not go on; the others do\" execution={arns[1]}" in server.log.read_text()
    # Whoever does its task is not told that he is late: he may come again when a backup is back.
    for operation, members in (("DescribeExecution", {"executionArn": arns[1]}), ("StopExecution", {"executionArn": arns[1]}),
                               ("SendTaskSuccess", {"taskToken": tokens[1], "output": "1"})):
        with pytest.raises(ServiceError, match=f"the stored data of {arns[1]}.*its input") as refused:
            server.call(operation, **members)
        assert refused.value.status == 500
    for at in (0, 2):
        server.call("SendTaskSuccess", taskToken=tokens[at], output="1")
        assert server.ended(arns[at])["status"] == "SUCCEEDED"
    assert server.terminate() == 0
    damage(server, "UPDATE inputs SET input = '{\"n\": 1}' WHERE execution = 2")
    server.start()
    server.call("SendTaskSuccess", taskToken=tokens[1], output="1")
    assert server.ended(arns[1])["status"] == "SUCCEEDED"


def test_a_damaged_machine_is_not_said_to_be_missing(server):
    server.create("pass", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:pass"
    damage(server, "UPDATE machines SET role_arn = 'other' WHERE name = 'pass'")
    for operation in ("DescribeStateMachine", "ListExecutions"):
        with pytest.raises(ServiceError, match=f"machine {arn} is damaged"):
            server.call(operation, stateMachineArn=arn)
    # One of Pawl's own is no reason not to start either.
    damage(server, "UPDATE machines SET role_arn = 'other' WHERE name = 'restore'")
    server.terminate()
    server.start()
    log = server.log.read_text()
    assert f'msg="a row is damaged; all else goes on" row="machine {arn}"' in log
    assert 'msg="a pipeline is damaged; all else goes on" machine=restore' in log
    assert server.ended(server.start_execution(server.create("other", PASS).split(":")[-1]))["status"] == "SUCCEEDED"


@pytest.mark.parametrize("moment", ["before_commit", "after_commit", "after_effects"])
def test_dying_inside_the_loop_is_harmless(server, moment):
    server.create("inside", PASS)
    server.terminate()
    server.start({"PAWL_CRASH_AT": f"{moment}:3"})
    acknowledged = []
    for number in range(20):
        try:
            server.start_execution("inside", {}, f"n{number}")
            acknowledged.append(f"n{number}")
        except (ServiceError, OSError):
            break
    assert server.wait_dead() == -9
    server.start()
    for name in acknowledged:
        arn = f"arn:aws:states:us-east-1:000000000000:execution:inside:{name}"
        assert server.ended(arn)["status"] == "SUCCEEDED"
    # A start that was not answered may be repeated under its name.
    retried = server.start_execution("inside", {}, f"n{len(acknowledged) + 1}")
    assert server.ended(retried)["status"] == "SUCCEEDED"


def test_term_drains_and_ends_well(server):
    server.create("drain", PASS)
    server.start_execution("drain")
    assert server.terminate() == 0
    # The file alone is a whole copy of what a stopped server knew.
    assert not (server.directory / "data" / "pawl.db-wal").exists()
    server.start()


def test_a_server_whose_store_has_failed_says_so_now_and_then_and_at_its_end(server):
    server.create("late", PASS)
    began = time.monotonic()
    (server.directory / "data" / "pawl.db").unlink()
    for number in range(50):
        with pytest.raises(ServiceError) as refused:
            server.start_execution("late", {}, f"n{number}")
        assert "removed" in refused.value.message
    assert "until the server is started again" in refused.value.message
    assert server.terminate() == 1
    log = server.log.read_text().splitlines()
    minutes = int((time.monotonic() - began) / 60)
    # Those of the commit that failed, and of the rest one a minute.
    assert 2 <= sum("operation=StartExecution" in line for line in log) <= 2 + minutes
    assert "had taken on nothing since the store failed" in log[-1] and "removed" in log[-1]


def test_a_second_server_on_the_same_data_is_refused(server):
    second = Server(server.directory)
    with pytest.raises(AssertionError, match="did not start"):
        second.start()
    assert server.call("ListStateMachines")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_to_probes_and_loses_nothing_acknowledged():
    with small_disk("4m") as directory:
        server = Server(directory).start()
        try:
            server.create("waits", {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3000, "End": True}}})
            assert urllib.request.urlopen(f"{server.url}/readyz").status == 200
            started = []
            with pytest.raises(ServiceError, match="full"):
                while True:
                    started.append(server.start_execution("waits", {"padding": "x" * 20_000}))
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{server.url}/readyz")
            assert refused.value.code == 503
            told = json.loads(refused.value.read())
            assert told["status"] == "stopped" and "full" in told["reason"], told
            server.terminate()
            subprocess.run(["mount", "-o", "remount,size=40m", directory], check=True)
            server.start()
            for arn in started:
                assert server.call("DescribeExecution", executionArn=arn)["status"] == "RUNNING"
        finally:
            server.kill()
