"""The whole restore of one database on a real PostgreSQL: what a user sees when it goes well, and when it may not."""
import json
import os
import stat

import pytest
from fleet import contents, fleet, psql
from harness import ROOT, Server, ServiceError, eventually


@pytest.fixture(scope="module")
def shop():
    """Two clusters with snapshots of one day, changed since, and a server."""
    with fleet("customer-db", "odd-db") as one:
        one.clusters["odd-db"].sql('CREATE DATABASE "an \'odd\' ""name"" with spaces"')
        one.clusters["odd-db"].sql('CREATE SCHEMA "Sch éma"; CREATE TABLE "Sch éma"."Tab""le" (id int, "co l" text);'
                                   'INSERT INTO "Sch éma"."Tab""le" VALUES (1, \'x\'), (2, NULL)',
                                   database='an \'odd\' "name" with spaces')
        one.start()
        one.moment = {}
        for name, cluster in one.clusters.items():
            one.moment[name] = contents(cluster.socket, cluster.port)
            one.snapshot(name, "2024-11-19")
            cluster.sql("UPDATE sales.customer SET name = 'changed since'; DELETE FROM stock.item WHERE id % 2 = 0")
        yield one


def failed(shop, execution):
    ended = shop.server.ended(execution)
    assert ended["status"] == "FAILED", ended
    return ended["error"], ended["cause"]


def test_a_restore_brings_back_the_snapshots_moment(shop):
    arn = shop.restore("customer-db", "first-restore")
    ended = shop.server.ended(arn)
    assert ended["status"] == "SUCCEEDED", ended
    report = shop.report("first-restore")
    endpoint = report["endpoint"]
    restored = contents("127.0.0.1", endpoint["port"], user="readonly", password="readonly password")
    assert restored == shop.moment["customer-db"]
    source = shop.clusters["customer-db"]
    assert restored != contents(source.socket, source.port)
    # The stable socket directory leads to the same server.
    assert psql(shop.endpoint_socket("customer-db"), shop.report("first-restore")["endpoint"].get("socket_port", 0)
                or socket_port(shop, "customer-db"), "SELECT count(*) FROM sales.customer") == "2000"

    assert report["status"] == "SUCCEEDED" and report["snapshot_date"] == "2024-11-19"
    assert report["tables"] == 3 and report["rows"] == 6000 and report["bytes"] > 1_000_000
    assert {step["step"] for step in report["steps"]} >= {"snapshot-check", "copy-snapshot", "verify-restore", "swap-cluster"}
    assert all(step["status"] == "SUCCESS" for step in report["steps"])


def socket_port(shop, name):
    sockets = [p.name for p in shop.endpoint_socket(name).iterdir() if p.name.startswith(".s.PGSQL.") and "lock" not in p.name]
    return int(sockets[0].rsplit(".", 1)[1])


def test_users_have_just_the_rights_they_should(shop):
    ended = shop.server.ended(shop.restore("odd-db", "odd-restore"))
    assert ended["status"] == "SUCCEEDED", ended
    port = shop.report("odd-restore")["endpoint"]["port"]
    app = {"user": "O'Neil \"the app\"", "password": "it's a \"pass word\"; -- \\ é"}
    reader = {"user": "reader; DROP TABLE x", "password": "%s $1 'q'"}
    psql("127.0.0.1", port, "INSERT INTO sales.customer VALUES (100000, 'new')", **app)
    assert psql("127.0.0.1", port, "SELECT count(*) FROM sales.customer", **reader) == "2001"
    # Its sessions are read-only to begin with, and a session that is not has no rights to write either.
    for text in ("DELETE FROM sales.customer", "SET transaction_read_only = off; DELETE FROM sales.customer",
                 "SET default_transaction_read_only = off; BEGIN; DELETE FROM sales.customer"):
        refused = psql("127.0.0.1", port, text, check=False, **reader)
        assert "permission denied" in refused.stderr or "read-only transaction" in refused.stderr
    assert "permission denied" in refused.stderr
    for who in (app, reader):
        wrong = psql("127.0.0.1", port, "SELECT 1", user=who["user"], password="wrong", check=False)
        assert "authentication failed" in wrong.stderr
    # The odd database came along with its odd table, and its users may read it.
    database = 'an \'odd\' "name" with spaces'
    assert psql("127.0.0.1", port, 'SELECT count(*) FROM "Sch éma"."Tab""le"', database=database, **reader) == "2"


def test_no_secret_is_anywhere(shop):
    secrets = ["app password", "readonly password", "it's a", "%s $1"]
    places = [shop.server.log, shop.notifications]
    places += [p for region in (shop.east, shop.west) for p in region.glob("operations/*/*")]
    places += list(shop.west.glob("instances/*/log*")) + list(shop.west.glob("instances/*/instance.json"))
    text = "".join(p.read_text(errors="replace") for p in places if p.is_file())
    for execution in shop.server.call("ListExecutions", stateMachineArn="arn:aws:states:us-east-1:000000000000:stateMachine:restore")["executions"]:
        text += json.dumps(shop.server.events(execution["executionArn"]))
    store = b"".join(p.read_bytes() for p in (shop.directory / "data").glob("*") if p.is_file())
    for secret in secrets:
        assert secret not in text
        assert secret.encode() not in store


def test_success_and_failure_are_both_told(shop):
    shop.server.ended(shop.restore("customer-db", "told-good"))
    shop.server.ended(shop.restore("customer-db", "told-bad", snapshot_date="2024-01-01"))
    told = {line["operation_id"]: line for line in map(json.loads, shop.notifications.read_text().splitlines())}
    assert told["told-good"]["event_type"] == "aurora_restore_completion"
    assert told["told-good"]["summary"]["success"] is True
    assert told["told-good"]["summary"]["table_count"] == 3
    assert told["told-bad"]["summary"]["success"] is False
    assert told["told-bad"]["summary"]["error"] == "Restore.SnapshotNotFound"
    assert "2024-01-01" in told["told-bad"]["summary"]["cause"]


@pytest.mark.parametrize("date, error, words", [
    ("2024-11-18", "Restore.SnapshotNotFound", "2024-11-19"),
    ("19.11.2026", "Restore.InvalidInput", "YYYY-MM-DD"),
    ("2026-02-30", "Restore.InvalidInput", "2026-02-30"),
    ("yesterday", "Restore.InvalidInput", "latest"),
])
def test_a_date_without_snapshot_is_refused_with_what_exists(shop, date, error, words):
    got = failed(shop, shop.restore("customer-db", snapshot_date=date))
    assert got[0] == error and words in got[1]


@pytest.mark.parametrize("members, error", [
    ({"cluster_name": "nobody-db"}, "Restore.NotFound"),
    ({"cluster_name": "../../etc"}, "Restore.InvalidInput"),
    ({"target_region": "mars-north-1"}, "Restore.NotFound"),
    ({"cluster_name": 7}, "Restore.InvalidInput"),
])
def test_bad_requests_are_named(shop, members, error):
    value = {"cluster_name": "customer-db", "snapshot_date": "latest", "target_region": "us-west-2", **members}
    got = failed(shop, shop.server.start_execution("restore", value))
    assert got[0] == error


def test_the_swap_can_be_taken_back(shop):
    shop.server.ended(shop.restore("customer-db", "before-rollback"))
    old = shop.instance("customer-db")
    shop.server.ended(shop.restore("customer-db", "to-roll-back"))
    port = shop.report("to-roll-back")["endpoint"]["port"]
    assert shop.instance("customer-db") != old
    shop.server.invoke("pawl-restore-rollback", {"operation_id": "to-roll-back"})
    assert shop.instance("customer-db") == old
    assert psql("127.0.0.1", port, "SELECT count(*) FROM sales.customer", user="app", password="app password") == "2000"


def test_two_restores_on_one_target_exclude_each_other(shop):
    shop.server.terminate()
    shop.start({"PAWL_PAUSE_AT": "restore:copied:4000"})
    first = shop.restore("customer-db", "holder")
    eventually(lambda: (shop.west / "clusters" / "customer-db" / "lock").exists()
               and "holder" in (shop.west / "clusters" / "customer-db" / "lock").read_text(), "the lock is held")
    error, cause = failed(shop, shop.restore("customer-db", "intruder"))
    assert error == "Restore.TargetBusy" and "holder" in cause
    assert shop.server.ended(first)["status"] == "SUCCEEDED"
    shop.server.terminate()
    shop.start()


def test_a_restore_within_one_region_copies_no_snapshot(shop):
    ended = shop.server.ended(shop.restore("customer-db", "same-region", target_region="us-east-1", target_cluster="dev-db"))
    assert ended["status"] == "SUCCEEDED", ended
    copy = [step for step in shop.report("same-region")["steps"] if step["step"] == "copy-snapshot"]
    assert copy and not (shop.east / "snapshots" / "dev-db").exists()
    port = shop.report("same-region")["endpoint"]["port"]
    assert contents("127.0.0.1", port, user="app", password="app password") == shop.moment["customer-db"]


def test_readable_secrets_are_refused(shop):
    shop.secrets.chmod(0o644)
    try:
        error, cause = failed(shop, shop.restore("customer-db", "open-secrets"))
    finally:
        shop.secrets.chmod(0o600)
    assert error == "Restore.PermissionDenied" and "chmod 600" in cause


def test_a_failed_restore_is_redriven_once_its_cause_is_mended(shop):
    def redriven():
        assert shop.server.pawl("execution", "redrive", "restore/open-secrets").returncode == 0
        return shop.server.ended("arn:aws:states:us-east-1:000000000000:execution:restore:open-secrets")

    shop.secrets.chmod(0o644)
    try:
        ended = redriven()
        assert ended["status"] == "FAILED" and ended["error"] == "Restore.PermissionDenied" and ended["redriveCount"] == 1
    finally:
        shop.secrets.chmod(0o600)
    assert redriven()["status"] == "SUCCEEDED"
    report = shop.report("open-secrets")
    assert report["status"] == "SUCCEEDED" and report["is_serving"] and report["error"] is None and report["cause"] is None


def test_the_plan_touches_nothing(shop):
    def tree():
        return sorted((str(p), p.lstat().st_mtime_ns) for region in (shop.east, shop.west)
                      for p in region.rglob("*") if "/instances/" not in str(p))

    before = tree()
    plan = shop.server.invoke("pawl-restore-plan", {"cluster_name": "customer-db", "target_region": "us-west-2"})
    assert tree() == before
    assert plan["snapshot"]["date"] == "2024-11-19" and 0 < plan["disk"]["needed_bytes"] < plan["disk"]["free_bytes"]
    serving = next(row for row in shop.server.invoke("pawl-restore-list", {})["operations"]
                   if row["is_serving"] and row["target_cluster"] == "customer-db" and row["target_region"] == "us-west-2")
    assert plan["endpoint"] == shop.report(serving["operation_id"])["endpoint"]
    assert plan["endpoint"]["port"] and plan["estimated_seconds"] >= 0
    result = shop.server.pawl("restore", "plan", "customer-db", "--to", "us-west-2")
    assert result.returncode == 0, result.stderr
    assert "2024-11-19" in result.stdout


def test_the_seven_state_definition_runs_unmodified(shop):
    """Requirements 1.1.1: a straight line of seven Tasks without any state handed on between them."""
    definition = json.loads((ROOT / "pipelines" / "restore" / "seven_state.asl.json").read_text())
    assert list(definition["States"]) == ["CheckSnapshot", "CopySnapshot", "CheckCopyStatus", "RestoreSnapshot",
                                          "CheckRestoreStatus", "SetupDbUsers", "SendNotification"]
    assert all(state["Type"] == "Task" and set(state) <= {"Type", "Resource", "Next", "End", "Comment"}
               for state in definition["States"].values())
    shop.server.create("AuroraRestorePipeline", definition)
    arn = shop.server.start_execution("AuroraRestorePipeline", {
        "cluster_name": "customer-db", "snapshot_date": "2024-11-19", "target_region": "us-west-2",
        "target_cluster": "seven-db"}, "seven")
    ended = shop.server.ended(arn)
    assert ended["status"] == "SUCCEEDED", ended
    port = shop.report("seven")["endpoint"]["port"]
    assert contents("127.0.0.1", port, user="app", password="app password") == shop.moment["customer-db"]
    types = [event["type"] for event in shop.server.events(arn)]
    assert types.count("LambdaFunctionSucceeded") == 7


def test_modes_of_what_is_restored_are_tight(shop):
    data = shop.instance("customer-db") / "data"
    assert stat.S_IMODE(data.stat().st_mode) in (0o700, 0o750)
    assert os.getuid() != 0 or data.owner() == "postgres"


def test_a_second_server_may_not_use_the_same_regions(shop, tmp_path):
    """With a store of its own it would take the first one's restores for dead."""
    second = Server(tmp_path, shop.config)
    with pytest.raises(AssertionError, match="server.lock"):
        second.start()
    assert shop.server.call("ListStateMachines")["stateMachines"]


def test_a_snapshot_of_tomorrow_is_refused(shop):
    """It would be the newest one until its day has come."""
    with pytest.raises(ServiceError, match="in the future"):
        shop.snapshot("customer-db", "2999-01-01")
    with pytest.raises(ServiceError, match="already") as taken:
        shop.snapshot("customer-db", "2024-11-19")
    assert taken.value.code == "Restore.AlreadyExists"
    with pytest.raises(ServiceError) as missing:
        shop.report("no-such-operation")
    assert missing.value.code == "Restore.NotFound"
