"""The virtual environments: one that runs Odoo and the tests, one for the linters."""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from . import locks, paths, process
from .progress import step

RUNTIME = paths.SETUP / "requirements.txt"
DEVELOPMENT = paths.SETUP / "requirements-dev.txt"
LINT = paths.SETUP / "requirements-lint.txt"
LOAD = paths.SETUP / "requirements-load.txt"
NODE = paths.SETUP / "requirements-node.txt"


def ensure(*, development: bool = False) -> Path:
    """The Python that runs Odoo, with all requirements; with those of the tests at will."""
    return _ensure("venv", [RUNTIME, DEVELOPMENT] if development else [RUNTIME])


def ensure_lint() -> Path:
    """The Python of the linters, apart since their pins clash with Odoo's."""
    return _ensure("venv-lint", [LINT])


def ensure_load() -> Path:
    """The Python of Locust, apart for the same reason."""
    return _ensure("venv-load", [LOAD])


def ensure_node() -> Path:
    """The Python whose environment holds a Node.js, for hosts without one."""
    return _ensure("venv-node", [NODE])


def _ensure(name: str, requirements: list[Path]) -> Path:
    with locks.exclusive(name):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        digest = hashlib.sha256(requirements[0].read_bytes()).hexdigest()[:10]
        root = paths.folder() / f"{name}-{version}-{digest}"
        python = root / "bin" / "python"
        for number, file in enumerate(requirements):
            # The stamp is written last: what an interrupted run left behind is made anew.
            stamp = root / f"complete-{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"
            # The host's Python may be gone meanwhile, or be another user's.
            if stamp.exists() and os.access(python, os.X_OK):
                continue
            if number == 0:
                shutil.rmtree(root, ignore_errors=True)
                _create(root, name)
            _install(python, file)
            stamp.touch()
        return python


def _create(root: Path, name: str) -> None:
    with step(f"Python environment {name}"):
        process.run(
            [sys.executable, "-m", "venv", root], log=name, what="make a Python environment"
        )


def _install(python: Path, file: Path) -> None:
    expected = len(re.findall(r"^[A-Za-z]", file.read_text(encoding="utf-8"), re.MULTILINE))
    with step(f"Python packages of {file.name}") as current:
        seen = 0

        def count(line: str) -> None:
            nonlocal seen
            if line.lstrip().startswith("Collecting ") or "already satisfied" in line:
                seen += 1
                current.update(seen, expected, "packages")

        def install(*options: str) -> None:
            # Each file pins all that is needed, so nothing is left to be resolved.
            command = [python, "-m", "pip", "install", "--no-input", "--no-deps", *options]
            process.run(
                [*command, "--progress-bar=off", "-r", file],
                log=f"pip-{file.stem}",
                what=f"install the Python packages of {file.name}",
                env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
                on_line=count,
            )

        try:
            install()
        except process.BrokenDownloadError:
            # pip would take the same broken file from its cache again.
            install("--no-cache-dir")
