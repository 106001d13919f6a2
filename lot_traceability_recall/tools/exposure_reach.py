"""What a recall of each lot would take, for all lots at once and without a database.

The lots are worked through against the links, from what was made last: each lot hands on to the
lots that went into it all that it reaches. As long as these are few they are kept one by one, and
all figures are exact; what reaches more is told by sketches, which cost the same for any number,
but for the values of those that are in stock, or were sent, as long as these are few.
A lot that has handed on what it has is forgotten. Lots that went into each other (rework) are one.

Times are not looked at: what left a lot before the suspect goods came into it counts too. A lot
in which that may have happened is `mixed`; the figures of what went into it are called estimated.

>>> plant = Plant()
>>> plant.add_lots([(10, 0.0, 0.0, 0.0), (20, 5.0, 50.0, 0.0), (30, 8.0, 10.0, 70.0)])
>>> plant.add_customers([(30, 7), (30, 8)])
>>> plant.add_links([(10, 20), (10, 30), (20, 30)])
>>> sorted(plant.exposures())[0]
Exposure(lot=10, lots=3, customers=2, units=13.0, on_hand_value=60.0, shipped_value=70.0, \
estimated=False)
>>> plant = Plant()
>>> plant.add_lots([(lot, 1.0, 2.0, 0.0) for lot in range(1000)])
>>> plant.add_links([(lot, lot + 1) for lot in range(999)] + [(999, 0)])
>>> first = min(plant.exposures())
>>> first.estimated, abs(first.lots - 1000) < 200, abs(first.on_hand_value - 2000) < 400
(True, True, True)
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from . import exposure_sketch as sketch
from .circles import circles

# Lots that are kept one by one.
EXACT = 64
# Items that the lots with any of it have of a weight, on average.
_ITEMS = 6
_UNITS, _ON_HAND, _SHIPPED = range(3)
_WEIGHTS = 3
# Customers are other things than lots: their hashes must not meet.
_CUSTOMERS = 1 << 40
_FIELD = (1 << sketch.BITS) - 1
# Where the sketch of the lots, of the customers and of each weight begins.
_PLACES = [sketch.BITS * position for position in range(2 + _WEIGHTS)]
_GOLDEN = 0.6180339887498949


# Of more lots than are kept one by one: those in stock, and those that were sent; None: too many.
Parts = tuple[set[int] | None, set[int] | None]


class Exposure(NamedTuple):
    """What a recall of one lot would take: the lot itself and all that was made of it."""

    lot: int
    lots: int
    customers: int
    units: float
    on_hand_value: float
    shipped_value: float
    estimated: bool


class Plant:
    """The lots of one company, what they weigh, who received them and what they were made of."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._number: dict[int, int] = {}
        self._parents: list[list[int]] = []
        self._waiting = array("i")
        self._weights = [array("d") for _weight in range(_WEIGHTS)]
        self._customers: dict[int, list[int]] = defaultdict(list)
        self._mixed: set[int] = set()
        self._scale: list[float] = []
        self._sketch_of: dict[int, int] = {}
        # What was handed to lots that still wait for more: sketches; few lots one by one, or,
        # where these are too many, those in stock and those that were sent; and what is not sure.
        self._many: dict[int, int] = {}
        self._few: dict[int, set[int]] = {}
        self._parts: dict[int, Parts] = {}
        self._doubt: set[int] = set()

    def _numbered(self, lot: int) -> int:
        number = self._number.get(lot)
        if number is None:
            number = self._number[lot] = len(self._ids)
            self._ids.append(lot)
            self._parents.append([])
            self._waiting.append(0)
            for weights in self._weights:
                weights.append(0.0)
        return number

    def add_lots(self, rows: Iterable[tuple[int, float, float, float]]) -> None:
        """Lots with their units, the value in stock and the value with customers."""
        units, on_hand, shipped = self._weights
        for lot, unit, there, gone in rows:
            number = self._numbered(lot)
            units[number], on_hand[number], shipped[number] = unit, there, gone

    def add_customers(self, rows: Iterable[tuple[int, int]]) -> None:
        """Lots, and who received them."""
        customers, numbered = self._customers, self._numbered
        for lot, customer in rows:
            customers[numbered(lot)].append(customer)

    def add_links(self, rows: Iterable[tuple[int, int]]) -> None:
        """Lots that went in, and what came out."""
        parents, waiting, numbered = self._parents, self._waiting, self._numbered
        for parent, child in rows:
            above = numbered(parent)
            parents[numbered(child)].append(above)
            waiting[above] += 1

    def add_mixed(self, lots: Iterable[int]) -> None:
        """Lots of which something left before all had come in."""
        self._mixed.update(map(self._numbered, lots))

    # -- the walk ------------------------------------------------------------------------------

    def exposures(self) -> Iterator[Exposure]:
        """The exposure of each lot, once, in no order. The plant is used up by it."""
        for weights in self._weights:
            total, count = sum(weights), sum(weight > 0 for weight in weights)
            self._scale.append(_ITEMS * count / total if total > 0 else 0.0)
        for group in self._groups():
            yield from self._finish(group)

    def _groups(self) -> Iterator[tuple[int, ...]]:
        """Lots one by one, each after all that was made of it; at last those that wait for each
        other, and what went into them, by circles."""
        waiting, parents = self._waiting, self._parents
        ready = [number for number, count in enumerate(waiting) if not count]
        while ready:
            number = ready.pop()
            yield (number,)
            for parent in parents[number]:
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
        rest = [number for number, count in enumerate(waiting) if count]
        if rest:
            yield from reversed(circles(rest, parents))

    def _finish(self, group: tuple[int, ...]) -> Iterator[Exposure]:
        """Take together what the lots of a group reach, and hand it on."""
        few: set[int] = self._few.pop(group[0], None) or set()
        few.update(group)
        parts: Parts | None = None
        reach = 0
        for number in group:
            reach |= self._many.pop(number, 0) | self._own(number)
            if number in self._few:
                few |= self._few.pop(number)
            if number in self._parts:
                parts = _joined(parts, self._parts.pop(number))
        if parts or len(few) > EXACT:
            parts, few = _joined(parts, self._parts_of(few)), None
        doubt = len(group) > 1 or not self._doubt.isdisjoint(group)
        figures = self._add_up(few) if few else self._read(reach, parts)
        for number in group:
            yield Exposure(self._ids[number], *figures, few is None or doubt)
        parents = [above for number in group for above in self._parents[number]]
        if len(group) > 1:
            parents = [above for above in parents if above not in group]
        if doubt or not self._mixed.isdisjoint(group):
            self._doubt.update(parents)
        self._hand_on(parents, few, reach, parts)

    def _hand_on(
        self, parents: list[int], few: set[int] | None, reach: int, parts: Parts | None
    ) -> None:
        kept, many, over = self._few, self._many, self._parts
        own = False
        for parent in parents:
            many[parent] = many.get(parent, 0) | reach
            known = kept.get(parent)
            if few is not None and parent not in over:
                if known is None:
                    # One of them may have it for itself.
                    kept[parent] = set(few) if own else few
                    own = True
                    continue
                known |= few
                if len(known) > EXACT:
                    over[parent] = self._parts_of(kept.pop(parent))
                continue
            if parts is None:
                parts = self._parts_of(few)
            if known is not None:
                over[parent] = self._parts_of(kept.pop(parent))
            over[parent] = _joined(over.get(parent), parts)

    def _parts_of(self, few: set[int]) -> Parts:
        """Those in stock and those that were sent."""
        _units, there, gone = self._weights
        customers = self._customers
        return (
            {number for number in few if there[number]},
            {number for number in few if gone[number] or number in customers},
        )

    # -- the figures ---------------------------------------------------------------------------

    def _sum(self, weight: int, few: set[int]) -> float:
        return sum(map(self._weights[weight].__getitem__, few))

    def _count_customers(self, few: set[int]) -> int:
        received = [self._customers[number] for number in few if number in self._customers]
        return len(set().union(*received)) if received else 0

    def _add_up(self, few: set[int]) -> tuple[int, int, float, float, float]:
        sums = (self._sum(weight, few) for weight in range(_WEIGHTS))
        return (len(few), self._count_customers(few), *sums)

    def _read(self, reach: int, parts: Parts) -> tuple[int, int, float, float, float]:
        there, gone = parts
        lots, customers, *sums = (sketch.items(reach >> place & _FIELD) for place in _PLACES)
        lots, customers = _rounded(lots), _rounded(customers)
        units, on_hand, shipped = (
            _rounded(found / scale) if scale else 0.0
            for found, scale in zip(sums, self._scale, strict=True)
        )
        if there is not None:
            on_hand = self._sum(_ON_HAND, there)
        if gone is not None:
            shipped, customers = self._sum(_SHIPPED, gone), self._count_customers(gone)
        if there is not None and gone is not None:
            units = self._sum(_UNITS, there | gone)
        return round(lots), round(customers), units, on_hand, shipped

    def _own(self, number: int) -> int:
        """The five sketches of one lot, side by side."""
        lot = self._ids[number]
        units, there, gone = self._weights
        if not (units[number] or there[number] or gone[number] or number in self._customers):
            # Neither in stock nor sent, as most lots of a long history.
            return sketch.single(lot)
        # What is over a whole number of items counts as one more with that chance.
        chance = lot * _GOLDEN % 1
        counts = [
            int(weights[number] * scale + chance) if weights[number] > 0 else 0
            for weights, scale in zip(self._weights, self._scale, strict=True)
        ]
        singly = {1, *(count for count in counts if count <= sketch.SINGLY)}
        found = sketch.prefixes(lot, singly)
        reach = found[1]
        for position, count in enumerate(counts):
            if count:
                own = found.get(count)
                if own is None:
                    own = sketch.weighted(lot * _WEIGHTS + position, count)
                reach |= own << _PLACES[position + 2]
        if number in self._customers:
            reach |= self._sketch_of_customers(self._customers[number]) << sketch.BITS
        return reach

    def _sketch_of_customers(self, customers: list[int]) -> int:
        found = 0
        for customer in customers:
            own = self._sketch_of.get(customer)
            if own is None:
                own = sketch.prefixes(_CUSTOMERS + customer, (1,))[1]
                self._sketch_of[customer] = own
            found |= own
        return found


def _rounded(estimate: float) -> float:
    """No more digits than it can be trusted with."""
    return float(f"{estimate:.3g}")


def _joined(one: Parts | None, other: Parts) -> Parts:
    """All of both, as far as they are few."""
    if one is None:
        return other
    return _both(one[0], other[0]), _both(one[1], other[1])


def _both(one: set[int] | None, other: set[int] | None) -> set[int] | None:
    if one is None or other is None:
        return None
    if not other:
        return one
    found = one | other
    return found if len(found) <= EXACT else None
