"""Which lot a drill takes: drawn by chance, so that nobody can prepare for it; in a way that
anybody can draw again from the seed.

>>> candidates = [Candidate(lot=1, product=7, weight=3), Candidate(lot=2, product=8, weight=0)]
>>> pick(candidates, tested={}, today=date(2026, 3, 2), seed="a").lot
1
>>> pick([], tested={}, today=date(2026, 3, 2), seed="a") is None
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: A product that was tested less than this ago is drawn less often, the less the fresher it is.
REST_DAYS = 365


@dataclass(frozen=True)
class Candidate:
    """A lot that could be tested. `weight` says how much a recall of it would take."""

    lot: int
    product: int
    weight: float


def pick(
    candidates: Sequence[Candidate], tested: Mapping[int, date], today: date, seed: str
) -> Candidate | None:
    """The lot of the drill.

    :param tested: {product: day of its latest drill}
    :param seed: any text; the same text draws the same lot out of the same candidates
    """
    weights = [_weight(one, tested.get(one.product), today) for one in candidates]
    whole = sum(weights)
    if not whole:
        return None
    draw = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") / 2**64 * whole
    for one, weight in zip(candidates, weights, strict=True):
        draw -= weight
        if draw < 0:
            return one
    return candidates[-1]


def _weight(candidate: Candidate, tested: date | None, today: date) -> float:
    if tested is None:
        return candidate.weight
    rested = min(max((today - tested).days, 0), REST_DAYS) / REST_DAYS
    return candidate.weight * rested**2
