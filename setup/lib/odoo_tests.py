"""Runs the Odoo tests of our modules in one database, and reads their report."""

import contextlib
import itertools
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import paper, paths, process, server
from .databases import database_name
from .environment import Environment
from .progress import step
from .tally import Tally

# What a test is skipped with when a program of the host is missing: that is no proof of anything.
_MISSING = {
    "chrom": "The browser tours need Chromium: apt-get install chromium",
    "websocket-client": "The browser tours need Chromium: apt-get install chromium",
    "wkhtmltopdf": f"Letters are printed with wkhtmltopdf: {paper.INSTALL}",
}


def run_database(label: str) -> str:
    """The name of a database for this run alone."""
    return database_name("run", label, str(os.getpid()))


def drop_left_over(env: Environment) -> None:
    """Drop the databases of runs that were killed."""
    for (name,) in env.databases.server.query(
        f"SELECT datname FROM pg_database WHERE starts_with(datname, '{database_name('run', '')}')"
    ):
        pid = re.search(r"_(\d+)$", name)
        if not pid or not Path(f"/proc/{pid[1]}").exists():
            env.databases.drop(name)


@contextlib.contextmanager
def own_report(label: str) -> Iterator[Path]:
    """A report for this run alone: two runs at a time must not count each other's tests."""
    path = paths.folder("run") / f"report-{label}-{os.getpid()}.jsonl"
    path.unlink(missing_ok=True)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Outcomes:
    """The tests that a report tells of, by name."""

    started: frozenset[str]
    # What each failed or skipped test says.
    failed: dict[str, str]
    skipped: dict[str, str]

    @property
    def passed(self) -> set[str]:
        """The tests that ran to their end without a complaint."""
        return set(self.started.difference(self.failed, self.skipped))


def run(
    env: Environment,
    label: str,
    template: str,
    tags: Sequence[str],
    *,
    tested: list[str],
    expected: int = 0,
    update: Sequence[str] = (),
) -> Tally:
    """Run the tests that `tags` names in a clone of `template`.

    :param tested: the modules under test
    :param expected: about how many tests there are, for the bar
    :param update: modules to update first, in the same process
    """
    with reported(
        env, label, template, tags, tested=tested, expected=expected, update=update
    ) as report:
        _note_times(rows_of(report), label)
        return read(report, label)


@contextlib.contextmanager
def reported(
    env: Environment,
    label: str,
    template: str,
    tags: Sequence[str],
    *,
    tested: Sequence[str] = (),
    expected: int = 0,
    update: Sequence[str] = (),
    entry: Path = server.ENTRY,
) -> Iterator[Path]:
    """As `run`, with the report as it is.

    :param entry: the script that runs Odoo and writes the report
    """
    database = run_database(label)
    env.databases.clone(template, database)
    arguments = [
        *("-d", database, "--test-tags", ",".join(tags), "--stop-after-init"),
        *("--http-port", str(server.free_port(0)), "--max-cron-threads=0"),
        *(("-u", ",".join(update)) if update else ()),
    ]
    try:
        with own_report(label) as report:
            _run(env, label, arguments, report, tested, expected, entry)
            yield report
    finally:
        env.databases.drop(database)


def _run(
    env: Environment,
    label: str,
    arguments: list[str],
    report: Path,
    tested: Sequence[str],
    expected: int,
    entry: Path,
) -> None:
    done = 0
    with step(f"Odoo tests, {label}") as current:

        def watch(line: str) -> None:
            nonlocal done
            if " Starting " in line and line.endswith(" ..."):
                done += 1
                current.update(done, max(expected, done), "tests")

        env.odoo.test(
            arguments,
            entry=entry,
            report=report,
            tested=list(tested),
            log=f"tests-{label}",
            on_line=watch,
        )


def read(report: Path, label: str) -> Tally:
    """Count what a report says. A skipped tour and an unexpected warning are failures."""
    tally = Tally()
    rows = rows_of(report)
    found = outcomes(rows)
    failed, skipped = found.failed, found.skipped
    for test, reason in list(skipped.items()):
        needed = next((text for mark, text in _MISSING.items() if mark in reason.lower()), None)
        if needed:
            failed[test] = f"skipped: {reason}. {needed}"
            del skipped[test]
    for test, text in failed.items():
        tally.fail(f"{test} ({label})", text)
    for test, text in _unexpected(rows):
        tally.fail(f"log of {test or 'the server'} ({label})", text)
    tally.skipped = len(skipped)
    tally.passed = len(found.passed)
    for test, reason in skipped.items():
        tally.messages.append(f"skipped: {test}: {reason}")
    return tally


def _note_times(rows: list[dict], label: str) -> None:
    """Leave a log of how long each test took until the next one began, the longest first."""
    took = times(rows)
    lines = [f"{took[test]:8.1f} {test}\n" for test in sorted(took, key=took.get, reverse=True)]
    process.log_path(f"times-{label}").write_text("".join(lines), encoding="utf-8")


def times(rows: list[dict]) -> dict[str, float]:
    """Seconds from each test's start to the next test's, which prepares its class in them.

    >>> times([{"event": "start", "test": test, "at": at} for test, at in (("a", 1.0), ("b", 3.5))])
    {'a': 2.5}
    """
    starts = [(row["test"], row["at"]) for row in rows if row["event"] == "start"]
    return {test: end - at for (test, at), (_next, end) in itertools.pairwise(starts)}


def rows_of(report: Path) -> list[dict]:
    """The events of a report, in their order."""
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    return [json.loads(line) for line in lines]


def outcomes(rows: list[dict]) -> Outcomes:
    """What became of each test."""
    failed: dict[str, str] = {}
    for row in rows:
        if row["event"] == "fail":
            failed[row["test"]] = failed.get(row["test"], "") + row["text"]
    return Outcomes(
        frozenset(row["test"] for row in rows if row["event"] == "start"),
        failed,
        {row["test"]: row["text"] for row in rows if row["event"] == "skip"},
    )


def _unexpected(rows: list[dict]) -> list[tuple[str, str]]:
    """(test, text) of the warnings in the log that no test said to expect."""
    expected = [row["text"] for row in rows if row["event"] == "expect"]
    return [
        (row["test"], row["text"])
        for row in rows
        if row["event"] == "log" and not any(part in row["text"] for part in expected)
    ]
