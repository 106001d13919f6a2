"""The Python environments: kept as long as they can be used."""

import re
import sys

import pytest
from lib import process, python_env
from lib.errors import SetupError


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The environments that were made, one with a requirement file of its own."""
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))
    calls = []

    def create(root, name):
        calls.append(name)
        (root / "bin").mkdir(parents=True)
        (root / "bin" / "python").touch(mode=0o755)

    monkeypatch.setattr(python_env, "_create", create)
    monkeypatch.setattr(python_env, "_install", lambda *args: None)
    return calls


def test_complete_environment_is_made_once(made):
    assert python_env.ensure() == python_env.ensure()
    assert made == ["venv"]


def test_environment_without_its_interpreter_is_made_anew(made):
    python = python_env.ensure()
    python.unlink()
    python.symlink_to("/no/such/python3")
    python_env.ensure()
    assert made == ["venv", "venv"]


def test_environment_whose_interpreter_the_user_may_not_run_is_made_anew(made):
    python_env.ensure().chmod(0o644)
    python_env.ensure()
    assert made == ["venv", "venv"]


@pytest.fixture
def pip(tmp_path, monkeypatch):
    """A pip that fails with each of the given texts in turn, and then works; what it was asked."""
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))
    run, asked = process.run, []

    def fail_with(*texts):
        failures = iter(texts)

        def instead(command, **options):
            asked.append(command)
            text = next(failures, "")
            script = f"import sys; print({text!r}); sys.exit({bool(text):d})"
            return run([sys.executable, "-c", script], **options)

        monkeypatch.setattr(process, "run", instead)
        return asked

    return fail_with


def test_broken_package_in_the_cache_is_fetched_anew(pip, tmp_path):
    asked = pip("zipfile.BadZipFile: File is not a zip file")
    python_env._install(tmp_path / "python", python_env.NODE)
    assert ["--no-cache-dir" in command for command in asked] == [False, True]


def test_missing_network_is_told_at_once(pip, tmp_path):
    asked = pip("Failed to establish a new connection")
    with pytest.raises(SetupError, match="cannot be reached"):
        python_env._install(tmp_path / "python", python_env.NODE)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "file", [python_env.RUNTIME, python_env.DEVELOPMENT, python_env.LINT, python_env.NODE]
)
def test_every_requirement_is_pinned(file):
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.match(r"[\w.-]+==[\w.]+(; |$)", line)] == []


@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_every_python_has_what_draws_barcodes(minor):
    markers = dict(re.findall(r"^([\w.-]+)==[\w.]+; python_version (.*)$", _runtime(), re.M))
    has = {name for name, marker in markers.items() if _holds(marker, minor)}
    assert has & {"rl-renderPM", "rlPyCairo"} == ({"rlPyCairo"} if minor > 12 else {"rl-renderPM"})
    assert ("cairocffi" in has) == ("rlPyCairo" in has) == ("freetype-py" in has)


def _runtime():
    return python_env.RUNTIME.read_text()


def _holds(marker, minor):
    sign, bound = re.fullmatch(r'(<|>=) "3\.(\d+)"', marker).groups()
    return minor < int(bound) if sign == "<" else minor >= int(bound)
