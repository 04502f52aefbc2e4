"""Floods of connections, requests and bombs: each is told what is wrong, memory stays bounded, and others are served meanwhile."""
import contextlib
import json
import os
import resource
import select
import socket
import threading

import pytest
from harness import Server, ServiceError, connect, eventually, run_pawl, short_directory

CHAOS = os.environ.get("PAWL_CHAOS") == "1"
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
MIB = 1 << 20


@contextlib.contextmanager
def limited(limits=""):
    """A server of its own with these limits."""
    with short_directory() as directory:
        (directory / "pawl.toml").write_text(f"[limits]\n{limits}\n")
        server = Server(directory, directory / "pawl.toml").start()
        try:
            server.create("others", PASS)
            yield server
        finally:
            server.kill()


def resident_bytes(server):
    with open(f"/proc/{server.process.pid}/status") as status:
        [line] = [line for line in status if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024


@contextlib.contextmanager
def others_are_served(server, growth_max):
    """Clients that behave go on without a failure, and the server takes at most so much more memory."""
    before, stop, failures, served, most = resident_bytes(server), threading.Event(), [], [0], [0]

    def behave():
        while not stop.is_set():
            try:
                arn = server.start_execution("others", {"n": served[0]})
                assert server.ended(arn, 60)["status"] == "SUCCEEDED"
                served[0] += 1
                most[0] = max(most[0], resident_bytes(server))
            except Exception as error:  # told by the main thread
                failures.append(error)
                return

    thread = threading.Thread(target=behave)
    thread.start()
    try:
        yield
        count = served[0]
        eventually(lambda: served[0] > count + 2 or failures, "others are served afterwards")
    finally:
        stop.set()
        thread.join()
    assert not failures and served[0] > 0
    assert most[0] - before < growth_max, f"{(most[0] - before) / MIB:.0f} MiB more"


def request(operation, members, *headers):
    body = json.dumps(members).encode()
    head = ["POST / HTTP/1.1", "Host: pawl", "Content-Type: application/x-amz-json-1.0",
            f"X-Amz-Target: AWSStepFunctions.{operation}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def is_hung_up(client):
    client.setblocking(False)
    try:
        return client.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        client.settimeout(60)


def is_answered(client):
    return bool(select.select([client], [], [], 0)[0])


def status_of(client):
    """The status of the answer; None where the server has hung up instead."""
    try:
        line = client.makefile("rb").readline()
    except OSError:
        return None
    return int(line.split()[1]) if line else None


def test_requests_that_stop_anywhere_hold_up_nobody():
    whole = request("ListStateMachines", {})
    with limited() as server, others_are_served(server, 100 * MIB), contextlib.ExitStack() as open_ones:
        for size in range(len(whole)):
            client = open_ones.enter_context(connect(server))
            client.sendall(whole[:size])


def test_senders_who_are_slow_are_hung_up_on():
    with limited('request_time = "1s"\nidle_time = "2s"') as server, others_are_served(server, 100 * MIB):
        slow = [connect(server) for _ in range(200)]
        for client in slow:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{")
        left = list(slow)

        def all_have_gone():
            for client in list(left):
                with contextlib.suppress(OSError):
                    client.sendall(b" ")
                if is_hung_up(client):
                    left.remove(client)
            return not left

        eventually(all_have_gone, "every slow sender is hung up on")
        for client in slow:
            client.close()


@pytest.mark.parametrize("head", [
    b"GET /" + b"x" * MIB + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * MIB + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Folded: a\r\n" + b" b\r\n" * 300_000 + b"\r\n",
    b"X" * MIB,
], ids=["address", "header", "headers", "folds", "method"])
def test_huge_heads_are_refused(server, head):
    server.create("others", PASS)
    with others_are_served(server, 100 * MIB):
        for _ in range(20):
            with connect(server) as client:
                with contextlib.suppress(OSError):
                    client.sendall(head)
                assert status_of(client) in (None, 400, 414, 431)


def test_bodies_of_many_at_once_are_held_to_a_limit_together():
    body = b" " * (30 * MIB)
    with limited('input = "32MiB"\nbodies = "64MiB"') as server, others_are_served(server, 400 * MIB):
        statuses = []

        def send_one():
            with connect(server) as client:
                client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSStepFunctions.Nothing\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body))
                client.sendall(body)
                statuses.append(status_of(client))

        threads = [threading.Thread(target=send_one) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(statuses) == 16 and set(statuses) <= {400, 404, 503}, statuses


def read_answer(reader):
    status, length = int(reader.readline().split()[1]), 0
    while (line := reader.readline()) != b"\r\n":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, reader.read(length)


def flood(server, count, connections=8, at_once=50):
    """So many requests, on a few connections, each sending some before it reads an answer; how many were answered."""
    one, answered = request("ListTagsForResource", {"resourceArn": "arn:x"}), [0] * connections

    def send_all(number):
        with connect(server) as client:
            reader = client.makefile("rb")
            for _ in range(count // connections // at_once):
                client.sendall(one * at_once)
                for _ in range(at_once):
                    answered[number] += read_answer(reader)[0] in (200, 400)

    threads = [threading.Thread(target=send_all, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered)


def test_tiny_requests_without_end_are_all_answered():
    count = 1_000_000 if CHAOS else 100_000
    with limited() as server, others_are_served(server, 100 * MIB):
        assert flood(server, count) == count


def test_connections_for_one_request_each_leave_nothing_behind():
    with limited() as server, others_are_served(server, 100 * MIB):
        files = f"/proc/{server.process.pid}/fd"
        before = len(os.listdir(files))
        for _ in range(3000):
            with connect(server) as client:
                client.sendall(request("ListStateMachines", {}, "Connection: close"))
                assert status_of(client) == 200
        eventually(lambda: len(os.listdir(files)) < before + 50, "the connections are closed")


def raise_open_files():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


@pytest.mark.parametrize("limits", ["", "connections = 1000"], ids=["as it comes", "1000 connections"])
def test_ten_thousand_idle_connections_shut_nobody_out(limits):
    count = min(10_000, raise_open_files() - 1000)
    with limited(limits) as server, others_are_served(server, 500 * MIB):
        idle = [connect(server) for _ in range(count)]
        for number in range(50):
            server.create(f"while-others-stay-{number}", PASS)
        if limits:
            # Those who came first have gone first.
            eventually(lambda: sum(map(is_hung_up, idle[:8000])) > 7900, "the oldest are hung up on")
            assert not any(map(is_hung_up, idle[-100:]))
        for client in idle:
            client.close()


def test_wrong_signatures_cost_nobody_else_anything():
    with short_directory() as directory:
        (directory / "keys.toml").write_text('[alice]\naccess_key_id = "AKIAALICE"\nsecret_access_key = "s"\n')
        os.chmod(directory / "keys.toml", 0o600)
        (directory / "pawl.toml").write_text('[credentials]\nfile = "keys.toml"\n')
        server = Server(directory, directory / "pawl.toml").start()
        try:
            before = resident_bytes(server)
            scope = "20261121/us-east-1/states/aws4_request"
            for signature in ("0" * 64, "", "x" * 4000, "\u00e9" * 64, "=" * 64):
                wrong = request("ListStateMachines", {}, "X-Amz-Date: 20261121T000000Z",
                                f"Authorization: AWS4-HMAC-SHA256 Credential=AKIAALICE/{scope}, SignedHeaders=host;x-amz-date, "
                                f"Signature={signature}")
                with connect(server) as client:
                    reader = client.makefile("rb")
                    for _ in range(500):
                        client.sendall(wrong)
                        status, body = read_answer(reader)
                        assert status in (400, 403) and b"Exception" in body
            assert resident_bytes(server) - before < 50 * MIB
            keys = {"AWS_ACCESS_KEY_ID": "AKIAALICE", "AWS_SECRET_ACCESS_KEY": "s", "PAWL_SERVER": server.url}
            assert run_pawl("machine", "list", environment=keys).returncode == 0
        finally:
            server.kill()


def nested(open_part, close_part, depth, inner="1"):
    return open_part * depth + inner + close_part * depth


def choice(rule):
    return '{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[%s],"Default":"D"},"D":{"Type":"Succeed"}}}' % rule


def jsonata(expression):
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": "P", "States": {
        "P": {"Type": "Pass", "Output": "{% " + expression + " %}", "End": True}}})


LEAF = '{"Variable":"$.a","IsPresent":true}'
DEFINITIONS = {
    "arrays": nested("[", "]", 400_000),
    "objects": nested('{"a":', "}", 150_000),
    "choice rules": choice(nested('{"Not":', "}", 100_000, LEAF)[:-1] + ',"Next":"D"}'),
    "lists of choice rules": choice(nested('{"And":[', "]}", 50_000, LEAF)[:-1] + ',"Next":"D"}'),
    "maps": nested('{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":', "}}}", 9_000, json.dumps(PASS)),
    "brackets in JSONata": jsonata(nested("(", ")", 200_000)),
    "arrays in JSONata": jsonata(nested("[", "]", 200_000)),
    "functions in JSONata": jsonata(nested("function($x){", "}", 50_000)),
    "signs in JSONata": jsonata("-" * 500_000 + "1"),
    "filters of paths": json.dumps({"StartAt": "P", "States": {"P": {
        "Type": "Pass", "InputPath": "$" + nested("[?(@", ")]", 100_000, ""), "End": True}}}),
    "calls in intrinsics": json.dumps({"StartAt": "P", "States": {"P": {
        "Type": "Pass", "Parameters": {"a.$": nested("States.Array(", ")", 60_000)}, "End": True}}}),
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_nested_definitions_are_refused(server, name):
    assert len(DEFINITIONS[name]) <= 1 << 20
    server.create("others", PASS)
    with others_are_served(server, 200 * MIB):
        for number in range(5):
            with pytest.raises(ServiceError) as refused:
                server.create(f"bomb-{number}", DEFINITIONS[name])
            assert refused.value.code in ("InvalidDefinition", "ValidationException")
            assert 0 < len(refused.value.message) < len(DEFINITIONS[name]) + 1000


def test_nested_inputs_and_requests_are_refused(server):
    server.create("others", PASS)
    with others_are_served(server, 300 * MIB):
        for text in (nested("[", "]", 2_000_000), nested('{"a":', "}", 1_000_000)):
            with pytest.raises(ServiceError) as refused:
                server.call("StartExecution", stateMachineArn=server.create("others", PASS), input=text)
            assert refused.value.code == "InvalidExecutionInput", refused.value
            with connect(server) as client:
                client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSStepFunctions.ListStateMachines\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(text) + text.encode())
                assert status_of(client) == 400


EXPRESSIONS = {
    "recursion": "($f := function($n) { $f($n + 1) + 1 }; $f(0))",
    "loop": "($f := function($n) { $f($n + 1) }; $f(0))",
    "text": "$join([1..10000000].$string())",
    "doubling": "$reduce([1..100], function($a, $b) { $a & $a }, 'x')",
    "pattern": "$match($join([1..5000].('a')) & 'b', /(a*)*c/)",
    "product": "$map([1..10000], function($x) { $map([1..10000], function($y) { $x * $y }) })",
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions_without_end_fail_their_execution_alone(server, name):
    server.create("others", PASS)
    server.create(f"endless-{name}", jsonata(EXPRESSIONS[name]))
    with others_are_served(server, 700 * MIB):
        execution = server.ended(server.start_execution(f"endless-{name}"))
        assert execution["status"] == "FAILED" and execution["error"] == "States.QueryEvaluationError", execution


def test_large_histories_that_many_ask_for_keep_nobody_else_waiting():
    """Small requests that come after forty for a large history are answered before most of those."""
    large = [{"n": n, "text": "x" * 1000} for n in range(10_000)]
    passes = {f"P{n}": {"Type": "Pass", "Next": f"P{n + 1}"} for n in range(3)}
    with limited() as server:
        server.create("others", PASS)
        server.create("large", {"StartAt": "P0", "States": {**passes, "P3": {"Type": "Pass", "End": True}}})
        arn = server.start_execution("large", large)
        assert server.ended(arn, 60)["status"] == "SUCCEEDED"
        body = request("GetExecutionHistory", {"executionArn": arn}, "Connection: close")
        clients = [connect(server) for _ in range(40)]
        try:
            for client in clients:
                client.sendall(body)
            for number in range(20):
                small = server.start_execution("others", {"n": number})
                assert server.ended(small, 60)["status"] == "SUCCEEDED"
            answered = sum(is_answered(client) for client in clients)
            assert answered < 20, "the small ones had to wait"
            for client in clients:
                client.settimeout(120)
                assert read_answer(client.makefile("rb"))[0] == 200
        finally:
            for client in clients:
                client.close()
