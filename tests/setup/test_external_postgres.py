"""A PostgreSQL server that the user named: what it must allow, and whose databases are touched."""

import pytest
from lib import cluster
from lib.databases import database_name
from lib.errors import SetupError


class FakeServer:
    def __init__(self, *row):
        self.row = list(row)

    def query(self, sql):
        return [self.row]


@pytest.fixture(autouse=True)
def own_server(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    for name in ("PGHOST", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_own_server_has_plain_names():
    assert database_name("demo") == "lt_demo"


@pytest.mark.parametrize("variable", ["PGHOST", "DATABASE_URL"])
def test_names_on_a_shared_server_differ_by_home(variable, tmp_path, monkeypatch):
    monkeypatch.setenv(variable, "postgresql://db.example")
    first = database_name("demo")
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "other"))
    assert len({"lt_demo", first, database_name("demo")}) == 3
    assert database_name("demo") == database_name("demo")


def test_usable_server_is_taken():
    cluster.check_external(FakeServer("16", "odoo", "t"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("12", "odoo", "t"), "version 12; Odoo needs 13"),
        (("16", "postgres", "t"), "refuses to work as PostgreSQL's user postgres"),
        (("16", "reader", "f"), "ALTER ROLE reader CREATEDB"),
    ],
)
def test_unusable_server_is_told_with_the_way_out(row, said):
    with pytest.raises(SetupError, match=said):
        cluster.check_external(FakeServer(*row))
