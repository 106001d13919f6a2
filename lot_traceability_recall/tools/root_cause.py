"""Which lot explains complaints best?

Each complaint names a lot. Whatever went into all of them may be the cause; what went into good
lots as well, without harm, is less likely to be. Of two that explain the same, the one that went
into fewer other lots is the narrower suspicion, and the smaller recall.

>>> complaints = {1: {1: (0, True), 10: (1, True), 20: (1, True)},
...               2: {2: (0, True), 10: (1, True), 30: (1, False)}}
>>> found = suspects(complaints, {3: {3, 30, 20}})
>>> [(one.lot, sorted(one.explains), sorted(one.good)) for one in found][:2]
[(10, [1, 2], []), (1, [1], [])]
>>> round(found[0].score, 2), round(found[-1].score, 2)
(1.0, -0.5)
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Suspect:
    """A lot that may be the cause.

    :ivar explains: the complaint lots that it is, or went into
    :ivar good: the good lots that it is, or went into as well
    :ivar distance: generations to the nearest complaint
    :ivar certain: whether recorded links alone lead to each complaint that it explains
    :ivar score: the part of the complaints that it explains, less the part of the good lots that it
        would have spoiled: 1 explains all and spares all, -1 the other way round
    """

    lot: int
    explains: frozenset[int]
    good: frozenset[int]
    distance: int
    certain: bool
    score: float


def suspects(
    complaints: Mapping[int, Mapping[int, tuple[int, bool]]],
    good: Mapping[int, set[int]],
) -> list[Suspect]:
    """All lots that may be the cause, the most likely first.

    :param complaints: {complaint lot: {lot that went into it, or itself: (generations between
        them, whether recorded links alone lead there)}}
    :param good: {good lot: lots that went into it, and itself}
    """
    explains: dict[int, set[int]] = {}
    distance: dict[int, int] = {}
    doubtful: set[int] = set()
    for complaint, above in complaints.items():
        for lot, (generations, certain) in above.items():
            explains.setdefault(lot, set()).add(complaint)
            distance[lot] = min(generations, distance.get(lot, generations))
            if not certain:
                doubtful.add(lot)
    found = []
    for lot, reached in explains.items():
        spoiled = {one for one, above in good.items() if lot in above}
        score = len(reached) / len(complaints) - (len(spoiled) / len(good) if good else 0.0)
        found.append(
            Suspect(
                lot,
                frozenset(reached),
                frozenset(spoiled),
                distance[lot],
                lot not in doubtful,
                score,
            )
        )
    return sorted(found, key=lambda one: (-one.score, not one.certain, one.distance, one.lot))
