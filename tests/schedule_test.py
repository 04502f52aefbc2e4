"""Schedules: the real `aws scheduler`, `pawl schedule`, and what is missed, caught up and never run twice when the
server is killed around a due time."""
import datetime
import json
import pathlib
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from harness import (Server, ServiceError, eventually, machine_arn, python_sdk_folder, running_server, send,
                     short_directory)

PASSES = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
ROLE = "arn:aws:iam::000000000000:role/scheduler"
OFF = '{"Mode": "OFF"}'
FAR = "cron(0 2 ? * SUN 2100)"


@pytest.fixture(scope="module")
def server():
    with running_server() as one:
        one.create("m", PASSES)
        yield one


@pytest.fixture
def own_server():
    with running_server() as one:
        one.create("m", PASSES)
        yield one


def target(machine="m", **members):
    return {"Arn": machine_arn(machine), "RoleArn": ROLE, **members}


def create(server, name, expression=FAR, *words, **members):
    return server.aws("scheduler", "create-schedule", "--name", name, "--schedule-expression", expression,
                      "--flexible-time-window", OFF, "--target", json.dumps(target(**members)), *words)


def refused(server, *words):
    done = server.aws("scheduler", *words, check=False)
    assert done.returncode != 0, done.stdout
    return done.stderr


def pawl(server, *words):
    done = server.pawl("schedule", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def runs(server, name):
    return list(reversed(pawl(server, "show", name)["Runs"]))


def executions(server, machine="m"):
    page = server.call("ListExecutions", stateMachineArn=machine_arn(machine))
    return [execution["name"] for execution in page["executions"]]


def go_down_over_a_due_time(server, policy):
    """A schedule that becomes due once, while the server is down. On a slow machine it takes some attempts."""
    for delay in (2, 10, 40, 120):
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        due = now + datetime.timedelta(seconds=delay)
        name = f"soon-{delay}"
        pawl(server, "create", name, "--at", f"{due:%Y-%m-%dT%H:%M:%S}", "--machine", "m", "--catch-up", policy)
        server.kill()
        if time.time() < due.timestamp():
            time.sleep(due.timestamp() - time.time() + 0.1)
            server.start()
            return name
        server.start()
        pawl(server, "delete", name, "--yes")
    raise AssertionError("nothing is done within two minutes")


def test_the_aws_command_line_creates_shows_changes_and_deletes_a_schedule(server):
    made = create(server, "weekly", "cron(0 2 ? * SUN *)", "--schedule-expression-timezone", "Europe/Zurich",
                  "--description", "every Sunday", "--state", "DISABLED",
                  "--start-date", "2026-01-01T00:00:00Z", "--end-date", "2199-01-01T00:00:00Z",
                  Input='{"a": 1}', RetryPolicy={"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 3})
    arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/weekly"
    assert made == {"ScheduleArn": arn}
    shown = server.aws("scheduler", "get-schedule", "--name", "weekly")
    assert (shown["Arn"], shown["GroupName"], shown["State"]) == (arn, "default", "DISABLED")
    assert shown["ScheduleExpression"] == "cron(0 2 ? * SUN *)"
    assert shown["ScheduleExpressionTimezone"] == "Europe/Zurich"
    assert shown["FlexibleTimeWindow"] == {"Mode": "OFF"} and shown["Description"] == "every Sunday"
    assert shown["StartDate"].startswith("2026-01-01") and shown["EndDate"].startswith("2199-01-01")
    assert shown["Target"] == target(
        Input='{"a": 1}', RetryPolicy={"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 3})

    server.aws("scheduler", "update-schedule", "--name", "weekly", "--schedule-expression", "rate(2 days)",
               "--state", "DISABLED", "--target", json.dumps(target()),
               "--flexible-time-window", '{"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}')
    shown = server.aws("scheduler", "get-schedule", "--name", "weekly")
    assert shown["ScheduleExpression"] == "rate(2 days)" and "Description" not in shown
    assert shown["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}

    listed = server.aws("scheduler", "list-schedules", "--name-prefix", "week", "--state", "DISABLED")["Schedules"]
    assert [(row["Name"], row["Target"]) for row in listed] == [("weekly", {"Arn": machine_arn("m")})]
    server.aws("scheduler", "delete-schedule", "--name", "weekly")
    assert "ResourceNotFoundException" in refused(server, "get-schedule", "--name", "weekly")


def test_schedules_are_listed_page_by_page(server):
    for name in ("page-a", "page-b", "page-c"):
        create(server, name)
    listed = server.aws("scheduler", "list-schedules", "--name-prefix", "page-", "--page-size", "1")["Schedules"]
    assert [row["Name"] for row in listed] == ["page-a", "page-b", "page-c"]


def test_the_service_refuses_by_its_own_names(server):
    create(server, "taken")
    words = ["create-schedule", "--flexible-time-window", OFF, "--schedule-expression", FAR]
    good = ["--target", json.dumps(target())]
    assert "ConflictException" in refused(server, *words, *good, "--name", "taken")
    assert "ResourceNotFoundException" in refused(server, *words, *good, "--name", "x", "--group-name", "others")
    assert "ValidationException" in refused(server, *words, *good, "--name", "no spaces")
    assert "Mars/Olympus" in refused(server, *words, *good, "--name", "x", "--schedule-expression-timezone",
                                     "Mars/Olympus")
    queue = json.dumps({"Arn": "arn:aws:sqs:us-east-1:000000000000:queue", "RoleArn": ROLE})
    assert "the target arn:aws:sqs" in refused(server, *words, "--name", "x", "--target", queue)
    wrong = ["create-schedule", "--name", "x", "--flexible-time-window", OFF, *good, "--schedule-expression"]
    told = refused(server, *wrong, "cron(61 * ? * * *)")
    assert "ValidationException" in told and "the minutes 61" in told
    told = refused(server, *words, *good, "--name", "x", "--schedule-expression-timezone", "Europe")
    assert "ValidationException" in told and "no time zone is called Europe" in told
    assert "ResourceNotFoundException" in refused(server, "delete-schedule", "--name", "nobody")
    assert "not offered" in refused(server, "create-schedule-group", "--name", "others")
    groups = server.aws("scheduler", "list-schedule-groups")["ScheduleGroups"]
    assert [group["Name"] for group in groups] == ["default"]
    assert server.aws("scheduler", "get-schedule-group", "--name", "default")["State"] == "ACTIVE"


@pytest.mark.parametrize("members", [{"StartDate": 1e300}, {"EndDate": 1e300}, {"StartDate": -1}])
def test_a_date_that_nobody_can_write_is_refused(server, members):
    """The clients' own checks let none of them through."""
    body = {"ScheduleExpression": FAR, "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target(), **members}
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/schedules/x", json.dumps(body).encode(), method="POST"))
    assert told.value.headers["x-amzn-ErrorType"] == "ValidationException"
    assert b"Member must have value" in told.value.read()


@pytest.mark.skipif(not python_sdk_folder(), reason="missing: the AWS SDK for Python (script/bootstrap)")
def test_the_current_sdk_for_python_speaks_to_it(server):
    script = f"""
import boto3, json
client = boto3.client("scheduler", endpoint_url={server.url!r}, region_name="us-east-1",
                      aws_access_key_id="test", aws_secret_access_key="test")
client.create_schedule(Name="sdk", ScheduleExpression={FAR!r}, FlexibleTimeWindow={{"Mode": "OFF"}},
                       Target={target()!r}, ActionAfterCompletion="DELETE")
shown = client.get_schedule(Name="sdk")
assert shown["ActionAfterCompletion"] == "DELETE" and shown["CreationDate"].year >= 2026
try:
    client.get_schedule(Name="nobody")
except client.exceptions.ResourceNotFoundException as error:
    assert "nobody" in error.response["Error"]["Message"] or "nobody" in error.response["Message"]
else:
    raise AssertionError("it is not there")
client.delete_schedule(Name="sdk")
"""
    python = str(pathlib.Path(python_sdk_folder()).parents[2] / "bin" / "python")
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_only_who_has_signed_may_change_schedules():
    with short_directory() as directory:
        keys = directory / "keys.toml"
        keys.write_text('[alice]\naccess_key_id = "test"\nsecret_access_key = "test"\n')
        keys.chmod(0o600)
        (directory / "pawl.toml").write_text('[credentials]\nfile = "keys.toml"\n')
        server = Server(directory, directory / "pawl.toml").start()
        try:
            create(server, "signed.by_her")
            listed = server.aws("scheduler", "list-schedules", "--name-prefix", "signed.", "--group-name", "default")
            assert [row["Name"] for row in listed["Schedules"]] == ["signed.by_her"]
            with pytest.raises(ServiceError) as stranger:
                send(urllib.request.Request(f"{server.url}/schedules/signed.by_her", method="DELETE"), 60)
            assert stranger.value.status == 403
            server.aws("scheduler", "delete-schedule", "--name", "signed.by_her")
        finally:
            server.kill()


def test_a_schedule_runs_when_it_is_due_with_the_attributes_of_its_context(server):
    create(server, "daily", "rate(1 day)", Input='{"at": "<aws.scheduler.scheduled-time>"}')
    run = eventually(lambda: runs(server, "daily"), "it runs")[0]
    assert run["Outcome"] == "STARTED" and run["Trigger"] == "SCHEDULE"
    started = server.ended(run["ExecutionArn"])
    due = run["Due"].replace(".000Z", "Z")
    assert json.loads(started["input"]) == {"at": due}
    assert started["name"].startswith(f"daily-{due.replace('-', '').replace(':', '')}-")


def test_the_command_line_runs_disables_and_enables_a_schedule(server):
    pawl(server, "create", "nightly", "--cron", "0 2 * * ? 2100", "--machine", "m", "--input", '{"a": 1}',
         "--timezone", "Europe/Zurich", "--catch-up", "all")
    shown = pawl(server, "show", "nightly")
    assert shown["CatchUp"] == "ALL" and shown["NextDue"][0] == "2100-01-01T01:00:00.000Z"
    assert len(shown["NextDue"]) == 5 and shown["Runs"] == []
    run = pawl(server, "run", "nightly")
    assert run["Outcome"] == "STARTED" and run["Trigger"] == "BY_HAND"
    assert json.loads(server.ended(run["ExecutionArn"])["input"]) == {"a": 1}
    pawl(server, "disable", "nightly")
    assert {row["Name"]: row["State"] for row in pawl(server, "list")}["nightly"] == "DISABLED"
    people = server.pawl("schedule", "show", "nightly").stdout
    assert "would run   2100-01-01" in people and "by hand" in people
    pawl(server, "enable", "nightly")
    # A client of the service that changes the schedule does not know of catching up, and leaves it.
    server.aws("scheduler", "update-schedule", "--name", "nightly", "--schedule-expression", FAR,
               "--flexible-time-window", OFF, "--target", json.dumps(target()))
    assert pawl(server, "show", "nightly")["CatchUp"] == "ALL"
    asked = server.pawl("schedule", "delete", "nightly")
    assert asked.returncode == 4 and "--yes" in asked.stderr
    pawl(server, "delete", "nightly", "--yes")
    gone = server.pawl("schedule", "show", "nightly")
    assert gone.returncode == 3 and "nightly does not exist" in gone.stderr and "pawl schedule list" in gone.stderr


@pytest.mark.parametrize("words, message", [
    (["create", "x", "--machine", "m"], "none of --cron, --rate and --at is given"),
    (["create", "x", "--machine", "m", "--rate", "5m", "--at", "2100-01-01T00:00:00"], "more than one of"),
    (["create", "x", "--rate", "5m"], "--machine is missing"),
    (["create", "x", "--rate", "5", "--machine", "m"], "schedule expression rate(5)"),
    (["create", "x", "--rate", "5m", "--machine", "m", "--timezone", "Zurich"], "no time zone is called Zurich"),
    (["create", "x", "--rate", "5m", "--machine", "m", "--input", "{"], "--input"),
    (["next", "0 2 * * *"], "there are 5 fields"),
])
def test_what_cannot_be_scheduled_is_refused_with_a_hint(server, words, message):
    done = server.pawl("schedule", *words)
    assert done.returncode == 2 and message in done.stderr and "hint" in done.stderr.lower(), done.stderr


def test_next_needs_no_server(server):
    done = server.pawl("schedule", "next", "cron(0 2 29 FEB ? *)", "--timezone", "Europe/Zurich", "--count", "2",
                       "--json", "--server", "http://127.0.0.1:1")
    rows = json.loads(done.stdout)
    assert len(rows) == 2 and all(row["local"].endswith("02-29 02:00:00") for row in rows)


@pytest.mark.parametrize("policy, outcome, trigger", [
    ("none", "MISSED", "SCHEDULE"), ("last", "STARTED", "CATCH_UP"), ("all", "STARTED", "CATCH_UP")])
def test_what_was_due_while_the_server_was_down_is_missed_or_caught_up(own_server, policy, outcome, trigger):
    before = len(executions(own_server))
    name = go_down_over_a_due_time(own_server, policy)
    [run] = runs(own_server, name)
    assert (run["Outcome"], run["Trigger"]) == (outcome, trigger)
    if policy == "none":
        assert run["Why"] == "the server was down" and len(executions(own_server)) == before
    else:
        assert own_server.ended(run["ExecutionArn"])["status"] == "SUCCEEDED"


def test_a_server_killed_between_start_and_note_starts_nothing_twice(own_server):
    own_server.kill()
    own_server.start({"PAWL_CRASH_AT": "schedule_started"})
    # It runs at once, and the answer may be lost.
    own_server.pawl("schedule", "create", "daily", "--rate", "1d", "--machine", "m", "--catch-up", "none")
    own_server.wait_dead()
    own_server.start()
    [run] = runs(own_server, "daily")
    assert run["Outcome"] == "STARTED"
    [name] = executions(own_server)
    assert run["ExecutionArn"].endswith(name)


def test_a_start_that_fails_is_tried_again_across_a_restart(own_server):
    create(own_server, "early", "rate(1 day)", machine="later")
    run = eventually(lambda: runs(own_server, "early"), "it is tried")[0]
    assert run["Outcome"] == "WAITING" and "StateMachineDoesNotExist" in run["Why"] and "NextAttempt" in run
    own_server.kill()
    own_server.start()
    own_server.create("later", PASSES)
    eventually(lambda: runs(own_server, "early")[0]["Outcome"] == "STARTED", "it is started", 400)
    assert len(executions(own_server, "later")) == 1


def test_a_rate_runs_at_once_and_says_when_next(own_server):
    pawl(own_server, "create", "often", "--rate", "1m", "--machine", "m")
    eventually(lambda: runs(own_server, "often"), "its first run")
    shown = pawl(own_server, "show", "often")
    first, second = (datetime.datetime.fromisoformat(text[:-1]) for text in shown["NextDue"][:2])
    assert second - first == datetime.timedelta(minutes=1)
    assert shown["Runs"][-1]["Outcome"] == "STARTED"
