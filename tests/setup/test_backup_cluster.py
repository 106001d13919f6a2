"""PostgreSQL's own programs, wrapped: a cluster is copied, restored to a moment, and broken."""

import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from lib import (
    backup_base,
    backup_restore,
    backup_seal,
    backup_server,
    backup_settings,
    backup_wal,
    cluster,
)
from lib.backup_restore import Target
from lib.errors import SetupError

PYTHON = Path(sys.executable)
FAST = {"shared_buffers": "16MB", "fsync": "on", "max_connections": "120"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("home")
    patch.setenv("LOT_TRACEABILITY_HOME", str(folder))
    yield folder
    patch.undo()


@pytest.fixture(scope="module")
def settings(home):
    key = home / "backup.key"
    key.write_text(backup_seal.new_key())
    made = backup_settings.Settings(home / "copies", key, keep=2, databases=("postgres",))
    made.wal.mkdir(parents=True)
    for path in (key, made.folder, made.wal):
        cluster.give(path)
    made.save()
    return made


@pytest.fixture(scope="module")
def instance(home, settings):
    made = backup_server.Instance(home / "live", cluster.programs(PYTHON))
    made.make({**FAST, **backup_server.wanted(PYTHON, settings)})
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def copied(settings, instance):
    """Two backups with rows before, between and after; the moment between the last two rows."""
    server = instance.server
    server.query("CREATE TABLE told (what text)")
    server.query("INSERT INTO told VALUES ('before')")
    first = backup_base.run(settings, server, PYTHON)
    server.query("INSERT INTO told VALUES ('between')")
    time.sleep(0.1)
    moment = datetime.now(timezone.utc)
    time.sleep(0.1)
    server.query("INSERT INTO told VALUES ('after')")
    backup_server.archived_up_to(server, "end")
    return first, moment


def restored(settings, instance, folder, target):
    """The rows of a restored cluster."""
    copy = backup_server.Instance(folder, instance.programs)
    try:
        backup_restore.restore(settings, copy, PYTHON, target)
        assert copy.server.query("SHOW archive_mode") == [["off"]]
        assert copy.server.query("SHOW max_connections") == [["120"]]
        return [row[0] for row in copy.server.query("SELECT what FROM told")]
    finally:
        backup_restore.remove(copy)
        assert not folder.exists()


def test_nothing_is_lacking_when_all_is_set(settings, instance):
    assert backup_server.lacking(instance.server, PYTHON, settings) == {}


def test_backup_says_what_it_has_and_was_read_back(settings, copied):
    first, _moment = copied
    [listed] = backup_base.backups(settings)
    assert listed.about == first.about
    assert listed.about["database_files"] > 500
    assert listed.about["wal_first"] in backup_wal.segments(settings)
    assert listed.notes["read_back"]
    assert backup_base.gap(settings, listed.about["wal_first"]) == ""


def test_latest_is_everything_and_a_moment_is_what_was_there_then(settings, instance, copied, home):
    _first, moment = copied
    assert restored(settings, instance, home / "end", Target()) == ["before", "between", "after"]
    assert restored(settings, instance, home / "then", Target(moment)) == ["before", "between"]


def test_moment_that_was_not_archived_yet_is_said_so(settings, instance, copied, home):
    future = Target(datetime(2099, 1, 1, tzinfo=timezone.utc))
    with pytest.raises(SetupError, match=r"recovery (ended|failed)"):
        restored(settings, instance, home / "future", future)


def test_moment_before_the_first_backup_is_said_so(settings, instance, copied, home):
    past = Target(datetime(2000, 1, 1, tzinfo=timezone.utc))
    with pytest.raises(SetupError, match="the oldest backup that is kept is of"):
        backup_restore.restore(
            settings, backup_server.Instance(home / "past", instance.programs), PYTHON, past
        )


def test_manifest_that_a_file_does_not_agree_with_is_found(settings, copied):
    seen = {"base/1/1": (10, "ab")}
    manifest = b'{"Files": [{"Path": "base/1/1", "Size": 10, "Checksum": "cd"}], "WAL-Ranges": []}'
    with pytest.raises(SetupError, match="base/1/1 is not what PostgreSQL's manifest says"):
        backup_base._compare(seen, b"label", manifest, "x")
    with pytest.raises(SetupError, match="has no manifest: it is not whole"):
        backup_base._compare(seen, b"label", b"", "x")


def test_backup_is_refused_while_the_archive_fails_and_says_why(settings, instance, monkeypatch):
    monkeypatch.setattr(backup_server, "_PATIENCE", 6)
    away = settings.key_file.with_name("away")
    settings.key_file.rename(away)
    try:
        # The key is read by the archive command alone here.
        with pytest.raises(SetupError, match=r"not get its log into the archive.*key.*cannot be"):
            backup_server.archived_up_to(instance.server, "broken")
    finally:
        away.rename(settings.key_file)
    monkeypatch.setattr(backup_server, "_PATIENCE", 90)
    backup_server.archived_up_to(instance.server, "mended")


def test_backup_is_refused_where_the_disk_has_no_room(settings, instance, copied, monkeypatch):
    usage = backup_base.shutil.disk_usage("/")._replace(free=9_000_000)
    monkeypatch.setattr(backup_base.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SetupError, match="9 MB free, and a backup needs about"):
        backup_base.run(settings, instance.server, PYTHON)
    assert len(backup_base.backups(settings)) == 1


def test_server_that_does_not_archive_is_not_backed_up(settings, home):
    made = backup_server.Instance(home / "careless", cluster.programs(PYTHON))
    made.make(FAST)
    made.start()
    try:
        with pytest.raises(SetupError, match="runs without archive_mode = on"):
            backup_base.run(settings, made.server, PYTHON)
    finally:
        made.stop()


def test_programs_of_another_version_are_not_taken():
    programs = cluster.programs(PYTHON)
    told = subprocess.run(
        [programs / "pg_ctl", "--version"], capture_output=True, text=True, check=True
    ).stdout
    version = told.split()[-1].split(".")[0]
    assert backup_server.is_of(programs, version)
    assert not backup_server.is_of(programs, "9")
    with pytest.raises(SetupError, match="lacks the programs of PostgreSQL 9 "):
        backup_server.programs_of("9")
