"""States tested on their own, over HTTP: Debian's AWS command line does not know TestState yet."""
import json
import pathlib
import re
import urllib.request

import pytest
from harness import ROLE, ServiceError, function_arn, send


def trial(server, state, **members):
    for name in ("input", "variables", "context"):
        if name in members:
            members[name] = json.dumps(members[name])
    return server.call("TestState", definition=json.dumps(state), **members)


def test_a_state_of_a_machine_is_tested_with_its_data_flow(server):
    machine = {"QueryLanguage": "JSONata", "StartAt": "Charge", "States": {
        "Charge": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage",
                   "Arguments": {"QueueUrl": "{% $queue %}", "MessageBody": "{% $states.input.text %}"},
                   "Output": "{% $states.result.MessageId %}", "Next": "Done"},
        "Done": {"Type": "Succeed"}}}
    answer = trial(server, machine, stateName="Charge", input={"text": "hi"}, variables={"queue": "q"},
                    inspectionLevel="TRACE", mock={"result": '{"MessageId": "m-7"}'})
    assert (answer["status"], answer["nextState"], json.loads(answer["output"])) == ("SUCCEEDED", "Done", "m-7")
    seen = {name: json.loads(value) for name, value in answer["inspectionData"].items()}
    assert seen["afterArguments"] == {"QueueUrl": "q", "MessageBody": "hi"}
    assert seen["result"] == {"MessageId": "m-7"} and seen["variables"] == {"queue": "q"}


def test_a_task_without_a_mock_is_really_run(server):
    state = {"Type": "Task", "Resource": function_arn("no-such-function"), "End": True,
             "Catch": [{"ErrorEquals": ["Lambda.ResourceNotFoundException"], "Next": "Look"}]}
    answer = trial(server, state, roleArn=ROLE)
    assert (answer["status"], answer["nextState"]) == ("CAUGHT_ERROR", "Look")
    assert answer["error"] == "Lambda.ResourceNotFoundException"


def test_a_service_without_an_endpoint_can_be_stood_in_for(server):
    state = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True, "Parameters": {"QueueUrl": "q", "MessageBody": "m"}}
    answer = trial(server, state, roleArn=ROLE)
    assert answer["error"] == "Pawl.ServiceNotConfigured" and "specify a mock" in answer["cause"]


def test_a_state_that_cannot_be_tested_is_refused_with_the_reason(server):
    with pytest.raises(ServiceError, match="ValidationException.*specify a mock"):
        trial(server, {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "End": True}, roleArn=ROLE)
    with pytest.raises(ServiceError, match="InvalidDefinition.*/States/StateName"):
        trial(server, {"Type": "Pass", "Sideways": True, "End": True})


@pytest.mark.parametrize("host", ["sync-states.us-east-1.amazonaws.com", "sync-localhost:4566", "anything.at.all"])
def test_the_prefix_that_clients_put_before_the_host_does_not_matter(server, host):
    request = urllib.request.Request(
        server.url, json.dumps({"definition": '{"Type": "Succeed"}'}).encode(),
        {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.TestState", "Host": host})
    assert send(request, 60) == {"status": "SUCCEEDED", "output": "{}"}


def test_every_type_in_the_tables_of_responses_is_defined():
    tables = sorted((pathlib.Path(__file__).parent.parent / "src/api/states/test_state/responses").glob("*.inc"))
    assert tables
    for table in tables:
        text = table.read_text().removeprefix('R"(').removesuffix(')"\n').replace("\n ", " ")
        sorts = {line.split()[0]: line.split()[1:] for line in text.split("\n") if line}
        for name, (sort, *words) in sorts.items():
            types = {"struct": words[1::2], "response": words, "enum": [], "number": []}[sort]
            used = {re.sub(r"[\[\]{}]", "", each) for each in types} - {"s", "n", "b", "*"}
            assert used <= set(sorts), (table.name, name)
            assert sort != "struct" or len(words) % 2 == 0, (table.name, name)
