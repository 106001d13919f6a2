"""Deliveries net of what came back.

A movement is a tuple (lot, kind, quantity, partner, picking, move, returned move, time, company),
ordered by time; deliveries have negative quantities, returns positive ones.

>>> rows = [
...     (1, "delivery", -10.0, 7, 70, 700, None, 100, 1),
...     (1, "delivery", -5.0, 7, 71, 701, None, 200, 1),
...     (1, "customer_return", 4.0, 7, 72, 702, 701, 300, 1),
...     (1, "customer_return", 3.0, 7, 73, 703, None, 400, 1),
... ]
>>> [(row[5], returned) for row, returned in net_deliveries(rows)]
[(700, 3.0), (701, 4.0)]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

LOT, KIND, QUANTITY, PARTNER, PICKING, MOVE, RETURNED_MOVE, TIME, COMPANY = range(9)
OUT = ("delivery", "intercompany_out")


def net_deliveries(movements: Iterable[tuple]) -> list[tuple[tuple, float]]:
    """Each delivery with the quantity that came back of it.

    A return belongs to the delivery that it was made from; what is over, or was not made from
    one, to the oldest deliveries of the same lot to the same partner. A return that fits no
    delivery is left: it is not a delivery, and the mass balance shows it.
    """
    deliveries: list[tuple] = []
    returns: list[tuple] = []
    for row in movements:
        (deliveries if row[KIND] in OUT else returns).append(row)
    if not returns:
        return [(row, 0.0) for row in deliveries]
    returned = [0.0] * len(deliveries)
    by_move: dict[tuple, list[int]] = defaultdict(list)
    by_partner: dict[tuple, list[int]] = defaultdict(list)
    for position, row in enumerate(deliveries):
        by_move[row[LOT], row[MOVE]].append(position)
        by_partner[row[LOT], row[PARTNER]].append(position)
    for row in returns:
        left = row[QUANTITY]
        own = by_move.get((row[LOT], row[RETURNED_MOVE]), []) if row[RETURNED_MOVE] else []
        for position in [*own, *by_partner.get((row[LOT], row[PARTNER]), [])]:
            open_quantity = -deliveries[position][QUANTITY] - returned[position]
            part = min(left, open_quantity)
            if part > 0:
                returned[position] += part
                left -= part
    return list(zip(deliveries, returned, strict=True))


def sum_by_partner(rows: Iterable[dict], role: str, units: Mapping[int, str]) -> list[dict]:
    """Receipts or deliveries summed by partner; what was `before` does not count.

    >>> sum_by_partner([{"lot_id": 1, "partner_id": 7, "partner": "Shop", "quantity": 3.0,
    ...     "returned": 1.0, "net": 2.0, "date": "2026-01-01", "before": False}], "customer",
    ...     {1: "kg"})[0]["quantities"]
    [{'uom': 'kg', 'quantity': 3.0, 'returned': 1.0, 'net': 2.0}]
    """
    partners: dict[int, _Partner] = {}
    for row in rows:
        if row.get("before"):
            continue
        partner = partners.get(row["partner_id"])
        if partner is None:
            partner = partners[row["partner_id"]] = _Partner(row["partner"], row["date"])
        partner.rows += 1
        if row["date"] > partner.last_date:
            partner.last_date = row["date"]
        lot = row["lot_id"]
        if lot:
            partner.lots.add(lot)
        total = partner.sums[units.get(lot, "") if lot else row["uom"]]
        total[0] += row["quantity"]
        total[1] += row.get("returned", 0.0)
    found = [partner.summary(id_, role) for id_, partner in partners.items()]
    return sorted(found, key=lambda entry: (entry["name"], entry["id"]))


class _Partner:
    """What has been summed for one partner so far."""

    __slots__ = ("last_date", "lots", "name", "rows", "sums")

    def __init__(self, name: str, date: str) -> None:
        self.name = name
        self.rows = 0
        self.last_date = date
        self.lots: set[int] = set()
        self.sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def summary(self, partner_id: int, role: str) -> dict:
        """The partner as a trace gives it."""
        return {
            "id": partner_id,
            "name": self.name,
            "role": role,
            "lots": len(self.lots),
            "deliveries": self.rows,
            "quantities": [
                {
                    "uom": uom,
                    "quantity": round(quantity, 6),
                    "returned": round(returned, 6),
                    "net": round(quantity - returned, 6),
                }
                for uom, (quantity, returned) in self.sums.items()
            ],
            "last_date": self.last_date,
        }
