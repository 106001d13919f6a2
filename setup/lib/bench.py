"""`./setup/bench NAME ARGS...`: runs setup/benchmarks/NAME.py in the set-up's environment."""

import shlex
import subprocess

from . import browser, environment, paths, python_env
from .errors import SetupError

FOLDER = paths.SETUP / "benchmarks"


def main(arguments: list[str]) -> int:
    """Run one benchmark; it finds its surroundings in the variables set here."""
    names = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        raise SetupError(
            f"./setup/bench NAME, where NAME is one of: {', '.join(names) or 'none yet'}"
        )
    name, *rest = arguments
    with environment.ready(development=True) as env:
        variables = {
            # Odoo's options, and a database to clone that has Odoo's apps and none of our modules.
            "BENCH_ODOO_OPTIONS": shlex.join([f"--config={env.odoo.config()}"]),
            "BENCH_TEMPLATE": env.apps_template(),
            "BENCH_CHROMIUM": browser.find() or "",
        }
        if name == "load":
            variables["BENCH_LOCUST"] = str(python_env.ensure_load())
        command = [str(env.odoo.python), str(FOLDER / f"{name}.py"), *rest]
        return subprocess.run(command, env={**env.odoo.env, **variables}, check=False).returncode
