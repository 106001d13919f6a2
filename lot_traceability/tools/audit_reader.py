"""Reads an exported audit log, a line at a time, and hands it to the verifier.

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from .audit_chain import LIMIT, Verifier
from .audit_clock import LATE, TOLERANCE
from .audit_format import (
    Receipt,
    State,
    block_of,
    check_version,
    parse_json,
    receipt_of,
    state_of,
)
from .audit_included import ProofCheck
from .audit_report import Report

# A line beyond this is no line of ours: a file without line ends is not read into memory.
_LONGEST = 64 * 1024 * 1024
_CONTROL = b'{"type":'


class UnreadableError(Exception):
    """What was given cannot be read; its text is one sentence."""


class _CutShortError(Exception):
    """A compressed file that ends before its end."""


def verify_file(
    file: BinaryIO,
    keys: Mapping[str, bytes] | None = None,
    receipts: Iterable[Receipt] = (),
    *,
    tolerance: float = TOLERANCE,
    late: float = LATE,
    limit: int = LIMIT,
) -> Report:
    """Verify an export, gzip or not, of a whole log, of some blocks or of some events.

    Options are those of `audit_chain.Verifier`. UnreadableError where it is no export.
    """
    lines = _Lines(file)
    head = _head(lines)
    start = _start(head)
    verifier = Verifier(
        keys,
        receipts,
        log=head["log"],
        start=start,
        partial=head.get("until_end") is False,
        tolerance=tolerance,
        late=late,
        limit=limit,
    )
    proofs = None
    if head.get("scope") == "events":
        proofs = ProofCheck(head["log"], keys, receipts, verifier.findings)
    _Reading(lines, verifier, proofs).run()
    return proofs.finish() if proofs else verifier.finish()


def read_receipts(file: BinaryIO) -> list[Receipt]:
    """Receipts, one line of JSON each. UnreadableError names the first line that is none."""
    found = []
    lines = _Lines(file)
    try:
        for line in lines:
            if line.strip():
                found.append(receipt_of(parse_json(line)))
    except ValueError as error:
        raise UnreadableError(f"line {lines.number} is no receipt: {_why(error)}") from None
    except _CutShortError:
        raise UnreadableError("the compressed file is incomplete") from None
    if not found:
        raise UnreadableError("there is no receipt in it")
    return found


class _Lines:
    """The lines of a file without their ends; one of them can be put back."""

    def __init__(self, file: BinaryIO) -> None:
        source = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)
        if source.peek(2)[:2] == b"\x1f\x8b":
            source = io.BufferedReader(gzip.GzipFile(fileobj=source))
        self._file = source
        self.number = 0
        self._next: bytes | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line, self._next = self._next, None
        if line is None:
            line = self._read()
        self.number += 1
        return line

    def _read(self) -> bytes:
        try:
            line = self._file.readline(_LONGEST)
        except EOFError:
            raise _CutShortError from None
        except (OSError, zlib.error) as error:
            raise UnreadableError(f"reading failed after line {self.number}: {error}") from None
        if not line:
            raise StopIteration
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            raise UnreadableError(f"line {self.number + 1} is too long to be one of a log")
        if not self.number and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]  # a byte order mark that an editor put there
        # Line ends are not part of what was sealed; some ways of copying a file change them.
        return line[:-2] if line.endswith(b"\r\n") else line.rstrip(b"\n")

    def put_back(self, line: bytes) -> None:
        """Give this line again."""
        self._next = line
        self.number -= 1

    def events(self) -> Iterator[bytes]:
        """The lines up to the next that is no event."""
        for line in self:
            if line.startswith(_CONTROL):
                self.put_back(line)
                return
            if line:
                yield line


class _Reading:
    """Goes through the lines after the first."""

    def __init__(self, lines: _Lines, verifier: Verifier, proofs: ProofCheck | None) -> None:
        self._lines = lines
        self._verifier = verifier
        self._find = verifier.findings.add
        self._ended = False
        self._read = 0  # lines of events and proofs
        self._kinds = {"end": self._end}
        if proofs:
            self._proofs = proofs
            for kind in ("receipt", "consistency", "proof"):
                self._kinds[kind] = getattr(self, f"_{kind}")
        else:
            self._kinds.update(block=self._block, unsealed=self._unsealed)

    def run(self) -> None:
        """Read to the end."""
        try:
            for line in self._lines:
                if line:
                    self._take(line)
        except _CutShortError:
            self._ended = True
            text = (
                f"The compressed file is incomplete: it breaks off after line {self._lines.number}."
            )
            self._find("truncated", None, None, text)
        if not self._ended:
            text = "The file has no end line: it was cut off, or not transferred completely."
            self._find("truncated", None, None, text)

    def _take(self, line: bytes) -> None:
        number = self._lines.number
        if self._ended:
            self._find(
                "malformed", None, None, f"Line {number} stands after the end of the export."
            )
            self._drop()
            return
        try:
            data = parse_json(line)
            kind = data.get("type") if isinstance(data, dict) else None
            if kind not in self._kinds:
                raise ValueError("this kind of line does not belong here")
            self._kinds[kind](data)
        except ValueError as error:
            why = f"Line {number} cannot be read: {_why(error)}."
            self._verifier.unreadable(why)
            self._drop()

    def _drop(self) -> None:
        """Pass over the events that belong to a line that could not be read."""
        self._read += sum(1 for _line in self._lines.events())

    def _events(self) -> Iterator[bytes]:
        for line in self._lines.events():
            self._read += 1
            yield line

    def _block(self, data: dict[str, Any]) -> None:
        self._verifier.add(block_of(data), self._events())

    def _unsealed(self, data: dict[str, Any]) -> None:
        before = self._read
        self._verifier.add_unsealed(self._events())
        said, here = data.get("count"), self._read - before
        if said != here:
            code = "inserted" if isinstance(said, int) and said < here else "truncated"
            text = f"{said} events without a block were exported, {here} are here."
            self._find(code, None, None, text)

    def _receipt(self, data: dict[str, Any]) -> None:
        self._proofs.add_receipt(data)

    def _consistency(self, data: dict[str, Any]) -> None:
        self._proofs.add_consistency(data)

    def _proof(self, data: dict[str, Any]) -> None:
        self._read += 1
        self._proofs.add_proof(data)

    def _end(self, data: dict[str, Any]) -> None:
        self._ended = True
        blocks = self._verifier.summary.blocks
        if (data.get("blocks"), data.get("events")) != (blocks, self._read):
            text = (
                f"The export was of {data.get('blocks')} blocks and {data.get('events')} events; "
                f"{blocks} blocks and {self._read} events can be read here."
            )
            code = "inserted" if self._more(data, blocks) else "truncated"
            self._find(code, None, None, text)

    def _more(self, data: dict[str, Any], blocks: int) -> bool:
        """Is there more than was exported?"""
        said = [data.get("blocks"), data.get("events")]
        return all(type(count) is int for count in said) and (blocks, self._read) > tuple(said)


def _head(lines: _Lines) -> dict[str, Any]:
    try:
        first = next(lines, None)
    except _CutShortError:
        raise UnreadableError("the compressed file is incomplete") from None
    if first is None:
        raise UnreadableError("it is empty")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError("it was saved as UTF-16; take the file as it was exported")
    try:
        head = parse_json(first)
    except ValueError:
        head = None
    if (
        not isinstance(head, dict)
        or head.get("type") != "log"
        or not isinstance(head.get("log"), str)
    ):
        raise UnreadableError("it is no export of the audit log: its first line does not say so")
    try:
        check_version(head.get("v"))
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    return head


def _start(head: dict[str, Any]) -> State | None:
    if head.get("after") is None:
        return None
    try:
        return state_of(head["after"])
    except ValueError as error:
        raise UnreadableError(f"its first line cannot be used: {error}") from None


def _why(error: ValueError) -> str:
    """The reason in one line; that of a JSON text without the place in it."""
    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    return getattr(error, "msg", None) or str(error)
