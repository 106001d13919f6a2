"""The Odoo 19 server: Debian's package unpacked in the home, or a checkout named by ODOO_SERVER."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import locks, paths, process
from .debian import Apt, Package
from .errors import SetupError
from .progress import step

SERIES = "19.0"
# The server, and the packages that its fonts and scripts are links into.
PACKAGES = (
    "odoo-19",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-montserrat",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
)
# Unpacked 1.2 GB, plus downloads, Python packages and databases.
_NEEDED_BYTES = 4_000_000_000


@dataclass(frozen=True)
class OdooSource:
    """Where Odoo's code is. `python_path` holds the package `odoo`."""

    version: str
    python_path: Path
    addons: tuple[Path, ...]


def ensure() -> OdooSource:
    """Odoo 19, fetched and unpacked at need.

    :raises SetupError: in one line, with what to do.
    """
    server = os.environ.get("ODOO_SERVER")
    if server:
        return _checkout(Path(server).expanduser().resolve())
    with locks.exclusive("odoo"):
        return _unpacked() or _fetch()


def _checkout(root: Path) -> OdooSource:
    if not (root / "odoo" / "release.py").is_file():
        raise SetupError(f"ODOO_SERVER={root} holds no Odoo: {root}/odoo/release.py is missing.")
    version = _release(root)
    addons = tuple(
        p
        for p in (root / "odoo" / "addons", root / "addons")
        if (p / "base").is_dir() or p.is_dir()
    )
    return OdooSource(version, root, addons)


def _release(root: Path) -> str:
    """The version text of the Odoo below `root`, which must be of our series."""
    text = (root / "odoo" / "release.py").read_text(encoding="utf-8")
    info = re.search(r"^version_info\s*=\s*\(\s*(\d+)\s*,\s*(\d+)", text, re.MULTILINE)
    series = f"{info[1]}.{info[2]}" if info else "unknown"
    if series != SERIES:
        raise SetupError(f"the Odoo in {root} is version {series}; this project needs {SERIES}.")
    return series


def _unpacked() -> OdooSource | None:
    """The newest complete unpacked package, if any."""
    folders = sorted(paths.folder("odoo").glob("19.0*"), key=lambda path: path.stat().st_mtime)
    if not folders:
        return None
    python_path = folders[-1] / "usr" / "lib" / "python3" / "dist-packages"
    # All add-ons are below odoo/addons; the package's folder "addons" has their Python files only.
    return OdooSource(folders[-1].name, python_path, (python_path / "odoo" / "addons",))


def _fetch() -> OdooSource:
    free = shutil.disk_usage(paths.folder()).free
    if free < _NEEDED_BYTES:
        raise SetupError(
            f"the disk is full: {paths.home()} has {free / 1e9:.1f} GB free, "
            f"{_NEEDED_BYTES / 1e9:.0f} GB are needed."
        )
    apt = Apt()
    with step("Package index of Debian sid"):
        apt.update()
    packages = _choose(apt)
    target = paths.folder("apt", "packages")
    with step("Download of Odoo") as current:
        files = apt.download(packages, target, current)
    with step("Unpacking Odoo") as current:
        _unpack(files, packages[0].version, current)
    shutil.rmtree(target, ignore_errors=True)
    return _unpacked()


def _choose(apt: Apt) -> list[Package]:
    """What to fetch; the server's package must be of our series, of the others what exists."""
    offered = apt.candidates(PACKAGES)
    server = offered.get(PACKAGES[0])
    if not server or not re.match(r"(\d+:)?19\.0\b", server.version):
        found = (
            f"offers odoo-19 {server.version}" if server else "no longer has the package odoo-19"
        )
        raise SetupError(
            f"Debian sid {found}, and this project needs Odoo {SERIES}: "
            "ODOO_SERVER=/path/to/odoo uses an Odoo 19 checkout instead."
        )
    return [offered[name] for name in PACKAGES if name in offered]


def _unpack(files: list[Path], version: str, current) -> None:
    """Unpack beside the final place and rename: a half-made one is never taken for a whole one."""
    root = paths.folder("odoo")
    for left in root.glob("unpacking-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="unpacking-", dir=root))
    work.chmod(0o755)
    for number, file in enumerate(files):
        current.update(number, len(files), "packages")
        try:
            process.run(["dpkg", "-x", file, work], log="unpack", what=f"unpack {file.name}")
        except SetupError:
            # A broken file must not be met again on the next run.
            file.unlink(missing_ok=True)
            raise
    _release(work / "usr" / "lib" / "python3" / "dist-packages")
    final = root / version.split(":")[-1]
    shutil.rmtree(final, ignore_errors=True)
    work.rename(final)
