"""`./setup/backup`: PostgreSQL's own base backups and log archive, Odoo's files, and the drill that
proves that all of it comes back."""

import argparse
import os
import shlex
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from . import (
    backup_drill,
    backup_init,
    backup_pgbackrest,
    backup_report,
    backup_restore,
    backup_server,
    backup_settings,
    backup_tick,
    cluster,
    kills,
    locks,
    paths,
    python_env,
)
from .backup_settings import Settings
from .errors import SetupError
from .progress import say, step


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    python = python_env.ensure(development=options.action == "kills")
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        # What seals the copies is a package of Odoo's own environment.
        command = [str(python), "-B", str(paths.SETUP / "lib"), "backup", *arguments]
        os.execv(str(python), command)  # noqa: S606  the same command, by the right Python
    return _ACTIONS[options.action](options, python)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="setup/backup", description=__doc__)
    parser.add_argument(
        "--settings", type=Path, default=None, help="the file of the settings (default: one a home)"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    backup_init.add_arguments(
        actions.add_parser("init", help="set the backup up, or change its settings")
    )
    actions.add_parser("run", help="make a base backup now, read it back, and prune")
    actions.add_parser("tick", help="what is due: for cron or a systemd timer, every five minutes")
    listing = actions.add_parser("list", help="the backups that are kept")
    listing.add_argument("--json", action="store_true")
    restore = actions.add_parser("restore", help="restore to a new folder, and start it there")
    restore.add_argument("--to", metavar="TIME", help="as it was then (default: the latest)")
    restore.add_argument("--into", type=Path, metavar="FOLDER", help="a new or an empty folder")
    restore.add_argument("--json", action="store_true")
    stop = actions.add_parser("stop", help="stop a server that `restore` has started")
    stop.add_argument("folder", type=Path)
    drill = actions.add_parser("drill", help="restore the latest, and prove that all is there")
    drill.add_argument("--keep", action="store_true", help="leave what was restored running")
    drill.add_argument("--json", action="store_true")
    killing = actions.add_parser("kills", help="kill a busy server again and again: loses nothing")
    killing.add_argument("--times", type=int, default=50)
    killing.add_argument("--database", default="", help="a database to take a copy of")
    killing.add_argument("--json", action="store_true")
    killing.add_argument("--seed", type=int, default=int(time.time()))
    return parser


def _init(options, python: Path) -> int:
    return backup_init.run(options, python)


def _run(options, python: Path) -> int:
    settings = backup_settings.load(options.settings)
    with _alone(settings), cluster.running(python) as server:
        backup_tick.backup(settings, server, python)
    return 0


def _tick(options, python: Path) -> int:
    settings = backup_settings.load(options.settings)
    held = locks.try_exclusive("backup")
    if not held:
        return 0  # a backup or a drill is under way
    with held, cluster.running(python) as server:
        return backup_tick.run(settings, server, python)


def _list(options, python: Path) -> int:
    settings = backup_settings.load(options.settings)
    return backup_report.show(settings, as_json=options.json)


def _restore(options, python: Path) -> int:
    settings = backup_settings.load(options.settings)
    target = backup_restore.Target(backup_restore.moment(options.to) if options.to else None)
    folder = (options.into or settings.folder.parent / f"restored-{_now():%Y%m%dT%H%M%S}").resolve()
    if settings.engine == "pgbackrest":
        about = backup_pgbackrest.of(settings).newest()
    else:
        about = backup_restore.chosen(settings, target).about
    programs = _programs(about, python)
    with step(f"Restoring {about['id']}"):
        instance = backup_server.Instance(folder, programs, about.get("user") or cluster.USER)
        _backup, took = backup_restore.restore(settings, instance, python, target)
    backup_report.announce(instance, took, as_json=options.json)
    return 0


def _programs(about: dict, python: Path) -> Path:
    """The programs for the version that was backed up."""
    version = str(int(about["version"]) // 10000)
    own = cluster.programs(python)
    return own if backup_server.is_of(own, version) else backup_server.programs_of(version)


def _stop(options, python: Path) -> int:
    folder = options.folder.resolve()
    if not (folder / "restored.json").exists():
        raise SetupError(f"{folder} is not one that ./setup/backup restore has made.")
    instance = backup_server.Instance(folder, cluster.programs(python))
    instance.stop()
    say(f"{folder} has stopped; it is yours to delete.")
    return 0


def _drill(options, python: Path) -> int:
    settings = backup_settings.load(options.settings)
    with _alone(settings), cluster.running(python) as server:
        return backup_drill.run(settings, server, python, keep=options.keep, as_json=options.json)


def _kills(options, python: Path) -> int:
    return kills.command(options.times, options.seed, options.database, as_json=options.json)


def _alone(settings: Settings):
    held = locks.try_exclusive("backup")
    if not held:
        raise SetupError("another backup or drill is under way: wait for its end.")
    return held


def _now() -> datetime:
    return datetime.now(timezone.utc)


def command_line(settings: Settings, action: str) -> str:
    """How this command is written in a timer."""
    base = getattr(sys, "_base_executable", sys.executable)
    home = (
        f"LOT_TRACEABILITY_HOME={shlex.quote(str(paths.home()))} "
        # A timer has another PATH, and would find another Python.
        f"LOT_TRACEABILITY_PYTHON={shlex.quote(base)}"
    )
    program = shlex.quote(str(paths.SETUP / "backup"))
    return f"env {home} {program} --settings {shlex.quote(str(settings.path))} {action}"


_ACTIONS = {
    "init": _init,
    "run": _run,
    "tick": _tick,
    "list": _list,
    "restore": _restore,
    "stop": _stop,
    "drill": _drill,
    "kills": _kills,
}
