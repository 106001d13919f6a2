"""The mass balance of a recall: where every unit of an affected lot is.

Quantities are in the product's unit. All of what was made or received is accounted for when the
parts add up to it:

>>> balance = Balance(made=10, on_hand=4, shipped=6, set_aside=5, consumed=1)
>>> balance.gap, balance.accounted, balance.with_customers
(0.0, 10.0, 6.0)
>>> balance = Balance(made=10, on_hand=4, shipped=6, set_aside=5)
>>> balance.gap, balance.unanswered
(1.0, 1.0)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DIGITS = 6
#: What a consignee says has become of the goods, in the order in which what comes back is taken.
ANSWERS = ("sent_back", "quarantined", "sold_on", "consumed", "destroyed")


@dataclass
class Balance:
    """One lot, or the sum of several in one unit.

    `made` is what was made or received; `counted` what counts found more (positive) or less;
    `used` what went into other lots; `sent_back` what went back to the supplier; `left_before` what
    was shipped before the suspect goods came in, which nobody has to account for; `came_back` the
    part of `returned` that came since the scope was frozen. `set_aside`, `coming`, `destroyed`,
    `sold_on` and `consumed` are what consignees say of what they have; `explained` what a person
    has explained.
    """

    made: float = 0.0
    counted: float = 0.0
    on_hand: float = 0.0
    used: float = 0.0
    scrapped: float = 0.0
    sent_back: float = 0.0
    shipped: float = 0.0
    returned: float = 0.0
    left_before: float = 0.0
    came_back: float = 0.0
    set_aside: float = 0.0
    coming: float = 0.0
    destroyed: float = 0.0
    sold_on: float = 0.0
    consumed: float = 0.0
    explained: float = 0.0

    @property
    def with_customers(self) -> float:
        """What was shipped of the suspect goods and did not come back."""
        return _clean(self.shipped - self.returned - self.left_before)

    @property
    def answered(self) -> float:
        """What consignees have accounted for of that."""
        parts = self.set_aside + self.coming + self.destroyed + self.sold_on + self.consumed
        return _clean(parts)

    @property
    def unanswered(self) -> float:
        """What nobody has answered for yet; negative where more was answered than shipped."""
        return _clean(self.with_customers - self.answered)

    @property
    def difference(self) -> float:
        """What left the records without a trace: of what entered neither here nor gone."""
        inside = self.on_hand + self.used + self.scrapped + self.sent_back
        inside += self.with_customers + self.left_before
        return _clean(self.made + self.counted - inside)

    @property
    def gap(self) -> float:
        """What is not accounted for: without an answer, lost in a count, or not in the records;
        less what was explained."""
        lost = max(-self.counted, 0.0) + max(self.unanswered, 0.0) + abs(self.difference)
        return _clean(max(lost - self.explained, 0.0))

    @property
    def accounted(self) -> float:
        """What is accounted for, of what was made or received."""
        return _clean(self.made - self.gap)

    @property
    def recovered(self) -> float:
        """What came back since the scope was frozen, or is held or destroyed at the consignee."""
        return _clean(self.came_back + self.set_aside + self.coming + self.destroyed)

    @property
    def recoverable(self) -> float:
        """What was with customers when the scope was frozen."""
        return _clean(self.with_customers + self.came_back)

    def __add__(self, other: Balance) -> Balance:
        names = self.__dataclass_fields__
        return Balance(**{name: getattr(self, name) + getattr(other, name) for name in names})


def total(balances: Iterable[Balance]) -> Balance:
    """The sum of lots in one unit. Their gaps do not cancel out: add those up by themselves.

    >>> total([Balance(made=1), Balance(made=2)]).made
    3.0
    """
    result = Balance()
    for balance in balances:
        result += balance
    return result


def after_return(answers: dict[str, float], returned: float) -> dict[str, float]:
    """What is still at a consignee of what it has answered for, after goods came back: first what
    it has sent, then what it had set aside, and so on.

    >>> after_return({"sent_back": 2, "quarantined": 3}, 4)
    {'sent_back': 0.0, 'quarantined': 1.0, 'sold_on': 0.0, 'consumed': 0.0, 'destroyed': 0.0}
    """
    left, rest = {}, returned
    for name in ANSWERS:
        answered = answers.get(name, 0.0)
        taken = min(answered, max(rest, 0.0))
        left[name] = _clean(answered - taken)
        rest -= taken
    return left


def within(answers: dict[str, float], most: float) -> dict[str, float]:
    """No more of these answers than this in all: what is over is left away.

    >>> within({"sent_back": 2, "quarantined": 3}, 4)["quarantined"]
    2
    """
    kept, rest = {}, max(most, 0.0)
    for name in ANSWERS:
        kept[name] = min(answers.get(name, 0.0), rest)
        rest -= kept[name]
    return kept


def percent(part: float, whole: float) -> float:
    """A share in per cent, rounded down: 100 is said when nothing is missing.

    >>> percent(1, 3), percent(0, 0), percent(9999.999, 10000)
    (33.33, 100.0, 99.99)
    """
    if whole <= 0:
        return 100.0
    return int(part / whole * 10_000 + 1e-6) / 100


def _clean(value: float) -> float:
    return round(value, DIGITS) + 0.0
