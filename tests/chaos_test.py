"""kill -9 of the real server under load of the real API, again and again, and a ledger on the clients' side of all that was
acknowledged: 10 kills always, 200 with script/test --chaos."""
import contextlib
import http.client
import json
import os
import random
import sqlite3
import threading
import time

import pytest
from harness import Server, ServiceError, eventually, execution_arn, machine_arn, run_pawl, short_directory

KILLS = 200 if os.environ.get("PAWL_CHAOS") == "1" else 10
MOMENTS = ("before_commit", "after_commit", "after_effects")

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}
FAN = {"StartAt": "Fan", "States": {"Fan": {
    "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "End": True,
    "ItemProcessor": {"StartAt": "Rest", "States": {
        "Rest": {"Type": "Wait", "Seconds": 1, "Next": "Mark"}, "Mark": {"Type": "Pass", "End": True}}}}}}
LONG = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100_000, "End": True}}}
FAILS = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Always"}}}


def asks(activity):
    """What was handed to a worker whose server died before he knew is handed out again."""
    return {"StartAt": "Ask", "States": {"Ask": {
        "Type": "Task", "Resource": activity, "TimeoutSeconds": 3, "End": True,
        "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 1000}]}}}


class Lost(Exception):
    """No answer: what was asked may have happened or not."""


class Client(threading.Thread):
    """Does one kind of work without pause, across the deaths of the server, and keeps its own ledger."""

    def __init__(self, server, stop):
        super().__init__()
        self.server, self.stop, self.failure, self.count = server, stop, None, 0

    def run(self):
        while not self.stop.is_set():
            try:
                self.work()
                self.count += 1
            except Lost:
                time.sleep(0.01)
            except Exception as failure:  # told by the main thread
                self.failure = failure
                return

    def call(self, operation, **members):
        try:
            return self.server.call(operation, **members)
        except ServiceError as error:
            if error.status < 500:
                raise
            raise Lost from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Lost from error

    def until_answered(self, operation, **members):
        while True:
            try:
                return self.call(operation, **members)
            except Lost:
                if self.stop.is_set():
                    raise
                time.sleep(0.01)


class Starter(Client):
    """Starts executions; their inputs and when they began, as it was told."""

    def __init__(self, server, stop, machine, prefix, value):
        super().__init__(server, stop)
        self.machine, self.prefix, self.value, self.started = machine, prefix, value, {}

    def begin(self, name):
        try:
            started = self.until_answered("StartExecution", stateMachineArn=machine_arn(self.machine), name=name,
                                          input=json.dumps(self.value(name)))
        except ServiceError as error:
            # It was started before the answer got lost, and has ended since.
            assert error.code == "ExecutionAlreadyExists", error
            started = self.until_answered("DescribeExecution", executionArn=execution_arn(self.machine, name))
        self.started[name] = started["startDate"]
        return started["executionArn"]

    def work(self):
        self.begin(f"{self.prefix}-{self.count}")

    def check(self):
        for name, began in self.started.items():
            execution = self.server.ended(execution_arn(self.machine, name))
            assert execution["startDate"] == began and json.loads(execution["input"]) == self.value(name)
            self.check_end(name, execution)

    def check_end(self, name, execution):
        assert execution["status"] == "SUCCEEDED", execution
        value = self.value(name)
        assert json.loads(execution["output"]) == value.get("items", value)


class Stopper(Starter):
    """Starts what would last for ever, and stops it."""

    def work(self):
        arn = self.begin(f"{self.prefix}-{self.count}")
        self.until_answered("StopExecution", executionArn=arn, error="Stopped", cause=arn)

    def check_end(self, name, execution):
        assert (execution["status"], execution["error"], execution["cause"]) == ("ABORTED", "Stopped", execution["executionArn"])


class Redriver(Starter):
    """Begins failed executions again; how often, at least and at most."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.redriven = {}

    def work(self):
        name = f"{self.prefix}-{self.count}"
        arn = self.begin(name)
        least = most = 0
        for _ in range(2):
            while self.until_answered("DescribeExecution", executionArn=arn)["status"] == "RUNNING":
                time.sleep(0.005)
            with contextlib.suppress(Lost):
                most += 1
                self.call("RedriveExecution", executionArn=arn)
                least += 1
        self.redriven[name] = (least, most)

    def check_end(self, name, execution):
        assert execution["status"] == "FAILED" and execution["error"] == "Always"
        least, most = self.redriven.get(name, (0, 2))
        assert least <= execution["redriveCount"] <= most


class Worker(Client):
    """Takes tasks of the activity and answers them; which answers were taken."""

    def __init__(self, server, stop, activity, number):
        super().__init__(server, stop)
        self.activity, self.number, self.taken, self.tried = activity, number, {}, {}

    def work(self):
        task = self.call("GetActivityTask", activityArn=self.activity, workerName=f"w{self.number}")
        if not task.get("taskToken"):
            return
        name = json.loads(task["input"])["name"]
        answer = f"{self.number}/{self.count}"
        self.tried.setdefault(name, set()).add(answer)
        try:
            self.until_answered("SendTaskSuccess", taskToken=task["taskToken"], output=json.dumps(answer))
        except ServiceError as error:
            # It came too late, or an answer of ours has been taken that nobody told us of.
            assert error.code in ("TaskTimedOut", "InvalidToken", "TaskDoesNotExist"), error
            return
        self.taken.setdefault(name, []).append(answer)


class Asker(Starter):
    def check_end(self, name, execution):
        assert execution["status"] == "SUCCEEDED", execution
        answer = json.loads(execution["output"])
        taken = [answer for worker in self.workers for answer in worker.taken.get(name, [])]
        # A second attempt after a time-out may be answered too, but then the first one was not taken.
        assert taken in ([], [answer]), (name, answer, taken)
        assert any(answer in worker.tried.get(name, ()) for worker in self.workers)


class Definer(Client):
    """Updates a machine; the last update that was acknowledged, and the one after it."""

    def __init__(self, server, stop):
        super().__init__(server, stop)
        self.acknowledged = 0

    def work(self):
        number = self.acknowledged + 1
        self.until_answered("UpdateStateMachine", stateMachineArn=machine_arn("changes"),
                            definition=json.dumps({**PASS, "Comment": str(number)}))
        self.acknowledged = number

    def check(self):
        definition = json.loads(self.server.call("DescribeStateMachine", stateMachineArn=machine_arn("changes"))["definition"])
        assert int(definition.get("Comment", 0)) in (self.acknowledged, self.acknowledged + 1)


def die(server, chance, number):
    """The server dies, each time in another way, and is started again."""
    time.sleep(chance.uniform(0.01, 0.4))
    if number % 10 == 9:
        assert server.terminate() == 0
    elif server.process.poll() is None:
        server.kill()
    if number % 3 == 1:
        # Exactly between the steps of a turn.
        with contextlib.suppress(AssertionError):  # it may die before it listens
            server.start({"PAWL_CRASH_AT": f"{chance.choice(MOMENTS)}:{chance.randrange(1, 60)}"})
        assert server.wait_dead() == -9
    server.start()


def clients_of(server, stop):
    activity = server.call("CreateActivity", name="hand")["activityArn"]
    for name, definition in (("pass", PASS), ("fan", FAN), ("long", LONG), ("fails", FAILS), ("asks", asks(activity)),
                             ("changes", PASS)):
        server.create(name, definition)
    def named(name):
        return {"name": name, "padding": "x" * 300}

    workers = [Worker(server, stop, activity, number) for number in range(3)]
    asker = Asker(server, stop, "asks", "a", named)
    asker.workers = workers
    starters = [Starter(server, stop, "pass", f"p{number}", named) for number in range(3)]
    fan = Starter(server, stop, "fan", "f", lambda name: {"items": [name, 1, 2]})
    return workers, [asker, *starters, fan, Stopper(server, stop, "long", "l", named),
                     Redriver(server, stop, "fails", "r", named), Definer(server, stop)]


def test_nothing_acknowledged_is_lost_or_doubled_by_any_number_of_kills():
    chance = random.Random(KILLS)
    with short_directory() as directory:
        server = Server(directory).start()
        stop, workers_stop = threading.Event(), threading.Event()
        workers, clients = clients_of(server, stop)
        for worker in workers:
            worker.stop = workers_stop
        try:
            for each in workers + clients:
                each.start()
            for number in range(KILLS):
                die(server, chance, number)
                failed = [each.failure for each in workers + clients if each.failure]
                assert not failed, failed
            # After the last death all of them still get on.
            counts = [client.count for client in clients]
            eventually(lambda: all(client.count > count for client, count in zip(clients, counts)), "every client gets on")
            stop.set()
            for client in clients:
                client.join()
            assert not [each.failure for each in workers + clients if each.failure]
            assert any(worker.taken for worker in workers)
            for client in clients:
                client.check()
            report = run_pawl("store", "check", directory / "data")
            assert report.returncode == 0, report.stdout
        finally:
            stop.set()
            workers_stop.set()
            server.kill()
            for each in workers + clients:
                if each.is_alive():
                    each.join()


def changed(server, *statements):
    with contextlib.closing(sqlite3.connect(server.directory / "data" / "pawl.db")) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


@pytest.fixture
def stopped():
    """A server that has been stopped, with one execution that has ended and one that is open."""
    with short_directory() as directory:
        server = Server(directory).start()
        server.create("pass", PASS)
        server.create("long", LONG)
        server.ended(server.start_execution("pass", {"n": 1}, "ended"))
        server.start_execution("long", {"n": 2}, "open")
        assert server.terminate() == 0
        yield server
        if server.process.poll() is None:
            server.kill()


def test_a_store_of_a_newer_version_is_refused_by_its_format(stopped):
    changed(stopped, "PRAGMA user_version = 99")
    with pytest.raises(AssertionError, match="has format 99, this program knows"):
        stopped.start()
    assert "has format 99" in run_pawl("store", "check", stopped.directory / "data").stderr


def test_a_store_of_an_older_version_is_opened_with_all_that_is_in_it(stopped):
    # What formats 5 to 3 have made of format 2, taken back.
    summed = ("facts", "machines", "versions", "aliases", "activities", "tags", "executions", "inputs", "results")
    changed(stopped, "DELETE FROM facts WHERE name LIKE 'unchecked%'", *(f"ALTER TABLE {table} DROP COLUMN checksum" for table in summed),
            "ALTER TABLE executions DROP COLUMN head_checksum",
            "DROP TABLE documents", "DROP TABLE job_changes", "ALTER TABLE texts RENAME TO definitions",
            "ALTER TABLE inputs DROP COLUMN large", "ALTER TABLE results DROP COLUMN large", "PRAGMA user_version = 2")
    old = stopped.directory / "old"
    assert run_pawl("store", "backup", old, "--data", stopped.directory / "data").returncode == 0
    stopped.start()
    assert stopped.call("DescribeExecution", executionArn=execution_arn("pass", "ended"))["output"] == '{"n":1}'
    assert stopped.call("DescribeExecution", executionArn=execution_arn("long", "open"))["status"] == "RUNNING"
    assert stopped.terminate() == 0
    # Back to before it was brought up to date.
    data = stopped.directory / "data"
    assert run_pawl("store", "restore", old, "--into", data, "--replace").returncode == 0
    assert json.loads(run_pawl("store", "check", data, "--json").stdout)["format"] == 2
