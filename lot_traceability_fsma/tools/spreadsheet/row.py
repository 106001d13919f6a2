"""A row of a sheet as the columns of an event.

>>> told = read_row(SHEETS["shipping"], {"TLC-GTIN": "9506000134352", "TLC-Batch": "L1",
...                                      "Quantity": "4 case", "Ship Date": "251209"})
>>> told.event["tlc"], told.event["quantity"], told.event["uom"], told.problems
('(01)09506000134352(10)L1', 4.0, 'case', [])
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..check_digits import check_digit
from .cells import CellError, day, document, quantity, text, words
from .sheets import CONTACT, DATE, NUMBER, PLACE, SHEETS, Sheet, Told

# What a record is marked with; it is given anew where it is imported.
_NOT_READ = {"id", "version", "reason", "missing", "category_id"}
_PHONE = re.compile(r"^(.*?)[\s,;]+(\+?[\d() .-]{7,})$")
_UNITS = {"quantity": "uom", "received_quantity": "received_uom"}

__all__ = ["SHEETS", "ReadRow", "read_row"]


@dataclass
class ReadRow:
    """What a row says of the event, and of the lot used; (title, message, whether it is only a
    note) of each problem; the number of the record where it was exported."""

    event: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str, bool]] = field(default_factory=list)
    record: str = ""


def read_row(sheet: Sheet, cells: Mapping[str, Any]) -> ReadRow:
    """Read a row.

    :param cells: {title of our column: cell}
    """
    row = ReadRow(record=text(cells.get("Record Number")))
    for told in sheet.columns:
        try:
            _read_cell(sheet, told, cells, row)
        except CellError as error:
            row.problems.append((told.title, str(error), False))
    for of, values in (("code", row.event), ("used_code", row.used)):
        _put_code(sheet, of, cells, values, row)
    return row


def _target(told: Told, row: ReadRow, sheet: Sheet) -> dict[str, Any]:
    """Whose values a column's are."""
    if told.of == "used" or (told.of == "origin" and sheet.with_used):
        return row.used
    return row.event


def _read_cell(sheet: Sheet, told: Told, cells: Mapping[str, Any], row: ReadRow) -> None:
    if told.name in _NOT_READ or told.of in ("code", "used_code"):
        return
    cell, values = cells.get(told.title), _target(told, row, sheet)
    if told.name == "document_type":
        number = cells.get("Reference Document Number")
        kind, number, note = document(cell, number)
        values.update(_given(document_type=kind, document_number=number))
        _note(row, told, note)
    elif told.name in _UNITS:
        unit = _UNITS[told.name]
        title = next(one.title for one in sheet.columns if (one.of, one.name) == (told.of, unit))
        amount, unit_told, note = quantity(cell, cells.get(title))
        values.update(_given(**{told.name: amount, unit: unit_told}))
        _note(row, told, note)
    elif told.name in ("document_number", *_UNITS.values()) or not text(cell):
        return
    elif told.kind == DATE:
        values[told.name], note = day(cell)
        _note(row, told, note)
    elif told.kind == CONTACT:
        parts = _PHONE.match(text(cell))
        name, phone = parts.groups() if parts else (text(cell), "")
        values[told.name] = {"name": name, **_given(phone=phone)}
    elif told.of == "details":
        row.event.setdefault("details", {})[told.name] = text(cell)
    elif told.kind == "yes":
        values[told.name] = words(text(cell)) in ("yes", "true", "y", "x", "1")
    elif told.kind in (PLACE, NUMBER):
        values[told.name] = text(cell) if told.kind == PLACE else cell
    else:
        values[told.name] = text(cell)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _note(row: ReadRow, told: Told, note: str) -> None:
    if note:
        row.problems.append((told.title, note, True))


def _put_code(
    sheet: Sheet, of: str, cells: Mapping[str, Any], values: dict[str, Any], row: ReadRow
) -> None:
    """The code of GTIN and batch, where the file tells these two and not the code."""
    titles = {one.name: one.title for one in sheet.columns if one.of == of}
    if not titles:
        return
    gtin, batch = text(cells.get(titles["gtin"])), text(cells.get(titles["batch"]))
    if gtin and not _is_gtin(gtin) and _is_gtin(batch):
        gtin, batch = batch, gtin
        row.problems.append((titles["gtin"], "GTIN and batch were the wrong way round.", True))
    if gtin and not _is_gtin(gtin):
        message = f"“{gtin}” is no GTIN: its check digit is wrong, or digits are missing."
        row.problems.append((titles["gtin"], message, False))
    elif not values.get("tlc") and batch:
        values["tlc"] = f"(01){gtin.zfill(14)}(10){batch}" if gtin else batch


def _is_gtin(number: str) -> bool:
    return (
        number.isascii()
        and number.isdigit()
        and len(number) in (8, 11, 12, 13, 14)
        and check_digit(number[:-1]) == number[-1]
    )
