"""What a recall of each lot would take, for all lots at once and without a database.

The lots are worked through against the links, from what was made last: each lot hands on to the
lots that went into it all that it reaches. As long as these are few they are kept one by one, and
all figures are exact; what reaches more is told by sketches, which cost the same for any number,
but for the values of those that are in stock, or were sent, as long as these are few, and for
the customers, who are counted.
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

import itertools
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from . import exposure_sketch as sketch
from .circles import circles

# Lots that are kept one by one.
EXACT = 64
# Items that the lots with any of it have of a weight, on average.
_ITEMS = 6
_WEIGHTS = 3
# So many customers have a bit each, and are counted; more are told by a sketch as well.
_COUNTED = 4 * sketch.BITS
# Customers are other things than lots: their hashes must not meet.
_CUSTOMERS = 1 << 40
_FIELD = (1 << sketch.BITS) - 1
# Where the sketch of the lots and of each weight begins; above them the customers.
_PLACES = [sketch.BITS * position for position in range(1 + _WEIGHTS)]
_ABOVE = sketch.BITS * (1 + _WEIGHTS)
_GOLDEN = 0.6180339887498949
# The three weights of a lot side by side in one number, as millionths: one addition for three.
_MILLION = 1_000_000
_WIDE = 96
_WEIGHT = (1 << _WIDE) - 1

# Of more lots than are kept one by one: those in stock, and those that were sent; None: too many.
Parts = tuple[set[int] | None, set[int] | None]
_UNKNOWN: Parts = (None, None)


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
        # By number: the weights side by side, and whether there is any, or a customer.
        self._packed: list[int] = []
        self._weighs = bytearray()
        self._stocked: set[int] = set()
        self._sent: set[int] = set()
        self._bit_of: dict[int, int] = {}
        self._counted = True
        # What was handed to lots that still wait for more, by their numbers: sketches; few lots
        # one by one, or, where these are too many, those in stock and those that were sent; and
        # what is not sure.
        self._many: list[int] = []
        self._few: list[set[int] | None] = []
        self._parts: list[Parts | None] = []
        self._doubt = bytearray()

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
        self._prepare()
        ids, few_of, parts_of, many, doubt_of = (
            self._ids, self._few, self._parts, self._many, self._doubt,
        )  # fmt: skip
        parents_of, mixed, own = self._parents, self._mixed, self._own
        add_up, read, weighs = self._add_up, self._read, self._weighs
        for number in self._one_by_one():
            few, parts = few_of[number], parts_of[number]
            reach = many[number] | own(number)
            few_of[number] = parts_of[number] = None
            many[number] = 0
            if few is None:
                few = {number}
            else:
                few.add(number)
            if parts:
                if weighs[number]:
                    parts = _joined(parts, self._parts_of(few))
                few = None
            elif len(few) > EXACT:
                parts, few = self._parts_of(few), None
            doubt = doubt_of[number]
            parents = parents_of[number]
            if few:
                yield Exposure(ids[number], *add_up(few, reach), doubt == 1)
                self._hand_on_few(parents, few, reach)
            else:
                yield Exposure(ids[number], *read(reach, parts), True)
                self._hand_on(parents, reach, parts)
            if doubt or number in mixed:
                for parent in parents:
                    doubt_of[parent] = 1
        yield from self._in_circles()

    def _prepare(self) -> None:
        """What follows from all that was added."""
        for weights in self._weights:
            total, count = sum(weights), sum(weight > 0 for weight in weights)
            self._scale.append(_ITEMS * count / total if total > 0 else 0.0)
        units, there, gone = self._weights
        for unit, here, sent in zip(units, there, gone, strict=True):
            packed = 0
            if unit or here or sent:
                for weight in (sent, here, unit):
                    packed = packed << _WIDE | max(0, round(weight * _MILLION))
            self._packed.append(packed)
        self._weighs = bytearray(map(bool, self._packed))
        for number in self._customers:
            self._weighs[number] = 1
        self._stocked = {number for number, weight in enumerate(there) if weight}
        self._sent = {number for number, weight in enumerate(gone) if weight}
        self._sent.update(self._customers)
        self._give_bits()
        count = len(self._ids)
        self._many, self._doubt = [0] * count, bytearray(count)
        self._few, self._parts = [None] * count, [None] * count

    def _one_by_one(self) -> Iterator[int]:
        """Lots, each after all that was made of it; without those that wait for each other, and
        what went into them."""
        waiting, parents = self._waiting, self._parents
        ready = [number for number, count in enumerate(waiting) if not count]
        # What was made of the same lots one after the other: then few lots wait for more at a time.
        ready.sort(key=self._origins().__getitem__)
        while ready:
            number = ready.pop()
            yield number
            for parent in parents[number]:
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)

    def _origins(self) -> Sequence[int]:
        """Of each lot that from which nothing leads further up, when one follows what went into
        it last."""
        origins = array("i", [-1]) * len(self._ids)
        for number in range(len(origins)):
            path, above = [], number
            while origins[above] < 0:
                # As long as nothing better is known: a circle ends here.
                origins[above] = above
                path.append(above)
                above = max(self._parents[above], default=above)
            for one in path:
                origins[one] = origins[above]
        return origins

    def _in_circles(self) -> Iterator[Exposure]:
        """At last those that wait for each other, by circles, and what went into them."""
        rest = [number for number, count in enumerate(self._waiting) if count]
        for group in reversed(circles(rest, self._parents)) if rest else ():
            figures = self._finish(group)
            for number in group:
                yield Exposure(self._ids[number], *figures)

    def _finish(self, group: tuple[int, ...]) -> tuple[int, int, float, float, float, bool]:
        """Take together what the lots of a circle reach, and hand it on; the figures of each."""
        few, reach, parts = self._taken_together(group)
        doubt = len(group) > 1 or bool(self._doubt[group[0]])
        if parts or len(few) > EXACT:
            parts, few = _joined(parts, self._parts_of(few)), None
        figures = self._add_up(few, reach) if few else self._read(reach, parts)
        parents = [above for number in group for above in self._parents[number]]
        parents = [above for above in parents if above not in group]
        if doubt or not self._mixed.isdisjoint(group):
            for parent in parents:
                self._doubt[parent] = 1
        if few:
            self._hand_on_few(parents, few, reach)
        else:
            self._hand_on(parents, reach, parts)
        return (*figures, few is None or doubt)

    def _taken_together(self, group: tuple[int, ...]) -> tuple[set[int], int, Parts | None]:
        """The lots of a circle, with what they were handed."""
        few, reach, parts = set(group), 0, None
        for number in group:
            reach |= self._many[number] | self._own(number)
            few |= self._few[number] or set()
            if self._parts[number]:
                parts = _joined(parts, self._parts[number])
        return few, reach, parts

    def _hand_on_few(self, parents: list[int], few: set[int], reach: int) -> None:
        kept, many, over = self._few, self._many, self._parts
        parts, own = None, False
        for parent in parents:
            many[parent] |= reach
            if over[parent]:
                parts = parts or self._parts_of(few)
                over[parent] = _joined(over[parent], parts)
                continue
            known = kept[parent]
            if known is None:
                # One of them may have it for itself.
                kept[parent] = set(few) if own else few
                own = True
                continue
            known |= few
            if len(known) > EXACT:
                over[parent], kept[parent] = self._parts_of(known), None

    def _hand_on(self, parents: list[int], reach: int, parts: Parts) -> None:
        kept, many, over = self._few, self._many, self._parts
        for parent in parents:
            many[parent] |= reach
            known = kept[parent]
            if known is not None:
                over[parent], kept[parent] = _joined(self._parts_of(known), parts), None
            else:
                over[parent] = _joined(over[parent], parts)

    def _parts_of(self, few: set[int]) -> Parts:
        """Those in stock and those that were sent."""
        return few & self._stocked, few & self._sent

    # -- the figures ---------------------------------------------------------------------------

    def _sums(self, few: set[int]) -> tuple[float, float, float]:
        """Units, value in stock and value with customers of these lots."""
        packed = sum(map(self._packed.__getitem__, few))
        return (
            (packed & _WEIGHT) / _MILLION,
            (packed >> _WIDE & _WEIGHT) / _MILLION,
            (packed >> 2 * _WIDE) / _MILLION,
        )

    def _give_bits(self) -> None:
        """The bit of each customer: one of its own, or, where they are too many, one by chance."""
        everybody = dict.fromkeys(itertools.chain.from_iterable(self._customers.values()))
        self._counted = len(everybody) <= _COUNTED
        for place, customer in enumerate(everybody):
            self._bit_of[customer] = (
                1 << place if self._counted else sketch.single(_CUSTOMERS + customer)
            )

    def _count_customers(self, few: set[int]) -> int:
        received = self._customers.keys() & few
        return len(set().union(*map(self._customers.__getitem__, received)))

    def _add_up(self, few: set[int], reach: int) -> tuple[int, int, float, float, float]:
        customers = (reach >> _ABOVE).bit_count() if self._counted else self._count_customers(few)
        return (len(few), customers, *self._sums(few))

    def _read(self, reach: int, parts: Parts) -> tuple[int, int, float, float, float]:
        there, gone = parts
        lots, *sums = [sketch.items(reach >> place & _FIELD) for place in _PLACES]
        units, on_hand, shipped = [
            _rounded(found / scale) if scale else 0.0
            for found, scale in zip(sums, self._scale, strict=True)
        ]
        if there is not None:
            _units, on_hand, _shipped = self._sums(there)
        if gone is not None:
            _units, _on_hand, shipped = self._sums(gone)
        if there is not None and gone is not None:
            units, _on_hand, _shipped = self._sums(there | gone)
        if self._counted:
            customers = (reach >> _ABOVE).bit_count()
        elif gone is not None:
            customers = self._count_customers(gone)
        else:
            customers = round(_rounded(sketch.items(reach >> _ABOVE)))
        return round(_rounded(lots)), customers, units, on_hand, shipped

    def _own(self, number: int) -> int:
        """The five sketches of one lot, side by side."""
        lot = self._ids[number]
        units, there, gone = self._weights
        if not self._weighs[number]:
            # Neither in stock nor sent, as most lots of a long history.
            return sketch.single(lot)
        # What is over a whole number of items counts as one more with that chance.
        chance = lot * _GOLDEN % 1
        on_units, on_there, on_gone = self._scale
        counts = (
            int(units[number] * on_units + chance),
            int(there[number] * on_there + chance) if there[number] else 0,
            int(gone[number] * on_gone + chance) if gone[number] else 0,
        )
        reach, *weighed = sketch.several(lot, counts)
        for place, found in zip(_PLACES[1:], weighed, strict=True):
            reach |= found << place
        who = 0
        for customer in self._customers.get(number, ()):
            who |= self._bit_of[customer]
        return reach | who << _ABOVE


def _rounded(estimate: float) -> float:
    """No more digits than it can be trusted with."""
    return float(f"{estimate:.3g}")


def _joined(one: Parts | None, other: Parts) -> Parts:
    """All of both, as far as they are few."""
    if one is None or other == _UNKNOWN:
        return other
    return one if one == _UNKNOWN else (_both(one[0], other[0]), _both(one[1], other[1]))


def _both(one: set[int] | None, other: set[int] | None) -> set[int] | None:
    if one is None or other is None:
        return None
    if not other:
        return one
    found = one | other
    return found if len(found) <= EXACT else None
