"""Template databases: built once, stamped with what they were built from, cloned in a second.

A database's stamp is its comment, set in the end; what an interrupted build leaves is named
`..._building` and dropped by the next one.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from . import cluster, paths
from .cluster import Postgres
from .errors import SetupError

PREFIX = "lt"
_EXISTS = "SELECT 1 FROM pg_database WHERE datname = '{}'"
# Not part of what an installed database depends on: tests and browser files are read at run time.
_NOT_INSTALLED = {"tests", "__pycache__", "readme", "i18n_extra", ".ruff_cache"}


class Databases:
    """The databases of one PostgreSQL server with their file stores."""

    def __init__(self, server: Postgres, data_folder: Path):
        self.server = server
        self.data_folder = data_folder

    def stamp_of(self, name: str) -> dict | None:
        """What was noted when the database was finished; None when there is no finished one."""
        rows = self.server.query(
            "SELECT replace(shobj_description(oid, 'pg_database'), E'\\n', ' ') "
            f"FROM pg_database WHERE datname = '{name}'"
        )
        try:
            return json.loads(rows[0][0]) if rows else None
        except ValueError:
            return None

    def exists(self, name: str) -> bool:
        """Whether the server has this database, finished or not."""
        return bool(self.server.query(_EXISTS.format(name)))

    def drop(self, name: str) -> None:
        """Drop the database with its file store; ends sessions on it."""
        self.server.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self._filestore(name), ignore_errors=True)
        # Receipts of its audit log: another database of this name is not its continuation.
        shutil.rmtree(self.data_folder / "lot_audit" / name, ignore_errors=True)

    def clone(self, source: str, target: str, stamp: dict | None = None) -> None:
        """Make `target` a copy of `source`, replacing it; stored files never change: links do."""
        self.drop(target)
        self._end_sessions(source)
        self.server.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        if self._filestore(source).is_dir():
            shutil.copytree(self._filestore(source), self._filestore(target), copy_function=_link)
        if stamp is not None:
            self.set_stamp(target, stamp)

    def build(
        self, name: str, stamp: dict, make: Callable[[str], None], base: str | None = None
    ) -> None:
        """Make the database `name` unless it is there with this stamp.

        :param make: fills the database whose name it is given; it starts as a clone of `base`,
            or does not exist yet.
        """
        if self.stamp_of(name) == stamp:
            return
        work = f"{name}_building"
        self.drop(work)
        if base:
            self.clone(base, work)
        make(work)
        self.drop(name)
        self._end_sessions(work)
        self.server.query(f'ALTER DATABASE "{work}" RENAME TO "{name}"')
        if self._filestore(work).is_dir():
            self._filestore(work).rename(self._filestore(name))
        self.set_stamp(name, stamp)

    def set_stamp(self, name: str, stamp: dict) -> None:
        """Note on the database what it was built from."""
        text = json.dumps(stamp, sort_keys=True).replace("'", "''")
        self.server.query(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")

    def _end_sessions(self, name: str) -> None:
        self.server.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )

    def _filestore(self, name: str) -> Path:
        if not re.fullmatch(r"\w+", name):
            raise SetupError(f"not a database name: {name!r}")
        return self.data_folder / "filestore" / name


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def hash_of_files(folders: Iterable[Path], *, everything: bool = False) -> str:
    """A digest of the files that an installed module depends on (or of all its files)."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            skipped = {"__pycache__", ".ruff_cache"} if everything else _NOT_INSTALLED | {"static"}
            if path.is_file() and not skipped.intersection(inner.parts):
                digest.update(f"{folder.name}/{inner}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def database_name(*parts: str) -> str:
    """A name of ours, as PostgreSQL takes it: `lt_demo`.

    On a server that the user named, the name tells our databases from those of other users and
    other homes: `lt_0a1b2c3d_demo`.
    """
    owner = hashlib.sha256(os.fsencode(paths.home())).hexdigest()[:8]
    return "_".join((PREFIX, *([owner] if cluster.is_external() else []), *parts))[:60]


def data_folder() -> Path:
    """Odoo's data folder: sessions, and attachments by database."""
    return paths.folder("data")
