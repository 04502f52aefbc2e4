"""pgBackRest, which restores the same databases in the same run."""
import os

from ground import POSTGRES, as_account, own, run, say


class BackRest:
    """A repository of its own with a stanza for each source, and a full backup of each."""

    def __init__(self, directory, sources, options=()):
        self.directory, self.sources = own(directory), sources
        say(f"backing up with pgBackRest into {directory.name}")
        own(directory / "repository")
        lines = ["[global]", f"repo1-path={directory}/repository", f"log-path={directory}", f"lock-path={directory}/lock",
                 f"spool-path={directory}", "start-fast=y", "repo1-retention-full=1",
                 "log-level-console=warn", *options]
        for source in sources:
            lines += [f"[{source.name}]", f"pg1-path={source.data}", f"pg1-socket-path={source.socket}", "pg1-user=postgres"]
        (directory / "pgbackrest.conf").write_text("\n".join(lines) + "\n")
        for source in sources:
            self.call(source, "stanza-create")
            source.set_archiving(f"pgbackrest --config={directory}/pgbackrest.conf --stanza={source.name} archive-push %p")
            self.call(source, "backup", "--type=full", f"--process-max={os.cpu_count()}")

    def call(self, source, verb, *options):
        return as_account("pgbackrest", f"--config={self.directory}/pgbackrest.conf", f"--stanza={source.name}", *options, verb)

    def restore(self, source, place, socket, *options):
        """Until a query is answered. pgBackRest syncs what it writes by itself."""
        own(place).chmod(0o700)
        self.call(source, "restore", f"--pg1-path={place}", *options)
        as_account(f"{POSTGRES}/pg_ctl", "-w", "-s", "-D", place, "-l", f"{place}.log", "-t", "600", "-o",
                   f"-c listen_addresses= -c unix_socket_directories={socket} -c archive_mode=off", "start")
        run(f"{POSTGRES}/psql", "-h", socket, "-U", "postgres", "-AtXqc", "SELECT 1", "postgres")
