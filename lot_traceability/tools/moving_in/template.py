"""A table to fill in, for people who have none yet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import IO, NamedTuple

import xlsxwriter


class Column(NamedTuple):
    """A column of a template: its title, what it means, an example, whether it must be filled."""

    title: str
    meaning: str
    example: str
    required: bool


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("-4.5"), safe("A1")
    ("'=1+1", '-4.5', 'A1')
    """
    if text[:1] in ("=", "+", "@", "\t", "\r") or (
        text[:1] == "-" and not text[1:].replace(".", "", 1).isdigit()
    ):
        return f"'{text}"
    return text


def write_csv(columns: Sequence[Column], target: IO[bytes]) -> None:
    """The titles and a row of examples, in UTF-8 with the mark by which spreadsheets know it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(column.title) for column in columns])
    writer.writerow([safe(column.example) for column in columns])
    target.write(text.getvalue().encode("utf-8-sig"))


def write_xlsx(
    columns: Sequence[Column],
    target: IO[bytes],
    *,
    sheet: str,
    explained: str,
    heads: tuple[str, str, str, str],
    must: tuple[str, str],
) -> None:
    """The same as a workbook, and a second sheet that explains each column.

    :param sheet: title of the sheet to fill in
    :param explained: title of the sheet that explains
    :param heads: titles there: column, must it be filled, meaning, example
    :param must: how "yes" and "no" are written there
    """
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E7E9ED", "bottom": 1})
        needed = book.add_format({"bold": True, "bg_color": "#FCE8C8", "bottom": 1})
        plain = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        table = book.add_worksheet(sheet[:31])
        table.freeze_panes(1, 0)
        for position, column in enumerate(columns):
            table.set_column(position, position, max(14, len(column.title) + 3), plain)
            table.write_string(0, position, column.title, needed if column.required else bold)
            table.write_string(1, position, safe(column.example), plain)
        notes = book.add_worksheet(explained[:31])
        notes.freeze_panes(1, 0)
        for position, (head, width) in enumerate(zip(heads, (26, 12, 80, 26), strict=True)):
            notes.set_column(position, position, width, wrapped)
            notes.write_string(0, position, head, bold)
        for row, column in enumerate(columns, start=1):
            told = (column.title, must[not column.required], column.meaning, safe(column.example))
            for position, text in enumerate(told):
                notes.write_string(row, position, text, wrapped)
    target.write(made.getvalue())
