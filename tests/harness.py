"""What the end-to-end tests share: a Pawl server of their own, the real AWS command line, small requests."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("PAWL_PROGRAM", str(ROOT / "build" / "release" / "pawl"))
ACCOUNT, REGION = "000000000000", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/test"
DEADLINE_S = 120


def python_sdk_folder():
    """Where script/bootstrap has put the AWS SDK for Python; None where it could not be had."""
    folder = ROOT / "build" / "sdks" / "python"
    packages = sorted(folder.glob("lib/python3*/site-packages"))
    return str(packages[0]) if packages and (folder / "pins").exists() else None


def machine_arn(name):
    return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"


def execution_arn(machine, name):
    return f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{machine}:{name}"


def function_arn(name):
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def eventually(question, what, deadline_s=DEADLINE_S):
    """The first true answer to the question, asked again and again until a generous deadline."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {deadline_s} s: {what}")


class ServiceError(Exception):
    def __init__(self, status, body):
        self.status, self.body = status, body
        self.code = body.get("__type", "") if isinstance(body, dict) else ""
        self.message = body.get("message", "") if isinstance(body, dict) else str(body)
        super().__init__(f"{status} {self.code}: {self.message}")


class Server:
    """`pawl serve` on a directory of its own; may be killed and started again on the same data."""

    def __init__(self, directory, config=None):
        self.directory, self.config = pathlib.Path(directory), config
        self.process, self.url, self.log = None, None, self.directory / "server.log"

    def start(self, environment=None, listen="127.0.0.1:0"):
        arguments = [PROGRAM, "serve", "--data", str(self.directory / "data"), "--listen", listen]
        if self.config:
            arguments += ["--config", str(self.config)]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(environment or {})}, text=True
            )
        line = self.process.stdout.readline()
        if "listening on " not in line:
            self.process.wait(10)
            raise AssertionError(f"the server did not start: {line!r}\n{self.log.read_text()[-3000:]}")
        self.url = line.split("listening on ")[1].strip()
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def wait_dead(self, deadline_s=DEADLINE_S):
        return self.process.wait(deadline_s)

    def call(self, operation, service="AWSStepFunctions", timeout=60, **members):
        request = urllib.request.Request(
            self.url,
            json.dumps(members).encode(),
            {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"{service}.{operation}"},
        )
        return send(request, timeout)

    def invoke(self, function, event=None, timeout=120):
        request = urllib.request.Request(
            f"{self.url}/2015-03-31/functions/{function}/invocations", json.dumps(event or {}).encode(), method="POST"
        )
        return send(request, timeout)

    def create(self, name, definition):
        text = definition if isinstance(definition, str) else json.dumps(definition)
        return self.call("CreateStateMachine", name=name, definition=text, roleArn=ROLE)["stateMachineArn"]

    def start_execution(self, machine, value=None, name=None):
        members = {"stateMachineArn": machine_arn(machine), "input": json.dumps({} if value is None else value)}
        if name:
            members["name"] = name
        return self.call("StartExecution", **members)["executionArn"]

    def ended(self, arn, deadline_s=DEADLINE_S):
        def closed():
            execution = self.call("DescribeExecution", executionArn=arn)
            return execution if execution["status"] != "RUNNING" else None

        return eventually(closed, f"{arn} ends", deadline_s)

    def events(self, arn, **members):
        events, token = [], {}
        while token is not None:
            page = self.call("GetExecutionHistory", executionArn=arn, maxResults=1000, **members, **token)
            events += page["events"]
            token = {"nextToken": page["nextToken"]} if "nextToken" in page else None
        return events

    def aws(self, *arguments, check=True):
        """The real AWS command line of Debian against this server."""
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
        }
        result = subprocess.run(
            ["/usr/bin/aws", "--endpoint-url", self.url, "--output", "json", *arguments],
            capture_output=True, text=True, env=environment, timeout=120,
        )
        if not check:
            return result
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout) if result.stdout.strip() else {}

    def pawl(self, *arguments, **options):
        return run_pawl(*arguments, environment={"PAWL_SERVER": self.url}, **options)


def send(request, timeout):
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            text = response.read()
            body = json.loads(text) if text else {}
            if response.headers.get("X-Amz-Function-Error"):
                raise ServiceError(200, {"__type": body["errorType"], "message": body["errorMessage"]})
            return body
    except urllib.error.HTTPError as error:
        text = error.read()
        try:
            body = json.loads(text)
        except ValueError:
            body = {"message": text.decode(errors="replace")}
        raise ServiceError(error.code, body) from None


def connect(server):
    """A bare connection, for clients that misbehave."""
    address = urllib.parse.urlparse(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=60)


def run_pawl(*arguments, environment=None, timeout=DEADLINE_S, directory=None):
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, cwd=directory,
        env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def short_directory():
    """A new directory whose path is short enough for sockets below it."""
    path = tempfile.mkdtemp(prefix="pw-", dir="/tmp")
    os.chmod(path, 0o755)
    try:
        yield pathlib.Path(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def small_disk(size):
    """A directory on a file system of its own, as small as that; only for root."""
    with short_directory() as directory:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", directory], check=True)
        try:
            yield directory
        finally:
            subprocess.run(["umount", directory], check=True)


@contextlib.contextmanager
def running_server(config=None, environment=None):
    with short_directory() as directory:
        server = Server(directory, config)
        server.start(environment)
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.kill()
