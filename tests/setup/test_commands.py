"""What the commands say and where they keep things."""

import errno
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lib import cli, paths, process, server
from lib.errors import SetupError

SETUP = Path(__file__).resolve().parents[2] / "setup"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_home_follows_the_cache_folder_of_the_user(monkeypatch):
    monkeypatch.delenv("LOT_TRACEABILITY_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/cache")
    assert paths.home() == Path("/somewhere/cache/lot-traceability")


def test_socket_of_a_deep_home_lies_in_a_short_folder(monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", "/" + "deep/" * 30)
    socket_path = paths.socket_folder() / ".s.PGSQL.5432"
    assert len(os.fsencode(socket_path)) <= paths.SOCKET_PATH_LIMIT


def test_busy_port_is_named_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"port {port} is busy.*--port N"):
            server.free_port(port)


def test_host_without_a_fitting_python_is_told_so():
    done = subprocess.run(
        [SETUP / "demo"],
        env={"PATH": "/usr/bin:/bin", "LOT_TRACEABILITY_PYTHON": "no-such-python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no usable Python found" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("Temporary failure resolving 'deb.example'", "cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("E: Hash Sum mismatch", "a download came broken"),
    ],
)
def test_usual_causes_of_failure_are_told_in_one_line(printed, said):
    script = f"import sys; print({printed!r}); sys.exit(3)"
    with pytest.raises(SetupError, match=f"could not try it: .*{said}") as caught:
        process.run([sys.executable, "-c", script], log="try", what="try it")
    assert "\n" not in str(caught.value)


def test_failure_on_a_full_disk_is_told_whatever_the_program_printed(monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=9_000_000)
    monkeypatch.setattr(process.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SetupError, match="the disk is full"):
        process.run([sys.executable, "-c", "import sys; sys.exit(255)"], log="try", what="try it")


def test_full_disk_ends_a_command_without_traceback(monkeypatch, capsys):
    def fail(arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("lib.demo.main", fail)
    assert cli.main(["demo"]) == 1
    assert "the disk is full" in capsys.readouterr().err


def test_folder_of_another_user_ends_a_command_without_traceback(monkeypatch, capsys):
    def fail(arguments):
        raise PermissionError(errno.EACCES, "Permission denied", "/root/.cache")

    monkeypatch.setattr("lib.demo.main", fail)
    assert cli.main(["demo"]) == 1
    said = capsys.readouterr().err
    assert "may not use /root/.cache" in said
    assert "LOT_TRACEABILITY_HOME" in said


def test_unknown_benchmark_names_those_that_exist(capsys):
    assert cli.main(["bench", "nothing-of-the-kind"]) == 1
    assert "./setup/bench NAME" in capsys.readouterr().err


def test_program_beside_a_block_is_awaited_and_its_failure_told():
    script = "import sys; print(sys.stdin.read(), file=open('said', 'w')); sys.exit(3)"
    with (
        pytest.raises(SetupError, match=r"could not try it: .*ended with code 3"),
        process.beside(
            [sys.executable, "-c", script],
            log="try",
            what="try it",
            cwd=paths.folder("run"),
            stdin="hello",
        ),
    ):
        pass
    assert (paths.folder("run") / "said").read_text() == "hello\n"


def test_program_beside_a_block_that_fails_is_ended():
    started = time.monotonic()
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(KeyboardInterrupt), process.beside(command, log="try", what="try it"):
        raise KeyboardInterrupt
    assert time.monotonic() - started < 30
