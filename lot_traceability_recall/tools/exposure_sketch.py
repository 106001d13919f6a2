"""How much there is in a set, without keeping the set: a sketch that two sets share out by `|`.

A sketch is one whole number, a field of bits: `LEVELS` rows of `REGISTERS` bits. Each item sets
one bit, chosen by its hash: the row `i` with the chance 1 in 2^(i+1), the register alike. The
same item sets the same bit again, so the sketch of a union is the `or` of the sketches, in C and
in a tenth of a microsecond. From the number of bits that are set follows the number of items
(probabilistic counting, Flajolet and Martin 1985, read by the sum of all bits), with a standard
deviation of ln 2 / sqrt(`REGISTERS`): 6 %. Weighted sums are counted in items too: a lot of the
weight 7 is seven items.

>>> from functools import reduce
>>> from operator import or_
>>> def sketch(lots):
...     return reduce(or_, (single(lot) for lot in lots))
>>> thousand = sketch(range(1000))
>>> abs(items(thousand) - 1000) < 3 * ERROR * 1000
True
>>> thousand | sketch(range(500)) == thousand
True
>>> heavy = weighted(7, 50_000)
>>> abs(items(heavy) - 50_000) < 3 * ERROR * 50_000
True
>>> items(0)
0.0
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterable
from functools import cache, reduce
from hashlib import blake2b
from operator import or_

REGISTERS = 128
LEVELS = 22
BITS = REGISTERS * LEVELS
ERROR = math.log(2) / math.sqrt(REGISTERS)
# More items than this are not set one by one, but row by row.
SINGLY = 48

_FULL_ROW = 2**REGISTERS - 1
_PRECISION = 10
_HALVES = 32  # of 16 bits, an item each: the most that one hash gives
_MASK = 2**64 - 1


def _bit(hashed: int) -> int:
    """The bit that an item sets: the register by the lowest bits of its hash, the row by the
    number of zeros that follow."""
    rest = hashed // REGISTERS | 1 << (LEVELS - 1)
    return 1 << ((rest & -rest).bit_length() - 1) * REGISTERS + hashed % REGISTERS


# What 16 bits of a hash decide, looked up; 0 where they do not: all that tell the row are zero.
_BITS_OF_HALF = [_bit(half) if half >= REGISTERS else 0 for half in range(2**16)]
_bit_of_half = _BITS_OF_HALF.__getitem__


def several(seed: int, counts: Iterable[int]) -> list[int]:
    """The sketch of one item of this seed, and for each count that of so many: of the same items,
    as far as they are few.

    >>> one, three, eight, none = several(5, [3, 8, 0])
    >>> one | three == three, three | eight == eight, three.bit_count() <= 3, none
    (True, True, True, 0)
    """
    one = single(seed)
    sketches, halves = [one], array("H")
    for place, count in enumerate(counts):
        if count > SINGLY:
            sketches.append(weighted(seed * 3 + place, count))
            continue
        while len(halves) < count:
            key = (seed << 8 | len(halves) // _HALVES).to_bytes(12, "big", signed=True)
            halves.frombytes(blake2b(key, digest_size=2 * _HALVES).digest())
        if count > 1:
            items = halves[1:count]
            sketch = reduce(or_, map(_bit_of_half, items), one)
            sketches.append(sketch | _undecided(seed, items) if min(items) < REGISTERS else sketch)
        else:
            sketches.append(one if count else 0)
    return sketches


def _undecided(seed: int, halves: Iterable[int]) -> int:
    """The bits of the items whose row is one of those that 16 bits do not reach."""
    sketch = 0
    for number, half in enumerate(halves):
        if half < REGISTERS:
            beyond = mixed(seed * _HALVES * 2 + number) >> 16 << 16 | half
            sketch |= _bit(beyond)
    return sketch


def single(seed: int) -> int:
    """The sketch of the first item of this seed.

    >>> single(5) == several(5, [1])[1]
    True
    """
    hashed = mixed(seed)
    return _BITS_OF_HALF[hashed & 0xFFFF] or _bit(hashed)


def mixed(seed: int) -> int:
    """64 bits that look random (splitmix64), the same for the same number."""
    value = (seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ value >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ value >> 27) * 0x94D049BB133111EB) & _MASK
    return value ^ value >> 31


def weighted(seed: int, count: int) -> int:
    """The sketch of many items of one seed at once."""
    source = random.Random(seed)  # noqa: S311 - the same for the same lot, and no secret
    sketch = 0
    for row in range(LEVELS):
        chance = 1 - math.exp(-count / REGISTERS * _share(row))
        sketch |= _row_of_bits(source, chance) << row * REGISTERS
    return sketch


def items(sketch: int) -> float:
    """How many items have been counted."""
    return _counts()[sketch.bit_count()]


def _share(row: int) -> float:
    """The part of the items that falls into a row; the last takes what is over."""
    return 2.0 ** -min(row + 1, LEVELS - 1)


def _row_of_bits(source: random.Random, chance: float) -> int:
    """A row in which each bit is set with this chance, by the digits of the chance: from the last
    one on, a digit 1 takes the bits of another random row too, a digit 0 takes only those."""
    digits = round(chance * 2**_PRECISION)
    if digits in (0, 2**_PRECISION):
        return _FULL_ROW if digits else 0
    row, left = 0, _PRECISION
    while left:
        if row or digits & 1:
            other = source.getrandbits(REGISTERS)
            row = row | other if digits & 1 else row & other
        digits >>= 1
        left -= 1
    return row


@cache
def _counts() -> list[float]:
    """The number of items by the number of bits that are set: the number from which so many are
    to be expected."""
    steps = 64
    counts = [0.0] * (BITS + 1)
    before_bits, before_items, position = 0.0, 0.0, 1
    for exponent in range(-8 * steps, (LEVELS + 10) * steps):
        count = 2.0 ** (exponent / steps)
        expected = sum(
            REGISTERS * (1 - math.exp(-count / REGISTERS * _share(row))) for row in range(LEVELS)
        )
        while position <= BITS and position <= expected:
            part = (position - before_bits) / (expected - before_bits)
            counts[position] = before_items + part * (count - before_items)
            position += 1
        before_bits, before_items = expected, count
    counts[position:] = [before_items] * (BITS + 1 - position)
    return counts
