"""Odoo's files in a backup. They never change and are named after their content, so each is copied
once, under a name that tells nothing; lists say which there were when."""

import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from . import backup_seal
from .backup_settings import Settings
from .errors import SetupError

_LISTS = "lists"
_TIME = "%Y%m%dT%H%M%SZ"
_BATCH = 1000
_STAMP = "copied"


def stored(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The name and place of each file of each database: `database/ab/abcdef...`."""
    root = settings.data / "filestore"
    for database in sorted(path for path in root.glob("*") if path.is_dir()):
        for folder in os.scandir(database):
            # Beside them lies what Odoo has put down to be swept.
            if len(folder.name) == 2 and folder.is_dir():
                for file in os.scandir(folder.path):
                    yield f"{database.name}/{folder.name}/{file.name}", Path(file.path)


def object_of(settings: Settings, key: bytes, name: str) -> Path:
    """Where a file is in the backup. Files of the same content are one, whatever the database."""
    content = name.rpartition("/")[2]
    digest = hmac.new(key, content.encode(), "sha256").hexdigest()
    return settings.files / digest[:2] / f"{digest}{backup_seal.SUFFIX}"


def age(settings: Settings) -> float:
    """Seconds since Odoo's files were copied."""
    stamp = settings.files / _STAMP
    return round(time.time() - stamp.stat().st_mtime, 1) if stamp.exists() else 0.0


def copy(settings: Settings) -> dict:
    """Copy the files that the backup lacks.

    :return: {"names": all there are now, "new": names, "bytes": size of the new copies}
    """
    key = settings.key()
    names = dict(stored(settings))
    lacking: dict[Path, tuple[str, Path]] = {}
    new = []
    for name, path in names.items():
        target = object_of(settings, key, name)
        if not target.exists():
            new.append(name)
            lacking[target] = (f"file/{name.rpartition('/')[2]}", path)
    rows = [(path, target, name) for target, (name, path) in lacking.items()]
    size = 0
    for start in range(0, len(rows), _BATCH):
        size += sum(backup_seal.seal_many(rows[start : start + _BATCH], key))
    settings.files.mkdir(parents=True, exist_ok=True)
    (settings.files / _STAMP).touch()
    # Odoo may have swept some meanwhile: no list names what there is no copy of.
    swept = {name for name in new if not object_of(settings, key, name).exists()}
    return {
        "names": [name for name in names if name not in swept],
        "new": [name for name in new if name not in swept],
        "bytes": size,
    }


def note_new(settings: Settings, names: list[str]) -> None:
    """A list of files that came since the last backup, so that a restore to any time has them."""
    if names:
        stamp = f"{time.strftime(_TIME, time.gmtime())}-{time.time_ns() % 10**9:09}"
        write_list(settings, settings.files / _LISTS / f"{stamp}{backup_seal.SUFFIX}", names)


def write_list(settings: Settings, path: Path, names: list[str]) -> None:
    """Write names of files, sealed."""
    text = json.dumps(sorted(names)).encode()
    backup_seal.seal_file([text], path, settings.key(), f"list/{path.name}")


def read_list(settings: Settings, path: Path) -> list[str]:
    """What `write_list` has written."""
    with path.open("rb") as file:
        parts = backup_seal.opened(file, settings.key(), f"list/{path.name}")
        return json.loads(b"".join(parts))


def lists_since(settings: Settings, stamp: str) -> list[Path]:
    """The lists of files that came after a moment, written as in names of backups."""
    lists = sorted((settings.files / _LISTS).glob(f"*{backup_seal.SUFFIX}"))
    return [path for path in lists if path.name[: len(stamp)] >= stamp]


def restore(settings: Settings, names: list[str], target: Path) -> int:
    """Put files where Odoo looks for them; the number of files.

    :param target: Odoo's data folder
    :raises SetupError: when one is not what it was
    """
    key = settings.key()
    for name in names:
        database, folder, content = name.split("/")
        path = target / "filestore" / database / folder / content
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha1(usedforsecurity=False)
        source = object_of(settings, key, name)
        if not source.exists():
            raise SetupError(f"the backup lacks the file {name}. Take an older backup as well.")
        with source.open("rb") as file, path.open("wb") as out:
            for part in backup_seal.opened(file, key, f"file/{content}"):
                digest.update(part)
                out.write(part)
        if digest.hexdigest() != content:
            raise SetupError(f"the file {name} was not what its name says when it was copied.")
    return len(names)


def prune(settings: Settings, first: str, kept: list[list[str]]) -> int:
    """Remove copies that no kept backup and no later list names.

    :param first: the time of the oldest backup that is kept
    :param kept: names of files of each of the backups that are kept
    """
    key = settings.key()
    later = lists_since(settings, first)
    names = {name for group in kept for name in group}
    for path in (settings.files / _LISTS).glob(f"*{backup_seal.SUFFIX}"):
        if path in later:
            names.update(read_list(settings, path))
        else:
            path.unlink()
    wanted = {object_of(settings, key, name) for name in names}
    removed = 0
    for path in settings.files.glob(f"[0-9a-f][0-9a-f]/*{backup_seal.SUFFIX}"):
        if path not in wanted:
            path.unlink()
            removed += 1
    return removed
