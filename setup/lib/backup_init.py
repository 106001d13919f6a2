"""`./setup/backup init`: the settings, the key, and what the server and the clock have to do."""

import argparse
import os
import shlex
from dataclasses import replace
from pathlib import Path

from . import backup_pgbackrest, backup_seal, backup_server, backup_settings, cluster, paths
from .backup_settings import Settings
from .demo import DATABASE
from .errors import SetupError
from .progress import say

_VALUES = ("keep", "every_hours", "drill_days", "archive_timeout", "data", "engine")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `init`; those that are not given stay as they are."""
    parser.add_argument("--folder", type=Path, help="where copies go: best on another machine")
    parser.add_argument("--key", type=Path, help="file of the key; made when it is missing")
    parser.add_argument("--keep", type=int, metavar="N", help="backups to keep (7)")
    parser.add_argument("--every-hours", type=int, metavar="N", help="a base backup (24)")
    parser.add_argument("--drill-days", type=int, metavar="N", help="a drill, 0: none (7)")
    parser.add_argument(
        "--archive-timeout", type=int, metavar="SECONDS", help="work that may be lost (300)"
    )
    parser.add_argument(
        "--database", action="append", metavar="NAME", help="told of backups, and proved by drills"
    )
    parser.add_argument("--data", type=Path, help="Odoo's data folder, with its filestore")
    parser.add_argument("--scratch", type=Path, help="where drills restore to, for a while")
    parser.add_argument("--engine", choices=("own", "pgbackrest"), help="what copies the cluster")


def run(options: argparse.Namespace, python: Path) -> int:
    """Write the settings and configure the server; returns 0, or 3 while something is left to an
    administrator."""
    settings = settled(options)
    for folder in (settings.folder, settings.wal):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _for_the_server(settings.wal)
    if not settings.key_file.exists():
        _write_key(settings.key_file)
    settings.key()
    settings.save()
    say(f"Settings {settings.path}, copies in {settings.folder}, key {settings.key_file}.")
    say("Keep a copy of the key elsewhere: without it no copy opens.")
    left = _configure(settings, python)
    print(timer(settings), flush=True)
    return 3 if left else 0


def settled(options: argparse.Namespace) -> Settings:
    """The settings as they were, with what was given now."""
    path = (options.settings or backup_settings.default_path()).resolve()
    given = {name: getattr(options, name) for name in _VALUES if getattr(options, name) is not None}
    if options.folder:
        given["folder"] = options.folder.resolve()
    if options.data:
        given["data"] = options.data.resolve()
    if options.scratch:
        given["scratch"] = options.scratch.resolve()
    if options.key:
        given["key_file"] = options.key.resolve()
    if options.database:
        given["databases"] = tuple(options.database)
    if backup_settings.is_set_up(path):
        found = replace(backup_settings.load(path), **given)
    elif "folder" not in given:
        raise SetupError("say where copies go: ./setup/backup init --folder FOLDER.")
    else:
        given.setdefault("key_file", path.with_name("backup.key"))
        given.setdefault("databases", () if cluster.is_external() else (DATABASE,))
        found = Settings(**given, path=path)
    if not found.databases:
        raise SetupError("say which database of Odoo it is: ./setup/backup init --database NAME.")
    if found.folder == found.key_file.parent or found.folder in found.key_file.parents:
        raise SetupError("the key must not lie among the copies that it opens: --key FILE.")
    return found


def _write_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(backup_seal.new_key() + "\n")
        file.flush()
        os.fsync(file.fileno())
    _for_the_server(path)


def _for_the_server(path: Path) -> None:
    """The archive command runs as the embedded server's user; another server's administrator is
    told."""
    if not cluster.is_external():
        cluster.give(path)


def _configure(settings: Settings, python: Path) -> bool:
    """Configure the server, or say what is left to do; true when something is."""
    if settings.engine == "pgbackrest":
        return backup_pgbackrest.init(settings, python)
    if not cluster.is_external():
        with cluster.running(python):
            backup_server.configure(python, settings)
    with cluster.running(python) as server:
        lacks = backup_server.lacking(server, python, settings)
        ((user,),) = server.query("SELECT current_user")
    if not lacks:
        say("PostgreSQL archives its log.")
        return False
    if cluster.is_external():
        print(backup_server.advice(lacks, user), flush=True)
    else:
        say("PostgreSQL archives when all that uses it has ended (./setup/demo --stop) and begun.")
    return True


def timer(settings: Settings) -> str:
    """What starts `tick` every five minutes. Odoo cannot: it may be what is broken."""
    from .backup import command_line

    command = command_line(settings, "tick")
    log = shlex.quote(str(paths.folder("log") / "backup-tick.log"))
    return (
        "\nAll that is due is done by one command every five minutes. Either in crontab -e:\n\n"
        f"    */5 * * * * {command} >>{log} 2>&1\n\n"
        "or as a timer of systemd, in /etc/systemd/system:\n\n"
        "    # lot-traceability-backup.service\n"
        "    [Service]\n"
        "    Type=oneshot\n"
        f"    ExecStart=/usr/bin/{command}\n\n"
        "    # lot-traceability-backup.timer\n"
        "    [Timer]\n"
        "    OnCalendar=*:0/5\n"
        "    [Install]\n"
        "    WantedBy=timers.target\n\n"
        "    systemctl enable --now lot-traceability-backup.timer\n"
    )
