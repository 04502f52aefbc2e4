"""On a file system that shares blocks a restore copies nothing, and what it restores is as good."""
import os
import shutil
import subprocess
import time

import pytest
from fleet import contents, fleet, psql


def mount_xfs(image, place):
    """Whether the directory is now an XFS file system of its own."""
    with open(image, "wb") as file:
        file.truncate(600 << 20)
    commands = (["mkfs.xfs", "-q", "-m", "reflink=1", str(image)], ["mount", "-o", "loop", str(image), str(place)])
    return all(subprocess.run(command, capture_output=True).returncode == 0 for command in commands)


def shares(directory):
    """What part of the bytes of the files below is in files that share blocks with others."""
    files = [path for path in directory.rglob("*") if path.is_file() and path.stat().st_size > 0]
    subprocess.run(["sync", "-f", str(directory)], check=True)
    told = subprocess.run(["filefrag", "-v", *map(str, files)], capture_output=True, text=True, check=True).stdout
    sharing = {block.split(" is ", 1)[0] for block in told.split("File size of ")[1:] if "shared" in block}
    return sum(path.stat().st_size for path in files if str(path) in sharing) / sum(path.stat().st_size for path in files)


def restored(one, operation):
    """What the endpoint shows once the snapshot has been restored again."""
    assert one.server.ended(one.restore("customer-db", operation, archive=False))["status"] == "SUCCEEDED"
    return contents("127.0.0.1", one.report(operation)["endpoint"]["port"], user="app", password="app password")


@pytest.mark.skipif(os.getuid() != 0, reason="missing: root, to mount a file system")
@pytest.mark.skipif(not shutil.which("mkfs.xfs"), reason="missing: mkfs.xfs (package xfsprogs)")
@pytest.mark.skipif(not shutil.which("filefrag"), reason="missing: filefrag (package e2fsprogs)")
def test_a_restore_on_xfs_shares_the_blocks_of_its_snapshot():
    with fleet("customer-db", rows=20_000) as one:
        one.west.mkdir()
        if not mount_xfs(one.directory / "xfs.image", one.west):
            pytest.skip("missing: XFS in the kernel, or the right to mount it")
        try:
            cluster = one.clusters["customer-db"]
            one.start()
            moment = contents(cluster.socket, cluster.port)
            one.snapshot("customer-db", "2024-11-01")
            cluster.sql("UPDATE stock.item SET label = 'later'")
            request = {"cluster_name": "customer-db", "target_region": "us-west-2", "archive": False}
            plan = one.server.invoke("pawl-restore-plan", request)
            assert plan["restore"]["shares_blocks"] is True
            assert "share the blocks of" in str(plan["steps"])
            assert restored(one, "first") == moment
            # The files that PostgreSQL has written to since are its own.
            assert shares(one.instance("customer-db") / "data" / "base") > 0.5
            # What is written to them is not written into the snapshot.
            socket = one.endpoint_socket("customer-db")
            port = next(socket.glob(".s.PGSQL.*[0-9]")).name.rsplit(".", 1)[1]
            psql(socket, port, "UPDATE stock.item SET label = 'written over'; CHECKPOINT")
            assert restored(one, "second") == moment
        finally:
            one.stop()
            time.sleep(0.2)
            subprocess.run(["umount", "-l", str(one.west)], check=True)
