"""Array jobs: what it costs that every change of a child is durable, beside processes that are only started and waited for."""
import json

from ground import PAWL, ROOT, own, run, say
from table import Row

PROGRAM = ROOT / "build/release/pawl_bench_jobs"
WORKER = ROOT / "build/release/pawl-worker"
AT_ONCE, SHORT, NODES, IDS_OF_EACH, STEPS = 2, 10_000, 10_000, 40, 3
# The aims of the project.
BARE_SHARE, PARALLEL_FACTOR, XARGS_SHARE, SERVER_BYTES = 1.25, 8, 1, 300e6


def measured(verb, *words):
    say(f"array jobs: {verb}")
    return json.loads(run(PROGRAM, verb, PAWL, *words))


def measure(directory):
    return {
        "short": measured("short", own(directory / "short"), SHORT, AT_ONCE),
        "arrays": measured("arrays", WORKER, own(directory / "arrays"), NODES, IDS_OF_EACH, AT_ONCE),
    }


def rows(figures):
    short, arrays = figures["short"], figures["arrays"]
    return [
        Row.of_seconds(f"{STEPS} steps of {NODES:,} nodes, {NODES * IDS_OF_EACH:,} records, a bare loop", arrays["jobs"], arrays["bare_loop"], BARE_SHARE),
        Row.of_memory("memory meanwhile", arrays["resident_bytes"], SERVER_BYTES),
        Row.of_seconds(f"{SHORT:,} processes, a bare loop of spawn and wait", short["jobs"], short["bare_loop"]),
        Row.of_seconds("the same, the executor alone", short["executor"], short["bare_loop"]),
        Row.of_seconds(f"{SHORT:,} processes, parallel -j{AT_ONCE}", short["jobs"], short["parallel"], 1 / PARALLEL_FACTOR),
        Row.of_seconds(f"{SHORT:,} processes, xargs -P{AT_ONCE}", short["jobs"], short["xargs"], XARGS_SHARE),
    ]
