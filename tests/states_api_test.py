"""The whole Step Functions API: by the real AWS command line where Debian's knows the operation, by plain requests where
it is older than the operation; what Terraform asks; and what is left after kill -9."""
import concurrent.futures
import http.client
import json
import socket
import threading
import urllib.parse

import pytest
from harness import ACCOUNT, REGION, ROLE, ROOT, ServiceError, eventually, machine_arn, running_server

PASS = {"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "Result": {"said": "hello"}, "End": True}}}
FAIL = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}
EXCHANGES = json.loads((ROOT / "tests" / "exchanges" / "terraform.json").read_text())


def states(server, operation, *arguments, **options):
    return server.aws("stepfunctions", operation, *arguments, **options)


def activity_arn(name):
    return f"arn:aws:states:{REGION}:{ACCOUNT}:activity:{name}"


def work(activity, **fields):
    return {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": activity_arn(activity), "End": True, **fields}}}


def refusal(server, operation, **members):
    with pytest.raises(ServiceError) as caught:
        server.call(operation, **members)
    return caught.value


def is_like(answer, expected):
    """Equal, but for what differs from run to run."""
    if expected == "<date>":
        return isinstance(answer, float) or isinstance(answer, int)
    if expected == "<text>":
        return isinstance(answer, str) and answer
    if isinstance(expected, dict):
        return isinstance(answer, dict) and answer.keys() == expected.keys() and all(
            is_like(answer[name], value) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(answer, list) and len(answer) == len(expected) and all(map(is_like, answer, expected))
    return answer == expected


def test_terraform_finds_everything_as_it_was_asked_for(server):
    for exchange in EXCHANGES:
        name = f"{exchange['resource']}: {exchange['step']}"
        if "error" in exchange:
            assert refusal(server, exchange["operation"], **exchange["request"]).code == exchange["error"], name
        else:
            answer = server.call(exchange["operation"], **exchange["request"])
            assert is_like(answer, exchange["answer"]), f"{name}: {json.dumps(answer)}"


def test_tags_by_the_command_line(server):
    arn = states(server, "create-state-machine", "--name", "tagged", "--definition", json.dumps(PASS), "--role-arn", ROLE,
                 "--tags", "key=a,value=1", "key=b,value=2")["stateMachineArn"]
    states(server, "tag-resource", "--resource-arn", arn, "--tags", "key=b,value=3")
    states(server, "untag-resource", "--resource-arn", arn, "--tag-keys", "a")
    assert states(server, "list-tags-for-resource", "--resource-arn", arn)["tags"] == [{"key": "b", "value": "3"}]


def test_a_worker_of_the_command_line_answers_a_task(server):
    arn = states(server, "create-activity", "--name", "cli-work")["activityArn"]
    assert states(server, "describe-activity", "--activity-arn", arn)["name"] == "cli-work"
    assert arn in [each["activityArn"] for each in states(server, "list-activities")["activities"]]
    server.create("by-cli", work("cli-work", HeartbeatSeconds=60))
    execution = server.start_execution("by-cli", {"n": 1})
    task = states(server, "get-activity-task", "--activity-arn", arn, "--worker-name", "me")
    assert json.loads(task["input"]) == {"n": 1}
    states(server, "send-task-heartbeat", "--task-token", task["taskToken"])
    states(server, "send-task-success", "--task-token", task["taskToken"], "--task-output", '{"done": 1}')
    assert json.loads(server.ended(execution)["output"]) == {"done": 1}
    again = states(server, "send-task-success", "--task-token", task["taskToken"], "--task-output", "{}", check=False)
    assert "TaskTimedOut" in again.stderr

    execution = server.start_execution("by-cli")
    task = states(server, "get-activity-task", "--activity-arn", arn)
    states(server, "send-task-failure", "--task-token", task["taskToken"], "--error", "Broken", "--cause", "on purpose")
    assert (server.ended(execution)["error"], server.ended(execution)["cause"]) == ("Broken", "on purpose")
    wrong = states(server, "send-task-heartbeat", "--task-token", "nonsense", check=False)
    assert "InvalidToken" in wrong.stderr
    states(server, "delete-activity", "--activity-arn", arn)
    gone = states(server, "describe-activity", "--activity-arn", arn, check=False)
    assert "ActivityDoesNotExist" in gone.stderr


def test_versions_and_aliases_lead_to_what_was_published(server):
    arn = server.create("released", PASS)
    first = server.call("PublishStateMachineVersion", stateMachineArn=arn, description="the first")
    server.call("UpdateStateMachine", stateMachineArn=arn, definition=json.dumps(FAIL), publish=True)
    described = server.call("DescribeStateMachine", stateMachineArn=first["stateMachineVersionArn"])
    assert (json.loads(described["definition"]), described["description"]) == (PASS, "the first")
    alias = server.call("CreateStateMachineAlias", name="live", routingConfiguration=[
        {"stateMachineVersionArn": arn + ":1", "weight": 50}, {"stateMachineVersionArn": arn + ":2", "weight": 50}])
    started = [server.call("StartExecution", stateMachineArn=alias["stateMachineAliasArn"])["executionArn"] for _ in range(40)]
    ended = [server.ended(one) for one in started]
    versions = [one["stateMachineVersionArn"] for one in ended]
    assert set(versions) == {arn + ":1", arn + ":2"}
    assert all((one["status"] == "SUCCEEDED") == one["stateMachineVersionArn"].endswith(":1") for one in ended)
    assert all(one["stateMachineAliasArn"] == arn + ":live" and one["stateMachineArn"] == arn for one in ended)
    listed = server.call("ListExecutions", stateMachineArn=arn + ":1")["executions"]
    assert len(listed) == versions.count(arn + ":1")
    assert len(server.call("ListExecutions", stateMachineArn=arn + ":live")["executions"]) == 40


def test_an_express_execution_answers_by_any_host_and_can_be_looked_at(server):
    arn = server.call("CreateStateMachine", name="quick", definition=json.dumps(PASS), roleArn=ROLE, type="EXPRESS")["stateMachineArn"]
    connection = http.client.HTTPConnection(urllib.parse.urlparse(server.url).netloc, timeout=60)
    connection.request("POST", "/", json.dumps({"stateMachineArn": arn, "name": "one", "input": "{}"}), {
        "Host": "sync-states.us-east-1.amazonaws.com", "X-Amz-Target": "AWSStepFunctions.StartSyncExecution"})
    response = connection.getresponse()
    assert response.status == 200
    ended = json.loads(response.read())
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"said": "hello"})
    assert ended["billingDetails"]["billedDurationInMilliseconds"] >= 100
    assert refusal(server, "DescribeExecution", executionArn=ended["executionArn"]).code == "InvalidArn"
    kept = server.call("DescribeExecution", service="Pawl", executionArn=ended["executionArn"])
    assert kept["status"] == "SUCCEEDED"
    events = server.call("GetExecutionHistory", service="Pawl", executionArn=ended["executionArn"])["events"]
    assert [event["type"] for event in events][-1] == "ExecutionSucceeded"
    assert server.call("ListExecutions", service="Pawl", stateMachineArn=arn)["executions"][0]["name"] == "one"
    standard = server.create("slow", PASS)
    assert refusal(server, "StartSyncExecution", stateMachineArn=standard).code == "StateMachineTypeNotSupported"


def test_a_failed_express_execution_says_why(server):
    arn = server.call("CreateStateMachine", name="broken", definition=json.dumps(FAIL), roleArn=ROLE, type="EXPRESS")["stateMachineArn"]
    ended = server.call("StartSyncExecution", stateMachineArn=arn)
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "E", "c")


def test_a_failed_execution_is_redriven_from_where_it_failed(server):
    server.call("CreateActivity", name="flaky")
    server.create("flaky", work("flaky"))
    execution = server.start_execution("flaky")
    task = server.call("GetActivityTask", activityArn=activity_arn("flaky"))
    server.call("SendTaskFailure", taskToken=task["taskToken"], error="Broken")
    ended = server.ended(execution)
    assert (ended["status"], ended["redriveStatus"], ended["redriveCount"]) == ("FAILED", "REDRIVABLE", 0)
    assert server.call("RedriveExecution", executionArn=execution)["redriveDate"]
    again = server.call("GetActivityTask", activityArn=activity_arn("flaky"))
    assert again["taskToken"] != task["taskToken"]
    server.call("SendTaskSuccess", taskToken=again["taskToken"], output="1")
    ended = server.ended(execution)
    assert (ended["status"], ended["redriveCount"], "error" in ended) == ("SUCCEEDED", 1, False)
    types = [event["type"] for event in server.events(execution)]
    assert types[6:9] == ["ExecutionRedriven", "ActivityScheduled", "ActivityStarted"]
    assert refusal(server, "RedriveExecution", executionArn=execution).code == "ExecutionNotRedrivable"


def test_no_map_runs_are_listed_where_there_are_none(server):
    server.create("mapless", PASS)
    execution = server.start_execution("mapless")
    assert states(server, "list-map-runs", "--execution-arn", execution)["mapRuns"] == []


def test_the_map_runs_of_an_execution_are_listed(server):
    server.create("mapping", {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "Each", "End": True, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}}}})
    execution = server.start_execution("mapping", [1, 2])
    server.ended(execution)
    [run] = server.call("ListMapRuns", executionArn=execution)["mapRuns"]
    assert ":mapRun:mapping/Each:" in run["mapRunArn"]
    assert run["stateMachineArn"] == machine_arn("mapping/Each") and run["stopDate"] >= run["startDate"]
    described = server.call("DescribeMapRun", mapRunArn=run["mapRunArn"])
    assert (described["status"], described["itemCounts"]["succeeded"]) == ("SUCCEEDED", 2)


def test_what_the_command_line_refuses_is_refused_here(server):
    error = refusal(server, "CreateStateMachineAlias", name="", routingConfiguration=[])
    assert error.code == "ValidationException" and error.message.startswith("2 validation errors detected: ")
    assert refusal(server, "GetActivityTask").code == "ValidationException"
    assert refusal(server, "ListActivities", maxResults=-1).code == "ValidationException"
    assert refusal(server, "ListActivities", nextToken="").code == "ValidationException"
    assert refusal(server, "TagResource", resourceArn="x", tags=[{"key": None, "value": "v"}]).code == "ValidationException"
    assert refusal(server, "TagResource", resourceArn="x", tags=[]).code == "InvalidArn"


def test_a_client_that_goes_away_swallows_no_task(server):
    server.call("CreateActivity", name="swallow")
    server.create("swallowing", work("swallow"))
    body = json.dumps({"activityArn": activity_arn("swallow")})
    host, port = urllib.parse.urlparse(server.url).netloc.split(":")
    for _ in range(5):
        with socket.create_connection((host, int(port))) as client:
            client.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSStepFunctions.GetActivityTask\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
            # It is waited for: an answered request before it on another connection was not.
            server.call("DescribeActivity", activityArn=activity_arn("swallow"))
    execution = server.start_execution("swallowing")
    task = server.call("GetActivityTask", activityArn=activity_arn("swallow"), timeout=90)
    server.call("SendTaskSuccess", taskToken=task["taskToken"], output="{}")
    assert server.ended(execution)["status"] == "SUCCEEDED"


def test_many_workers_share_many_tasks_and_none_is_done_twice(server):
    server.call("CreateActivity", name="shared")
    server.create("sharing", work("shared"))
    count, done, lock = 60, [], threading.Lock()
    executions = [server.start_execution("sharing", {"n": n}) for n in range(count)]

    def worker(_):
        while True:
            try:
                task = server.call("GetActivityTask", activityArn=activity_arn("shared"), timeout=90)
            except ServiceError as error:
                return error.code
            if not task.get("taskToken"):
                continue
            with lock:
                done.append(json.loads(task["input"])["n"])
            server.call("SendTaskSuccess", taskToken=task["taskToken"], output=task["input"])

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        workers = [pool.submit(worker, n) for n in range(8)]
        ended = [server.ended(execution) for execution in executions]
        # Who waits when the activity goes is told so.
        server.call("DeleteActivity", activityArn=activity_arn("shared"))
        assert {each.result() for each in workers} == {"ActivityDoesNotExist"}
    assert sorted(done) == list(range(count))
    assert all(json.loads(one["output"]) == json.loads(one["input"]) for one in ended)


def test_all_of_it_is_there_after_kill_9():
    with running_server() as server:
        arn = server.call("CreateStateMachine", name="kept", definition=json.dumps(work("kept", HeartbeatSeconds=600)), roleArn=ROLE,
                          publish=True, tags=[{"key": "a", "value": "b"}])["stateMachineArn"]
        server.call("CreateActivity", name="kept")
        server.call("CreateStateMachineAlias", name="live", routingConfiguration=[{"stateMachineVersionArn": arn + ":1", "weight": 100}])
        taken, offered = [server.call("StartExecution", stateMachineArn=arn + ":live", name=name)["executionArn"] for name in ("taken", "offered")]
        task = server.call("GetActivityTask", activityArn=activity_arn("kept"))
        server.kill()
        server.start()
        assert server.call("ListTagsForResource", resourceArn=arn)["tags"] == [{"key": "a", "value": "b"}]
        assert server.call("DescribeStateMachineAlias", stateMachineAliasArn=arn + ":live")["routingConfiguration"] == [
            {"stateMachineVersionArn": arn + ":1", "weight": 100}]
        # The task that was taken is its worker's still; the other one is offered again.
        other = server.call("GetActivityTask", activityArn=activity_arn("kept"))
        assert other["taskToken"] != task["taskToken"]
        server.call("SendTaskHeartbeat", taskToken=task["taskToken"])
        server.call("SendTaskSuccess", taskToken=task["taskToken"], output='"first"')
        server.call("SendTaskSuccess", taskToken=other["taskToken"], output='"second"')
        assert (server.ended(taken)["output"], server.ended(offered)["output"]) == ('"first"', '"second"')
        assert eventually(lambda: server.ended(taken)["stateMachineAliasArn"], "the alias is told") == arn + ":live"
