"""The engine: what a transition, a durable step, a request, a sleeper and a recovery cost, each beside its limit of the same run."""
import json
import subprocess
import time

from ground import CHILDREN, ENVIRONMENT, PAWL, ROOT, Failure, end, own, run, say
from serving import free_port
from table import Row

PROGRAM = ROOT / "build/release/pawl_bench_engine"
SECONDS = 5  # of each rate
ROLE = "arn:aws:iam::000000000000:role/bench"
MACHINE = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
KEYS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "only for the benchmark"}
# The aims of the project.
TRANSITION_NS, STEPS, STEPS_SHARE, STARTS, STARTS_SHARE, READ_MS = 500, 60_000, 0.5, 8_000, 0.3, 10
MAP_SECONDS, CALLBACKS, RECOVERY_SECONDS = 1, 10_000, 3
SLEEPERS, ALL_SLEEPERS, SLEEPER_BYTES, LATE_SECONDS = 200_000, 1_000_000, 2**30 / 1e6, 1
SHEET_ROWS, SHEET_SHARE, SHEET_BYTES = (250_000, 500_000, 1_000_000), 1.2, 40e6  # for a row, and besides
READY_SECONDS, IDLE_BYTES, PROGRAM_BYTES = 0.05, 20 * 2**20, 15_000_000


def measured(directory, verb, *words):
    say(f"the engine: {verb} {' '.join(map(str, words))}".rstrip())
    place = [] if verb == "transition" else [own(directory / f"{verb}-{'-'.join(map(str, words))}")]
    return json.loads(run(PROGRAM, verb, *place, *words) or "{}")


class Served:
    """`pawl serve` on an empty data directory, holding requests to their signatures."""

    def __init__(self, directory):
        self.port = free_port()
        keys = own(directory) / "keys.toml"
        keys.touch(0o600)
        keys.write_text(f'[bench]\naccess_key_id = "{KEYS["AWS_ACCESS_KEY_ID"]}"\nsecret_access_key = "{KEYS["AWS_SECRET_ACCESS_KEY"]}"\n')
        (directory / "pawl.toml").write_text(f'data = "data"\n[credentials]\nfile = "{keys}"\n')
        began = time.monotonic()
        self.process = CHILDREN.start([PAWL, "serve", "--config", directory / "pawl.toml", "--listen", f"127.0.0.1:{self.port}"],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if "listening" not in self.process.stdout.readline():
            raise Failure("pawl serve did not start")
        self.ready_seconds = time.monotonic() - began

    def resident_bytes(self):
        for line in open(f"/proc/{self.process.pid}/status", encoding="utf-8"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def aws(self, *words):
        return json.loads(run("/usr/bin/aws", "stepfunctions", "--endpoint-url", f"http://127.0.0.1:{self.port}", "--region", "us-east-1",
                              "--output", "json", *words) or "{}")

    def create(self, name, definition):
        return self.aws("create-state-machine", "--name", name, "--role-arn", ROLE, "--definition", json.dumps(definition))["stateMachineArn"]

    def start(self, machine, value="{}"):
        return self.aws("start-execution", "--state-machine-arn", machine, "--input", value)["executionArn"]

    def load(self, machine, execution, readiness=0, start=0, describe=0, history=0):
        return json.loads(run(PROGRAM, "http", self.port, SECONDS, machine, execution, readiness, start, describe, history))

    def stop(self):
        end([self.process.pid])
        CHILDREN.finish(self.process)


def ready_seconds(directory):
    """The middle one of five first starts: the disk may be busy with what was before."""
    seconds = []
    for number in range(5):
        served = Served(own(directory / f"start-{number}"))
        served.stop()
        seconds.append(served.ready_seconds)
    return sorted(seconds)[2]


def measure_served(directory):
    say("the engine: requests")
    figures = {"ready_seconds": ready_seconds(directory)}
    served = Served(directory)
    try:
        time.sleep(1)
        figures["idle_bytes"] = served.resident_bytes()
        machine = served.create("bench", MACHINE)
        execution = served.start(machine)
        figures["echo"] = served.load(machine, execution, readiness=64)["readiness"]
        figures["start"] = served.load(machine, execution, start=64)["start"]
        figures["mixed"] = served.load(machine, execution, start=48, describe=8, history=8)
        return figures
    finally:
        served.stop()


def program_bytes(directory):
    stripped = own(directory) / "pawl"
    run("strip", "-o", stripped, PAWL)
    return stripped.stat().st_size


def measure(directory, is_whole):
    own(directory)
    ENVIRONMENT.update(KEYS)
    recovered = 100_000
    figures = {
        "transition": measured(directory, "transition"),
        "one": measured(directory, "steps", 1, SECONDS),
        "many": measured(directory, "steps", 256, SECONDS),
        "map": measured(directory, "map", 10_000),
        "sheets": [measured(directory, "sheet", rows) for rows in SHEET_ROWS],
        "callbacks": measured(directory, "callbacks", 256, SECONDS),
        "served": measure_served(directory / "served"),
        "program_bytes": program_bytes(directory / "stripped"),
    }
    figures["sleepers"] = measured(directory, "sleepers", ALL_SLEEPERS if is_whole else SLEEPERS)
    measured(directory, "leave-open", recovered)
    say("the engine: take-up")
    figures["recovery"] = json.loads(run(PROGRAM, "take-up", directory / f"leave-open-{recovered}"))
    return figures


def rows(figures):
    """The table of these figures."""
    one, many, served = figures["one"], figures["many"], figures["served"]
    mixed, few, most, sleepers = served["mixed"], figures["sheets"][0], figures["sheets"][-1], figures["sleepers"]
    return [Row.of_time("a transition, input of 200 bytes", figures["transition"]["ns_200_bytes"] / 1e9, TRANSITION_NS / 1e9),
            Row.of_time("a transition, input of 8 KB", figures["transition"]["ns_8_kilobytes"] / 1e9, TRANSITION_NS / 1e9),
            Row.of_rate("durable steps, one at a time, rows of SQLite", one["records_per_second"], one["raw_rows_per_second"]),
            Row.of_rate("durable steps, 256 at once, the same", many["steps_per_second"], many["raw_rows_per_second"], STEPS, STEPS_SHARE,
                        needs=all),
            Row.of_time("processor time of such a step", many["cpu_us_per_step"] / 1e6),
            Row.of_rate("signed starts, 64 connections, an echo", served["start"]["per_second"], served["echo"]["per_second"],
                        STARTS, STARTS_SHARE),
            Row.of_time("describe meanwhile, slowest of 100", mixed["describe"]["p99_ms"] / 1e3, READ_MS / 1e3),
            Row.of_time("history meanwhile, slowest of 100", mixed["history"]["p99_ms"] / 1e3, READ_MS / 1e3),
            Row.of_seconds("inline Map of 10,000 items, 2 Tasks each", figures["map"]["seconds"], limit=MAP_SECONDS),
            Row.of_seconds(f"{most['rows']:,} rows of a sheet, as {few['rows']:,} are", most["seconds"],
                           few["seconds"] * most["rows"] / few["rows"], SHEET_SHARE),
            Row.of_memory(f"memory of it above that of {few['rows']:,}", most["peak_bytes"] - few["peak_bytes"], SHEET_BYTES),
            Row.of_rate("tasks of an activity, 256 workers", figures["callbacks"]["callbacks_per_second"], least=CALLBACKS),
            Row.of_memory(f"memory with {sleepers['count']:,} sleepers", sleepers["resident_bytes"], SLEEPER_BYTES * sleepers["count"]),
            Row.of_seconds("latest of them, 5,000 wake a second", sleepers["latest_seconds"], limit=LATE_SECONDS),
            Row.of_seconds("100,000 open executions taken up again", figures["recovery"]["seconds"], limit=RECOVERY_SECONDS),
            Row.of_time("start until ready", served["ready_seconds"], READY_SECONDS),
            Row.of_memory("memory of an idle server", served["idle_bytes"], IDLE_BYTES),
            Row.of_memory("size of the stripped program", figures["program_bytes"], PROGRAM_BYTES)]
