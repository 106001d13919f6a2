"""`./setup/test`: lint, pure tests, Odoo tests with tours, tests against a running server.

With `--core` instead: Odoo's own tests without and with our modules, see `core_tests.py`.
"""

import argparse
import contextlib
import functools
import json
import time
from collections.abc import Iterator

from . import (
    browser,
    core_tests,
    demo,
    environment,
    lint,
    odoo_tests,
    paper,
    paths,
    process,
    python_tests,
    selection,
    server,
)
from .environment import Environment
from .errors import SetupError
from .process import Job
from .progress import say
from .selection import TestClass
from .tally import Tally

PURE = (paths.REPOSITORY / "tests" / "pure", paths.REPOSITORY / "tests" / "setup")
SYSTEM = paths.REPOSITORY / "tests" / "system"
# One database with the required apps alone, and one with the optional apps as well.
_BASIC_ADDON = "test_lot_traceability_web"
_FULL_ADDON = "test_lot_traceability"
# Each test runs in one of the two, so that both take as long: lot traceability by itself without
# the optional apps, recalls and the FDA's rule with them. What those apps have a hand in, by
# moving lots or by models of their own, runs in both.
_ONLY_FULL = ("lot_traceability_recall", "lot_traceability_fsma")
_IN_BOTH = (
    "test_gate_",
    "test_genealogy_c",
    "test_genealogy_lot",
    "test_genealogy_order",
    "test_genealogy_production",
    "test_genealogy_rebuild",
    "test_genealogy_transfer",
    "test_genealogy_unbuild",
    "test_kept",
    "test_lot_life",
    "test_lot_operation",
    "test_lot_status",
    "test_query_budgets",
    "test_roles",
    "test_shelf_life_reservation",
    "test_trace_a",
    "test_trace_scale",
    "test_trace_truth",
)
# How many parts run at the same time: each keeps about one processor busy.
_AT_ONCE = 2
# System tests that take as long as all others together.
_SECOND_HALF = ("test_scan_", "test_camera", "test_uninstall")


def main(arguments: list[str]) -> int:
    """Run the command; the exit code is 0 when something ran and nothing failed."""
    parser = argparse.ArgumentParser(prog="setup/test", description="Runs lint and all tests.")
    parser.add_argument(
        "--only",
        metavar="WORD",
        default="",
        help="only tests whose file, class, method or tag has WORD",
    )
    parser.add_argument(
        "--fix", action="store_true", help="only rewrite files as the formatters want"
    )
    parser.add_argument(
        "--core", action="store_true", help="Odoo's own tests: what fails only with our modules"
    )
    options = parser.parse_args(arguments)
    if options.fix:
        lint.fix()
        return 0
    if options.core:
        return core_tests.compare(list(core_tests.ALL), options.only)
    word = options.only
    started = time.monotonic()
    tally = Tally()
    try:
        tally.add(_part(word) if word else _everything())
    except SetupError as error:
        tally.fail(str(error))
    if not tally.passed + tally.failed:
        tally.fail(
            f"no test was run: no file, class, method or tag has {word!r}"
            if word
            else "no test was run"
        )
    _summarise(tally, time.monotonic() - started)
    return 1 if tally.failed else 0


def _summarise(tally: Tally, seconds: float) -> None:
    for message in tally.messages:
        say(message)
    say(f"{seconds:.0f} s")
    print(tally, flush=True)


def _everything() -> Tally:
    browser.ensure()
    paper.ensure()
    with environment.ready(development=True, test_addons=True) as env:
        odoo_tests.drop_left_over(env)
        tally = Tally()
        for found in process.run_jobs(_jobs(env), _AT_ONCE).values():
            if isinstance(found, Tally):
                tally.add(found)
    return tally


def _jobs(env: Environment) -> dict[str, Job]:
    """All parts of a whole run. The databases know nothing of each other, so that whatever does
    not need another part's work runs beside it; of those that could begin, the first does."""
    basic, full = _suites()
    pure = [str(path) for path in PURE]
    return {
        "basic database": Job(lambda: _template(env, basic)),
        "full database": Job(lambda: _template(env, full), ("basic database",)),
        "lint": Job(lint.run),
        "demo company": Job(lambda: demo.make_template(env), ("basic database",)),
        "full": Job(lambda: _whole(env, full), ("full database",)),
        "basic": Job(lambda: _whole(env, basic), ("basic database",)),
        # Short: it keeps a processor busy until both of these have ended.
        "pure": Job(lambda: python_tests.run(env.odoo.python, "pure", pure)),
        **{
            label: Job(
                functools.partial(_system, env, files, label), ("full database", "demo company")
            )
            for label, files in _system_parts().items()
        },
    }


def _system_parts() -> dict[str, list[str]]:
    """The files of the system tests, parted so that both parts take about as long."""
    parts: dict[str, list[str]] = {"system": [], "second": []}
    for file in sorted(SYSTEM.glob("test_*.py")):
        parts["second" if file.name.startswith(_SECOND_HALF) else "system"].append(str(file))
    return {label: files for label, files in parts.items() if files}


def _template(env: Environment, suite: "_Suite") -> str:
    return env.modules_template(f"test_{suite.label}", suite.installed, optional=suite.optional)


def _whole(env: Environment, suite: "_Suite") -> Tally:
    """All tests of one database."""
    return odoo_tests.run(
        env,
        suite.label,
        _template(env, suite),
        suite.tags(),
        tested=suite.installed,
        expected=selection.count(filter(suite.runs, suite.classes())),
    )


def _part(word: str) -> Tally:
    """Only what the word names; a changed module is updated in the process that tests it."""
    tally = lint.run(word) if any(word in name for name in lint.NAMES) else Tally()
    pure = [
        chosen
        for folder in PURE
        for test in selection.scan(folder)
        if (chosen := test.chosen(word))
    ]
    system = [chosen for test in selection.scan(SYSTEM) if (chosen := test.chosen(word))]
    odoo = [(suite, chosen) for suite in _suites() if (chosen := suite.chosen(word))]
    if not pure and not system and not odoo:
        return tally
    if system or odoo:
        browser.ensure()
        paper.ensure()
    with environment.ready(development=True, test_addons=True) as env:
        odoo_tests.drop_left_over(env)
        if pure:
            tally.add(python_tests.run(env.odoo.python, "pure", _pytest_names(pure)))
        for suite, classes in odoo:
            template, update = env.usable_template(
                f"test_{suite.label}", suite.installed, optional=suite.optional
            )
            tags = [tag for test in classes for tag in selection.odoo_tags(test)]
            tally.add(
                odoo_tests.run(
                    env, suite.label, template, tags,
                    tested=suite.installed, expected=selection.count(classes), update=update,
                )
            )  # fmt: skip
        if system:
            tally.add(_system(env, _pytest_names(system)))
    return tally


class _Suite:
    """The Odoo tests of one database."""

    def __init__(self, label: str, addon: str, *, optional: bool):
        self.label = label
        self.optional = optional
        self.addon = addon
        self.installed = [*paths.modules(), addon]

    def classes(self) -> list[TestClass]:
        """All test classes that this database runs."""
        folders = [paths.REPOSITORY / module / "tests" for module in paths.modules()]
        return [
            test
            for folder in [*folders, paths.TEST_ADDONS / self.addon / "tests"]
            for test in selection.scan(folder)
        ]

    def runs(self, test: TestClass) -> bool:
        """Whether this database runs the test when all are run."""
        module = selection.module(test)
        if not self.optional:
            return module not in _ONLY_FULL
        return module != "lot_traceability" or test.file.name.startswith(_IN_BOTH)

    def tags(self) -> list[str]:
        """What Odoo is told to run when all are run."""
        modules = [name for name in self.installed if self.optional or name not in _ONLY_FULL]
        left_out = [
            test
            for test in self.classes()
            if not self.runs(test) and selection.module(test) in modules
        ]
        return [
            *(f"/{name}" for name in modules),
            *(f"-{selection.odoo_class(test)}" for test in left_out),
        ]

    def chosen(self, word: str) -> list[TestClass]:
        """The classes that the word names; those of the modules run in the first database only."""
        classes = [chosen for test in self.classes() if (chosen := test.chosen(word))]
        return [test for test in classes if not self.optional or self.addon in test.file.parts]


def _suites() -> list[_Suite]:
    return [
        _Suite("basic", _BASIC_ADDON, optional=False),
        _Suite("full", _FULL_ADDON, optional=True),
    ]


def _pytest_names(classes: list[TestClass]) -> list[str]:
    return [
        "::".join(filter(None, (str(test.file), test.name, method)))
        for test in classes
        for method in test.methods
    ]


def _system(env: Environment, names: list[str], label: str = "system") -> Tally:
    """pytest against a server with three databases: the tests' own, and the demo company twice,
    for its contaminated lot is recalled in each of two tests; and a fourth one, of the demo company
    as well, that nobody serves, for a test that ruins it."""
    demo.make_template(env)
    template = _template(env, _suites()[1])
    with (
        _clones(
            env,
            {"system": template, **dict.fromkeys(("demo", "recall", "spare"), demo.TEMPLATE)},
            label,
        ) as databases,
        odoo_tests.own_report(label) as report,
    ):
        with server.serving(
            env,
            [databases[label] for label in ("system", "demo", "recall")],
            label=label,
            report=report,
            crons=False,
        ) as running:
            access = {"url": running.url, "login": demo.LOGIN, "password": demo.PASSWORD}
            variables = {
                # Some tests look at two transactions at once, or run Odoo in a process of theirs.
                **env.odoo.env,
                "LOT_TRACEABILITY_TEST_SERVER": json.dumps({**access, "db": databases["system"]}),
                "LOT_TRACEABILITY_DEMO_SERVER": json.dumps({**access, "db": databases["demo"]}),
                "LOT_TRACEABILITY_RECALL_SERVER": json.dumps({**access, "db": databases["recall"]}),
                "LOT_TRACEABILITY_SPARE_DATABASE": databases["spare"],
                "LOT_TRACEABILITY_APPS_DATABASE": env.apps_template(),
                "LOT_TRACEABILITY_CHROMIUM": browser.find() or "",
                "LOT_TRACEABILITY_REPORT": str(report),
            }
            tally = python_tests.run(env.odoo.python, label, names, variables)
        tally.add(odoo_tests.read(report, label))
    return tally


@contextlib.contextmanager
def _clones(env: Environment, templates: dict[str, str], of: str) -> Iterator[dict[str, str]]:
    databases = {label: odoo_tests.run_database(f"{of}_{label}") for label in templates}
    try:
        for label, template in templates.items():
            env.databases.clone(template, databases[label])
        yield databases
    finally:
        for name in databases.values():
            env.databases.drop(name)
