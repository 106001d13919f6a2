"""The dossier of a lot as a workbook: a sheet for each part."""

import re
from typing import IO

import xlsxwriter

from .audit_xlsx import MAX_ROWS, MAX_TEXT, EventSheets
from .lot_dossier import LotDossier
from .section import Section

MAX_NAME = 31


def write_dossier_xlsx(dossier: LotDossier, target: IO[bytes]) -> None:
    """Write a dossier as XLSX.

    :param target: a file open for writing bytes
    """
    env = dossier.env
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    book.set_properties({"title": dossier.title(), "author": env.user.name})
    sheets = EventSheets(book, dossier.events)
    first = []
    for section in dossier.sections():
        if section.columns:
            if first:
                _pairs_sheet(book, sheets, dossier, first)
                first = []
            _table_sheet(book, sheets, section)
        else:
            first.append(section)
    if first:
        _pairs_sheet(book, sheets, dossier, first)
    if dossier.with_log:
        sheets.events()
    book.close()


def _pairs_sheet(book, sheets: EventSheets, dossier: LotDossier, sections: list[Section]) -> None:
    """Sections of pairs, one below the other."""
    sheet = _add_sheet(book, sections[0].title)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, dossier.title(), sheets.title)
    place = 2
    for section in sections:
        sheet.write_string(place, 0, section.title, sheets.header)
        for label, value in section.pairs or [("", section.note)]:
            place += 1
            sheet.write_string(place, 0, label, sheets.bold)
            sheet.write_string(place, 1, value[:MAX_TEXT], sheets.wrap)
        place += 2


def _table_sheet(book, sheets: EventSheets, section: Section) -> None:
    sheet = _add_sheet(book, section.title)
    sheet.freeze_panes(1, 0)
    for index, (title, width) in enumerate(section.columns):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, title, sheets.header)
    place = 0
    for place, row in enumerate(section.rows(), 1):
        if place == MAX_ROWS:
            break
        for index, cell in enumerate(row):
            if isinstance(cell, (int, float)):
                sheet.write_number(place, index, cell)
            elif cell:
                # A text is text, even where it looks like a formula, a number or a link.
                sheet.write_string(place, index, cell[:MAX_TEXT])
    if not place:
        sheet.write_string(1, 0, section.empty)
    sheet.autofilter(0, 0, max(place, 1), len(section.columns) - 1)


def _add_sheet(book, title: str):
    """A sheet under a name that Excel takes, and that no other sheet has."""
    name = re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:MAX_NAME] or "-"
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    number = 1
    while name.lower() in taken:
        number += 1
        name = f"{name[: MAX_NAME - 4]} {number}"
    return book.add_worksheet(name)
