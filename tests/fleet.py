"""Real PostgreSQL clusters and a configuration around them, for the tests of restores."""
import contextlib
import os
import pathlib
import pwd
import random
import socket
import subprocess

from harness import Server, short_directory

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
ACCOUNT = "postgres" if os.getuid() == 0 else ""
SECRETS = """
[default]
app = { username = "app", password = "app password" }
readonly = { username = "readonly", password = "readonly password" }

[odd-db]
app = { username = "O'Neil \\"the app\\"", password = "it's a \\"pass word\\"; -- \\\\ é" }
readonly = { username = "reader; DROP TABLE x", password = "%s $1 'q'" }
"""


def as_account(arguments):
    """PostgreSQL refuses to run as root, so the tests run it as the package's account."""
    if not ACCOUNT:
        return [str(a) for a in arguments]
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", *map(str, arguments)]


def run(arguments, **options):
    result = subprocess.run(as_account(arguments), capture_output=True, text=True, cwd="/tmp", **options)
    assert result.returncode == 0, f"{arguments}: {result.stderr}{result.stdout}"
    return result.stdout


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """A source: one PostgreSQL server with its data directory and a socket of its own."""

    def __init__(self, directory, name, port):
        self.name, self.port = name, port
        self.directory = pathlib.Path(directory) / name
        self.data, self.socket = self.directory / "data", self.directory / "s"

    def create(self, *initdb_options):
        self.directory.mkdir(parents=True)
        self.socket.mkdir()
        if ACCOUNT:
            owner = pwd.getpwnam(ACCOUNT)
            for path in (self.directory, self.socket):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        run([BIN / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", "--data-checksums",
             *initdb_options])
        (self.data / "postgresql.conf").open("a").write(
            f"port={self.port}\nunix_socket_directories='{self.socket}'\nlisten_addresses=''\n"
            "wal_level=replica\nmax_wal_senders=4\nfsync=off\nshared_buffers=32MB\n")
        self.start()
        return self

    def start(self):
        run([BIN / "pg_ctl", "-D", self.data, "-w", "-l", self.directory / "log", "start"])

    def stop(self):
        subprocess.run(as_account([BIN / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"]), capture_output=True,
                       cwd="/tmp")

    def sql(self, text, database="postgres"):
        return psql(self.socket, self.port, text, database)


def psql(host, port, text, database="postgres", user="postgres", password=None, check=True):
    environment = {**os.environ, "PGCONNECT_TIMEOUT": "10"}
    if password is not None:
        environment["PGPASSWORD"] = password
    # As the owner of the sockets: an administrator comes in by peer through a directory of mode 0700.
    command = [BIN / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(host), "-p", str(port), "-U", user, "-d", database]
    result = subprocess.run(as_account(command), input=text, capture_output=True, text=True, env=environment, cwd="/tmp")
    if check:
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()
    return result


def fill(cluster, rows=2000):
    cluster.sql(f"""
        CREATE SCHEMA sales; CREATE SCHEMA stock;
        CREATE TABLE sales.customer (id int PRIMARY KEY, name text NOT NULL, joined date);
        INSERT INTO sales.customer SELECT i, 'customer ' || i, date '2020-01-01' + i % 1000 FROM generate_series(1, {rows}) i;
        CREATE TABLE sales.invoice (id int PRIMARY KEY, customer int REFERENCES sales.customer, amount numeric(10,2));
        INSERT INTO sales.invoice SELECT i, 1 + i % {rows}, i * 1.25 FROM generate_series(1, {rows}) i;
        CREATE TABLE stock.item (id int PRIMARY KEY, label text, payload text);
        INSERT INTO stock.item SELECT i, 'item ' || i, repeat(md5(i::text), 20) FROM generate_series(1, {rows}) i;
    """)


def contents(host, port, **options):
    """Everything in the tables of `fill`, as one checksum a table."""
    return psql(host, port, """
        SELECT 'customer', count(*), md5(string_agg(c::text, ',' ORDER BY id)) FROM sales.customer c;
        SELECT 'invoice', count(*), md5(string_agg(c::text, ',' ORDER BY id)) FROM sales.invoice c;
        SELECT 'item', count(*), md5(string_agg(c::text, ',' ORDER BY id)) FROM stock.item c;
    """, **options)


class Fleet:
    """Source clusters in us-east-1, a second region us-west-2, and a server that knows them."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.clusters, self.ports = {}, free_ports(40)
        self.east, self.west = self.directory / "east", self.directory / "west"
        self.config, self.secrets = self.directory / "pawl.toml", self.directory / "secrets.toml"
        self.notifications = self.directory / "notifications.jsonl"
        self.space_limit, self.extra = {}, ""
        self.server = None

    def add(self, name, rows=2000):
        cluster = Cluster(self.directory / "src", name, self.ports.pop()).create()
        fill(cluster, rows)
        self.clusters[name] = cluster
        return cluster

    def configure(self):
        self.secrets.write_text(SECRETS)
        self.secrets.chmod(0o600)
        # Each fleet has ports of its own: several of them run at once.
        low = random.randrange(10000, 31000, 400)
        text = f'account = "000000000000"\nregion = "us-east-1"\n'
        for name, directory in (("us-east-1", self.east), ("us-west-2", self.west)):
            text += f'\n[regions.{name}]\ndirectory = "{directory}"\nports = "{low}-{low + 199}"\n'
            low += 200
            if name in self.space_limit:
                text += f'space_limit = "{self.space_limit[name]}"\n'
        for name, cluster in self.clusters.items():
            text += (f'\n[clusters.{name}]\nregion = "us-east-1"\nhost = "{cluster.socket}"\nport = {cluster.port}\n'
                     f'user = "postgres"\ndatabase = "postgres"\ndata_directory = "{cluster.data}"\n')
        text += (f'\n[postgres]\ndirectory = "{BIN}"\naccount = "postgres"\nparameters = {{ shared_buffers = "32MB" }}\n'
                 f'\n[restore]\nsecrets = "{self.secrets}"\n\n[notification]\nfile = "{self.notifications}"\n{self.extra}\n')
        self.config.write_text(text)

    def start(self, environment=None):
        if self.server is None:
            self.configure()
            for region in (self.east, self.west):
                region.mkdir(exist_ok=True)
            self.server = Server(self.directory, self.config)
        return self.server.start(environment)

    def snapshot(self, name, date=None):
        event = {"cluster_name": name, **({"snapshot_date": date} if date else {})}
        return self.server.invoke("pawl-snapshot-take", event)["snapshot"]

    def restore(self, name, execution=None, **members):
        value = {"cluster_name": name, "snapshot_date": "latest", "target_region": "us-west-2", **members}
        return self.server.start_execution("restore", value, execution)

    def report(self, operation_id):
        return self.server.invoke("pawl-restore-report", {"operation_id": operation_id})["operations"][0]

    def endpoint_socket(self, name):
        return self.west / "clusters" / name / "current" / "socket"

    def instance(self, name):
        return (self.west / "clusters" / name / "current").resolve()

    def stop(self):
        if self.server and self.server.process.poll() is None:
            self.server.kill()
        for cluster in self.clusters.values():
            cluster.stop()
        for pid_file in self.directory.glob("*/instances/*/data/postmaster.pid"):
            subprocess.run(as_account([BIN / "pg_ctl", "-D", pid_file.parent, "-m", "immediate", "stop"]),
                           capture_output=True, cwd="/tmp")
        for lock in self.directory.glob("*/clusters/*/endpoint.lock"):
            with contextlib.suppress(ValueError, ProcessLookupError):
                os.kill(int(lock.read_text().split()[0]), 9)


@contextlib.contextmanager
def fleet(*names, rows=2000):
    with short_directory() as directory:
        one = Fleet(directory)
        try:
            for name in names:
                one.add(name, rows)
            yield one
        finally:
            one.stop()
