"""Walking a genealogy in time, without a database.

A link is a tuple whose positions are named by the constants below. Times are seconds since the
epoch, as integers. A lot is followed in time: what left a lot before the suspect goods entered
it is not reached.

>>> links = [
...     link(1, parent=10, child=20, date=100, date_out=101),
...     link(2, parent=20, child=30, date=50, date_out=51),   # left 20 before 10 went in
...     link(3, parent=20, child=40, date=200, date_out=201),
... ]
>>> sorted(spread(links, {10}))
[10, 20, 40]
>>> sorted(spread(links, {40}, backward=True))
[10, 20, 40]
>>> generations(links, {10}, spread(links, {10}))
{10: 0, 20: 1, 40: 2}
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable

(
    ID,
    PARENT,
    CHILD,
    KIND,
    INFERRED,
    PARENT_QUANTITY,
    CHILD_QUANTITY,
    MODEL,
    RES_ID,
    DATE,
    DATE_OUT,
) = range(11)

Link = tuple
ALWAYS = float("-inf")


def link(
    id: int,  # noqa: A002  the name of the column
    parent: int,
    child: int,
    date: int,
    date_out: int | None = None,
    inferred: bool = False,
    kind: str = "production",
    parent_quantity: float = 0.0,
    child_quantity: float = 0.0,
    document: tuple[str, int] = ("", 0),
) -> Link:
    """A link by name; what comes from the database has this order already."""
    out = date if date_out is None else date_out
    return (
        id,
        parent,
        child,
        kind,
        inferred,
        parent_quantity,
        child_quantity,
        *document,
        date,
        out,
    )


def spread(
    links: Iterable[Link],
    origins: Collection[int],
    backward: bool = False,
    untimed: Collection[int] = (),
    recorded_only: bool = False,
) -> dict[int, float]:
    """When the suspect goods first entered each lot that they reach.

    Downstream the value is the earliest time at which they may be in the lot; backward it is the
    latest time, negated, at which an input of the lot still matters. Origins have `ALWAYS`.
    `untimed` lots had their stock booked out before it was booked in: the order of their
    bookings says nothing, so everything that ever left them is followed.
    """
    steps: dict[int, list[tuple]] = defaultdict(list)
    for row in links:
        if recorded_only and row[INFERRED]:
            continue
        if backward:
            steps[row[CHILD]].append((-row[DATE_OUT], -row[DATE], row[PARENT]))
        else:
            steps[row[PARENT]].append((row[DATE], row[DATE_OUT], row[CHILD]))
    arrival: dict[int, float] = dict.fromkeys(origins, ALWAYS)
    heap: list[tuple[float, int]] = [(ALWAYS, lot) for lot in origins]
    while heap:
        time, lot = heapq.heappop(heap)
        if time > arrival[lot]:
            continue
        for leaves, enters, far in steps.get(lot, ()):
            if leaves < time and lot not in untimed:
                continue
            entered = max(enters, time)
            if entered < arrival.get(far, float("inf")):
                arrival[far] = entered
                heapq.heappush(heap, (entered, far))
    return arrival


def follows(row: Link, arrival: dict[int, float], backward: bool, untimed: Collection[int]) -> bool:
    """Whether the suspect goods pass over this link."""
    near = row[CHILD] if backward else row[PARENT]
    if near not in arrival:
        return False
    leaves = -row[DATE_OUT] if backward else row[DATE]
    return near in untimed or leaves >= arrival[near]


def generations(
    links: Iterable[Link],
    origins: Collection[int],
    reached: Collection[int],
    backward: bool = False,
) -> dict[int, int]:
    """Generations from the origins by the shortest way, among the lots in `reached`."""
    steps: dict[int, list[int]] = defaultdict(list)
    near, far = (CHILD, PARENT) if backward else (PARENT, CHILD)
    for row in links:
        steps[row[near]].append(row[far])
    level = dict.fromkeys(origins, 0)
    frontier = list(origins)
    while frontier:
        following = []
        for lot in frontier:
            for other in steps.get(lot, ()):
                if other not in level and other in reached:
                    level[other] = level[lot] + 1
                    following.append(other)
        frontier = following
    return level
