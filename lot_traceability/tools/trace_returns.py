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
    came_back = {row[LOT] for row in returns}
    for position, row in enumerate(deliveries):
        if row[LOT] in came_back:
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
    partners: dict[int, list] = {}
    for row in rows:
        if row.get("before"):
            continue
        date, lot = row["date"], row["lot_id"]
        unit = units.get(lot, "") if lot else row["uom"]
        known = partners.get(row["partner_id"])
        if known is None:
            # The name, the last date, the lots, {unit: [sent, returned]}, and the rows: plain
            # lists, since a hub has thousands of partners.
            known = partners[row["partner_id"]] = [row["partner"], date, set(), {}, 0]
        elif date > known[1]:
            known[1] = date
        if lot:
            known[2].add(lot)
        sums = known[3]
        if unit in sums:
            total = sums[unit]
            total[0] += row["quantity"]
            total[1] += row.get("returned", 0.0)
        else:
            sums[unit] = [row["quantity"], row.get("returned", 0.0)]
        known[4] += 1
    found = [
        {
            "id": id_,
            "name": name,
            "role": role,
            "lots": len(lots),
            "deliveries": count,
            "quantities": [
                {
                    "uom": unit,
                    "quantity": round(quantity, 6),
                    "returned": round(returned, 6),
                    "net": round(quantity - returned, 6),
                }
                for unit, (quantity, returned) in sums.items()
            ],
            "last_date": last_date,
        }
        for id_, (name, last_date, lots, sums, count) in partners.items()
    ]
    return sorted(found, key=lambda entry: (entry["name"], entry["id"]))
