"""A server with credentials: who has signed with one of its keys is answered, and nobody else. By the real AWS command line,
the SDK for Python, Pawl's own command line, and requests that somebody has meddled with."""
import datetime
import hashlib
import hmac
import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request

import pytest
from harness import PROGRAM, REGION, Server, ServiceError, python_sdk_folder, run_pawl, send, short_directory

ALICE, BOB = ("AKIAALICE", "the/secret+of alice's"), ("AKIABOB", "the secret of bob")
KEYS = "".join(f'[{name}]\naccess_key_id = "{key}"\nsecret_access_key = "{secret}"\n'
               for name, (key, secret) in {"alice": ALICE, "bob": BOB}.items())


def configured(directory, mode=0o600):
    (directory / "keys.toml").write_text(KEYS)
    os.chmod(directory / "keys.toml", mode)
    (directory / "pawl.toml").write_text('[credentials]\nfile = "keys.toml"\n')
    return directory / "pawl.toml"


@pytest.fixture(scope="module")
def server():
    with short_directory() as directory:
        running = Server(directory, configured(directory)).start()
        try:
            yield running
        finally:
            running.kill()


def signed(server, body=b"{}", key=ALICE, minutes_late=0, signed_body=None):
    """A request as AWS's documentation says it is to be signed, made without the code under test."""
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes_late)
    headers = {"content-type": "application/x-amz-json-1.0", "host": urllib.parse.urlparse(server.url).netloc,
               "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"), "x-amz-target": "AWSStepFunctions.ListStateMachines"}
    names = ";".join(sorted(headers))
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names,
                           hashlib.sha256(body if signed_body is None else signed_body).hexdigest()])
    scope = f"{now:%Y%m%d}/{REGION}/states/aws4_request"
    secret = ("AWS4" + key[1]).encode()
    for piece in scope.split("/"):
        secret = hmac.new(secret, piece.encode(), hashlib.sha256).digest()
    statement = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(secret, statement.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={key[0]}/{scope}, SignedHeaders={names}, Signature={signature}"
    return urllib.request.Request(server.url, body, headers)


def refusal(request):
    with pytest.raises(ServiceError) as caught:
        send(request, 60)
    return caught.value


def aws(server, key, *arguments):
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1], "AWS_DEFAULT_REGION": REGION,
                   "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1"}
    return subprocess.run(["/usr/bin/aws", "--endpoint-url", server.url, "--output", "json", *arguments],
                          capture_output=True, text=True, env=environment, timeout=120)


def test_whoever_has_signed_is_answered(server):
    for key in (ALICE, BOB):
        assert "stateMachines" in send(signed(server, key=key), 60)


def test_a_request_may_come_again_within_the_skew_of_clocks(server):
    request = signed(server, minutes_late=4)
    assert send(request, 60) == send(request, 60)
    assert "stateMachines" in send(signed(server, minutes_late=-4), 60)


def test_what_was_signed_too_long_ago_or_too_early_is_refused(server):
    late, early = refusal(signed(server, minutes_late=6)), refusal(signed(server, minutes_late=-6))
    assert late.code == early.code == "InvalidSignatureException" and late.status == 400
    assert late.message.startswith("Signature expired: ") and early.message.startswith("Signature not yet current: ")


def test_an_altered_body_is_refused(server):
    error = refusal(signed(server, body=b'{"maxResults":1}', signed_body=b"{}"))
    assert error.code == "InvalidSignatureException"
    assert error.message.startswith("The request signature we calculated does not match the signature you provided.")


def test_wrong_and_missing_keys_are_refused(server):
    assert refusal(signed(server, key=(ALICE[0], BOB[1]))).code == "InvalidSignatureException"
    assert refusal(signed(server, key=("AKIANOBODY", "x"))).code == "UnrecognizedClientException"
    with pytest.raises(ServiceError) as caught:
        server.call("ListStateMachines")
    assert caught.value.code == "MissingAuthenticationTokenException"


def test_functions_want_a_signature_too(server):
    with pytest.raises(ServiceError) as caught:
        server.invoke("restore-list")
    assert caught.value.status == 403


def test_the_probes_need_no_signature(server):
    with urllib.request.urlopen(server.url + "/readyz", timeout=60) as response:
        assert response.status == 200


def test_the_command_line_of_aws_is_answered_and_told_why_not(server):
    assert aws(server, ALICE, "stepfunctions", "list-state-machines").returncode == 0
    assert aws(server, ALICE, "lambda", "list-functions").returncode == 0
    assert "InvalidSignatureException" in aws(server, (ALICE[0], "wrong"), "stepfunctions", "list-state-machines").stderr
    assert "UnrecognizedClientException" in aws(server, ("X", "x"), "stepfunctions", "list-state-machines").stderr


def test_the_sdk_for_python_is_answered_and_told_why_not(server):
    if not python_sdk_folder():
        pytest.skip("missing: the AWS SDK for Python; script/bootstrap installs it")
    sys.path.insert(0, python_sdk_folder())
    import boto3

    def client(key):
        return boto3.client("stepfunctions", region_name=REGION, endpoint_url=server.url,
                            aws_access_key_id=key[0], aws_secret_access_key=key[1])

    assert "activities" in client(BOB).list_activities()
    machine = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "ä ö", "End": True}}}
    assert client(BOB).validate_state_machine_definition(definition=json.dumps(machine, ensure_ascii=False))["result"] == "OK"
    with pytest.raises(client(ALICE).exceptions.ClientError) as caught:
        client((BOB[0], "wrong")).list_activities()
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"


def pawl(server, *arguments, key=None, **environment):
    if key:
        environment = {**environment, "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1]}
    return run_pawl(*arguments, environment={"PAWL_SERVER": server.url, **environment})


def test_our_own_command_line_signs_with_the_keys_of_the_environment(server):
    assert pawl(server, "machine", "list", key=ALICE).returncode == 0
    assert pawl(server, "restore", "list", key=ALICE).returncode == 0
    refused = pawl(server, "machine", "list", key=(ALICE[0], "wrong"))
    assert refused.returncode == 4 and "InvalidSignatureException" in refused.stderr
    unsigned = pawl(server, "machine", "list")
    assert unsigned.returncode == 4 and "AWS_ACCESS_KEY_ID" in unsigned.stderr


def test_our_own_command_line_signs_with_the_key_of_the_configuration(server):
    config = str(server.directory / "pawl.toml")
    assert pawl(server, "machine", "list", PAWL_CONFIG=config).returncode == 0
    printed = pawl(server, "env", PAWL_CONFIG=config).stdout
    shell = subprocess.run(["sh", "-c", printed + 'printf %s "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY"'], capture_output=True, text=True)
    assert shell.stdout == " ".join(ALICE)


def test_a_file_of_keys_that_others_may_read_is_refused():
    with short_directory() as directory:
        config = configured(directory, mode=0o644)
        refused = subprocess.run([PROGRAM, "serve", "--config", config, "--data", directory / "data", "--listen", "127.0.0.1:0"],
                                 capture_output=True, text=True, timeout=60)
        assert refused.returncode == 4 and "can be used by others" in refused.stderr
        checked = run_pawl("config", "check", config)
        assert checked.returncode == 1 and "chmod 600" in checked.stdout


def test_only_a_server_with_credentials_may_be_reached_from_elsewhere():
    with short_directory() as directory:
        server = Server(directory, configured(directory)).start(listen="0.0.0.0:0")
        try:
            server.url = server.url.replace("0.0.0.0", "127.0.0.1")
            assert "stateMachines" in send(signed(server), 60)
        finally:
            server.kill()
        open_to_all = subprocess.run([PROGRAM, "serve", "--data", directory / "other", "--listen", "0.0.0.0:0"],
                                     capture_output=True, text=True, timeout=60)
        assert open_to_all.returncode == 4 and "without credentials only this machine" in open_to_all.stderr


def test_batch_and_its_tags_are_signed_too(server):
    """The ARN in the path is percent-encoded: what is signed has it encoded twice."""
    unsigned = urllib.request.Request(f"{server.url}/v1/describejobqueues", b"{}", method="POST")
    assert refusal(unsigned).status == 403
    environment = {"AWS_ACCESS_KEY_ID": ALICE[0], "AWS_SECRET_ACCESS_KEY": ALICE[1], "AWS_DEFAULT_REGION": REGION, "AWS_PAGER": "",
                   "AWS_EC2_METADATA_DISABLED": "true", "PAWL_SERVER": server.url}
    assert run_pawl("queue", "create", "signed", "--vcpus", "1", environment=environment).returncode == 0
    queue = f"arn:aws:batch:{REGION}:000000000000:job-queue/signed"
    for call in (["describe-job-queues"], ["tag-resource", "--resource-arn", queue, "--tags", "a=b c"],
                 ["untag-resource", "--resource-arn", queue, "--tag-keys", "a", "b/c"],
                 ["list-tags-for-resource", "--resource-arn", queue]):
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", server.url, "batch", *call], capture_output=True, text=True,
                              env={**os.environ, **environment}, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
