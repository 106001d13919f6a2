"""What is due of a backup, and telling Odoo of it: one command every few minutes."""

import time
from pathlib import Path

from . import (
    backup_base,
    backup_drill,
    backup_files,
    backup_pgbackrest,
    backup_report,
    backup_server,
    backup_settings,
)
from .backup_settings import Settings
from .cluster import Postgres
from .errors import SetupError
from .progress import say, step

# A drill or a backup that failed is tried again after this time, not every five minutes.
_AGAIN = 3600
# Odoo hears at least this often that the backup is alive.
_HEARTBEAT = 900


def run(settings: Settings, server: Postgres, python: Path) -> int:
    """Copy new files of Odoo, make a backup and a drill where they are due, and tell Odoo.

    :return: 1 when something failed
    """
    state = backup_settings.state(settings)
    now = time.time()
    failed = False
    try:
        backup_files.note_new(settings, backup_files.copy(settings)["new"])
        newest = _newest(settings)
    except (SetupError, OSError) as error:
        backup_report.tell(settings, python, server, [], error=str(error))
        raise
    if now - newest > settings.every_hours * 3600 and now - state.get("backup", 0) > _AGAIN:
        state["backup"] = now
        backup_settings.keep(settings, state)
        failed |= not _tried(lambda: backup(settings, server, python))
    drilled = state.get("drilled", 0)
    due = settings.drill_days and now - drilled > settings.drill_days * 86400
    if newest and due and now - state.get("drill", 0) > _AGAIN:
        state["drill"] = now
        backup_settings.keep(settings, state)
        failed |= not _tried(lambda: backup_drill.run(settings, server, python) == 0)
    # A drill notes itself there.
    state = {**backup_settings.state(settings), **state}
    error = backup_server.archive_error(settings.path)
    if failed or error != state.get("error", "") or now - state.get("told", 0) >= _HEARTBEAT - 60:
        state |= {"told": now, "error": error}
        backup_settings.keep(settings, state)
        backup_report.tell(settings, python, server, [])
    return int(failed)


def _tried(call) -> bool:
    try:
        return call() is not False
    except SetupError as error:
        say(f"backup: {error}")
        return False


def _newest(settings: Settings) -> float:
    """When the newest backup began; 0 when there is none."""
    if settings.engine == "pgbackrest":
        found = [one["started"] for one in backup_pgbackrest.of(settings).info()]
    else:
        found = [one.about["started"] for one in backup_base.backups(settings)]
    return found[-1] if found else 0


def backup(settings: Settings, server: Postgres, python: Path) -> None:
    """Make a base backup, prune, and tell Odoo; a failure as well."""
    started = time.time()
    try:
        with step("Backup"):
            if settings.engine == "pgbackrest":
                report = _by_pgbackrest(settings)
            else:
                report = _of_our_own(settings, server, python)
    except (SetupError, OSError) as error:
        report = {"kind": "backup", "key": f"backup-{started:.0f}", "ok": False}
        times = {"started": started, "ended": time.time(), "text": str(error)}
        backup_report.tell(settings, python, server, [report | times])
        raise
    say(
        f"Backup {report['backup']}: {report['megabytes']:.1f} MB in "
        f"{report['ended'] - report['started']:.1f} s, {report['files']} files of Odoo, read back."
    )
    backup_report.tell(settings, python, server, [report])


def _of_our_own(settings: Settings, server: Postgres, python: Path) -> dict:
    made = backup_base.run(settings, server, python)
    backup_base.prune(settings)
    return backup_report.of_backup(made)


def _by_pgbackrest(settings: Settings) -> dict:
    """pgBackRest copies and keeps the cluster; Odoo's files are ours to copy."""
    tool = backup_pgbackrest.of(settings)
    files = backup_files.copy(settings)
    backup_files.note_new(settings, files["names"])
    made = tool.backup()
    tool.verify()
    return {**backup_pgbackrest.report(made), "files": len(files["names"])}
