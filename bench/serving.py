"""A real server that copies between regions and restores: the most memory that it ever had."""
import json
import random
import shutil
import socket
import subprocess
import time
from pathlib import Path

from ground import CHILDREN, PAWL, POSTGRES, Failure, end, own, run, say


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_range():
    """Twenty ports below those that the kernel hands out by itself."""
    for _ in range(200):
        first = random.randrange(15000, 31000, 20)
        if all(map(is_free, range(first, first + 20))):
            return f"{first}-{first + 19}"
    raise Failure("no twenty free ports in a row")


class Server:
    """`pawl serve` over the directory of a region that has snapshots, and an empty region to restore into."""

    def __init__(self, directory, region, names):
        self.directory = own(directory)
        own(directory / "west")
        clusters = "".join(f'[clusters.{name}]\nregion = "bench"\nhost = "{directory}"\n' for name in names)
        (directory / "pawl.toml").write_text(
            f'region = "bench"\ndata = "store"\n[regions.bench]\ndirectory = "{region}"\n'
            f'[regions.west]\ndirectory = "west"\nports = "{free_range()}"\n'
            f'[postgres]\ndirectory = "{POSTGRES}"\nparameters = {{ shared_buffers = "32MB" }}\n'
            f'[restore]\nsecrets = "secrets.toml"\n[notification]\nfile = "notifications.jsonl"\n{clusters}')
        secrets = directory / "secrets.toml"
        secrets.touch(0o600)
        secrets.write_text('[default]\napp = { username = "app", password = "only for the benchmark" }\n'
                           'readonly = { username = "readonly", password = "only for the benchmark" }\n')
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = open(directory / "pawl.log", "w", encoding="utf-8")
        self.process = CHILDREN.start([PAWL, "serve", "--config", directory / "pawl.toml", "--listen", self.url[7:]],
                                      stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.wait()

    def wait(self):
        for _ in range(300):
            ready = CHILDREN.start(["curl", "-sf", "-o", "/dev/null", self.url + "/readyz"])
            if CHILDREN.finish(ready)[2] == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise Failure("pawl serve is not ready: " + self.last_words())

    def last_words(self):
        return "\n".join((self.directory / "pawl.log").read_text().splitlines()[-8:])

    def restore(self, names):
        """Seconds of the whole pipeline: the copy between the regions, the restore, users, verification."""
        began = time.monotonic()
        run(PAWL, "restore", "run", *names, "--to", "west", "--name", "bench", "--server", self.url, "-o", "json")
        took = time.monotonic() - began
        report = json.loads(run(PAWL, "restore", "report", "bench", "--server", self.url, "-o", "json"))
        (self.directory / "report.json").write_text(json.dumps(report))
        return took

    def peak_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024

    def stop(self):
        self.process.terminate()
        CHILDREN.finish(self.process)
        self.log.close()
        servers = [int(file.read_text().split()[0]) for file in self.directory.glob("west/**/postmaster.pid")]
        end(servers)
        shutil.rmtree(self.directory / "west")


def measure(directory, region, names):
    say("restoring " + ", ".join(names) + " through pawl serve")
    server = Server(directory, region, names)
    idle = server.peak_bytes()
    try:
        seconds = server.restore(names)
    except Failure as failure:
        raise Failure(f"{failure}\n{server.last_words()}") from failure
    result = {"seconds": seconds, "idle_bytes": idle, "peak_bytes": server.peak_bytes()}
    server.stop()
    return result
