"""Runs Odoo in the set-up's environment."""

import contextlib
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import paths, process
from .cluster import Postgres
from .databases import data_folder
from .errors import SetupError
from .odoo_source import OdooSource
from .progress import Step

OnLine = Callable[[str], None] | None
_ENTRY = Path(__file__).parent / "inside" / "run_odoo.py"
_LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")


@dataclass(frozen=True)
class Odoo:
    """An Odoo program: its Python, its code, its PostgreSQL server, and more add-on folders."""

    python: Path
    source: OdooSource
    server: Postgres
    addons: tuple[Path, ...] = (paths.REPOSITORY,)

    @property
    def env(self) -> dict[str, str]:
        """The process environment: where the code and the database server are."""
        inherited = {name: value for name, value in self.server.env.items() if name != "PYTHONHOME"}
        # Odoo keeps its time in UTC; a fixed locale keeps messages in English.
        return {
            **inherited,
            "ODOO_RC": str(self.config()),
            "PYTHONPATH": str(self.source.python_path),
            "PYTHONDONTWRITEBYTECODE": "1" if os.environ.get("CI") else "",
            "TZ": "UTC",
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }

    def command(
        self, *arguments: str, action: str = "server", entry: Path | None = None
    ) -> list[str]:
        """The command line of Odoo's `action`; `entry` is a script to run Odoo by."""
        program = [str(self.python), str(entry or _ENTRY)]
        return [
            *program,
            action,
            *(["--http-interface=127.0.0.1"] if action == "server" else []),
            *arguments,
        ]

    def config(self) -> Path:
        """The configuration file that tells every action of Odoo, by ODOO_RC, where things are.

        Most actions take no such options on their command line.
        """
        addons = ",".join(map(str, (*self.source.addons, *self.addons)))
        text = f"[options]\naddons_path = {addons}\ndata_dir = {data_folder()}\n"
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        path = paths.folder("run") / f"odoo-{digest}.conf"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        return path

    def run(
        self,
        *arguments: str,
        log: str,
        what: str,
        step: Step | None = None,
        action: str = "server",
        stdin: str | None = None,
        on_line: OnLine = None,
    ) -> str:
        """Run Odoo to its end; loaded modules move the bar of `step`."""

        def watch(line: str) -> None:
            found = _LOADING.search(line) if step else None
            if found:
                step.update(int(found[2]), int(found[3]), f"modules ({found[1]})")
            if on_line:
                on_line(line)

        command = self.command("--no-http", *arguments, action=action)
        return process.run(
            command,
            log=log,
            what=what,
            env=self.env,
            cwd=paths.folder("run"),
            stdin=stdin,
            on_line=watch,
        )

    def install(
        self, database: str, modules: list[str], *, log: str, step: Step | None = None
    ) -> None:
        """Install modules (without demo data) in a database, which is made when missing."""
        output = self.run(
            *("-d", database, "-i", ",".join(modules), "--stop-after-init", "--max-cron-threads=0"),
            *("--log-handler=odoo.modules.loading:INFO",),
            log=log,
            what=f"install {', '.join(modules)} in the database {database}",
            step=step,
        )
        _check_installed(output, modules, log)

    def shell(
        self, database: str, script: str, *, log: str, what: str, on_line: OnLine = None
    ) -> None:
        """Run a Python script with `env` in the database; the script commits."""
        self.run(
            *("-d", database, "--max-cron-threads=0"),
            log=log,
            what=what,
            action="shell",
            stdin=script,
            on_line=on_line,
        )

    def shell_beside(
        self, database: str, script: str, *, log: str, what: str
    ) -> contextlib.AbstractContextManager[None]:
        """As `shell`, while the block of the `with` runs."""
        return process.beside(
            self.command("--no-http", "-d", database, "--max-cron-threads=0", action="shell"),
            log=log,
            what=what,
            env=self.env,
            cwd=paths.folder("run"),
            stdin=script,
        )

    def test(
        self,
        arguments: list[str],
        *,
        entry: Path,
        report: Path,
        tested: list[str],
        log: str,
        on_line: OnLine,
    ) -> None:
        """Run Odoo with tests through `entry`, which writes its JSON lines to `report`.

        :param tested: the modules whose tests must not be tagged for the installation
        :raises SetupError: when Odoo ends before its tests do
        """
        env = {
            **self.env,
            "LOT_TRACEABILITY_REPORT": str(report),
            "LOT_TRACEABILITY_TESTED": ",".join(tested),
        }
        command = self.command(*arguments, entry=entry)
        try:
            process.run(
                command, log=log, what="run Odoo", env=env, cwd=paths.folder("run"), on_line=on_line
            )
        except SetupError:
            # Failed tests give an exit code, too: here only not getting to them is an error. The
            # report says it and not the log, which another run may be writing as well.
            if not report.exists() or '"event": "start"' not in report.read_text(errors="replace"):
                raise

    def exec(self, arguments: list[str], action: str) -> int:
        """Run Odoo in the foreground on the user's terminal; returns its exit code."""
        child = subprocess.Popen(self.command(*arguments, action=action), env=self.env)
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                sys.stderr.flush()


def _check_installed(output: str, modules: list[str], log: str) -> None:
    """Odoo ends with code 0 when a module is unknown or cannot be installed: read its log."""
    for mark in (
        "invalid module names",
        "not installable",
        "Some modules are not loaded",
        "Failed to initialize",
    ):
        line = next((text for text in output.splitlines() if mark in text), None)
        if line:
            message = line.split(": ", 1)[-1]
            raise SetupError(
                f"could not install {', '.join(modules)}: {message}. "
                f"Details: {process.log_path(log)}"
            )
