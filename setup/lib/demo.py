"""`./setup/demo`: a running Odoo with the demo company."""

import argparse
import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from . import cluster, environment, locks, paper, paths, replica, server
from .backup_server import Instance
from .databases import database_name, hash_of_files
from .environment import Environment
from .errors import SetupError
from .progress import say, step

DATABASE = database_name("demo")
TEMPLATE = database_name("demo", "template")
PRACTICE = database_name("demo", "practice")
MODULES = ["lot_traceability", "lot_traceability_recall", "lot_traceability_fsma"]
LOGIN = PASSWORD = "admin"  # noqa: S105  Odoo's own default, for a demo on 127.0.0.1
# The demo's dates are relative to the day it was built on.
_TEMPLATE_AGE_DAYS = 1
_CYCLE = re.compile(r"Demo company: cycle (\d+) of (\d+)")
_BUILD = """
from odoo.addons.lot_traceability.demo import company
company.build(env)
env.cr.commit()
"""
# What `odoo db duplicate --neutralize` does to a copy: it is another database, of which nothing
# goes out; each module says in `data/neutralize.sql` what that is.
_NEUTRALIZE = """
from odoo.modules.neutralize import neutralize_database
env["ir.config_parameter"].init(force=True)
env.flush_all()
neutralize_database(env.cr)
env.cr.commit()
"""
# The company may be committed meanwhile, which locks out who began before: they begin again.
_ASSETS = f"""
import sys
sys.path.append({str(paths.SETUP / "lib" / "inside")!r})
import bundles
from odoo.service.model import retrying
bundles.lessen()
retrying(env['ir.qweb']._pregenerate_assets_bundles, env)
env.cr.commit()
"""


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    if options.stop:
        return _stop()
    held = locks.try_exclusive("demo")
    if not held:
        state = _read_state()
        url = f" at {state['url']}" if "url" in state else ""
        raise SetupError(f"the demo is already running{url}; ./setup/demo --stop ends it.")
    with held:
        _write_state({"pid": os.getpid()})
        try:
            return _run(options)
        finally:
            _state_path().unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="setup/demo", description="Runs Odoo 19 with the demo company."
    )
    parser.add_argument(
        "--port",
        type=int,
        default=8069,
        help="port on 127.0.0.1 (default 8069; 0 takes a free one)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        metavar="N",
        help="worker processes (default: one threaded)",
    )
    parser.add_argument(
        "--replica",
        action="store_true",
        help="start a streaming replica of the database as well, from which Odoo reads",
    )
    parser.add_argument("--reset", action="store_true", help="begin with a fresh demo company")
    parser.add_argument(
        "--practice",
        action="store_true",
        help="serve a copy of the demo to practise on, of which nothing is shipped or mailed; "
        "--reset makes it anew",
    )
    parser.add_argument("--stop", action="store_true", help="stop the running demo")
    parser.add_argument(
        "--json", action="store_true", help="when ready print one JSON line instead of text"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    # Said before anything is downloaded.
    port = server.free_port(options.port)
    if options.replica and cluster.is_external():
        raise SetupError(
            "--replica makes a replica of the demo's own PostgreSQL, not of one that DATABASE_URL "
            "or PGHOST names: make one there, and name it by PGHOST_REPLICA."
        )
    paper.ensure_or_say()
    with environment.ready(replicable=options.replica) as env:
        _make_database(env, reset=options.reset and not options.practice)
        database = DATABASE
        if options.practice:
            database = PRACTICE
            _make_practice(env, reset=options.reset)
        with (
            env.databases.server.durable(),
            _replica(env, database, wanted=options.replica) as second,
            server.serving(
                env,
                [database],
                label="demo",
                port=port,
                workers=options.workers,
                more=replica.variables(second) if second else None,
            ) as running,
        ):
            _write_state({"pid": os.getpid(), "url": running.url})
            _announce(running.url, database, as_json=options.json, second=second)
            running.child.wait()
    return 0


@contextlib.contextmanager
def _replica(env: Environment, database: str, *, wanted: bool) -> Iterator[Instance | None]:
    """A replica of the PostgreSQL server, which goes with the demo."""
    if not wanted:
        yield None
        return
    with step("Browser files"):
        # Odoo answers 404 for files that it has just built and the replica has not got yet.
        log = "demo-replica-assets"
        env.odoo.shell(database, _ASSETS, log=log, what="build the demo's browser files")
    try:
        with replica.running(env.databases.server, paths.home() / "replica") as made:
            yield made
    finally:
        cluster.stop_replicating()


def _make_database(env: Environment, *, reset: bool) -> None:
    wanted = make_template(env, fresh=reset)
    # A demo in use is kept from start to start, until the modules change or --reset is given.
    if reset or (env.databases.stamp_of(DATABASE) or {}).get("template") != wanted:
        with step("Demo database"):
            env.databases.clone(TEMPLATE, DATABASE, {"template": wanted})


def _make_practice(env: Environment, *, reset: bool) -> None:
    """A copy of the demo as it is now. It is kept from start to start, as the demo is."""
    wanted = {**(env.databases.stamp_of(DATABASE) or {}), "practice": True}
    if reset:
        env.databases.drop(PRACTICE)
    if env.databases.stamp_of(PRACTICE) != wanted:
        with step("Practice database"):
            env.databases.build(PRACTICE, wanted, lambda name: neutralize(env, name), base=DATABASE)


def neutralize(env: Environment, name: str) -> None:
    """Make a database one of which nothing goes out: no mail, no printer, no partner."""
    env.odoo.shell(name, _NEUTRALIZE, log="neutralize", what="neutralize the copy")


def make_template(env: Environment, *, fresh: bool = False) -> dict:
    """Build the database `TEMPLATE` with the demo company where it is missing or of other files.

    :param fresh: build it anew as well when it is of another day, since its dates are relative
    :return: what it was built from
    """
    folders = [paths.REPOSITORY / module for module in MODULES]
    apps = env.apps_template()
    wanted = {
        **env.base_stamp,
        "base": env.databases.stamp_of(apps),
        "files": hash_of_files(folders),
    }
    with locks.exclusive("template-demo"):
        stamp = env.databases.stamp_of(TEMPLATE) or {}
        built = stamp.pop("built", 0)
        if stamp != wanted or (fresh and time.time() - built > _TEMPLATE_AGE_DAYS * 86400):
            with step("Demo company") as current:
                work = {**wanted, "built": int(time.time())}
                env.databases.build(
                    TEMPLATE, work, lambda name: _fill(env, name, current), base=apps
                )
    return wanted


def _fill(env: Environment, name: str, current) -> None:
    env.odoo.install(name, MODULES, log="install-demo", step=current)

    def watch(line: str) -> None:
        found = _CYCLE.search(line)
        if found:
            current.update(int(found[1]), int(found[2]), "cycles of the demo company")

    # The browser files do not depend on the company: a second core makes them meanwhile.
    with env.odoo.shell_beside(
        name, _ASSETS, log="demo-assets", what="build the demo's browser files"
    ):
        env.odoo.shell(
            name, _BUILD, log="demo-company", what="build the demo company", on_line=watch
        )


def _announce(url: str, database: str, *, as_json: bool, second: Instance | None) -> None:
    if as_json:
        told = {"url": url, "db": database, "login": LOGIN, "password": PASSWORD}
        if second:
            told["replica"] = str(second.socket_folder)
        print(json.dumps(told), flush=True)
        return
    story = paths.REPOSITORY / "lot_traceability" / "demo" / "story.txt"
    text = story.read_text(encoding="utf-8") if story.exists() else ""
    print(
        f"\n  Address   {url}\n  Database  {database}"
        f"\n  Login     {LOGIN}\n  Password  {PASSWORD}\n"
        + (f"  Replica   {second.folder}\n" if second else "")
    )
    print(f"{text}\nCtrl-C stops it, and so does ./setup/demo --stop.", flush=True)


def running_url() -> str:
    """Where the running demo answers; empty where there is none."""
    held = locks.try_exclusive("demo")
    if held:
        held.close()
        return ""
    return _read_state().get("url", "")


def _state_path() -> Path:
    return paths.folder("run") / "demo.json"


def _read_state() -> dict:
    with contextlib.suppress(OSError, ValueError):
        return json.loads(_state_path().read_text())
    return {}


def _write_state(state: dict) -> None:
    work = _state_path().with_suffix(".new")
    work.write_text(json.dumps(state))
    work.replace(_state_path())


def _stop() -> int:
    """End the running demo, and what a killed one may have left behind."""
    held = locks.try_exclusive("demo")
    if held:
        held.close()
        say("The demo is not running.")
        return 0
    pid = _read_state().get("pid")
    if pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    for _ in range(300):
        held = locks.try_exclusive("demo")
        if held:
            held.close()
            say("The demo has stopped.")
            return 0
        time.sleep(0.1)
    raise SetupError(f"the demo (process {pid}) did not stop within 30 seconds.")
