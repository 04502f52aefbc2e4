"""The arrays pipeline end to end: ids over nodes on a shared volume, three steps that follow each other node by node, results in a
bucket, failures that are named and run again, and a server that is killed in the middle."""
import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import subprocess
import urllib.request

import pytest
from harness import PROGRAM, ServiceError, eventually, execution_arn, running_server, send, short_directory

WORKER = str(pathlib.Path(PROGRAM).resolve().parent / "pawl-worker")
ODD_IDS = ["plain-1", "..", ".", ".hidden", "a/b", "/", "%", "a=2F", 'a b,"c"', "grüße", "a\\", "*", "-rf", "x" * 3000]


# Where the tests run as root under a kernel without Landlock.
ACCEPTED = '"root-without-confinement" = "tests of our own"'


@contextlib.contextmanager
def array_server(*accepted):
    with short_directory() as directory:
        config = directory / "pawl.toml"
        config.write_text("\n".join(["[arrays.accepted]", ACCEPTED, *accepted]) + "\n")
        with running_server(config) as one:
            yield one


@pytest.fixture(scope="module")
def server():
    with array_server() as one:
        assert one.pawl("arrays", "init", "--vcpus", 4).returncode == 0
        yield one


def batch(server, operation, **members):
    request = urllib.request.Request(
        f"{server.url}/v1/{operation.lower()}", json.dumps(members).encode(), {"Content-Type": "application/json"})
    return send(request, 60)


def volume(server):
    return server.directory / "data" / "volume"


def bucket(server, run):
    return server.directory / "data" / "buckets" / "arrays" / run


def start(server, run, **members):
    return server.start_execution("arrays", members, run)


def succeed(server, run, **members):
    ended = server.ended(start(server, run, **members))
    assert ended["status"] == "SUCCEEDED", ended
    return json.loads(ended["output"])


def shown(server, run):
    return server.invoke("pawl-arrays-show", {"run": run})


def job_of(server, run, step):
    return eventually(lambda: next((job["job_id"] for job in shown(server, run)["jobs"]
                                    if job["job_name"] == f"{run}-{step}"), None), f"{step} of {run} is submitted")


def child(server, job, index):
    return batch(server, "DescribeJobs", jobs=[f"{job}:{index}"])["jobs"][0]


def children(server, job, count):
    ids = [f"{job}:{index}" for index in range(count)]
    return [one for at in range(0, count, 100) for one in batch(server, "DescribeJobs", jobs=ids[at:at + 100])["jobs"]]


def define(server, name, script, **members):
    """A step of our own: a script in which `worker` is the program of the steps."""
    batch(server, "RegisterJobDefinition", jobDefinitionName=name, type="container", containerProperties={
        "image": "host", "command": ["/bin/sh", "-c", script.replace("worker", WORKER)],
        "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]}, **members)


def gated(server, name, gate, index, step):
    """That step, whose node of the index waits until the gate is there."""
    define(server, name, f'while [ "$AWS_BATCH_JOB_ARRAY_INDEX" = {index} ] && [ ! -e {gate} ]; do sleep 0.05; done; '
                         f"exec worker {step}")
    return {"name": step, "job_definition": name}


def split_mix(seed, node, identifier):
    """docs/arrays.md, once more and in another language."""
    mask = (1 << 64) - 1
    state = int.from_bytes(hashlib.sha256(f"{seed}\n{node}\n{identifier}".encode()).digest()[:8], "little")
    values = []
    for _ in range(500):
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & mask
        values.append(10 + (mixed ^ mixed >> 31) % 19990)
    return values


@pytest.mark.parametrize("ids, nodes", [(0, 0), (1, 1), (5, 1), (6, 2), (50, 10)])
def test_every_number_of_ids_is_run(server, ids, nodes):
    run = f"count-{ids}"
    report = succeed(server, run, ids=ids, per_node=5)
    assert (report["ids"], report["nodes"], report["objects"]) == (ids, nodes, ids)
    verified = server.pawl("arrays", "verify", run, "--json")
    assert verified.returncode == 0 and json.loads(verified.stdout)["points"] == ids * 500
    assert not (volume(server) / run).exists()


def test_a_run_may_have_any_name_that_an_execution_may_have(server):
    assert succeed(server, "_grüße.1", ids=4, nodes=2)["run"] == "_grüße.1"
    assert server.pawl("arrays", "verify", "_grüße.1").returncode == 0


def test_the_default_input_is_enough(server):
    assert succeed(server, "default")["ids"] == 200


def test_results_are_what_anybody_computes_from_the_seed(server):
    succeed(server, "seeded", ids=["a", "b", "c", "d"], nodes=2, seed="s", layout="files")
    for place, identifier in enumerate("abcd"):
        node = place // 2
        points = json.loads((bucket(server, "seeded") / str(node) / "results" / f"{identifier}.json").read_text())
        assert points == [{"timestamp": 1663639968158 + i * 3600000, "open": value > 15000}
                          for i, value in enumerate(split_mix("s", node, identifier), 1)]
    checked = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=bucket(server, "seeded") / "1")
    assert checked.returncode == 0


@pytest.mark.parametrize("layout", ["files", "bundle"])
def test_odd_ids_stay_within_their_directory(server, layout):
    run = f"odd-{layout}"
    report = succeed(server, run, ids=ODD_IDS, nodes=3, layout=layout)
    assert report["ids"] == len(ODD_IDS)
    assert server.invoke("pawl-arrays-verify", {"run": run})["ids"] == len(ODD_IDS)
    if layout == "files":
        assert sum(1 for path in bucket(server, run).glob("*/results/*.json")) == len(ODD_IDS)


@pytest.mark.parametrize("members, what", [
    ({"ids": ["a", "a"]}, "is there before"), ({"ids": [""]}, "is empty"), ({"ids": ["a\nb"]}, "control characters"),
    ({"ids": -1}, "from 0 to"), ({"ids": "../../etc/passwd"}, "no file of the volume"), ({"nodes": 0}, "whole number"),
    ({"nodes": 2, "per_node": 2}, "leave one of them out"), ({"node": 2}, "unknown member 'node'"), ({"bucket": "no-such"}, "no bucket"),
])
def test_a_wrong_input_is_refused_by_its_words(server, members, what):
    ended = server.ended(start(server, None, **members))
    assert ended["status"] == "FAILED" and what in ended["cause"], ended


def test_a_slow_node_holds_up_nobody_else(server):
    gate = server.directory / "gate-slow"
    slow = gated(server, "slow-procure", gate, 0, "procure")
    arn = start(server, "slow", ids=40, nodes=8, steps=[slow, "process", "egress"])
    first, last = job_of(server, "slow", "procure"), job_of(server, "slow", "egress")
    eventually(lambda: all(one["status"] == "SUCCEEDED" for one in children(server, last, 8)[1:]), "all others are through")
    assert child(server, first, 0)["status"] == "RUNNING"
    assert child(server, job_of(server, "slow", "process"), 0)["status"] == "PENDING"
    assert child(server, last, 0)["status"] == "PENDING"
    gate.touch()
    assert server.ended(arn)["status"] == "SUCCEEDED"
    for before, after in (("procure", "process"), ("process", "egress")):
        pairs = zip(children(server, job_of(server, "slow", before), 8), children(server, job_of(server, "slow", after), 8))
        assert all(one["stoppedAt"] <= other["startedAt"] for one, other in pairs)


def test_all_jobs_are_submitted_before_the_first_node_ends(server):
    gate = server.directory / "gate-submitted"
    held = gated(server, "held-procure", gate, 0, "procure")
    arn = start(server, "submitted", ids=2, nodes=2, steps=[held, "process", "egress"])
    eventually(lambda: len(shown(server, "submitted")["jobs"]) == 3, "three jobs are submitted")
    gate.touch()
    assert server.ended(arn)["status"] == "SUCCEEDED"


def test_failed_nodes_are_named_and_only_they_run_again(server):
    broken = server.directory / "broken"
    broken.touch()
    define(server, "fragile-process",
           f'if [ "$AWS_BATCH_JOB_ARRAY_INDEX" = 3 ] && [ -e {broken} ]; then exit 65; fi; exec worker process',
           retryStrategy={"attempts": 3, "evaluateOnExit": [{"onExitCode": "65", "action": "EXIT"}]})
    steps = json.dumps(["procure", {"name": "process", "job_definition": "fragile-process"}, "egress"])
    (server.directory / "steps.json").write_text(steps)
    done = server.pawl("arrays", "run", "--ids", 30, "--nodes", 6, "--steps", f"@{server.directory}/steps.json", "--name", "partly")
    assert done.returncode == 8, done
    ended = server.ended(execution_arn("arrays", "partly"))
    assert ended["error"] == "Arrays.PartlyFailed"
    assert "1 of 6 nodes failed: 3; partly-process: 1 of 6 (exit code 65)" in ended["cause"]
    # The job that failed by itself is named, and not the one that waited for it.
    assert f"`pawl batch retry {job_of(server, 'partly', 'process')} --failed`" in ended["cause"]
    assert job_of(server, "partly", "egress") not in ended["cause"]
    assert (volume(server) / "partly" / "3").exists()  # kept, so that it can go on

    broken.unlink()
    job = job_of(server, "partly", "process")
    first_attempts = [len(one["attempts"]) for one in children(server, job_of(server, "partly", "procure"), 6)]
    assert server.pawl("batch", "retry", job, "--failed").returncode == 0
    assert server.pawl("execution", "redrive", execution_arn("arrays", "partly")).returncode == 0
    ended = server.ended(execution_arn("arrays", "partly"))
    assert ended["status"] == "SUCCEEDED", ended
    assert server.invoke("pawl-arrays-verify", {"run": "partly"})["ids"] == 30
    assert [len(one["attempts"]) for one in children(server, job_of(server, "partly", "procure"), 6)] == first_attempts
    assert [len(one["attempts"]) for one in children(server, job, 6)] == [1, 1, 1, 2, 1, 1]


def test_a_run_of_which_nothing_succeeds_has_failed(server):
    define(server, "never", "exit 65", retryStrategy={"attempts": 2, "evaluateOnExit": [{"onExitCode": "65", "action": "EXIT"}]})
    ended = server.ended(start(server, "nothing", ids=4, nodes=2, steps=[{"name": "procure", "job_definition": "never"}, "process", "egress"]))
    assert ended["error"] == "Arrays.Failed" and "2 of 2 nodes failed: 0, 1" in ended["cause"]


@pytest.mark.parametrize("name, death", [("temporary", "exit 75"), ("killed-node", "kill -9 $$")])
def test_what_may_go_by_is_tried_again(server, name, death):
    mark = server.directory / name
    shipped = batch(server, "DescribeJobDefinitions", jobDefinitionName="pawl-arrays-procure")["jobDefinitions"][0]
    define(server, name, f"if mkdir {mark}.$AWS_BATCH_JOB_ARRAY_INDEX; then {death}; fi; exec worker procure",
           retryStrategy=shipped["retryStrategy"])
    succeed(server, name, ids=4, nodes=2, steps=[{"name": "procure", "job_definition": name}, "process", "egress"])
    assert [len(one["attempts"]) for one in children(server, job_of(server, name, "procure"), 2)] == [2, 2]


def test_a_result_that_is_missing_or_damaged_is_no_success(server):
    define(server, "forgetful", 'worker egress && f="$PAWL_RESULTS/1/results.jsonl" && [ ! -e "$f" ] || echo lost > "$f"')
    ended = server.ended(start(server, "damaged", ids=4, nodes=2, layout="bundle",
                               steps=["procure", "process", {"name": "egress", "job_definition": "forgetful", "job_queue": "pawl-arrays-egress"}]))
    assert ended["error"] == "Arrays.Damaged" and "1/results.jsonl has another checksum" in ended["cause"]


def test_more_steps_than_three(server):
    define(server, "audit", 'cd "$PAWL_RUN_DIRECTORY/$((PAWL_FIRST_NODE + ${AWS_BATCH_JOB_ARRAY_INDEX:-0}))" && '
                            "sha256sum -c results.sha256 > audited")
    succeed(server, "four", ids=12, nodes=4, keep=True,
            steps=["procure", "process", {"name": "audit", "job_definition": "audit", "job_queue": "pawl-arrays"}, "egress"])
    assert len(shown(server, "four")["jobs"]) == 4
    assert len(list((volume(server) / "four").glob("*/audited"))) == 4


def test_what_no_step_brings_into_the_bucket_stays_on_the_volume(server):
    refused = server.pawl("arrays", "run", "--ids", 4, "--nodes", 2, "--steps", "procure,process", "--name", "unpublished")
    assert refused.returncode == 2 and "no step is called egress" in refused.stderr and "--no-check" in refused.stderr, refused
    assert not (volume(server) / "unpublished").exists()
    done = server.pawl("arrays", "run", "--ids", 4, "--nodes", 2, "--steps", "procure,process", "--no-check", "--name", "left")
    assert done.returncode == 0 and str(volume(server) / "left") in done.stdout and "bucket" not in done.stdout, done
    assert len(list((volume(server) / "left").glob("*/results/*.json"))) == 4
    assert str(volume(server) / "left") in server.pawl("arrays", "show", "left").stdout
    unchecked = server.pawl("arrays", "run", "--ids", 1, "--no-check", "--name", "unchecked")
    assert "1 id of 1 node went through their steps; bucket arrays was not checked" in unchecked.stdout, unchecked
    assert not (volume(server) / "unchecked").exists()


def test_every_step_may_be_repeated(server):
    succeed(server, "repeated", ids=10, nodes=2, keep=True, layout="bundle")
    before = {path: path.read_bytes() for path in bucket(server, "repeated").rglob("*") if path.is_file()}
    environment = {"PAWL_RUN_DIRECTORY": str(volume(server) / "repeated"), "PAWL_SEED": "repeated",
                   "PAWL_RESULTS": str(bucket(server, "repeated")), "AWS_BATCH_JOB_ARRAY_INDEX": "1"}
    for step in ("procure", "procure", "process", "egress", "egress"):
        subprocess.run([WORKER, step], env=environment, check=True)
    assert before == {path: path.read_bytes() for path in bucket(server, "repeated").rglob("*") if path.is_file()}
    assert server.invoke("pawl-arrays-check", {"run": "repeated"})["ids"] == 10
    for _ in range(2):
        server.invoke("pawl-arrays-cleanup", {"run": "repeated"})
    assert not (volume(server) / "repeated").exists()


def test_a_shared_queue_loses_the_overlap_and_separate_ones_have_it(server):
    try:
        assert server.pawl("arrays", "init", "--vcpus", 1).returncode == 0
        began = {}
        for run, members in (("shared", {"queue": "pawl-arrays"}), ("separate", {})):
            gate = server.directory / f"gate-{run}"
            steps = [gated(server, f"{run}-procure", gate, 0, "procure"), "process", "egress"]
            arn = start(server, run, ids=20, nodes=20, steps=steps, **members)
            job_of(server, run, "egress")  # all are submitted before the first node ends
            gate.touch()
            assert server.ended(arn)["status"] == "SUCCEEDED"
            began[run] = {step: sorted(one["startedAt"] for one in children(server, job_of(server, run, step), 20))
                          for step in ("procure", "process", "egress")}
        assert began["shared"]["procure"][-1] <= began["shared"]["process"][0]
        assert began["separate"]["egress"][0] < began["separate"]["procure"][-1]
    finally:
        server.pawl("arrays", "init", "--vcpus", 4)


def test_a_killed_server_goes_on_where_it_was():
    with array_server() as server:
        assert server.pawl("arrays", "init", "--vcpus", 2).returncode == 0
        gate = server.directory / "gate"
        slow = gated(server, "slow-process", gate, 5, "process")
        arn = start(server, "killed", ids=60, nodes=20, steps=["procure", slow, "egress"])
        last = job_of(server, "killed", "egress")
        eventually(lambda: any(one["status"] == "SUCCEEDED" for one in children(server, last, 20)), "some nodes are through")
        server.kill()
        server.start()
        gate.touch()
        ended = server.ended(arn)
        assert ended["status"] == "SUCCEEDED", ended
        assert server.invoke("pawl-arrays-verify", {"run": "killed"})["ids"] == 60
        for step in ("procure", "process", "egress"):
            attempts = [len(one["attempts"]) for one in children(server, job_of(server, "killed", step), 20)]
            assert attempts == [1] * 20, (step, attempts)


def test_set_up_twice_changes_nothing(server):
    for words in (["--vcpus", 4], []):
        rows = json.loads(server.pawl("arrays", "init", *words, "--json").stdout)
        assert {row["change"] for row in rows} == {"unchanged"} and len(rows) == 8


def test_a_run_without_set_up_says_what_to_do():
    with array_server() as server:
        refused = server.pawl("arrays", "run", "--ids", 1)
        assert refused.returncode == 1 and "no bucket arrays" in refused.stderr and "pawl arrays init" in refused.stderr
        server.invoke("pawl-arrays-site", {"make_bucket": True})
        refused = server.pawl("arrays", "run", "--ids", 1)
        assert "missing: job queue pawl-arrays-procure" in refused.stderr and "pawl arrays init" in refused.stderr


def test_the_worker_has_classes_of_exit_statuses(tmp_path):
    def worker(*words, **environment):
        return subprocess.run([WORKER, *words], env={**environment}, capture_output=True, text=True)

    assert worker("--help").returncode == 0 and "exit status" in worker("egress", "--help").stdout
    for words in ([], ["purchase"], ["procure"], ["procure", "--run"], ["procure", "--run", "x", "--index", "-1"],
                  ["egress", "--run", "x"], ["process", "--run", "x", "--layuot", "files"]):
        assert worker(*words).returncode == 64, words
    assert worker("process", "--run", str(tmp_path)).returncode == 75  # not there yet
    (tmp_path / "0" / "prep").mkdir(parents=True)
    (tmp_path / "0" / "prep" / "data.csv").write_text("a\nb")
    assert worker("procure", "--run", str(tmp_path), "--seed", "s").returncode == 65  # torn
    (tmp_path / "0" / "prep" / "data.csv").write_text("a\nb\n")
    assert worker("procure", PAWL_RUN_DIRECTORY=str(tmp_path), PAWL_SEED="s").returncode == 0
    os.truncate(tmp_path / "0" / "data.jsonl", 10)
    damaged = worker("process", "--run", str(tmp_path))
    assert damaged.returncode == 65 and "has another checksum" in damaged.stderr


def test_a_worker_cannot_reach_the_files_of_another_run(tmp_path):
    if ctypes.CDLL(None).syscall(444, None, 0, 1) < 1:
        pytest.skip("missing: Landlock in this kernel")
    for run in ("one", "other"):
        (tmp_path / run / "0" / "prep").mkdir(parents=True)
    ids = tmp_path / "one" / "0" / "prep" / "data.csv"
    ids.write_text("a\n")
    (tmp_path / "other" / "0" / "prep" / "data.csv").symlink_to(ids)
    refused = subprocess.run([WORKER, "procure", "--run", tmp_path / "other", "--seed", "s"], capture_output=True, text=True)
    assert refused.returncode == 75 and "Permission denied" in refused.stderr


def test_a_name_that_was_used_is_refused_with_what_to_do(server):
    assert "1 id of 1 node is in bucket arrays: 1 object" in server.pawl("arrays", "run", "--ids", "1", "--name", "used").stdout
    assert "verified: 1 id, 500 points, 1 node in bucket" in server.pawl("arrays", "verify", "used").stdout
    again = server.pawl("arrays", "run", "--ids", "2", "--name", "used")
    assert again.returncode == 5 and "give another with --name" in again.stderr, again


def test_a_run_that_is_not_there_is_not_found(server):
    assert server.pawl("arrays", "show", "no-such").returncode == 3
    assert server.pawl("arrays", "verify", "no-such").returncode == 3
    with pytest.raises(ServiceError, match="no run"):
        server.invoke("pawl-arrays-check", {"run": "no-such"})


def rows_of(server, *words):
    done = server.pawl("arrays", *words, "--json")
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def of_kind(rows, kind):
    return {row["name"]: row for row in rows if row["kind"] == kind}


def hold(server, run):
    """A run whose first node waits until the gate that is returned is there."""
    gate = server.directory / f"gate-{run}"
    start(server, run, ids=4, nodes=2, steps=[gated(server, f"{run}-procure", gate, 0, "procure"), "process", "egress"])
    job_of(server, run, "egress")
    return gate


def test_what_was_set_up_is_taken_down_and_files_stay():
    with array_server() as server:
        assert server.pawl("arrays", "init", "--vcpus", 2).returncode == 0
        succeed(server, "ended", ids=4, nodes=2, keep=True)
        for name, machine in (("nightly", "arrays"), ("other", "restore")):
            assert server.pawl("schedule", "create", name, "--at", "2099-01-01T00:00:00", "--machine", machine).returncode == 0
        order = [{"order": 1, "computeEnvironment": "pawl-arrays"}]
        batch(server, "CreateJobQueue", jobQueueName="audit", priority=1, computeEnvironmentOrder=order)
        refused = server.pawl("arrays", "remove", "--yes")
        assert refused.returncode == 5 and "array runs: audit" in refused.stderr
        batch(server, "UpdateJobQueue", jobQueue="audit", state="DISABLED")
        batch(server, "DeleteJobQueue", jobQueue="audit")
        assert server.pawl("arrays", "remove").returncode == 4  # nobody can be asked
        assert len(rows_of(server, "init")) == 8

        rows = rows_of(server, "remove", "--yes")
        assert [row["kind"] for row in rows if row["change"] == "removed"] == ["queue"] * 4 + ["environment"] + ["definition"] * 3
        assert list(of_kind(rows, "schedule")) == ["nightly"]
        for kind, place in (("volume", volume(server)), ("bucket", bucket(server, "")), ("logs", server.directory / "data/jobs/logs")):
            row = of_kind(rows, kind)[str(place)]
            assert row["change"] == "kept" and row["removed_by"] == "pawl arrays purge"
            assert place.exists() and (kind == "logs" or row["runs"] == 1 and row["bytes"] > 1000)
        assert batch(server, "DescribeJobQueues")["jobQueues"] == []
        assert batch(server, "DescribeComputeEnvironments")["computeEnvironments"] == []
        assert batch(server, "DescribeJobDefinitions", status="ACTIVE")["jobDefinitions"] == []

        assert all(row["change"] != "removed" for row in rows_of(server, "remove", "--yes"))
        assert {row["change"] for row in rows_of(server, "init")} == {"created"}
        succeed(server, "again", ids=4, nodes=2)


def test_a_removal_that_was_interrupted_is_finished_or_taken_back():
    with array_server() as server:
        assert server.pawl("arrays", "init", "--vcpus", 2).returncode == 0
        for queue in ("pawl-arrays", "pawl-arrays-procure"):
            batch(server, "UpdateJobQueue", jobQueue=queue, state="DISABLED")
        batch(server, "DeleteJobQueue", jobQueue="pawl-arrays")
        batch(server, "UpdateComputeEnvironment", computeEnvironment="pawl-arrays", state="DISABLED")
        changes = {(row["kind"], row["name"]): row["change"] for row in rows_of(server, "init")}
        assert changes["queue", "pawl-arrays"] == "created"
        assert changes["queue", "pawl-arrays-procure"] == changes["environment", "pawl-arrays"] == "changed"
        succeed(server, "taken-back", ids=4, nodes=2)

        batch(server, "UpdateJobQueue", jobQueue="pawl-arrays", state="DISABLED")
        batch(server, "DeleteJobQueue", jobQueue="pawl-arrays")
        removed = [row["name"] for row in rows_of(server, "remove", "--yes") if row["change"] == "removed"]
        assert "pawl-arrays-egress" in removed and len(removed) == 7
        assert batch(server, "DescribeComputeEnvironments")["computeEnvironments"] == []


def test_nothing_is_removed_while_runs_are_open():
    with array_server() as server:
        assert server.pawl("arrays", "init", "--vcpus", 2).returncode == 0
        succeed(server, "done", ids=4, nodes=2, keep=True)
        gate = hold(server, "open")
        refused = server.pawl("arrays", "remove", "--yes")
        assert refused.returncode == 5 and "run open, " in refused.stderr
        assert f"job open-egress ({job_of(server, 'open', 'egress')})" in refused.stderr
        assert "pawl batch terminate" in refused.stderr
        assert len(batch(server, "DescribeJobQueues")["jobQueues"]) == 4

        purged = {row["run"]: row for row in rows_of(server, "purge", "--yes")}
        assert purged == {"done": purged["done"]} and purged["done"]["change"] == "removed"
        assert sorted(path.name for path in volume(server).iterdir()) == ["open"]
        kept = server.pawl("arrays", "purge", "--yes")
        assert kept.returncode == 0 and "kept: its execution is RUNNING" in kept.stdout

        # Its jobs go on where the execution was stopped.
        assert server.pawl("execution", "stop", "arrays/open").returncode == 0
        refused = server.pawl("arrays", "remove", "--yes")
        assert refused.returncode == 5 and "run open" not in refused.stderr and "job open-egress" in refused.stderr
        assert "has not ended" in server.pawl("arrays", "purge", "--yes").stdout
        assert (volume(server) / "open" / "run.json").exists()
        gate.touch()
        last = job_of(server, "open", "egress")
        eventually(lambda: batch(server, "DescribeJobs", jobs=[last])["jobs"][0]["status"] == "SUCCEEDED", "its jobs end")
        assert server.pawl("arrays", "remove", "--yes").returncode == 0
        assert [row["change"] for row in rows_of(server, "purge", "--yes")] == ["removed"]


def test_ended_runs_are_purged_of_files_results_and_logs():
    with array_server() as server:
        assert server.pawl("arrays", "init", "--vcpus", 2).returncode == 0
        define(server, "loud", "echo said; exec worker procure")
        define(server, "never", "echo not; exit 65", retryStrategy={"attempts": 1})
        loud = {"name": "procure", "job_definition": "loud"}
        succeed(server, "loud", ids=4, nodes=2, steps=[loud, "process", "egress"])
        server.ended(start(server, "failed", ids=4, nodes=2, check=False, steps=[{"name": "procure", "job_definition": "never"}]))
        strange = [volume(server) / "list.csv", bucket(server, "mine") / "0" / "x", bucket(server, "loud") / "mine"]
        for path in strange:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("mine")
        logs = [server.directory / "data/jobs/logs" / job_of(server, run, "procure") for run in ("loud", "failed")]
        assert all(path.exists() for path in logs)

        assert server.pawl("arrays", "purge").returncode == 4
        assert all(path.exists() for path in logs)
        purged = {row["run"]: row for row in rows_of(server, "purge", "--yes")}
        assert [row["change"] for row in purged.values()] == ["removed"] * 2
        assert purged["loud"]["results_bytes"] > 1000 and purged["failed"]["volume_bytes"] > 100
        assert purged["loud"]["log_bytes"] == 2 * len("said\n")
        assert [path for path in logs if path.exists()] == [] and all(path.exists() for path in strange)
        assert sorted(path.name for path in volume(server).iterdir()) == ["list.csv"]
        assert sorted(path.name for path in bucket(server, "").iterdir()) == ["loud", "mine"]
        assert [path.name for path in bucket(server, "loud").iterdir()] == ["mine"]
        assert rows_of(server, "purge") == []


def test_all_that_is_missing_is_named_before_anything_is_made():
    with array_server() as server:
        (server.directory / "data" / "volume").write_text("in the way")
        (server.directory / "data" / "buckets").write_text("in the way")
        refused = server.pawl("arrays", "init", "--executor", "slurm")
        assert refused.returncode == 5
        for what in ("volume: ", "the bucket arrays", "no table [slurm]"):
            assert what in refused.stderr, refused.stderr
        assert batch(server, "DescribeComputeEnvironments")["computeEnvironments"] == []
        for name in ("volume", "buckets"):
            (server.directory / "data" / name).unlink()
        assert server.pawl("arrays", "init").returncode == 0
        refused = server.pawl("arrays", "init", "--executor", "slurm")
        assert "no table [slurm]" in refused.stderr and "has the executor local" in refused.stderr


def test_rules_of_safety_refuse_until_mended_or_accepted():
    with array_server('"bucket-open-to-others" = "shared by the laboratory"') as server:
        for place in (volume(server), bucket(server, "")):
            place.mkdir(parents=True)
            place.chmod(0o777)
        refused = server.pawl("arrays", "init")
        assert refused.returncode == 4 and f"chmod o-w {volume(server)}" in refused.stderr
        assert "volume-open-to-others: " in refused.stderr and "bucket-open-to-others" not in refused.stderr
        assert batch(server, "DescribeComputeEnvironments")["computeEnvironments"] == []
        volume(server).chmod(0o755)
        row = of_kind(rows_of(server, "init"), "rule")["bucket-open-to-others"]
        assert row["change"] == "accepted" and row["reason"] == "shared by the laboratory"
        assert "(shared by the laboratory)" in server.pawl("arrays", "init").stderr
        assert 'rule=bucket-open-to-others' in server.log.read_text()
