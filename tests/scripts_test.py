"""The scripts of script/, as somebody meets them who has just cloned this."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(path.name for path in (ROOT / "script").iterdir() if path.is_file() and os.access(path, os.X_OK))


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_installs_and_builds_nothing(script, tmp_path):
    # Whatever a script calls to do something is another one of them, which only notes that it was called.
    for folder in ("script", "bench"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    called = tmp_path / "called"
    for other in {"bootstrap", "build"} - {script}:
        (tmp_path / "script" / other).write_text(f"#!/bin/sh\necho {other} >>'{called}'\nexit 1\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    for program in ("apt-get", "cmake", "ninja", "npm", "sudo", "clang-format-14", "ctest"):
        (programs / program).write_text(f"#!/bin/sh\necho {program} >>'{called}'\nexit 1\n")
        (programs / program).chmod(0o755)
    for option in ("--help", "-h"):
        asked = subprocess.run([tmp_path / "script" / script, option], capture_output=True, text=True, timeout=60, cwd="/",
                               env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"})
        assert not called.exists(), called.read_text()
        assert asked.returncode == 0 and asked.stderr == "", asked.stderr
        assert "script/" in asked.stdout or f"usage: {script}" in asked.stdout
    assert not (tmp_path / "build").exists()
