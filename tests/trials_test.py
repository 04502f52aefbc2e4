"""`pawl test` with cases that are not there."""
import subprocess

import pytest

from harness import PROGRAM, ROOT

MOCKS = ROOT / "docs" / "examples" / "orders.mocks.json"


@pytest.mark.parametrize("wanted, hint", [
    ("Declned", 'Did you mean "Declined"?'),
    ("orders#Declned", 'Did you mean "orders#Declined"?'),
    ("zzz", "There are orders#EverythingOnStock, orders#BusyThenCharged, orders#Declined."),
])
def test_a_case_that_is_not_there_is_refused_with_those_that_are(wanted, hint):
    ran = subprocess.run([PROGRAM, "test", MOCKS, "--case", wanted], capture_output=True, text=True, timeout=60,
                         stdin=subprocess.DEVNULL)
    assert ran.returncode == 2, ran.stderr
    assert f'there is no case "{wanted}"' in ran.stderr and hint in ran.stderr


def test_one_blank_line_is_between_the_tables():
    ran = subprocess.run([PROGRAM, "test", MOCKS], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    coverage = next(at for at, line in enumerate(lines) if line.startswith("MACHINE") and "RETRIERS" in line)
    assert lines[coverage - 1] == "" and lines[coverage - 2] != ""
