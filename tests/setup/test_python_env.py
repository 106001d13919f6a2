"""The Python environments: kept as long as they can be used."""

import pytest
from lib import python_env


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
