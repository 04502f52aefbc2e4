"""AWS Batch as its own clients speak it: the AWS command line of Debian and the SDK for Python, against real processes."""
import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest
from harness import ACCOUNT, PROGRAM, REGION, eventually, python_sdk_folder, running_server, short_directory

if not python_sdk_folder():
    pytest.skip("missing: the AWS SDK for Python; script/bootstrap installs it", allow_module_level=True)
sys.path.insert(0, python_sdk_folder())
import boto3  # noqa: E402
import botocore.config  # noqa: E402
import botocore.exceptions  # noqa: E402

ENDED = ("SUCCEEDED", "FAILED")
called = set()


def arn(kind, name):
    return f"arn:aws:batch:{REGION}:{ACCOUNT}:{kind}/{name}"


def supervisors_of(server):
    found = subprocess.run(["pgrep", "-f", f"supervise --directory {server.directory}"], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        yield running
        running.kill()
        for pid in supervisors_of(running):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def batch(server):
    client = boto3.client(
        "batch", region_name=REGION, endpoint_url=server.url, aws_access_key_id="test", aws_secret_access_key="test",
        config=botocore.config.Config(retries={"total_max_attempts": 1}))
    client.meta.events.register("before-call", lambda model, **_: called.add(model.name))
    return client


def make_environment(batch, name, vcpus=2, **members):
    resources = {"type": "EC2", "minvCpus": 0, "maxvCpus": vcpus, "instanceTypes": ["optimal"], "subnets": ["s-1"]}
    return batch.create_compute_environment(
        computeEnvironmentName=name, type="MANAGED", computeResources=resources, **members)["computeEnvironmentArn"]


def make_queue(batch, name, environments=None, vcpus=2, priority=1, **members):
    if environments is None:
        make_environment(batch, name, vcpus)
        environments = [name]
    order = [{"order": at, "computeEnvironment": each} for at, each in enumerate(environments)]
    return batch.create_job_queue(jobQueueName=name, priority=priority, computeEnvironmentOrder=order, **members)["jobQueueArn"]


def define(batch, name, script, memory=64, **members):
    properties = {
        "image": "host",
        "command": ["sh", "-c", script],
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": str(memory)}],
    }
    answer = batch.register_job_definition(jobDefinitionName=name, type="container", containerProperties=properties, **members)
    return answer["jobDefinitionArn"]


def submit(batch, definition, queue, size=None, after=(), **members):
    if size:
        members["arrayProperties"] = {"size": size}
    return batch.submit_job(
        jobName=definition, jobQueue=queue, jobDefinition=definition, dependsOn=list(after), **members)["jobId"]


def each_after(job):
    return [{"jobId": job, "type": "N_TO_N"}]


def shown(batch, job):
    return batch.describe_jobs(jobs=[job])["jobs"][0]


def ended(batch, *jobs):
    def all_shown():
        found = batch.describe_jobs(jobs=list(jobs))["jobs"]
        return found if all(each["status"] in ENDED for each in found) else None

    found = eventually(all_shown, f"{jobs} end")
    return found if len(jobs) > 1 else found[0]


def refusal(call, **members):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        call(**members)
    assert refused.value.response["Error"]["Code"] == "ClientException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return refused.value.response["Error"]["Message"]


# ---- what jobs run on ----

def test_a_compute_environment_is_made_shown_changed_and_deleted(batch):
    made = make_environment(batch, "ce-life", vcpus=4, tags={"team": "a"}, serviceRole="arn:aws:iam::000000000000:role/x")
    assert made == arn("compute-environment", "ce-life")
    environment = batch.describe_compute_environments(computeEnvironments=["ce-life"])["computeEnvironments"][0]
    assert (environment["status"], environment["state"], environment["type"]) == ("VALID", "ENABLED", "MANAGED")
    resources = environment["computeResources"]
    assert (resources["minvCpus"], resources["maxvCpus"], resources["desiredvCpus"]) == (0, 4, 0)
    assert resources["subnets"] == ["s-1"] and environment["tags"] == {"team": "a"}
    assert "already exists" in refusal(
        batch.create_compute_environment, computeEnvironmentName="ce-life", type="MANAGED",
        computeResources={"type": "EC2", "maxvCpus": 1, "subnets": []})
    batch.update_compute_environment(computeEnvironment=made, computeResources={"maxvCpus": 8, "minvCpus": 2})
    resources = batch.describe_compute_environments(computeEnvironments=[made])["computeEnvironments"][0]["computeResources"]
    assert (resources["minvCpus"], resources["maxvCpus"], resources["desiredvCpus"]) == (2, 8, 2)
    assert "minvCpus (9)" in refusal(
        batch.update_compute_environment, computeEnvironment=made, computeResources={"minvCpus": 9})
    assert "ENABLED" in refusal(batch.delete_compute_environment, computeEnvironment="ce-life")
    batch.update_compute_environment(computeEnvironment="ce-life", state="DISABLED")
    batch.delete_compute_environment(computeEnvironment="ce-life")
    assert batch.describe_compute_environments(computeEnvironments=["ce-life"])["computeEnvironments"] == []
    assert "does not exist" in refusal(batch.update_compute_environment, computeEnvironment="ce-life", state="ENABLED")


def test_a_queue_is_made_shown_changed_and_deleted(batch):
    make_environment(batch, "q-one")
    make_environment(batch, "q-two")
    assert "none does not exist" in refusal(
        batch.create_job_queue, jobQueueName="q-life", priority=1,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "none"}])
    assert make_queue(batch, "q-life", ["q-two", "q-one"]) == arn("job-queue", "q-life")
    queue = batch.describe_job_queues(jobQueues=["q-life"])["jobQueues"][0]
    assert (queue["state"], queue["status"], queue["priority"]) == ("ENABLED", "VALID", 1)
    assert [each["computeEnvironment"] for each in queue["computeEnvironmentOrder"]] == [
        arn("compute-environment", "q-two"), arn("compute-environment", "q-one")]
    batch.update_compute_environment(computeEnvironment="q-one", state="DISABLED")
    assert "relationship" in refusal(batch.delete_compute_environment, computeEnvironment="q-one")
    batch.update_job_queue(
        jobQueue="q-life", priority=9, state="DISABLED", computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "q-two"}])
    queue = batch.describe_job_queues(jobQueues=["q-life"])["jobQueues"][0]
    assert (queue["state"], queue["priority"], len(queue["computeEnvironmentOrder"])) == ("DISABLED", 9, 1)
    define(batch, "q-life", "true")
    assert "not enabled" in refusal(batch.submit_job, jobName="j", jobQueue="q-life", jobDefinition="q-life")
    batch.delete_job_queue(jobQueue="q-life")
    assert batch.describe_job_queues(jobQueues=["q-life"])["jobQueues"] == []
    batch.delete_compute_environment(computeEnvironment="q-one")


def test_a_queue_with_jobs_that_are_open_is_not_deleted(batch):
    make_queue(batch, "q-open")
    define(batch, "q-open", "sleep 600")
    job = submit(batch, "q-open", "q-open")
    batch.update_job_queue(jobQueue="q-open", state="DISABLED")
    assert job in refusal(batch.delete_job_queue, jobQueue="q-open")
    batch.terminate_job(jobId=job, reason="done")
    ended(batch, job)
    batch.delete_job_queue(jobQueue="q-open")


def test_lists_of_resources_come_in_pages(batch):
    for number in range(5):
        make_queue(batch, f"page-{number}", vcpus=1)
    pages = list(batch.get_paginator("describe_job_queues").paginate(PaginationConfig={"PageSize": 2}))
    names = [queue["jobQueueName"] for page in pages for queue in page["jobQueues"]]
    assert all(len(page["jobQueues"]) <= 2 for page in pages)
    assert len(names) == len(set(names)) and {f"page-{number}" for number in range(5)} <= set(names)
    assert "nextToken" in refusal(batch.describe_job_queues, nextToken="nonsense")


def test_definitions_have_revisions(batch):
    assert define(batch, "def-life", "true").endswith("job-definition/def-life:1")
    assert define(batch, "def-life", "false", retryStrategy={"attempts": 2}, timeout={"attemptDurationSeconds": 90}).endswith(":2")
    revisions = batch.describe_job_definitions(jobDefinitionName="def-life", status="ACTIVE")["jobDefinitions"]
    assert [each["revision"] for each in revisions] == [1, 2]
    assert revisions[1]["retryStrategy"] == {"attempts": 2, "evaluateOnExit": []}
    assert revisions[1]["timeout"] == {"attemptDurationSeconds": 90}
    assert revisions[0]["containerProperties"]["command"] == ["sh", "-c", "true"]
    batch.deregister_job_definition(jobDefinition="def-life:2")
    status = {each["revision"]: each["status"] for each in batch.describe_job_definitions(jobDefinitions=["def-life"])["jobDefinitions"]}
    assert status == {1: "ACTIVE", 2: "INACTIVE"}
    assert define(batch, "def-life", "true").endswith(":3")
    assert "does not exist" in refusal(batch.deregister_job_definition, jobDefinition="def-life:9")
    make_queue(batch, "def-life")
    assert "not active" in refusal(batch.submit_job, jobName="j", jobQueue="def-life", jobDefinition="def-life:2")


def test_the_older_members_of_a_container_are_requirements(batch):
    batch.register_job_definition(
        jobDefinitionName="def-older", type="container",
        containerProperties={"image": "host", "command": ["true"], "vcpus": 2, "memory": 128})
    properties = batch.describe_job_definitions(jobDefinitions=["def-older:1"])["jobDefinitions"][0]["containerProperties"]
    assert properties["resourceRequirements"] == [{"type": "VCPU", "value": "2"}, {"type": "MEMORY", "value": "128"}]


def test_scheduling_policies(batch):
    share = {"shareDistribution": [{"shareIdentifier": "A*", "weightFactor": 0.5}]}
    made = batch.create_scheduling_policy(name="fair", fairsharePolicy=share)["arn"]
    assert batch.describe_scheduling_policies(arns=[made, made + "x"])["schedulingPolicies"][0]["fairsharePolicy"] == share
    batch.update_scheduling_policy(arn=made, fairsharePolicy={"shareDistribution": []})
    assert batch.describe_scheduling_policies(arns=[made])["schedulingPolicies"][0]["fairsharePolicy"] == {"shareDistribution": []}
    assert {"arn": made} in batch.list_scheduling_policies()["schedulingPolicies"]
    make_queue(batch, "fair", schedulingPolicyArn=made)
    define(batch, "fair", "true")
    assert "fair" in refusal(batch.delete_scheduling_policy, arn=made)
    assert "shareIdentifier must be given" in refusal(batch.submit_job, jobName="j", jobQueue="fair", jobDefinition="fair")
    ended(batch, submit(batch, "fair", "fair", shareIdentifier="A1"))
    assert "weightFactor" in refusal(
        batch.update_scheduling_policy, arn=made,
        fairsharePolicy={"shareDistribution": [{"shareIdentifier": "A", "weightFactor": 0}]})
    other = batch.create_scheduling_policy(name="unused")["arn"]
    batch.delete_scheduling_policy(arn=other)
    assert {"arn": other} not in batch.list_scheduling_policies()["schedulingPolicies"]


def test_tags_of_resources(batch):
    queue = make_queue(batch, "tagged", tags={"a": "1"})
    batch.tag_resource(resourceArn=queue, tags={"b/c": "2 3", "d": "4"})
    batch.untag_resource(resourceArn=queue, tagKeys=["a", "d"])
    assert batch.list_tags_for_resource(resourceArn=queue)["tags"] == {"b/c": "2 3"}
    assert batch.describe_job_queues(jobQueues=["tagged"])["jobQueues"][0]["tags"] == {"b/c": "2 3"}
    assert "does not exist" in refusal(batch.list_tags_for_resource, resourceArn=queue + "x")
    environment = arn("compute-environment", "tagged")
    assert "stays" in refusal(batch.tag_resource, resourceArn=environment, tags={"pawl:executor": "slurm"})
    assert "50" in refusal(batch.tag_resource, resourceArn=queue, tags={str(number): "" for number in range(60)})
    job = submit(batch, define(batch, "tagged", "true").rpartition("/")[2].rpartition(":")[0], "tagged", tags={"of": "job"})
    assert batch.list_tags_for_resource(resourceArn=arn("job", job))["tags"] == {"of": "job"}


# ---- nothing pretends ----

PLAIN = {"image": "host", "command": ["true"], "vcpus": 1, "memory": 4}
EC2 = {"type": "EC2", "maxvCpus": 1, "subnets": []}


@pytest.mark.parametrize("members, named", [
    ({"type": "multinode"}, "type"),
    ({"containerProperties": {**PLAIN, "image": "busybox"}}, "busybox"),
    ({"containerProperties": {**PLAIN, "volumes": [{"name": "v"}]}}, "containerProperties.volumes"),
    ({"containerProperties": {**PLAIN, "mountPoints": [{"sourceVolume": "v"}]}}, "containerProperties.mountPoints"),
    ({"containerProperties": {**PLAIN, "privileged": True}}, "containerProperties.privileged"),
    ({"containerProperties": {**PLAIN, "user": "root"}}, "containerProperties.user"),
    ({"containerProperties": {**PLAIN, "jobRoleArn": "arn:aws:iam::1:role/r"}}, "containerProperties.jobRoleArn"),
    ({"containerProperties": {**PLAIN, "secrets": [{"name": "n", "valueFrom": "f"}]}}, "containerProperties.secrets"),
    ({"containerProperties": {**PLAIN, "resourceRequirements": [{"type": "GPU", "value": "1"}]}}, "resourceRequirements"),
    ({"eksProperties": {"podProperties": {}}}, None),
    ({"nodeProperties": {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": []}}, "nodeProperties"),
    ({"platformCapabilities": ["FARGATE"]}, "FARGATE"),
    ({"containerProperties": {**PLAIN, "environment": [{"name": "AWS_BATCH_JOB_ID", "value": "1"}]}}, "AWS_BATCH_JOB_ID"),
])
def test_a_definition_with_what_is_not_offered_is_refused_by_its_name(batch, members, named):
    if named is None:
        members = {"eksProperties": {"podProperties": {"hostNetwork": True}}}
        named = "eksProperties"
    whole = {"jobDefinitionName": "refused", "type": "container", "containerProperties": PLAIN, **members}
    assert named in refusal(batch.register_job_definition, **whole)
    assert batch.describe_job_definitions(jobDefinitionName="refused")["jobDefinitions"] == []


@pytest.mark.parametrize("members, named", [
    ({"type": "UNMANAGED"}, "type"),
    ({"computeResources": {**EC2, "type": "FARGATE"}}, "computeResources.type"),
    ({"computeResources": {**EC2, "launchTemplate": {"launchTemplateName": "t"}}}, "computeResources.launchTemplate"),
    ({"computeResources": {**EC2, "bidPercentage": 50}}, "computeResources.bidPercentage"),
    ({"eksConfiguration": {"eksClusterArn": "a", "kubernetesNamespace": "n"}}, "eksConfiguration"),
    ({"tags": {"pawl:executor": "kubernetes"}}, "kubernetes"),
    ({"tags": {"pawl:executor": "slurm"}}, "[slurm]"),
    ({"tags": {"pawl:memory-mib": "much"}}, "pawl:memory-mib"),
])
def test_an_environment_with_what_is_not_offered_is_refused_by_its_name(batch, members, named):
    whole = {"computeEnvironmentName": "refused", "type": "MANAGED", "computeResources": EC2, **members}
    assert named in refusal(batch.create_compute_environment, **whole)


def test_an_operation_that_is_not_offered_is_refused_by_its_name(batch):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        batch.create_consumable_resource(consumableResourceName="r")
    assert "createconsumableresource" in str(refused.value)


# ---- limits ----

def test_arrays_have_2_to_10000_children_and_jobs_20_dependencies(batch):
    make_queue(batch, "limits")
    define(batch, "limits", "true")
    blocker = submit(batch, "limits", "limits", containerOverrides={"command": ["sleep", "600"]})
    waiting = [{"jobId": blocker}]
    largest = submit(batch, "limits", "limits", size=10_000, after=waiting)
    assert shown(batch, largest)["arrayProperties"]["statusSummary"]["PENDING"] == 10_000
    for size in (1, 10_001):
        message = refusal(batch.submit_job, jobName="j", jobQueue="limits", jobDefinition="limits", arrayProperties={"size": size})
        assert "Array size must be between 2 and 10000" in message
    submit(batch, "limits", "limits", after=waiting * 20)
    assert "20" in refusal(batch.submit_job, jobName="j", jobQueue="limits", jobDefinition="limits", dependsOn=waiting * 21)
    assert "same size" in refusal(
        batch.submit_job, jobName="j", jobQueue="limits", jobDefinition="limits", arrayProperties={"size": 2},
        dependsOn=each_after(largest))
    assert "does not exist" in refusal(
        batch.submit_job, jobName="j", jobQueue="limits", jobDefinition="limits", dependsOn=[{"jobId": "nobody"}])
    for name in ("", "-x", "a b", "x" * 129):
        refusal(batch.submit_job, jobName=name, jobQueue="limits", jobDefinition="limits")
    assert "retryStrategy.attempts" in refusal(
        batch.submit_job, jobName="j", jobQueue="limits", jobDefinition="limits", retryStrategy={"attempts": 11})
    # Children in pages of 1,000.
    pages = list(batch.get_paginator("list_jobs").paginate(arrayJobId=largest, jobStatus="PENDING"))
    children = [job["jobId"] for page in pages for job in page["jobSummaryList"]]
    assert [len(page["jobSummaryList"]) for page in pages] == [1000] * 10
    assert children == [f"{largest}:{index}" for index in range(10_000)]
    batch.cancel_job(jobId=largest, reason="enough")
    assert ended(batch, largest)["isCancelled"]
    batch.terminate_job(jobId=blocker, reason="enough")


@pytest.mark.parametrize("operation, members, named", [
    ("submit_job", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d", "schedulingPriorityOverride": 10_000}, "9999"),
    ("submit_job", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d",
                    "retryStrategy": {"evaluateOnExit": [{"action": "RETRY"}] * 6}}, "5"),
    ("create_job_queue", {"jobQueueName": "n", "priority": 1001, "computeEnvironmentOrder": []}, "1000"),
    ("create_job_queue", {"jobQueueName": "n", "priority": 1, "computeEnvironmentOrder":
                          [{"order": at, "computeEnvironment": str(at)} for at in range(4)]}, "3"),
    ("create_job_queue", {"jobQueueName": "n" * 129, "priority": 1, "computeEnvironmentOrder": []}, "128"),
    ("describe_jobs", {"jobs": ["x"] * 101}, "100"),
    ("submit_job", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d", "timeout": {"attemptDurationSeconds": 0}}, "1"),
])
def test_each_limit_is_named_to_who_goes_beyond_it(batch, operation, members, named):
    message = refusal(getattr(batch, operation), **members)
    assert f"than or equal to {named}" in message, message


# ---- what runs ----

def test_a_job_runs_with_what_it_was_submitted_with(batch, server):
    make_queue(batch, "run")
    out = server.directory / "run.out"
    define(batch, "run", f'echo "$AWS_BATCH_JOB_ID $AWS_BATCH_JOB_ATTEMPT $AWS_BATCH_JQ_NAME Ref::who $GREETING" >{out}; exit 3',
           parameters={"who": "nobody"})
    job = submit(batch, "run", "run", parameters={"who": "somebody"},
                 containerOverrides={"environment": [{"name": "GREETING", "value": "hello = there"}]})
    found = ended(batch, job)
    assert out.read_text() == f"{job} 1 run somebody hello = there\n"
    assert (found["status"], found["container"]["exitCode"]) == ("FAILED", 3)
    assert found["createdAt"] <= found["startedAt"] <= found["stoppedAt"]
    assert found["attempts"][0]["container"]["exitCode"] == 3
    assert found["statusReason"] == "Essential container in task exited"
    assert batch.describe_jobs(jobs=["00000000-0000-0000-0000-000000000000"])["jobs"] == []


def test_each_child_waits_for_its_own_and_only_what_failed_runs_again(batch, server):
    make_queue(batch, "pairs", vcpus=4)
    ledger, mended = server.directory / "pairs", server.directory / "mended"
    write = f'echo "$AWS_BATCH_JOB_ID" >>{ledger}'
    define(batch, "pairs-one", f"{write}; test $AWS_BATCH_JOB_ARRAY_INDEX != 3 || test -e {mended}")
    define(batch, "pairs-two", write)
    one = submit(batch, "pairs-one", "pairs", size=8)
    two = submit(batch, "pairs-two", "pairs", size=8, after=each_after(one))
    found = ended(batch, one, two)
    assert [job["status"] for job in found] == ["FAILED", "FAILED"]
    for job in found:
        summary = job["arrayProperties"]["statusSummary"]
        assert (summary["SUCCEEDED"], summary["FAILED"]) == (7, 1)
    child = shown(batch, f"{two}:3")
    assert child["statusReason"].startswith(f"Dependent Job failed: {one}:3") and child["attempts"] == []
    assert [job["jobId"] for job in batch.list_jobs(arrayJobId=two, jobStatus="FAILED")["jobSummaryList"]] == [f"{two}:3"]
    order = ledger.read_text().split()
    assert all(order.index(f"{one}:{index}") < order.index(f"{two}:{index}") for index in range(8) if index != 3)
    mended.touch()
    retried = server.pawl("batch", "retry", one, "--failed", "--json")
    assert json.loads(retried.stdout)["retried"] == 1, retried.stderr
    assert [job["status"] for job in ended(batch, one, two)] == ["SUCCEEDED", "SUCCEEDED"]
    order = ledger.read_text().split()
    assert sorted(order) == sorted([f"{job}:{index}" for job in (one, two) for index in range(8)] + [f"{one}:3"])
    assert order.index(f"{two}:3") > order.index(f"{one}:3")
    again = server.pawl("batch", "retry", one, "--failed")
    assert again.returncode == 5 and "has not failed" in again.stderr


def test_attempts_follow_the_retry_strategy_and_the_time_limit(batch):
    make_queue(batch, "attempts")
    define(batch, "attempts", "test $AWS_BATCH_JOB_ATTEMPT = 3")
    found = ended(batch, submit(batch, "attempts", "attempts", retryStrategy={"attempts": 5}))
    assert (found["status"], [each["container"]["exitCode"] for each in found["attempts"]]) == ("SUCCEEDED", [1, 1, 0])
    rules = [{"onExitCode": "1", "action": "EXIT"}, {"onReason": "*", "action": "RETRY"}]
    found = ended(batch, submit(batch, "attempts", "attempts", retryStrategy={"attempts": 5, "evaluateOnExit": rules}))
    assert (found["status"], len(found["attempts"])) == ("FAILED", 1)
    define(batch, "slow", "sleep 600")
    found = ended(batch, submit(batch, "slow", "attempts", timeout={"attemptDurationSeconds": 1}))
    assert (found["status"], found["statusReason"]) == ("FAILED", "Job attempt duration exceeded timeout")


def test_a_sequence_runs_one_after_the_other(batch, server):
    make_queue(batch, "sequence", vcpus=4)
    ledger = server.directory / "sequence"
    define(batch, "sequence", f"echo $AWS_BATCH_JOB_ARRAY_INDEX >>{ledger}")
    assert ended(batch, submit(batch, "sequence", "sequence", size=20, after=[{"type": "SEQUENTIAL"}]))["status"] == "SUCCEEDED"
    assert ledger.read_text().split() == [str(index) for index in range(20)]


def test_cancel_leaves_what_runs_and_terminate_does_not(batch):
    make_queue(batch, "ends", vcpus=1)
    define(batch, "ends", "sleep 600")
    runs, waits = submit(batch, "ends", "ends"), submit(batch, "ends", "ends")
    eventually(lambda: shown(batch, runs)["status"] == "RUNNING", "it runs")
    assert batch.describe_compute_environments(computeEnvironments=["ends"])["computeEnvironments"][0]["computeResources"]["desiredvCpus"] == 1
    for job in (runs, waits):
        batch.cancel_job(jobId=job, reason="because")
    found = ended(batch, waits)
    assert (found["status"], found["statusReason"], found["isCancelled"]) == ("FAILED", "because", True)
    assert shown(batch, runs)["status"] == "RUNNING"
    batch.terminate_job(jobId=runs, reason="stop")
    found = ended(batch, runs)
    assert (found["status"], found["statusReason"], found["isTerminated"]) == ("FAILED", "stop", True)
    assert "does not exist" in refusal(batch.terminate_job, jobId="nobody", reason="x")
    eventually(lambda: batch.describe_compute_environments(computeEnvironments=["ends"])["computeEnvironments"][0]
               ["computeResources"]["desiredvCpus"] == 0, "nothing is in use")


def test_the_queue_of_higher_priority_goes_first(batch, server):
    make_environment(batch, "prior", vcpus=1)
    make_queue(batch, "prior-low", ["prior"], priority=1)
    make_queue(batch, "prior-high", ["prior"], priority=10)
    gate, ledger = server.directory / "prior.gate", server.directory / "prior"
    define(batch, "prior-block", f"until test -e {gate}; do sleep 0.05; done")
    define(batch, "prior", f"echo $AWS_BATCH_JQ_NAME >>{ledger}")
    block = submit(batch, "prior-block", "prior-low")
    eventually(lambda: shown(batch, block)["status"] == "RUNNING", "the only place is taken")
    jobs = [submit(batch, "prior", queue) for queue in ("prior-low", "prior-low", "prior-high", "prior-high")]
    why = json.loads(server.pawl("batch", "why", jobs[1], "--json").stdout)
    assert f"1 of 1 vCPUs are in use by job {block} (prior-block); 3 others are ready before it" in why["reason"]
    gate.touch()
    ended(batch, *jobs)
    assert ledger.read_text().split() == ["prior-high", "prior-high", "prior-low", "prior-low"]


def test_within_a_fair_queue_the_higher_scheduling_priority_goes_first(batch, server):
    policy = batch.create_scheduling_policy(name="ranked")["arn"]
    make_queue(batch, "ranked", vcpus=1, schedulingPolicyArn=policy)
    gate, ledger = server.directory / "ranked.gate", server.directory / "ranked"
    define(batch, "ranked-block", f"until test -e {gate}; do sleep 0.05; done")
    define(batch, "ranked", f"echo $RANK >>{ledger}", schedulingPriority=5)
    block = submit(batch, "ranked-block", "ranked", shareIdentifier="x")
    eventually(lambda: shown(batch, block)["status"] == "RUNNING", "the only place is taken")

    def ranked(rank, **members):
        variables = {"environment": [{"name": "RANK", "value": rank}]}
        return submit(batch, "ranked", "ranked", shareIdentifier="x", containerOverrides=variables, **members)

    jobs = [ranked("low", schedulingPriorityOverride=1), ranked("middle"), ranked("high", schedulingPriorityOverride=9)]
    gate.touch()
    ended(batch, *jobs)
    assert ledger.read_text().split() == ["high", "middle", "low"]


def test_a_shared_queue_loses_the_overlap_and_separate_ones_keep_it(batch, server):
    make_queue(batch, "shared", vcpus=1)
    ledger = server.directory / "shared"
    # Long enough that none is handed over ahead of its time.
    define(batch, "overlap", f"echo $AWS_BATCH_JOB_ID >>{ledger}; sleep 0.1")
    one = submit(batch, "overlap", "shared", size=6)
    two = submit(batch, "overlap", "shared", size=6, after=each_after(one))
    ended(batch, one, two)
    assert ledger.read_text().split() == [f"{job}:{index}" for job in (one, two) for index in range(6)]
    # Over one environment, a queue that goes first has what is begun finished first.
    make_environment(batch, "below-both", vcpus=1)
    make_queue(batch, "begins", ["below-both"], priority=1)
    make_queue(batch, "finishes", ["below-both"], priority=2)
    ledger.unlink()
    one = submit(batch, "overlap", "begins", size=6)
    two = submit(batch, "overlap", "finishes", size=6, after=each_after(one))
    ended(batch, one, two)
    assert ledger.read_text().split() == [f"{job}:{index}" for index in range(6) for job in (one, two)]
    # Of its own queue, the second array begins while the first one's last child runs: that waits for it.
    make_queue(batch, "first", vcpus=1)
    make_queue(batch, "second", vcpus=1)
    seen = server.directory / "seen"
    define(batch, "waits", f"test $AWS_BATCH_JOB_ARRAY_INDEX != 5 || until test -e {seen}; do sleep 0.05; done")
    define(batch, "shows", f"touch {seen}")
    one = submit(batch, "waits", "first", size=6)
    two = submit(batch, "shows", "second", size=6, after=each_after(one))
    assert [job["status"] for job in ended(batch, one, two)] == ["SUCCEEDED", "SUCCEEDED"]


def test_lists_of_jobs_are_filtered(batch):
    make_queue(batch, "lists", vcpus=1)
    define(batch, "Lists-Blue", "true")
    define(batch, "lists-red", "true")
    blue, red = submit(batch, "Lists-Blue", "lists"), submit(batch, "lists-red", "lists")
    ended(batch, blue, red)

    def listed(**members):
        return [job["jobId"] for job in batch.list_jobs(jobQueue="lists", **members)["jobSummaryList"]]

    def filtered(name, value):
        return listed(filters=[{"name": name, "values": [value]}])

    assert listed() == [], "those that run, where no status is asked for"
    assert listed(jobStatus="SUCCEEDED") == [red, blue], "the newest first"
    assert filtered("JOB_NAME", "lists-blue") == [blue] and filtered("JOB_NAME", "LISTS-*") == [red, blue]
    assert filtered("JOB_DEFINITION", "lists-red") == [red] and filtered("JOB_DEFINITION", "lists-blue") == []
    assert filtered("JOB_DEFINITION", arn("job-definition", "lists-red:1")) == [red]
    created = shown(batch, red)["createdAt"]
    assert red in filtered("AFTER_CREATED_AT", str(created - 1)) and filtered("AFTER_CREATED_AT", str(created)) == []
    assert filtered("BEFORE_CREATED_AT", str(created + 1))[0] == red
    first = batch.list_jobs(jobQueue="lists", jobStatus="SUCCEEDED", maxResults=1)
    assert [job["jobId"] for job in first["jobSummaryList"]] == [red]
    assert listed(jobStatus="SUCCEEDED", maxResults=1, nextToken=first["nextToken"]) == [blue]
    assert "exactly one" in refusal(batch.list_jobs)
    assert "NONSENSE" in refusal(batch.list_jobs, jobQueue="lists", filters=[{"name": "NONSENSE", "values": ["x"]}])


def test_strict_aws_wants_a_minute_for_each_attempt():
    with short_directory() as directory:
        config = directory / "pawl.toml"
        config.write_text("[limits]\nstrict_aws = true\n")
        with running_server(config) as strict:
            for seconds, code in ((59, 2), (60, 0)):
                strict.pawl("queue", "create", "q", "--vcpus", "1")
                done = strict.pawl("batch", "submit", "j", "--vcpus", "9", "--time-limit", seconds, "--", "true")
                assert done.returncode == code, done.stderr


# ---- the AWS command line ----

def test_the_aws_command_line_runs_an_array(server):
    aws = server.aws
    aws("batch", "create-compute-environment", "--compute-environment-name", "cli", "--type", "MANAGED", "--compute-resources",
        "type=EC2,minvCpus=0,maxvCpus=2,instanceTypes=optimal,subnets=s,securityGroupIds=g,instanceRole=r", "--tags", "pawl:executor=local")
    aws("batch", "create-job-queue", "--job-queue-name", "cli", "--priority", "1", "--compute-environment-order",
        "order=1,computeEnvironment=cli")
    properties = json.dumps({"image": "host", "command": ["sh", "-c", "exit $AWS_BATCH_JOB_ARRAY_INDEX"], "resourceRequirements": [
        {"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]})
    aws("batch", "register-job-definition", "--job-definition-name", "cli", "--type", "container", "--container-properties", properties)
    job = aws("batch", "submit-job", "--job-name", "cli", "--job-queue", "cli", "--job-definition", "cli", "--array-properties", "size=2")
    assert job["jobArn"] == arn("job", job["jobId"])
    found = eventually(
        lambda: [each for each in aws("batch", "describe-jobs", "--jobs", job["jobId"])["jobs"] if each["status"] in ENDED], "it ends")
    assert found[0]["arrayProperties"]["statusSummary"]["SUCCEEDED"] == 1
    child = aws("batch", "describe-jobs", "--jobs", job["jobId"] + ":1")["jobs"][0]
    assert (child["container"]["exitCode"], child["arrayProperties"]["index"]) == (1, 1)
    rows = aws("batch", "list-jobs", "--array-job-id", job["jobId"], "--job-status", "FAILED")["jobSummaryList"]
    assert [row["jobId"] for row in rows] == [job["jobId"] + ":1"]
    queue = arn("job-queue", "cli")
    aws("batch", "tag-resource", "--resource-arn", queue, "--tags", "a=b")
    assert aws("batch", "list-tags-for-resource", "--resource-arn", queue)["tags"] == {"a": "b"}
    aws("batch", "untag-resource", "--resource-arn", queue, "--tag-keys", "a")
    refused = aws("batch", "submit-job", "--job-name", "x", "--job-queue", "cli", "--job-definition", "cli", "--array-properties", "size=10001",
                  check=False)
    assert refused.returncode == 254 and "(ClientException)" in refused.stderr and "10000" in refused.stderr


# ---- the verbs of pawl ----

def test_a_queue_that_is_there_is_not_made_again(server, batch):
    make_environment(batch, "below")
    make_queue(batch, "twice", ["below"])
    again = server.pawl("queue", "create", "twice", "--vcpus", "1")
    assert (again.returncode, "already exists" in again.stderr) == (5, True)
    assert batch.describe_compute_environments(computeEnvironments=["twice"])["computeEnvironments"] == []


def test_verbs_of_the_command_line(server, batch):
    assert server.pawl("queue", "create", "verbs", "--vcpus", "2", "--memory", "4096").stdout.strip() == arn("job-queue", "verbs")
    broken = server.pawl("batch", "submit", "verbs", "--queue", "verbs", "--array", "4", "--watch", "--",
                         "sh", "-c", "echo out $AWS_BATCH_JOB_ARRAY_INDEX; test $AWS_BATCH_JOB_ARRAY_INDEX != 2")
    assert broken.returncode == 8, "some have succeeded"
    assert "exit code 1" in broken.stderr and "pawl batch retry" in broken.stderr
    assert "FAILED  4 of 4 ended, 1 failed" in broken.stdout
    rows = json.loads(server.pawl("batch", "list", "--queue", "verbs", "--json").stdout)
    assert [(row["jobName"], row["status"]) for row in rows] == [("verbs", "FAILED")]
    assert "3 of 4 succeeded, 1 failed" in server.pawl("batch", "list", "--queue", "verbs").stdout
    told = server.pawl("batch", "watch", "verbs", "--json")
    assert json.loads(told.stderr.splitlines()[-1])["error"]["code"] == "failed" and json.loads(told.stdout)[0]["status"] == "FAILED"
    children = json.loads(server.pawl("batch", "list", "--array", "verbs", "--json").stdout)
    assert [child["status"] for child in children] == ["SUCCEEDED", "SUCCEEDED", "FAILED", "SUCCEEDED"]
    text = server.pawl("batch", "show", "verbs").stdout
    assert "queue       verbs\n" in text and "definition  verbs:1\n" in text
    assert "failed      2\n" in text and "status      FAILED" in text
    assert server.pawl("batch", "logs", "verbs:2").stdout == "out 2\n"
    assert server.pawl("batch", "logs", "verbs").returncode == 2, "an array writes nothing itself"
    why = server.pawl("batch", "why", "verbs:2").stdout
    assert "is FAILED: attempt 1 of 1 ended with exit code 1; `pawl batch logs" in why
    assert server.pawl("batch", "retry", "verbs").returncode == 2, "what runs again is to be said"
    assert server.pawl("batch", "show", "nobody").returncode == 3
    after = server.pawl("batch", "submit", "after", "--queue", "verbs", "--after", "verbs", "--", "true").stdout.strip()
    assert ended(batch, after)["statusReason"].startswith("Dependent Job failed")
    listed = json.loads(server.pawl("queue", "list", "verbs", "--json").stdout)
    assert listed[0]["priority"] == 1 and listed[0]["openJobs"]["RUNNING"] == 0
    assert "0 of 2 vCPUs in use  4096 MiB at most" in server.pawl("queue", "show", "verbs").stdout
    waits = server.pawl("batch", "submit", "waits", "--queue", "verbs", "--vcpus", "8", "--", "true").stdout.strip()
    assert "more than any compute environment of queue verbs has" in server.pawl("batch", "why", waits).stdout
    assert server.pawl("batch", "watch", waits, "--timeout", "1s").returncode == 124
    assert "FAILED now" in server.pawl("batch", "cancel", waits).stderr


def test_watch_draws_jobs_side_by_side_and_ends_with_them(server, batch):
    make_queue(batch, "drawn")
    define(batch, "drawn", "test $AWS_BATCH_JOB_ARRAY_INDEX != 7")
    one = submit(batch, "drawn", "drawn", size=300)
    two = submit(batch, "drawn", "drawn", size=300, after=each_after(one))
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(PAWL_SERVER=server.url, TERM="xterm", LANG="C.UTF-8", COLUMNS="80")
        os.execv(PROGRAM, [PROGRAM, "batch", "watch", one, two])
    drawn, deadline = b"", time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        drawn += piece
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 8
    last = drawn.decode().rpartition("\x1b[A")[2]
    assert "✗" in drawn.decode() and "■" in last
    assert any(line.count("FAILED") == 2 for line in drawn.decode().splitlines()), "side by side"


def test_watch_waits_for_a_server_that_was_killed_and_the_job_goes_on(tmp_path):
    with running_server() as server:
        server.pawl("queue", "create", "q", "--vcpus", "1")
        gate = server.directory / "gate"
        job = server.pawl("batch", "submit", "j", "--array", "3", "--", "sh", "-c", f"until test -e {gate}; do sleep 0.05; done").stdout.strip()
        said = tmp_path / "said"
        with open(said, "w") as to:
            watch = subprocess.Popen([PROGRAM, "batch", "watch", job], stdout=subprocess.DEVNULL, stderr=to,
                                     env={**os.environ, "PAWL_SERVER": server.url})
        try:
            server.kill()
            eventually(lambda: "does not answer" in said.read_text(), "the watch notes that the server is away")
            server.start(listen=server.url.removeprefix("http://"))
            gate.touch()
            assert watch.wait(120) == 0
        finally:
            watch.kill()
            watch.wait()
        assert "the server is back" in said.read_text()
        for pid in supervisors_of(server):
            os.kill(pid, signal.SIGKILL)


def test_logs_come_in_pages_whole(server, batch):
    make_queue(batch, "long")
    define(batch, "long", "i=0; while test $i -lt 60000; do echo \"line $i äöü\"; i=$((i+1)); done")
    job = submit(batch, "long", "long")
    ended(batch, job)
    text = server.pawl("batch", "logs", job).stdout
    assert text == "".join(f"line {number} äöü\n" for number in range(60000))


def test_logs_lead_to_no_other_file(server):
    for stream in ("../../etc/passwd", "x/../../data/store.1", "a/job.1/../x", "/etc/passwd", "a/job.1.log"):
        answer = server.pawl("batch", "logs", stream)
        assert answer.returncode == 3, answer.stderr
        with pytest.raises(Exception, match="is no log stream's name"):
            server.call("GetJobLog", service="Pawl", logStreamName=stream)


def test_every_operation_that_is_offered_was_called():
    assert called >= {
        "SubmitJob", "DescribeJobs", "ListJobs", "CancelJob", "TerminateJob",
        "CreateComputeEnvironment", "UpdateComputeEnvironment", "DeleteComputeEnvironment", "DescribeComputeEnvironments",
        "CreateJobQueue", "UpdateJobQueue", "DeleteJobQueue", "DescribeJobQueues",
        "RegisterJobDefinition", "DeregisterJobDefinition", "DescribeJobDefinitions",
        "CreateSchedulingPolicy", "UpdateSchedulingPolicy", "DeleteSchedulingPolicy", "DescribeSchedulingPolicies",
        "ListSchedulingPolicies", "ListTagsForResource", "TagResource", "UntagResource",
    }
