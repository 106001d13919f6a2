"""What Odoo and the user are told of backups and drills."""

import json
import platform
import shutil
import time
from datetime import datetime, timezone
from pathlib import Path

from . import (
    backup_base,
    backup_pgbackrest,
    backup_server,
    backup_wal,
    cluster,
    environment,
    paths,
    process,
)
from .backup_base import Backup
from .backup_server import Instance
from .backup_settings import Settings
from .cluster import Postgres
from .environment import Environment
from .errors import SetupError
from .progress import say


def of_backup(backup: Backup) -> dict:
    """A backup as Odoo is told of it."""
    about = backup.about
    return {
        "kind": "backup",
        "key": f"backup-{backup.id}",
        "ok": True,
        "started": about["started"],
        "ended": about["ended"],
        "backup": backup.id,
        "megabytes": about["bytes"] / 1e6,
        "files": about["files"],
        "wal_first": about["wal_first"],
        "wal_end": about["wal_end"],
        "text": "",
    }


def place(settings: Settings, server: Postgres, error: str = "") -> dict:
    """The state of the place where copies are."""
    usage = shutil.disk_usage(settings.folder)
    data = cluster.data_folder() if server.embedded else settings.data
    sizes = []
    if settings.engine == "own":
        try:
            sizes = [one.about["bytes"] for one in backup_base.backups(settings)]
        except SetupError as found:
            error = error or str(found)
    return {
        "name": f"{platform.node()}:{settings.folder}",
        "free_mb": usage.free / 1e6,
        "total_mb": usage.total / 1e6,
        "server_free_mb": shutil.disk_usage(data).free / 1e6 if data.exists() else 0.0,
        "backup_mb": max(sizes, default=0) / 1e6,
        "backups": len(sizes),
        "error": (error or backup_server.archive_error(settings.path)).strip(),
        "every_hours": settings.every_hours,
        "drill_days": settings.drill_days,
        "archive_timeout": settings.archive_timeout,
    }


def tell(
    settings: Settings, python: Path, server: Postgres, reports: list[dict], error: str = ""
) -> None:
    """Tell each database of it; one that cannot be told does not keep the backup from running, but
    says so here, and Odoo raises its alarm when it hears nothing."""
    told = {"place": place(settings, server, error), "reports": reports}
    with environment.ready() as env:
        for database in settings.databases:
            if not has_module(server, database):
                say(f"backup: {database} has no Lot Traceability to be told.")
                continue
            try:
                ask_odoo(
                    env,
                    "note",
                    database,
                    what=f"tell {database} of the backup",
                    stdin=json.dumps(told),
                )
            except SetupError as failure:
                say(f"backup: {failure}")


def ask_odoo(
    env: Environment,
    action: str,
    database: str,
    *rest: str,
    what: str,
    stdin: str = "",
    variables: dict[str, str] | None = None,
) -> dict:
    """What Odoo's own command `lot_backup` answers, a line of JSON."""
    answer = process.run(
        env.odoo.command(action, "-d", database, *rest, action="lot_backup"),
        log=f"backup-{action}-{database}",
        what=what,
        env={**env.odoo.env, **(variables or {})},
        cwd=paths.folder("run"),
        stdin=stdin,
    )
    lines = [line for line in answer.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else {}


def has_module(server: Postgres, database: str) -> bool:
    """Whether the database has our module."""
    try:
        return bool(
            server.query(
                "SELECT 1 FROM ir_module_module "
                "WHERE name = 'lot_traceability' AND state IN ('installed', 'to upgrade')",
                database,
            )
        )
    except SetupError:
        return False


def show(settings: Settings, *, as_json: bool) -> int:
    """Print the backups that are kept; 1 when the archive lacks what the oldest needs."""
    if settings.engine == "pgbackrest":
        found_there = backup_pgbackrest.of(settings).info()
        print(json.dumps({"backups": found_there}, indent=None if as_json else 1), flush=True)
        return 0
    found = backup_base.backups(settings)
    missing = backup_base.gap(settings, found[0].about["wal_first"]) if found else ""
    if as_json:
        rows = [{**one.about, **one.notes} for one in found]
        print(json.dumps({"backups": rows, "missing_segment": missing}), flush=True)
        return int(bool(missing))
    if not found:
        say("There is no backup yet: ./setup/backup run makes one.")
        return 0
    row = "{:<17} {:>10} {:>7} {:<24} {:<24} {:<17} {:<17}"
    print(row.format("Backup", "MB", "Files", "Log from", "to", "Read back", "Proved"))
    for one in found:
        about, notes = one.about, one.notes
        print(
            row.format(
                one.id, f"{about['bytes'] / 1e6:.1f}", about["files"], about["wal_first"],
                about["wal_end"], _when(notes.get("read_back")), _when(notes.get("drilled")),
            )
        )  # fmt: skip
    print(f"Restorable to any moment from {_when(found[0].about['ended'])} to", end=" ")
    print(f"{_when(backup_wal.last_archived(settings))} UTC.")
    if missing:
        say(f"Segment {missing} is missing: what was written after it cannot be restored.")
    return int(bool(missing))


def _when(moment: float | None) -> str:
    return f"{datetime.fromtimestamp(moment, timezone.utc):%Y-%m-%d %H:%M}" if moment else "-"


def announce(instance: Instance, took: dict, *, as_json: bool) -> None:
    """Say where the restored server is."""
    env = instance.env
    odoo = instance.folder / "odoo"
    if as_json:
        print(
            json.dumps(
                {
                    "host": env["PGHOST"],
                    "user": env["PGUSER"],
                    "data": str(odoo),
                    "folder": str(instance.folder),
                    "took": took,
                }
            ),
            flush=True,
        )
        return
    print(
        f"\n  PostgreSQL  PGHOST={env['PGHOST']} PGPORT={env['PGPORT']} PGUSER={env['PGUSER']}"
        f"\n  Odoo        --data-dir={odoo}"
        f"\n  Stop it     {paths.SETUP / 'backup'} stop {instance.folder}"
        "\n\nIt does not archive. Scheduled actions of a copy that is only looked at would send"
        "\nmails: start Odoo with --max-cron-threads=0.",
        flush=True,
    )


def seconds(since: float) -> float:
    """Seconds since then, of the clock that does not go back."""
    return round(time.monotonic() - since, 2)
