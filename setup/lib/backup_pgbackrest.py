"""pgBackRest instead of our own base backups and archive, where a firm has it: wrapped, not
configured behind its administrator's back."""

import json
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import cluster, process
from .backup_settings import Settings
from .cluster import Postgres
from .errors import SetupError
from .progress import say

if TYPE_CHECKING:
    from .backup_restore import Target

STANZA = "lot_traceability"
_CIPHER = "aes-256-cbc"


def program() -> Path:
    """pgBackRest.

    :raises SetupError: when this host has none
    """
    found = shutil.which("pgbackrest")
    if not found:
        raise SetupError(
            "this host has no pgbackrest: apt-get install pgbackrest, or --engine own."
        )
    return Path(found)


@dataclass(frozen=True)
class PgBackRest:
    """pgBackRest with the settings of a backup."""

    settings: Settings
    program: Path

    @property
    def conf(self) -> Path:
        """Its configuration, beside ours."""
        return self.settings.path.with_name("pgbackrest.conf")

    def write_conf(self, data: str, host: str, port: str, user: str) -> None:
        """Write the configuration: where the cluster and the copies are, and the key."""
        values = {
            "global": {
                "repo1-path": str(self.settings.folder / "pgbackrest"),
                "repo1-cipher-type": _CIPHER,
                "repo1-cipher-pass": self.settings.key().hex(),
                "repo1-retention-full": str(self.settings.keep),
                "log-path": str(self.settings.folder / "log"),
                "lock-path": str(self.settings.folder / "lock"),
                "start-fast": "y",
                "compress-type": "zst",
            },
            STANZA: {"pg1-path": data, "pg1-port": port, "pg1-user": user},
        }
        if host.startswith("/"):
            values[STANZA]["pg1-socket-path"] = host
        text = "\n".join(
            f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in section.items())
            for name, section in values.items()
        )
        self.conf.touch(mode=0o600)
        self.conf.write_text(text, encoding="utf-8")
        for folder in ("pgbackrest", "log", "lock"):
            (self.settings.folder / folder).mkdir(parents=True, exist_ok=True)
            cluster.give(self.settings.folder / folder)
        cluster.give(self.conf)

    def command(self, *arguments: str) -> list[str]:
        """Its command line."""
        return [
            str(self.program),
            f"--config={self.conf}",
            f"--stanza={STANZA}",
            *arguments,
        ]

    def archive_command(self) -> str:
        """The value of `archive_command`."""
        return f"{shlex.join(self.command('archive-push')).replace('%', '%%')} %p"

    def run(self, *arguments: str, what: str) -> str:
        """Run it as the server's user, whose files it reads."""
        return process.run(
            cluster.as_server_user(self.command(*arguments)),
            log=f"pgbackrest-{arguments[-1]}",
            what=what,
        )

    def create(self) -> None:
        """Make the repository, and see that the server archives to it."""
        self.run("stanza-create", what="make pgBackRest's repository")
        self.run("check", what="archive to pgBackRest")

    def backup(self) -> dict:
        """Make a full backup; the last one as `info` tells."""
        self.run("--type=full", "backup", what="make a backup by pgBackRest")
        return self.info()[-1]

    def verify(self) -> None:
        """Have it read all copies and compare their checksums."""
        self.run("verify", what="verify the copies of pgBackRest")

    def info(self) -> list[dict]:
        """Its backups, the oldest first: {"id", "started", "ended", "bytes", "wal_first",
        "wal_end"}."""
        done = subprocess.run(
            [*self.command("--output=json", "info")], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SetupError(f"pgbackrest info: {' '.join(done.stderr.split())[:300]}")
        return read_info(done.stdout)

    def newest(self) -> dict:
        """The last backup.

        :raises SetupError: when there is none
        """
        found = self.info()
        if not found:
            raise SetupError("there is no backup yet: ./setup/backup run makes one.")
        return found[-1]

    def restore(self, target: "Target", data: Path) -> None:
        """Restore to a new folder."""
        options = [f"--pg1-path={data}", "--target-action=promote"]
        if target.moment:
            options += ["--type=time", f"--target={target.moment.isoformat(sep=' ')}"]
        elif target.point:
            options += ["--type=name", f"--target={target.point}"]
        self.run(*options, "restore", what="restore by pgBackRest")


def read_info(text: str) -> list[dict]:
    """What `pgbackrest info --output=json` tells.

    >>> one = {"label": "20260301-120000F", "timestamp": {"start": 1, "stop": 2},
    ...        "info": {"repository": {"size": 5}}, "archive": {"start": "A", "stop": "B"}}
    >>> [found] = read_info(json.dumps([{"backup": [one], "db": [{"version": "15"}]}]))
    >>> found["id"], found["bytes"], found["version"]
    ('20260301-120000F', 5, '150000')
    """
    return [
        {
            "id": one["label"],
            "started": one["timestamp"]["start"],
            "ended": one["timestamp"]["stop"],
            "bytes": one["info"]["repository"].get("size") or one["info"].get("size", 0),
            "wal_first": one["archive"]["start"],
            "wal_end": one["archive"]["stop"],
            # As PostgreSQL writes the number of a version.
            "version": f"{stanza['db'][-1]['version'].split('.')[0]}0000",
        }
        for stanza in json.loads(text)
        for one in stanza.get("backup", [])
        if not one.get("error")
    ]


def of(settings: Settings) -> PgBackRest:
    """pgBackRest for these settings."""
    return PgBackRest(settings, program())


def report(one: dict) -> dict:
    """A backup of pgBackRest as Odoo is told of it."""
    return {
        "kind": "backup",
        "key": f"backup-{one['id']}",
        "ok": True,
        "started": one["started"],
        "ended": one["ended"],
        "backup": one["id"],
        "megabytes": one["bytes"] / 1e6,
        "wal_first": one["wal_first"],
        "wal_end": one["wal_end"],
        "text": f"pgBackRest, noted on {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC",
    }


def init(settings: Settings, python: Path) -> bool:
    """Write its configuration and make the repository; true when the server's administrator has
    something to set first."""
    tool = of(settings)
    with cluster.running(python) as server:
        lacks = _prepare(tool, server)
        if lacks:
            say("In postgresql.conf of the server, then restart it, then init again:")
            print("\n".join(f"    {line}" for line in lacks), flush=True)
            return True
        tool.create()
    say("pgBackRest archives.")
    return False


def _prepare(tool: PgBackRest, server: Postgres) -> list[str]:
    ((data, archiving, level, command),) = server.query(
        "SELECT current_setting('data_directory'), current_setting('archive_mode'), "
        "current_setting('wal_level'), current_setting('archive_command')"
    )
    env = server.env
    tool.write_conf(
        data, env.get("PGHOST", ""), env.get("PGPORT") or "5432", env.get("PGUSER") or "postgres"
    )
    wanted = tool.archive_command()
    lacks = []
    if archiving == "off":
        lacks.append("archive_mode = 'on'")
    if level == "minimal":
        lacks.append("wal_level = 'replica'")
    if command != wanted:
        lacks.append(f"archive_command = '{wanted}'")
        lacks.append(f"archive_timeout = '{tool.settings.archive_timeout}'")
    return lacks
