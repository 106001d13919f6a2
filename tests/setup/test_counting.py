"""Which tests a word chooses, and how results are counted."""

import json
import os

import pytest
from lib import odoo_tests, selection
from lib import test as run_all
from lib.selection import TestClass as Chosen

SOURCE = """
from odoo.tests import TransactionCase, tagged

@tagged("post_install", "-at_install", "genealogy")
class TestReceipt(TransactionCase):
    def test_receipt_gives_a_movement(self): pass
    def test_return_is_net(self): pass
    def helper(self): pass
"""


@pytest.fixture
def tests(tmp_path):
    (tmp_path / "test_flows.py").write_text(SOURCE)
    return selection.scan(tmp_path)


@pytest.mark.parametrize("word", ["flows", "Receipt", "receipt", "genealogy"])
def test_word_of_file_class_or_tag_chooses_the_class(tests, word):
    assert [test.chosen(word) for test in tests] == tests


def test_word_of_a_method_chooses_that_method(tests):
    assert [test.chosen("return_is").methods for test in tests] == [("test_return_is_net",)]


def test_other_word_chooses_nothing(tests):
    assert [test.chosen("recall") for test in tests] == [None]


def test_tag_names_module_class_and_method(tmp_path):
    file = tmp_path / "lot_traceability" / "tests" / "test_flows.py"
    chosen = Chosen(file, "TestReceipt", ("test_a",), ())
    assert selection.odoo_tags(chosen) == ["/lot_traceability:TestReceipt.test_a"]


def read(tmp_path, *rows):
    report = tmp_path / "report.jsonl"
    fields = ("event", "test", "text")
    report.write_text(
        "".join(json.dumps(dict(zip(fields, row, strict=True))) + "\n" for row in rows)
    )
    tally = odoo_tests.read(report, "basic")
    return tally.passed, tally.failed, tally.skipped


def test_passed_failed_and_skipped_are_counted_by_test(tmp_path, capsys):
    assert read(
        tmp_path,
        ("start", "a", ""),
        ("start", "b", ""),
        ("fail", "b", "first subtest"),
        ("fail", "b", "second subtest"),
        ("start", "c", ""),
        ("skip", "c", "needs a scanner"),
        ("fail", "setUpClass (d)", "broken"),
    ) == (1, 2, 1)


def test_skipped_tour_is_a_failure_with_the_install_command(tmp_path, capsys):
    rows = [("start", "t", ""), ("skip", "t", "Chrome executable not found")]
    assert read(tmp_path, *rows) == (0, 1, 0)
    assert "apt-get install chromium" in capsys.readouterr().err


def test_skipped_print_is_a_failure_with_the_install_command(tmp_path, capsys):
    rows = [("start", "t", ""), ("skip", "t", "wkhtmltopdf is missing")]
    assert read(tmp_path, *rows) == (0, 1, 0)
    assert "apt-get install wkhtmltopdf" in capsys.readouterr().err


def test_warning_in_the_log_is_a_failure(tmp_path, capsys):
    rows = [("start", "t", ""), ("log", "t", "WARNING odoo.sql_db: bad query")]
    assert read(tmp_path, *rows) == (1, 1, 0)
    assert "bad query" in capsys.readouterr().err


def test_each_run_has_a_report_of_its_own_that_goes_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    with odoo_tests.own_report("basic") as report:
        assert str(os.getpid()) in report.name
        report.write_text("{}")
    assert not report.exists()


def test_every_test_of_the_modules_runs_in_one_database_at_least():
    suites = run_all._suites()
    run = {test for suite in suites for test in suite.classes() if suite.runs(test)}
    assert {test for suite in suites for test in suite.classes()} == run


def test_what_a_database_leaves_out_is_named_to_odoo():
    basic, full = run_all._suites()
    assert "-/lot_traceability:TestScanSend" in full.tags()
    assert "-/lot_traceability:TestScanSend" not in basic.tags()
    assert "-/lot_traceability:TestGateFlows" not in full.tags()
    assert "/lot_traceability_fsma" in full.tags()
    assert "/lot_traceability_fsma" not in basic.tags()
