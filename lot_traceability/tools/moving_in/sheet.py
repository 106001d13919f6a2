"""The first sheet of a workbook, row by row. openpyxl opens the workbook and knows its texts and
formats; the cells, of which there are millions, are read here in a fraction of its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel, from_ISO8601

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _VALUE, _INLINE, _TEXT, _RUN = (
    f"{_SPACE}{name}" for name in ("row", "c", "v", "is", "t", "r")
)
# More than these no spreadsheet has.
_MAX_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Za-z]{1,3})\d*").fullmatch


class Sheet:
    """The first sheet of the workbook in a file.

    :raises Exception: of many kinds, where there is none
    """

    def __init__(self, content: bytes) -> None:
        self._book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        self._sheet = self._book.worksheets[0]
        self._columns: dict[str, int] = {}

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """(number of the row, values of its cells up to the last one that is written)"""
        number = 0
        with self._sheet._get_source() as source:
            found = etree.iterparse(
                source, tag=_ROW, resolve_entities=False, no_network=True, remove_comments=True
            )
            for _event, row in found:
                told = row.get("r")
                number = int(float(told)) if told else number + 1
                yield number, self._cells(row)
                # What was read is not kept.
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]

    def _cells(self, row) -> list[Any]:
        cells: list[Any] = []
        for cell in row.iterchildren(_CELL):
            reference = cell.get("r")
            column = self._column(reference) if reference else len(cells) + 1
            if column > len(cells):
                cells += [None] * (column - len(cells))
            cells[column - 1] = self._value(cell)
        return cells

    def _column(self, reference: str) -> int:
        """The number of the column that a reference such as "AB12" names."""
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not _REFERENCE(letters):
                raise ValueError(reference)
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - 64
            if column > _MAX_COLUMN:
                raise ValueError(reference)
            self._columns[letters] = column
        return column

    def _value(self, cell) -> Any:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_INLINE)
            return None if inline is None else _written(inline)
        told = cell.findtext(_VALUE)
        if not told:
            return None
        if kind == "n":
            return self._number(told, int(cell.get("s") or 0))
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


def _written(inline) -> str:
    """The text of a cell that holds it itself, without how it is to be pronounced."""
    parts = [inline.findtext(_TEXT) or ""]
    parts += [run.findtext(_TEXT) or "" for run in inline.iterchildren(_RUN)]
    return "".join(parts)
