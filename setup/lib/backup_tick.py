"""What is due of a backup, and telling Odoo of it: one command every few minutes."""

import time
from pathlib import Path

from . import (
    backup_base,
    backup_drill,
    backup_files,
    backup_report,
    backup_server,
    backup_settings,
)
from .backup_base import Backup
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
        found = backup_base.backups(settings)
    except (SetupError, OSError) as error:
        backup_report.tell(settings, python, server, [], error=str(error))
        raise
    newest = found[-1].about["started"] if found else 0
    if now - newest > settings.every_hours * 3600 and now - state.get("backup", 0) > _AGAIN:
        state["backup"] = now
        backup_settings.keep(settings, state)
        failed |= not _tried(lambda: backup(settings, server, python))
    drilled = max((one.notes.get("drilled", 0) for one in found), default=0)
    due = settings.drill_days and now - drilled > settings.drill_days * 86400
    if found and due and now - state.get("drill", 0) > _AGAIN:
        state["drill"] = now
        backup_settings.keep(settings, state)
        failed |= not _tried(lambda: backup_drill.run(settings, server, python) == 0)
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


def backup(settings: Settings, server: Postgres, python: Path) -> Backup:
    """Make a base backup, prune, and tell Odoo; a failure as well."""
    started = time.time()
    try:
        with step("Backup"):
            made = backup_base.run(settings, server, python)
            removed = backup_base.prune(settings)
    except (SetupError, OSError) as error:
        report = {"kind": "backup", "key": f"backup-{started:.0f}", "ok": False}
        times = {"started": started, "ended": time.time(), "text": str(error)}
        backup_report.tell(settings, python, server, [report | times])
        raise
    about = made.about
    say(
        f"Backup {made.id}: {about['bytes'] / 1e6:.1f} MB in "
        f"{about['ended'] - about['started']:.1f} s, {about['files']} files of Odoo, read back. "
        f"Removed: {removed['backups']} backups, {removed['segments']} segments."
    )
    backup_report.tell(settings, python, server, [backup_report.of_backup(settings, made)])
    return made
