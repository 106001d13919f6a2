"""Reads which Debian mirror this host uses, and fetches packages of another suite from it.

The host's own sources stay untouched: apt-get gets a configuration, state and cache of its own.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import paths, process
from .errors import SetupError
from .progress import Step, watching

SUITE = "sid"
_KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/etc/apt/trusted.gpg.d/debian-archive-keyring.gpg",
)
_SUITES = {
    "stable",
    "testing",
    "unstable",
    "sid",
    "bullseye",
    "bookworm",
    "trixie",
    "forky",
    "duke",
}
_OTHER_WAY = "ODOO_SERVER=/path/to/odoo uses an Odoo 19 checkout instead."


@dataclass(frozen=True)
class Package:
    """A binary package as apt knows it."""

    name: str
    version: str
    size: int


def mirror_uri(etc: Path = Path("/etc/apt")) -> str:
    """The URI of the Debian archive in the host's apt configuration.

    :raises SetupError: when the host has none.
    """
    for uri, suites in _entries(etc):
        if not uri.startswith("cdrom:") and any(suite in _SUITES for suite in suites):
            return uri
    raise SetupError(
        f"this host's apt configuration names no Debian archive to take odoo-19 from. {_OTHER_WAY}"
    )


def _entries(etc: Path) -> list[tuple[str, list[str]]]:
    """(URI, suites) of every binary source, from one-line and deb822 files."""
    found: list[tuple[str, list[str]]] = []
    parts = etc / "sources.list.d"
    for path in [
        etc / "sources.list",
        *sorted(parts.glob("*.list")),
        *sorted(parts.glob("*.sources")),
    ]:
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += _deb822(text) if path.suffix == ".sources" else _one_line(text)
    return found


def _one_line(text: str) -> list[tuple[str, list[str]]]:
    """
    >>> _one_line('deb [signed-by=/k] http://mirror.example/debian bookworm main')
    [('http://mirror.example/debian', ['bookworm'])]
    """
    pattern = re.compile(r"^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", re.MULTILINE)
    return [(uri, [suite]) for uri, suite in pattern.findall(text)]


def _deb822(text: str) -> list[tuple[str, list[str]]]:
    """
    >>> text = "Types: deb\\n# note\\nURIs: http://m.example/debian\\nSuites: sid\\n  stable\\n"
    >>> _deb822(text)
    [('http://m.example/debian', ['sid', 'stable'])]
    >>> _deb822(text + "Enabled: no\\n")
    []
    """
    found = []
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", kept):
        fields = {
            name.lower(): value.split()
            for name, value in re.findall(r"^([\w-]+):((?:.*(?:\n[ \t].*)*))", stanza, re.MULTILINE)
        }
        if "deb" in fields.get("types", []) and fields.get("enabled", ["yes"]) != ["no"]:
            found += [(uri, fields.get("suites", [])) for uri in fields.get("uris", [])]
    return found


class Apt:
    """apt-get for one suite of the host's mirror, apart from the host's own apt state."""

    def __init__(self):
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise SetupError(
                f"this host has no apt-get to fetch Debian's package odoo-19. {_OTHER_WAY}"
            )
        keyring = next((path for path in _KEYRINGS if Path(path).exists()), None)
        if not keyring:
            raise SetupError(f"this host lacks the package debian-archive-keyring. {_OTHER_WAY}")
        root = paths.folder("apt")
        paths.folder("apt", "state", "lists", "partial")
        paths.folder("apt", "cache", "archives", "partial")
        (root / "status").touch()
        source = f"deb [signed-by={keyring}] {mirror_uri()} {SUITE} main\n"
        (root / "sources.list").write_text(source, encoding="utf-8")
        self._options = [
            f"-oDir::State={root / 'state'}",
            f"-oDir::State::status={root / 'status'}",
            f"-oDir::Cache={root / 'cache'}",
            f"-oDir::Etc::SourceList={root / 'sources.list'}",
            "-oDir::Etc::SourceParts=/dev/null",
            "-oDir::Etc::PreferencesParts=/dev/null",
            # The index of the packages is all that is needed here.
            "-oAcquire::Languages=none",
            "-oAcquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            "-oAcquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled=false",
            "-oAcquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled=false",
            "-oAcquire::IndexTargets::deb::DEP-11-icons-hidpi::DefaultEnabled=false",
            "-oAcquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
            "-oAcquire::Retries=3",
            # As root apt would switch to a user that may not reach the cache folder.
            "-oAPT::Sandbox::User=root",
        ]

    def update(self) -> None:
        """Fetch the suite's package index; apt checks its signature."""
        output = process.run(
            ["apt-get", *self._options, "update"],
            log="apt-update",
            what=f"read the package index of Debian {SUITE}",
        )
        if not self.candidates(["dpkg"]):
            cause = process.explain(output) or "the mirror gave no valid index"
            log = process.log_path("apt-update")
            raise SetupError(
                f"could not read the package index of Debian {SUITE}: {cause}. Details: {log}. "
                f"Run the same command again to go on. {_OTHER_WAY}"
            )

    def candidates(self, names: Sequence[str]) -> dict[str, Package]:
        """Those of the named packages that the suite has, in their newest version."""
        text = process.capture(["apt-cache", *self._options, "show", "--no-all-versions", *names])
        found = {}
        for stanza in text.split("\n\n"):
            fields = dict(re.findall(r"^(Package|Version|Size): (.*)$", stanza, re.MULTILINE))
            if len(fields) == 3:
                found[fields["Package"]] = Package(
                    fields["Package"], fields["Version"], int(fields["Size"])
                )
        return found

    def download(self, packages: Sequence[Package], target: Path, step: Step) -> list[Path]:
        """Fetch packages into `target`; resumes a broken download, and apt checks each hash."""
        names = [package.name for package in packages]
        total = sum(package.size for package in packages)

        def size() -> float:
            return (
                sum(path.stat().st_size for path in target.rglob("*.deb*") if path.is_file()) / 1e6
            )

        with watching(step, size, total / 1e6, "MB"):
            process.run(
                [
                    "apt-get",
                    *self._options,
                    "download",
                    *(f"{p.name}={p.version}" for p in packages),
                ],
                log="apt-download",
                what=f"download {names[0]}",
                cwd=target,
            )
        files = []
        for package in packages:
            file = next(target.glob(f"{package.name}_*.deb"), None)
            if not file or file.stat().st_size != package.size:
                raise SetupError(
                    f"could not download {package.name}: it came broken. Run the command again."
                )
            files.append(file)
        return files
