"""The command line in front of a real server: what a newcomer types, wrong and right."""
import json
import os
import re
import socket
import subprocess

import pytest

from fleet import BIN, as_account, fleet, psql
from harness import PROGRAM, eventually


@pytest.fixture(scope="module")
def shop():
    with fleet("customer-db") as one:
        one.clusters["customer-db"].sql("CREATE UNLOGGED TABLE sales.session AS SELECT 1 AS id")
        one.start()
        one.snapshot("customer-db", "2024-11-19")
        yield one


def pawl(shop, *words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PAWL_SERVER": shop.server.url}, stdin=subprocess.DEVNULL)


def executions(shop):
    return json.loads(pawl(shop, "execution", "list", "--json").stdout)


@pytest.mark.parametrize("words, code, message, hint", [
    (["custmer-db"], 3, 'no cluster "custmer-db"', 'Did you mean "customer-db"?'),
    (["customer-db", "--to", "us-wets-2"], 3, 'no region "us-wets-2"', 'Did you mean "us-west-2"?'),
    (["customer-db", "--date", "2024-02-30"], 2, "neither YYYY-MM-DD nor latest", ""),
    (["customer-db", "--date", "2024-11-18"], 3, "no snapshot of customer-db of 2024-11-18", "2024-11-19"),
    (["customer-db", "--from", "us-west-2"], 3, "no snapshot of customer-db in us-west-2",
     "none of it in us-west-2 yet. us-east-1 has those of 2024-11-19: --from us-east-1."),
])
def test_what_cannot_begin_is_refused_before_it_is_started(shop, words, code, message, hint):
    answers = [pawl(shop, "restore", *verb, *words) for verb in (["plan"], ["run"], ["run", "--tries", 1])]
    for answer in answers:
        assert answer.returncode == code, answer.stderr
        assert message in answer.stderr and hint in answer.stderr
        assert answer.stderr == answers[0].stderr
    assert executions(shop) == []


@pytest.mark.parametrize("words", [
    ["customer-db", "order-db", "--target", "new-db"],
    ["customer-db", "customer-db"],
])
def test_a_plan_refuses_what_no_batch_may_be(shop, words):
    planned, ran = pawl(shop, "restore", "plan", *words), pawl(shop, "restore", "run", *words)
    assert planned.returncode == ran.returncode == 2 and planned.stderr == ran.stderr, planned.stderr


def test_a_failure_is_json_where_json_is_asked_for(shop, tmp_path):
    (tmp_path / "bad.toml").write_text("this is = = no TOML")
    for words, code in ((["restore", "plan", "custmer-db"], "not_found"), (["restore", "report", "nobody"], "not_found"),
                        (["config", "check", tmp_path / "bad.toml"], "invalid_argument"), (["restor"], "invalid_argument"),
                        (["snapshot", "take", "customer-db", "nosuch"], "not_found")):
        refused = pawl(shop, *words, "--json")
        assert refused.stdout == "" and json.loads(refused.stderr)["error"]["code"] == code, refused.stderr


def test_all_names_are_looked_at_before_a_snapshot_is_taken(shop):
    before = pawl(shop, "snapshot", "list", "--json").stdout
    refused = pawl(shop, "snapshot", "take", "customer-db", "nosuch", "--date", "2024-10-01")
    assert refused.returncode == 3 and 'no cluster "nosuch"' in refused.stderr
    twice = pawl(shop, "snapshot", "take", "customer-db", "customer-db", "--date", "2024-10-01")
    assert twice.returncode == 2 and "customer-db is named twice" in twice.stderr
    assert pawl(shop, "snapshot", "list", "--json").stdout == before


def test_a_region_is_no_target(shop):
    for target in ("us-west-2", "eu-central-1"):
        for verb in ("plan", "run"):
            refused = pawl(shop, "restore", verb, "customer-db", "--target", target)
            assert refused.returncode == 2 and "is the name of a region" in refused.stderr
            assert "--to" in refused.stderr and "us-east-1, us-west-2" in refused.stderr
    assert executions(shop) == []


def test_a_missing_file_has_one_exit_code(shop):
    for words in (["test"], ["run"], ["validate"], ["config", "check"], ["machine", "create", "x"],
                  ["restore", "run", "--batch-file"], ["execution", "start", "restore", "--input"]):
        file = "@/nowhere/x.json" if words[-1] == "--input" else "/nowhere/x.json"
        answer = pawl(shop, *words, file)
        assert (words, answer.returncode) == (words, 3), answer.stderr
        assert "/nowhere/x.json does not exist" in answer.stderr
    # Of many files: what is wrong in one that can be read counts for more.
    bad = shop.directory / "unsound.json"
    bad.write_text("{}")
    for files in ((bad, "/nowhere/x.json"), ("/nowhere/x.json", bad)):
        checked = pawl(shop, "validate", *files)
        assert checked.returncode == 1 and "/nowhere/x.json does not exist" in checked.stderr


def test_a_batch_file_with_an_unknown_key_is_refused_by_line(shop):
    file = shop.directory / "batch.json"
    file.write_text('{\n  "databases": ["customer-db"],\n  "concurency": 1\n}\n')
    refused = pawl(shop, "restore", "run", "--batch-file", file)
    assert refused.returncode == 2
    assert f'{file}:3:3: unknown key "concurency"; did you mean "concurrency"?' in refused.stderr
    assert executions(shop) == []


def test_a_missing_snapshot_may_be_let_pass_by_name(shop):
    refused = pawl(shop, "restore", "run", "customer-db", "--date", "2024-11-18", "--tries", "1", "--name", "missing")
    assert refused.returncode == 3
    allowed = pawl(shop, "restore", "run", "customer-db", "--date", "2024-11-18", "--tries", "1", "--name", "missing",
                   "--allow-missing", "--to", "us-west-2")
    assert allowed.returncode == 1 and "0/1 restored; failed: customer-db" in allowed.stdout


def test_json_that_is_none_is_told_by_line_and_column(shop):
    bad = pawl(shop, "execution", "start", "restore", "--input", "{bad")
    assert bad.returncode == 2 and "--input:1:2: Unexpected character" in bad.stderr
    file = shop.directory / "bad.json"
    file.write_text('{"StartAt": "A",\n "States": {"A" {}}}')
    made = pawl(shop, "machine", "create", "x", file)
    assert made.returncode == 2 and f"{file}:2:17: error: " in made.stderr and "[Source" not in made.stderr


def test_a_restore_is_reported_with_a_line_to_paste_and_the_time_one_waited(shop):
    ran = pawl(shop, "restore", "run", "customer-db", "--to", "us-west-2", "--name", "pasted")
    assert ran.returncode == 0, ran.stderr
    line = next(line.split(None, 1)[1] for line in ran.stdout.splitlines() if line.startswith("  connect  "))
    environment = {**os.environ, "PGPASSWORD": "app password", "PATH": f"{BIN}:{os.environ['PATH']}"}
    asked = subprocess.run(as_account(["sh", "-c", f"{line} -XAtc 'SELECT count(*) FROM sales.customer'"]),
                           capture_output=True, text=True, env=environment, cwd="/tmp")
    assert asked.stdout.strip() == "2000", asked.stderr
    report = shop.report("pasted")
    at = {step["step"]: step["at"] for step in report["steps"]}
    assert report["ended"] >= at["archive-snapshot"]


def test_the_report_names_what_was_not_verified(shop):
    report = shop.report("pasted")
    assert report["tables"] == 3 and report["rows"] == 6000
    assert any("postgres.sales.session" in warning for warning in report["warnings"])


def test_the_server_logs_a_restore_by_its_steps_without_secrets(shop):
    log = shop.server.log.read_text()
    mine = [line for line in log.splitlines() if "operation=pasted" in line]
    assert any('msg="restore started"' in line and "snapshot=2024-11-19" in line for line in mine)
    assert any('msg="restore step done"' in line and "step=verify-restore" in line for line in mine)
    assert any('msg="restored and serving"' in line and "target=customer-db" in line and "seconds=" in line
               for line in mine)
    assert "app password" not in log


def test_a_restored_database_is_stopped_started_and_removed(shop):
    port = shop.report("pasted")["endpoint"]["port"]

    def answers():
        return psql("127.0.0.1", port, "SELECT 1", user="app", password="app password", check=False).returncode == 0

    assert answers()
    assert pawl(shop, "restore", "stop", "customer-db").returncode == 0
    assert not answers()
    assert shop.report("pasted")["endpoint"] is None
    assert "`pawl restore start customer-db --region us-west-2`" in pawl(shop, "restore", "report", "pasted").stdout
    shop.server.kill()
    shop.start()
    assert not answers()
    assert pawl(shop, "restore", "start", "customer-db").returncode == 0
    assert answers()

    asked = pawl(shop, "restore", "remove", "customer-db")
    assert asked.returncode == 4 and "--yes" in asked.stderr and answers()
    assert pawl(shop, "restore", "remove", "customer-db", "--yes").returncode == 0
    assert not list(shop.west.glob("instances/*"))
    assert shop.report("pasted")["status"] == "REMOVED"
    again = pawl(shop, "restore", "remove", "customer-db", "--yes")
    assert again.returncode == 3 and "nothing serves customer-db" in again.stderr


def test_json_has_no_moment_that_is_a_bare_number(shop):
    execution = executions(shop)[0]
    rows = executions(shop) + json.loads(pawl(shop, "machine", "list", "--json").stdout)
    for words in (("execution", "show", execution["executionArn"]), ("machine", "show", "restore")):
        rows.append(json.loads(pawl(shop, *words, "--json").stdout))
    rows += json.loads(pawl(shop, "execution", "history", execution["executionArn"], "--json").stdout)
    moments = [value for row in rows for name, value in row.items() if name.endswith("Date") or name == "timestamp"]
    assert len(moments) > 10 and all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z", moment) for moment in moments)


def test_a_port_that_somebody_has_is_named_before_anything_starts(shop):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        kept = shop.west / "clusters" / "squatted-db" / "endpoint.json"
        kept.parent.mkdir(parents=True)
        kept.write_text(json.dumps({"port": port}))
        words = ["customer-db", "--target", "squatted-db", "--to", "us-west-2"]
        for verb in ("plan", "run"):
            refused = pawl(shop, "restore", verb, *words)
            assert refused.returncode == 5, refused.stderr
            assert f"port {port} of the endpoint of squatted-db in us-west-2 is taken by" in refused.stderr
            assert f"process {os.getpid()}, user " in refused.stderr
        # Who starts it past the check is told as early, and nothing has been restored.
        arn = shop.restore("customer-db", "squatter", target_cluster="squatted-db")
        ended = shop.server.ended(arn)
        assert ended["error"] == "Restore.PortTaken" and str(port) in ended["cause"]
        steps = {step["step"]: step["status"] for step in shop.report("squatter")["steps"]}
        assert steps["prepare-target"] == "FAILED" and "restore-snapshot" not in steps


def test_tables_that_come_back_empty_and_dates_of_another_day_are_named(shop):
    planned = pawl(shop, "restore", "plan", "customer-db", "--to", "us-west-2")
    assert "warning: unlogged tables come back empty" in planned.stderr and "postgres.sales.session" in planned.stderr
    assert "named for 2024-11-19: its data are not of that day" in planned.stderr
    taken = pawl(shop, "snapshot", "take", "customer-db", "--date", "2024-11-18")
    assert taken.returncode == 0 and "named for 2024-11-18" in taken.stderr
    listed = json.loads(pawl(shop, "snapshot", "list", "customer-db", "--region", "us-east-1", "--json").stdout)
    assert [row["note"].endswith("named for " + row["date"]) for row in listed] == [True, True]
    assert "named for 2024-11-18" in (shop.east / "snapshots/customer-db/2024-11-18/snapshot.json").read_text()
    table = pawl(shop, "snapshot", "list", "--region", "us-east-1", "-o", "csv").stdout.splitlines()
    assert "SIZE (bytes)" in table[0] and f",{listed[0]['bytes']}," in table[1]
    assert pawl(shop, "snapshot", "delete", "customer-db", "2024-11-18", "--yes").returncode == 0


def test_a_batch_has_the_id_of_its_file_and_no_operation_takes_it(shop):
    file = shop.directory / "weekly.json"
    file.write_text(json.dumps({"databases": ["customer-db"], "batch_id": "weekly", "target_region": "us-west-2"}))
    started = pawl(shop, "restore", "run", "--batch-file", file, "--no-wait")
    assert started.returncode == 0 and started.stdout.strip().endswith(":execution:restore-batch:weekly")
    assert "started batch weekly" in started.stderr and "pawl restore report weekly" in started.stderr
    shop.server.ended(started.stdout.strip())
    reported = pawl(shop, "restore", "report", "weekly", "--json")
    assert json.loads(reported.stdout)["message"] == "1/1 restored"
    for words in (["customer-db"], ["customer-db", "--tries", "1"]):
        taken = pawl(shop, "restore", "run", *words, "--to", "us-west-2", "--name",
                     "weekly" if len(words) == 1 else "pasted")
        assert taken.returncode == 5 and "already" in taken.stderr, taken.stderr
    past_the_check = shop.server.ended(shop.restore("customer-db", "weekly"))
    assert past_the_check["error"] == "Restore.AlreadyExists"
    file.write_text(json.dumps({"databases": ["customer-db"], "batch_id": 7}))
    refused = pawl(shop, "restore", "run", "--batch-file", file)
    assert refused.returncode == 2 and "batch_id is not a string" in refused.stderr


def test_options_win_over_a_batch_and_databases_are_named_once(shop):
    file = shop.directory / "placed.json"
    file.write_text(json.dumps({"databases": [{"cluster_name": "customer-db", "snapshot_date": "2024-11-20",
                                               "target_region": "us-east-1"}]}))
    missing = pawl(shop, "restore", "run", "--batch-file", file, "--date", "2024-11-18", "--to", "us-west-2")
    assert missing.returncode == 3 and "2024-11-18" in missing.stderr, missing.stderr
    for words in (["customer-db", "--batch-file", file], ["customer-db", "--failed-of", "some"],
                  ["--batch-file", file, "--failed-of", "some"]):
        twice = pawl(shop, "restore", "run", *words)
        assert twice.returncode == 2 and "says which databases" in twice.stderr, twice.stderr


def rows_of(shop):
    return {row["operation_id"]: row for row in json.loads(pawl(shop, "restore", "list", "--json").stdout)}


def test_a_rolled_back_operation_leads_nobody_to_other_data(shop):
    old = next(name for name, row in rows_of(shop).items() if row["is_serving"])
    assert pawl(shop, "restore", "run", "customer-db", "--to", "us-west-2", "--name", "regretted").returncode == 0
    assert pawl(shop, "restore", "rollback", "regretted", "--yes").returncode == 0
    told = pawl(shop, "restore", "report", "regretted").stdout
    assert "ROLLED_BACK" in told and "  connect  " not in told
    assert f"  serving  operation {old} serves customer-db" in told
    again = pawl(shop, "restore", "rollback", "regretted", "--yes")
    assert again.returncode == 5 and "rolled back already" in again.stderr and old in again.stderr
    assert [name for name, row in rows_of(shop).items() if row["is_serving"]] == [old]


def test_a_name_that_is_none_or_taken_is_told_in_plain_words(shop):
    long = pawl(shop, "restore", "run", "customer-db", "--name", "n" * 100)
    assert long.returncode == 2 and "has 100 characters; 80 are the most" in long.stderr
    run = ["restore", "run", "customer-db", "--to", "us-west-2", "--name", "twice"]
    assert pawl(shop, *run).returncode == 0
    taken = pawl(shop, *run, "--date", "2024-11-19")
    assert taken.returncode == 5 and 'the name "twice" is taken' in taken.stderr
    assert "Choose another --name" in taken.stderr and "ExecutionAlreadyExists" not in taken.stderr


def test_a_stopped_restore_is_listed_as_stopped_with_what_serves(shop):
    serving = next(name for name, row in rows_of(shop).items() if row["is_serving"])
    shop.server.terminate()
    shop.start({"PAWL_PAUSE_AT": "restore:copied:60000"})
    arn = shop.restore("customer-db", "cut-short")
    eventually(lambda: rows_of(shop).get("cut-short", {}).get("step") == "restore-snapshot", "it restores")
    before = executions(shop)
    busy = [pawl(shop, "restore", verb, "customer-db", "--to", "us-west-2") for verb in ("plan", "run")]
    for refused in busy:
        assert refused.returncode == 5 and refused.stderr == busy[0].stderr
        assert "is being restored by operation cut-short" in refused.stderr and f"pawl execution stop {arn}" in refused.stderr
    assert executions(shop) == before
    stopped = pawl(shop, "execution", "stop", "cut-short", "--error", "Lunch", "--cause", "we are out")
    assert stopped.returncode == 0 and f"stopped {arn}" in stopped.stderr
    again = pawl(shop, "execution", "stop", "cut-short")
    assert again.returncode == 0 and "nothing to stop" in again.stderr and "ABORTED" in again.stderr
    ended = pawl(shop, "execution", "stop", "pasted")
    assert "nothing to stop" in ended.stderr and "SUCCEEDED" in ended.stderr
    assert rows_of(shop)["cut-short"]["status"] == "STOPPED"
    assert f"operation {serving} goes on serving customer-db" in pawl(shop, "restore", "report", "cut-short").stdout
    report = shop.report("cut-short")
    assert report["error"] == "Lunch" and report["cause"].startswith("we are out; ")
    assert pawl(shop, "restore", "plan", "customer-db", "--to", "us-west-2").returncode == 0
    shop.server.kill()
    shop.start()
    # Whoever takes the target over leaves it as it ended.
    assert pawl(shop, "restore", "run", "customer-db", "--to", "us-west-2", "--name", "taken-over").returncode == 0
    after = shop.report("cut-short")
    assert [after[name] for name in ("status", "error", "ended", "seconds")] == [
        report[name] for name in ("status", "error", "ended", "seconds")]


def test_another_snapshot_of_the_date_is_named_with_the_command_that_removes_it(shop):
    shop.snapshot("customer-db", "2024-11-21")
    at_target = shop.west / "snapshots" / "customer-db" / "2024-11-21"
    at_target.mkdir(parents=True)
    other = json.loads((shop.east / "snapshots" / "customer-db" / "2024-11-21" / "snapshot.json").read_text())
    (at_target / "snapshot.json").write_text(json.dumps({**other, "taken": "2024-11-21T00:00:00Z"}))
    where = ["customer-db", "--to", "us-west-2", "--date", "2024-11-21"]
    planned, ran = pawl(shop, "restore", "plan", *where), pawl(shop, "restore", "run", *where)
    assert planned.returncode == ran.returncode == 5 and planned.stderr == ran.stderr
    command = "pawl snapshot delete customer-db 2024-11-21 --region us-west-2"
    assert command in ran.stderr
    assert pawl(shop, *command.split()[1:], "--yes").returncode == 0
    assert pawl(shop, "restore", "plan", *where).returncode == 0
    assert pawl(shop, "snapshot", "delete", "customer-db", "2024-11-21", "--yes").returncode == 0


def test_a_batch_is_not_rolled_back(shop):
    refused = pawl(shop, "restore", "rollback", "weekly", "--yes")
    assert refused.returncode == 2 and "weekly is a batch" in refused.stderr
    assert "pawl restore report weekly -o wide" in refused.stderr


def test_a_shipped_machine_is_not_deleted_by_mistake_and_comes_back(shop):
    asked = pawl(shop, "machine", "delete", "restore-batch")
    assert asked.returncode == 4 and "--yes" in asked.stderr
    deleted = pawl(shop, "machine", "delete", "restore-batch", "--yes")
    assert deleted.returncode == 0 and "the next start of the server makes it again" in deleted.stderr
    shop.server.terminate()
    shop.start()
    assert pawl(shop, "machine", "show", "restore-batch").returncode == 0


def test_a_machine_is_known_by_its_aliases(shop):
    arn = shop.server.create("greeter", {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    version = shop.server.call("PublishStateMachineVersion", stateMachineArn=arn)["stateMachineVersionArn"]
    shop.server.call("CreateStateMachineAlias", name="live",
                     routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}])
    started = pawl(shop, "execution", "start", "greeter:live", "--name", "one", "--wait")
    assert started.returncode == 0, started.stderr
    assert pawl(shop, "execution", "show", "greeter:live/one").returncode == 0
    unknown = pawl(shop, "execution", "start", "greeter:dead")
    assert unknown.returncode == 3 and 'machine "greeter" has no alias "dead"' in unknown.stderr


def test_a_name_that_several_machines_have_is_refused_with_what_to_write(shop):
    waits = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100000, "End": True}}}
    arns = []
    for machine in ("amb1x", "amb2x"):
        shop.server.create(machine, waits)
        arns.append(shop.server.start_execution(machine, name="nightly"))
    for verb in ("stop", "redrive", "show", "watch", "history"):
        refused = pawl(shop, "execution", verb, "nightly")
        assert refused.returncode == 2 and all(arn in refused.stderr for arn in arns), refused.stderr
        assert "amb1x/nightly or amb2x/nightly" in refused.stderr
    status = [pawl(shop, "execution", "show", arn, "--json").stdout for arn in arns]
    assert [json.loads(text)["status"] for text in status] == ["RUNNING", "RUNNING"]
    for machine in ("amb1x", "amb2x"):
        assert pawl(shop, "execution", "stop", f"{machine}/nightly").returncode == 0


def test_an_express_machine_is_looked_at_as_any_other(shop):
    passes = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    shop.server.call("CreateStateMachine", name="quick", type="EXPRESS", definition=json.dumps(passes),
                     roleArn="arn:aws:iam::000000000000:role/any")
    start = ["execution", "start", "quick", "--name", "once", "--input", '{"a": 1}']
    waited = pawl(shop, *start, "--wait")
    assert waited.returncode == 0 and json.loads(waited.stdout) == {"a": 1}, waited.stderr
    assert pawl(shop, "execution", "show", "quick/once", "--json").returncode == 0
    watched = pawl(shop, *start, "--watch")
    assert watched.returncode == 0 and "SUCCEEDED" in watched.stdout, watched.stderr
    listed = json.loads(pawl(shop, "execution", "list", "quick", "--json").stdout)
    assert [row["name"] for row in listed] == ["once", "once"]
    assert {row["executionArn"] for row in listed} <= {row["executionArn"] for row in executions(shop)}
    arns = [row["executionArn"] for row in listed]
    for verb in ("show", "history", "watch", "stop"):
        assert pawl(shop, "execution", verb, arns[0]).returncode == 0
    refused = pawl(shop, "execution", "show", "quick/once")
    assert refused.returncode == 2 and all(arn in refused.stderr for arn in arns), refused.stderr
    missing = pawl(shop, "execution", "show", "quick/twice")
    assert missing.returncode == 3 and "pawl execution list quick" in missing.stderr
    monitored = pawl(shop, "execution", "watch", "--all", "--once").stdout
    assert "quick/once" in monitored and "restore/" in monitored
    only = pawl(shop, "execution", "watch", "--all", "--once", "--machine", "restore").stdout
    assert "stateMachine:restore\n" in only and "quick" not in only


def test_an_express_execution_that_runs_is_shown_and_stopped(shop):
    waits = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 250, "End": True}}}
    shop.server.call("CreateStateMachine", name="slow", type="EXPRESS", definition=json.dumps(waits),
                     roleArn="arn:aws:iam::000000000000:role/any")
    watched = pawl(shop, "execution", "start", "slow", "--name", "one", "--watch", "--timeout", "0s")
    assert watched.returncode == 124, watched.stderr
    shown = json.loads(pawl(shop, "execution", "show", "slow/one", "--json").stdout)
    assert [activity["state"] for activity in shown["activities"]] == ["W"]
    assert pawl(shop, "execution", "stop", "slow/one").returncode == 0
    assert json.loads(pawl(shop, "execution", "show", "slow/one", "--json").stdout)["status"] == "ABORTED"


def test_what_a_line_for_eval_is_stands_in_its_help(shop):
    told = pawl(shop, "eval", "--help").stdout
    assert all(member in told for member in ("expression", "input", "bindings"))
    example = next(line for line in told.splitlines() if line.strip().startswith("echo "))
    ran = subprocess.run(["sh", "-c", example.replace("pawl eval", f"{PROGRAM} eval")], capture_output=True, text=True)
    assert json.loads(ran.stdout) == {"result": 3}


def test_a_child_of_a_map_is_known_by_its_names(shop):
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P",
                 "States": {"P": {"Type": "Pass", "End": True}}}
    shop.server.create("mapper", {"StartAt": "M", "States": {
        "M": {"Type": "Map", "Label": "each", "ItemProcessor": processor, "End": True}}})
    arn = shop.server.start_execution("mapper", [1])
    assert shop.server.ended(arn)["status"] == "SUCCEEDED"
    run = shop.server.call("ListMapRuns", executionArn=arn)["mapRuns"][0]["mapRunArn"]
    child = shop.server.call("ListExecutions", mapRunArn=run)["executions"][0]
    shown = pawl(shop, "execution", "show", f"mapper/each/{child['name']}", "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["executionArn"] == child["executionArn"]


def test_a_snapshot_is_deleted_but_not_the_last_one_by_mistake(shop):
    shop.snapshot("customer-db", "2024-11-20")
    assert pawl(shop, "snapshot", "delete", "customer-db", "2024-11-20", "--yes").returncode == 0
    missing = pawl(shop, "snapshot", "delete", "customer-db", "2024-11-20", "--yes")
    assert missing.returncode == 3 and "There are snapshots of 2024-11-19" in missing.stderr
    # The copy that the restore left in the other region goes first.
    assert pawl(shop, "snapshot", "delete", "customer-db", "2024-11-19", "--region", "us-west-2", "--yes").returncode == 0
    last = pawl(shop, "snapshot", "delete", "customer-db", "2024-11-19", "--yes")
    assert last.returncode == 5 and "the last one of customer-db" in last.stderr
    assert pawl(shop, "snapshot", "delete", "customer-db", "2024-11-19", "--yes", "--force").returncode == 0
    assert json.loads(pawl(shop, "snapshot", "list", "--json").stdout) == []
