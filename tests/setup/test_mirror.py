"""Which Debian mirror the host uses, read from its apt configuration."""

import pytest
from lib import debian
from lib.errors import SetupError


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_mirror_is_read_from_the_one_line_file(tmp_path):
    write(tmp_path, "sources.list", "deb http://a.example/debian bookworm main contrib\n")
    assert debian.mirror_uri(tmp_path) == "http://a.example/debian"


def test_mirror_is_read_from_a_deb822_file(tmp_path):
    text = "Types: deb deb-src\nURIs: http://b.example/debian\nSuites: trixie trixie-updates\n"
    write(tmp_path, "sources.list.d/debian.sources", text)
    assert debian.mirror_uri(tmp_path) == "http://b.example/debian"


def test_other_archives_security_and_discs_are_passed_over(tmp_path):
    lines = (
        "deb cdrom:[Debian 12]/ bookworm main\n"
        "deb http://c.example/debian-security bookworm-security main\n"
        "deb [signed-by=/k.gpg] http://vendor.example/apt nodistro main\n"
        "# deb http://off.example/debian bookworm main\n"
        "deb http://c.example/debian bookworm main\n"
    )
    write(tmp_path, "sources.list", lines)
    assert debian.mirror_uri(tmp_path) == "http://c.example/debian"


def test_host_without_debian_is_told_of_the_other_way(tmp_path):
    write(tmp_path, "sources.list", "deb http://d.example/ubuntu noble main\n")
    with pytest.raises(SetupError, match="ODOO_SERVER=/path"):
        debian.mirror_uri(tmp_path)


def test_host_without_apt_is_told_of_the_other_way(monkeypatch):
    monkeypatch.setattr(debian.shutil, "which", lambda name: None)
    with pytest.raises(SetupError, match=r"no apt-get.*ODOO_SERVER=/path"):
        debian.Apt()
