"""Events of the audit log as a workbook, written row by row."""

from typing import IO

import xlsxwriter

from .audit_rows import AuditRow, AuditRows
from .trace_columns import COUNT, MOMENT, Column

#: What one sheet of Excel holds, its header included.
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767


def write_xlsx(rows: AuditRows, target: IO[bytes]) -> int:
    """Write the events as XLSX: a sheet that says what it is, and one or more with the events.

    :param target: a file open for writing bytes
    :return: the number of events written
    """
    # Rows go to a temporary file as they are written: memory does not grow with them.
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    book.set_properties({"title": rows.env._("Audit log"), "author": rows.env.user.name})
    count = EventSheets(book, rows).write_out()
    book.close()
    return count


class EventSheets:
    """The sheets of events in a workbook."""

    def __init__(self, book: xlsxwriter.Workbook, rows: AuditRows) -> None:
        self.book = book
        self.rows = rows
        self.columns = rows.columns()
        form = book.add_format
        self.bold = form({"bold": True, "valign": "top"})
        self.wrap = form({"text_wrap": True, "valign": "top"})
        self.title = form({"bold": True, "font_size": 14})
        self.header = form(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7E9ED", "bottom": 1}
        )
        self.moment = form({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})

    def write_out(self) -> int:
        """Write all sheets; the number of events."""
        self.facts()
        return self.events()

    def facts(self) -> None:
        """The sheet that says what the file is."""
        sheet = self.book.add_worksheet(self.rows.env._("About"))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, self.rows.env._("Audit log"), self.title)
        for place, (label, value) in enumerate(self.rows.facts(), 2):
            sheet.write_string(place, 0, label, self.bold)
            sheet.write_string(place, 1, value, self.wrap)

    def events(self) -> int:
        """The events, on as many sheets as they need."""
        name = self.rows.env._("Events")
        sheet, number, place, count = self._new_sheet(name), 1, 0, 0
        for row in self.rows.rows():
            if place == MAX_ROWS - 1:
                self._close(sheet, place)
                number += 1
                sheet, place = self._new_sheet(f"{name} {number}"), 0
            place += 1
            count += 1
            for index, column in enumerate(self.columns):
                self._cell(sheet, place, index, column, row)
        self._close(sheet, place)
        return count

    def _new_sheet(self, name: str):
        sheet = self.book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(self.columns):
            title = column.title
            if column.kind == MOMENT:
                title = f"{title} ({self.rows.env.tz})"
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, title, self.header)
        return sheet

    def _close(self, sheet, last: int) -> None:
        sheet.autofilter(0, 0, last, len(self.columns) - 1)

    def _cell(self, sheet, place: int, index: int, column: Column, row: AuditRow) -> None:
        value = column.read(row)
        if value is None or value == "":
            return
        if column.kind == MOMENT:
            local = self.rows.local(value)
            sheet.write_datetime(place, index, local, self.moment)
        elif column.kind == COUNT:
            sheet.write_number(place, index, value)
        else:
            # A text is text, even where it looks like a formula, a number or a link.
            text = value if len(value) <= MAX_TEXT else f"{value[: MAX_TEXT - 1]}…"
            sheet.write_string(place, index, text)
