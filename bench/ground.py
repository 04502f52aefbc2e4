"""What every measurement stands on: child processes that end with us, a directory that is removed, and the clock."""
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAWL = ROOT / "build/release/pawl"
RESTORE = ROOT / "build/release/pawl_bench_restore"
POSTGRES = os.environ.get("PAWL_POSTGRES_BIN", "/usr/lib/postgresql/15/bin")
IS_ROOT = os.geteuid() == 0
# PostgreSQL refuses root, so there it runs as the account that its package makes.
ACCOUNT = "postgres" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PAWL_"))}


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Failure(Exception):
    """What the user is told in one line."""


class Children:
    """The processes that run for us now; once interrupted, none is started any more."""

    def __init__(self):
        self.lock, self.running, self.is_interrupted = threading.Lock(), set(), False

    def start(self, words, **options):
        with self.lock:
            if self.is_interrupted:
                raise Failure("interrupted")
            child = subprocess.Popen([str(word) for word in words], text=True, env=ENVIRONMENT, **options)
            self.running.add(child)
        return child

    def finish(self, child, seconds=None):
        """Its output, error output and exit status."""
        try:
            out, errors = child.communicate(timeout=seconds)
        finally:
            with self.lock:
                self.running.discard(child)
        return out, errors, child.returncode

    def interrupt(self):
        # Without the lock: a signal's handler may have stopped its own thread while that held it.
        self.is_interrupted = True
        for child in list(self.running):
            child.terminate()


CHILDREN = Children()


def run(*words, **options):
    child = CHILDREN.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **options)
    out, errors, status = CHILDREN.finish(child)
    if status != 0:
        told = (errors.strip() or out.strip() or "no word of why").splitlines()[-5:]
        raise Failure(f"{Path(str(words[0])).name} ended with {status}: " + "\n  ".join(told))
    return out


def as_account(*words):
    """As the account of PostgreSQL. Not through a pipe: a server that is started would keep it open."""
    change = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", "--"] if IS_ROOT else []
    return run(*change, *words, cwd="/")


def own(path):
    """The directory, made where absent, which PostgreSQL's account may write."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)
    if IS_ROOT:
        shutil.chown(path, ACCOUNT, ACCOUNT)
    return path


def timed(work):
    """Seconds and result of the work, begun when nothing waits to be written."""
    os.sync()
    began = time.monotonic()
    result = work()
    return time.monotonic() - began, result


def is_alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(processes, first=signal.SIGTERM):
    """Ends the processes by their ids; those that do not within ten seconds are killed."""
    for sent, seconds in ((first, 10), (signal.SIGKILL, 5)):
        for process in processes:
            try:
                os.kill(process, sent)
            except OSError:
                pass
        until = time.monotonic() + seconds
        while any(map(is_alive, processes)) and time.monotonic() < until:
            time.sleep(0.02)
        processes = [process for process in processes if is_alive(process)]


class Ground:
    """A directory for the whole run. What still runs and names it is ended with it, and it is removed."""

    def __init__(self, parent):
        self.path = Path(tempfile.mkdtemp(prefix="pwb-", dir=parent))
        own(self.path)

    def __enter__(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.interrupted)
        return self.path

    def interrupted(self, number, _frame):
        CHILDREN.interrupt()
        sys.exit(128 + number)

    def __exit__(self, *_):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        CHILDREN.interrupt()
        servers = []
        for file in self.path.glob("**/postmaster.pid"):
            try:
                servers.append(int(file.read_text().split()[0]))
            except (OSError, ValueError, IndexError):
                pass
        end([server for server in servers if self.is_named_by(server)], signal.SIGQUIT)
        end(self.processes())
        shutil.rmtree(self.path, ignore_errors=True)
        if self.path.exists():
            say(f"could not remove {self.path}")

    def is_named_by(self, process):
        try:
            return str(self.path).encode() in Path(f"/proc/{process}/cmdline").read_bytes()
        except OSError:
            return False

    def processes(self):
        found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [process for process in found if process != os.getpid() and self.is_named_by(process)]


def require_space(parent, gigabytes):
    free = shutil.disk_usage(parent).free / 1e9
    if free < gigabytes:
        raise Failure(f"{parent} has {free:.1f} GB free and this run needs about {gigabytes:.0f} GB; "
                      "choose another place with --directory, or fewer megabytes with --size-mb")


def build(*targets):
    say("building " + ", ".join(targets))
    run(ROOT / "script/build", *targets, cwd=ROOT)
