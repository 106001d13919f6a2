from odoo import models
from odoo.exceptions import UserError

from ..stock_lot_status import listed
from .kind_stock import check_role

_HISTORY = {
    "receipts": "lot.history.movement",
    "shipments": "lot.history.movement",
    "links": "lot.history.link",
}
# What stands on a lot that is used.
_NAMING = {
    "stock.quant": ("lot_id",),
    "stock.move.line": ("lot_id",),
    "lot.measurement": ("lot_id",),
    "lot.history.movement": ("lot_id",),
    "lot.history.link": ("parent_lot_id", "child_lot_id"),
}


class LotImport(models.Model):
    """Taking back what was imported, as long as nothing else builds on it: all of it or nothing."""

    _inherit = "lot.import"

    def action_undo(self) -> bool:
        """Take back what this import has added: lots that nothing names yet and history are
        removed, stock is booked out again, readings are struck out.

        :return: True
        :raise UserError: when it cannot be taken back any more
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("done", "failed") or not self.try_lock_for_update():
            raise UserError(
                self.env._("Only an import that is finished or has stopped can be undone.")
            )
        batch = self._in_own_company()
        if self.kind == "lots":
            batch._take_lots_back()
        elif self.kind == "stock":
            batch._book_stock_out()
        elif self.kind == "quality":
            batch._strike_readings()
        else:
            batch.env[_HISTORY[self.kind]]._take_away(self)
        self.env["lot.audit.event"]._record(
            "imported",
            record=self,
            company=self.company_id,
            data={
                "what": self.kind,
                "file": self.name or "",
                "sha256": self.digest,
                "undone": self.applied_count,
            },
        )
        self.write({"state": "undone", "applied_count": 0, "failure": False})
        return True

    def _take_lots_back(self) -> None:
        lots = self.env["stock.lot"].search([("lot_import_id", "=", self.id)])
        # sudo: what is used in another company is used as well
        known = lots.sudo()
        used = known.browse()
        for model, names in _NAMING.items():
            for name in names:
                found = known.env[model].with_context(active_test=False)
                used |= found.search([(name, "in", lots.ids)], limit=1)[name]
        if used:
            raise UserError(
                self.env._(
                    "Lot %s and others of this import are used already, so they stay. Correct "
                    "single lots instead.",
                    used[0].name,
                )
            )
        lots.unlink()

    def _strike_readings(self) -> None:
        """Readings stay on record, and count no more."""
        readings = self.env["lot.measurement"].search([("lot_import_id", "=", self.id)])
        readings.strike_out(self.env._("The import of %s was undone", self.display_name))

    # -- stock -------------------------------------------------------------------------------

    def _book_stock_out(self) -> None:
        """Take the goods out as a count does that finds nothing, where they lie untouched."""
        check_role(self.env)
        history = self.env["lot.history.movement"]
        booked = history.search([("import_id", "=", self.id), ("kind", "=", "taken_over")])
        if not all(movement.move_id for movement in booked):
            raise UserError(
                self.env._(
                    "An earlier version imported this stock and kept no link to its moves: "
                    "correct it by a count."
                )
            )
        lines = booked.move_id.move_line_ids
        quants = self._quants_of(lines)
        touched = self._touched(lines, quants)
        if touched:
            raise UserError(
                self.env._(
                    "Stock of %s was moved, counted or reserved after it was imported, so all of "
                    "it stays. Correct it by a count.",
                    listed(self.env, touched),
                )
            )
        title = self.env._("Import undone (%s)", self.name or "")
        found = self.env["stock.quant"].union(*quants.values())
        found = found.with_context(inventory_name=title)
        found.inventory_quantity = 0
        found._apply_inventory()
        history._take_away(self)

    def _quants_of(self, lines) -> dict:
        """{move line that booked goods in: the quants that hold them}"""
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "in", lines.lot_id.ids),
                ("location_id", "in", lines.location_dest_id.ids),
            ]
        )
        at = quants.grouped(lambda one: (one.lot_id, one.location_id, one.package_id, one.owner_id))
        return {
            line: at.get(
                (line.lot_id, line.location_dest_id, line.result_package_id, line.owner_id),
                quants.browse(),
            )
            for line in lines
        }

    def _touched(self, lines, quants: dict) -> list[str]:
        """Numbers of the lots whose goods do not lie as they were booked in, or did not in
        between."""
        touched = {
            line.lot_id.name
            for line, found in quants.items()
            if line.product_id.uom_id.compare(
                sum(found.mapped("quantity")), line.quantity_product_uom
            )
            or any(one.reserved_quantity or one.inventory_quantity_set for one in found)
        }
        since = {(line.lot_id, line.location_dest_id): line.date for line in lines}
        later = self.env["stock.move.line"].search_fetch(
            [
                ("lot_id", "in", lines.lot_id.ids),
                ("state", "=", "done"),
                ("date", ">=", min(since.values(), default=False)),
                ("id", "not in", lines.ids),
            ],
            ["lot_id", "location_id", "location_dest_id", "date"],
        )
        for line in later:
            for place in (line.location_id, line.location_dest_id):
                booked = since.get((line.lot_id, place))
                if booked and line.date >= booked:
                    touched.add(line.lot_id.name)
        return sorted(touched)
