"""wkhtmltopdf on the host: brought where that can be, and missed in one sentence where not."""

import pytest
from lib import demo, host, paper
from lib.errors import SetupError


@pytest.fixture
def bare_host(monkeypatch):
    """A host without the program, and no right to install any."""
    monkeypatch.setattr(paper.shutil, "which", lambda _name: None)
    monkeypatch.setattr(host.os, "getuid", lambda: 1000)


def test_tests_are_refused_with_the_command_that_brings_it(bare_host):
    with pytest.raises(SetupError, match="apt-get install wkhtmltopdf"):
        paper.ensure()


def test_demo_starts_without_it_and_says_what_is_missing(bare_host, capsys):
    paper.ensure_or_say()
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert "letters are mailed without a file" in said
    assert "apt-get install wkhtmltopdf" in said


def test_package_that_cannot_be_had_does_not_stop_the_demo(bare_host, monkeypatch, capsys):
    def refuse(*_arguments, **_options):
        raise SetupError("could not read the host's package index")

    monkeypatch.setattr(host, "install", refuse)
    paper.ensure_or_say()
    assert "No wkhtmltopdf" in capsys.readouterr().err


def test_root_on_debian_gets_the_program_and_its_letters(monkeypatch):
    ran, there = [], []
    monkeypatch.setattr(host.os, "getuid", lambda: 0)
    monkeypatch.setattr(
        host.shutil, "which", lambda name: name if name == "apt-get" or there else None
    )

    def run(command, **_options):
        ran.append(command)
        there.extend(command if "install" in command else ())

    monkeypatch.setattr(host.process, "run", run)
    assert paper.ensure() == "wkhtmltopdf"
    assert ran[0] == ["apt-get", "update"]
    assert ran[1][-2:] == ["wkhtmltopdf", "fonts-liberation"]
    assert paper.ensure()
    assert len(ran) == 2


def test_demo_asks_for_it_before_it_starts(monkeypatch):
    class AskedError(Exception):
        pass

    def ask():
        raise AskedError

    monkeypatch.setattr(paper, "ensure_or_say", ask)
    with pytest.raises(AskedError):
        demo._run(demo._parser().parse_args(["--port", "0"]))
