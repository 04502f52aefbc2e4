"""Says how many test cases ran, over all runners: count_cases.py RESULTS_DIRECTORY."""
import pathlib
import sys
import xml.etree.ElementTree as xml


def cases(path):
    for case in xml.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            yield "failed", case, ""
        elif case.find("skipped") is not None or case.get("status") in ("disabled", "notrun"):
            skipped = case.find("skipped")
            yield "skipped", case, (skipped.get("message") or "" if skipped is not None else "")
        else:
            yield "passed", case, ""


def main():
    results = pathlib.Path(sys.argv[1])
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    python_files = sorted(results.glob("pytest-*.xml"))
    ctest = results / "ctest.xml"
    for path in ([ctest] if ctest.exists() else []) + python_files:
        for outcome, case, why in cases(path):
            # A file of pytest is counted by its own cases.
            if path == ctest and case.get("name", "").startswith("python/"):
                continue
            counts[outcome] += 1
            if outcome != "passed":
                print(f"{outcome}: {case.get('classname')} {case.get('name')} {why}".rstrip())
    print(f"test cases: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")


main()
