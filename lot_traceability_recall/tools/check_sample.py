"""Which consignees an effectiveness check takes: drawn so that anybody can draw the same again.

21 CFR 7.42(b)(3) knows five levels: A all consignees, B a share between 10 % and all, C 10 %,
D 2 %, E none. Consignees stand in the order of the SHA-256 digest of the seed and their number:
the seed alone says whom it hits, and a larger share takes whom a smaller one took, and more.

>>> draw([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share_of("C"), "RC/2026/0001")
[3]
>>> draw([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share_of("B", 30), "RC/2026/0001")
[3, 8, 9]
>>> draw(range(1, 11), share_of("B", 30), "another seed")
[5, 3, 10]
>>> len(draw(range(250), share_of("D"), "seed")), draw([4], share_of("E"), "seed")
(5, [])
"""

import hashlib
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

SHARES = {"A": 100.0, "C": 10.0, "D": 2.0, "E": 0.0}
"""Percent of the consignees; B has none of its own."""
LEVELS = "ABCDE"


def share_of(level: str, percent: float = 0.0) -> float:
    """Percent of the consignees that a level takes.

    :param level: a letter of `LEVELS`
    :param percent: the share of level B, more than 10 and less than 100
    :raise ValueError: for another level, or where level B has no share that it allows

    >>> share_of("A"), share_of("B", 25)
    (100.0, 25.0)
    >>> share_of("B", 10)
    Traceback (most recent call last):
    ValueError: level B takes more than 10 % and less than 100 %
    """
    if level == "B":
        if not 10 < percent < 100:
            raise ValueError("level B takes more than 10 % and less than 100 %")
        return float(percent)
    if level not in SHARES:
        raise ValueError(f"no such level: {level}")
    return SHARES[level]


def size_of(count: int, percent: float) -> int:
    """How many of `count` a share takes: rounded up, and at least one where it takes any.

    >>> size_of(10, 2), size_of(101, 10), size_of(0, 100), size_of(7, 0), size_of(3, 100)
    (1, 11, 0, 0, 3)
    """
    exact = Decimal(count) * Decimal(str(percent)) / 100
    return int(exact.to_integral_value(rounding=ROUND_CEILING))


def rank(seed: str, member: int) -> str:
    """Where one of them stands in the order of a seed.

    >>> rank("seed", 7) == hashlib.sha256(b"seed7").hexdigest()
    True
    """
    return hashlib.sha256(f"{seed}{member}".encode()).hexdigest()


def draw(members: Iterable[int], percent: float, seed: str) -> list[int]:
    """The sample, in the order in which it is drawn."""
    order = sorted(set(members), key=lambda member: (rank(seed, member), member))
    return order[: size_of(len(order), percent)]


def doubled(count: int, taken: int) -> float:
    """Percent that take twice as many as were taken; 100 where that is all.

    >>> doubled(50, 5), doubled(10, 6), doubled(50, 1), doubled(0, 0)
    (20.0, 100.0, 4.0, 0.0)
    """
    if not count:
        return 0.0
    return min(100.0, round(200 * taken / count, 2))
