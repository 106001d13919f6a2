"""Base backups: PostgreSQL's own pg_basebackup, sealed while it streams, read back, and kept as
long as the settings say."""

import contextlib
import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import backup_files, backup_seal, backup_server, backup_wal, process
from .backup_seal import SUFFIX, BrokenSealError
from .backup_settings import Settings
from .cluster import Postgres
from .errors import SetupError

STAMP = "%Y%m%dT%H%M%SZ"
_ID = re.compile(r"\d{8}T\d{6}Z")
_MANIFEST = f"backup{SUFFIX}"
_CLUSTER = f"cluster.tar{SUFFIX}"
_FILES = f"files{SUFFIX}"
_KEPT = f"odoo.tar{SUFFIX}"
_NOTES = "notes.json"


@dataclass(frozen=True)
class Backup:
    """One base backup: `about` is what was noted when it was made."""

    folder: Path
    about: dict

    @property
    def id(self) -> str:
        """Its name: when it began, in UTC."""
        return self.folder.name

    @property
    def notes(self) -> dict:
        """When it was proved by a drill, and the like."""
        with contextlib.suppress(OSError, ValueError):
            return json.loads((self.folder / _NOTES).read_text(encoding="utf-8"))
        return {}

    def note(self, **values) -> None:
        """Add to the notes."""
        work = self.folder / f"{_NOTES}.new"
        work.write_text(json.dumps({**self.notes, **values}), encoding="utf-8")
        work.replace(self.folder / _NOTES)

    def files(self, settings: Settings) -> list[str]:
        """Names of Odoo's files when it was made."""
        return backup_files.read_list(settings, self.folder / _FILES)

    def cluster(self, settings: Settings) -> backup_seal.Reader:
        """The tar of PostgreSQL's files."""
        file = (self.folder / _CLUSTER).open("rb")
        return backup_seal.Reader(backup_seal.opened(file, settings.key(), f"{self.id}/{_CLUSTER}"))

    def beside(self, settings: Settings) -> backup_seal.Reader:
        """The tar of what Odoo keeps in files beside the filestore: receipts, archives."""
        file = (self.folder / _KEPT).open("rb")
        return backup_seal.Reader(backup_seal.opened(file, settings.key(), f"{self.id}/{_KEPT}"))


def backups(settings: Settings) -> list[Backup]:
    """All that are whole, the oldest first.

    :raises SetupError: when one was changed, or the key is another one
    """
    key = settings.key()
    found = []
    for path in sorted(settings.base.glob(f"*/{_MANIFEST}")):
        if _ID.fullmatch(path.parent.name):
            with path.open("rb") as file:
                parts = backup_seal.opened(file, key, f"{path.parent.name}/{_MANIFEST}")
                found.append(Backup(path.parent, json.loads(b"".join(parts))))
    return found


def run(settings: Settings, server: Postgres, python: Path) -> Backup:
    """Make a base backup, with Odoo's files, and read it back.

    :raises SetupError: when the server does not archive, the disk has no room, or what was
        written does not read back
    """
    lacks = backup_server.lacking(server, python, settings)
    for name in ("archive_mode", "wal_level", "archive_timeout"):
        if name in lacks:
            raise SetupError(
                f"PostgreSQL runs without {name} = {lacks[name]}: what is written after a backup "
                "would be lost. ./setup/backup init says what to set."
            )
    _check_room(settings)
    started = time.time()
    stamp = time.strftime(STAMP, time.gmtime(started))
    backup_server.archived_up_to(server, f"before {stamp}")
    work = settings.base / f".{stamp}{backup_seal.PART}"
    work.mkdir(parents=True)
    try:
        size = _write_cluster(settings, server, work, stamp)
        # After the cluster: a file that a committed attachment names is on the disk by then.
        files = backup_files.copy(settings)
        backup_files.write_list(settings, work / _FILES, files["names"])
        size += files["bytes"] + _write_beside(settings, work, stamp)
        made = Backup(work, {})
        ranges = verified(settings, made, stamp)
        about = {
            "id": stamp,
            "started": started,
            "ended": time.time(),
            "bytes": size,
            "files": len(files["names"]),
            "new_files": len(files["new"]),
            "user": server.query("SELECT current_user")[0][0],
            "version": server.query("SHOW server_version_num")[0][0],
            **ranges,
        }
        backup_seal.seal_file(
            [json.dumps(about).encode()], work / _MANIFEST, settings.key(), f"{stamp}/{_MANIFEST}"
        )
        made.note(read_back=time.time())
        final = settings.base / stamp
        work.rename(final)
        backup_seal.sync_folder(settings.base)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return Backup(final, about)


def _check_room(settings: Settings) -> None:
    """Better no backup today than a full disk under the archive."""
    sizes = [one.about["bytes"] for one in backups(settings)[-1:]]
    free = shutil.disk_usage(settings.folder).free
    need = int(1.2 * max(sizes, default=0)) + 64_000_000
    if free < need:
        raise SetupError(
            f"{settings.folder} has {free // 1_000_000} MB free, and a backup needs about "
            f"{need // 1_000_000} MB. Make room there, or keep fewer backups (init --keep N)."
        )


def _write_cluster(settings: Settings, server: Postgres, work: Path, stamp: str) -> int:
    ((spaces,),) = server.query("SELECT count(*) FROM pg_tablespace")
    if int(spaces) > 2:
        raise SetupError(
            "this server has tablespaces, which ./setup/backup does not copy: use pgBackRest "
            "(init --engine pgbackrest)."
        )
    command = [
        server.programs / "pg_basebackup",
        *("-D", "-", "-F", "tar", "-X", "none", "-c", "fast", "--no-password"),
        *("--manifest-checksums=SHA256", f"--label=lot_traceability {stamp}"),
    ]
    log = process.log_path("pg_basebackup")
    with log.open("w", encoding="utf-8") as errors:
        child = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=errors, env=server.env
        )
        try:
            size = backup_seal.seal_file(
                backup_seal.parts_of(child.stdout),
                work / _CLUSTER,
                settings.key(),
                f"{stamp}/{_CLUSTER}",
            )
            code = child.wait()
        except BaseException:
            process.end(child)
            raise
    if code:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise SetupError(f"pg_basebackup failed: {said[-1] if said else code}. Details: {log}")
    return size


def _write_beside(settings: Settings, work: Path, stamp: str) -> int:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        folder = settings.data / "lot_audit"
        if folder.is_dir():
            tar.add(folder, "lot_audit")
    buffer.seek(0)
    return backup_seal.seal_file(
        backup_seal.parts_of(buffer), work / _KEPT, settings.key(), f"{stamp}/{_KEPT}"
    )


def verified(settings: Settings, backup: Backup, stamp: str = "") -> dict:
    """Read a backup and compare each file with PostgreSQL's manifest in it.

    :return: {"wal_first": segment, "wal_start", "wal_end": places in the log, "timeline"}
    :raises SetupError: naming the first file that is not what the manifest says
    """
    stamp = stamp or backup.id
    seen: dict[str, tuple[int, str]] = {}
    label = manifest = b""
    with (backup.folder / _CLUSTER).open("rb") as file:
        reader = backup_seal.Reader(backup_seal.opened(file, settings.key(), f"{stamp}/{_CLUSTER}"))
        try:
            with tarfile.open(fileobj=io.BufferedReader(reader), mode="r|") as tar:
                for member in tar:
                    if not member.isfile():
                        continue
                    content = tar.extractfile(member)
                    name = member.name.removeprefix("./")
                    if name == "backup_manifest":
                        manifest = content.read()
                        continue
                    if name == "backup_label":
                        label = content.read()
                        content = io.BytesIO(label)
                    seen[name] = _size_and_digest(content)
            reader.drain()
        except tarfile.TarError as error:
            raise BrokenSealError(f"backup {stamp} does not read back: {error}.") from None
    return _compare(seen, label, manifest, stamp)


def _size_and_digest(file) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for part in backup_seal.parts_of(file):
        digest.update(part)
        size += len(part)
    return size, digest.hexdigest()


def _compare(seen: dict, label: bytes, manifest: bytes, stamp: str) -> dict:
    if not manifest or not label:
        raise BrokenSealError(f"backup {stamp} has no manifest: it is not whole. Make another one.")
    told = json.loads(manifest)
    expected = {one["Path"]: (one["Size"], one["Checksum"]) for one in told["Files"]}
    for name, value in expected.items():
        if seen.get(name) != value:
            raise BrokenSealError(
                f"backup {stamp}: {name} is not what PostgreSQL's manifest says. Make another one."
            )
    start = re.search(rb"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)", label)
    span = told["WAL-Ranges"][0]
    return {
        "wal_first": start[1].decode(),
        "wal_start": span["Start-LSN"],
        "wal_end": told["WAL-Ranges"][-1]["End-LSN"],
        "timeline": span["Timeline"],
        "database_files": len(expected),
    }


def prune(settings: Settings) -> dict:
    """Keep the newest backups, as many as the settings say, and what they need.

    :return: numbers of what was removed: {"backups", "segments", "files"}
    """
    for work in settings.base.glob(f".*{backup_seal.PART}"):
        shutil.rmtree(work, ignore_errors=True)
    every = backups(settings)
    gone, kept = every[: -settings.keep], every[-settings.keep :]
    for one in gone:
        # First what makes it a backup: half removed it is none.
        (one.folder / _MANIFEST).unlink()
        shutil.rmtree(one.folder)
    if not kept:
        return {"backups": 0, "segments": 0, "files": 0}
    return {
        "backups": len(gone),
        "segments": backup_wal.prune(settings, min(one.about["wal_first"] for one in kept)),
        "files": backup_files.prune(settings, kept[0].id, [one.files(settings) for one in kept]),
    }


def gap(settings: Settings, first: str) -> str:
    """The first segment that is missing in the archive from `first` on; empty when none is.

    >>> after("0000000100000000000000FF")
    '000000010000000100000000'
    """
    names = {name for name in backup_wal.segments(settings) if len(name) == 24}
    parts = {name[8:] for name in names if name[8:] >= first[8:]}
    current = first
    while parts:
        if current[8:] not in parts:
            return current
        parts.discard(current[8:])
        current = after(current)
    return ""


def after(segment: str) -> str:
    """The name of the next segment of 16 MB."""
    number = int(segment[8:16], 16) * 256 + int(segment[16:], 16) + 1
    return f"{segment[:8]}{number // 256:08X}{number % 256:08X}"
