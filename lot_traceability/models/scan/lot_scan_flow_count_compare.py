from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from odoo import api, models
from odoo.fields import Domain


class Key(NamedTuple):
    """What is counted by itself, by ids."""

    location_id: int
    product_id: int
    lot_id: int | bool
    package_id: int | bool
    """False: whatever it is packed in."""


class Count(NamedTuple):
    quantity: float
    since: datetime
    """When it was counted; where several counts were added up, the first of them."""


class Row(NamedTuple):
    """A count beside the stock."""

    key: Key
    counted: float
    quants: Any
    """The stock of which it is the count."""
    uncounted: bool = False
    moved: bool = False
    """Goods came or went after they were counted: the count says nothing any more."""

    @property
    def expected(self) -> float:
        return sum(self.quants.mapped("quantity"))


class LotScanFlowCount(models.AbstractModel):
    """What was counted in a session, beside what is booked."""

    _inherit = "lot.scan.flow.count"

    @api.model
    def _do_differences(self, command) -> dict[str, Any]:
        """{"session": str} → "differences": [{"location_id", "location", "product_id", "product",
        "lot_id", "lot", "package", "counted", "expected", "difference", "uom", "uncounted": it is
        booked in a place that was counted, but nobody counted it, "moved": it came or went since
        it was counted, so that it has to be counted again}], "counts": how many were counted."""
        counts = self._counts(self._told_session(command))
        rows = [row for row in self._compare(counts) if self._differs(row)]
        return {
            "message": self.env._(
                "%(counted)s counted, %(different)s different.",
                counted=len(counts),
                different=len(rows),
            ),
            "counts": len(counts),
            "differences": [self._difference(row) for row in rows],
        }

    @api.model
    def _differs(self, row: Row) -> bool:
        product = self.env["product.product"].browse(row.key.product_id)
        different = product.uom_id.compare(row.counted, row.expected)
        return bool(different) or row.uncounted or row.moved

    @api.model
    def _difference(self, row: Row) -> dict[str, Any]:
        product = self.env["product.product"].browse(row.key.product_id)
        return {
            "location_id": row.key.location_id,
            "location": self.env["stock.location"].browse(row.key.location_id).display_name,
            "product_id": product.id,
            "product": product.display_name,
            "lot_id": row.key.lot_id,
            "lot": self.env["stock.lot"].browse(row.key.lot_id or []).name or "",
            "package": self.env["stock.package"].browse(row.key.package_id or []).name or "",
            "counted": row.counted,
            "expected": row.expected,
            "difference": product.uom_id.round(row.counted - row.expected),
            "uom": product.uom_id.name,
            "uncounted": row.uncounted,
            "moved": row.moved,
        }

    # -- what was counted ------------------------------------------------------------------------

    @api.model
    def _key(self, counted: dict[str, Any]) -> Key:
        return Key(*(counted[name] for name in Key._fields))

    @api.model
    def _counts(self, session: str) -> dict[Key, Count]:
        """What was counted in a session since it was last applied."""
        counts: dict[Key, Count] = {}
        for scan in self.env["lot.scan"]._of_session(session, "count", "apply"):
            if scan.flow != "count":
                continue
            if scan.action == "apply":
                counts.clear()
                continue
            told = scan.answer["counted"]
            key = self._key(told)
            # The device's clock may be ahead, but nothing is counted after it was received.
            since = min(scan.at, scan.create_date)
            before = counts.pop(key, None) if told["add"] else None
            # A lot is counted as a whole or package by package, as it was done last.
            for other in [one for one in counts if self._same_goods(one, key)]:
                del counts[other]
            quantity = told["quantity"]
            if before:
                quantity, since = quantity + before.quantity, min(since, before.since)
            counts[key] = Count(quantity, since)
        return counts

    @api.model
    def _same_goods(self, one: Key, other: Key) -> bool:
        return one[:3] == other[:3] and bool(one.package_id) != bool(other.package_id)

    # -- beside the stock ------------------------------------------------------------------------

    @api.model
    def _compare(self, counts: dict[Key, Count]) -> list[Row]:
        """Each count and each stock of a counted place, by place and product."""
        if not counts:
            return []
        stock = self._stock_of({key.location_id for key in counts})
        moved = self._moved_since(counts)
        rows, known = [], self.env["stock.quant"]
        for key, count in counts.items():
            quants = stock.get(key[:3], known.browse())
            if key.package_id:
                quants = quants.filtered(lambda one, key=key: one.package_id.id == key.package_id)
            known |= quants
            rows.append(Row(key, count.quantity, quants, moved=key in moved))
        for same in stock.values():
            for quant in same - known:
                if quant.product_uom_id.compare(quant.quantity, 0):
                    rows.append(Row(self._key_of(quant), 0.0, quant, uncounted=True))
        places = self.env["stock.location"].browse(row.key.location_id for row in rows)
        names = {place.id: place.complete_name for place in places}
        return sorted(rows, key=lambda row: (names[row.key.location_id], row.key))

    @api.model
    def _key_of(self, quant) -> Key:
        return Key(quant.location_id.id, quant.product_id.id, quant.lot_id.id, quant.package_id.id)

    @api.model
    def _stock_of(self, places: set[int]) -> dict[tuple, Any]:
        quants = self.env["stock.quant"].search(
            Domain("location_id", "in", list(places))
            & Domain("company_id", "=", self.env.company.id),
            order="id",
        )
        return quants.grouped(
            lambda quant: (quant.location_id.id, quant.product_id.id, quant.lot_id.id)
        )

    @api.model
    def _moved_since(self, counts: dict[Key, Count]) -> set[Key]:
        """Counts after which the goods came or went."""
        places = list({key.location_id for key in counts})
        touched = Domain("location_id", "in", places) | Domain("location_dest_id", "in", places)
        lines = self.env["stock.move.line"].search_fetch(
            touched
            & Domain("state", "=", "done")
            & Domain("date", ">=", min(count.since for count in counts.values()))
            & Domain("product_id", "in", list({key.product_id for key in counts})),
            ["product_id", "lot_id", "location_id", "location_dest_id", "date"],
        )
        last: dict[tuple, datetime] = defaultdict(lambda: datetime.min)
        for line in lines:
            for place in (line.location_id.id, line.location_dest_id.id):
                goods = (place, line.product_id.id, line.lot_id.id)
                last[goods] = max(last[goods], line.date)
        return {key for key, count in counts.items() if last[key[:3]] >= count.since}
