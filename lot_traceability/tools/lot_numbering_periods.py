"""When a counter starts over, and whether a template then gives the same number twice.

>>> twice(Template.parse("{date:%d}-{seq:03}"), "day")
Repetition(number='01-001', first='2024-01-01', second='2024-02-01')
>>> twice(Template.parse("{date:%Y%m%d}-{seq:03}"), "day") is None
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from .lot_numbering import Template

_PERIODS: dict[str, Callable[[date], str]] = {
    "never": lambda day: "",
    "year": lambda day: f"{day:%Y}",
    "month": lambda day: f"{day:%Y-%m}",
    "week": lambda day: "{}-W{:02}".format(*day.isocalendar()),
    "day": lambda day: f"{day:%Y-%m-%d}",
}
# Ten years show each way in which weeks, months and years fall together.
_FIRST, _LAST = date(2024, 1, 1), date(2033, 12, 31)
_DAYS = [_FIRST + timedelta(days=number) for number in range((_LAST - _FIRST).days + 1)]
_SAMPLE = {"plant": "P", "line": "L", "shift": "S", "product": "1", "supplier_lot": "1"}


@dataclass(frozen=True)
class Repetition:
    """A number that two periods would both give."""

    number: str
    first: str
    second: str


def period(reset: str, day: date) -> str:
    """Return the key of the period in which a day lies.

    >>> period("week", date(2027, 1, 1)), period("month", date(2027, 1, 1))
    ('2026-W53', '2027-01')
    """
    return _PERIODS[reset](day)


@lru_cache(maxsize=512)
def counting_date(template: Template, reset: str) -> str | None:
    """Return the name of the date by which the counter starts over: one that the number shows
    well enough to tell the periods apart. None when there is none, or when it never starts over.

    >>> counting_date(Template.parse("{date:%y}{expiry:%Y%m%d}-{seq}"), "day")
    'expiry'
    """
    if reset == "never":
        return None
    names = [piece.name for piece in template.pieces if piece.kind == "date"]
    return next((name for name in names if not _repetition(template, reset, name)), None)


def twice(template: Template, reset: str) -> Repetition | None:
    """Return an example of a number that the template would give twice, or None."""
    if reset == "never" or counting_date(template, reset):
        return None
    names = [piece.name for piece in template.pieces if piece.kind == "date"]
    days = _repetition(template, reset, names[0] if names else "date")
    if not days:
        return None
    values = {**_SAMPLE, **dict.fromkeys(("date", "production_date", "expiry"), days[0])}
    try:
        number = template.render(values, 1)
    except ValueError:  # a check that the sample does not suit
        number = "1"
    return Repetition(number, *(period(reset, day) for day in days))


def _repetition(template: Template, reset: str, name: str) -> tuple[date, date] | None:
    """Two days of different periods that look the same in the number."""
    seen: dict[tuple[str, ...], date] = {}
    for day in _DAYS:
        other = seen.setdefault(template.render_dates(name, day), day)
        if period(reset, other) != period(reset, day):
            return other, day
    return None
