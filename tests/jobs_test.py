"""Array jobs on the real program: processes that outlive the server, and state machines that wait for jobs."""
import json
import os
import pathlib
import signal
import subprocess
import urllib.request

import pytest
from harness import eventually, running_server, send


def ask(server, path, **members):
    return send(urllib.request.Request(f"{server.url}/v1/{path}", json.dumps(members).encode(), method="POST"), 60)


def set_up(server, vcpus=2):
    resources = {"type": "EC2", "minvCpus": 0, "maxvCpus": vcpus, "instanceTypes": ["optimal"], "subnets": ["s"]}
    ask(server, "createcomputeenvironment", computeEnvironmentName="e", type="MANAGED", computeResources=resources)
    order = [{"order": 1, "computeEnvironment": "e"}]
    ask(server, "createjobqueue", jobQueueName="q", state="ENABLED", priority=1, computeEnvironmentOrder=order)


def define(server, name, script, **members):
    properties = {
        "image": "host",
        "command": ["sh", "-c", script],
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}],
    }
    ask(server, "registerjobdefinition", jobDefinitionName=name, type="container", containerProperties=properties, **members)


def submit(server, definition, **members):
    return ask(server, "submitjob", jobName=definition, jobQueue="q", jobDefinition=definition, **members)["jobId"]


def job(server, job_id):
    return ask(server, "describejobs", jobs=[job_id])["jobs"][0]


def ended(server, job_id):
    def shown():
        found = job(server, job_id)
        return found if found["status"] in ("SUCCEEDED", "FAILED") else None

    return eventually(shown, f"job {job_id} ends")


@pytest.fixture
def server():
    with running_server() as running:
        set_up(running)
        yield running
        # A supervisor outlives its server while anything runs.
        subprocess.run(["pkill", "-KILL", "-f", f"supervise --directory {running.directory}"], check=False)


def task(resource, parameters, **members):
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, **members}


SUBMIT = {"JobQueue": "q", "JobDefinition": "d", "ArrayProperties": {"Size": 4}}


def test_a_state_machine_submits_arrays_and_waits_for_all_over_a_kill(server):
    gate = server.directory / "gate"
    define(server, "d", f"until test -e {gate}; do sleep 0.05; done; test $AWS_BATCH_JOB_ARRAY_INDEX != 2")
    after = [{"JobId.$": "$.one.JobId", "Type": "N_TO_N"}]
    states = {
        "One": task("batch:submitJob", {"JobName": "one", **SUBMIT}, ResultPath="$.one", Next="Two"),
        "Two": task("batch:submitJob", {"JobName": "two", **SUBMIT, "DependsOn": after}, ResultPath="$.two", Next="All"),
        "All": task("pawl:batch:waitForJobs", {"JobIds.$": "States.Array($.one.JobId, $.two.JobId)"}, End=True),
    }
    server.create("m", {"StartAt": "One", "States": states})
    arn = server.start_execution("m")
    eventually(lambda: len(ask(server, "listjobs", jobQueue="q", jobStatus="PENDING")["jobSummaryList"]) == 2, "both are there")
    server.kill()
    gate.touch()
    server.start()
    execution = server.ended(arn)
    assert execution["status"] == "SUCCEEDED", execution
    output = json.loads(execution["output"])
    assert output["Status"] == "PARTLY_FAILED"
    assert [(each["JobName"], each["Succeeded"], each["FailedIndexes"]) for each in output["Jobs"]] == [
        ("one", 3, [2]),
        ("two", 3, [2]),
    ]


def test_a_job_that_fails_fails_its_sync_task_with_its_description(server):
    define(server, "d", "exit 7")
    parameters = {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}
    server.create("m", {"StartAt": "S", "States": {"S": task("batch:submitJob.sync", parameters, End=True)}})
    execution = server.ended(server.start_execution("m"))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(execution["cause"])
    assert (cause["Status"], cause["Container"]["ExitCode"]) == ("FAILED", 7)


def test_what_the_service_refuses_can_be_caught(server):
    catch = [{"ErrorEquals": ["Batch.ClientException"], "Next": "Caught"}]
    submit_unknown = {"JobName": "j", "JobQueue": "none", "JobDefinition": "none"}
    states = {
        "S": task("batch:submitJob", submit_unknown, Catch=catch, Next="W"),
        "W": task("pawl:batch:waitForJobs", {"JobIds": ["none"]}, End=True),
        "Caught": task("pawl:batch:waitForJobs", {"JobIds": ["none"]}, Catch=[{**catch[0], "Next": "Done"}], End=True),
        "Done": {"Type": "Succeed"},
    }
    server.create("m", {"StartAt": "S", "States": states})
    assert server.ended(server.start_execution("m"))["status"] == "SUCCEEDED"


JOB = {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}


@pytest.mark.parametrize("parameters, cause", [
    ({**JOB, "JobName": "a b"}, "jobName"),
    ({**JOB, "Timeout": {"AttemptDurationSeconds": 9_223_372_036_854_775_807}}, "timeout.attemptDurationSeconds"),
    ({**JOB, "ArrayProperties": {"Size": "4"}}, "arrayProperties.size is not a whole number"),
    ({**JOB, "ContainerOverrides": {"Environment": [{"Name": "", "Value": "x"}]}}, "environment.1.member.name"),
    ({**JOB, "Parameters": {"a": 1}}, "parameters.a is not a string"),
    ({**JOB, "EcsPropertiesOverride": {"TaskProperties": [{}]}}, "ecsPropertiesOverride is not offered"),
    ({**JOB, "ShareIdentifier": "blue"}, "shareIdentifier cannot be given"),
    ({**JOB, "RetryStrategy": {"Attempts": 2, "EvaluateOnExit": [{"Action": "RETRY"}]}}, "evaluateOnExit has none of"),
])
def test_a_state_machine_is_refused_what_the_service_is(server, parameters, cause):
    define(server, "d", "true")
    server.create("m", {"StartAt": "S", "States": {"S": task("batch:submitJob.sync", parameters, End=True)}})
    execution = server.ended(server.start_execution("m"))
    assert (execution["status"], execution["error"]) == ("FAILED", "Batch.ClientException")
    assert cause in execution["cause"]


def test_an_execution_that_is_stopped_terminates_the_job_it_waits_for(server):
    define(server, "d", "sleep 600 & wait")
    parameters = {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}
    server.create("m", {"StartAt": "S", "States": {"S": task("batch:submitJob.sync", parameters, End=True)}})
    arn = server.start_execution("m")
    running = eventually(lambda: ask(server, "listjobs", jobQueue="q", jobStatus="RUNNING")["jobSummaryList"], "it runs")
    server.call("StopExecution", executionArn=arn)
    shown = ended(server, running[0]["jobId"])
    assert (shown["status"], shown["isTerminated"]) == ("FAILED", True)


def test_children_run_once_each_though_the_server_is_killed_again_and_again(server):
    ledger = server.directory / "ledger"
    line = f'echo "$AWS_BATCH_JOB_ID $1" >>{ledger}'
    define(server, "d", f'set -- begin; {line}; sleep 0.02; set -- end; {line}')
    first = submit(server, "d", arrayProperties={"size": 200})
    second = submit(server, "d", arrayProperties={"size": 200}, dependsOn=[{"jobId": first, "type": "N_TO_N"}])
    for count in (20, 90, 200, 260, 340):
        eventually(lambda: ledger.exists() and ledger.read_text().count("end") >= count, f"{count} children have ended")
        server.kill()
        server.start()
    assert ended(server, second)["status"] == "SUCCEEDED"
    lines = [tuple(line.split()) for line in ledger.read_text().splitlines()]
    assert len(lines) == len(set(lines)) == 800, "no child has run twice"
    place = {line: at for at, line in enumerate(lines)}
    for index in range(200):
        assert place[(f"{first}:{index}", "end")] < place[(f"{second}:{index}", "begin")]


def supervisor_of(server):
    found = subprocess.run(["pgrep", "-f", f"supervise --directory {server.directory}"], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def state_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return None


@pytest.mark.parametrize("attempts, outcome", [(1, "FAILED"), (2, "SUCCEEDED")])
def test_an_end_that_nobody_can_know_is_tried_again_only_where_the_strategy_says(server, attempts, outcome):
    pid, gate = server.directory / "pid", server.directory / "gate"
    define(
        server,
        "d",
        f"test $AWS_BATCH_JOB_ATTEMPT = 1 || exit 0; echo $$ >{pid}.new; mv {pid}.new {pid}; until test -e {gate}; do sleep 0.05; done",
        retryStrategy={"attempts": attempts},
    )
    waiting = submit(server, "d")
    eventually(pid.exists, "it runs")
    for supervisor in supervisor_of(server):
        os.kill(supervisor, signal.SIGKILL)
    server.kill()
    gate.touch()
    # Whoever is its parent now has been told how it ended, and no one else will be.
    process = pathlib.Path("/proc") / pid.read_text().strip()
    eventually(lambda: not process.exists(), "the process is gone")
    server.start()
    shown = ended(server, waiting)
    if "outcome unknown" in shown["attempts"][0]["statusReason"]:
        assert (shown["status"], len(shown["attempts"])) == (outcome, attempts)
    else:
        # A kernel that is new enough tells how a process ended to others than its parent.
        assert (shown["status"], len(shown["attempts"])) == ("SUCCEEDED", 1)
    assert state_of(pid.read_text().strip()) in (None, "Z"), "it was told lost while it ran"


def test_no_child_runs_beside_itself_though_server_supervisor_and_journal_are_lost(server):
    gate, ledger = server.directory / "gate", server.directory / "ledger"
    script = f"echo begin $AWS_BATCH_JOB_ATTEMPT >>{ledger}; until test -e {gate}; do sleep 0.05; done"
    define(server, "d", script, retryStrategy={"attempts": 3})
    runs = submit(server, "d")
    eventually(ledger.exists, "it runs")
    server.kill()
    for supervisor in supervisor_of(server):
        os.kill(supervisor, signal.SIGKILL)
    (journal,) = server.directory.rglob("local/journal")
    journal.unlink()
    server.start()
    eventually(lambda: supervisor_of(server), "there is a supervisor again")
    other = submit(server, "d")
    eventually(lambda: ledger.read_text().count("begin") == 2, "the other one has begun, beside it")
    assert job(server, runs)["status"] == "RUNNING"
    assert "attempts" not in job(server, runs) or not job(server, runs)["attempts"]
    gate.touch()
    assert ended(server, other)["status"] == ended(server, runs)["status"] == "SUCCEEDED"
    begun = ledger.read_text().split("\n")
    # The end of who is nobody's child is known where the kernel tells it; else it is tried again.
    assert begun.count("begin 1") == 2 and begun.count("begin 2") <= 1


def test_the_server_serves_while_its_supervisor_is_stopped(server):
    gate = server.directory / "gate"
    define(server, "d", f"until test -e {gate}; do sleep 0.05; done")
    first = submit(server, "d")
    eventually(lambda: job(server, first)["status"] == "RUNNING", "it runs")
    (supervisor,) = supervisor_of(server)
    os.kill(supervisor, signal.SIGSTOP)
    server.kill()
    server.start()
    second = submit(server, "d")
    assert job(server, first)["status"] == "RUNNING"
    assert job(server, second)["status"] in ("SUBMITTED", "RUNNABLE", "STARTING")
    eventually(lambda: "stopped by a signal" in server.log.read_text(), "the log says what is in the way")
    os.kill(supervisor, signal.SIGCONT)
    gate.touch()
    assert ended(server, first)["status"] == ended(server, second)["status"] == "SUCCEEDED"
    assert supervisor_of(server) in ([supervisor], []), "there was no other one"
