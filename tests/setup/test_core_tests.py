"""Odoo's own tests are compared without and with our modules."""

import contextlib
import json
from types import SimpleNamespace

import pytest
from lib import core_tests
from lib import test as setup_test
from lib.errors import SetupError
from lib.odoo_tests import Outcomes
from lib.selection import TestClass as Chosen

MOVE = "stock.tests.test_move:StockMove."


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path / "home"))


def side(started, failed=(), skipped=()):
    names = {kind: {MOVE + name: f"{name}: no" for name in kind} for kind in (failed, skipped)}
    return Outcomes(frozenset(MOVE + name for name in started), names[failed], names[skipped])


def told(without, with_us):
    return {
        difference.test.removeprefix(MOVE): difference.text
        for difference in core_tests.differences(without, with_us)
    }


def test_same_results_are_no_difference():
    both = side("abc", failed=("b",), skipped=("c",))
    assert told(both, both) == {}


def test_failure_with_our_modules_only_is_a_difference():
    without = side("ab", failed=("a",))
    assert told(without, side("ab", failed=("a", "b"))) == {"b": "b: no"}


def test_failure_on_both_sides_has_to_be_the_same():
    def fails(text):
        return Outcomes(frozenset([MOVE + "a"]), {MOVE + "a": text}, {})

    trace = 'Traceback:\n  File "x.py", line 7, in y\n    z()\n    ^^^\n'
    without = fails(f"{trace}MissingError: move(3,)\n")
    assert told(without, fails(f"{trace}MissingError: move(5,)\n")) == {}
    other = f"{trace}AccessError: no\n"
    assert told(without, fails(other)) == {"a": other}


def test_failure_that_our_modules_mend_is_none():
    assert told(side("a", failed=("a",)), side("a")) == {}


def test_test_that_is_skipped_or_does_not_run_is_a_difference():
    assert told(side("ab"), side("a", skipped=("a",))) == {
        "a": "skipped: a: no",
        "b": "did not run",
    }


def test_broken_class_is_a_difference_with_each_of_its_tests():
    broken = "setUpClass (odoo.addons.stock.tests.test_move.StockMove)"
    with_us = Outcomes(frozenset(), {broken: "no such field"}, {})
    assert told(side("a"), with_us) == {broken: "no such field", "a": "did not run"}


def test_summary_counts_by_module_and_tells_what_was_raised(capsys):
    with_us = side("ab", failed=("b",))
    with_us.failed[MOVE + "b"] = 'Traceback:\n  File "x.py", line 7, in y\n    z()\nb: no\n- 1\n+ 2'
    found = core_tests.differences(side("ab"), with_us)
    core_tests._summarise(["stock", "mrp"], side("ab"), with_us, found)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1] == ["stock", "2,", "0,", "0", "1,", "1,", "0", "1"]
    assert lines[2] == ["mrp", "0,", "0,", "0", "0,", "0,", "0", "0"]
    assert lines[3] == ["DIFFERENT", f"{MOVE}b:", "b:", "no"]


def test_tests_that_run_on_neither_side_are_told(tmp_path, capsys):
    file = tmp_path / "stock" / "tests" / "test_move.py"
    classes = [Chosen(file, "StockMove", ("a", "b"), ()), Chosen(file, "Old", ("c",), ())]
    core_tests._tell_not_run(classes, {MOVE + "a", MOVE + "b"})
    assert capsys.readouterr().out == (
        "runs on neither side: 1 of the 1 tests of stock.tests.test_move:Old\n"
    )


def test_result_is_kept_as_json():
    with_us = side("a", failed=("a",))
    found = core_tests.differences(side("a"), with_us)
    content = json.loads(core_tests._write(side("a"), with_us, found).read_text())
    assert content["differences"] == {MOVE + "a": "a: no"}
    assert content["without"]["passed"] == [MOVE + "a"]


@pytest.mark.parametrize(
    ("events", "message"),
    [(["start"], "broke off"), (["end"], "no test of stock ran"), (["start", "end"], "")],
)
def test_run_that_breaks_off_or_runs_nothing_compares_nothing(
    tmp_path, monkeypatch, events, message
):
    report = tmp_path / "report.jsonl"
    rows = [{"event": event, "test": MOVE + "a", "text": ""} for event in events]
    report.write_text("".join(json.dumps(row) + "\n" for row in rows))
    reported = contextlib.contextmanager(lambda *args, **options: iter([report]))
    monkeypatch.setattr(core_tests.odoo_tests, "reported", reported)
    env = SimpleNamespace(
        modules_template=lambda label, modules, optional: label,
        apps_template=lambda optional: "apps",
    )
    with pytest.raises(SetupError, match=message) if message else contextlib.nullcontext():
        without, with_us = core_tests._both_sides(env, ["stock"], [], False)
        assert without == with_us


def test_word_that_names_nothing_is_told(tmp_path, monkeypatch):
    tests = tmp_path / "stock" / "tests"
    tests.mkdir(parents=True)
    (tests / "test_move.py").write_text("class StockMove:\n    def test_in(self): pass\n")
    env = SimpleNamespace(odoo=SimpleNamespace(source=SimpleNamespace(addons=(tmp_path,))))
    assert [test.methods for test in core_tests._classes(env, ["stock"], "in")] == [("test_in",)]
    with pytest.raises(SetupError, match="'nothing'"):
        core_tests._classes(env, ["stock"], "nothing")
    with pytest.raises(SetupError, match="no module 'shop'"):
        core_tests._classes(env, ["shop"], "")


def test_core_command_compares_the_modules_that_ours_extend(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(core_tests, "compare", lambda *asking: asked.append(asking) or 7)
    assert setup_test.main(["--core", "--only", "lot"]) == 7
    assert asked == [(list(core_tests.ALL), "lot")]
    assert len(core_tests.ALL) == 10


@pytest.mark.parametrize(("failed", "code"), [((), 0), (("b",), 1)])
def test_last_line_counts_what_fails_only_with_our_modules(monkeypatch, capsys, failed, code):
    env = SimpleNamespace()
    ready = contextlib.contextmanager(lambda **options: iter([env]))
    monkeypatch.setattr(core_tests.os, "nice", lambda number: None)
    monkeypatch.setattr(core_tests.browser, "ensure", lambda: None)
    monkeypatch.setattr(core_tests.environment, "ready", ready)
    monkeypatch.setattr(core_tests.odoo_tests, "drop_left_over", lambda env: None)
    monkeypatch.setattr(core_tests, "_classes", lambda *asking: [])
    sides = side("ab"), side("ab", failed=failed)
    monkeypatch.setattr(core_tests, "_both_sides", lambda *asking: sides)
    assert core_tests.compare(["stock"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"{len(failed)} fail only with our modules"
