"""The command line in front of a real server: what a newcomer types, wrong and right."""
import json
import os
import subprocess

import pytest

from fleet import BIN, as_account, fleet, psql
from harness import PROGRAM


@pytest.fixture(scope="module")
def shop():
    with fleet("customer-db") as one:
        one.start()
        one.snapshot("customer-db", "2024-11-19")
        yield one


def pawl(shop, *words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PAWL_SERVER": shop.server.url})


def executions(shop):
    return json.loads(pawl(shop, "execution", "list", "--json").stdout)


@pytest.mark.parametrize("words, code, message, hint", [
    (["custmer-db"], 3, 'no cluster "custmer-db"', 'Did you mean "customer-db"?'),
    (["customer-db", "--to", "us-wets-2"], 3, 'no region "us-wets-2"', 'Did you mean "us-west-2"?'),
    (["customer-db", "--date", "2024-02-30"], 2, "neither YYYY-MM-DD nor latest", ""),
    (["customer-db", "--date", "2024-11-18"], 3, "no snapshot of customer-db of 2024-11-18", "2024-11-19"),
    (["customer-db", "--from", "us-west-2"], 3, "no snapshot of customer-db in us-west-2", "none of it in us-west-2"),
])
def test_what_cannot_begin_is_refused_before_it_is_started(shop, words, code, message, hint):
    answers = [pawl(shop, "restore", *verb, *words) for verb in (["plan"], ["run"], ["run", "--tries", 1])]
    for answer in answers:
        assert answer.returncode == code, answer.stderr
        assert message in answer.stderr and hint in answer.stderr
        assert answer.stderr == answers[0].stderr
    assert executions(shop) == []


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


def test_the_server_logs_a_restore_by_its_steps_without_secrets(shop):
    log = shop.server.log.read_text()
    mine = [line for line in log.splitlines() if "operation=pasted" in line]
    assert any('msg="restore started"' in line and "snapshot=2024-11-19" in line for line in mine)
    assert any('msg="restore step done"' in line and "step=verify-restore" in line for line in mine)
    assert any('msg="restored and serving"' in line and "target=customer-db" in line and "seconds=" in line
               for line in mine)
    assert "app password" not in log


def test_a_restored_database_is_stopped_started_and_removed(shop):
    def answers():
        return psql("127.0.0.1", shop.report("pasted")["endpoint"]["port"], "SELECT 1", user="app",
                    password="app password", check=False).returncode == 0

    assert answers()
    assert pawl(shop, "restore", "stop", "customer-db").returncode == 0
    assert not answers()
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
