"""Tasks that call other services: small services of the test's own stand at the configured endpoints, and one is Pawl itself."""
import http.server
import json
import socketserver
import threading
import urllib.parse

import pytest
from harness import Server, eventually, function_arn, short_directory


class Services(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """Notes every request as (path, headers, body) and answers it as `answers` says."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen, self.answers = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def seen_with(self, text):
        return [request for request in self.seen if text in request[0] + str(request[1]) + request[2]]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.seen.append((self.path, dict(self.headers), body))
        asked = f"{self.path} {self.headers.get('X-Amz-Target', '')} {body}"
        answer = next((make for text, make in self.server.answers if text in asked), lambda _: (200, body or "{}", {}))
        status, text, headers = answer(body)
        if status is None:
            self.server.silence.wait(60)
            status = 500
        self.send_response(status)
        for name, value in {"x-amzn-RequestId": "r-1", "Content-Length": str(len(text.encode())), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def services():
    running = Services()
    running.silence = threading.Event()
    yield running
    running.silence.set()
    running.shutdown()
    running.server_close()


@pytest.fixture
def server(services):
    with short_directory() as directory:
        names = ["lambda", "sqs", "sns", "dynamodb", "events", "secretsmanager"]
        config = directory / "pawl.toml"
        config.write_text("[endpoints]\n" + "".join(f'{name} = "{services.url}"\n' for name in names))
        running = Server(directory, config).start({"AWS_ACCESS_KEY_ID": "AKIATASKS", "AWS_SECRET_ACCESS_KEY": "secret"})
        yield running
        running.kill()


def answered(services, text, status, body, **headers):
    body = body if isinstance(body, str) else json.dumps(body)
    services.answers.insert(0, (text, lambda _: (status, body, headers)))


def task(resource, parameters=None, **fields):
    state = {"Type": "Task", "Resource": resource, "End": True, **fields}
    if parameters is not None:
        state["Parameters"] = parameters
    return {"StartAt": "T", "States": {"T": state}}


def ended(server, name, definition, value=None):
    server.create(name, definition)
    return server.ended(server.start_execution(name, value))


def output(execution):
    assert execution["status"] == "SUCCEEDED", execution
    value = json.loads(execution["output"])
    if isinstance(value, dict):
        value = {name: member for name, member in value.items() if not name.startswith("Sdk")}
    return value


def test_a_function_that_is_not_built_in_is_called_where_lambda_is(server, services):
    answered(services, "/double/", 200, {"doubled": 4})
    assert output(ended(server, "double", task(function_arn("double")), {"n": 2})) == {"doubled": 4}
    path, headers, body = services.seen[-1]
    assert path == "/2015-03-31/functions/double/invocations" and json.loads(body) == {"n": 2}
    scope = "/us-east-1/lambda/aws4_request, SignedHeaders="
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIATASKS/") and scope in headers["Authorization"]


def test_a_function_that_is_built_in_is_not_called_elsewhere(server, services):
    # It fails for want of an event; what matters is who did it.
    failed = ended(server, "ours", task(function_arn("aurora-restore-snapshot-check")), {})
    assert failed["error"].startswith("Restore.") and services.seen == []


def test_functions_fail_with_their_own_errors_which_are_caught(server, services):
    answered(services, "/broken/", 200, {"errorType": "Broken", "errorMessage": "why"}, **{"X-Amz-Function-Error": "Unhandled"})
    failed = ended(server, "broken", task(function_arn("broken")))
    assert failed["error"] == "Broken" and json.loads(failed["cause"])["errorMessage"] == "why"
    caught = task(function_arn("broken"), Catch=[{"ErrorEquals": ["Broken"], "Next": "Saved"}])
    caught["States"]["Saved"] = {"Type": "Pass", "Result": "saved", "End": True}
    assert output(ended(server, "caught", caught)) == "saved"


def test_a_busy_service_is_tried_again_as_the_definition_says(server, services):
    calls = []
    services.answers.insert(0, ("/busy/", lambda _: calls.append(1) or (
        (429, "{}", {"x-amzn-ErrorType": "TooManyRequestsException"}) if len(calls) < 3 else (200, '"done"', {}))))
    retry = [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 1, "BackoffRate": 1}]
    assert output(ended(server, "busy", task(function_arn("busy"), Retry=retry))) == "done"
    assert len(calls) == 3


def test_a_message_carries_the_token_that_ends_its_task(server, services):
    answered(services, "AmazonSQS.SendMessage", 200, {"MessageId": "m-1"})
    server.create("asking", task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", {
        "QueueUrl": "http://q/1", "MessageBody": {"token.$": "$$.Task.Token"}}))
    execution = server.start_execution("asking")
    sent = eventually(lambda: services.seen_with("SendMessage"), "the message is sent")[0][2]
    token = json.loads(json.loads(sent)["MessageBody"])["token"]
    server.call("SendTaskSuccess", taskToken=token, output='{"approved": true}')
    assert output(server.ended(execution)) == {"approved": True}


def test_topics_tables_and_events(server, services):
    answered(services, "Action=Publish", 200, "<PublishResponse><PublishResult><MessageId>m-2</MessageId></PublishResult></PublishResponse>")
    answered(services, "DynamoDB_20120810.GetItem", 200, {"Item": {"id": {"S": "1"}}})
    answered(services, "AWSEvents.PutEvents", 200, {"Entries": [{"EventId": "e-1"}], "FailedEntryCount": 0})
    answered(services, "secretsmanager.ListSecrets", 200, {"SecretList": []})
    states = "arn:aws:states:::"
    assert output(ended(server, "publish", task(states + "sns:publish", {"TopicArn": "t", "Message": {"a": 1}}))) == {"MessageId": "m-2"}
    assert urllib.parse.parse_qs(services.seen[-1][2])["Message"] == ['{"a":1}']
    assert output(ended(server, "item", task(states + "dynamodb:getItem", {"TableName": "t", "Key": {"id": {"S": "1"}}}))) == {"Item": {"id": {"S": "1"}}}
    put = ended(server, "event", task(states + "events:putEvents", {"Entries": [{"Source": "s", "Detail": {"a": 1}}]}))
    assert output(put) == {"Entries": [{"EventId": "e-1"}], "FailedEntryCount": 0}
    assert put["executionArn"] in json.loads(services.seen[-1][2])["Entries"][0]["Resources"]
    assert output(ended(server, "secrets", task(states + "aws-sdk:secretsmanager:listSecrets", {}))) == {"SecretList": []}


def test_errors_of_services_have_their_names(server, services):
    answered(services, "DynamoDB_20120810.GetItem", 400, {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "Requested resource not found"})
    parameters = {"TableName": "t", "Key": {}}
    own = ended(server, "own", task("arn:aws:states:::dynamodb:getItem", parameters))
    assert own["error"] == "DynamoDB.ResourceNotFoundException"
    assert own["cause"] == ("Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; "
                            "Error Code: ResourceNotFoundException; Request ID: r-1; Proxy: null)")
    by_sdk = ended(server, "by-sdk", task("arn:aws:states:::aws-sdk:dynamodb:getItem", parameters))
    assert by_sdk["error"] == "DynamoDb.ResourceNotFoundException"


def test_a_service_without_an_endpoint_is_named(server):
    failed = ended(server, "parameters", task("arn:aws:states:::aws-sdk:ssm:getParameter", {"Name": "x"}))
    assert failed["error"] == "Pawl.ServiceNotConfigured" and "endpoints.ssm" in failed["cause"]


def test_a_task_that_has_timed_out_does_not_wait_for_its_call(server, services):
    services.answers.insert(0, ("/slow/", lambda _: (None, "", {})))
    failed = ended(server, "slow", task(function_arn("slow"), TimeoutSeconds=1))
    assert failed["error"] == "States.Timeout"
    assert server.terminate() == 0


def test_a_call_that_a_crash_cut_off_is_made_again_under_its_id(server, services):
    services.answers.insert(0, ("/cut/", lambda _: (None, "", {})))
    server.create("cut", task(function_arn("cut")))
    execution = server.start_execution("cut")
    eventually(lambda: services.seen_with("/cut/"), "the function is called")
    server.kill()
    answered(services, "/cut/", 200, '"again"')
    server.start()
    assert output(server.ended(execution)) == "again"
    ids = [request[1]["amz-sdk-invocation-id"] for request in services.seen_with("/cut/")]
    assert len(ids) == 2 and ids[0] == ids[1]


def test_a_state_is_tested_with_the_service_itself(server, services):
    answered(services, "/probe/", 200, '"probed"')
    answer = server.call("TestState", definition=json.dumps(task(function_arn("probe"))["States"]["T"]), input="{}",
                         roleArn="arn:aws:iam::000000000000:role/test")
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", '"probed"')


def test_step_functions_itself_is_a_service(services):
    with short_directory() as directory:
        (directory / "other").mkdir()
        other = Server(directory / "other").start()
        config = directory / "pawl.toml"
        config.write_text(f'[endpoints]\nstates = "{other.url}"\n')
        running = Server(directory, config).start()
        try:
            target = other.create("target", {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
            started = ended(running, "starter", task("arn:aws:states:::aws-sdk:sfn:startExecution", {
                "StateMachineArn": target, "Name": "one", "Input": "{}"}))
            assert output(started)["ExecutionArn"].endswith(":execution:target:one")
            assert other.ended(output(started)["ExecutionArn"])["status"] == "SUCCEEDED"
        finally:
            running.kill()
            other.kill()


def test_without_an_endpoint_step_functions_is_the_server_itself():
    with short_directory() as directory:
        server = Server(directory).start()
        try:
            target = server.create("target", {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "End": True}}})
            caller = ended(server, "starter", task("arn:aws:states:::aws-sdk:sfn:startExecution", {
                "StateMachineArn": target, "Name": "one", "Input": "{}"}))
            assert output(caller)["ExecutionArn"].endswith(":execution:target:one")
            assert server.ended(output(caller)["ExecutionArn"])["status"] == "SUCCEEDED"
        finally:
            server.kill()
