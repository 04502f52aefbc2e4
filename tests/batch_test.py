"""Fleets: bounded concurrency, order, retries, policies, one row a database, and a re-run of only what failed."""
import json
import shutil

import pytest
from fleet import contents, fleet
from harness import ServiceError, eventually

NAMES = ("customer-db", "product-db", "order-db")


@pytest.fixture(scope="module")
def shop():
    with fleet(*NAMES, rows=300) as one:
        one.start()
        for name in NAMES:
            one.snapshot(name, "2024-11-19")
        yield one


def batch(shop, name, **members):
    value = {"batch_id": name, "databases": list(NAMES), "snapshot_date": "latest", "target_region": "us-west-2", **members}
    return shop.server.start_execution("restore-batch", value, name)


def report(shop, name):
    return shop.server.invoke("pawl-batch-report", {"batch_id": name})


def starts(shop, prefix):
    """(start, stop, name) of the child executions of a batch."""
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:restore"
    listed = shop.server.call("ListExecutions", stateMachineArn=arn, maxResults=1000)["executions"]
    return sorted((e["startDate"], e["stopDate"], e["name"]) for e in listed if e["name"].startswith(prefix + "-"))


def overlap_most(spans):
    return max(sum(1 for begin, end, _ in spans if begin <= moment < end) for moment, _, _ in spans)


def test_a_fleet_is_restored_two_at_a_time(shop):
    ended = shop.server.ended(batch(shop, "fleet", concurrency=2))
    assert ended["status"] == "SUCCEEDED", ended
    spans = starts(shop, "fleet")
    assert len(spans) == 3 and overlap_most(spans) == 2
    rows = report(shop, "fleet")
    assert rows["message"] == "3/3 restored" and rows["failed"] == []
    assert {row["database"]: row["status"] for row in rows["results"]} == dict.fromkeys(NAMES, "SUCCEEDED")
    for row in rows["results"]:
        operation = shop.report(row["operation_id"])
        assert operation["cluster_name"] == row["database"]
        cluster = shop.clusters[row["database"]]
        port = operation["endpoint"]["port"]
        assert contents("127.0.0.1", port, user="app", password="app password") == contents(cluster.socket, cluster.port)
    durations = rows["durations"]
    assert 0 < durations["minimum"] <= durations["average"] <= durations["maximum"]


def test_one_at_a_time_goes_by_priority(shop):
    databases = [{"cluster_name": "customer-db", "priority": 3}, {"cluster_name": "product-db", "priority": 1},
                 {"cluster_name": "order-db", "priority": 2}]
    ended = shop.server.ended(batch(shop, "ordered", concurrency=1, databases=databases))
    assert ended["status"] == "SUCCEEDED", ended
    spans = starts(shop, "ordered")
    assert overlap_most(spans) == 1
    assert [next(n for n in NAMES if n in span[2]) for span in spans] == ["product-db", "order-db", "customer-db"]


def test_starts_are_staggered(shop):
    ended = shop.server.ended(batch(shop, "staggered", concurrency=3, stagger_seconds=2))
    assert ended["status"] == "SUCCEEDED", ended
    begins = [begin for begin, _, _ in starts(shop, "staggered")]
    assert all(later - earlier >= 1.9 for earlier, later in zip(begins, begins[1:]))


def test_failures_are_reported_and_only_they_run_again(shop):
    snapshots = shop.east / "snapshots" / "product-db"
    shutil.move(snapshots, shop.directory / "aside")
    try:
        ended = shop.server.ended(batch(shop, "partial", concurrency=2, snapshot_date="2024-11-19"))
    finally:
        shutil.move(shop.directory / "aside", snapshots)
    assert ended["status"] == "FAILED" and "2/3 restored" in ended["cause"] and "product-db" in ended["cause"], json.dumps(report(shop, "partial")["results"])
    rows = {row["database"]: row for row in report(shop, "partial")["results"]}
    assert rows["product-db"]["status"] == "FAILED" and rows["product-db"]["attempts"] == 1
    assert rows["customer-db"]["status"] == rows["order-db"]["status"] == "SUCCEEDED"
    again = shop.server.invoke("pawl-batch-failed", {"batch_id": "partial"})
    ended = shop.server.ended(shop.server.start_execution("restore-batch", {**again, "batch_id": "again"}, "again"))
    assert ended["status"] == "SUCCEEDED", ended
    assert [row["database"] for row in report(shop, "again")["results"]] == ["product-db"]


def test_a_batch_may_stop_at_the_first_failure(shop):
    snapshots = shop.east / "snapshots" / "customer-db"
    shutil.move(snapshots, shop.directory / "aside")
    try:
        ended = shop.server.ended(batch(shop, "stopping", concurrency=1, on_failure="stop", snapshot_date="2024-11-19"))
    finally:
        shutil.move(shop.directory / "aside", snapshots)
    assert ended["status"] == "FAILED"
    assert len(starts(shop, "stopping")) == 1
    rows = {row["database"]: row["status"] for row in report(shop, "stopping")["results"]}
    assert rows["customer-db"] == "FAILED" and "SUCCEEDED" not in rows.values()


@pytest.mark.parametrize("members, words", [
    ({"concurrency": 0}, "1"), ({"concurrency": 11}, "10"), ({"databases": []}, "databases"),
    ({"databases": ["customer-db", "customer-db"]}, "customer-db"), ({"snapshot_date": "soon"}, "YYYY-MM-DD"),
    ({"databases": ["nobody-db"]}, "nobody-db"), ({"on_failure": "panic"}, "continue"), ({"tries": 0}, "tries"),
])
def test_bad_batches_are_refused_before_anything_starts(shop, members, words):
    with pytest.raises(ServiceError) as refused:
        shop.server.invoke("pawl-batch-plan", {"databases": list(NAMES), "target_region": "us-west-2", **members})
    code = "Restore.NotFound" if words == "nobody-db" else "Restore.InvalidInput"
    assert refused.value.code == code and words in refused.value.message


def test_a_batch_survives_the_death_of_the_server(shop):
    arn = batch(shop, "survivor", concurrency=2)
    eventually(lambda: starts_begun(shop, "survivor"), "the first restore has begun")
    shop.server.kill()
    shop.start()
    ended = shop.server.ended(arn)
    assert ended["status"] == "SUCCEEDED", json.dumps(report(shop, "survivor")["results"])
    assert len(starts(shop, "survivor")) == 3
    assert report(shop, "survivor")["message"] == "3/3 restored"


def starts_begun(shop, prefix):
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:restore"
    return [e for e in shop.server.call("ListExecutions", stateMachineArn=arn)["executions"] if e["name"].startswith(prefix)]


def test_a_stopped_batch_says_what_it_left_and_that_can_be_run(shop):
    arn = batch(shop, "halted", concurrency=1)
    eventually(lambda: starts_begun(shop, "halted"), "the first restore has begun")
    with pytest.raises(ServiceError, match="has not ended"):
        shop.server.invoke("pawl-batch-failed", {"batch_id": "halted"})
    shop.server.call("StopExecution", executionArn=arn)
    told = report(shop, "halted")
    assert told["message"] == "0/3 restored; stopped: customer-db; not started: product-db, order-db"
    again = shop.server.invoke("pawl-batch-failed", {"batch_id": "halted"})
    assert [database["cluster_name"] for database in again["databases"]] == list(NAMES)
