"""The current AWS SDK for Python against the server: every operation of the Step Functions API, errors as the exceptions
that callers catch, paginators, and the operations that the SDK sends to a host of their own."""
import datetime
import json
import socket
import sys
import threading

import pytest
from harness import REGION, ROLE, eventually, python_sdk_folder

if not python_sdk_folder():
    pytest.skip("missing: the AWS SDK for Python; script/bootstrap installs it", allow_module_level=True)
sys.path.insert(0, python_sdk_folder())
import boto3  # noqa: E402
import botocore.config  # noqa: E402

PASS = {"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": {"said": "hello"}, "End": True}}}
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}
SLEEP = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 100000, "End": True}}}
MAP = {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "Each", "End": True, "ItemProcessor": {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}}}}
called = set()


def client_of(server, host="127.0.0.1", **options):
    """A client that notes which operations have been called."""
    port = server.url.rsplit(":", 1)[1]
    client = boto3.client(
        "stepfunctions", region_name=REGION, endpoint_url=f"http://{host}:{port}", aws_access_key_id="test",
        aws_secret_access_key="test", config=botocore.config.Config(retries={"total_max_attempts": 1}, **options))
    client.meta.events.register("before-call", lambda model, **_: called.add(model.name))
    return client


@pytest.fixture(scope="module")
def sfn(server):
    return client_of(server, inject_host_prefix=False)


def create(sfn, name, definition, **members):
    return sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, **members)["stateMachineArn"]


def start(sfn, arn, value=None, **members):
    return sfn.start_execution(stateMachineArn=arn, input=json.dumps(value), **members)["executionArn"]


def work(activity, **fields):
    return {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": activity, "End": True, **fields}}}


def test_a_machine_from_create_to_delete(sfn):
    created = sfn.create_state_machine(name="life", definition=json.dumps(PASS), roleArn=ROLE, publish=True, versionDescription="first")
    arn = created["stateMachineArn"]
    assert isinstance(created["creationDate"], datetime.datetime) and created["stateMachineVersionArn"] == arn + ":1"
    described = sfn.describe_state_machine(stateMachineArn=arn)
    assert json.loads(described["definition"]) == PASS
    assert (described["status"], described["type"], described["loggingConfiguration"]["level"]) == ("ACTIVE", "STANDARD", "OFF")
    updated = sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL))
    assert sfn.describe_state_machine(stateMachineArn=arn)["revisionId"] == updated["revisionId"]
    assert arn in [machine["stateMachineArn"] for machine in sfn.list_state_machines()["stateMachines"]]
    sfn.delete_state_machine(stateMachineArn=arn)
    with pytest.raises(sfn.exceptions.StateMachineDoesNotExist):
        sfn.describe_state_machine(stateMachineArn=arn)


def test_an_execution_and_its_history(sfn, server):
    arn = create(sfn, "greeter", PASS)
    execution = start(sfn, arn, {"a": 1}, name="first")
    server.ended(execution)
    described = sfn.describe_execution(executionArn=execution)
    assert (described["status"], json.loads(described["output"])) == ("SUCCEEDED", {"said": "hello"})
    assert described["stopDate"] >= described["startDate"]
    assert json.loads(sfn.describe_state_machine_for_execution(executionArn=execution)["definition"]) == PASS
    events = sfn.get_execution_history(executionArn=execution, reverseOrder=True)["events"]
    assert [event["type"] for event in events] == [
        "ExecutionSucceeded", "PassStateExited", "PassStateEntered", "ExecutionStarted"]
    assert events[0]["timestamp"].tzinfo and json.loads(events[0]["executionSucceededEventDetails"]["output"]) == {"said": "hello"}


def test_a_stopped_execution_says_why(sfn):
    execution = start(sfn, create(sfn, "sleeper", SLEEP))
    assert sfn.stop_execution(executionArn=execution, error="Enough", cause="by hand")["stopDate"]
    described = sfn.describe_execution(executionArn=execution)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Enough", "by hand")


def test_paginators_find_everything_once(sfn, server):
    arn = create(sfn, "paged", PASS)
    executions = {start(sfn, arn) for _ in range(25)}
    pages = sfn.get_paginator("list_executions").paginate(stateMachineArn=arn, PaginationConfig={"PageSize": 10})
    found = [execution["executionArn"] for page in pages for execution in page["executions"]]
    assert len(found) == 25 and set(found) == executions
    machines = {create(sfn, f"paged-{n}", PASS) for n in range(5)}
    pages = sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})
    found = [machine["stateMachineArn"] for page in pages for machine in page["stateMachines"]]
    assert len(found) == len(set(found)) and machines <= set(found)
    activities = {sfn.create_activity(name=f"paged-{n}")["activityArn"] for n in range(5)}
    pages = sfn.get_paginator("list_activities").paginate(PaginationConfig={"PageSize": 2})
    found = [activity["activityArn"] for page in pages for activity in page["activities"]]
    assert len(found) == len(set(found)) and activities <= set(found)
    chain = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(40)}
    long = start(sfn, create(sfn, "long", {"StartAt": "S0", "States": {**chain, "S40": {"Type": "Pass", "End": True}}}))
    server.ended(long)
    pages = sfn.get_paginator("get_execution_history").paginate(executionArn=long, PaginationConfig={"PageSize": 7})
    assert [event["id"] for page in pages for event in page["events"]] == list(range(1, 85))


def test_a_worker_takes_tasks_and_answers_them(sfn, server):
    activity = sfn.create_activity(name="work", tags=[{"key": "a", "value": "b"}])["activityArn"]
    assert sfn.describe_activity(activityArn=activity)["name"] == "work"
    assert activity in [each["activityArn"] for each in sfn.list_activities()["activities"]]
    arn = create(sfn, "working", work(activity, HeartbeatSeconds=600))
    execution = start(sfn, arn, {"n": 1})
    task = sfn.get_activity_task(activityArn=activity, workerName="me")
    assert json.loads(task["input"]) == {"n": 1}
    sfn.send_task_heartbeat(taskToken=task["taskToken"])
    sfn.send_task_success(taskToken=task["taskToken"], output='{"done": 1}')
    assert json.loads(server.ended(execution)["output"]) == {"done": 1}
    with pytest.raises(sfn.exceptions.TaskTimedOut):
        sfn.send_task_success(taskToken=task["taskToken"], output="{}")
    execution = start(sfn, arn)
    task = sfn.get_activity_task(activityArn=activity)
    sfn.send_task_failure(taskToken=task["taskToken"], error="Broken", cause="on purpose")
    assert server.ended(execution)["error"] == "Broken"
    with pytest.raises(sfn.exceptions.InvalidToken):
        sfn.send_task_heartbeat(taskToken="nonsense")
    with pytest.raises(sfn.exceptions.InvalidOutput):
        sfn.send_task_success(taskToken=task["taskToken"], output="{")
    sfn.delete_activity(activityArn=activity)
    with pytest.raises(sfn.exceptions.ActivityDoesNotExist):
        sfn.describe_activity(activityArn=activity)


def test_a_worker_waits_until_there_is_a_task(sfn, server):
    activity = sfn.create_activity(name="later")["activityArn"]
    arn = create(sfn, "later", work(activity))
    taken = {}
    worker = threading.Thread(target=lambda: taken.update(sfn.get_activity_task(activityArn=activity)))
    worker.start()
    execution = start(sfn, arn, 7)
    worker.join(90)
    sfn.send_task_success(taskToken=taken["taskToken"], output=taken["input"])
    assert server.ended(execution)["output"] == "7"


def test_versions_and_aliases(sfn, server):
    arn = create(sfn, "released", PASS)
    first = sfn.publish_state_machine_version(stateMachineArn=arn, description="one")["stateMachineVersionArn"]
    second = sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL), publish=True)["stateMachineVersionArn"]
    listed = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in listed] == [second, first]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=[
        {"stateMachineVersionArn": first, "weight": 100}])["stateMachineAliasArn"]
    ended = server.ended(start(sfn, alias))
    assert (ended["status"], ended["stateMachineVersionArn"], ended["stateMachineAliasArn"]) == ("SUCCEEDED", first, alias)
    sfn.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=[{"stateMachineVersionArn": second, "weight": 100}])
    assert server.ended(start(sfn, alias))["status"] == "FAILED"
    described = sfn.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert described["routingConfiguration"] == [{"stateMachineVersionArn": second, "weight": 100}]
    assert [each["stateMachineAliasArn"] for each in sfn.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"]] == [alias]
    with pytest.raises(sfn.exceptions.ConflictException):
        sfn.delete_state_machine_version(stateMachineVersionArn=second)
    sfn.delete_state_machine_alias(stateMachineAliasArn=alias)
    sfn.delete_state_machine_version(stateMachineVersionArn=second)
    with pytest.raises(sfn.exceptions.ResourceNotFound):
        sfn.describe_state_machine_alias(stateMachineAliasArn=alias)


def test_tags(sfn):
    arn = create(sfn, "tagged", PASS, tags=[{"key": "a", "value": "1"}])
    sfn.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}, {"key": "c", "value": "3"}])
    sfn.untag_resource(resourceArn=arn, tagKeys=["a", "c"])
    assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]


def test_a_failed_execution_is_redriven(sfn, server):
    activity = sfn.create_activity(name="flaky")["activityArn"]
    execution = start(sfn, create(sfn, "flaky", work(activity)))
    sfn.send_task_failure(taskToken=sfn.get_activity_task(activityArn=activity)["taskToken"], error="Broken")
    assert server.ended(execution)["redriveStatus"] == "REDRIVABLE"
    redriven = sfn.redrive_execution(executionArn=execution)
    assert isinstance(redriven["redriveDate"], datetime.datetime)
    sfn.send_task_success(taskToken=sfn.get_activity_task(activityArn=activity)["taskToken"], output="1")
    assert server.ended(execution)["status"] == "SUCCEEDED"
    assert sfn.describe_execution(executionArn=execution)["redriveCount"] == 1
    with pytest.raises(sfn.exceptions.ExecutionNotRedrivable):
        sfn.redrive_execution(executionArn=execution)


def test_the_map_run_of_an_execution_is_shown_and_changed(sfn, server):
    execution = start(sfn, create(sfn, "mapping", MAP), [1, 2])
    server.ended(execution)
    [run] = sfn.list_map_runs(executionArn=execution)["mapRuns"]
    assert run["executionArn"] == execution and isinstance(run["startDate"], datetime.datetime)
    described = sfn.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (described["status"], described["itemCounts"]["succeeded"]) == ("SUCCEEDED", 2)
    waiting = json.loads(json.dumps(MAP).replace('"Type": "Pass"', '"Type": "Wait", "Seconds": 100000'))
    execution = start(sfn, create(sfn, "mapping-slowly", waiting), [1, 2])
    [run] = eventually(lambda: sfn.list_map_runs(executionArn=execution)["mapRuns"], "the map run begins")
    sfn.update_map_run(mapRunArn=run["mapRunArn"], maxConcurrency=1)
    assert sfn.describe_map_run(mapRunArn=run["mapRunArn"])["maxConcurrency"] == 1
    sfn.stop_execution(executionArn=execution)


def test_a_definition_is_validated(sfn):
    assert sfn.validate_state_machine_definition(definition=json.dumps(PASS))["result"] == "OK"
    answer = sfn.validate_state_machine_definition(definition=json.dumps({"StartAt": "X", "States": {}}), severity="ERROR")
    assert answer["result"] == "FAIL" and answer["diagnostics"][0]["severity"] == "ERROR"


def test_a_state_is_tested(sfn):
    state = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q", "MessageBody": "hi"}, "End": True}
    answer = sfn.test_state(definition=json.dumps(state), inspectionLevel="DEBUG", input="{}",
                            mock={"result": '{"MessageId": "m-7", "MD5OfMessageBody": "x"}'})
    assert (answer["status"], json.loads(answer["output"])["MessageId"]) == ("SUCCEEDED", "m-7")
    assert json.loads(answer["inspectionData"]["input"]) == {}
    failed = sfn.test_state(definition=json.dumps(FAIL["States"]["F"]))
    assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "E", "c")


def test_operations_with_a_host_of_their_own_are_answered_there(server, monkeypatch):
    # The SDK puts "sync-" before the host of the endpoint, and such a name has to lead here.
    asked, resolve = [], socket.getaddrinfo

    def resolve_here(host, *rest, **options):
        asked.append(host)
        return resolve("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)
    sfn = client_of(server, "pawl.test")
    arn = create(sfn, "quick", PASS, type="EXPRESS")
    ended = sfn.start_sync_execution(stateMachineArn=arn, name="one", input="{}")
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"said": "hello"})
    assert ended["billingDetails"]["billedDurationInMilliseconds"] >= 100
    assert sfn.test_state(definition=json.dumps(PASS["States"]["Hello"]))["status"] == "SUCCEEDED"
    assert set(asked) == {"pawl.test", "sync-pawl.test"}


def test_an_express_execution_is_waited_for_without_a_host_of_its_own(sfn):
    arn = create(sfn, "broken", FAIL, type="EXPRESS")
    ended = sfn.start_sync_execution(stateMachineArn=arn)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "E", "c")
    with pytest.raises(sfn.exceptions.StateMachineTypeNotSupported):
        sfn.start_sync_execution(stateMachineArn=create(sfn, "slow", PASS))


def refusals(sfn):
    machine = f"arn:aws:states:{REGION}:000000000000:stateMachine:nobody"
    return [
        ("StateMachineDoesNotExist", lambda: sfn.start_execution(stateMachineArn=machine)),
        ("StateMachineDoesNotExist", lambda: sfn.update_state_machine(stateMachineArn=machine, roleArn=ROLE)),
        ("InvalidArn", lambda: sfn.describe_state_machine(stateMachineArn="nonsense")),
        ("ExecutionDoesNotExist", lambda: sfn.describe_execution(executionArn=machine.replace("stateMachine", "execution") + ":x")),
        ("ExecutionDoesNotExist", lambda: sfn.stop_execution(executionArn=machine.replace("stateMachine", "execution") + ":x")),
        ("InvalidName", lambda: create(sfn, "bad name", PASS)),
        ("InvalidDefinition", lambda: create(sfn, "worse", {})),
        ("StateMachineAlreadyExists", lambda: [create(sfn, "twice", each) for each in (PASS, SLEEP)]),
        ("InvalidExecutionInput", lambda: sfn.start_execution(stateMachineArn=create(sfn, "picky", PASS), input="{nope")),
        ("ExecutionAlreadyExists", lambda: [start(sfn, create(sfn, "named", SLEEP), n, name="same") for n in (1, 2)]),
        ("MissingRequiredParameter", lambda: sfn.update_state_machine(stateMachineArn=create(sfn, "unchanged", PASS))),
        ("ResourceNotFound", lambda: sfn.tag_resource(resourceArn=machine, tags=[{"key": "a", "value": "b"}])),
        ("ValidationException", lambda: sfn.list_executions(stateMachineArn=machine, maxResults=5000)),
        ("InvalidToken", lambda: sfn.list_state_machines(nextToken="nonsense")),
    ]


def test_refusals_are_the_exceptions_that_callers_catch(sfn):
    for name, refused in refusals(sfn):
        with pytest.raises(getattr(sfn.exceptions, name)) as caught:
            refused()
        answer = caught.value.response
        assert answer["Error"]["Code"] == name and answer["Error"]["Message"], name
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400 and answer["ResponseMetadata"]["RequestId"], name


def test_every_operation_of_the_service_has_been_called(sfn):
    assert set(sfn.meta.service_model.operation_names) - called == set()
