"""What passes a door, put in order: which way each tag went, and what came together.

>>> way({1, 2}, {3, 4}, first_antenna=2, last_antenna=3)
'there'
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

# Where something passes all the time, a load ends all the same.
LONGEST = timedelta(hours=1)


class Passed(NamedTuple):
    """A passage, as far as loads are made of it."""

    passage_id: int
    first_at: datetime
    last_at: datetime


def way(first: set[int], second: set[int], first_antenna: int, last_antenna: int) -> str:
    """Where a tag went that was seen by these antennas: "there", "back", or "" when it did not
    pass.

    >>> way({1}, {2}, 2, 1), way({1}, {2}, 1, 1), way({1}, {2}, 7, 2)
    ('back', '', '')
    """
    if first_antenna in first and last_antenna in second:
        return "there"
    if first_antenna in second and last_antenna in first:
        return "back"
    return ""


def loads(
    passages: Iterable[Passed], gap: timedelta, longest: timedelta = LONGEST
) -> list[list[Passed]]:
    """Cut passages where nothing passed for longer than ``gap``, and at the latest when passages
    of one load would begin more than ``longest`` apart.

    >>> noon = datetime(2026, 3, 2, 12)
    >>> rows = [Passed(n, noon + timedelta(seconds=s), noon + timedelta(seconds=s + 1))
    ...         for n, s in ((1, 0), (2, 5), (3, 300))]
    >>> [[one.passage_id for one in load] for load in loads(rows, timedelta(seconds=60))]
    [[1, 2], [3]]
    >>> len(loads(rows, timedelta(hours=1), timedelta(seconds=4)))
    3
    """
    found: list[list[Passed]] = []
    until = None
    for one in sorted(passages, key=lambda row: row.first_at):
        begun = found and one.first_at - found[-1][0].first_at
        if until is None or one.first_at - until > gap or begun > longest:
            found.append([])
            until = one.last_at
        found[-1].append(one)
        until = max(until, one.last_at)
    return found
