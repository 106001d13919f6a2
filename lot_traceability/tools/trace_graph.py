"""Walking a genealogy in time, without a database.

A link is a tuple whose positions are named by the constants below. Times are seconds since the
epoch, as integers. A lot is followed in time: what left a lot before the suspect goods entered
it is not reached.

>>> links = [
...     link(1, parent=10, child=20, date=100, date_out=101),
...     link(2, parent=20, child=30, date=50, date_out=51),   # left 20 before 10 went in
...     link(3, parent=20, child=40, date=200, date_out=201),
... ]
>>> steps = steps_of(links)
>>> arrival = spread(steps, {10})
>>> sorted(arrival)
[10, 20, 40]
>>> sorted(spread(steps_of(links, backward=True), {40}, backward=True))
[10, 20, 40]
>>> early = not_passed(links, arrival)
>>> early
{2}
>>> generations(steps, {10}, without=early)
{10: 0, 20: 1, 40: 2}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from heapq import heappop, heappush

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


def steps_of(links: Iterable[Link], backward: bool = False) -> dict[int, list[Link]]:
    """The links by the lot that they lead away from."""
    near = CHILD if backward else PARENT
    steps: dict[int, list[Link]] = defaultdict(list)
    for row in links:
        steps[row[near]].append(row)
    return steps


def spread(
    steps: Mapping[int, list[Link]],
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
    sign = -1 if backward else 1
    leaves_at, enters_at, far_end = (
        (DATE_OUT, DATE, PARENT) if backward else (DATE, DATE_OUT, CHILD)
    )
    arrival: dict[int, float] = dict.fromkeys(origins, ALWAYS)
    heap: list[tuple[float, int]] = [(ALWAYS, lot) for lot in origins]
    while heap:
        time, lot = heappop(heap)
        if time > arrival[lot]:
            continue
        since = ALWAYS if lot in untimed else time
        for row in steps.get(lot, ()):
            if sign * row[leaves_at] < since or (recorded_only and row[INFERRED]):
                continue
            far = row[far_end]
            entered = sign * row[enters_at]
            if entered < time:
                entered = time
            known = arrival.get(far)
            if known is None or entered < known:
                arrival[far] = entered
                heappush(heap, (entered, far))
    return arrival


def not_passed(
    links: Iterable[Link],
    arrival: Mapping[int, float],
    backward: bool = False,
    untimed: Collection[int] = (),
) -> set[int]:
    """Ids of the links that the suspect goods do not pass: they left before the goods came."""
    near, leaves_at = (CHILD, DATE_OUT) if backward else (PARENT, DATE)
    sign = -1 if backward else 1
    never = float("inf")
    return {
        row[ID]
        for row in links
        if sign * row[leaves_at] < (time := arrival.get(row[near], never))
        and (time == never or row[near] not in untimed)
    }


def generations(
    steps: Mapping[int, list[Link]],
    origins: Collection[int],
    backward: bool = False,
    without: Collection[int] = (),
) -> dict[int, int]:
    """Generations from the origins by the shortest way, not over the links in `without`."""
    far_end = PARENT if backward else CHILD
    level = dict.fromkeys(origins, 0)
    frontier = list(origins)
    depth = 0
    while frontier:
        depth += 1
        following = []
        for lot in frontier:
            for row in steps.get(lot, ()):
                far = row[far_end]
                if far not in level and not (without and row[ID] in without):
                    level[far] = depth
                    following.append(far)
        frontier = following
    return level
