"""Reads events from a workbook or a CSV file: our own sheets, and the produce industry's.

Nothing is left out in silence: each cell that cannot be read is a problem with its sheet, row and
column, and what to do about it. What was put right by itself is a note.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from .cells import text, words
from .row import read_row
from .sheets import LOCATIONS, SHEETS
from .titles import kind_of, known_titles

MAX_ROWS = 200_000
# Of a workbook, unpacked: more is no spreadsheet of records.
MAX_BYTES = 600 << 20
_LOOKED_AT = 10
_LOCATION_TITLES = {words(title): key for title, key, _width in LOCATIONS} | {
    "physicaladdressorgeo": "street",
    "stateregion": "state",
    "zippostal": "zip",
}


class FileError(ValueError):
    """The file cannot be read at all."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell; a `note` tells what was put right and stops nothing."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    note: bool = False


@dataclass
class Event:
    """An event as the file tells it: {column of the record: value}, places as their text, and the
    same of each lot used, with the number of its row."""

    kind: str
    sheet: str
    row: int
    values: dict[str, Any]
    used: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


@dataclass
class Reading:
    """What a file says."""

    events: list[Event] = field(default_factory=list)
    locations: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def location(self, told: str) -> dict[str, Any] | None:
        """The location that a text names: its own text in the file, or a business name."""
        return self.locations.get(words(told))


def read(content: bytes, name: str) -> Reading:
    """Read a file.

    :param name: of the file; .csv is read as CSV, everything else as a workbook
    :raises FileError: when it is no such file, or too large
    """
    reading = Reading()
    sheets = list(_csv(content, name) if name.lower().endswith(".csv") else _workbook(content))
    for title, rows in sheets:
        if "location" in words(title) and not kind_of((), title):
            _read_locations(reading, rows)
    found = False
    for title, rows in sheets:
        found |= _read_events(reading, title, rows)
    if not found:
        raise FileError(
            "No sheet of events was found. The first row of a sheet names the columns, such as "
            "“Ship Date” or “Receive Location”."
        )
    return reading


def _workbook(content: bytes) -> Iterator[tuple[str, list[tuple]]]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_BYTES:
                raise FileError("The workbook is too large. Import it in parts.")
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = []
            for row in sheet.iter_rows(values_only=True):
                rows.append(row)
                if len(rows) > MAX_ROWS:
                    raise FileError(f"“{sheet.title}” has too many rows. Import it in parts.")
            yield sheet.title, rows
    except (BadZipFile, KeyError, OSError, SyntaxError, TypeError) as error:
        raise FileError("This is no workbook. Choose a file as .xlsx or .csv.") from error


def _csv(content: bytes, name: str) -> Iterator[tuple[str, list[tuple]]]:
    try:
        lines = TextIOWrapper(BytesIO(content), "utf-8-sig", newline="")
        rows = [tuple(_unquoted(cell) for cell in row) for row in csv.reader(lines)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileError("This is no CSV file in UTF-8. Save it as “CSV UTF-8”.") from error
    if len(rows) > MAX_ROWS:
        raise FileError("The file has too many rows. Import it in parts.")
    yield name.rsplit(".", 1)[0], rows


def _unquoted(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@\t" else cell


def _filled(row: Iterable[Any]) -> bool:
    return any(text(cell) for cell in row)


def _read_locations(reading: Reading, rows: list[tuple]) -> None:
    """The sheet that describes the places."""
    if not rows:
        return
    keys = [_LOCATION_TITLES.get(words(text(title))) for title in rows[0]]
    for row in rows[1:]:
        told = {
            key: value if key in ("latitude", "longitude") else text(value)
            for key, value in zip(keys, row, strict=False)
            if key and text(value)
        }
        if not told:
            continue
        names = {told.pop("text", ""), told.get("name", "")}
        for name in filter(None, map(words, names)):
            reading.locations.setdefault(name, told)


def _read_events(reading: Reading, title: str, rows: list[tuple]) -> bool:
    """The events of a sheet; whether it is one of events."""
    head = next((place for place, row in enumerate(rows[:_LOOKED_AT]) if kind_of(row)), None)
    if head is None:
        return False
    kind = kind_of(rows[head], title)
    known = known_titles(kind)
    columns = [known.get(words(text(cell)), "") for cell in rows[head]]
    for place, cell in enumerate(rows[head]):
        if text(cell) and not columns[place]:
            message = "No element of this event has this title: the column is left out."
            reading.problems.append(Problem(title, head + 1, text(cell), "", message, note=True))
    groups: dict[tuple, Event] = {}
    for number, row in enumerate(rows[head + 1 :], head + 2):
        if _filled(row):
            _read_event(reading, groups, kind, title, number, _by_title(columns, row))
    reading.events.extend(groups.values())
    return True


def _by_title(columns: list[str], row: tuple) -> dict[str, Any]:
    """{title: cell}; where two columns mean one, the first that is filled in."""
    found: dict[str, Any] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and text(cell) and column not in found:
            found[column] = cell
    return found


def _read_event(
    reading: Reading,
    groups: dict[tuple, Event],
    kind: str,
    title: str,
    number: int,
    cells: Mapping[str, Any],
) -> None:
    """One row: an event, or a further lot used in one."""
    told = read_row(SHEETS[kind], cells)
    for column, message, note in told.problems:
        value = text(cells.get(column))
        reading.problems.append(Problem(title, number, column, value, message, note))
    event = Event(kind, title, number, told.event)
    if not SHEETS[kind].with_used:
        groups[number,] = event
        return
    keys = ("document_number", "tlc", "date", "location_place_id")
    group = (told.record, *(told.event.get(key) for key in keys))
    event = groups.setdefault(group, event)
    if told.used:
        event.used.append((number, told.used))
