"""The trace as a workbook: one sheet for each table, written row by row."""

import re
from typing import IO

import xlsxwriter
from odoo.api import Environment

from .trace_columns import COUNT, MOMENT, QUANTITY, Column, Table, TraceTables
from .trace_facts import TraceFacts

#: What one sheet of Excel holds, its header included.
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_SHEET_NAME = 31
FIRST_DAY = 1900


def write_xlsx(env: Environment, trace: dict, target: IO[bytes]) -> None:
    """Write a trace as an XLSX workbook.

    Each table has a sheet, and a second one where Excel's own limit is reached. Times are true
    dates in the user's zone, quantities are numbers in the product's unit, and no text is ever
    taken for a formula.

    :param env: gives the user, the language and the time zone
    :param trace: what `lot.trace.trace` returns
    :param target: a file open for writing bytes
    """
    _TraceWorkbook(env, trace, target).write_out()


class _TraceWorkbook:
    def __init__(self, env: Environment, trace: dict, target: IO[bytes]) -> None:
        self.env = env
        self.tables = TraceTables(env, trace)
        self.facts = TraceFacts(self.tables)
        # Rows go to a temporary file as they are written: memory does not grow with them.
        self.book = xlsxwriter.Workbook(target, {"constant_memory": True})
        self.book.set_properties({"title": env._("Lot trace"), "author": env.user.name})
        self.names: set[str] = set()
        form = self.book.add_format
        self.title = form({"bold": True, "font_size": 14})
        self.bold = form({"bold": True, "valign": "top"})
        self.wrap = form({"text_wrap": True, "valign": "top"})
        self.header = form(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7E9ED", "bottom": 1}
        )
        self.formats = {
            MOMENT: form({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            QUANTITY: form({"num_format": "General"}),
            COUNT: form({"num_format": "0"}),
        }
        self.figure = form({"num_format": "General", "align": "left"})

    def write_out(self) -> None:
        self._summary()
        for table in self.tables.tables():
            self._sheets(table)
        self.book.close()

    # -- sheets ------------------------------------------------------------------------------

    def _summary(self) -> None:
        _ = self.env._
        sheet = self._add_sheet(_("Summary"))
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 90)
        sheet.set_column(2, 2, 10)
        self._text(sheet, 0, 0, _("Lot trace"), self.title)
        row = 2
        for label, value in self.facts.run():
            self._text(sheet, row, 0, label, self.bold)
            self._text(sheet, row, 1, value, self.wrap)
            row += 1
        row += 1
        self._text(sheet, row, 0, _("Completeness"), self.bold)
        self._text(sheet, row, 1, self.facts.completeness(), self.wrap)
        for warning in self.facts.trace["warnings"]:
            row += 1
            self._text(sheet, row, 1, f"• {warning['message']}", self.wrap)
        row += 2
        for label, value, unit in self.facts.figures():
            self._text(sheet, row, 0, label, self.bold)
            sheet.write_number(row, 1, value, self.figure)
            self._text(sheet, row, 2, unit)
            row += 1

    def _sheets(self, table: Table) -> None:
        """The table on as many sheets as it needs."""
        rows = iter(table.rows())
        number = 1
        row = next(rows, None)
        while row is not None or number == 1:
            name = table.title if number == 1 else f"{table.title} {number}"
            sheet = self._add_sheet(name)
            self._head(sheet, table.columns)
            last = 0
            if row is None:
                self._text(sheet, 1, 0, table.empty)
            while row is not None and last < MAX_ROWS - 1:
                last += 1
                for index, column in enumerate(table.columns):
                    self._cell(sheet, last, index, column, column.read(row))
                row = next(rows, None)
            sheet.autofilter(0, 0, last, len(table.columns) - 1)
            number += 1

    def _head(self, sheet, columns: tuple[Column, ...]) -> None:
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            title = column.title
            if column.kind == MOMENT:
                title = f"{title} ({self.facts.zone()})"
            sheet.set_column(index, index, column.width)
            self._text(sheet, 0, index, title, self.header)

    # -- cells -------------------------------------------------------------------------------

    def _cell(self, sheet, row: int, index: int, column: Column, value) -> None:
        if column.kind == MOMENT:
            moment = self.tables.local_time(value)
            if moment is None:
                return
            if moment.year < FIRST_DAY:
                self._text(sheet, row, index, value)
                return
            sheet.write_datetime(row, index, moment.replace(tzinfo=None), self.formats[MOMENT])
        elif column.kind in (QUANTITY, COUNT):
            if value is not None:
                sheet.write_number(row, index, value, self.formats[column.kind])
        else:
            self._text(sheet, row, index, value)

    def _text(self, sheet, row: int, column: int, text: str, form=None) -> None:
        """A text is text, even where it looks like a formula, a number or a link."""
        if len(text) > MAX_TEXT:
            text = f"{text[: MAX_TEXT - 1]}…"
        if text:
            sheet.write_string(row, column, text, form)

    # -- names and formats -------------------------------------------------------------------

    def _add_sheet(self, name: str):
        """A sheet under a name that Excel takes: short, without its special signs, and its own."""
        clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ") or "-"
        unique = clean[:MAX_SHEET_NAME]
        number = 1
        while unique.lower() in self.names:
            number += 1
            suffix = f" {number}"
            unique = clean[: MAX_SHEET_NAME - len(suffix)] + suffix
        self.names.add(unique.lower())
        return self.book.add_worksheet(unique)
