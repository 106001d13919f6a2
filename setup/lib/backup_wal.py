"""PostgreSQL's archive and restore commands: one segment of its log, sealed, in the archive.

`put SETTINGS PATH NAME` and `get SETTINGS NAME PATH`; PostgreSQL takes exit code 0 as "is safe",
and anything else as "try again".
"""

import contextlib
import hashlib
import re
import shlex
import time
from collections.abc import Iterable
from pathlib import Path

from . import backup_seal, backup_settings, paths
from .backup_settings import Settings
from .errors import SetupError
from .progress import say

# A segment, the history of a timeline, or the note of where a base backup began.
_NAME = re.compile(r"[0-9A-F]{24}(\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    action, settings_file, *rest = arguments
    settings = backup_settings.load(Path(settings_file))
    if action == "put":
        return _put(settings, Path(rest[0]), rest[1])
    return 0 if fetch(settings, rest[0], Path(rest[1])) else 1


def command(python: Path, settings: Settings, action: str) -> str:
    """The value of `archive_command` or `restore_command`."""
    program = [str(python), "-B", str(paths.SETUP / "lib"), "backup-wal", action]
    words = [*program, str(settings.path)]
    fixed = " ".join(shlex.quote(word).replace("%", "%%") for word in words)
    return f'{fixed} "%p" "%f"' if action == "put" else f'{fixed} "%f" "%p"'


def place(settings: Settings, name: str) -> Path:
    """Where a segment is in the archive.

    :raises SetupError: for what is no name of PostgreSQL's log
    """
    if not _NAME.fullmatch(name):
        raise SetupError(f"{name!r} is no file of PostgreSQL's log.")
    return settings.wal / name[:16] / f"{name}{backup_seal.SUFFIX}"


def _put(settings: Settings, source: Path, name: str) -> int:
    note = settings.path.with_name("backup-archive-error.txt")
    try:
        archive(settings, source, name)
    except (SetupError, OSError) as error:
        with contextlib.suppress(OSError):
            note.write_text(f"{time.time():.0f} {name}: {error}\n", encoding="utf-8")
        say(f"backup: {name} was not archived: {error}")
        return 1
    with contextlib.suppress(OSError):
        note.unlink(missing_ok=True)
    return 0


def archive(settings: Settings, source: Path, name: str) -> None:
    """Put a segment into the archive, for good when this returns. One that is there already must
    be the same.

    :raises SetupError: when another one of this name is there
    :raises OSError: when it cannot be written
    """
    target = place(settings, name)
    key = settings.key()
    try:
        with source.open("rb") as file:
            backup_seal.seal_file(backup_seal.parts_of(file), target, key, name)
    except FileExistsError:
        # PostgreSQL asks again after a crash between our return and its note of it.
        with source.open("rb") as mine:
            if _digest(_opened(target, key, name)) != _digest(backup_seal.parts_of(mine)):
                raise SetupError(
                    f"{target} holds another segment of this name, which is kept: two servers "
                    "archive to the same folder. Give each its own."
                ) from None
        backup_seal.sync_folder(target.parent)


def fetch(settings: Settings, name: str, target: Path) -> bool:
    """Take a segment out of the archive; false where it has none of this name."""
    source = place(settings, name)
    if not source.exists():
        return False
    with target.open("wb") as file:
        for part in _opened(source, settings.key(), name):
            file.write(part)
    return True


def _opened(path: Path, key: bytes, name: str) -> Iterable[bytes]:
    with path.open("rb") as file:
        yield from backup_seal.opened(file, key, name)


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def segments(settings: Settings) -> list[str]:
    """The names in the archive, in order."""
    return sorted(
        path.name.removesuffix(backup_seal.SUFFIX)
        for path in settings.wal.glob(f"*/*{backup_seal.SUFFIX}")
        if not path.name.startswith(".")
    )


def last_archived(settings: Settings) -> float:
    """When the newest segment came into the archive; 0 when there is none."""
    paths_of = (place(settings, name) for name in segments(settings) if len(name) == 24)
    return max((path.stat().st_mtime for path in paths_of), default=0.0)


def prune(settings: Settings, first: str) -> int:
    """Remove what no backup needs any more: segments before `first`. Histories of timelines stay.

    >>> needless("000000010000000000000004", "000000010000000000000005")
    True
    >>> needless("00000002.history", "000000010000000000000005")
    False
    """
    removed = 0
    for name in segments(settings):
        if needless(name, first):
            place(settings, name).unlink()
            removed += 1
    for part in settings.wal.glob(f"*/.*{backup_seal.PART}"):
        # What a killed archiver left; a living one is done in less than an hour.
        if part.stat().st_mtime < time.time() - 3600:
            part.unlink(missing_ok=True)
    for folder in settings.wal.glob("*"):
        with contextlib.suppress(OSError):
            folder.rmdir()
    return removed


def needless(name: str, first: str) -> bool:
    """Whether a file of the archive is older than the segment `first`: as PostgreSQL's own
    pg_archivecleanup, by its place in the log, whatever the timeline."""
    return len(name) >= 24 and name[8:24] < first[8:24]
