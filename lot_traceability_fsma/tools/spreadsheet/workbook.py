"""A workbook of a million rows, written to a stream as the rows come.

Rows are formatted and compressed one after the other: neither a temporary file nor memory grows
with them. A text is always a text, whatever it begins with: nothing is taken for a formula.

>>> import io
>>> book = Workbook(io.BytesIO(), "Records")
>>> book.sheet("Shipping", [Column("Code", 20), Column("Quantity", 10, NUMBER)], [("=A1", 2.5)])
1
>>> book.close()
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from .workbook_parts import (
    CONTENT_TYPES,
    PACKAGE_RELATIONS,
    STYLES,
    content_types,
    properties,
    workbook,
    workbook_relations,
)

TEXT, NUMBER, DATE, LONG = "text", "number", "date", "long"
# What a sheet of Excel holds, its header included, and what a cell holds.
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_NAME = 31
_STYLE = {TEXT: 0, NUMBER: 0, DATE: 2, LONG: 3}
_HEADER = 1
_CHUNK = 1 << 18
# Most of the time goes into compressing: the fastest level makes files a third larger.
_LEVEL = 1
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_SPECIAL = re.compile("[<>&\x00-\x1f\x7f\ufffe\uffff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    :param width: in characters
    :param kind: `TEXT`, `NUMBER`, `DATE` (days since 1899-12-30, as Excel counts), or `LONG`: a
        text that is wrapped
    :param lookup: where rows give a key, the text that stands for it
    """

    title: str
    width: int
    kind: str = TEXT
    lookup: Mapping[Any, str] | None = None


def letters(index: int) -> str:
    """The letters of a column, counted from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found


def clean(text: str) -> str:
    """A text as XML takes it, cut at what a cell holds.

    >>> clean("a<b\\x00")
    'a&lt;b'
    """
    return escape(_FORBIDDEN.sub("", text[:MAX_TEXT]), quote=False)


class Workbook:
    """Writes sheets one after the other, and what holds them together at the end."""

    def __init__(self, target: IO[bytes], title: str, author: str = "") -> None:
        self._archive = ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._sheets: list[tuple[str, str]] = []
        self._title = title
        self._author = author

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence]) -> int:
        """Write a table, on as many sheets as it needs.

        :param rows: a cell for each column; None for an empty one
        :return: the number of rows
        """
        count, number, waiting = 0, 1, iter(rows)
        while True:
            title = name if number == 1 else f"{name[: MAX_NAME - 4]} {number}"
            written = self._one_sheet(title, columns, waiting)
            count += written
            number += 1
            following = next(waiting, None) if written == MAX_ROWS - 1 else None
            if following is None:
                return count
            waiting = chain([following], waiting)

    def close(self) -> None:
        """Write what names the sheets."""
        names = [name for name, _filtered in self._sheets]
        self._part(CONTENT_TYPES, content_types(len(names)))
        self._part("_rels/.rels", PACKAGE_RELATIONS)
        self._part("docProps/core.xml", properties(clean(self._title), clean(self._author)))
        self._part("xl/workbook.xml", workbook(self._sheets))
        self._part("xl/_rels/workbook.xml.rels", workbook_relations(len(names)))
        self._part("xl/styles.xml", STYLES)
        self._archive.close()

    def _part(self, path: str, content: str) -> None:
        self._archive.writestr(path, content)

    def _one_sheet(self, name: str, columns: Sequence[Column], rows) -> int:
        place = len(self._sheets) + 1
        # Always as a large file: how large it gets is known at the end.
        with self._archive.open(f"xl/worksheets/sheet{place}.xml", "w", force_zip64=True) as target:
            target.write(self._head(columns).encode())
            count = self._rows(target, columns, rows)
            area = f"A1:{letters(len(columns) - 1)}{count + 1}"
            target.write(f'</sheetData><autoFilter ref="{area}"/></worksheet>'.encode())
        last = f"$A$1:${letters(len(columns) - 1)}${count + 1}"
        self._sheets.append((clean(_NOT_IN_NAMES.sub(" ", name)[:MAX_NAME].strip()), last))
        return count

    def _head(self, columns: Sequence[Column]) -> str:
        widths = "".join(
            f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"/>'
            for place, column in enumerate(columns, 1)
        )
        titles = "".join(
            f'<c r="{letters(index)}1" s="{_HEADER}" t="inlineStr"><is><t>{clean(column.title)}'
            "</t></is></c>"
            for index, column in enumerate(columns)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns='
            '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
            '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
            'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<cols>{widths}</cols><sheetData><row r="1">{titles}</row>'
        )

    def _rows(self, target, columns: Sequence[Column], rows) -> int:
        shapes = [self._shape(index, column) for index, column in enumerate(columns)]
        lines: list[str] = []
        size, number = 0, 1
        for row in rows:
            number += 1
            line = self._line(number, shapes, row)
            lines.append(line)
            size += len(line)
            if size > _CHUNK:
                target.write("".join(lines).encode())
                lines, size = [], 0
            if number == MAX_ROWS:
                break
        target.write("".join(lines).encode())
        return number - 1

    def _shape(self, index: int, column: Column) -> tuple[str, str, str, bool, Mapping | None]:
        """What stands before, in the middle and behind the value of a cell; whether it is a text;
        and the texts of keys, cleaned once for all rows."""
        style = _STYLE[column.kind]
        before = f'<c r="{letters(index)}'
        mark = f' s="{style}"' if style else ""
        known = column.lookup
        lookup = known and {key: clean(text) for key, text in known.items() if text}
        if column.kind in (TEXT, LONG):
            middle = f'"{mark} t="inlineStr"><is><t xml:space="preserve">'
            return before, middle, "</t></is></c>", lookup is None, lookup
        return before, f'"{mark}><v>', "</v></c>", False, lookup

    def _line(self, number: int, shapes, row) -> str:
        parts = [f'<row r="{number}">']
        for (before, middle, behind, is_text, lookup), value in zip(shapes, row, strict=True):
            if lookup is not None:
                value = lookup.get(value)
            if value is None or value == "":
                continue
            if is_text and (_SPECIAL.search(value) or len(value) > MAX_TEXT):
                value = clean(value)
            parts.append(f"{before}{number}{middle}{value}{behind}")
        parts.append("</row>")
        return "".join(parts)
