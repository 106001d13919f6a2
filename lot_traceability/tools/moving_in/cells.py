"""Cells as other systems write them: days and quantities in several notations.

What can be meant in one way only is read. What can be meant in two is asked, never guessed: a file
is looked through first for what tells its notation.

>>> notation = Notation()
>>> for cell in ("03/04/2026", "25/04/2026", "1.234,5"):
...     notation.observe(cell)
>>> notation.order, notation.mark
('dmy', ',')
>>> day_or_time("03/04/2026", "dmy"), number("1.234,5", ",")
(datetime.date(2026, 4, 3), 1234.5)
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

ORDERS = ("dmy", "mdy", "ymd")
# Days that records of lots tell.
FIRST, LAST = date(1980, 1, 1), date(2120, 1, 1)
_EPOCH = date(1899, 12, 30)  # of the serial numbers of spreadsheets
_LARGEST = 1e12

_CLOCK = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:Z|[+]00:?00)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _CLOCK).fullmatch
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _CLOCK).fullmatch
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})").fullmatch
_SHORT = re.compile(r"(\d{2})([-/.])(\d{1,2})\2(\d{1,2})").fullmatch
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,' ]*|[.,]\d+)").fullmatch
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,' ]\d{3})+").fullmatch


class CellError(ValueError):
    """What is wrong with a cell: "date", "date_order", "date_far", "number", "number_mark"; of a
    property also "choice" or "yes_no"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(value: Any) -> str:
    """
    >>> text(12.0), text(None), text(" A\\u00a0 1 "), text(True)
    ('12', '', 'A 1', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return " ".join(str(value).split())


class Notation:
    """What the cells of a file tell of how it writes days and quantities.

    `order` is "dmy", "mdy", "mixed" or "" (nothing tells); `mark` is ",", ".", "mixed" or "".
    """

    def __init__(self) -> None:
        self._orders: set[str] = set()
        self._marks: set[str] = set()

    def observe(self, value: Any) -> None:
        """Look at a cell of a day or a quantity."""
        if isinstance(value, str) and value:
            told = text(value)
            found = _YEAR_LAST(told)
            if found:
                self._observe_day(found)
            elif _NUMBER(told):
                self._observe_number(told)

    def _observe_day(self, found: re.Match) -> None:
        first, sign, second = int(found[1]), found[2], int(found[3])
        if sign == "." or first > 12:
            self._orders.add("dmy")
        elif second > 12:
            self._orders.add("mdy")

    def _observe_number(self, told: str) -> None:
        marks = [sign for sign in told if sign in ".,"]
        if len(set(marks)) == 2:
            self._marks.add(marks[-1])
        elif len(marks) > 1:
            self._marks.add("," if marks[0] == "." else ".")
        elif marks and not _GROUPED(told):
            self._marks.add(marks[0])

    @property
    def order(self) -> str:
        """In which order days, months and years stand."""
        return "mixed" if len(self._orders) > 1 else next(iter(self._orders), "")

    @property
    def mark(self) -> str:
        """What stands before the decimals."""
        return "mixed" if len(self._marks) > 1 else next(iter(self._marks), "")


def day_or_time(value: Any, order: str = "") -> date | datetime | None:
    """A day, or an instant where the cell tells the hour as well.

    :param order: "dmy", "mdy" or "ymd"; empty where it is not known
    :raises CellError: for what is no day, or could be two

    >>> day_or_time("2026-04-03 14:30"), day_or_time("3.4.26"), day_or_time(46115)
    (datetime.datetime(2026, 4, 3, 14, 30), datetime.date(2026, 4, 3), datetime.date(2026, 4, 3))
    >>> day_or_time("26/4/3", "ymd"), day_or_time("12/25/2026"), day_or_time("20260403")
    (datetime.date(2026, 4, 3), datetime.date(2026, 12, 25), datetime.date(2026, 4, 3))
    >>> day_or_time("03/04/2026")
    Traceback (most recent call last):
    tools.moving_in.cells.CellError: date_order
    """
    if value is None or text(value) == "":
        return None
    if isinstance(value, datetime):
        found = value.date() if value.time() == datetime.min.time() else value
    elif isinstance(value, date):
        found = value
    elif isinstance(value, (int, float)):
        found = _serial(value)
    else:
        found = _written(text(value), order)
    if not FIRST <= (found.date() if isinstance(found, datetime) else found) < LAST:
        raise CellError("date_far")
    return found


def _serial(value: float) -> date:
    if isinstance(value, bool):
        raise CellError("date")
    try:
        found = _EPOCH + timedelta(days=int(value))
    except (OverflowError, ValueError):
        raise CellError("date") from None
    # A year or a month alone is no day.
    if not FIRST <= found < LAST:
        raise CellError("date")
    return found


def _written(told: str, order: str) -> date | datetime:
    try:
        return _spelled(told, order)
    except CellError:
        raise
    except ValueError:  # there is no such day
        raise CellError("date") from None


def _spelled(told: str, order: str) -> date | datetime:
    found = _YEAR_FIRST(told) or _DIGITS(told)
    if found:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        return _with_clock(date(year, month, day), found.groups()[3:])
    if order == "ymd" and (found := _SHORT(told)):
        return date(2000 + int(found[1]), int(found[3]), int(found[4]))
    found = _YEAR_LAST(told)
    if not found:
        raise CellError("date")
    first, sign, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
    if order not in ("dmy", "mdy"):
        if sign == "." or first > 12:
            order = "dmy"
        elif second > 12:
            order = "mdy"
        elif first != second:
            raise CellError("date_order")
    day, month = (first, second) if order == "dmy" else (second, first)
    return _with_clock(date(year + 2000 if year < 100 else year, month, day), found.groups()[4:])


def _with_clock(day: date, clock: tuple) -> date | datetime:
    if not clock or clock[0] is None:
        return day
    hour, minute, second = (int(part or 0) for part in clock)
    return datetime(day.year, day.month, day.day, hour, minute, second)


def number(value: Any, mark: str = "") -> float | None:
    """A quantity.

    :param mark: what stands before the decimals; empty where it is not known
    :raises CellError: for what is no number, or could be two

    >>> number("1 234.5"), number("2,5"), number("-4"), number("1.234"), number("")
    (1234.5, 2.5, -4.0, 1.234, None)
    >>> number("1,234", ".")
    1234.0
    >>> number("1,234")
    Traceback (most recent call last):
    tools.moving_in.cells.CellError: number_mark
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise CellError("number")
    if isinstance(value, (int, float)):
        found = float(value)
    else:
        told = text(value).replace("\u2212", "-").replace("\u202f", " ")
        if not told:
            return None
        if not _NUMBER(told):
            raise CellError("number")
        found = _number(told, mark)
    if not abs(found) < _LARGEST:
        raise CellError("number")
    return found


def _number(told: str, mark: str) -> float:
    marks = [sign for sign in told if sign in ".,"]
    if not mark:
        if len(set(marks)) == 2:
            mark = marks[-1]
        elif len(marks) == 1:
            # A point alone before three digits is the usual one of programs; a comma is not.
            if marks[0] == "," and _GROUPED(told):
                raise CellError("number_mark")
            mark = marks[0]
        else:
            mark = "," if marks and marks[0] == "." else "."
    other = "." if mark == "," else ","
    plain = told.replace(" ", "").replace("'", "")
    whole, _sign, decimals = plain.partition(mark)
    if other in decimals or (other in whole and not _GROUPED(whole)):
        raise CellError("number")
    try:
        return float(f"{whole.replace(other, '') or '0'}.{decimals or '0'}")
    except ValueError:
        raise CellError("number") from None
