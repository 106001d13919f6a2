"""A PostgreSQL server of its own with a copy of one database, and an Odoo that serves it: to be
killed, restored, or filled up."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import paths, process, server
from .backup_server import Instance
from .cluster import Postgres
from .databases import data_folder
from .environment import Environment
from .errors import SetupError

# What is committed is on the disk.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "jit": "off"}


class Playground:
    """A copy of `database`, in `folder`, which goes with it."""

    def __init__(self, env: Environment, database: str, folder: Path):
        self.odoo = env.odoo
        self.database = database
        self.instance = Instance(folder, env.databases.server.programs)
        self.data = folder / "odoo"
        self.port = server.free_port(0)
        self._child: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """Where Odoo answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """The variables of programs that work with the copy."""
        own = {name: self.instance.env[name] for name in ("PGHOST", "PGPORT", "PGUSER")}
        return {**self.odoo.env, **own, "ODOO_RC": str(self.instance.folder / "odoo.conf")}

    def make(self, source: Postgres, settings: Mapping[str, str]) -> None:
        """Make the server with the copy, and start it."""
        self.instance.make({**DURABLE, **settings})
        self.instance.start()
        addons = ",".join(map(str, (*self.odoo.source.addons, *self.odoo.addons)))
        (self.instance.folder / "odoo.conf").write_text(
            f"[options]\naddons_path = {addons}\ndata_dir = {self.data}\n", encoding="utf-8"
        )
        copy_database(source, self.database, self.instance)
        store = data_folder() / "filestore" / self.database
        if store.is_dir():
            shutil.copytree(store, self.data / "filestore" / self.database)

    def start_odoo(self, more: Mapping[str, str] | None = None) -> None:
        """Start Odoo, and wait until it answers.

        :param more: more variables of its environment
        """
        log = self.instance.folder / "odoo.log"
        with log.open("a") as out:
            self._child = subprocess.Popen(
                self.odoo.command(
                    *("-d", self.database, f"--db-filter=^{self.database}$"),
                    *("--http-port", str(self.port), "--gevent-port", str(server.free_port(0))),
                    *("--workers=0", "--max-cron-threads=1", "--no-database-list"),
                ),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**self.env, **(more or {})},
                cwd=paths.folder("run"),
                start_new_session=True,
            )
        server.wait_until_ready(self._child, f"{self.url}/web/health", log)

    def kill_odoo(self) -> None:
        """kill -9 of Odoo."""
        if self._child:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()

    def kill_postgres(self) -> None:
        """kill -9 of the postmaster; its other processes see that and end."""
        pid = self.instance.pid()
        others = process.capture(["pgrep", "-P", str(pid)]).split()
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 60
        while any(Path(f"/proc/{other}").exists() for other in [str(pid), *others]):
            if time.monotonic() > end:
                raise SetupError("PostgreSQL's processes did not end after their postmaster.")
            time.sleep(0.05)

    def stop(self) -> None:
        """End all of it, and delete the folder."""
        self.kill_odoo()
        self.instance.stop()
        shutil.rmtree(self.instance.folder, ignore_errors=True)


@contextlib.contextmanager
def playground(
    env: Environment, database: str, label: str, settings: Mapping[str, str] | None = None
) -> Iterator[Playground]:
    """A running server with a copy of `database` for the block; Odoo is not started."""
    made = Playground(env, database, paths.folder("playgrounds") / f"{label}-{os.getpid()}")
    shutil.rmtree(made.instance.folder, ignore_errors=True)
    try:
        made.make(env.databases.server, settings or {})
        yield made
    finally:
        made.stop()


def copy_database(source: Postgres, database: str, target: Instance) -> None:
    """Copy a database to another server, by PostgreSQL's own dump."""
    folder = target.folder / "dump"
    # It is read back at once: time counts, size does not.
    dump = [source.programs / "pg_dump", "-Fd", "-Z0", "-j2", "-f", folder, database]
    process.run(dump, log="pg_dump", what=f"copy {database}", env=source.env)
    target.server.query(f'CREATE DATABASE "{database}" TEMPLATE template0')
    fill = [target.programs / "pg_restore", "--no-owner", "-j2", "-d", database, folder]
    process.run(fill, log="pg_restore", what=f"copy {database}", env=target.env)
    shutil.rmtree(folder)
    target.server.query("ANALYZE", database)
