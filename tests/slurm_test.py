"""Array jobs of the real program on a real Slurm of one node."""
import pathlib
import subprocess

import jobs_test
import pytest
from harness import PROGRAM, eventually, running_server
from jobs_test import ask, ended, job

SIZE = 6


@pytest.fixture(scope="module")
def cluster():
    """The path of a running cluster's slurm.conf."""
    program = pathlib.Path(PROGRAM).parent / "tests" / "slurm_cluster"
    if not program.exists():
        pytest.skip("slurm_cluster is missing: build all")
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline().strip()
    if not line.startswith("/"):
        pytest.skip(line)
    yield pathlib.Path(line)
    process.stdin.close()
    process.wait(60)


@pytest.fixture
def server(cluster, tmp_path):
    config = tmp_path / "pawl.toml"
    config.write_text(f'[slurm]\nconfiguration = "{cluster}"\npoll_interval = "1s"\n')
    with running_server(config) as running:
        yield running


def set_up(server):
    resources = {"type": "EC2", "minvCpus": 0, "maxvCpus": 64, "instanceTypes": ["optimal"], "subnets": ["s"]}
    tags = {"pawl:executor": "slurm"}
    ask(server, "createcomputeenvironment", computeEnvironmentName="e", type="MANAGED", computeResources=resources, tags=tags)
    order = [{"order": 1, "computeEnvironment": "e"}]
    ask(server, "createjobqueue", jobQueueName="q", state="ENABLED", priority=1, computeEnvironmentOrder=order)


def define(server, name, script, **members):
    jobs_test.define(server, name, f"cd {server.directory}; i=$AWS_BATCH_JOB_ARRAY_INDEX; {script}", **members)


def submit(server, definition, **members):
    return jobs_test.submit(server, definition, arrayProperties={"size": SIZE}, **members)


def test_a_child_follows_its_own_predecessor_over_a_retry_and_a_kill_of_the_server(server):
    set_up(server)
    # Child 2 fails at first and succeeds at its second attempt, while the others are long in the second job.
    define(
        server,
        "one",
        "mktemp one-$i-XXXXXX; until test -e go; do sleep 0.1; done; test $i != 2 -o $AWS_BATCH_JOB_ATTEMPT = 2 && touch done-$i",
        retryStrategy={"attempts": 2},
    )
    define(server, "two", "mktemp two-$i-XXXXXX; test -e done-$i")
    first = submit(server, "one")
    second = submit(server, "two", dependsOn=[{"jobId": first, "type": "N_TO_N"}])
    eventually(lambda: len(list(server.directory.glob("one-*"))) == SIZE, "all children of the first job run")
    server.kill()
    (server.directory / "go").touch()
    server.start()
    assert ended(server, first)["status"] == "SUCCEEDED"
    assert ended(server, second)["status"] == "SUCCEEDED"
    ran = sorted(path.name[:5] for path in server.directory.glob("*-*-*"))
    assert ran == sorted([f"one-{i}" for i in range(SIZE)] + ["one-2"] + [f"two-{i}" for i in range(SIZE)])


def test_a_failed_child_fails_its_own_dependant_only(server):
    set_up(server)
    define(server, "one", "test $i != 4")
    define(server, "two", "touch two-$i")
    first = submit(server, "one")
    second = submit(server, "two", dependsOn=[{"jobId": first, "type": "N_TO_N"}])
    summary = ended(server, second)["arrayProperties"]["statusSummary"]
    assert (summary["SUCCEEDED"], summary["FAILED"]) == (SIZE - 1, 1)
    failed = job(server, f"{second}:4")
    assert failed["status"] == "FAILED" and "Dependent" in failed["statusReason"]
    assert not (server.directory / "two-4").exists()


def test_what_is_terminated_leaves_the_cluster(server, cluster):
    set_up(server)
    define(server, "one", "touch one-$i; exec sleep 600")
    first = submit(server, "one")
    eventually(lambda: len(list(server.directory.glob("one-*"))) == SIZE, "all children run")
    ask(server, "terminatejob", jobId=first, reason="enough")
    assert ended(server, first)["status"] == "FAILED"
    queue = ["env", f"SLURM_CONF={cluster}", "squeue", "--noheader"]
    eventually(lambda: subprocess.run(queue, capture_output=True, check=True).stdout == b"", "the queue is empty")
