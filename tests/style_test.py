"""The size budget and the habits of the house, held by a ratchet: an exception below may shrink or go, never grow."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE_LINES_MAX = 600
HEADER_LINES_MAX = 200
LINE_COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70
FOLDER_FILES_MAX = 45

BANNED = {
    r"\bthrow\b": "errors are values; see docs/architecture.md",
    r"\bTODO\(now\)": "may not be merged",
    r"\busing namespace\b": "name what you use",
    r"\b(?:fork|vfork)\(\)": "never fork the server; world::Processes spawns",
    r"\bstd::(?:cout|cerr)\b": "the log or the output of a verb prints",
}
BANNED_NAMES = re.compile(r"(Manager|Helper|Util|Impl)\b")


def sources():
    for folder in ("src", "sim", "bench", "tests"):
        yield from (p for p in (ROOT / folder).rglob("*") if p.suffix in (".h", ".cc"))


def code_lines(path):
    """The lines with string literals and comments taken out."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        yield number, re.sub(r'"(?:[^"\\]|\\.)*"', '""', line).split("//")[0]


def test_files_are_small():
    large = []
    for path in sources():
        lines = len(path.read_text().splitlines())
        limit = HEADER_LINES_MAX if path.suffix == ".h" else FILE_LINES_MAX
        if lines > limit:
            large.append(f"{path.relative_to(ROOT)}: {lines} lines, {limit} allowed")
    assert not large, "\n".join(large)


def test_lines_are_short():
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LINE_COLUMNS_MAX and 'R"' not in line and "https://" not in line
    ]
    assert not long, "\n".join(long)


def functions(path):
    """(name line, length) of function bodies: from a line at column 0 that ends in '{' to the '}' at column 0."""
    begin, head = None, ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if begin is None and line.endswith("{") and line[:1] not in (" ", "}", "#", "/") and "(" in line + head:
            if not re.match(r"(namespace|class|struct|enum|union|extern|using|template)\b", line):
                begin = number
        elif begin is not None and line.startswith("}"):
            yield begin, number - begin + 1
            begin = None
        head = line if not line.endswith((";", "}", "{")) else ""


def test_functions_are_short():
    long = [
        f"{path.relative_to(ROOT)}:{begin}: {length} lines"
        for path in sources()
        if path.suffix == ".cc" and not path.name.endswith("_test.cc")
        for begin, length in functions(path)
        if length > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


def test_banned_words_are_absent():
    found = []
    for path in sources():
        for number, line in code_lines(path):
            for pattern, why in BANNED.items():
                if re.search(pattern, line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {pattern}: {why}")
            for name in re.findall(r"\b(?:class|struct)\s+(\w+)", line):
                if BANNED_NAMES.search(name):
                    found.append(f"{path.relative_to(ROOT)}:{number}: the name {name} says nothing")
    assert not found, "\n".join(found)


def test_every_header_begins_with_pragma_once():
    for path in sources():
        if path.suffix == ".h":
            assert path.read_text().startswith("#pragma once\n"), path


def test_folders_are_not_crowded():
    for folder in {p.parent for p in sources()}:
        files = [p for p in folder.iterdir() if p.suffix in (".h", ".cc") and not p.name.endswith("_test.cc")]
        assert len(files) <= FOLDER_FILES_MAX, f"{folder.relative_to(ROOT)} has {len(files)} files"


def test_sources_are_formatted():
    files = [str(p) for p in sources()]
    result = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *files], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr[-3000:]


def test_scripts_are_valid_shell():
    for script in [*(ROOT / "script").iterdir(), ROOT / ".ci" / "run"]:
        if script.is_file() and script.read_text().startswith("#!/usr/bin/env bash"):
            subprocess.run(["bash", "-n", str(script)], check=True)


def test_a_configuration_writes_only_what_differs():
    scripts = [ROOT / "CMakeLists.txt", ROOT / "src" / "CMakeLists.txt", *(ROOT / "cmake").glob("*.cmake")]
    written = [path.name for path in scripts if re.search(r"file\(\s*WRITE", path.read_text())]
    assert not written, "file(CONFIGURE …) leaves alone what is there already, and then nothing is compiled again"


def test_links_in_the_documentation_lead_somewhere():
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken, "\n".join(broken)
