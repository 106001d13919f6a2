"""A table in a file, row by row: the first sheet of a workbook, or CSV in whatever encoding and
with whatever separator another system writes.

>>> table = open_table("lot;qty\\nA1;1,5\\n".encode("utf-16"), "old.csv")
>>> table.headers, list(table.rows()), table.encoding, table.separator
(['lot', 'qty'], [(2, ['A1', '1,5'])], 'utf-16', ';')
"""

from __future__ import annotations

import contextlib
import csv
import pickle
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from .sheet import Sheet

MAX_BYTES = 200 << 20
# Of a workbook, unpacked: more is no table of records.
MAX_UNPACKED = 2 << 30
MAX_COLUMNS = 200
_SEPARATORS = (";", ",", "\t", "|")
_LOOKED_AT = 64 << 10
_HEADER_WITHIN = 20
_KEPT_TOGETHER = 1_000


class TableError(ValueError):
    """The file cannot be read: "large", "workbook", "csv", "empty" or "columns"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Table:
    """The header of a table, and its rows each time anew: only the file is kept in memory."""

    headers: list[str]
    # Of CSV: how it was read.
    encoding: str = ""
    separator: str = ""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._header_row = 0
        self.headers = []
        for number, cells in self._lines():
            named = [_plain(cell) for cell in cells]
            if any(named):
                while named and not named[-1]:
                    named.pop()
                self.headers, self._header_row = named, number
                break
            if number >= _HEADER_WITHIN:
                break
        if not self.headers:
            raise TableError("empty")
        if len(self.headers) > MAX_COLUMNS:
            raise TableError("columns")

    def rows(self, again: bool = False) -> Iterator[tuple[int, list[Any]]]:
        """(number of the row as a spreadsheet counts, cells in the order of the headers); rows
        without any content are left out.

        :param again: they will be read once more, to the end
        """
        width = len(self.headers)
        for number, cells in self._lines():
            if number > self._header_row:
                row = list(cells[:width])
                if any(cell is not None and cell != "" for cell in row):
                    yield number, row + [None] * (width - len(row))

    def _lines(self) -> Iterator[tuple[int, Any]]:
        raise NotImplementedError


class _Workbook(Table):
    """Unpacking a workbook takes far longer than all that is done with its rows: what was read to
    the end is kept in a file without a name."""

    _kept: IO[bytes] | None = None
    _sheet: Sheet | None = None

    def __init__(self, content: bytes) -> None:
        try:
            with ZipFile(BytesIO(content)) as archive:
                if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                    raise TableError("large")
        except BadZipFile:
            raise TableError("workbook") from None
        super().__init__(content)

    def rows(self, again=False):
        if self._kept:
            yield from self._rows_kept(self._kept)
        elif again:
            yield from self._keep(super().rows())
        else:
            yield from super().rows()

    def _keep(self, rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
        kept = TemporaryFile()  # noqa: SIM115  # closed with the table, and gone with that
        while chunk := list(islice(rows, _KEPT_TOGETHER)):
            pickle.dump(chunk, kept, pickle.HIGHEST_PROTOCOL)
            yield from chunk
        self._kept = kept

    def _rows_kept(self, kept: IO[bytes]) -> Iterator[tuple[int, list[Any]]]:
        kept.seek(0)
        with contextlib.suppress(EOFError):
            while True:
                yield from pickle.load(kept)  # noqa: S301  # written above, by nobody else

    def _lines(self):
        try:
            if not self._sheet:
                self._sheet = Sheet(self._content)
            yield from self._sheet.rows()
        except (
            BadZipFile, IndexError, KeyError, OSError, OverflowError, SyntaxError, TypeError,
            ValueError, AttributeError, ExpatError,
        ) as error:  # fmt: skip
            if isinstance(error, TableError):
                raise
            raise TableError("workbook") from error


class _Csv(Table):
    def __init__(self, content: bytes) -> None:
        self.encoding = _encoding(content)
        with TextIOWrapper(BytesIO(content[:_LOOKED_AT]), self.encoding, errors="replace") as file:
            self.separator = _separator(file.read())
        super().__init__(content)

    def _lines(self):
        file = TextIOWrapper(BytesIO(self._content), self.encoding, newline="")
        reader = csv.reader(file, delimiter=self.separator)
        try:
            for cells in reader:
                yield reader.line_num, [_unquoted(cell) for cell in cells]
        except (UnicodeDecodeError, csv.Error) as error:
            raise TableError("csv") from error


def open_table(content: bytes, name: str) -> Table:
    """The table in a file.

    :param name: of the file; what is no workbook by its first bytes is read as CSV
    :raises TableError: when there is none
    """
    if len(content) > MAX_BYTES:
        raise TableError("large")
    if not content.strip():
        raise TableError("empty")
    if content[:2] == b"PK":
        return _Workbook(content)
    if (
        name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods"))
        or b"\x00\x00\x00" in content[:512]
    ):
        raise TableError("workbook")
    return _Csv(content)


def _encoding(content: bytes) -> str:
    if content[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # What Windows programs write in Western Europe and America.
        return "cp1252"
    return "utf-8"


def _separator(start: str) -> str:
    """The one by which most of the first lines fall into the most parts, as many in each."""
    lines = start.splitlines()[:_HEADER_WITHIN]
    if len(start) >= _LOOKED_AT // 2 and len(lines) > 1:
        lines = lines[:-1]
    best, most = ",", (0, 0)
    for separator in _SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            continue
        if widths:
            width = widths[0]
            alike = sum(one == width for one in widths)
            if width > 1 and (alike, width) > most:
                best, most = separator, (alike, width)
    return best


def _plain(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _unquoted(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from taking a text for a formula.

    >>> _unquoted("'=A1"), _unquoted("'s-Hertogenbosch")
    ('=A1', "'s-Hertogenbosch")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t") else cell
