"""Which makes of an untracked product may be in what was used, and with which part.

>>> need = Need(consumer=9, product=1, company=1, warehouse=1, quantity=5, since=10, until=20)
>>> shares([need], [Make(7, 1, 1, 1, 12, 12, 10), Make(8, 1, 1, 1, 21, 21, 10)])
[(9, 7, 0.5)]
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from math import fsum
from typing import Any, NamedTuple

# Below this a quantity is the rest of a rounding.
ROUNDING = 0.000001
# Dates or numbers: anything that can be ordered and subtracted.
Time = Any


class Need(NamedTuple):
    """What an order used at one time: makes that overlap `since` to `until` may be in it."""

    consumer: int
    product: int
    company: int
    warehouse: int | None
    quantity: float
    since: Time
    until: Time
    elsewhere: bool = False  # whether makes of other warehouses may be in it as well
    chained: tuple[int, ...] = ()  # the orders that the chain of moves names


class Make(NamedTuple):
    """What an order made of a product into one warehouse, between `first` and `last`."""

    source: int
    product: int
    company: int
    warehouse: int | None
    first: Time
    last: Time
    quantity: float


class _Timeline:
    """Makes of one place in the order of their end."""

    def __init__(self, makes: list[Make]):
        self.makes = sorted(makes, key=lambda make: make.last)
        self.ends = [make.last for make in self.makes]
        self.longest = max(make.last - make.first for make in makes)

    def between(self, since: Time, until: Time) -> list[Make]:
        """The makes that overlap this time."""
        start = bisect_left(self.ends, since)
        end = bisect_right(self.ends, until, start)
        if not self.longest or end == len(self.ends):
            return self.makes[start:end]
        end = bisect_right(self.ends, until + self.longest, end)
        return [make for make in self.makes[start:end] if make.first <= until]


def shares(needs: Iterable[Need], makes: Iterable[Make]) -> list[tuple[int, int, float]]:
    """(consumer, source, the part of the source's make that the consumer used).

    All makes that may be in a need share it by what they made. Where the chain of moves names
    orders that made enough, only they are taken:

    >>> needs = [Need(9, 1, 1, 1, 5, 0, 20), Need(8, 1, 1, 1, 5, 0, 20, chained=(6,))]
    >>> shares(needs, [Make(6, 1, 1, 1, 2, 2, 10), Make(7, 1, 1, 1, 3, 3, 10)])
    [(8, 6, 0.5), (9, 6, 0.25), (9, 7, 0.25)]

    A make that took long counts from its first to its last output, one of another warehouse only
    where goods came from elsewhere:

    >>> makes = [Make(6, 1, 1, 1, 2, 90, 10), Make(7, 1, 1, 2, 50, 50, 10)]
    >>> shares([Need(9, 1, 1, 1, 5, 40, 60)], makes)
    [(9, 6, 0.5)]
    >>> shares([Need(9, 1, 1, 1, 5, 40, 60, elsewhere=True)], makes)
    [(9, 6, 0.25), (9, 7, 0.25)]

    What was used at two times adds up; more than all of it cannot have been used:

    >>> shares([Need(9, 1, 1, 1, 4, 0, 2), Need(9, 1, 1, 1, 8, 0, 3)], [Make(6, 1, 1, 1, 2, 2, 10)])
    [(9, 6, 1.0)]
    """
    needs = list(needs)
    places = defaultdict(list)
    by_source = defaultdict(list)
    for make in makes:
        places[make.product, make.company, make.warehouse].append(make)
        places[make.product, make.company].append(make)
        by_source[make.source, make.product].append(make)
    timelines: dict[tuple, _Timeline] = {}
    covered = _covered(needs, by_source)
    parts: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for need in needs:
        found = [make for source in need.chained for make in by_source[source, need.product]]
        place = need[1:3] if need.elsewhere else need[1:4]
        if place in places and (need.consumer, need.product) not in covered:
            if place not in timelines:
                timelines[place] = _Timeline(places[place])
            found += timelines[place].between(need.since, need.until)
        _add(parts[need.consumer, need.product], need, found)
    largest: dict[int, dict[int, float]] = defaultdict(dict)
    for (consumer, _product), row in parts.items():
        known = largest[consumer]
        for source, part in row.items():
            known[source] = max(known.get(source, 0.0), min(part, 1.0))
    return [
        (consumer, source, row[source])
        for consumer, row in sorted(largest.items())
        for source in sorted(row)
    ]


def _covered(needs: list[Need], by_source: dict) -> set[tuple[int, int]]:
    """(consumer, product) of which the chain made enough: nothing else can have been used."""
    demand: dict[tuple[int, int], list[float]] = defaultdict(list)
    chained: dict[tuple[int, int], set[int]] = defaultdict(set)
    for need in needs:
        demand[need.consumer, need.product].append(need.quantity)
        chained[need.consumer, need.product].update(need.chained)
    return {
        (consumer, product)
        for (consumer, product), sources in chained.items()
        if any(by_source[source, product] for source in sources)
        and fsum(make.quantity for source in sources for make in by_source[source, product])
        >= fsum(demand[consumer, product]) - ROUNDING
    }


def _add(parts: dict[int, float], need: Need, found: list[Make]) -> None:
    """Add the part of each make to what was used of it before."""
    taken = {(make.source, make.quantity) for make in found if make.source != need.consumer}
    if not taken:
        return
    part = min(need.quantity / fsum(quantity for _source, quantity in taken), 1.0)
    for source, _quantity in taken:
        parts[source] = parts.get(source, 0.0) + part
