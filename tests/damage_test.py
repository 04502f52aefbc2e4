"""Damaged snapshots, full disks and dead servers: the restore fails with a clear error and the old database serves on."""
import json
import os
import pathlib
import subprocess
import time

import pytest
from fleet import contents, fleet, psql
from harness import eventually


@pytest.fixture(scope="module")
def shop():
    with fleet("customer-db") as one:
        one.start()
        cluster = one.clusters["customer-db"]
        one.before = contents(cluster.socket, cluster.port)
        one.snapshot("customer-db", "2024-11-01")
        one.server.ended(one.restore("customer-db", "old"))
        one.port = one.report("old")["endpoint"]["port"]
        cluster.sql("INSERT INTO sales.customer VALUES (5000, 'later')")
        yield one


def old_serves(shop):
    return contents("127.0.0.1", shop.port, user="app", password="app password") == shop.before


def snapshot_for(shop, date):
    shop.snapshot("customer-db", date)
    return shop.east / "snapshots" / "customer-db" / date / "data"


def fails(shop, name, date):
    ended = shop.server.ended(shop.restore("customer-db", name, snapshot_date=date))
    assert ended["status"] == "FAILED", ended
    assert old_serves(shop)
    # Nothing of the failed restore stays behind, and the target is free again.
    assert not (shop.west / "instances" / name / "data").exists()
    return ended["error"], ended["cause"]


def largest(directory):
    return max((p for p in directory.glob("base/*/*") if p.is_file()), key=lambda p: p.stat().st_size)


def test_one_flipped_bit_is_found(shop):
    victim = largest(snapshot_for(shop, "2024-11-02"))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    error, cause = fails(shop, "flipped", "2024-11-02")
    assert error == "Restore.Corrupt" and victim.name in cause


def test_a_truncated_file_is_found(shop):
    victim = largest(snapshot_for(shop, "2024-11-03"))
    os.truncate(victim, victim.stat().st_size - 8192)
    error, cause = fails(shop, "truncated", "2024-11-03")
    assert error == "Restore.Corrupt" and victim.name in cause


def test_missing_wal_is_found_and_named(shop):
    wal = snapshot_for(shop, "2024-11-04") / "pg_wal"
    segments = sorted(p for p in wal.iterdir() if p.is_file() and len(p.name) == 24)
    assert segments
    segments[0].unlink()
    error, cause = fails(shop, "no-wal", "2024-11-04")
    assert error == "Restore.Corrupt" and segments[0].name in cause


def test_a_missing_file_is_found(shop):
    victim = largest(snapshot_for(shop, "2024-11-05"))
    victim.unlink()
    error, cause = fails(shop, "missing", "2024-11-05")
    assert error == "Restore.Corrupt" and victim.name in cause


@pytest.mark.skipif(os.getuid() == 0, reason="missing: a user other than root, whom modes do not bind")
def test_unreadable_snapshots_are_named(shop):
    victim = largest(snapshot_for(shop, "2024-11-06"))
    victim.chmod(0)
    error, cause = fails(shop, "unreadable", "2024-11-06")
    assert error == "Restore.PermissionDenied" and victim.name in cause


def test_after_all_that_a_good_snapshot_restores(shop):
    cluster = shop.clusters["customer-db"]
    now = contents(cluster.socket, cluster.port)
    shop.snapshot("customer-db", "2024-11-20")
    ended = shop.server.ended(shop.restore("customer-db", "good-again"))
    assert ended["status"] == "SUCCEEDED", ended
    assert contents("127.0.0.1", shop.port, user="app", password="app password") == now


def test_the_restored_server_dying_before_the_swap_is_survived(shop):
    before = contents("127.0.0.1", shop.port, user="app", password="app password")
    shop.server.terminate()
    shop.start({"PAWL_PAUSE_AT": "users:done:3000"})
    arn = shop.restore("customer-db", "postgres-dies")
    pid_file = shop.west / "instances" / "postgres-dies" / "data" / "postmaster.pid"
    audit = shop.west / "operations" / "postgres-dies" / "state.json"
    eventually(lambda: audit.exists() and "available" in audit.read_text(), "the new server answers")
    os.kill(int(pid_file.read_text().split()[0]), 9)
    ended = shop.server.ended(arn)
    serving = contents("127.0.0.1", shop.port, user="app", password="app password")
    assert serving == before if ended["status"] == "FAILED" else serving
    if ended["status"] == "SUCCEEDED":
        assert shop.instance("customer-db").name == "postgres-dies"
    shop.server.terminate()
    shop.start()


@pytest.mark.skipif(os.getuid() != 0, reason="missing: root, to mount a small file system")
def test_a_full_disk_fails_cleanly_and_later_works(tmp_path_factory):
    with fleet("customer-db") as one:
        one.west.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=0755", "tmpfs", str(one.west)], capture_output=True)
        if mounted.returncode != 0:
            pytest.skip("missing: the right to mount a tmpfs")
        try:
            one.start()
            one.snapshot("customer-db", "2024-11-01")
            ended = one.server.ended(one.restore("customer-db", "too-big"))
            assert (ended["status"], ended["error"]) == ("FAILED", "Restore.OutOfSpace"), ended
            subprocess.run(["mount", "-o", "remount,size=400m", str(one.west)], check=True)
            assert one.server.ended(one.restore("customer-db", "fits"))["status"] == "SUCCEEDED"
            one.server.kill()
            one.stop()
        finally:
            time.sleep(0.2)
            subprocess.run(["umount", "-l", str(one.west)], check=True)


def test_a_space_limit_is_honoured_before_anything_is_written():
    with fleet("customer-db") as one:
        one.space_limit = {"us-west-2": "5MB"}
        one.start()
        one.snapshot("customer-db", "2024-11-01")
        ended = one.server.ended(one.restore("customer-db", "over-limit"))
        assert (ended["status"], ended["error"]) == ("FAILED", "Restore.OutOfSpace"), ended
        written = sum(p.stat().st_size for p in one.west.rglob("*") if p.is_file())
        assert written < 5_000_000
        told = [one.server.pawl("restore", verb, "customer-db", "--to", "us-west-2") for verb in ("plan", "run")]
        assert [refused.returncode for refused in told] == [5, 5]
        assert told[0].stderr == told[1].stderr and "not enough space in us-west-2" in told[0].stderr
