"""Recorded behaviour of others, where it lies beside the clone: no score may fall below the last one landed.

The corpus is no part of the project. `PAWL_CONFORMANCE` names its folder; PAWL_UPDATE_RATCHET=1 writes the scores down.
"""
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

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


def kind_of(score):
    return score.rsplit(" ", 1)[0]


def fallen(scores):
    """What is below the score landed last, among the kinds that were played."""
    landed, kinds = json.loads(RATCHET.read_text()), {kind_of(name) for name in scores}
    return {name: f"{scores.get(name, 0)}, was {best}" for name, best in landed.items()
            if kind_of(name) in kinds and scores.get(name, 0) < best}


def holds(play):
    scores = play()
    if os.environ.get("PAWL_UPDATE_RATCHET"):
        landed = {**json.loads(RATCHET.read_text()), **scores}
        RATCHET.write_text(json.dumps(landed, indent=2, sort_keys=True) + "\n")
    # Cases are played side by side, and some list all there is: what fell is played once more.
    if fallen(scores):
        scores = {name: max(count, scores.get(name, 0)) for name, count in play().items()}
    assert scores and fallen(scores) == {}


def play_cases(directory, *options, config=None, name=""):
    server = Server(pathlib.Path(tempfile.mkdtemp(dir=directory)), config).start()
    try:
        played = subprocess.run([*runner("asl/run_case.py"), "--endpoint", server.url, "--cases", CORPUS / "asl/cases/*.json", *options],
                                capture_output=True, text=True, timeout=250)
    finally:
        server.terminate()
    assert played.returncode == 0, played.stderr[-2000:]
    return {f"{name}{kind} {level}": int(passed) for kind, level, passed in SCORE.findall(played.stdout)}


def test_step_functions_behaves_as_recorded(tmp_path):
    runner("asl/run_case.py")
    holds(lambda: play_cases(tmp_path, "--have", "sfn"))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_other_services_are_called_as_recorded(tmp_path):
    runner("asl/run_case.py")
    services, port = ["lambda", "sqs", "s3"], free_port()
    config = tmp_path / "pawl.toml"
    endpoints = "".join(f'{service} = "http://127.0.0.1:{port}"\n' for service in services)
    # Some of these cases are about the service's limit on results.
    config.write_text(f"[endpoints]\n{endpoints}[limits]\nstrict_aws = true\n")
    holds(lambda: play_cases(tmp_path, "--have", ",".join(["sfn", *services]), "--mock-port", str(port),
                             config=config, name="with services: "))


def test_jsonata_answers_as_its_reference():
    command = runner("jsonata/run.py")

    def play():
        played = subprocess.run([*command, "--command", f"{PROGRAM} eval"], capture_output=True, text=True, timeout=250)
        found = re.search(r"^(\d+) passed, \d+ failed$", played.stdout, re.MULTILINE)
        assert found, played.stderr[-2000:]
        return {"jsonata cases": int(found[1])}

    holds(play)
