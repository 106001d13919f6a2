"""The linters; each is one check that blocks."""

import os
from collections.abc import Callable
from pathlib import Path

from . import node, paths, process, python_env
from .errors import SetupError
from .progress import step
from .tally import Tally

NAMES = (
    "ruff check",
    "ruff format",
    "pylint-odoo",
    "oca-checks-odoo-module",
    "oca-checks-po",
    "prettier",
    "eslint",
)
# The word for all of them.
ALL = "lint"
_IGNORED = {"node_modules", "__pycache__"}


def run(only: str = "") -> Tally:
    """Run the linters whose name contains `only`; all for `ALL`."""
    tally = Tally()
    for name, check in _linters().items():
        if only != ALL and only not in name:
            continue
        try:
            with step(name):
                check()
        except SetupError as error:
            log = process.log_path(name.replace(" ", "-"))
            tally.fail(
                name, log.read_text(errors="replace")[-6000:] if log.exists() else str(error)
            )
        else:
            tally.passed += 1
    return tally


def fix() -> None:
    """Let the formatters rewrite what they can: ruff and prettier."""
    with step("ruff"):
        _python_tool("ruff fix", "ruff", "check", "--no-cache", "--fix", "--exit-zero", ".")
        _python_tool("ruff fix", "ruff", "format", "--no-cache", ".")
    with step("prettier"):
        _prettier(_addons(), "--write")


def _linters() -> dict[str, Callable[[], None]]:
    addons = _addons()
    return {
        "ruff check": lambda: _python_tool("ruff check", "ruff", "check", "--no-cache", "."),
        "ruff format": lambda: _python_tool(
            "ruff format", "ruff", "format", "--no-cache", "--check", "."
        ),
        "pylint-odoo": lambda: _python_tool("pylint-odoo", "pylint", "-j2", "--score=n", *addons),
        "oca-checks-odoo-module": lambda: _python_tool(
            "oca-checks-odoo-module", "oca-checks-odoo-module", *addons
        ),
        # A word that is the same in another language says so, which its format would clear.
        "oca-checks-po": lambda: _python_tool(
            "oca-checks-po", "oca-checks-po", "--disable=po-pretty-format", *_files(addons, ".po")
        ),
        "prettier": lambda: _prettier(addons),
        "eslint": lambda: _eslint(addons),
    }


def _addons() -> list[str]:
    """Our modules and the test-only ones, relative to the repository."""
    tests = [
        str(path.parent.relative_to(paths.REPOSITORY))
        for path in paths.TEST_ADDONS.glob("*/__manifest__.py")
    ]
    return [*paths.modules(), *sorted(tests)]


def _python_tool(name: str, program: str, *arguments: str) -> None:
    python = python_env.ensure_lint()
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    _run(name, [python.parent / program, *arguments], env)


def _prettier(addons: list[str], action: str = "--check") -> None:
    env, root = node.ensure()
    files = _files(addons, ".xml", ".js", ".scss", ".json")
    plugin = root / "node_modules" / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    command = [root / "node_modules" / ".bin" / "prettier", action, f"--plugin={plugin}", *files]
    if files:
        _run("prettier", command, env)


def _eslint(addons: list[str]) -> None:
    env, root = node.ensure()
    files = _files(addons, ".js")
    # The rules are imported from beside the tool, so the configuration is read from there.
    config = root / "eslint.config.mjs"
    config.write_bytes((paths.REPOSITORY / "eslint.config.mjs").read_bytes())
    if files:
        _run(
            "eslint", [root / "node_modules" / ".bin" / "eslint", f"--config={config}", *files], env
        )


def _files(folders: list[str], *suffixes: str) -> list[str]:
    found = []
    for folder in folders:
        for path in (paths.REPOSITORY / folder).rglob("*"):
            if path.suffix in suffixes and not _IGNORED.intersection(path.parts):
                found.append(str(path.relative_to(paths.REPOSITORY)))
    return sorted(found)


def _run(name: str, command: list[str | Path], env: dict[str, str]) -> None:
    log = name.replace(" ", "-")
    process.run(command, log=log, what=f"pass {name}", cwd=paths.REPOSITORY, env=env)
