"""History of receipts and shipments."""

from __future__ import annotations

from typing import Any

from .flow import Flow, tell
from .kind import Kind
from .lookup import Lot
from .rows import Row

TWICE_WITHIN = 200_000


class Movements(Kind):
    """Adds imported movements."""

    batch_size = 5_000
    # (kind, kind of a negative quantity, contact's column, when a day alone is, sign)
    side: tuple[str, str, str, str, int]

    def __init__(self, batch, problems, rows, writing):
        super().__init__(batch, problems, rows, writing)
        self._flow = Flow(self.env)
        self._seen: dict[int, int] = {}

    def check(self, rows):
        partner_code = self.side[2]
        self.load(rows, ("product", "lot"))
        self.lookup.load_partners(row.get(partner_code) for row in rows)
        found = []
        for row in rows:
            before = self.problems.blocking
            vals = self._values(row)
            if vals and row.good and self.problems.blocking == before:
                self._note(row, vals)
                found.append(vals)
        return found

    def finish(self):
        tell(self, self._flow, "quantity")

    def apply(self, found):
        self.env["lot.history.movement"]._append(
            {**vals, "import_id": self.batch.id, "company_id": self.company.id} for vals in found
        )

    def _values(self, row: Row) -> dict[str, Any] | None:
        kind, back, partner_code, at, sign = self.side
        lot = self.lot(row, "product", "lot") if row.get("lot") else None
        right, partner = self.partner(row, partner_code)
        if not lot or not right or "date" not in row.values or "quantity" not in row.values:
            return None
        product = self.lookup.product_of(lot)
        quantity = self.quantity(row, "quantity", "unit", product)
        if quantity is None or not self.in_past(row, "date"):
            return None
        if not quantity:
            self.bad(
                row, "quantity",
                self.env._("Nothing moved."),
                self.env._("Give the quantity, or take the row out."),
            )  # fmt: skip
        if product.tracking == "serial" and abs(quantity) > 1:
            self.bad(
                row, "quantity",
                self.env._("A serial number is one piece."),
                self.env._("Write one row for each serial number."),
            )  # fmt: skip
        self._check_twice(row, lot)
        self.after_made(row, "date", lot)
        return {
            "row": row.number,
            "name": row.get("document", None),
            "date": self.instant(row.values["date"], at),
            "kind": kind if quantity > 0 else back,
            "lot_id": lot.id,
            "quantity": sign * quantity,
            "partner_id": partner,
            "move_id": None,
        }

    def _note(self, row: Row, vals: dict[str, Any]) -> None:
        if not self.writing:
            self._flow.add(vals["lot_id"], vals["quantity"], row.number)

    def _check_twice(self, row: Row, lot: Lot) -> None:
        """Tell a row that says the same as an earlier one."""
        if self.writing or len(self._seen) > TWICE_WITHIN:
            return
        told = (lot.id, row.values["date"], row.values["quantity"], row.get("document"),
                row.get(self.side[2]))  # fmt: skip
        first = self._seen.setdefault(hash(told), row.number)
        if first != row.number:
            self.bad(
                row, "lot",
                self.env._("It says the same as row %s.", first),
                self.env._("Take one of the two out, unless it happened twice."),
                note=True,
            )  # fmt: skip


class Receipts(Movements):
    side = ("receipt", "supplier_return", "supplier", "start", 1)


class Shipments(Movements):
    side = ("delivery", "customer_return", "customer", "end", -1)
