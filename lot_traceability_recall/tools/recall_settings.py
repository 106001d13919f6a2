"""Settings of the whole database for recalls: their keys, what they are when nobody has set them,
and between what they may lie.

>>> LIMITS[DAYS].parse("14")
14
>>> LIMITS[DAYS].parse("")
90
>>> LIMITS[RATE].parse("0"), LIMITS[RATE].parse("9999999"), LIMITS[RATE].parse("many")
(30, 30, 30)
"""

from __future__ import annotations

from typing import NamedTuple

#: So many days after a consignee was first told, or given a new link, the link dies.
DAYS = "lot_traceability_recall.answer_days"
#: Requests a minute that one address may make, and that one link takes.
RATE = "lot_traceability_recall.answer_rate"
#: A delivery that left so many days ago may still be on the road.
ROAD_DAYS = "lot_traceability_recall.road_days"
#: Text messages cost money and say little: only where the firm has turned them on.
SMS = "lot_traceability_recall.sms"


class Limit(NamedTuple):
    """A whole number with its bounds."""

    default: int
    least: int
    most: int

    def parse(self, text: str) -> int:
        """The number that a text says; the default where it is none, or out of bounds."""
        number = int(text) if text.isdecimal() else self.default
        return number if self.least <= number <= self.most else self.default


LIMITS = {
    DAYS: Limit(90, 1, 1_000),
    # A person who fills in the page needs a handful; a thousand a minute is an attack.
    RATE: Limit(30, 10, 1_000),
    ROAD_DAYS: Limit(3, 1, 60),
}
