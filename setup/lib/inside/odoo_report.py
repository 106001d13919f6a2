"""Runs Odoo as its own command line does, and reports tests and warnings as JSON lines.

Runs inside Odoo's Python environment: `python odoo_report.py server ...`. The file named by
LOT_TRACEABILITY_REPORT takes one line for each event:
{"event": "start" | "fail" | "skip" | "log", "test": name, "text": details, "at": seconds}, by a
clock that no test can stop. A test against a running server adds
{"event": "expect", "test": "", "text": part} for a warning that it provokes, `core_tests.py` an
"end" when all of its tests have run.
"""

import json
import logging
import os
import sys
import threading
import time
from pathlib import Path

import bundles
from odoo.cli.command import main
from odoo.tests import loader
from odoo.tests.case import TestCase, _SubTest
from odoo.tests.result import OdooTestResult

OWN_MODULES = set(os.environ.get("LOT_TRACEABILITY_TESTED", "").split(","))
# Open as long as Odoo runs; a line is written at once.
_report = Path(os.environ["LOT_TRACEABILITY_REPORT"]).open("a", buffering=1)  # noqa: SIM115
_state = threading.local()
_running = {"test": ""}


def write(event: str, test: str, text: str = "") -> None:
    """Add a line to the report."""
    at = round(time.clock_gettime(time.CLOCK_MONOTONIC), 2)
    _report.write(json.dumps({"event": event, "test": test, "text": text, "at": at}) + "\n")


def _name(test) -> str:
    while isinstance(test, _SubTest) and test.test_case:
        test = test.test_case
    if isinstance(test, TestCase):
        module = type(test).__module__.removeprefix("odoo.addons.")
        return f"{module}:{type(test).__name__}.{test._testMethodName}"
    return str(test)


class _Warnings(logging.Handler):
    """What Odoo logs at WARNING or worse, unless it is a test's own result."""

    def emit(self, record: logging.LogRecord) -> None:
        if getattr(_state, "reporting", False) or "error(s) of" in str(record.msg):
            return
        text = logging.Formatter("%(levelname)s %(name)s: %(message)s").format(record)
        write("log", _running["test"], text)


def _patch(name: str, before) -> None:
    """Call `before(result, test, *details)` ahead of a method of the test result."""
    original = getattr(OdooTestResult, name)

    def method(self, *args, **kwargs):
        before(self, *args)
        _state.reporting = name != "startTest"
        try:
            return original(self, *args, **kwargs)
        finally:
            _state.reporting = False

    setattr(OdooTestResult, name, method)


def _started(result, test) -> None:
    _running["test"] = _name(test)
    write("start", _name(test))


def _failed(result, test, error) -> None:
    if not result._soft_fail:
        write("fail", _name(test), result._exc_info_to_string(error, test))


def _skipped(result, test, reason) -> None:
    write("skip", _name(test), str(reason))


_make_suite = loader.make_suite


def _make_suite_and_check(module_names, position="at_install"):
    """The kept databases have the modules installed: a test at install would never run there."""
    if position == "post_install":
        for test in _make_suite(sorted(OWN_MODULES.intersection(module_names)), "at_install"):
            write("fail", _name(test), 'tag it with @tagged("post_install", "-at_install")')
    return _make_suite(module_names, position)


_patch("startTest", _started)
_patch("addError", _failed)
_patch("addFailure", _failed)
_patch("addSkip", _skipped)
loader.make_suite = _make_suite_and_check
logging.getLogger().addHandler(_Warnings(logging.WARNING))
sys.argv[0] = "odoo"
if __name__ == "__main__":
    bundles.lessen()
    main()
