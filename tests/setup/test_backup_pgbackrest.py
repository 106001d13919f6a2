"""pgBackRest, as far as it is wrapped: what is asked of it. A program that notes it stands in."""

import json
import os
import stat
from datetime import datetime, timezone

import pytest
from lib import backup_pgbackrest, backup_settings
from lib.backup_restore import Target
from lib.errors import SetupError

INFO = [
    {
        "db": [{"version": "15"}],
        "backup": [
            {
                "label": "20260301-120000F",
                "timestamp": {"start": 100, "stop": 160},
                "info": {"repository": {"size": 2_000_000}},
                "archive": {"start": "0" * 23 + "1", "stop": "0" * 23 + "2"},
            }
        ],
    }
]


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """pgBackRest's stand-in, and `calls()`: what it was asked."""
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "pgbackrest"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>{tmp_path}/calls\n'
        f'case "$*" in *info) cat {tmp_path}/info;; esac\n'
        f'case "$*" in *verify) [ ! -e {tmp_path}/broken ];; esac\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(backup_pgbackrest.cluster, "as_server_user", lambda command: command)
    monkeypatch.setattr(backup_pgbackrest.cluster, "give", lambda path: None)
    (tmp_path / "info").write_text(json.dumps(INFO))
    key = tmp_path / "key"
    key.write_text("ab" * 32)
    settings = backup_settings.Settings(tmp_path / "copies", key, engine="pgbackrest", keep=4)
    settings.save()
    return backup_pgbackrest.of(settings)


@pytest.fixture
def calls(tmp_path):
    return lambda: (tmp_path / "calls").read_text().splitlines()


def test_configuration_encrypts_keeps_and_is_for_its_owner_alone(tool):
    tool.write_conf("/var/lib/postgresql/15/main", "/run/postgresql", "5433", "odoo")
    text = tool.conf.read_text()
    for line in (
        "repo1-cipher-type=aes-256-cbc",
        f"repo1-cipher-pass={'ab' * 32}",
        "repo1-retention-full=4",
        "pg1-path=/var/lib/postgresql/15/main",
        "pg1-socket-path=/run/postgresql",
        "pg1-port=5433",
    ):
        assert line in text.splitlines()
    assert stat.S_IMODE(tool.conf.stat().st_mode) == 0o600


def test_repository_is_made_and_checked_and_a_backup_verified(tool, calls):
    tool.create()
    assert tool.backup()["id"] == "20260301-120000F"
    tool.verify()
    base = f"--config={tool.conf} --stanza=lot_traceability"
    assert calls() == [
        f"{base} stanza-create",
        f"{base} check",
        f"{base} --type=full backup",
        f"{base} --output=json info",
        f"{base} verify",
    ]


def test_failure_is_told_in_one_line(tool, tmp_path):
    (tmp_path / "broken").touch()
    with pytest.raises(SetupError, match="could not verify the copies of pgBackRest"):
        tool.verify()


def test_restore_goes_to_a_moment_a_point_or_the_end(tool, calls, tmp_path):
    moment = datetime(2026, 3, 1, 14, 5, tzinfo=timezone.utc)
    for target in (Target(moment), Target(point="drill 1"), Target()):
        tool.restore(target, tmp_path / "data")
    to_moment, to_point, to_end = calls()
    assert "--type=time --target=2026-03-01 14:05:00+00:00" in to_moment
    assert "--type=name --target=drill 1" in to_point
    assert "--type" not in to_end
    assert all(f"--pg1-path={tmp_path / 'data'}" in call for call in calls())
    assert all(call.endswith("restore") for call in calls())


def test_archive_command_is_pgbackrests_own(tool):
    assert tool.archive_command().endswith("--stanza=lot_traceability archive-push %p")


def test_server_that_does_not_archive_yet_is_told_what_to_set(tool):
    class Server:
        env = {"PGHOST": "/run/postgresql", "PGUSER": "odoo"}

        def query(self, sql):
            return [["/data", "off", "minimal", ""]]

    lacks = backup_pgbackrest._prepare(tool, Server())
    assert "archive_mode = 'on'" in lacks
    assert "wal_level = 'replica'" in lacks
    assert f"archive_command = '{tool.archive_command()}'" in lacks


def test_host_without_it_is_told_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SetupError, match="apt-get install pgbackrest"):
        backup_pgbackrest.program()
