"""Recorded behaviour of others, where it lies beside the clone: no score may fall below the last one landed.

The corpus is no part of the project. `PAWL_CONFORMANCE` names its folder; PAWL_UPDATE_RATCHET=1 writes the scores down.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

from harness import PROGRAM, ROOT, Server

CORPUS = pathlib.Path(os.environ.get("PAWL_CONFORMANCE", ROOT.parent / "shared" / "conformance"))
RATCHET = ROOT / "tests" / "ratchet.json"
SCORE = re.compile(r"^(\w+) +(\w+) +(\d+)/\d+ ", re.MULTILINE)


def runner(name):
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"missing: the recorded cases, {path}")
    return [sys.executable, path]


def holds(scores):
    landed = json.loads(RATCHET.read_text())
    if os.environ.get("PAWL_UPDATE_RATCHET"):
        landed.update(scores)
        RATCHET.write_text(json.dumps(landed, indent=2, sort_keys=True) + "\n")
    fallen = {name: f"{scores.get(name, 0)}, was {best}" for name, best in landed.items()
              if name.split()[0] in {score.split()[0] for score in scores} and scores.get(name, 0) < best}
    assert scores and fallen == {}


def test_step_functions_behaves_as_recorded(tmp_path):
    command = runner("asl/run_case.py")
    server = Server(tmp_path).start()
    try:
        played = subprocess.run([*command, "--endpoint", server.url, "--have", "sfn", "--cases", CORPUS / "asl/cases/*.json"],
                                capture_output=True, text=True, timeout=500)
    finally:
        server.terminate()
    assert played.returncode == 0, played.stderr[-2000:]
    holds({f"{kind} {level}": int(passed) for kind, level, passed in SCORE.findall(played.stdout)})


def test_jsonata_answers_as_its_reference(tmp_path):
    played = subprocess.run([*runner("jsonata/run.py"), "--command", f"{PROGRAM} eval"], capture_output=True, text=True, timeout=300)
    found = re.search(r"^(\d+) passed, \d+ failed$", played.stdout, re.MULTILINE)
    assert found, played.stderr[-2000:]
    holds({"jsonata cases": int(found[1])})
