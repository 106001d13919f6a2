"""What a backup asks of PostgreSQL: the settings of the server, and servers in a folder of their
own that a backup is restored to."""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from . import backup_wal, cluster, paths, process
from .backup_settings import Settings
from .cluster import Postgres
from .errors import SetupError

_CONF = "lot_traceability_backup.conf"
_PATIENCE = 120
# What a server must have at least as large as the one that wrote the log.
_AS_LARGE = {
    "max_connections setting": "max_connections",
    "max_worker_processes setting": "max_worker_processes",
    "max_wal_senders setting": "max_wal_senders",
    "max_prepared_xacts setting": "max_prepared_transactions",
    "max_locks_per_xact setting": "max_locks_per_transaction",
}
_GRANTS = """    ALTER ROLE {user} REPLICATION;
    GRANT EXECUTE ON FUNCTION pg_switch_wal(), pg_create_restore_point(text) TO {user};"""


def wanted(python: Path, settings: Settings) -> dict[str, str]:
    """The settings of a server that is backed up. What is committed is on the disk."""
    return {
        "wal_level": "replica",
        "max_wal_senders": "4",
        "archive_mode": "on",
        "archive_timeout": str(settings.archive_timeout),
        "archive_command": backup_wal.command(python, settings, "put"),
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }


def quoted(values: Mapping[str, str]) -> str:
    """Settings as lines of postgresql.conf.

    >>> quoted({"archive_command": "cp '%p' x"})
    "archive_command = 'cp ''%p'' x'\\n"
    """
    return "".join("{} = '{}'\n".format(k, v.replace("'", "''")) for k, v in values.items())


def configure(python: Path, settings: Settings) -> None:
    """Give the embedded cluster the settings; a server that runs has them when it starts anew."""
    data = cluster.data_folder()
    (data / _CONF).write_text(quoted(wanted(python, settings)), encoding="utf-8")
    cluster.give(data / _CONF)
    conf = data / "postgresql.conf"
    line = f"include_if_exists = '{_CONF}'\n"
    text = conf.read_text(encoding="utf-8")
    if line not in text:
        conf.write_text(f"{text.rstrip()}\n{line}", encoding="utf-8")


def lacking(server: Postgres, python: Path, settings: Settings) -> dict[str, str]:
    """Settings that the running server has otherwise than `wanted`, and what they should be; what
    this user may not see counts as lacking."""
    names = wanted(python, settings)
    rows = server.query(
        "SELECT name, setting FROM pg_settings WHERE name IN ({})".format(
            ", ".join(f"'{name}'" for name in names)
        )
    )
    have = {row[0]: row[1] for row in rows}
    if "archive_command" not in have and _archives(server):
        # An ordinary user does not see it; but that it works.
        have["archive_command"] = names["archive_command"]
    return {name: value for name, value in names.items() if not _enough(name, have, value)}


def _archives(server: Postgres) -> bool:
    return (
        server.query(
            "SELECT 1 FROM pg_stat_archiver WHERE last_archived_time IS NOT NULL "
            "AND coalesce(last_failed_time < last_archived_time, true)"
        )
        != []
    )


def _enough(name: str, have: dict[str, str], want: str) -> bool:
    """
    >>> _enough("archive_timeout", {"archive_timeout": "60"}, "300")
    True
    >>> _enough("archive_timeout", {"archive_timeout": "0"}, "300")
    False
    >>> _enough("wal_level", {"wal_level": "logical"}, "replica")
    True
    """
    value = have.get(name)
    if value is None:
        return False
    if name == "archive_timeout":
        return 0 < int(value) <= int(want)
    if name == "max_wal_senders":
        return int(value) >= 2
    if name == "wal_level":
        return value in ("replica", "logical")
    if name == "archive_mode":
        return value in ("on", "always")
    if name == "synchronous_commit":
        return value != "off"
    return value == want


def advice(lacks: Mapping[str, str], user: str) -> str:
    """What the administrator of another PostgreSQL server has to do."""
    return (
        "In postgresql.conf of the server, then restart it:\n\n"
        + "".join(f"    {line}\n" for line in quoted(lacks).splitlines())
        + "\nAs its superuser, once:\n\n"
        + _GRANTS.format(user=f'"{user}"')
        + "\n\nIn pg_hba.conf, where it has no such line:\n\n"
        + f"    local replication {user} scram-sha-256\n"
        + "\nThe archive command runs as the server's user on the server's host: this folder, the "
        "settings, the key and the folder of the copies must be there, and readable by it."
    )


def archived_up_to(server: Postgres, label: str) -> str:
    """Write what there is into the archive; the segment that ends it, when it is safe.

    :raises SetupError: when the archive does not take it
    """
    point = f"pg_create_restore_point('{label}')"
    ((segment,),) = server.query(f"SELECT pg_walfile_name({point})")
    server.query("SELECT pg_switch_wal()")
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        ((last, failed),) = server.query(
            "SELECT coalesce(left(last_archived_wal, 24), ''), "
            "coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) "
            "FROM pg_stat_archiver"
        )
        if last[8:] >= segment[8:]:
            return segment
        time.sleep(0.5 if failed == "t" else 0.1)
    raise SetupError(
        f"PostgreSQL does not get its log into the archive (segment {segment}). "
        f"{archive_error()}Mend that first: without it no backup can be restored."
    )


def archive_error(path: Path | None = None) -> str:
    """What the archive command said last; empty when its last run was well."""
    from . import backup_settings

    note = (path or backup_settings.default_path()).with_name("backup-archive-error.txt")
    try:
        _when, _space, text = note.read_text(encoding="utf-8").strip().partition(" ")
    except OSError:
        return ""
    return f"The archive command said: {text}. "


def programs_for(server: Postgres) -> Path:
    """The programs of the server's own version: others cannot start a copy of it.

    :raises SetupError: when this host lacks them
    """
    ((version,),) = server.query("SELECT current_setting('server_version_num')::int / 10000")
    return server.programs if is_of(server.programs, version) else programs_of(version)


def programs_of(version: str) -> Path:
    """The folder with `pg_ctl` of this version of PostgreSQL."""
    told = process.capture(["pg_config", "--bindir"]).strip()
    chosen = os.environ.get("LOT_TRACEABILITY_PG_BIN", "")
    for folder in filter(None, (chosen, f"/usr/lib/postgresql/{version}/bin", told)):
        if is_of(Path(folder), version):
            return Path(folder)
    raise SetupError(
        f"this host lacks the programs of PostgreSQL {version} (package postgresql-{version}), "
        "which restoring needs. LOT_TRACEABILITY_PG_BIN=/path/to/bin names them."
    )


def is_of(programs: Path, version: str) -> bool:
    """Whether these programs are of this version."""
    said = process.capture([programs / "pg_ctl", "--version"])
    return bool(re.search(rf"\b{version}(\.|devel|rc|beta)", said))


class Instance:
    """A PostgreSQL server in a folder of its own: `data` is the cluster, on a Unix socket."""

    def __init__(self, folder: Path, programs: Path, user: str = cluster.USER):
        self.user = user
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs
        self.log = folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where its Unix socket is."""
        path = self.folder / "run"
        if len(os.fsencode(path / ".s.PGSQL.5432")) > paths.SOCKET_PATH_LIMIT:
            digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:10]
            path = Path(tempfile.gettempdir()) / f"lot-traceability-{os.getuid()}-{digest}"
        return path

    @property
    def env(self) -> dict[str, str]:
        """The variables that lead programs to it."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        env.pop("DATABASE_URL", None)
        return {**env, "PGHOST": str(self.socket_folder), "PGPORT": "5432", "PGUSER": self.user}

    @property
    def server(self) -> Postgres:
        """The server, to be asked."""
        return Postgres(self.env, self.programs, embedded=False)

    def settings(self, values: Mapping[str, str]) -> None:
        """Set what counts before all other settings, and let only who may enter the folder in."""
        hba = self.folder / "pg_hba.conf"
        hba.write_text("local all all trust\nlocal replication all trust\n", encoding="utf-8")
        cluster.give(hba)
        for name in ("postgresql.conf", "pg_ident.conf"):
            if not (self.data / name).exists():
                (self.data / name).touch()
        own = {
            "unix_socket_directories": str(self.socket_folder),
            "hba_file": str(hba),
            "listen_addresses": "",
            "port": "5432",
            "logging_collector": "off",
            "log_min_messages": "warning",
            **values,
        }
        with (self.data / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
            conf.write(quoted(own))

    def as_large_as_before(self) -> dict[str, str]:
        """Settings that must not be smaller than those of the server that was copied."""
        text = process.capture(
            [self.programs / "pg_controldata", self.data], {**os.environ, "LC_ALL": "C"}
        )
        found = dict(re.findall(r"^([^:\n]+):\s+(\S+)$", text, re.MULTILINE))
        return {name: found[line] for line, name in _AS_LARGE.items() if line in found}

    def make(self, values: Mapping[str, str]) -> None:
        """A cluster from nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700)
        cluster.give(self.folder)
        cluster.give(self.data)
        init = [self.programs / "initdb", "-D", self.data, "-U", self.user, "--auth=trust"]
        process.run(
            cluster.as_server_user([*init, "--encoding=UTF8", "--locale=C", "--no-sync"]),
            log="initdb-own",
            what="make a PostgreSQL cluster",
        )
        self.settings(values)

    def start(self, patience: int = 600) -> None:
        """Start it, and wait until it answers.

        :raises SetupError: with what it said
        """
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        cluster.give(self.socket_folder)
        command = [self.programs / "pg_ctl", "start", "-w", "-t", str(patience), "-s"]
        try:
            process.run(
                cluster.as_server_user([*command, "-D", self.data, "-l", self.log]),
                log="pg-start-own",
                what="start PostgreSQL",
            )
        except SetupError:
            said = self.log.read_text(errors="replace")[-8000:] if self.log.exists() else ""
            fatal = re.findall(r"FATAL:\s+(.*)", said)
            raise SetupError(
                f"PostgreSQL does not start in {self.data}: {fatal[-1] if fatal else 'no reason'}. "
                f"Details: {self.log}"
            ) from None

    def wait_until_writable(self, patience: float = 3600) -> None:
        """Wait until recovery has ended."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            with contextlib.suppress(SetupError):
                if self.server.query("SELECT pg_is_in_recovery()") == [["f"]]:
                    return
            if not (self.data / "postmaster.pid").exists():
                said = re.findall(r"FATAL:\s+(.*)", self.log.read_text(errors="replace")[-8000:])
                raise SetupError(
                    f"recovery failed: {said[-1] if said else 'see ' + str(self.log)}."
                )
            time.sleep(0.2)
        raise SetupError(f"recovery did not end in an hour. Details: {self.log}")

    def pid(self) -> int:
        """The process of the server; 0 when there is none."""
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0

    def stop(self) -> None:
        """Stop it."""
        if self.pid():
            command = [self.programs / "pg_ctl", "stop", "-w", "-m", "fast", "-s", "-D", self.data]
            process.capture(cluster.as_server_user(command))
        if self.socket_folder.parent != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
