"""Which lots of one day to take, so that an order is kept on few lots.

First-expired-first-out does not choose among lots whose date falls on the same day. The fewer lots
an order is made of, the less there is to pick, to label and to trace.
"""

from collections.abc import Collection, Mapping


def few_lots(
    free: Mapping[int, float],
    missing: float,
    used: Collection[int] = (),
    tolerance: float = 1e-6,
) -> list[int]:
    """The lots to take from, in this order, until nothing is missing.

    The smallest lot that covers all, and where none does the largest first:

    >>> few_lots({1: 5, 2: 30, 3: 12}, 10)
    [3]
    >>> few_lots({1: 5, 2: 30, 3: 12}, 40)
    [2, 3]

    Lots that the order has already come before all others:

    >>> few_lots({1: 5, 2: 30, 3: 12}, 10, used={1})
    [1, 3]

    Among equals the one that stands first; and everything when even that is too little:

    >>> few_lots({7: 10, 4: 10}, 10)
    [7]
    >>> few_lots({7: 10, 4: 10}, 50)
    [7, 4]

    :param free: what may be taken of each lot; lots without anything are left out
    :param missing: how much is to be taken
    :param used: lots that the order has already
    :param tolerance: what counts as nothing
    """
    chosen: list[int] = []
    for known in (True, False):
        rest = {
            lot: quantity
            for lot, quantity in free.items()
            if (lot in used) is known and quantity > tolerance
        }
        for largest in sorted(rest, key=rest.__getitem__, reverse=True):
            if missing <= tolerance:
                return chosen
            enough = rest[largest] >= missing - tolerance
            lot = _smallest(rest, missing - tolerance) if enough else largest
            chosen.append(lot)
            missing -= rest.pop(lot)
    return chosen


def _smallest(free: Mapping[int, float], least: float) -> int:
    return min((lot for lot in free if free[lot] >= least), key=free.__getitem__)
