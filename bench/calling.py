"""Functions in processes: what a warm call costs, through the runtime alone and through the Lambda API."""
import json
import subprocess
import time
import urllib.request

from ground import CHILDREN, PAWL, ROOT, Failure, end, own, run, say
from serving import free_port
from table import Row

PROGRAM = ROOT / "build/release/pawl_bench_functions"
FUNCTION = ROOT / "build/release/pawl_test_function"
SECONDS = 5  # of each rate
# The aims of the project.
CALL_SECONDS, CALLS, CALLS_AT_ONCE = 300e-6, 2_000, 8


def measured(*words):
    return json.loads(run(PROGRAM, *words))


def create(port):
    body = {"FunctionName": "echo", "Runtime": "provided.al2023", "Handler": "none", "Role": "arn:aws:iam::000000000000:role/bench",
            "Code": {"S3Bucket": "command", "S3Key": str(FUNCTION)}}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/2015-03-31/functions", json.dumps(body).encode(), method="POST")
    urllib.request.urlopen(request, timeout=60).read()


def measure_served(directory):
    port = free_port()
    server = CHILDREN.start([PAWL, "serve", "--data", own(directory), "--listen", f"127.0.0.1:{port}"],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        if "listening" not in server.stdout.readline():
            raise Failure("pawl serve did not start")
        create(port)
        time.sleep(1)
        measured("http", port, "echo", CALLS_AT_ONCE, 1)  # warms up
        return {"echo": measured("readiness", port, 1, SECONDS), "one": measured("http", port, "echo", 1, SECONDS),
                "many": measured("http", port, "echo", CALLS_AT_ONCE, SECONDS)}
    finally:
        end([server.pid])
        CHILDREN.finish(server)


def measure(directory):
    say("functions: warm calls")
    figures = {name: measured("runtime", own(directory / name), FUNCTION, callers, SECONDS)
               for name, callers in (("one", 1), ("many", CALLS_AT_ONCE))}
    return {"runtime": figures, "served": measure_served(directory / "served")}


def rows(figures):
    """The table of these figures."""
    runtime, served = figures["runtime"], figures["served"]
    return [Row.of_time("warm call of a function, the runtime alone, p50", runtime["one"]["p50_ms"] / 1e3, CALL_SECONDS),
            Row.of_time("warm call through the Lambda API, p50", served["one"]["p50_ms"] / 1e3, CALL_SECONDS),
            Row.of_time("a request that asks nothing, p50", served["echo"]["p50_ms"] / 1e3),
            Row.of_rate(f"{CALLS_AT_ONCE} calls at once, the runtime alone", runtime["many"]["per_second"], least=CALLS),
            Row.of_rate(f"{CALLS_AT_ONCE} at once through the Lambda API", served["many"]["per_second"], least=CALLS)]
