"""What a partner had of a lot and what it shipped of it, as far as anybody has told.

>>> ledger = Ledger(delivered=10.0)
>>> ledger.told("received", 10.0, "us")
>>> ledger.told("shipped", 8.0, "others")
>>> ledger.is_known(), ledger.had(), ledger.shipped_with(3.0, "others")
(True, 10.0, 11.0)
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Amounts of one lot at one partner, in one unit.

    What our own records say: ``delivered`` to the partner, ``returned`` by it, ``sent_back`` to
    it where it is the supplier.  What it has told itself comes by :meth:`told`.
    """

    delivered: float = 0.0
    returned: float = 0.0
    sent_back: float = 0.0
    _amounts: dict[tuple[str, str], float] = field(default_factory=dict)
    _unsure: bool = False

    def told(self, what: str, quantity: float | None, whom: str) -> None:
        """Note what the partner tells: ``received``, ``made`` or ``shipped``.

        ``whom`` is ``us`` where it was got from us or goes to us, ``others`` where another is
        named, and empty where nobody is.  Without a quantity nothing can be counted any more.
        """
        if quantity is None:
            self.doubt()
            return
        key = (what, whom)
        self._amounts[key] = self._amounts.get(key, 0.0) + quantity

    def doubt(self) -> None:
        """What came in cannot be counted: it has no quantity, or a unit of another kind."""
        self._unsure = True

    def is_known(self) -> bool:
        """Does anybody know how much the partner had at all?

        >>> Ledger(sent_back=5.0).is_known()
        False
        """
        told = any(what in ("received", "made") for what, _whom in self._amounts)
        return not self._unsure and (told or self.delivered > 0)

    def had(self) -> float:
        """All that came to the partner. The same goods are counted once: what it tells of goods
        that came from us, or from nobody knows where, is what our deliveries say.

        >>> ledger = Ledger(delivered=10.0)
        >>> ledger.told("received", 4.0, "")
        >>> ledger.told("received", 3.0, "others")
        >>> ledger.had()
        13.0
        """
        here = self._sum("received", "us") + self._sum("received", "")
        elsewhere = self._sum("received", "others")
        made = self._sum("made", "us") + self._sum("made", "") + self._sum("made", "others")
        return max(here, self.delivered) + elsewhere + made + self.sent_back

    def shipped_with(self, more: float = 0.0, whom: str = "") -> float:
        """All that left the partner, with ``more`` to somebody; what came back to us is counted,
        also where the partner does not tell it.

        >>> ledger = Ledger(delivered=10.0, returned=6.0)
        >>> ledger.told("shipped", 8.0, "others")
        >>> ledger.shipped_with(), ledger.shipped_with(5.0, "us"), ledger.shipped_with(7.0, "us")
        (14.0, 14.0, 15.0)
        """
        back = self._sum("shipped", "us") + self._sum("shipped", "")
        away = self._sum("shipped", "others")
        if whom == "others":
            away += more
        else:
            back += more
        return max(back, self.returned) + away

    def _sum(self, what: str, whom: str) -> float:
        return self._amounts.get((what, whom), 0.0)
