"""Builds each module as a wheel, and starts Odoo with the wheels in a clean environment.

    setup/lib/with-python wheel

This is how pip-based Odoo installations take the modules; CI runs it.
"""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from . import environment, odoo_tests, paths, process, python_env
from .environment import Environment
from .errors import SetupError
from .progress import step


def main(arguments: list[str]) -> int:
    """Build, install and start; returns the exit code."""
    with environment.ready(development=True) as env, tempfile.TemporaryDirectory() as folder:
        wheels = [_build(env, module, Path(folder)) for module in paths.modules()]
        python = _clean_environment(env, wheels, Path(folder))
        _start(env, python)
    print(f"{len(wheels)} passed, 0 failed, 0 skipped")
    return 0


def _build(env: Environment, module: str, folder: Path) -> Path:
    source = folder / "source" / module
    shutil.copytree(paths.REPOSITORY / module, source, ignore=shutil.ignore_patterns("__pycache__"))
    command = [env.odoo.python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    with step(f"Wheel of {module}"):
        process.run([*command, "-w", folder, source], log=f"wheel-{module}", what=f"build {module}")
    return next(folder.glob(f"odoo_addon_{module}-*.whl"))


def _clean_environment(env: Environment, wheels: list[Path], folder: Path) -> Path:
    root = folder / "venv"
    python = root / "bin" / "python"
    install = [python, "-m", "pip", "install", "--no-input", "--no-deps"]
    with step("Clean environment with the wheels"):
        process.run([sys.executable, "-m", "venv", root], log="wheel-venv", what="make a venv")
        # Odoo itself is no package of the registry: its code joins the environment by its path.
        site = next(root.glob("lib/python*/site-packages"))
        (site / "odoo.pth").write_text(f"{env.odoo.source.python_path}\n", encoding="utf-8")
        process.run(
            [*install, "-r", python_env.RUNTIME],
            log="wheel-requirements",
            what="install the requirements",
        )
        process.run(
            [*install, *wheels],
            log="wheel-install",
            what="install the wheels",
        )
    return python


def _start(env: Environment, python: Path) -> None:
    """Install the modules from the wheels alone: the repository is on no path here."""
    # The code is found by the environment's own path, as with any pip-based installation.
    source = replace(env.odoo.source, python_path=Path())
    odoo = replace(env.odoo, python=python, source=source, addons=())
    database = odoo_tests.run_database("wheel")
    env.databases.clone(env.apps_template(), database)
    try:
        with step("Odoo with the wheels") as current:
            odoo.install(database, paths.modules(), log="wheel-odoo", step=current)
        names = "', '".join(paths.modules())
        query = (
            f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ('{names}')"
        )
        if len(env.databases.server.query(query, database)) != len(paths.modules()):
            raise SetupError(f"Odoo did not install the wheels: {process.log_path('wheel-odoo')}")
    finally:
        env.databases.drop(database)
