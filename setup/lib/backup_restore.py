"""Restoring: to a new folder, never over anything, up to the end of the archive or to a moment."""

import io
import json
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from . import backup_base, backup_files, backup_pgbackrest, backup_wal, cluster, process
from .backup_base import Backup
from .backup_server import Instance
from .backup_settings import Settings
from .errors import SetupError


@dataclass(frozen=True)
class Target:
    """Up to where: a moment, a named point, or the end of the archive."""

    moment: datetime | None = None
    point: str = ""

    def settings(self) -> dict[str, str]:
        """PostgreSQL's settings for it."""
        if self.point:
            return {"recovery_target_name": self.point}
        if self.moment:
            return {"recovery_target_time": self.moment.isoformat(sep=" ")}
        return {}


def moment(text: str) -> datetime:
    """A time that somebody typed; without a zone it is the time of this host.

    >>> moment("2026-03-01 14:05:00Z").isoformat()
    '2026-03-01T14:05:00+00:00'
    """
    try:
        told = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise SetupError(
            f"{text!r} is no time: write it as 2026-03-01 14:05:00, or with its zone as "
            "2026-03-01T14:05:00+01:00."
        ) from None
    return told if told.tzinfo else told.astimezone()


def chosen(settings: Settings, target: Target) -> Backup:
    """The newest backup that had ended at the target.

    :raises SetupError: when there is none
    """
    every = backup_base.backups(settings)
    fitting = [
        one for one in every if not target.moment or one.about["ended"] <= target.moment.timestamp()
    ]
    if fitting:
        return fitting[-1]
    if not every:
        raise SetupError("there is no backup yet: ./setup/backup run makes one.")
    first = datetime.fromtimestamp(every[0].about["ended"], timezone.utc)
    raise SetupError(f"the oldest backup that is kept is of {first:%Y-%m-%d %H:%M:%S} UTC.")


def restore(
    settings: Settings, instance: Instance, python: Path, target: Target
) -> tuple[Backup, dict[str, float]]:
    """Restore a backup, start it and bring it up to the target.

    :param instance: in an empty or a new folder; the cluster comes into `data`, Odoo's files into
        `odoo`
    :return: the backup, and how long what took, in seconds: {"unpack", "check", "recovery",
        "files"}, with the number of files, "file_count"
    """
    folder = instance.folder
    if folder.exists() and any(folder.iterdir()):
        raise SetupError(f"{folder} is not empty: nothing is restored over what is there.")
    folder.mkdir(parents=True, exist_ok=True)
    cluster.give(folder)
    folder.chmod(0o700)
    laps = _Laps()
    if settings.engine == "pgbackrest":
        backup = _by_pgbackrest(settings, instance, target, laps)
    else:
        backup = _of_our_own(settings, instance, python, target, laps)
    _give_all(instance.data)
    instance.start()
    instance.wait_until_writable()
    laps.note("recovery")
    odoo = folder / "odoo"
    laps.took["file_count"] = backup_files.restore(settings, _names(settings, backup), odoo)
    if settings.engine == "own":
        _unpack(backup.beside(settings), odoo)
    laps.note("files")
    (folder / "restored.json").write_text(
        json.dumps({"backup": backup.id, "to": target.settings(), "took": laps.took}),
        encoding="utf-8",
    )
    return backup, laps.took


class _Laps:
    """How long what took, in seconds."""

    def __init__(self):
        self.took: dict[str, float] = {}
        self._began = time.monotonic()

    def note(self, name: str) -> None:
        """What has ended now."""
        now = time.monotonic()
        self.took[name] = round(now - self._began, 2)
        self._began = now


def _of_our_own(
    settings: Settings, instance: Instance, python: Path, target: Target, laps: _Laps
) -> Backup:
    backup = chosen(settings, target)
    _unpack(backup.cluster(settings), instance.data)
    laps.note("unpack")
    _pg_verifybackup(instance)
    laps.note("check")
    instance.settings(
        {
            **instance.as_large_as_before(),
            # It never writes to the archive that it came from.
            "archive_mode": "off",
            "restore_command": backup_wal.command(python, settings, "get"),
            "recovery_target_action": "promote",
            "recovery_target_timeline": "latest",
            **target.settings(),
        }
    )
    (instance.data / "recovery.signal").touch()
    return backup


def _by_pgbackrest(settings: Settings, instance: Instance, target: Target, laps: _Laps) -> Backup:
    tool = backup_pgbackrest.of(settings)
    made = tool.newest()
    instance.data.mkdir(mode=0o700)
    cluster.give(instance.data)
    # It checks each file as it restores it, and sets the target itself.
    tool.restore(target, instance.data)
    laps.note("unpack")
    instance.settings({**instance.as_large_as_before(), "archive_mode": "off"})
    notes = settings.base / made["id"]
    notes.mkdir(parents=True, exist_ok=True)
    return Backup(notes, made)


def _names(settings: Settings, backup: Backup) -> list[str]:
    """The files of Odoo that were there at the backup, or came after it."""
    own = settings.engine == "own"
    names = set(backup.files(settings)) if own else set()
    for path in backup_files.lists_since(settings, backup.id if own else ""):
        names.update(backup_files.read_list(settings, path))
    return sorted(names)


def _unpack(reader, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BufferedReader(reader), mode="r|") as tar:
        # Nothing that would lie elsewhere, and no owner of another host.
        options = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        tar.extractall(folder, **options)  # noqa: S202
    reader.drain()
    folder.chmod(0o700)


def _pg_verifybackup(instance: Instance) -> None:
    """PostgreSQL's own check of the files against its manifest."""
    # The log is not in the backup but in the archive, which recovery reads.
    command = [instance.programs / "pg_verifybackup", "-n", "-q", instance.data]
    process.run(command, log="pg_verifybackup", what="verify the restored backup")


def _give_all(folder: Path) -> None:
    cluster.give(folder)
    for path in folder.rglob("*"):
        cluster.give(path)
        if path.is_dir():
            path.chmod(0o700)


def remove(instance: Instance) -> None:
    """Stop a restored server and delete its folder."""
    instance.stop()
    # rm is quicker than Python for as many files, and the folder is ours: it was empty before.
    subprocess.run(["rm", "-rf", "--", str(instance.folder)], check=False, stdout=sys.stderr)
