"""`pawl store check|backup|restore` beside a real server under load, on damaged files, on a full disk, and killed half-way."""
import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time

import pytest
from harness import PROGRAM, Server, eventually, execution_arn, run_pawl, short_directory, small_disk

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


@pytest.fixture
def place():
    with short_directory() as directory:
        yield directory


@contextlib.contextmanager
def serving(directory):
    directory.mkdir(exist_ok=True)
    server = Server(directory).start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


@contextlib.contextmanager
def load(server, machine):
    """Starts executions without pause; the names of those that were acknowledged."""
    acknowledged, failures, stop = [], [], threading.Event()

    def start_many(worker):
        number = 0
        while not stop.is_set():
            name = f"w{worker}-{number}"
            try:
                server.start_execution(machine, {"name": name, "padding": "x" * 2000}, name)
            except Exception as error:  # told by the main thread
                failures.append(error)
                return
            acknowledged.append(name)
            number += 1

    workers = [threading.Thread(target=start_many, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    try:
        eventually(lambda: len(acknowledged) > 100 or failures, "100 starts are acknowledged")
        yield acknowledged
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert not failures


def done(result, code=0):
    assert result.returncode == code, result.stdout + result.stderr
    return result


def told(*arguments, code=0):
    return json.loads(done(run_pawl(*arguments, "--json"), code).stdout)


def names_below(directory):
    return sorted(path.name for path in directory.iterdir())


def waiting_for_an_activity(server):
    """An execution that is open until somebody answers; its ARN and its activity's."""
    activity = server.call("CreateActivity", name="hand")["activityArn"]
    server.create("asks", {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": True}}})
    return server.start_execution("asks", name="open"), activity


def test_a_backup_under_load_has_all_that_was_acknowledged_before_it(place):
    backup = place / "backup"
    with serving(place / "one") as server:
        server.create("load", PASS)
        arn, activity = waiting_for_an_activity(server)
        with load(server, "load") as acknowledged:
            for number in range(3):
                before = list(acknowledged)
                report = told("store", "backup", f"{backup}{number}", "--data", server.directory / "data")
                assert report["sound"] and report["executions"] > len(before)
                assert told("store", "check", server.directory / "data")["sound"]
            # The server has gone on, and does so after it.
            eventually(lambda count=len(acknowledged): len(acknowledged) > count + 20, "starts go on")
        assert server.call("DescribeExecution", executionArn=arn)["status"] == "RUNNING"
    done(run_pawl("store", "restore", f"{backup}2", "--into", place / "two" / "data"))
    with serving(place / "two") as restored:
        for name in before:
            assert json.loads(restored.ended(execution_arn("load", name))["output"])["name"] == name
        task = restored.call("GetActivityTask", activityArn=activity)
        restored.call("SendTaskSuccess", taskToken=task["taskToken"], output='"answered"')
        assert json.loads(restored.ended(arn)["output"]) == "answered"


def stopped_store(place, executions=40):
    with serving(place / "one") as server:
        server.create("load", PASS)
        for number in range(executions):
            server.ended(server.start_execution("load", {"padding": "x" * 20_000, "number": number}, f"n{number}"))
        assert server.terminate() == 0
    return server.directory / "data"


def test_a_backup_works_without_a_server_and_keeps_its_file_private(place):
    data = stopped_store(place)
    backup = place / "backup"
    report = told("store", "backup", backup, "--data", data)
    assert report["executions"] == 40 and report["sha256"] in backup.read_bytes()[-120:].decode(errors="replace")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "exists already" in done(run_pawl("store", "backup", backup, "--data", data), 5).stderr
    assert told("store", "check", backup)["kind"] == "backup"
    assert report["functions_left_out"] == 0


def test_a_backup_says_that_functions_are_not_in_it(place):
    with serving(place / "one") as server:
        server.pawl("function", "create", "cat", "--command", "/bin/cat")
        data = server.directory / "data"
        assert f"not in it: 1 function; copy {data}/functions too" in done(run_pawl("store", "backup", place / "a", "--data", data), 0).stderr
        assert told("store", "backup", place / "b", "--data", data)["functions_left_out"] == 1


def test_every_changed_byte_of_a_backup_is_found(place):
    backup, damaged = place / "backup", place / "damaged"
    done(run_pawl("store", "backup", backup, "--data", stopped_store(place, 10)))
    whole, chance = backup.read_bytes(), random.Random(7)
    for _ in range(40):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        damaged.write_bytes(changed)
        checked = run_pawl("store", "check", damaged)
        assert checked.returncode in (1, 2) and "--replace" not in checked.stdout + checked.stderr, checked
        refused = run_pawl("store", "restore", damaged, "--into", place / "new")
        assert refused.returncode in (1, 2) and refused.stderr.startswith("pawl: "), refused
    assert not (place / "new" / "pawl.db").exists()


def test_damage_of_a_store_is_told_by_place_also_while_it_is_served(place):
    with serving(place / "one") as server:
        server.create("load", PASS)
        server.ended(server.start_execution("load", name="n"))
        data = server.directory / "data"
        with contextlib.closing(sqlite3.connect(data / "pawl.db")) as file:
            file.execute("UPDATE journal SET bytes = CAST(x'00' || bytes AS BLOB) WHERE position = 1")
            file.commit()
        result = done(run_pawl("store", "check", data), 1)
        assert "the journal's row 1 is damaged" in result.stdout and "pawl store restore" in result.stdout
        [finding] = told("store", "check", data, code=1)["findings"]
        assert finding["place"] == "the journal's row 1" and finding["hint"]
        refused = done(run_pawl("store", "backup", place / "backup", "--data", data), 1)
        assert "row 1" in refused.stderr and names_below(place) == ["one"]


def test_a_restore_wants_to_be_told_where(place, monkeypatch):
    for variable in ("PAWL_DATA", "PAWL_CONFIG"):
        monkeypatch.delenv(variable, raising=False)
    done(run_pawl("store", "backup", place / "backup", "--data", stopped_store(place, 1)))
    assert "--into" in done(run_pawl("store", "restore", place / "backup"), 2).stderr


def test_a_restore_leaves_a_store_that_is_used_or_only_there_alone(place):
    data = stopped_store(place, 2)
    backup = place / "backup"
    done(run_pawl("store", "backup", backup, "--data", data))
    with serving(place / "one") as server:
        server.start_execution("load", name="later")
        refused = done(run_pawl("store", "restore", backup, "--into", data, "--replace"), 5)
        assert f"in use by process {server.process.pid}" in refused.stderr
        assert "hint: Stop that server, or restore into another directory: --into DIRECTORY." in refused.stderr
        assert server.terminate() == 0
    assert "--replace" in done(run_pawl("store", "restore", backup, "--into", data), 5).stderr
    kept = told("store", "restore", backup, "--into", data, "--replace")["kept"]
    assert told("store", "check", data)["executions"] == 2
    # What was there is a whole store under another name.
    (place / "old").mkdir()
    shutil.move(kept, place / "old" / "pawl.db")
    done(run_pawl("store", "backup", place / "of-old", "--data", place / "old"))
    assert told("store", "check", place / "of-old")["executions"] == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="missing: root, to mount a small file system")
def test_a_full_disk_leaves_no_backup_and_no_store(place):
    data = stopped_store(place)
    backup = place / "backup"
    done(run_pawl("store", "backup", backup, "--data", data))
    with small_disk("400k") as small:
        result = done(run_pawl("store", "backup", small / "backup", "--data", data), 5)
        assert "full" in result.stderr or "No space" in result.stderr
        assert "hint: Free space" in result.stderr
        assert names_below(small) == []
        result = done(run_pawl("store", "restore", backup, "--into", small / "data"), 5)
        assert "No space" in result.stderr
        assert names_below(small / "data") == ["pawl.db.lock"]
    done(run_pawl("store", "check", data))


def run_and_kill(chance, longest_s, *arguments):
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, longest_s))
    process.kill()
    process.wait()


def duration_of(*arguments):
    begin = time.monotonic()
    done(run_pawl(*arguments))
    return time.monotonic() - begin


def test_a_killed_backup_is_whole_or_not_there(place):
    data = stopped_store(place, 100)
    longest = duration_of("store", "backup", place / "first", "--data", data)
    chance = random.Random(7)
    for number in range(20):
        backup = place / f"b{number % 4}"
        run_and_kill(chance, longest, "store", "backup", backup, "--data", data)
        if backup.exists():
            done(run_pawl("store", "check", backup))
            backup.unlink()
    for number in range(4):
        done(run_pawl("store", "backup", place / f"b{number}", "--data", data))
    assert not list(place.glob("*.part"))


def test_a_killed_restore_is_the_old_store_or_the_new_one(place):
    data = stopped_store(place, 100)
    new, old, chance, seen = place / "new", place / "old", random.Random(7), set()
    done(run_pawl("store", "backup", new, "--data", data))
    with serving(place / "one") as server:
        server.start_execution("load", name="only-in-the-old-one")
        server.kill()  # so that it lies in the log
    shutil.copytree(data, old)
    longest = duration_of("store", "restore", new, "--into", data, "--replace")
    for _ in range(20):
        shutil.rmtree(data)
        shutil.copytree(old, data)
        run_and_kill(chance, longest, "store", "restore", new, "--into", data, "--replace")
        with serving(place / "one") as server:
            server.kill()
        report = told("store", "check", data)
        seen.add(report["executions"])
        # The old store with its log, or the new one.
        assert report["executions"] in (100, 101)
        if report["executions"] == 100:
            [kept] = data.glob("pawl.db.replaced-*Z")
            assert told("store", "check", kept)["executions"] == 101
    assert seen
