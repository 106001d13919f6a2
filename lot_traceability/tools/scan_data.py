"""What the data of a command says, read strictly: a handheld sends JSON, and so may a program.

>>> number(2), number("2.5"), number(None)
(2.0, 2.5, None)
>>> day("2026-03-31")
datetime.date(2026, 3, 31)
>>> identity(7), identity(True), identity("7")
(7, None, None)
"""

from __future__ import annotations

import math
from datetime import date

#: Longest text that is taken for a note or a number.
LONGEST = 200


class DataError(ValueError):
    """This cannot be read; the message is what was given."""


def identity(value: object) -> int | None:
    """The id of a record, or nothing."""
    return value if type(value) is int and value > 0 else None


def number(value: object) -> float | None:
    """A quantity above nothing; ``None`` where none is given.

    :raise DataError: it is no such number
    """
    if value is None or value is False or value == "":
        return None
    try:
        read = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        read = math.nan
    if value is True or not math.isfinite(read) or read <= 0:
        raise DataError(str(value)[:LONGEST])
    return read


def day(value: object) -> date | None:
    """A day as YYYY-MM-DD; ``None`` where none is given.

    :raise DataError: it is no day
    """
    if not value:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "?")
    except ValueError as error:
        raise DataError(str(value)[:LONGEST]) from error


def text(value: object) -> str:
    """A note or a number of a lot, without margins.

    >>> text("  A-1 "), text(None)
    ('A-1', '')
    """
    return value.replace("\x00", "").strip()[:LONGEST] if isinstance(value, str) else ""
