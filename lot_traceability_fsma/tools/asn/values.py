"""Numbers, dates and times, which X12 and EDIFACT write alike."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from .errors import AsnError, shown


def decimal_text(value: Decimal) -> str:
    """Return a number as both formats write it.

    >>> decimal_text(Decimal("40.500")), decimal_text(Decimal("1E+2"))
    ('40.5', '100')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_decimal(text: str, place: str) -> Decimal:
    """Return the number in ``text``; raises :class:`AsnError`."""
    try:
        if len(text) > 20:
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise AsnError("quantity", place=place, shown=shown(text)) from None


def read_date(text: str, place: str) -> date:
    """Return the date of eight digits, CCYYMMDD; raises :class:`AsnError`."""
    return read_time(text, "", place).date()


def read_time(day: str, time: str, place: str) -> datetime:
    """Return date and time of CCYYMMDD and HHMM, seconds left out; raises :class:`AsnError`."""
    text = day + (time[:4] or "0000")
    try:
        if len(text) != 12 or not text.isascii() or not text.isdigit():
            raise ValueError
        return datetime.strptime(text, "%Y%m%d%H%M")
    except ValueError:
        raise AsnError("date", place=place, shown=shown(f"{day} {time}".strip())) from None
