"""Installing on a database with history: that of plain Odoo, and that from before the modules were
uninstalled."""

import json
import subprocess
import sys
from pathlib import Path

import contents


def test_it_ends_without_an_error(installed_again):
    assert "Traceback" not in installed_again["log"]
    assert " ERROR " not in installed_again["log"]
    assert "could not be taken back" not in installed_again["log"]
    assert installed_again["log"].count("was taken back from") == 3


def test_goods_and_documents_are_as_they_were(installed_again):
    assert contents.changed(installed_again["before"], installed_again["after"]) == {}


def test_history_is_read_in_as_a_rebuild_would(installed_again):
    assert installed_again["drift"] == 0
    assert len(installed_again["links"]) > 100


def test_what_plain_odoo_has_done_is_traced(installed_again):
    made = installed_again["made"]
    traced = installed_again["trace"]
    assert {made["made"], made["apart"]} <= set(traced["lots"])
    assert traced["customers"] == [["Customer of " + traced["sold"], 4.0]]
    kinds = {
        link[2]
        for link in installed_again["links"]
        if {made["bought"], made["other"]} & set(link[:2])
    }
    assert kinds == {"production", "untracked", "unbuild"}


def test_genealogy_from_before_is_the_same(uninstalled, installed_again):
    assert uninstalled["links"] - installed_again["links"] == set()
    news = installed_again["links"] - uninstalled["links"]
    assert {lot for link in news for lot in link[:2]} & uninstalled["lots"].keys() == set()
    assert {"production", "split"} <= {link[2] for link in uninstalled["links"]}


def test_each_lot_has_the_status_and_facts_that_it_had(uninstalled, installed_again):
    before = uninstalled["lots"]
    after = {number: row for number, row in installed_again["lots"].items() if number in before}
    assert after == before
    statuses = {row[1] for row in before.values()}
    assert {"released", "hold", "recalled", "dispute"} <= statuses
    news = installed_again["lots"].keys() - before.keys()
    assert {installed_again["lots"][number][1] for number in news} == {"released"}


def test_new_log_verifies_beside_the_old_one(uninstalled, installed_again):
    assert installed_again["valid"]
    assert installed_again["findings"] == []
    folder = Path(uninstalled["folder"])
    [log] = folder.glob("audit-log-*.jsonl.gz")
    [receipts] = folder.glob("receipts-until-*.jsonl")
    command = [sys.executable, "-I", "-S", "audit_verify.py", log.name, "--json"]
    command += ["--receipts", receipts.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    old = json.loads(done.stdout)
    assert old["summary"]["events"] == uninstalled["events"]
