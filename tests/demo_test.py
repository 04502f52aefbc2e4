"""The README's first command: the demo restores a fleet, also when the server is killed, and leaves nothing behind."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

from harness import ROOT, eventually


@pytest.fixture(autouse=True)
def place(monkeypatch):
    """Where the demo makes its folder: one of its own, in which another demo does not count, with a name short enough for sockets."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="dm-", dir="/tmp"))
    path.chmod(0o755)  # its servers run as another user
    monkeypatch.setenv("TMPDIR", str(path))
    yield path
    left = [each.name for each in path.iterdir()]
    shutil.rmtree(path)
    assert not left, "the demo has left something behind"


def made_in(place):
    return next(iter(place.glob("pawl.*")), None)


def processes_of(directory):
    return subprocess.run(["pgrep", "-f", str(directory)], capture_output=True, text=True).stdout.split()


def test_the_demo_restores_what_the_snapshots_hold_and_cleans_up(tmp_path):
    report_file = tmp_path / "report.json"
    result = subprocess.run([ROOT / "script" / "demo", "--crash", "--json", report_file], capture_output=True, text=True, timeout=400)
    assert result.returncode == 0, result.stderr[-3000:]
    report = json.loads(report_file.read_text())
    assert report["killed_with_9"] and report["message"] == "3/3 restored"
    assert {name: row["equal"] for name, row in report["compared"].items()} == {
        "customer-db": True, "product-db": True, "order-db": True}
    for operation in report["operations"]:
        # A step that may fail without failing the restore, such as archiving, is part of the demo too.
        assert {step["step"]: step["status"] for step in operation["steps"] if step["status"] != "SUCCESS"} == {}
        assert operation["bytes"] > 30_000_000 and operation["rows"] > 100_000 and operation["users"] == ["app", "readonly"]
        assert operation["endpoint"]["port"] and all(step["seconds"] >= 0 for step in operation["steps"])


def test_a_call_of_the_demo_that_is_wrong_says_what_is_and_begins_nothing():
    for words, told in ((["--remove"], "--remove needs an argument"), (["--json"], "--json needs an argument"),
                        (["--size", "0"], "120MB is the least"), (["--size", "many"], "is no number of bytes"),
                        (["--json", "/nonexist/x.json"], "cannot be written"), (["--json", "/tmp"], "cannot be written")):
        wrong = subprocess.run([ROOT / "script" / "demo", *words], capture_output=True, text=True, timeout=20)
        assert wrong.returncode == 2 and wrong.stderr.startswith("demo: ") and told in wrong.stderr, wrong.stderr


def test_an_interrupted_demo_cleans_up_too(place):
    demo = subprocess.Popen([ROOT / "script" / "demo"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                            start_new_session=True)
    made = eventually(lambda: made_in(place), "the demo has begun")
    time.sleep(3)
    os.killpg(demo.pid, signal.SIGINT)
    demo.communicate(timeout=60)
    assert demo.returncode != 0
    eventually(lambda: not processes_of(made), "its processes have ended", 20)


def test_a_kept_demo_says_where_it_is_and_its_removal_what_it_does(place):
    kept = subprocess.run([ROOT / "script" / "demo", "--keep"], capture_output=True, text=True, timeout=400)
    directory = made_in(place)
    try:
        assert kept.returncode == 0, kept.stderr[-3000:]
        end = kept.stderr[kept.stderr.index("everything is left running"):]
        assert "export PAWL_SERVER=http://127.0.0.1:" in end and f"{directory}/pawl.toml" in end
    finally:
        removed = subprocess.run([ROOT / "script" / "demo", "--remove", directory], capture_output=True, text=True, timeout=120)
    assert removed.returncode == 0 and f"stopping what runs in {directory}" in removed.stderr and "removed" in removed.stderr
    assert not processes_of(directory)


def test_the_demo_of_array_runs_verifies_every_result_and_cleans_up(tmp_path):
    report_file = tmp_path / "report.json"
    words = ["arrays", "--ids", "400", "--nodes", "20", "--json", report_file]
    result = subprocess.run([ROOT / "script" / "demo", *words], capture_output=True, text=True, timeout=400)
    assert result.returncode == 0, result.stderr[-3000:]
    assert "verified: 400 ids, 200000 points, 20 nodes" in result.stdout
    report = json.loads(report_file.read_text())
    assert (report["ids"], report["nodes"], report["children"]) == (400, 20, 60) and report["server_megabytes_max"] < 300


def test_a_wrong_call_of_the_demo_of_array_runs_begins_nothing(place):
    for words, told in ((["--nodes", "many"], "from 1 to 5000000"), (["--nodes", "0"], "from 1 to 5000000"),
                        (["--ids", "0"], "from 1 to 5000000"), (["--ids", "10001", "--nodes", "1"], "more than 10000 a node")):
        wrong = subprocess.run([ROOT / "script" / "demo", "arrays", *words], capture_output=True, text=True, timeout=20)
        assert wrong.returncode == 2 and told in wrong.stderr and "==" not in wrong.stderr, wrong.stderr
    assert made_in(place) is None


def test_a_kept_demo_of_array_runs_is_removed_by_the_line_that_it_prints(place):
    words = ["arrays", "--ids", "4", "--nodes", "2", "--keep"]
    kept = subprocess.run([ROOT / "script" / "demo", *words], capture_output=True, text=True, timeout=400)
    assert kept.returncode == 0, kept.stderr[-3000:]
    line = kept.stderr[kept.stderr.index("remove it:"):].split()[2:]
    removed = subprocess.run([ROOT / line[0], *line[1:]], capture_output=True, text=True, timeout=120)
    assert removed.returncode == 0 and "removed" in removed.stderr, removed.stderr
    assert not pathlib.Path(line[-1]).exists() and not processes_of(line[-1])
