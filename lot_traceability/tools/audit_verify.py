"""Verifies an exported audit log of Lot Traceability.

python audit_verify.py LOG.jsonl [--receipts FILE ...] [--keys FILE] [--json]

LOG is an export of the audit log, gzip or not: all of it, some blocks, or some events with their
proofs; - reads standard input. Receipts, one a line, are what was kept outside the database; only
with them does a missing end show. Keys (id:hexadecimal, one a line or separated by commas) are
read from a file, or from the variable LOT_TRACEABILITY_AUDIT_KEYS; only with them are seals
checked. The exit code is 0 when nothing was found, 1 when something was, 2 when the input cannot
be read. It needs Python 3.9 or newer and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from .audit_clock import TOLERANCE
from .audit_format import Receipt, parse_keys
from .audit_reader import UnreadableError, read_receipts, verify_file
from .audit_report import MEANINGS, Finding, Report, Summary

KEYS_VARIABLE = "LOT_TRACEABILITY_AUDIT_KEYS"
VALID, FOUND, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        report = _verify(options)
    except UnreadableError as error:
        return _refuse(options, str(error))
    except Exception as error:  # an auditor can do nothing with a traceback
        return _refuse(options, f"{options.log} cannot be read: {type(error).__name__}: {error}.")
    if options.json:
        text = json.dumps(to_json(report), indent=2) + "\n"
    else:
        text = "".join(f"{printable(line)}\n" for line in to_text(report))
    _write(sys.stdout, text)
    return VALID if report.valid else FOUND


def to_json(report: Report) -> dict:
    """A report as JSON values."""
    return {
        "valid": report.valid,
        "findings": [finding._asdict() for finding in report.findings],
        "summary": vars(report.summary),
    }


def to_text(report: Report) -> Iterator[str]:
    """A report as lines for people."""
    summary = report.summary
    if report.valid:
        yield "VALID: all that was checked is as it was sealed."
    else:
        yield f"NOT VALID: {_count(summary.findings, 'finding')}."
    yield ""
    yield from _what(summary)
    yield from ("", "Checked:")
    yield from (f"  - {text}" for text in _checked(summary))
    if summary.not_checked:
        yield from ("", "Not checked:")
        yield from (f"  - {text}" for text in summary.not_checked)
    if report.findings:
        yield from _found(report.findings, summary.findings)


def printable(text: str) -> str:
    """Text without what a terminal would obey: it may come from who changed the log."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _what(summary: Summary) -> Iterator[str]:
    yield f"Log       {summary.log}"
    yield f"Extent    {'all of it' if summary.whole else 'a part of it'}"
    if summary.blocks:
        yield f"Blocks    {summary.first_block} to {summary.last_block}"
        yield f"Sealed    {summary.sealed_at} (newest block)"
    events = f"Events    {summary.events:,}"
    if summary.unsealed:
        events += f" sealed, {summary.unsealed:,} not yet"
    yield events
    if summary.first_at:
        yield f"Times     {summary.first_at} to {summary.last_at}"


def _checked(summary: Summary) -> Iterator[str]:
    if summary.blocks:
        yield "each event against what was sealed, and each block against the one before"
        yield "that times go forward"
    elif summary.events:
        yield f"{_count(summary.proofs, 'event')} proved to be in the log of the receipt"
    if summary.consistent:
        yield f"{_count(summary.consistent, 'receipt')} that the log of another one continues"
    if summary.seals:
        yield f"{_count(summary.seals, 'seal')} with a key: right"
    if summary.receipts:
        yield f"{_count(summary.receipts, 'receipt')} kept elsewhere: the log agrees"
    if not summary.events:
        yield "nothing: there are no sealed events"


def _found(findings: list[Finding], count: int) -> Iterator[str]:
    yield from ("", "Findings:")
    for place, finding in enumerate(findings, 1):
        where = f"block {finding.block}"
        named = finding.block is None or where in finding.text.lower()
        yield f"  {place}. [{finding.code}] {finding.text}{'' if named else f' ({where})'}"
    if count > len(findings):
        yield f"  ... and {count - len(findings):,} more"
    yield from ("", "What they mean, and what to do:")
    named = {finding.code for finding in findings}
    for code, (meaning, advice) in MEANINGS.items():
        if code in named:
            yield f"  {code}: {meaning} {advice}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _verify(options: argparse.Namespace) -> Report:
    keys = _keys(options.keys)
    receipts: list[Receipt] = []
    for name in options.receipts:
        with _opened(name) as file:
            receipts += read_receipts(file)
    with _opened(options.log) as file:
        return verify_file(file, keys, receipts, tolerance=options.tolerance)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """A file to read; what cannot be read in it is reported under its name."""
    try:
        if name == "-":
            yield sys.stdin.buffer
        else:
            with open(name, "rb") as file:
                yield file
    except UnreadableError as error:
        raise UnreadableError(f"{name} cannot be read: {error}.") from None
    except OSError as error:
        raise UnreadableError(f"{name} cannot be read: {error.strerror or error}.") from None


def _keys(name: str | None) -> dict[str, bytes]:
    if name is None:
        text, where = os.environ.get(KEYS_VARIABLE, ""), KEYS_VARIABLE
    else:
        where = name
        with _opened(name) as file:
            text = file.read(1 << 20).decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    try:
        keys = parse_keys(",".join(lines))
    except ValueError as error:
        raise UnreadableError(f"The keys of {where} cannot be used: {error}.") from None
    if name is not None and not keys:
        raise UnreadableError(f"There is no key in {where}.")
    return keys


def _refuse(options: argparse.Namespace, text: str) -> int:
    if options.json:
        _write(sys.stdout, json.dumps({"valid": None, "error": text}, indent=2) + "\n")
    else:
        _write(sys.stderr, printable(text) + "\n")
    return UNREADABLE


def _write(stream: object, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing is left to be written at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="audit_verify.py",
        description=(__doc__ or "").partition("\n\n")[0],
        epilog=(__doc__ or "").rpartition("\n\n")[2],
    )
    parser.add_argument("log", metavar="LOG", help="the exported log; - for standard input")
    parser.add_argument(
        "--receipts",
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        help="receipts that were kept elsewhere",
    )
    parser.add_argument("--keys", metavar="FILE", help=f"keys (default: {KEYS_VARIABLE})")
    parser.add_argument("--json", action="store_true", help="findings and summary as JSON")
    parser.add_argument(
        "--tolerance",
        metavar="SECONDS",
        type=float,
        default=TOLERANCE,
        help="by how much times may go backwards (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
