"""Functions in processes: whatever speaks the Lambda Runtime API, through the real AWS command line, state machines and
Pawl's own; limits of memory, time and concurrency; what a killed server leaves behind."""
import base64
import contextlib
import io
import json
import os
import pathlib
import re
import shutil
import signal
import stat
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import PROGRAM, ROLE, ROOT, Server, eventually, function_arn, short_directory, small_disk

FUNCTION = str(pathlib.Path(PROGRAM).resolve().parent / "pawl_test_function")
# No limit of time but those that a test is about: a busy machine may take its time.
CONFIG = '[functions]\nconcurrency = 20\nretry_delay = "1s"\ngrace = "1s"\nstart_time = "10min"\n'
SMALL = {"MemorySize": 128, "Timeout": 900}
FOREVER_MS = 3_600_000


def zipped(files):
    """A zip file of {name: text, or (text, mode)}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o644)
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (mode if mode > 0o7777 else stat.S_IFREG | mode) << 16
            archive.writestr(entry, text)
    return buffer.getvalue()


class Refused(Exception):
    def __init__(self, status, kind, body):
        self.status, self.kind, self.body = status, kind, body
        self.message = body.get("Message") or body.get("message") or ""
        super().__init__(f"{status} {kind}: {body}")


class Functions:
    """The Lambda API of a server, without a client's own checks and retries."""

    def __init__(self, server):
        self.server = server

    def ask(self, method, path, body=None, **headers):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.server.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=900) as response:
                return response.headers, response.read()
        except urllib.error.HTTPError as error:
            kind = error.headers.get("x-amzn-ErrorType")
            raise Refused(error.code, kind, json.loads(error.read() or b"{}")) from None

    def create(self, name, code=None, **settings):
        members = {"FunctionName": name, "Role": ROLE, "Runtime": "provided.al2023", "Handler": "x",
                   "Code": code or {"S3Bucket": "command", "S3Key": FUNCTION}, **SMALL, **settings}
        return json.loads(self.ask("POST", "/2015-03-31/functions", members)[1])

    def python(self, name, source, **settings):
        archive = base64.b64encode(zipped({"app.py": source})).decode()
        return self.create(name, {"ZipFile": archive}, Runtime="python3.11", Handler="app.handler", **settings)

    def change(self, name, what, **members):
        return json.loads(self.ask("PUT", f"/2015-03-31/functions/{name}/{what}", members)[1])

    def reserve(self, name, calls):
        self.ask("PUT", f"/2017-10-31/functions/{name}/concurrency", {"ReservedConcurrentExecutions": calls})

    def invoke(self, name, event=None, **headers):
        """(result or error, whether it is an error, headers)."""
        got, body = self.ask("POST", f"/2015-03-31/functions/{name}/invocations", event or {}, **headers)
        return json.loads(body or b"null"), "X-Amz-Function-Error" in got, got

    def result(self, name, event=None):
        result, is_error, _ = self.invoke(name, event)
        assert not is_error, result
        return result

    def error(self, name, event=None):
        error, is_error, _ = self.invoke(name, event)
        assert is_error, error
        return error


@contextlib.contextmanager
def running(config=CONFIG, environment=None):
    with short_directory() as directory:
        file = directory / "pawl.toml"
        file.write_text(config)
        server = Server(directory, file).start(environment)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.terminate()


@pytest.fixture(scope="module")
def server():
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def functions(server):
    return Functions(server)


def environment_of(process):
    try:
        return pathlib.Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def processes_of(function):
    """Those alive that have the function's name in their environment."""
    mark = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
    alive = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and mark in environment_of(entry.name):
            with contextlib.suppress(OSError):
                if (entry / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                    alive.append(int(entry.name))
    return alive


def log_of(server, function):
    log = server.directory / "data" / "functions" / function / "log"
    return log.read_text() if log.exists() else ""


def refusal(call, *arguments, **members):
    with pytest.raises(Refused) as caught:
        call(*arguments, **members)
    return caught.value


# Any executable


def test_the_aws_command_line_creates_calls_changes_and_deletes_a_function(server, tmp_path):
    archive = tmp_path / "code.zip"
    archive.write_bytes(zipped({"app.py": "import os\ndef handler(event, context):\n"
                                          "    print('seen', event['n'])\n"
                                          "    return {'n': event['n'] + 1, 'colour': os.environ.get('COLOUR')}\n"}))
    aws = lambda *words: server.aws("lambda", *words)  # noqa: E731
    made = aws("create-function", "--function-name", "whole", "--runtime", "python3.11", "--role", ROLE, "--handler",
               "app.handler", "--zip-file", f"fileb://{archive}", "--environment", "Variables={COLOUR=red}", "--timeout", "900")
    assert made["FunctionArn"] == function_arn("whole") and made["State"] == "Active" and made["Timeout"] == 900
    event, out = tmp_path / "event.json", tmp_path / "out.json"
    event.write_text('{"n": 1}')

    def call(*words):
        return aws("invoke", "--function-name", "whole", "--payload", f"fileb://{event}", *words, str(out))

    called = call("--log-type", "Tail")
    assert called["StatusCode"] == 200 and "FunctionError" not in called
    assert json.loads(out.read_text()) == {"n": 2, "colour": "red"}
    tail = base64.b64decode(called["LogResult"]).decode()
    assert tail.startswith("START RequestId: ") and "\nseen 1\n" in tail and "Max Memory Used: " in tail
    assert call("--invocation-type", "DryRun")["StatusCode"] == 204
    aws("update-function-configuration", "--function-name", "whole", "--environment", "Variables={COLOUR=blue}",
        "--memory-size", "256")
    call()
    assert json.loads(out.read_text())["colour"] == "blue"
    assert aws("get-function-configuration", "--function-name", "whole")["MemorySize"] == 256
    archive.write_bytes(zipped({"app.py": "def handler(event, context):\n    return 'new'\n"}))
    changed = aws("update-function-code", "--function-name", "whole", "--zip-file", f"fileb://{archive}")
    assert changed["CodeSha256"] != made["CodeSha256"]
    call()
    assert json.loads(out.read_text()) == "new"
    aws("put-function-concurrency", "--function-name", "whole", "--reserved-concurrent-executions", "3")
    assert aws("get-function", "--function-name", "whole")["Concurrency"] == {"ReservedConcurrentExecutions": 3}
    assert aws("get-account-settings")["AccountLimit"]["UnreservedConcurrentExecutions"] == 17
    aws("delete-function-concurrency", "--function-name", "whole")
    assert aws("get-function-concurrency", "--function-name", "whole") == {}
    assert "whole" in [each["FunctionName"] for each in aws("list-functions")["Functions"]]
    aws("delete-function", "--function-name", "whole")
    gone = server.aws("lambda", "get-function", "--function-name", "whole", check=False)
    assert "ResourceNotFoundException" in gone.stderr
    assert not (server.directory / "data/functions/whole").exists()


def runtime_client():
    """Where script/bootstrap has put the official runtime client."""
    folder = ROOT / "build" / "sdks" / "runtime"
    return folder / "bin" / "python" if (folder / "pins").exists() else None


@pytest.mark.skipif(not runtime_client(), reason="the official runtime client awslambdaric is not here; script/bootstrap")
def test_the_official_runtime_client_is_served(functions, tmp_path):
    (tmp_path / "bootstrap").write_text(f'#!/bin/sh\nexec {runtime_client()} -m awslambdaric "$_HANDLER"\n')
    (tmp_path / "bootstrap").chmod(0o755)
    (tmp_path / "app.py").write_text(
        "def handler(event, context):\n"
        "    if 'large' in event: return 'x' * event['large']\n"
        "    if 'fail' in event: raise KeyError(event['fail'])\n"
        "    return [event, context.aws_request_id, context.memory_limit_in_mb, context.invoked_function_arn]\n")
    (tmp_path / "broken.py").write_text("import not_there\n")
    functions.create("official", {"S3Bucket": "file", "S3Key": str(tmp_path)}, Handler="app.handler")
    result, _, headers = functions.invoke("official", {"a": "ü"})
    assert result == [{"a": "ü"}, headers["x-amzn-RequestId"], "128", function_arn("official")]
    assert len(functions.result("official", {"large": 3_000_000})) == 3_000_000
    error = functions.error("official", {"fail": "k"})
    assert error["errorType"] == "KeyError" and "app.py" in error["stackTrace"][0]
    assert functions.error("official", {"large": 7_000_000})["errorType"] == "Function.ResponseSizeTooLarge"
    functions.change("official", "configuration", Handler="broken.handler")
    assert functions.error("official")["errorType"] == "Runtime.ImportModuleError"


def test_what_is_not_said_of_a_function_is_as_with_the_service(functions):
    least = {"FunctionName": "least", "Role": ROLE, "Runtime": "python3.11", "Handler": "app.handler",
             "Code": {"ZipFile": base64.b64encode(zipped({"app.py": ""})).decode()}}
    made = json.loads(functions.ask("POST", "/2015-03-31/functions", least)[1])
    assert (made["MemorySize"], made["Timeout"], made["Description"], made["Version"]) == (128, 3, "", "$LATEST")


def test_a_shell_script_with_curl_is_a_function(functions, tmp_path):
    (tmp_path / "bootstrap").write_text(
        "#!/bin/sh\napi=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation\nwhile :; do\n"
        "  event=$(curl -sS -D head.$$ $api/next)\n"
        "  id=$(sed -n 's/^lambda-runtime-aws-request-id: *//Ip' head.$$ | tr -d '\\r')\n"
        "  curl -sS -o /dev/null -d \"[$event]\" $api/$id/response\ndone\n")
    (tmp_path / "bootstrap").chmod(0o755)
    functions.create("shell", {"S3Bucket": "file", "S3Key": str(tmp_path)})
    assert [functions.result("shell", {"n": n}) for n in range(3)] == [[{"n": n}] for n in range(3)]


@pytest.mark.parametrize("version, header", [("1.0", ""), ("1.1", "Connection: close\\r\\n")], ids=["http-1.0", "close"])
def test_a_runtime_may_read_its_answers_to_the_end_of_the_connection(functions, tmp_path, version, header):
    (tmp_path / "bootstrap").write_text(
        "#!/usr/bin/python3\nimport os, re, socket\n"
        "host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')\n"
        "def ask(method, path, body=b''):\n"
        "    with socket.create_connection((host, int(port))) as link:\n"
        f"        head = f'{{method}} /2018-06-01/runtime/invocation/{{path}} HTTP/{version}\\r\\n{header}'\n"
        "        link.sendall(f'{head}Content-Length: {len(body)}\\r\\n\\r\\n'.encode() + body)\n"
        "        return b''.join(iter(lambda: link.recv(65536), b''))\n"
        "while True:\n"
        "    head, _, event = ask('GET', 'next').partition(b'\\r\\n\\r\\n')\n"
        "    id = re.search(rb'Request-Id: (.*)\\r', head)[1].decode()\n"
        "    ask('POST', id + '/response', b'[%d, %d]' % (os.getpid(), len(event)))\n")
    (tmp_path / "bootstrap").chmod(0o755)
    name = f"to-the-end-{version[-1]}"
    functions.create(name, {"S3Bucket": "file", "S3Key": str(tmp_path)}, Timeout=60)
    process, _ = functions.result(name)
    # More calls than a process may have connections; a large event does not go out at once.
    assert [functions.result(name) for _ in range(20)] == [[process, 2]] * 20
    assert functions.result(name, "x" * 3_000_000) == [process, 3_000_002]


def test_a_directory_a_zip_file_and_a_command_of_this_machine_are_code(functions, tmp_path):
    (tmp_path / "bootstrap").symlink_to(FUNCTION)
    functions.create("of-directory", {"S3Bucket": "file", "S3Key": str(tmp_path)})
    assert functions.result("of-directory", {"return": 1}) == 1
    archive = tmp_path / "code.zip"
    archive.write_bytes(zipped({"bootstrap": (pathlib.Path(FUNCTION).read_bytes(), 0o755)}))
    functions.create("of-zip", {"S3Bucket": "file", "S3Key": str(archive)})
    assert functions.result("of-zip", {"return": [2]}) == [2]
    functions.create("of-command", {"S3Bucket": "command", "S3Key": f"{FUNCTION} some 'words'"})
    assert functions.result("of-command", {"return": None}) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_code_that_would_fill_the_disk_is_refused_before_it_is_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"part{number}", b"x" * 1_000_000)
    code = {"ZipFile": base64.b64encode(buffer.getvalue()).decode()}
    with small_disk("24m") as directory:
        server = Server(directory).start()
        try:
            functions = Functions(server)
            refused = refusal(functions.create, "large", code)
            assert (refused.status, refused.kind) == (400, "CodeStorageExceededException"), refused
            assert re.search(r"30\.1 MB are needed in \S*/functions/\.unpacked/\S+, .* are free", refused.message), refused
            assert not list((directory / "data" / "functions" / ".unpacked").iterdir())
            functions.create("small", {"ZipFile": base64.b64encode(zipped({"bootstrap": "x" * 1000})).decode()})
        finally:
            server.kill()


def test_a_process_has_the_environment_of_the_service_and_none_of_the_servers(server, functions):
    functions.python("surroundings", "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
                     Environment={"Variables": {"OWN": "1", "AWS_ACCESS_KEY_ID": "own"}}, MemorySize=192)
    seen = functions.result("surroundings")
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "surroundings" and seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "192"
    assert seen["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST" and seen["_HANDLER"] == "app.handler"
    assert seen["AWS_LAMBDA_LOG_GROUP_NAME"] == "/aws/lambda/surroundings" and seen["OWN"] == "1"
    assert seen["AWS_ACCESS_KEY_ID"] == "own"
    assert seen["AWS_REGION"] == "us-east-1" and seen["LAMBDA_TASK_ROOT"].startswith(str(server.directory))
    assert "PYTEST_CURRENT_TEST" not in seen and "PAWL_PROGRAM" not in seen


def test_a_python_that_does_not_start_is_none(monkeypatch, tmp_path):
    """A version manager has programs in PATH that only say that their Python is not installed."""
    for name in ("python3.11", "python3"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} is not installed >&2\nexit 127\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with running() as server:
        functions = Functions(server)
        functions.python("shimmed", "import sys\ndef handler(event, context):\n    return sys.version_info[0]\n")
        assert functions.result("shimmed") == 3
        assert "status 127, python3.11 is not installed" in server.log.read_text()


def test_a_process_is_used_again_and_another_only_beside_it(functions, tmp_path):
    functions.python("warm", "import os, time, uuid\ndef handler(event, context):\n"
                             "    if 'meet' in event:\n"
                             "        open(os.path.join(event['meet'], uuid.uuid4().hex), 'w').close()\n"
                             "        while len(os.listdir(event['meet'])) < 3: time.sleep(0.01)\n"
                             "    return os.getpid()\n")
    first = functions.result("warm")
    assert [functions.result("warm") for _ in range(5)] == [first] * 5
    with ThreadPoolExecutor(3) as pool:
        beside = set(pool.map(lambda _: functions.result("warm", {"meet": str(tmp_path)}), range(3)))
    assert first in beside and len(beside) == 3
    assert functions.result("warm") in beside


def test_a_client_context_comes_to_the_function(functions):
    functions.python("contextual", "def handler(event, context):\n    return context.client_context.custom.colour\n")
    given = base64.b64encode(b'{"custom":\n {"colour": "red"}}').decode()
    assert functions.invoke("contextual", {}, X_Amz_Client_Context=given)[0] == "red"
    for wrong in ("{}", base64.b64encode(b"{nope").decode()):
        assert refusal(functions.invoke, "contextual", {}, X_Amz_Client_Context=wrong).status == 400


# Errors


def test_errors_are_named_as_the_service_names_them(functions):
    functions.create("failing")
    own = {"errorType": "Own", "errorMessage": "why", "stackTrace": ["here"]}
    assert functions.error("failing", {"error": own}) == own
    error = functions.error("failing", {"exit": 3})
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: exit status 3")
    assert functions.error("failing", {"exit": 0})["errorMessage"].endswith("exited without providing a reason")
    assert functions.error("failing", {"signal": 11})["errorMessage"].endswith("error: signal: segmentation fault")
    functions.change("failing", "configuration", Timeout=1)
    error = functions.error("failing", {"sleep_ms": FOREVER_MS})
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith(" Task timed out after 1.00 seconds")
    functions.change("failing", "configuration", Timeout=900)
    assert functions.result("failing", {"return": "again"}) == "again"


def test_errors_of_the_initialisation_are_those_of_the_call(functions):
    init_error = {"errorType": "Runtime.Own", "errorMessage": "not now"}
    functions.create("unready", Environment={"Variables": {"INIT_ERROR": json.dumps(init_error)}})
    assert functions.error("unready") == init_error
    functions.create("dying", Environment={"Variables": {"INIT_EXIT": "7"}})
    assert functions.error("dying")["errorMessage"].endswith("Runtime exited with error: exit status 7")
    functions.change("dying", "configuration", Environment={"Variables": {}})
    assert functions.result("dying", {"return": 1}) == 1
    with short_directory() as empty:
        functions.create("nothing", {"S3Bucket": "file", "S3Key": str(empty)})
        assert functions.error("nothing")["errorType"] == "Runtime.InvalidEntrypoint"


def test_an_initialisation_has_its_time():
    with running('[functions]\nstart_time = "1s"\n') as server:
        functions = Functions(server)
        functions.create("sleepy", Timeout=1, Environment={"Variables": {"INIT_SLEEP_MS": str(FOREVER_MS)}})
        why = "The process did not become ready within {} seconds ({})"
        for time_limit, said in ((1, ("1.00", "functions.start_time")), (2, ("2.00", "the function's Timeout"))):
            functions.change("sleepy", "configuration", Timeout=time_limit)
            error = functions.error("sleepy")
            assert error["errorType"] == "Sandbox.Timedout"
            assert error["errorMessage"].startswith("RequestId: ") and error["errorMessage"].endswith(why.format(*said))
            assert why.format(*said) in log_of(server, "sleepy")
        assert log_of(server, "sleepy").startswith("INIT_REPORT Init Duration: 1")
        eventually(lambda: not processes_of("sleepy"), "its process is gone")


def test_a_call_that_waits_for_old_code_gets_a_process_of_the_new(functions):
    functions.create("improved", Environment={"Variables": {"INIT_SLEEP_MS": str(FOREVER_MS)}})
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(functions.result, "improved", {"return": 1})
        [old] = eventually(lambda: processes_of("improved"), "the old code begins")
        functions.change("improved", "configuration", Environment={"Variables": {}})
        os.kill(old, signal.SIGKILL)
        assert call.result() == 1


def test_a_removed_function_leaves_nothing_though_it_writes_until_its_end(server, functions, tmp_path):
    functions.python("littering", "import os, time\ndef handler(event, context):\n    open(event['begun'], 'w').close()\n"
                                  "    while not os.path.exists(event['go']): time.sleep(0.05)\n"
                                  "    os.makedirs(os.environ['LAMBDA_TASK_ROOT'] + '/litter')\n")
    begun, go = tmp_path / "begun", tmp_path / "go"
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(functions.result, "littering", {"begun": str(begun), "go": str(go)})
        eventually(begun.exists, "it runs")
        functions.ask("DELETE", "/2015-03-31/functions/littering")
        go.touch()
        assert call.result() is None
    eventually(lambda: not (server.directory / "data/functions/littering").exists(), "all of it is gone")


def test_the_lines_of_a_call_begin_where_lines_do(server, functions):
    functions.python("unended", "import os\nos.write(1, b'loaded')\ndef handler(event, context):\n    os.write(1, b'said')\n")
    tail = base64.b64decode(functions.invoke("unended", {}, X_Amz_Log_Type="Tail")[2]["X-Amz-Log-Result"]).decode()
    assert [line.split()[0] for line in tail.splitlines()] == ["START", "said", "END", "REPORT"]
    lines = [line.split()[0] for line in log_of(server, "unended").splitlines()]
    assert lines == ["loaded", "START", "said", "END", "REPORT"]


def test_what_a_function_says_is_bytes(server, functions):
    functions.python("bytes", "import os\ndef handler(event, context):\n    os.write(1, bytes(range(256)))\n")
    functions.result("bytes")
    log = server.call("DescribeFunctionLog", service="Pawl", functionName="bytes")["log"]
    assert "\x00\x01" in log and "~\x7f\ufffd\ufffd" in log
    source = ("#!/usr/bin/python3\nimport http.client, os\n"
              "def ask(method, path, body=None):\n"
              "    link = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])\n"
              "    link.request(method, '/2018-06-01/runtime/invocation/' + path, body)\n"
              "    answer = link.getresponse()\n    answer.read()\n"
              "    return answer.headers.get('Lambda-Runtime-Aws-Request-Id')\n"
              "while True: ask('POST', ask('GET', 'next') + '/error', b'no \\xff JSON')\n")
    functions.create("raw-error", {"ZipFile": base64.b64encode(zipped({"bootstrap": (source, 0o755)})).decode()})
    assert functions.error("raw-error") == {"errorType": "Runtime.UnknownReason", "errorMessage": "no \ufffd JSON"}
    server.create("raw-errors", machine_of(function_arn("raw-error")))
    failed = server.ended(server.start_execution("raw-errors"))
    assert failed["error"] == "Runtime.UnknownReason" and "no \ufffd JSON" in failed["cause"]


@pytest.mark.parametrize("source, handler, kind", [
    ("x = 1", "app.handler", "Runtime.HandlerNotFound"),
    ("import not_there", "app.handler", "Runtime.ImportModuleError"),
    ("def", "app.handler", "Runtime.UserCodeSyntaxError"),
    ("x = {}['k']", "app.handler", "KeyError"),
    ("x = 1", "app", "Runtime.MalformedHandlerName"),
    ("def handler(event, context):\n    return {1, 2}", "app.handler", "Runtime.MarshalError"),
    ("def handler(event, context):\n    return 1 / 0", "app.handler", "ZeroDivisionError"),
])
def test_python_functions_fail_with_the_errors_of_the_service(functions, source, handler, kind):
    name = "py-" + kind.rpartition(".")[2]
    functions.python(name, source)
    functions.change(name, "configuration", Handler=handler)
    error = functions.error(name)
    assert error["errorType"] == kind
    if kind == "ZeroDivisionError":
        assert len(error["stackTrace"]) == 1 and "app.py" in error["stackTrace"][0]


def test_an_update_leaves_a_running_call_its_code(server, functions, tmp_path):
    source = "import time, os\ndef handler(event, context):\n    if 'begun' in event:\n" \
             "        open(event['begun'], 'w').close()\n" \
             "        while not os.path.exists(event['go']): time.sleep(0.01)\n" \
             "    return open(os.path.join(os.environ['LAMBDA_TASK_ROOT'], 'app.py')).read().count('#')\n"
    functions.python("moving", source)
    begun, go = tmp_path / "begun", tmp_path / "go"
    with ThreadPoolExecutor(1) as pool:
        running_call = pool.submit(functions.result, "moving", {"begun": str(begun), "go": str(go)})
        eventually(begun.exists, "it runs")
        archive = base64.b64encode(zipped({"app.py": source + "#"})).decode()
        functions.change("moving", "code", ZipFile=archive)
        assert functions.result("moving") == 2
        go.touch()
        assert running_call.result() == 1
    codes = server.directory / "data/functions/moving/code"
    eventually(lambda: len(list(codes.iterdir())) == 1, "the old code is gone")


# Limits


def test_who_is_over_the_time_is_stopped_with_all_children(functions):
    functions.create("parent", Timeout=1)
    assert functions.error("parent", {"children": 3, "sleep_ms": FOREVER_MS})["errorType"] == "Sandbox.Timedout"
    assert processes_of("parent") == []


def test_who_is_over_the_memory_is_stopped_and_more_memory_mends_it(functions):
    functions.create("hungry")
    error = functions.error("hungry", {"allocate_mb": 200, "sleep_ms": FOREVER_MS})
    assert error["errorType"] == "Runtime.OutOfMemory" and "signal: killed" in error["errorMessage"]
    functions.change("hungry", "configuration", MemorySize=512)
    assert functions.result("hungry", {"allocate_mb": 200, "sleep_ms": 200, "return": "fed"}) == "fed"


def test_the_memory_of_children_counts(functions):
    functions.create("family")
    error = functions.error("family", {"child_allocate_mb": 200, "sleep_ms": FOREVER_MS})
    assert error["errorType"] == "Runtime.OutOfMemory"
    assert processes_of("family") == []


@pytest.fixture
def function_for_all(monkeypatch):
    """The program where every account may run it: the checkout may be in a folder that is closed to others."""
    folder = pathlib.Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    monkeypatch.setattr("lambda_test.FUNCTION", shutil.copy(FUNCTION, folder))
    yield
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run the server as someone else")
def test_without_control_groups_children_are_found_and_memory_is_watched(monkeypatch, tmp_path, function_for_all):
    wrapper = tmp_path / "pawl"
    wrapper.write_text(f'#!/bin/sh\nexec setpriv --reuid=nobody --regid=nogroup --clear-groups -- {PROGRAM} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setattr("harness.PROGRAM", str(wrapper))
    monkeypatch.setattr(os, "chmod", lambda path, mode, original=os.chmod: original(path, 0o777))
    with running() as server:
        functions = Functions(server)
        functions.create("plain", Timeout=1)
        assert functions.error("plain", {"children": 3, "sleep_ms": FOREVER_MS})["errorType"] == "Sandbox.Timedout"
        assert processes_of("plain") == []
        functions.change("plain", "configuration", Timeout=900)
        error = functions.error("plain", {"child_allocate_mb": 200, "sleep_ms": FOREVER_MS})
        assert error["errorType"] == "Runtime.OutOfMemory"
        assert processes_of("plain") == []
        server.call("DescribeFunctionLog", service="Pawl", functionName="plain")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run functions as someone else")
def test_functions_run_as_another_account_and_die_with_the_server(function_for_all):
    with running('[functions]\naccount = "nobody"\n') as server:
        server.directory.joinpath("data").chmod(0o755)
        functions = Functions(server)
        functions.create("foreign")
        functions.result("foreign")
        [process] = processes_of("foreign")
        assert pathlib.Path(f"/proc/{process}").stat().st_uid == 65534
        server.kill()
        eventually(lambda: not processes_of("foreign"), "the kernel kills it with the server")
        server.start()


class Crowd:
    """Calls at once, which stay at work until they are let go."""

    def __init__(self, functions, directory):
        self.functions, self.directory = functions, pathlib.Path(directory)
        self.pool = ThreadPoolExecutor(40)

    def create(self, name):
        (self.directory / name).mkdir()
        self.functions.python(
            name, "import os, pathlib, time, uuid\ndef handler(event, context):\n"
                  f"    (pathlib.Path({str(self.directory / name)!r}) / uuid.uuid4().hex).touch()\n"
                  f"    while not os.path.exists({str(self.directory / 'go')!r}): time.sleep(0.05)\n    return 1\n")

    def call(self, name):
        try:
            return self.functions.result(name)
        except Refused as refused:
            assert (refused.status, refused.kind) == (429, "TooManyRequestsException")
            return refused.body["Reason"]

    def calls(self, name, count, begun):
        """That many calls, of which some have begun and all others are refused."""
        for file in (self.directory / name).iterdir():
            file.unlink()
        calls = [self.pool.submit(self.call, name) for _ in range(count)]
        eventually(lambda: sum(each.done() for each in calls) >= count - begun, f"{count - begun} are refused")
        eventually(lambda: len(list((self.directory / name).iterdir())) >= begun, f"{begun} have begun")
        return calls

    def answers(self, calls):
        (self.directory / "go").touch()
        return sorted(str(each.result()) for each in calls)


def test_a_reserved_function_runs_in_a_flood_and_never_above_its_reservation(tmp_path):
    with running('[functions]\nconcurrency = 16\nstart_time = "10min"\n') as server:
        functions = Functions(server)
        crowd = Crowd(functions, tmp_path)
        for name in ("flood", "reserved"):
            crowd.create(name)
        functions.reserve("reserved", 10)
        flood = crowd.calls("flood", 20, begun=6)
        reserved = crowd.calls("reserved", 16, begun=10)
        assert crowd.answers(flood) == ["1"] * 6 + ["ConcurrentInvocationLimitExceeded"] * 14
        assert crowd.answers(reserved) == ["1"] * 10 + ["ReservedFunctionConcurrentInvocationLimitExceeded"] * 6
        functions.reserve("reserved", 0)
        assert refusal(functions.invoke, "reserved").kind == "TooManyRequestsException"
        too_many = refusal(functions.reserve, "flood", 16)
        assert too_many.kind == "InvalidParameterValueException" and "below its minimum value of [1]" in too_many.message


def test_throttles_stop_when_the_limit_of_the_account_is_raised(tmp_path):
    with short_directory() as directory:
        file = directory / "pawl.toml"
        server = Server(directory, file)
        crowd = Crowd(Functions(server), tmp_path)

        def answers_under(limit):
            (tmp_path / "go").unlink(missing_ok=True)
            file.write_text(f'[functions]\nconcurrency = {limit}\nstart_time = "10min"\n')
            server.start()
            if limit == 2:
                crowd.create("narrow")
            answers = crowd.answers(crowd.calls("narrow", 6, begun=limit))
            assert server.terminate() == 0
            return answers

        assert answers_under(2) == ["1"] * 2 + ["ConcurrentInvocationLimitExceeded"] * 4
        assert answers_under(6) == ["1"] * 6


def test_the_limits_of_processes_make_room_for_other_functions():
    with running("[functions]\nconcurrency = 2\n") as server:
        functions = Functions(server)
        for name in ("one", "two", "three"):
            functions.create(name)
            functions.result(name)
        eventually(lambda: not processes_of("one"), "who has been idle longest goes")
        assert processes_of("three")


def test_idle_processes_go_after_their_time():
    with running('[functions]\nidle_time = "1s"\n') as server:
        functions = Functions(server)
        functions.create("shortly")
        functions.result("shortly")
        eventually(lambda: not processes_of("shortly"), "its process goes")
        assert functions.result("shortly", {"return": 1}) == 1


def test_nobody_waits_while_a_zip_file_is_unpacked():
    with running(environment={"PAWL_PAUSE_AT": f"code_unpacking:{FOREVER_MS}"}) as server:
        functions = Functions(server)
        for name in ("here", "gone"):
            functions.create(name)  # of a command, so nothing is unpacked
        unpacked = server.directory / "data/functions/.unpacked"
        with ThreadPoolExecutor() as pool:
            creation = pool.submit(functions.python, "large", "def handler(event, context): pass\n")
            eventually(lambda: unpacked.exists() and list(unpacked.iterdir()), "it is being unpacked")
            assert functions.result("here", {"return": 1}) == 1
            functions.invoke("here", {"return": 2}, X_Amz_Invocation_Type="Event")
            functions.change("here", "configuration", Description="changed")
            functions.reserve("here", 1)
            functions.ask("DELETE", "/2015-03-31/functions/gone")
            assert not creation.done()
            server.kill()
            with pytest.raises(OSError):
                creation.result()
        server.start()
        assert not unpacked.exists()
        names = [each["FunctionName"] for each in json.loads(functions.ask("GET", "/2015-03-31/functions/")[1])["Functions"]]
        assert "here" in names and not {"gone", "large"} & set(names)


# Calls that nobody waits for


def test_an_event_is_tried_three_times_and_survives_a_kill(tmp_path):
    with running() as server:
        functions = Functions(server)
        functions.python("counting", f"def handler(event, context):\n    open({str(tmp_path / 'calls')!r}, 'a').write('x')\n"
                                     "    raise ValueError('no')\n")
        headers = functions.invoke("counting", {}, X_Amz_Invocation_Type="Event")[2]
        assert headers is not None
        events = server.directory / "data/functions/counting/events"
        eventually(lambda: not list(events.iterdir()), "it is given up")
        assert (tmp_path / "calls").read_text() == "xxx"
        functions.python("slow", f"import os, time\ndef handler(event, context):\n"
                                 f"    while not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.05)\n"
                                 f"    open({str(tmp_path / 'slow')!r}, 'a').write('x')\n")
        functions.invoke("slow", {}, X_Amz_Invocation_Type="Event")
        server.kill()
        server.start()
        (tmp_path / "go").touch()
        eventually(lambda: (tmp_path / "slow").exists(), "the next server makes the call")


# Tasks


def machine_of(resource, retry=(), **parameters):
    state = {"Type": "Task", "Resource": resource, "End": True, **parameters}
    if retry:
        state["Retry"] = list(retry)
    return {"StartAt": "T", "States": {"T": state}}


def test_tasks_of_machines_reach_functions(server, functions):
    functions.create("task")
    server.create("direct", machine_of(function_arn("task")))
    server.create("through", machine_of("arn:aws:states:::lambda:invoke", Parameters={
        "FunctionName": "task", "Payload.$": "$"}))
    run = lambda machine, value: server.ended(server.start_execution(machine, value))  # noqa: E731
    assert json.loads(run("direct", {"return": {"n": 1}})["output"]) == {"n": 1}
    through = json.loads(run("through", {"return": [1]})["output"])
    assert through["Payload"] == [1] and through["StatusCode"] == 200
    failed = run("direct", {"error": {"errorType": "Own", "errorMessage": "why"}})
    assert failed["error"] == "Own" and json.loads(failed["cause"])["errorMessage"] == "why"
    assert run("direct", {"exit": 1})["error"] == "Runtime.ExitError"


def test_a_task_need_not_wait_for_its_function(server, functions, tmp_path):
    functions.python("aside", f"def handler(event, context):\n    open({str(tmp_path / 'seen')!r}, 'w').write(event['n'])\n")
    server.create("asides", machine_of("arn:aws:states:::lambda:invoke", Parameters={
        "FunctionName": "aside", "InvocationType": "Event", "Payload": {"n": "one"}}))
    ended = server.ended(server.start_execution("asides"))
    assert json.loads(ended["output"])["StatusCode"] == 202
    eventually(lambda: (tmp_path / "seen").exists() and (tmp_path / "seen").read_text() == "one", "it is called")


def test_a_task_over_its_time_is_retried(server, functions):
    functions.create("slowly", Timeout=1)
    again = {"ErrorEquals": ["Sandbox.Timedout"], "IntervalSeconds": 1, "MaxAttempts": 1}
    server.create("timing", machine_of(function_arn("slowly"), [again]))
    arn = server.start_execution("timing", {"sleep_ms": FOREVER_MS})
    ended = server.ended(arn)
    assert ended["status"] == "FAILED" and ended["error"] == "Sandbox.Timedout"
    kinds = [event["type"] for event in server.events(arn)]
    assert kinds.count("LambdaFunctionStarted") == 2 or kinds.count("TaskStarted") == 2, kinds


def test_a_function_that_is_not_there_is_told_with_those_that_are_called_alike(server, functions):
    for name in ("billing-eu", "billing-us"):
        functions.create(name)
    server.create("misspelt", machine_of(function_arn("biling-eu")))
    assert server.ended(server.start_execution("misspelt"))["error"] == "Lambda.ResourceNotFoundException"
    [line] = [line for line in server.log.read_text().splitlines() if "a function was called that is not there" in line]
    assert line.endswith(f'function={function_arn("biling-eu")} similar="billing-eu billing-us"')


def test_a_stopped_execution_stops_its_function(server, functions):
    functions.create("stopped")
    server.create("stopping", machine_of(function_arn("stopped")))
    arn = server.start_execution("stopping", {"sleep_ms": FOREVER_MS})
    eventually(lambda: "START" in log_of(server, "stopped"), "it runs")
    server.call("StopExecution", executionArn=arn)
    eventually(lambda: not processes_of("stopped"), "its process is gone")


def test_a_killed_server_leaves_nothing_and_no_task_runs_twice_at_once(tmp_path):
    with running() as server:
        functions = Functions(server)
        functions.python("once", f"import os, subprocess, time\ndef handler(event, context):\n"
                                 f"    file = open({str(tmp_path / 'runs')!r}, 'a')\n"
                                 "    file.write(f'begin {context.aws_request_id} {time.monotonic()}\\n'); file.flush()\n"
                                 "    subprocess.Popen(['sleep', '986'], start_new_session=True)\n"
                                 f"    while not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.05)\n"
                                 "    file.write(f'end {context.aws_request_id} {time.monotonic()}\\n'); file.flush()\n")
        server.create("crash", machine_of(function_arn("once")))
        arn = server.start_execution("crash")
        eventually(lambda: (tmp_path / "runs").exists() and (tmp_path / "runs").read_text(), "it has begun")
        first = processes_of("once")
        server.kill()
        server.start()
        assert not set(first) & set(processes_of("once"))
        (tmp_path / "go").touch()
        assert server.ended(arn)["status"] == "SUCCEEDED"
        lines = [line.split() for line in (tmp_path / "runs").read_text().splitlines()]
        assert [line[0] for line in lines] == ["begin", "begin", "end"]
        assert len({line[1] for line in lines}) == 1
        assert functions.result("once") is None
        assert server.terminate() == 0
        assert processes_of("once") == []


# Pawl's own verbs


def test_the_verbs_create_show_call_and_delete_functions(server, tmp_path, monkeypatch):
    source = tmp_path / "code"
    source.mkdir()
    (source / "app.py").write_text("import os\ndef handler(event, context):\n    print('was here')\n"
                                   "    return [event, os.environ.get('A')]\n")

    def pawl(*words, status=0):
        done = server.pawl(*words)
        assert done.returncode == status, done.stderr
        return done.stdout

    made = pawl("function", "create", "verbs", "--directory", source, "--handler", "app.handler", "--env", "A=1",
                "--timeout", "900", "--json")
    assert json.loads(made)["MemorySize"] == 128
    assert json.loads(pawl("function", "invoke", "verbs", "--input", '{"n": 1}')) == [{"n": 1}, "1"]
    assert "was here\n" in pawl("function", "logs", "verbs")
    assert json.loads(pawl("function", "logs", "verbs", "--json"))["functionName"] == "verbs"
    pawl("function", "update", "verbs", "--memory", "256", "--reserved", "4", "--env", "A=2")
    assert json.loads(pawl("function", "invoke", "verbs")) == [{}, "2"]
    shown = pawl("function", "describe", "verbs")
    assert re.search(r"\nmodified     [-0-9]{10} [:0-9]{8} UTC\n", pawl("function", "describe", "verbs", "--utc"))
    monkeypatch.setenv("TZ", "HERE-9")
    assert re.search(r"verbs .* [-0-9]{10} [:0-9]{8} HERE *\n", pawl("function", "list"))
    [row] = [each for each in json.loads(pawl("function", "list", "--json")) if each["FunctionName"] == "verbs"]
    assert re.fullmatch(r"[-0-9]{10}T[:0-9]{8}\.\d+Z", row["LastModified"])
    assert "memory       256 MB\n" in shown and "reserved     4\n" in shown and f"file://{source}" in shown
    listed = json.loads(pawl("function", "list", "--json"))
    assert "verbs" in [each["FunctionName"] for each in listed] and all("Runtime" in each for each in listed)
    assert "pawl-restore-list" in pawl("function", "list", "--all", "-o", "name").split()
    pawl("function", "create", "verbs", "--command", FUNCTION, status=5)
    pawl("function", "create", "two", "--command", FUNCTION, "--directory", source, status=2)
    pawl("function", "invoke", "verbs", "--input", "{", status=2)
    pawl("function", "delete", "verbs", status=4)
    pawl("function", "delete", "verbs", "--yes")
    for verb in ("describe", "invoke", "logs"):
        pawl("function", verb, "verbs", status=3)
    built_in = server.pawl("function", "logs", "pawl-restore-plan")
    assert built_in.returncode == 2 and "is built in and has no log of its own: its lines are in the server's" in built_in.stderr


def test_an_update_changes_the_variables_that_it_names(server):
    def variables(*words, status=0):
        done = server.pawl("function", *words, "--json")
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout)["Environment"]["Variables"] if not status else done.stderr

    create = ("create", "varied", "--command", FUNCTION)
    assert variables(*create, "--env", "A=1", "--env", "B=2=2") == {"A": "1", "B": "2=2"}
    assert variables("update", "varied", "--env", "B=3", "--env", "C=") == {"A": "1", "B": "3", "C": ""}
    assert variables("update", "varied", "--no-env", "A", "--no-env", "C", "--memory", "256") == {"B": "3"}
    assert variables("update", "varied", "--memory", "512") == {"B": "3"}
    assert "the function has no variable A" in variables("update", "varied", "--env", "B=4", "--no-env", "A", status=3)
    assert json.loads(server.pawl("function", "update", "varied", "--no-env", "B", "--json").stdout).get("Environment") is None


def test_a_call_that_is_not_let_in_says_why_and_a_reservation_can_be_lifted(functions):
    with running("[functions]\nconcurrency = 1\n") as server:
        def pawl(*words, status=0):
            done = server.pawl("function", *words)
            assert done.returncode == status, done.stderr
            return done.stderr

        pawl("create", "held", "--command", FUNCTION, "--reserved", "0", "--timeout", "900")
        said = pawl("invoke", "held", status=1)
        assert "as many calls of held run as are reserved for it" in said and "--reserved none" in said
        for wrong in ("some", "-1", "1000001"):
            assert "or none" in pawl("update", "held", f"--reserved={wrong}", status=2)
        pawl("update", "held", "--reserved", "none")
        assert server.pawl("function", "describe", "held").stdout.count("reserved") == 0
        assert json.loads(server.pawl("function", "invoke", "held", "--input", '{"return": 1}').stdout) == 1
        pawl("create", "all", "--command", FUNCTION, "--reserved", "1")
        said = pawl("invoke", "held", status=1)
        assert "as many calls of held and others run as may run at once" in said and "functions.concurrency" in said


def test_an_error_of_a_functions_own_is_told_with_its_trace_and_means_nothing_else(server, functions):
    functions.python("ordering", "def handler(event, context):\n    raise type(event, (Exception,), {})('no order 7')\n")
    for kind in ("OrderNotFound", "ResourceNotFoundException", "AccessDenied"):
        event = json.dumps(kind)
        told = server.pawl("function", "invoke", "ordering", "--input", event)
        first, *trace, head, step = told.stderr.splitlines()
        assert (told.returncode, told.stdout, first) == (1, "", f"pawl: {kind}: no order 7")
        assert "app.py" in trace[0] and "raise type(event" in trace[1]
        assert (head, step) == ("next:", "  pawl function logs ordering")
        told = server.pawl("function", "invoke", "ordering", "--input", event, "--json")
        error = json.loads(told.stderr)["error"]
        assert told.returncode == 1 and "app.py" in error.pop("stackTrace")[0]
        assert error == {"code": "failed", "message": "no order 7", "error": kind, "hint": "`pawl function logs ordering`"}
    built_in = server.pawl("function", "invoke", "pawl-restore-report", "--input", '{"operation_id": "none"}')
    assert built_in.returncode == 1 and built_in.stderr.startswith("pawl: Restore.") and "function logs" not in built_in.stderr
    absent = server.pawl("function", "invoke", "absent")
    assert absent.returncode == 3 and "Function not found" in absent.stderr


# What is refused


def test_functions_are_listed_in_pages(server, functions):
    for name in ("page-1", "page-2", "page-3"):
        functions.create(name)
    whole = [each["FunctionName"] for each in server.aws("lambda", "list-functions")["Functions"]]
    paged, marker = [], ""
    while marker is not None:
        page = json.loads(functions.ask("GET", f"/2015-03-31/functions?MaxItems=7&Marker={marker}")[1])
        paged += [each["FunctionName"] for each in page["Functions"]]
        assert len(page["Functions"]) <= 7
        marker = page.get("NextMarker")
    assert paged == whole == sorted(whole) and "page-2" in paged


def test_built_in_functions_stay_as_they_are(functions):
    built_in = "aurora-restore-snapshot-check"
    assert refusal(functions.create, built_in).kind == "ResourceConflictException"
    assert refusal(functions.change, built_in, "configuration", Timeout=3).kind == "InvalidParameterValueException"
    assert refusal(functions.ask, "DELETE", f"/2015-03-31/functions/{built_in}").status == 400


def test_what_is_wrong_is_refused_in_the_services_words(functions):
    functions.create("taken")
    taken = refusal(functions.create, "taken")
    assert (taken.status, taken.kind, taken.message) == (409, "ResourceConflictException", "Function already exist: taken")
    missing = refusal(functions.invoke, "nobody")
    assert (missing.status, missing.kind) == (404, "ResourceNotFoundException")
    assert missing.message == "Function not found: " + function_arn("nobody")
    wrong = refusal(functions.create, "bad name", Timeout=901)
    assert wrong.kind == "ValidationException" and wrong.message.startswith("2 validation errors detected: ")
    assert "Value '901' at 'timeout' failed to satisfy constraint" in wrong.message
    assert refusal(functions.create, "other", Runtime="cobol").kind == "InvalidParameterValueException"
    assert "vpcConfig" in refusal(functions.create, "other", VpcConfig={}).message
    assert "Publish" in refusal(functions.create, "other", Publish=True).message
    assert refusal(functions.invoke, "taken", b"{nope").kind == "InvalidRequestContentException"
    assert refusal(functions.invoke, "taken", b'"' + b"x" * (6 << 20) + b'"').kind == "RequestTooLargeException"
    stale = refusal(functions.change, "taken", "configuration", RevisionId="0", Timeout=4)
    assert (stale.status, stale.kind) == (412, "PreconditionFailedException")
    publish = refusal(functions.ask, "POST", "/2015-03-31/functions/taken/versions", {})
    assert publish.kind == "UnknownOperationException" and "Lambda.PublishVersion" in publish.message
    assert refusal(functions.invoke, "taken:3").status == 404


def test_variables_that_the_service_sets_itself_are_refused(functions):
    functions.create("set")
    wanted = {"Variables": {"OWN": "1", "AWS_REGION": "nowhere", "_HANDLER": "x", "PATH": "/bin"}}
    for refused in (refusal(functions.create, "unset", Environment=wanted),
                    refusal(functions.change, "set", "configuration", Environment=wanted)):
        assert (refused.status, refused.kind) == (400, "InvalidParameterValueException")
        assert refused.message.startswith("Lambda was unable to configure your environment variables because the ")
        assert refused.message.endswith("Reserved keys used in this request: AWS_REGION, _HANDLER")
    assert refusal(functions.ask, "GET", "/2015-03-31/functions/unset").status == 404
    credentials = {"Variables": {"AWS_ACCESS_KEY_ID": "own"}}
    functions.change("set", "configuration", Environment=credentials)
    with running("[limits]\nstrict_aws = true\n") as strict:
        refused = refusal(Functions(strict).create, "set", Environment=credentials)
        assert refused.message.endswith("Reserved keys used in this request: AWS_ACCESS_KEY_ID")


def test_pages_of_other_places_may_not_use_functions(functions):
    foreign = refusal(functions.invoke, "taken", {}, Origin="https://somewhere.example")
    assert (foreign.status, foreign.kind) == (403, "AccessDeniedException")


@pytest.mark.parametrize("files", [
    {"../outside": "x"}, {"/outside": "x"}, {"a/../../outside": "x"},
    {"link": ("/etc/passwd", stat.S_IFLNK | 0o777)}, {"link": ("../outside", stat.S_IFLNK | 0o777)},
    {"a/link": ("../../outside", stat.S_IFLNK | 0o777)}, {"a/link": ("b/../../outside", stat.S_IFLNK | 0o777)},
])
def test_zip_files_that_lead_outside_are_refused(server, functions, files):
    archive = base64.b64encode(zipped({"app.py": "", **files})).decode()
    refused = refusal(functions.create, "escaping", {"ZipFile": archive})
    assert refused.kind == "InvalidParameterValueException", refused
    assert refusal(functions.invoke, "escaping").status == 404
    assert not list(server.directory.rglob("outside"))


@pytest.mark.parametrize("files, why", [
    ({"a": "1", "a/b": "2"}, "the entry a/b of the zip file has the name of another"),
    ({"sub": ("there", stat.S_IFLNK | 0o777), "sub/x": "2"}, "the entry sub of the zip file has the name of another"),
    ({"d/" * 600 + "x": "1"}, "has a name of 1201 bytes, and may have 1024"),
    ({"n" * 300: "1"}, "of the zip file cannot be made"),
], ids=["below a file", "through a link", "deep", "long"])
def test_names_that_cannot_be_are_the_fault_of_the_zip_file(functions, files, why):
    refused = refusal(functions.create, "unmade", {"ZipFile": base64.b64encode(zipped(files)).decode()})
    assert (refused.status, refused.kind) == (400, "InvalidParameterValueException")
    assert why in refused.message and "/data/functions/" not in refused.message


def test_a_pipe_is_no_code_and_holds_nobody_up(functions, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", "/dev/zero"):
        refused = refusal(functions.create, "piped", {"S3Bucket": "file", "S3Key": str(place)})
        assert refused.kind == "InvalidParameterValueException"
        assert refused.message == f"{place} is neither a directory nor a file"


def test_zip_files_keep_modes_and_links_that_stay_inside(functions):
    archive = base64.b64encode(zipped({
        "lib/run": (f"#!/bin/sh\nexec {FUNCTION}\n", 0o755), "bootstrap": ("lib/run", stat.S_IFLNK | 0o777)})).decode()
    functions.create("linked", {"ZipFile": archive})
    assert functions.result("linked", {"return": 1}) == 1


@pytest.mark.parametrize("bytes_", [b"no zip", zipped({"app.py": "x" * 10000})[:-40]], ids=["text", "cut short"])
def test_what_is_no_zip_file_is_refused(functions, bytes_):
    archive = base64.b64encode(bytes_).decode()
    assert refusal(functions.create, "broken", {"ZipFile": archive}).kind == "InvalidParameterValueException"


def test_no_process_is_answered_for_by_another(functions, tmp_path):
    functions.python("thief", "import http.client, os, json\n"
                              "def ask(address, path):\n"
                              "    link = http.client.HTTPConnection(address)\n"
                              "    link.request('POST', '/2018-06-01/runtime/invocation/' + path + '/response', b'1')\n"
                              "    return link.getresponse().status\n"
                              "def handler(event, context):\n"
                              "    return ask(os.environ['AWS_LAMBDA_RUNTIME_API'], event['id'])\n")
    functions.python("victim", "import os, time\ndef handler(event, context):\n"
                               "    while not os.path.exists(event['go']): time.sleep(0.05)\n    return 'own'\n")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(functions.result, "victim", {"go": str(tmp_path / "go")})
        identity = eventually(lambda: [line.split()[2] for line in log_of(functions.server, "victim").splitlines()
                                       if line.startswith("START")], "it has begun")[-1]
        assert functions.result("thief", {"id": identity}) == 400
        (tmp_path / "go").touch()
        assert call.result() == "own"
