"""The first sheet of a workbook, row by row. openpyxl opens the workbook and knows its texts and
formats; the cells, of which there are millions, are read here in a fraction of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel, from_ISO8601

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _CELL, _VALUE, _TEXT, _SPOKEN = (f"{_SPACE} {name}" for name in ("row", "c", "v", "t", "rPh"))
# More than these no spreadsheet has.
_MAX_COLUMN = 16_384
_READ = 1 << 16


class Sheet:
    """The first sheet of the workbook in a file.

    :raises Exception: of many kinds, where there is none
    """

    def __init__(self, content: bytes) -> None:
        self._book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        self._sheet = self._book.worksheets[0]

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """(number of the row, values of its cells up to the last one that is written)"""
        found = _Rows(self._value)
        with self._sheet._get_source() as source:
            while content := source.read(_READ):
                yield from found.feed(content)
            yield from found.feed(b"", final=True)

    def _value(self, kind: str, style: str, told: str) -> Any:
        """What a cell says: its kind, the number of its format, and its text."""
        if not told:
            return None
        if kind == "n":
            return self._number(told, int(style))
        if kind == "s":
            return self._sheet._shared_strings[int(told)]
        if kind == "b":
            return bool(int(told))
        return from_ISO8601(told) if kind == "d" else told

    def _number(self, told: str, style: int) -> Any:
        number = float(told) if "." in told or "E" in told or "e" in told else int(told)
        if style not in self._book._date_formats:
            return number
        try:
            return from_excel(
                number, self._book.epoch, timedelta=style in self._book._timedelta_formats
            )
        except (OverflowError, ValueError):
            return "#VALUE!"


class _Rows:
    """The rows in the XML of a sheet: what a cell says is kept, until it is asked for.

    :param value: gives the value of a cell by its kind, its format and its text
    """

    def __init__(self, value: Callable[[str, str, str], Any]) -> None:
        self._read = value
        self._done: list[tuple[int, list[Any]]] = []
        self._number = 0
        self._cells: list[Any] = []
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._spoken = False
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        # No spreadsheet declares any; who does means no good.
        parser.EntityDeclHandler = self._refuse

    def feed(self, content: bytes, final: bool = False) -> list[tuple[int, list[Any]]]:
        """The rows that this next piece completes."""
        self._done = []
        self._parser.Parse(content, final)
        return self._done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _CELL:
            self._cell, self._text = attributes, []
        elif name in (_VALUE, _TEXT):
            if not self._spoken:
                self._parser.CharacterDataHandler = self._text.append
        elif name == _ROW:
            told = attributes.get("r")
            self._number = int(float(told)) if told else self._number + 1
            self._cells = []
        elif name == _SPOKEN:
            self._spoken = True

    def _end(self, name: str) -> None:
        if name in (_VALUE, _TEXT):
            self._parser.CharacterDataHandler = None
        elif name == _CELL:
            cell, cells = self._cell, self._cells
            reference = cell.get("r")
            column = self._column(reference) if reference else len(cells) + 1
            if column > len(cells):
                cells += [None] * (column - len(cells))
            cells[column - 1] = self._read(
                cell.get("t", "n"), cell.get("s", "0"), "".join(self._text)
            )
        elif name == _ROW:
            self._done.append((self._number, self._cells))
        elif name == _SPOKEN:
            self._spoken = False

    def _refuse(self, name: str, *_details: Any) -> None:
        raise ValueError(name)

    def _column(self, reference: str) -> int:
        """The number of the column that a reference such as "AB12" names."""
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not (letters.isascii() and letters.isalpha()):
                raise ValueError(reference)
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - 64
            if column > _MAX_COLUMN:
                raise ValueError(reference)
            self._columns[letters] = column
        return column
