"""`./setup/core-tests`: Odoo's own tests give the same results with our modules as without.

    setup/core-tests [MODULE ...] [--only WORD]
    setup/test --core [--only WORD]: those of `ALL`, the modules whose flows ours extend

Runs all tests of Odoo's modules, those at_install too, in a database with Odoo's apps alone and
in one with our modules on top, each with everything loaded, both at the same time.
"""

import argparse
import functools
import json
import os
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from . import browser, environment, odoo_tests, paths, process, selection
from .environment import OPTIONAL_APPS, Environment
from .errors import SetupError
from .odoo_tests import Outcomes
from .process import Job
from .progress import say
from .selection import TestClass

MODULES = ("product_expiry", "mrp_product_expiry", "stock", "mrp")
ALL = (
    *MODULES,
    "mrp_subcontracting",
    "purchase_stock",
    "sale_stock",
    "stock_account",
    "mrp_account",
    "repair",
)
_ENTRY = Path(__file__).parent / "inside" / "core_tests.py"
# "stock.tests.test_move:StockMove.test_x", or "setUpClass (odoo.addons.stock.tests.test_move.X)"
_MODULE = re.compile(r"(\w+)\.tests\.")


@dataclass(frozen=True)
class Difference:
    """A test that passes or skips without our modules, and what becomes of it with them."""

    test: str
    text: str

    def __str__(self) -> str:
        return f"{self.test}: {complaint(self.text).partition(chr(10))[0]}"


def main(arguments: list[str]) -> int:
    """Run the command; the exit code is 0 when our modules change nothing."""
    parser = argparse.ArgumentParser(
        prog="setup/core-tests",
        description="Runs Odoo's own tests without and with our modules, and compares.",
    )
    parser.add_argument(
        "modules", metavar="MODULE", nargs="*", help=f"default: {' '.join(MODULES)}"
    )
    parser.add_argument("--only", metavar="WORD", default="", help="as in setup/test")
    options = parser.parse_args(arguments)
    return compare(options.modules or list(MODULES), options.only)


def compare(modules: list[str], word: str = "") -> int:
    """Run both sides and print what differs; the exit code is 0 when nothing does."""
    started = time.monotonic()
    # It runs for long: let the user's other programs go first.
    os.nice(10)
    browser.ensure()
    with environment.ready(development=True) as env:
        odoo_tests.drop_left_over(env)
        classes = _classes(env, modules, word)
        without, with_us = _both_sides(env, modules, classes, bool(word))
    found = differences(without, with_us)
    file = _write(without, with_us, found)
    _summarise(modules, without, with_us, found)
    _tell_not_run(classes, without.started | with_us.started)
    say(f"{file}\n{time.monotonic() - started:.0f} s")
    print(f"{len(found)} fail only with our modules", flush=True)
    return 1 if found else 0


def _classes(env: Environment, modules: list[str], word: str) -> list[TestClass]:
    found = []
    for module in modules:
        folders = [root / module / "tests" for root in env.odoo.source.addons]
        classes = [test for folder in folders for test in selection.scan(folder)]
        if not classes:
            raise SetupError(f"Odoo has no module {module!r} with tests")
        found += classes
    chosen = [part for test in found if (part := test.chosen(word))] if word else found
    if not chosen:
        raise SetupError(f"no file, class, method or tag of {', '.join(modules)} has {word!r}")
    return chosen


def _both_sides(
    env: Environment, modules: list[str], classes: list[TestClass], chosen: bool
) -> tuple[Outcomes, Outcomes]:
    optional = not set(OPTIONAL_APPS).isdisjoint(modules)
    tags = [f"/{module}" for module in modules]
    if chosen:
        tags = [tag for test in classes for tag in selection.odoo_tags(test)]

    def run(label: str, template: str) -> Outcomes:
        with odoo_tests.reported(
            env, label, template, tags, expected=selection.count(classes), entry=_ENTRY
        ) as report:
            rows = odoo_tests.rows_of(report)
        if not any(row["event"] == "end" for row in rows):
            raise SetupError(
                f"Odoo broke off within its tests. Details: {process.log_path(f'tests-{label}')}"
            )
        found = odoo_tests.outcomes(rows)
        missing = set(modules).difference(map(module_of, found.started))
        if missing and not chosen:
            raise SetupError(f"no test of {', '.join(sorted(missing))} ran: it is not installed")
        return found

    label = "core_all" if optional else "core"
    template = env.modules_template(label, paths.modules(), optional=optional)
    sides = {"core_without": env.apps_template(optional=optional), "core_with": template}
    found = process.run_jobs(
        {side: Job(functools.partial(run, side, name)) for side, name in sides.items()}, len(sides)
    )
    return found["core_without"], found["core_with"]


def module_of(test: str) -> str:
    """The module of a test, by its name in a report.

    >>> module_of("setUpClass (odoo.addons.stock.tests.test_move.StockMove)")
    'stock'
    """
    found = _MODULE.search(test)
    return found[1] if found else ""


def complaint(text: str) -> str:
    """What a traceback ends with, without the ids that differ from one database to another.

    >>> complaint('Traceback:\\n  File "a.py", line 3, in b\\n    x\\nMissingError: move(531,)')
    'MissingError: move(...)'
    """
    # What stands after the last frame.
    parts = re.split(r"^  File .*\n(?:    .*\n)*", text, flags=re.MULTILINE)
    return re.sub(r"\(\d[\d, ]*\)", "(...)", parts[-1].strip())


def differences(without: Outcomes, with_us: Outcomes) -> list[Difference]:
    """The tests that fail, fail otherwise, are skipped or do not run at all with our modules only.

    Some of Odoo's tests at_install fail as soon as apps are loaded that build on theirs: these
    have to fail in the same way.
    """
    found = [
        Difference(test, text)
        for test, text in sorted(with_us.failed.items())
        if test not in without.failed or complaint(text) != complaint(without.failed[test])
    ]
    for test in sorted(without.passed.difference(with_us.passed, with_us.failed)):
        reason = with_us.skipped.get(test)
        found.append(Difference(test, f"skipped: {reason}" if reason else "did not run"))
    return found


def _write(without: Outcomes, with_us: Outcomes, found: list[Difference]) -> Path:
    def told(side: Outcomes) -> dict:
        return {
            "passed": sorted(side.passed),
            "failed": side.failed,
            "skipped": side.skipped,
        }

    file = paths.folder("log") / "core-tests.json"
    content = {
        "without": told(without),
        "with": told(with_us),
        "differences": {difference.test: difference.text for difference in found},
    }
    file.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return file


def _summarise(
    modules: list[str], without: Outcomes, with_us: Outcomes, found: list[Difference]
) -> None:
    different = Counter(module_of(difference.test) for difference in found)
    print(f"{'passed, failed, skipped':28}{'without':>18}{'with':>18}{'differences':>14}")
    for module in modules:
        cells = "".join(f"{_counts(side, module):>18}" for side in (without, with_us))
        print(f"{module:28}{cells}{different[module]:14}")
    for test in sorted(set(without.failed).intersection(with_us.failed)):
        print(f"fails without our modules, too: {test}")
    for difference in found:
        print(f"DIFFERENT {difference}")


def _tell_not_run(classes: list[TestClass], started: set[str]) -> None:
    """Tests that nothing is known of: not of the standard ones, or of a class that breaks."""
    for test in classes:
        module = test.file.parent.parent.name
        name = f"{module}.tests.{test.file.stem}:{test.name}"
        number = sum(f"{name}.{method}" not in started for method in test.methods)
        if number:
            print(f"runs on neither side: {number} of the {len(test.methods)} tests of {name}")


def _counts(side: Outcomes, module: str) -> str:
    return ", ".join(
        str(sum(module_of(test) == module for test in tests))
        for tests in (side.passed, side.failed, side.skipped)
    )
