"""Stock on hand: what lies where on the day on which the firm moves in."""

from __future__ import annotations

from typing import Any

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .flow import Flow
from .kind import ROUNDING, Kind
from .lookup import SEVERAL
from .rows import Row


def check_role(env) -> None:
    """Whether the user may book stock in, and out again.

    :raise UserError: when not
    """
    if not env.user.has_group("stock.group_stock_manager"):
        raise UserError(
            env._(
                "Stock is booked in by the administrator of the inventory. Ask for that role, "
                "or a colleague who has it."
            )
        )


class Stock(Kind):
    """Books stock in by done moves from the location of inventory losses."""

    batch_size = 200

    def __init__(self, batch, problems, rows, writing):
        super().__init__(batch, problems, rows, writing)
        check_role(self.env)
        self._seen: dict[tuple, int] = {}
        self._history = Flow(self.env)
        self._totals: dict[int, list] = {}
        self._packages: dict[str, int] = {}

    def check(self, rows):
        self.load(rows, ("product", "lot"))
        self.lookup.load_partners(row.get("owner") for row in rows)
        self._load_packages({row.get("package") for row in rows} - {""})
        found = []
        for row in rows:
            before = self.problems.blocking
            vals = self._values(row)
            if vals and row.good and self.problems.blocking == before:
                found.append(vals | {"row": row})
        self._check_free(found)
        return found

    def _values(self, row: Row) -> dict[str, Any] | None:
        _ = self.env._
        lot = self.lot(row, "product", "lot") if row.get("lot") else None
        place = self._place(row) if row.get("location") else None
        right, owner = self.partner(row, "owner")
        if not lot or not place or not right or "quantity" not in row.values:
            return None
        product = self.lookup.product_of(lot)
        quantity = self.quantity(row, "quantity", "unit", product)
        if quantity is None:
            return None
        if quantity <= 0:
            self.bad(
                row, "quantity",
                _("What is on hand is more than zero."),
                _("Give what was counted, or take the row out."),
            )  # fmt: skip
        if not product.storable:
            self.bad(
                row, "product" if row.get("product") else "lot",
                _("No stock is kept of %s.", product.name),
                _("Switch on “Track Inventory” for the product first."),
            )  # fmt: skip
        key = (lot.id, place, row.get("package"), owner)
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            self.bad(
                row, "lot",
                _("Row %s tells the same lot at the same place.", first),
                _("Put both together, or correct the place."),
            )  # fmt: skip
        total = self._totals.setdefault(lot.id, [0.0, row.number])
        total[0] += quantity
        if product.tracking == "serial" and total[0] > 1 + ROUNDING:
            self.bad(
                row, "quantity",
                _("A serial number is one piece, at one place."),
                _("Write one row with quantity 1 for each serial number."),
            )  # fmt: skip
        return {
            "lot_id": lot.id,
            "product_id": product.id,
            "uom_id": product.uom_id,
            "location_id": place,
            "quantity": quantity,
            "owner_id": owner,
            "package": row.get("package"),
        }

    def _place(self, row: Row) -> int | None:
        found = self.lookup.place(row.get("location"))
        if isinstance(found, int):
            return found
        _ = self.env._
        if found is SEVERAL:
            self.bad(
                row, "location",
                _("Several places are called so."),
                _("Give the full name, such as WH/Stock/Shelf A, or the barcode."),
            )  # fmt: skip
        else:
            self.bad(
                row, "location",
                _("There is no such internal location in this company."),
                _("Create it first, or give its full name, such as WH/Stock/Shelf A."),
            )  # fmt: skip
        return None

    def _check_free(self, found: list[dict[str, Any]]) -> None:
        """Take out what lies there already: it would count twice."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT lot_id, location_id FROM stock_quant
                    WHERE lot_id = ANY(%s) AND quantity <> 0 AND company_id = %s""",
                [vals["lot_id"] for vals in found],
                self.company.id,
            )
        )
        there = set(self.env.cr.fetchall())
        for vals in list(found):
            if (vals["lot_id"], vals["location_id"]) in there:
                found.remove(vals)
                self.bad(
                    vals["row"], "lot",
                    self.env._("Stock of this lot lies at this place already."),
                    self.env._("Take the row out; correct the stock by a count."),
                )  # fmt: skip

    def finish(self):
        """Compare with what the history leaves."""
        for lot_id, (_total, row) in self._totals.items():
            self._history.add(lot_id, 0.0, row)
        self._history.add_recorded()
        wrong = [
            (lot_id, row, left)
            for lot_id, row, left in self._history.left()
            if abs(left - self._totals[lot_id][0]) > ROUNDING
        ]
        # sudo: lots that the file named and the user may read
        lots = self.env["stock.lot"].sudo().browse(one[0] for one in wrong)
        names = {lot.id: lot.name for lot in lots}
        for lot_id, row, left in wrong:
            self.bad(
                row, "quantity",
                self.env._(
                    "By its history %(left)s of lot %(lot)s is left, and %(total)s is on hand.",
                    left=f"{left:.6g}",
                    lot=names[lot_id],
                    total=f"{self._totals[lot_id][0]:.6g}",
                ),
                self.env._("Look for a row of the history that is missing or stands twice."),
                note=True,
            )  # fmt: skip

    # -- writing ----------------------------------------------------------------------------

    def _load_packages(self, names: set[str]) -> None:
        new = names - self._packages.keys()
        if new:
            packages = self.env["stock.package"].search([("name", "in", list(new))])
            self._packages |= {package.name: package.id for package in packages}

    def apply(self, found):
        missing = sorted({vals["package"] for vals in found} - self._packages.keys() - {""})
        packages = self.env["stock.package"].create([{"name": name} for name in missing])
        self._packages |= dict(zip(missing, packages.ids, strict=True))
        title = self.env._("Imported stock (%s)", self.batch.name or "")
        products = self.env["product.product"].with_company(self.company)
        moves = self.env["stock.move"].create(
            [self._move(vals, products.browse(vals["product_id"]), title) for vals in found]
        )
        moves._action_done()
        self.env["lot.history.movement"]._append(
            {
                "import_id": self.batch.id,
                "company_id": self.company.id,
                "row": vals["row"].number,
                "name": None,
                "date": self.now,
                "kind": "taken_over",
                "lot_id": vals["lot_id"],
                "quantity": -vals["quantity"],
                "partner_id": None,
                "move_id": move.id,
            }
            for vals, move in zip(found, moves, strict=True)
        )

    def _move(self, vals: dict[str, Any], product, title: str) -> dict[str, Any]:
        """As Odoo makes one for an inventory adjustment."""
        source = product.property_stock_inventory.id
        common = {
            "product_id": vals["product_id"],
            "company_id": self.company.id,
            "location_id": source,
            "location_dest_id": vals["location_id"],
        }
        line = {
            **common,
            "product_uom_id": vals["uom_id"],
            "quantity": vals["quantity"],
            "lot_id": vals["lot_id"],
            "owner_id": vals["owner_id"] or False,
            "result_package_id": self._packages.get(vals["package"]) or False,
        }
        return {
            **common,
            "product_uom": vals["uom_id"],
            "product_uom_qty": vals["quantity"],
            "state": "confirmed",
            "restrict_partner_id": vals["owner_id"] or False,
            "is_inventory": True,
            "picked": True,
            "inventory_name": title,
            "move_line_ids": [Command.create(line)],
        }
