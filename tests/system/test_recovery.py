"""A backup of a real server, from what its administrator has to set to the drill that proves it."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import remote

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "setup"))

from lib import cluster, odoo_source, playground  # noqa: E402  the line above makes it importable
from lib.cluster import Postgres  # noqa: E402
from lib.databases import Databases, data_folder  # noqa: E402
from lib.environment import Environment  # noqa: E402
from lib.odoo_process import Odoo  # noqa: E402

# Ends a segment of the log, which is archived then.
_MORE = "SELECT pg_create_restore_point('more'), pg_switch_wal()"


class Backup:
    """`./setup/backup` against a server of its own."""

    def __init__(self, place, folder: Path):
        self.place, self.folder = place, folder
        self.settings = folder / "backup.json"
        self.key = folder / "key" / "backup.key"

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [REPOSITORY / "setup" / "backup", "--settings", self.settings, *arguments]
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            env=self.place.env,
            check=False,
        )

    def well(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def place(demo_server):
    """A PostgreSQL server with a copy of the demo company, and an Odoo that serves it."""
    python = Path(sys.executable)
    source = Postgres(dict(os.environ), cluster.programs(python), embedded=False)
    addons = (REPOSITORY, REPOSITORY / "tests" / "addons")
    env = Environment(
        Odoo(python, odoo_source.ensure(), source, addons), Databases(source, data_folder())
    )
    with playground.playground(
        env, demo_server["db"], "backup", {"wal_level": "minimal", "max_wal_senders": "0"}
    ) as made:
        yield made


@pytest.fixture(scope="module")
def backup(place, tmp_path_factory):
    """Set up as its administrator does it: `init` says what to set, and then is content."""
    folder = tmp_path_factory.mktemp("backup")
    made = Backup(place, folder)
    init = ["init", "--folder", folder / "copies", "--key", made.key, "--data", place.data]
    init += ["--database", place.database, "--scratch", folder / "drills"]
    first = made(*init, "--archive-timeout", "60", "--keep", "2")
    assert first.returncode == 3, first.stdout + first.stderr
    told = dict(re.findall(r"^    (\w+) = '(.*)'$", first.stdout, re.MULTILINE))
    assert {"wal_level", "archive_mode", "archive_command", "archive_timeout"} <= told.keys()
    place.instance.settings({name: value.replace("''", "'") for name, value in told.items()})
    place.instance.stop()
    place.instance.start()
    assert "PostgreSQL archives its log" in made("init").stderr
    place.start_odoo()
    return made


@pytest.fixture(scope="module")
def connection(place, backup):
    access = {"url": place.url, "db": place.database, "login": "admin", "password": "admin"}
    return remote.Connection(access)


@pytest.fixture(scope="module")
def copied(backup, connection):
    """A backup, and two lots that came after it, with the moment between them."""
    backup.well("run")
    remote.receive_and_deliver(connection, "AFTER-BACKUP-1")
    time.sleep(1.1)
    between = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    time.sleep(1.1)
    remote.receive_and_deliver(connection, "AFTER-BACKUP-2")
    connection("ir.attachment", "create", {"name": "late.txt", "raw": "came after the backup"})
    return between


def names(env: dict, programs: Path, database: str) -> str:
    server = Postgres(env, programs, embedded=False)
    rows = server.query("SELECT name FROM stock_lot WHERE name LIKE 'AFTER-%' ORDER BY 1", database)
    return " ".join(row[0] for row in rows)


def test_drill_proves_the_copy_and_its_report_is_in_odoo(backup, copied, connection):
    report = json.loads(backup.well("drill", "--json"))
    assert report["ok"], report["proofs"]
    assert [proof["name"] for proof in report["proofs"] if not proof["passed"]] == []
    assert len(report["proofs"]) == 6
    assert 0 <= report["rpo"] < 900
    assert report["rto"] > 0
    stored = connection(
        "lot.backup.report",
        "search_read",
        [("kind", "=", "drill")],
        ["ok", "rpo", "rto", "backup", "proof_ids"],
    )
    assert [(one["ok"], one["backup"], len(one["proof_ids"])) for one in stored] == [
        (True, report["backup"], 6)
    ]
    [place] = connection("lot.backup.place", "search_read", [], ["problems", "backups"])
    assert (place["problems"] or "", place["backups"]) == ("", 1)
    assert not list((backup.folder / "drills").iterdir()), "nothing is left of the drill"


def test_restore_goes_to_the_end_or_to_a_moment(backup, copied, place):
    whole = json.loads(backup.well("restore", "--into", backup.folder / "whole", "--json"))
    moment = ["restore", "--to", copied, "--into", backup.folder / "moment", "--json"]
    earlier = json.loads(backup.well(*moment))
    for restored, lots in (
        (whole, "AFTER-BACKUP-1 AFTER-BACKUP-2"),
        (earlier, "AFTER-BACKUP-1"),
    ):
        env = {**os.environ, "PGHOST": restored["host"], "PGUSER": restored["user"]}
        assert names(env, place.instance.programs, place.database) == lots
        backup.well("stop", restored["folder"])
    refused = backup("restore", "--into", backup.folder / "whole")
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


def test_second_backup_and_a_third_keep_two_and_tick_finds_nothing_due(backup, copied):
    backup.well("run")
    backup.well("run")
    listed = json.loads(backup.well("list", "--json"))
    assert len(listed["backups"]) == 2
    assert listed["missing_segment"] == ""
    assert all(one["read_back"] for one in listed["backups"])
    backup.well("tick")
    assert len(json.loads(backup.well("list", "--json"))["backups"]) == 2


def test_archive_that_breaks_is_an_alarm_and_goes_when_it_is_mended(
    backup, copied, connection, place
):
    [shown] = connection("lot.backup.place", "search", [])
    away = backup.key.with_name("away")
    backup.key.rename(away)
    try:
        place.instance.server.query(_MORE)
        problems = wait_for(connection, shown, "cannot archive its log")
        assert "Mend it before its disk is full" in problems
        activities = connection(
            "mail.activity", "search_count", [("res_model", "=", "lot.backup.place")]
        )
        assert activities >= 1
    finally:
        away.rename(backup.key)
    # The server tries again each minute, and at once when there is more to archive.
    place.instance.server.query(_MORE)
    wait_for(connection, shown, "", seconds=150)
    assert not connection("mail.activity", "search_count", [("res_model", "=", "lot.backup.place")])


def wait_for(connection, place: int, part: str, seconds: float = 60) -> str:
    end = time.monotonic() + seconds
    while True:
        connection("lot.backup.place", "action_check", [place])
        found = connection("lot.backup.place", "read", [place], ["problems"])[0]["problems"] or ""
        if (part and part in found) or (not part and not found):
            return found
        assert time.monotonic() < end, found
        time.sleep(1)


def test_copy_that_was_changed_is_refused_and_named(backup, copied):
    newest = json.loads(backup.well("list", "--json"))["backups"][-1]["id"]
    path = backup.folder / "copies" / "base" / newest / "cluster.tar.sealed"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    refused = backup("restore", "--into", backup.folder / "changed")
    assert refused.returncode == 1
    assert "does not open: it was changed" in refused.stderr
    assert "Traceback" not in refused.stderr
