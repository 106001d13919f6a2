"""What `./setup/backup init` settles: where copies go, how long they are kept, and the key."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import paths
from .errors import SetupError

# Work that a disaster may cost at most, in seconds.
MOST_LOST = 900


@dataclass(frozen=True)
class Settings:
    """The settings of a backup; `path` is the file that holds them."""

    folder: Path
    key_file: Path
    keep: int = 7
    every_hours: int = 24
    drill_days: int = 7
    archive_timeout: int = 300
    # Odoo's data folder, with the files of all databases.
    data: Path = field(default_factory=lambda: paths.home() / "data")
    # Databases that are told of backups; empty: each one that has the module.
    databases: tuple[str, ...] = ()
    engine: str = "own"
    # Where a drill restores to; on a disk of this host.
    scratch: Path = field(default_factory=lambda: paths.home() / "drills")
    path: Path = field(default_factory=lambda: default_path())

    def __post_init__(self):
        if self.keep < 1:
            raise SetupError("--keep N: at least one backup must be kept.")
        if not 10 <= self.archive_timeout <= MOST_LOST:
            raise SetupError(
                f"--archive-timeout: between 10 and {MOST_LOST} seconds; this is how much work a "
                "disaster may cost."
            )

    @property
    def wal(self) -> Path:
        """Where PostgreSQL archives its log to."""
        return self.folder / "wal"

    @property
    def base(self) -> Path:
        """Where base backups are."""
        return self.folder / "base"

    @property
    def files(self) -> Path:
        """Where Odoo's files are."""
        return self.folder / "files"

    def key(self) -> bytes:
        """The key that all copies are sealed with.

        :raises SetupError: when there is none, or it is no key
        """
        try:
            key = bytes.fromhex(self.key_file.read_text(encoding="ascii").strip())
        except OSError as error:
            raise SetupError(
                f"the key of the backup cannot be read ({self.key_file}: {error.strerror}). Put "
                "the copy that was kept elsewhere there."
            ) from None
        except ValueError:
            key = b""
        if len(key) != 32:
            raise SetupError(f"{self.key_file} is no key: 64 hexadecimal digits are one.")
        return key

    def save(self) -> None:
        """Write the settings."""
        values = {
            name: list(value)
            if isinstance(value, tuple)
            else str(value)
            if isinstance(value, Path)
            else value
            for name, value in asdict(self).items()
            if name != "path"
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        work = self.path.with_suffix(".new")
        work.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
        os.replace(work, self.path)


def default_path() -> Path:
    """Where the settings are unless told otherwise."""
    return paths.home() / "backup.json"


def is_set_up(path: Path | None = None) -> bool:
    """Whether there are settings."""
    return (path or default_path()).exists()


def load(path: Path | None = None) -> Settings:
    """The settings in the file.

    :raises SetupError: when there are none
    """
    path = path or default_path()
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise SetupError(
            f"no backup is set up ({path}): ./setup/backup init --folder FOLDER does it."
        ) from None
    except ValueError as error:
        raise SetupError(f"{path} cannot be read: {error}. ./setup/backup init anew.") from None
    for name in ("folder", "key_file", "data", "scratch"):
        values[name] = Path(values[name])
    return Settings(**{**values, "databases": tuple(values["databases"])}, path=path)


def state(settings: Settings) -> dict:
    """What was tried when; it may be lost."""
    try:
        return json.loads(_state_path(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def keep(settings: Settings, values: dict) -> None:
    """Note what was tried when."""
    work = _state_path(settings).with_suffix(".new")
    work.write_text(json.dumps(values), encoding="utf-8")
    os.replace(work, _state_path(settings))


def _state_path(settings: Settings) -> Path:
    return settings.path.with_name("backup-state.json")
