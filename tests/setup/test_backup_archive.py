"""PostgreSQL's archive command: safe when it says so, and never over another segment."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from lib import backup_base, backup_files, backup_seal, backup_server, backup_settings, backup_wal
from lib.errors import SetupError

SETUP = Path(__file__).resolve().parents[2] / "setup"
SEGMENT = "000000010000000000000005"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    key = tmp_path / "home" / "backup.key"
    key.write_text(backup_seal.new_key())
    made = backup_settings.Settings(tmp_path / "copies", key, databases=("one",))
    made.save()
    return backup_settings.load(made.path)


@pytest.fixture
def segment(tmp_path):
    path = tmp_path / SEGMENT
    path.write_bytes(os.urandom(4096) + bytes(60000))
    return path


def command(
    settings, action: str, *values, limit: int | None = None
) -> subprocess.CompletedProcess:
    """The command as PostgreSQL runs it: through a shell, with its values put in."""
    line = backup_wal.command(Path(sys.executable), settings, action)
    for mark, value in zip(("%p", "%f") if action == "put" else ("%f", "%p"), values, strict=True):
        line = line.replace(mark, str(value))
    return subprocess.run(  # noqa: S602
        line.replace("%%", "%"),
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))),
    )


def test_segment_goes_in_sealed_and_comes_out_as_it_was(settings, segment, tmp_path):
    assert command(settings, "put", segment, SEGMENT).returncode == 0
    stored = backup_wal.place(settings, SEGMENT)
    assert segment.read_bytes()[:64] not in stored.read_bytes()
    target = tmp_path / "back"
    assert command(settings, "get", SEGMENT, target).returncode == 0
    assert target.read_bytes() == segment.read_bytes()


def test_segment_that_is_there_already_is_confirmed_when_it_is_the_same(settings, segment):
    for _turn in range(2):
        assert command(settings, "put", segment, SEGMENT).returncode == 0
    assert backup_wal.segments(settings) == [SEGMENT]


def test_another_segment_of_the_same_name_is_refused_and_the_first_is_kept(settings, segment):
    assert command(settings, "put", segment, SEGMENT).returncode == 0
    before = backup_wal.place(settings, SEGMENT).read_bytes()
    segment.write_bytes(b"of another server")
    done = command(settings, "put", segment, SEGMENT)
    assert done.returncode == 1
    assert "two servers archive to the same folder" in done.stderr
    assert backup_wal.place(settings, SEGMENT).read_bytes() == before
    assert "two servers" in backup_server.archive_error(settings.path)


def test_disk_that_takes_no_more_fails_leaves_nothing_and_says_why_until_it_is_mended(
    settings, segment
):
    done = command(settings, "put", segment, SEGMENT, limit=1024)
    assert done.returncode == 1
    assert backup_wal.segments(settings) == []
    assert [path for path in settings.wal.rglob("*") if path.is_file()] == []
    assert "File too large" in backup_server.archive_error(settings.path)
    assert command(settings, "put", segment, SEGMENT).returncode == 0
    assert backup_server.archive_error(settings.path) == ""


def test_segment_that_is_not_there_ends_the_log_and_is_no_error(settings, tmp_path):
    done = command(settings, "get", SEGMENT, tmp_path / "back")
    assert (done.returncode, done.stderr) == (1, "")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "x" * 24, SEGMENT.lower() + "z"])
def test_what_is_no_segment_has_no_place(settings, name):
    with pytest.raises(SetupError, match=r"no file of PostgreSQL's log"):
        backup_wal.place(settings, name)


def test_pruning_keeps_what_the_oldest_backup_needs_and_all_histories(settings, segment):
    names = [f"0000000100000000000000{n:02X}" for n in range(3, 8)]
    for name in [*names, "00000002.history", f"{names[2]}.00000028.backup"]:
        backup_wal.archive(settings, segment, name)
    assert backup_wal.prune(settings, names[2]) == 2
    assert backup_wal.segments(settings) == sorted(
        [*names[2:], "00000002.history", f"{names[2]}.00000028.backup"]
    )


def test_a_missing_segment_is_named(settings, segment):
    names = ["0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000001"]
    for name in names:
        backup_wal.archive(settings, segment, name)
    assert backup_base.gap(settings, names[0]) == "000000010000000100000000"
    backup_wal.archive(settings, segment, "000000010000000100000000")
    assert backup_base.gap(settings, names[0]) == ""


def test_files_of_odoo_are_copied_once_and_come_back(settings, tmp_path):
    import hashlib

    content = b"a certificate"
    name = hashlib.sha1(content).hexdigest()  # noqa: S324  as Odoo names files
    for database in ("one", "two"):
        folder = settings.data / "filestore" / database / name[:2]
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)
    first = backup_files.copy(settings)
    assert (len(first["names"]), len(first["new"]), first["bytes"] > 0) == (2, 2, True)
    assert len(list(settings.files.glob("*/*.sealed"))) == 1, "the same content is one copy"
    again = backup_files.copy(settings)
    assert (len(again["names"]), again["new"]) == (2, [])
    backup_files.note_new(settings, first["new"])
    [path] = backup_files.lists_since(settings, "")
    names = backup_files.read_list(settings, path)
    assert backup_files.restore(settings, names, tmp_path / "odoo") == 2
    restored = tmp_path / "odoo" / "filestore" / "two" / name[:2] / name
    assert restored.read_bytes() == content


def test_a_copy_of_a_file_that_was_not_what_its_name_says_is_not_restored(settings, tmp_path):
    folder = settings.data / "filestore" / "one" / "ab"
    folder.mkdir(parents=True)
    (folder / ("ab" * 20)).write_bytes(b"something else")
    names = backup_files.copy(settings)["names"]
    with pytest.raises(SetupError, match="was not what its name says"):
        backup_files.restore(settings, names, tmp_path / "odoo")


def test_copies_that_nothing_names_any_more_are_pruned(settings):
    folder = settings.data / "filestore" / "one" / "ab"
    folder.mkdir(parents=True)
    for letter in "cd":
        (folder / f"ab{letter * 38}").write_bytes(letter.encode())
    names = backup_files.copy(settings)["names"]
    assert backup_files.prune(settings, "20990101T000000Z", [names[:1]]) == 1
    assert backup_files.object_of(settings, settings.key(), names[0]).exists()
    assert not backup_files.object_of(settings, settings.key(), names[1]).exists()
