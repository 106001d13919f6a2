"""How well a drill went: points out of 100, and what is to be mended.

>>> good = Measured(seconds=40, target_hours=4, balance=100, tolerance=99.5, complete=True,
...                 consignees=20, without_contact=0, bad_mail=0)
>>> score(good), findings(good)
(100, [])
>>> poor = Measured(seconds=40, target_hours=4, balance=97.2, tolerance=99.5, complete=False,
...                 consignees=20, without_contact=2, bad_mail=1)
>>> score(poor), findings(poor)
(68, ['balance', 'complete', 'without_contact', 'bad_mail'])
"""

from __future__ import annotations

from dataclasses import dataclass

#: Points for the time, the mass balance, a complete trace, and contacts that work.
WEIGHTS = {"time": 30, "balance": 30, "complete": 10, "contacts": 30}


@dataclass(frozen=True)
class Measured:
    """What a drill measured. `balance` and `tolerance` in per cent."""

    seconds: float
    target_hours: float
    balance: float
    tolerance: float
    complete: bool
    consignees: int
    without_contact: int
    bad_mail: int

    @property
    def in_time(self) -> bool:
        """Was the target met?"""
        return self.seconds <= self.target_hours * 3600

    @property
    def reachable(self) -> float:
        """The share of consignees that can be reached."""
        if not self.consignees:
            return 1.0
        return max(0.0, 1 - (self.without_contact + self.bad_mail) / self.consignees)


def score(measured: Measured) -> int:
    """Points out of 100: all or nothing for time and completeness; none for a balance that is 10
    per cent below the tolerance, in proportion between; contacts in proportion."""
    missing = max(0.0, measured.tolerance - measured.balance)
    points = WEIGHTS["time"] * measured.in_time
    points += WEIGHTS["balance"] * max(0.0, 1 - missing / 10)
    points += WEIGHTS["complete"] * measured.complete
    points += WEIGHTS["contacts"] * measured.reachable**4
    return int(points)


def findings(measured: Measured) -> list[str]:
    """Codes of what is to be mended, the worst first."""
    found = {
        "time": not measured.in_time,
        "balance": measured.balance < measured.tolerance,
        "complete": not measured.complete,
        "without_contact": measured.without_contact > 0,
        "bad_mail": measured.bad_mail > 0,
    }
    return [name for name, wrong in found.items() if wrong]
