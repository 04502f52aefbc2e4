"""The cluster that is copied and restored."""
import json

from ground import POSTGRES, RESTORE, as_account, own, run, say

ROW_BYTES = 135  # of an account with its index: how much a row adds to the files


class Source:
    """A running cluster of about that many megabytes, reachable through its socket only."""

    def __init__(self, directory, name, megabytes):
        say(f"making the database {name} of {megabytes} MB")
        self.name, self.directory = name, own(directory / name)
        self.data, self.socket = self.directory / "data", self.directory
        as_account(f"{POSTGRES}/initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--data-checksums", "--no-sync",
                   "--locale=C.UTF-8", "-E", "UTF8")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self.socket}'\nmax_wal_size = '2GB'\n"
                       "fsync = off\narchive_mode = on\narchive_command = '/bin/true'\n")
        as_account(f"{POSTGRES}/pg_ctl", "-w", "-s", "-D", self.data, "-l", self.directory / "log", "start")
        self.execute("CREATE TABLE accounts (id bigint PRIMARY KEY, branch int, balance int, filler text)")
        rows = int(megabytes * 1_000_000 / ROW_BYTES)
        self.execute("INSERT INTO accounts SELECT n, n % 100, n % 7919, md5(n::text) || md5((n + 1)::text) "
                     f"FROM generate_series(1, {rows}) n")
        self.execute("VACUUM ANALYZE accounts")
        self.execute("CHECKPOINT")

    def execute(self, sql):
        return run(f"{POSTGRES}/psql", "-h", self.socket, "-U", "postgres", "-AtXqc", sql, "postgres")

    def set_archiving(self, command):
        self.execute(f"ALTER SYSTEM SET archive_command = '{command}'")
        self.execute("SELECT pg_reload_conf()")

    def snapshot(self, region):
        """Takes one into the region's directory; the data below it."""
        json.loads(run(RESTORE, "snapshot", region, self.socket, 5432, self.name, self.data))
        return next((region / "snapshots" / self.name).glob("????-??-??")) / "data"

    def stop(self):
        as_account(f"{POSTGRES}/pg_ctl", "-s", "-D", self.data, "-m", "immediate", "stop")
