"""The rooms of src/ use each other in one direction only: every #include is held to the table in src/CMakeLists.txt,
and that table to the one in docs/architecture.md."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
# The quiet rooms know no clock, no disk, no thread.
QUIET = ["base", "json", "asl", "execution", "trials"]
LOUD_HEADERS = ["thread", "mutex", "filesystem", "fstream", "random", "unistd.h", "sys/stat.h", "fcntl.h"]
# base has the log line and the clock's format; nothing else in the quiet rooms may.
QUIET_EXCEPTIONS = {("base/log.cc", "unistd.h")}


def declared_rooms():
    text = (SOURCES / "CMakeLists.txt").read_text()
    rooms = {}
    for name, rest in re.findall(r"^room\((\w+)([^)]*)\)", text, re.M):
        uses = re.search(r"USES ([\w\s]+?)(?:WITH|LABEL|$)", rest.strip())
        rooms[name] = set(uses.group(1).split()) if uses else set()
    return rooms


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'#include [<"]([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1)


def room_files(room):
    return [p for p in (SOURCES / room).rglob("*") if p.suffix in (".h", ".cc")]


def test_every_folder_is_a_declared_room():
    folders = {p.name for p in SOURCES.iterdir() if p.is_dir()}
    assert folders == set(declared_rooms()) | {"daemon"}


def test_includes_follow_the_declared_directions():
    rooms = declared_rooms()
    wrong = []
    for room, uses in rooms.items():
        for path in room_files(room):
            for number, header in includes(path):
                target = header.split("/")[0]
                if "/" in header and target in rooms | {"daemon": 0} and target != room and target not in uses:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {room} may not use {target}")
    assert not wrong, "\n".join(wrong)


def test_rooms_point_one_way():
    rooms = declared_rooms()
    order = list(rooms)
    for room, uses in rooms.items():
        later = [used for used in uses if order.index(used) >= order.index(room)]
        assert not later, f"{room} uses {later}, which stand after it"


def test_quiet_rooms_know_no_clock_no_disk_no_thread():
    loud = []
    for room in QUIET:
        for path in room_files(room):
            if path.name.endswith("_test.cc"):
                continue
            for number, header in includes(path):
                if header in LOUD_HEADERS and (f"{room}/{path.name}", header) not in QUIET_EXCEPTIONS:
                    loud.append(f"{path.relative_to(ROOT)}:{number}: {header}")
    assert not loud, "\n".join(loud)


def test_the_documentation_has_the_same_table():
    text = (ROOT / "docs" / "architecture.md").read_text()
    documented = {}
    for name, uses in re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|$", text, re.M):
        documented[name] = set() if uses.strip() == "–" else set(re.findall(r"\w+", uses))
    always = {"base", "json"}
    for room, uses in declared_rooms().items():
        assert room in documented, f"docs/architecture.md has no row for {room}"
        assert documented[room] - always == uses - always, f"{room}: {documented[room]} documented, {uses} declared"
