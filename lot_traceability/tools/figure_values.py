"""Figures of days: how they are written, whether they meet a target, and what they are over
several days.

>>> duration(0.25), duration(3.2), duration(300), duration(7200)
((250.0, 'ms'), (3.2, 's'), (5.0, 'min'), (2.0, 'h'))
"""

from __future__ import annotations

from collections.abc import Iterable

_MINUTE, _HOUR = 60, 3600
# From here on tenths say nothing.
_ROUND = 100


def decimals(value: float) -> int:
    """One where it says something.

    >>> [decimals(value) for value in (0.04, 99.96, 7.25, 3, 345.6)]
    [0, 0, 1, 0, 0]
    """
    shown = round(value, 1)
    return 0 if abs(shown) >= _ROUND or shown == int(shown) else 1


def duration(seconds: float) -> tuple[float, str]:
    """A time in the unit in which people say it: ms, s, min or h."""
    if seconds < 1:
        return seconds * 1000, "ms"
    if seconds < 2 * _MINUTE:
        return seconds, "s"
    if seconds < 2 * _HOUR:
        return seconds / _MINUTE, "min"
    return seconds / _HOUR, "h"


def is_met(value: float, target: float, direction: str) -> bool:
    """
    >>> is_met(98, 98, "higher"), is_met(97.9, 98, "higher"), is_met(3, 5, "lower")
    (True, False, True)
    """
    return value >= target if direction == "higher" else value <= target


def over_days(rows: Iterable[tuple[float, int]], how: str) -> float | None:
    """One value for several days.

    :param rows: (value, how many it was worked out of) of each day, in order
    :param how: "mean" (weighted by how many), "sum" or "last"
    :return: none without days

    >>> over_days([(100, 1), (50, 3)], "mean"), over_days([(2, 2), (3, 3)], "sum")
    (62.5, 5)
    >>> over_days([(2, 0), (3, 0)], "last"), over_days([(2, 0), (4, 0)], "mean")
    (3, 3.0)
    >>> over_days([], "sum") is None
    True
    """
    days = list(rows)
    if not days:
        return None
    if how == "sum":
        return sum(value for value, _count in days)
    if how == "last":
        return days[-1][0]
    weight = sum(count for _value, count in days)
    if not weight:
        return sum(value for value, _count in days) / len(days)
    return sum(value * count for value, count in days) / weight
