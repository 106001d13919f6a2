"""What `init` settles, and what it tells whom."""

from argparse import Namespace
from datetime import timezone
from pathlib import Path

import pytest
from lib import backup, backup_init, backup_restore, backup_server, backup_settings
from lib.errors import SetupError

NOTHING = dict.fromkeys(
    ("settings", "folder", "key", "keep", "every_hours", "drill_days", "archive_timeout",
     "database", "data", "scratch", "engine")
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))
    for name in ("PGHOST", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def settled(**values):
    return backup_init.settled(Namespace(**{**NOTHING, **values}))


def test_first_time_asks_where_copies_go():
    with pytest.raises(SetupError, match="--folder FOLDER"):
        settled()


def test_usual_settings_lose_five_minutes_at_most_and_keep_a_week(tmp_path, home):
    found = settled(folder=tmp_path / "copies")
    assert (found.archive_timeout, found.keep, found.every_hours) == (300, 7, 24)
    assert found.key_file == home / "backup.key"
    assert found.databases == ("lt_demo",)


def test_what_is_not_given_again_stays(tmp_path):
    settled(folder=tmp_path / "copies", keep=3, database=["a", "b"]).save()
    again = settled(archive_timeout=60)
    assert (again.keep, again.archive_timeout, again.databases) == (3, 60, ("a", "b"))


@pytest.mark.parametrize("seconds", [0, 9, 901, 3600])
def test_more_than_fifteen_minutes_of_work_are_not_put_at_risk(tmp_path, seconds):
    with pytest.raises(SetupError, match="between 10 and 900"):
        settled(folder=tmp_path / "copies", archive_timeout=seconds)


def test_key_among_the_copies_is_refused(tmp_path):
    with pytest.raises(SetupError, match="must not lie among the copies"):
        settled(folder=tmp_path / "copies", key=tmp_path / "copies" / "key")


def test_server_of_somebody_else_needs_the_database_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    with pytest.raises(SetupError, match="--database NAME"):
        settled(folder=tmp_path / "copies")


def test_key_that_is_missing_or_none_is_told_with_the_way_out(tmp_path):
    found = settled(folder=tmp_path / "copies", key=tmp_path / "elsewhere")
    with pytest.raises(SetupError, match="kept elsewhere"):
        found.key()
    (tmp_path / "elsewhere").write_text("short")
    with pytest.raises(SetupError, match="is no key: 64 hexadecimal digits"):
        found.key()


def test_no_settings_are_told_with_the_way_out():
    with pytest.raises(SetupError, match=r"setup/backup init --folder"):
        backup_settings.load()


def test_administrator_of_another_server_is_told_all_there_is_to_set(tmp_path):
    found = settled(folder=tmp_path / "it's copies", database=["x"])
    text = backup_server.advice(backup_server.wanted(Path("/py"), found), "odoo")
    for part in (
        "archive_mode = 'on'",
        "archive_timeout = '300'",
        "wal_level = 'replica'",
        "backup-wal put",
        'ALTER ROLE "odoo" REPLICATION',
        "pg_create_restore_point(text)",
        "local replication odoo",
    ):
        assert part in text
    assert '"%p" "%f"' in text


def test_timer_finds_home_settings_and_the_same_python(tmp_path):
    text = backup_init.timer(settled(folder=tmp_path / "copies"))
    assert "*/5 * * * * env LOT_TRACEABILITY_HOME=" in text
    assert "LOT_TRACEABILITY_PYTHON=/" in text
    assert "OnCalendar=*:0/5" in text


def test_time_without_a_zone_is_of_this_host_and_nonsense_is_refused():
    told = backup_restore.moment("2026-03-01T12:00:00+01:00").astimezone(timezone.utc)
    assert told.hour == 11
    assert backup_restore.moment("2026-03-01 12:00").tzinfo
    with pytest.raises(SetupError, match="is no time: write it as"):
        backup_restore.moment("yesterday")


def test_restore_before_the_first_backup_says_what_there_is(tmp_path):
    found = settled(folder=tmp_path / "copies", key=tmp_path / "key")
    (tmp_path / "key").write_text("ab" * 32)
    with pytest.raises(SetupError, match=r"no backup yet: ./setup/backup run"):
        backup_restore.chosen(found, backup_restore.Target())


def test_nothing_is_restored_over_what_is_there(tmp_path):
    found = settled(folder=tmp_path / "copies")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    instance = backup_server.Instance(tmp_path / "full", Path("/nowhere"))
    with pytest.raises(SetupError, match="is not empty"):
        backup_restore.restore(found, instance, Path("/py"), backup_restore.Target())


def test_only_a_restored_server_is_stopped(tmp_path):
    with pytest.raises(SetupError, match=r"not one that ./setup/backup restore has made"):
        backup._stop(Namespace(folder=tmp_path), Path("/py"))
