"""kill -9 of the server at every named moment of a restore, and at random ones: the old database or the verified new one
answers at every moment, never neither, never an unverified one, and the restore ends well after a start."""
import contextlib
import http.client
import random
import re
import shutil
import threading
import time

import pytest
from fleet import contents, fleet, psql
from harness import ROOT, ServiceError, execution_arn

MOMENTS = re.findall(r'"([a-z-]+:[a-z-]+)"', (ROOT / "src" / "restore" / "moments.h").read_text())


class Watcher:
    """Asks the endpoint without pause what it serves; anything but the old or the new rows is a failure."""

    def __init__(self, port, allowed):
        self.port, self.allowed, self.wrong, self.answers = port, allowed, [], 0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.stop.is_set():
            result = psql("127.0.0.1", self.port, "SELECT max(id) FROM sales.customer", user="app",
                          password="app password", check=False)
            if result.returncode == 0 and result.stdout.strip() in self.allowed:
                self.answers += 1
            # A connection that was open on the old server when it was stopped may break; a new one may not.
            elif "terminating connection" not in result.stderr:
                self.wrong.append(result.stdout + result.stderr)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


@pytest.fixture(scope="module")
def shop():
    with fleet("customer-db", rows=500) as one:
        one.start()
        cluster = one.clusters["customer-db"]
        one.snapshot("customer-db", "2024-11-01")
        one.server.ended(one.restore("customer-db", "old"))
        one.port = one.report("old")["endpoint"]["port"]
        cluster.sql("INSERT INTO sales.customer VALUES (777777, 'new')")
        one.snapshot("customer-db", "2024-11-02")
        one.new = contents(cluster.socket, cluster.port)
        yield one


def test_there_are_moments_to_die_at():
    assert len(MOMENTS) >= 12 and len(set(MOMENTS)) == len(MOMENTS)


def forget_the_copy(shop):
    """So that every restore copies again, whatever an earlier one left in the target region."""
    for place in ("snapshots", "archive"):
        shutil.rmtree(shop.west / place, ignore_errors=True)


def begin(shop, name, **switches):
    """Starts the restore; twice is once, by its name. The server may die before it has answered."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        with contextlib.suppress(ServiceError):
            return shop.restore("customer-db", name, snapshot_date="2024-11-02", **switches)
    return execution_arn("restore", name)


@pytest.mark.parametrize("moment", MOMENTS)
def test_dying_at(shop, moment):
    name = "at-" + moment.replace(":", "-")
    # There is a copy to clean up only where it was not archived.
    switches = {"archive": False, "cleanup_snapshot": True} if moment.startswith("cleanup") else {}
    forget_the_copy(shop)
    shop.server.terminate()
    shop.start({"PAWL_CRASH_AT": moment})
    with Watcher(shop.port, {"500", "777777"}) as watcher:
        begin(shop, name, **switches)
        assert shop.server.wait_dead() == -9, "the moment was never reached"
        shop.start()
        arn = begin(shop, name, **switches)
        ended = shop.server.ended(arn)
    assert ended["status"] == "SUCCEEDED", ended
    assert watcher.wrong == [] and watcher.answers > 0
    assert shop.instance("customer-db").name == name
    assert contents("127.0.0.1", shop.port, user="app", password="app password") == shop.new
    report = shop.report(name)
    assert report["status"] == "SUCCEEDED"


@pytest.mark.parametrize("seed", range(4))
def test_dying_at_random_moments(shop, seed):
    generator = random.Random(seed)
    forget_the_copy(shop)
    name = f"random-{seed}"
    with Watcher(shop.port, {"500", "777777"}) as watcher:
        arn = shop.restore("customer-db", name, snapshot_date="2024-11-02")
        for _ in range(4):
            time.sleep(generator.uniform(0.02, 0.6))
            shop.server.kill()
            shop.start()
        ended = shop.server.ended(arn)
    assert ended["status"] == "SUCCEEDED", ended
    assert watcher.wrong == [] and watcher.answers > 0
    assert contents("127.0.0.1", shop.port, user="app", password="app password") == shop.new


def test_instances_of_dead_runs_do_not_pile_up(shop):
    assert shop.server.ended(shop.restore("customer-db", "last", snapshot_date="2024-11-02"))["status"] == "SUCCEEDED"
    # What serves, what it replaced, and what that one had replaced until the swap.
    assert len(list((shop.west / "instances").iterdir())) <= 3
    assert [p.parent.parent.name for p in (shop.west / "instances").glob("*/data/postmaster.pid")] == ["last"]
