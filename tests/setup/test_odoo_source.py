"""Where Odoo comes from, and what is said when it is not the right one."""

import pytest
from lib import odoo_source
from lib.debian import Package
from lib.errors import SetupError


def make_odoo(root, version):
    (root / "odoo" / "addons" / "base").mkdir(parents=True)
    (root / "addons").mkdir()
    release = f"version_info = ({version}, 0, 'final', 0, '')\n"
    (root / "odoo" / "release.py").write_text(release)


class FakeApt:
    def __init__(self, *packages):
        self.packages = {package.name: package for package in packages}

    def candidates(self, names):
        return {name: self.packages[name] for name in names if name in self.packages}


def test_checkout_named_by_the_user_is_taken(tmp_path, monkeypatch):
    make_odoo(tmp_path, "19, 0")
    monkeypatch.setenv("ODOO_SERVER", str(tmp_path))
    source = odoo_source.ensure()
    assert source.python_path == tmp_path
    assert source.addons == (tmp_path / "odoo" / "addons", tmp_path / "addons")


def test_checkout_of_another_series_is_refused(tmp_path, monkeypatch):
    make_odoo(tmp_path, "18, 0")
    monkeypatch.setenv("ODOO_SERVER", str(tmp_path))
    with pytest.raises(SetupError, match=r"version 18\.0; this project needs 19\.0"):
        odoo_source.ensure()


def test_folder_without_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SERVER", str(tmp_path))
    with pytest.raises(SetupError, match="holds no Odoo"):
        odoo_source.ensure()


def test_later_revision_of_the_series_is_taken():
    server = Package("odoo-19", "19.0.1+dfsg-3", 10)
    fonts = Package("fonts-ocr-b", "1.0", 1)
    assert odoo_source._choose(FakeApt(server, fonts)) == [server, fonts]


@pytest.mark.parametrize("offered", [[], [Package("odoo-19", "19.2+dfsg-1", 10)]])
def test_suite_that_moved_on_is_told_with_the_other_way(offered):
    with pytest.raises(SetupError, match="ODOO_SERVER=/path"):
        odoo_source._choose(FakeApt(*offered))


def test_half_unpacked_server_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    monkeypatch.delenv("ODOO_SERVER", raising=False)
    (tmp_path / "odoo" / "unpacking-x" / "usr").mkdir(parents=True)
    assert odoo_source._unpacked() is None
