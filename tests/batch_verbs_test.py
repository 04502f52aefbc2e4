"""What `pawl batch` and `pawl queue` say to who asks for what cannot be."""
import json

import pytest
from harness import eventually, running_server


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        assert running.pawl("queue", "create", "q", "--vcpus", "2").returncode == 0
        done = running.pawl("batch", "submit", "array", "--array", "4", "--watch", "--", "true")
        assert done.returncode == 0, done.stderr
        yield running


@pytest.mark.parametrize("arguments, code, words", [
    (["batch", "watch", "array:1"], 2, "array:1 names a child, where an array is meant"),
    (["batch", "list", "--array", "array:1"], 2, "array:1 names a child, where an array is meant"),
    (["batch", "watch", "00000000-0000-4000-8000-000000000000"], 3, "job 00000000-0000-4000-8000-000000000000 does not exist"),
    (["batch", "why", "array:77"], 3, "pawl: Job "),
    (["batch", "show", "array:77"], 3, "shows the children of an array"),
    (["batch", "submit", "a b", "--", "true"], 2, 'NAME is 1 to 128 letters, digits, - and _, and begins with a letter or a digit; not "a b"'),
    (["queue", "create", "a b", "--vcpus", "1"], 2, "NAME is 1 to 128 letters"),
    (["batch", "submit", "x", "--time-limit", "0s", "--", "true"], 2, "--time-limit is one second at least"),
    (["batch", "submit", "x", "--", ""], 2, "the COMMAND begins with an empty word"),
    (["batch", "submit", "x", "--queue", "none", "--", "true"], 3, "`pawl queue list` shows what there is"),
    (["batch", "submit", "x", "--after-each", "array", "--", "true"], 2, "this one is no array"),
    (["batch", "submit", "x", "--definition", "none"], 3, "describe-job-definitions --status ACTIVE` shows what there is"),
    (["batch", "submit", "x", "--after-each", "array", "--array", "5", "--", "true"], 2, "an N_TO_N dependency needs arrays of the same size"),
    (["queue", "delete", "q"], 2, "and then `aws batch delete-job-queue --job-queue q`"),
    (["arrays", "show", "nobody"], 3, "array run nobody does not exist"),
    (["arrays", "run", "--per-node", "5", "--nodes", "2"], 2, "--per-node and --nodes say the same"),
    (["arrays", "run", "--ids", "-1"], 2, "--ids is a number, @FILE or volume:FILE, not -1"),
    (["arrays", "run", "--steps", "procure,,egress"], 2, "a step of --steps has no name"),
    (["arrays", "run", "--ids", "99999999999"], 2, "'ids' must be from 0 to 5000000"),
])
def test_what_cannot_be_is_told_in_the_words_of_who_asks(server, arguments, code, words):
    told = server.pawl(*arguments)
    assert (told.returncode, words in told.stderr) == (code, True), told.stderr


def test_a_job_that_is_refused_leaves_no_definition(server):
    refused = server.pawl("batch", "submit", "leftover", "--sequential", "--", "true")
    assert refused.returncode == 2 and "only an array job can be SEQUENTIAL" in refused.stderr
    taken = server.pawl("batch", "submit", "leftover", "--watch", "--json", "--", "true")
    assert json.loads(taken.stdout)[0]["jobDefinition"].endswith("/leftover:1"), "the refused one had been it"


def test_who_cancels_is_told_what_has_begun(server):
    def runs(job, status):
        return eventually(lambda: server.pawl("batch", "why", job).stdout.find(f"is {status}") > 0, f"{job} is {status}")

    server.pawl("batch", "submit", "long", "--", "sleep", "600")
    runs("long", "RUNNING")
    told = server.pawl("batch", "cancel", "long").stderr
    assert "is RUNNING: what has begun is not cancelled; `pawl batch terminate " in told
    server.pawl("batch", "terminate", "long")
    runs("long", "FAILED")
    server.pawl("batch", "submit", "wide", "--array", "5", "--", "sleep", "600")
    runs("wide:1", "RUNNING")
    told = server.pawl("batch", "cancel", "wide").stderr
    assert "cancelled what waited of" in told and "children that have begun: 2, which go on" in told
    server.pawl("batch", "terminate", "wide")
    runs("wide", "FAILED")


def test_what_failed_for_another_job_sends_one_to_that_job(server):
    def submitted(name, *words):
        return server.pawl("batch", "submit", name, "--array", "4", *words, "--", "sh", "-c", "exit $((AWS_BATCH_JOB_ARRAY_INDEX == 0))").stdout.strip()

    one = submitted("root")
    two = submitted("heir", "--after-each", one)
    for job in (one, two):
        assert server.pawl("batch", "watch", job).returncode == 8
    helps = f"`pawl batch retry {one} --failed` runs what they depend on again, and then them"
    assert helps in server.pawl("batch", "watch", two).stderr
    assert helps in server.pawl("batch", "why", two).stdout
    refused = server.pawl("batch", "retry", two, "--failed")
    assert refused.returncode == 5 and f"`pawl batch retry {one}:0 --failed`" in refused.stderr, refused
    assert server.pawl("batch", "retry", one, "--failed").returncode == 0


def test_logs_say_where_there_are_none_because_nothing_ran(server):
    absent = server.pawl("batch", "submit", "absent", "--watch", "--", "no-such-program")
    assert "cannot run no-such-program: it is not in PATH" in absent.stderr and "pawl batch logs" not in absent.stderr
    told = server.pawl("batch", "logs", "absent")
    assert told.returncode == 5 and "wrote nothing: cannot run no-such-program" in told.stderr, told
    assert server.pawl("batch", "submit", "behind", "--after", "absent", "--watch", "--", "true").returncode == 1
    told = server.pawl("batch", "logs", "behind")
    assert told.returncode == 5 and "has failed without being started: Dependent Job failed" in told.stderr, told
    assert server.pawl("batch", "submit", "silent", "--watch", "--", "true").returncode == 0
    assert server.pawl("batch", "logs", "silent").returncode == 0


def test_who_watches_quietly_is_told_the_id(server):
    quiet = server.pawl("batch", "submit", "quiet", "-q", "--watch", "--", "true")
    assert quiet.returncode == 0
    assert server.pawl("batch", "show", quiet.stdout.strip()).returncode == 0 and len(quiet.stdout.split()) == 1
