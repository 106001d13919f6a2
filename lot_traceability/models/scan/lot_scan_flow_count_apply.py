from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..stock_lot_status import listed
from .lot_scan_flow import RefusedError
from .lot_scan_flow_count_compare import Row


class LotScanFlowCount(models.AbstractModel):
    """A count that becomes the stock, with the adjustment that Odoo makes of one."""

    _inherit = "lot.scan.flow.count"

    @api.model
    def _do_apply(self, command) -> dict[str, Any]:
        """{"session": str; "reason": str; "uncounted": "zero" or "leave" for what is booked in the
        counted places and nobody counted: asked for where there is any}. Who may not adjust the
        stock leaves the counts for those who may."""
        counts = self._counts(self._told_session(command))
        if not counts:
            raise UserError(self.env._("Nothing was counted yet."))
        rows = self._compare(counts)
        self._refuse_moved(rows)
        self._refuse_shared(rows)
        rows = self._settle_uncounted(command, rows)
        self._refuse_elsewhere(rows)
        reason = self._told_reason(command, self.env._("Say why this was counted."))
        different = [row for row in rows if self._differs(row)]
        # As in Odoo, where only a manager of the stock has the button that adjusts it.
        may = self.env.user.has_group("stock.group_stock_manager")
        quants = self._note_counts(rows, reason)
        if may and quants:
            quants.action_apply_inventory()
            message = self.env._(
                "%(counted)s counted, %(different)s corrected.",
                counted=len(rows),
                different=len(different),
            )
        else:
            message = self.env._(
                "%(counted)s counted, %(different)s different. Somebody who may adjust the stock "
                "has to apply them in Odoo, under Physical Inventory.",
                counted=len(rows),
                different=len(different),
            )
        return {"message": message, "counts": len(rows), "applied": may}

    @api.model
    def _note_counts(self, rows: list[Row], reason: str):
        """Put the counts on the stock, as one types them in Odoo."""
        # What is less comes first: a serial number is in one place.
        rows = sorted(rows, key=lambda row: row.counted - row.expected)
        model = self.env["stock.quant"].with_context(inventory_mode=True, inventory_name=reason)
        noted = model.browse()
        for row in rows:
            quant = row.quants.with_env(model.env)
            if quant:
                quant.write(
                    {
                        "inventory_quantity": row.counted,
                        "user_id": self.env.uid,
                        "inventory_date": fields.Date.today(),
                    }
                )
            elif row.counted:
                quant = model.create(
                    {
                        "product_id": row.key.product_id,
                        "location_id": row.key.location_id,
                        "lot_id": row.key.lot_id,
                        "package_id": row.key.package_id,
                        "inventory_quantity": row.counted,
                    }
                )
            noted += quant.with_env(model.env)
        return noted

    # -- what is in the way ----------------------------------------------------------------------

    @api.model
    def _names(self, rows: list[Row]) -> str:
        shown = [self._difference(row) for row in rows]
        return listed(
            self.env,
            [f"{one['lot'] or one['product']} ({one['location']})" for one in shown],
            5,
        )

    @api.model
    def _refuse_moved(self, rows: list[Row]) -> None:
        moved = [row for row in rows if row.moved]
        if moved:
            raise UserError(
                self.env._(
                    "These came or went after they were counted: %s. Count them again.",
                    self._names(moved),
                )
            )

    @api.model
    def _refuse_shared(self, rows: list[Row]) -> None:
        """Which of several packages or owners a difference is of, nobody has said."""
        shared = [row for row in rows if len(row.quants) > 1 and self._differs(row)]
        if shared:
            raise UserError(
                self.env._(
                    "These lie in several packages, or belong to several owners: %s. Count each "
                    "package by itself.",
                    self._names(shared),
                )
            )

    @api.model
    def _settle_uncounted(self, command, rows: list[Row]) -> list[Row]:
        """The rows that are applied.

        :raise RefusedError: asks what to do with what nobody counted
        """
        counted = [row for row in rows if not row.uncounted and len(row.quants) < 2]
        uncounted = [row for row in rows if row.uncounted]
        told = command.data.get("uncounted")
        if not uncounted or told == "leave":
            return counted
        if told != "zero":
            raise RefusedError(
                self.env._(
                    "Booked in these places, but not counted: %s. Are they there?",
                    self._names(uncounted),
                ),
                [
                    self._choice(
                        "leave",
                        self.env._("Leave them as they are"),
                        {"uncounted": "leave"},
                    ),
                    self._choice("zero", self.env._("They are not there"), {"uncounted": "zero"}),
                ],
            )
        return counted + uncounted

    @api.model
    def _refuse_elsewhere(self, rows: list[Row]) -> None:
        """A serial number that is booked somewhere else would be there twice."""
        found = [row for row in rows if row.counted and not row.expected and row.key.lot_id]
        lots = self.env["stock.lot"].browse(row.key.lot_id for row in found)
        serials = lots.filtered(lambda lot: lot.product_id.tracking == "serial")
        if not serials:
            return
        emptied = self.env["stock.quant"].union(*(row.quants for row in rows if not row.counted))
        others = self._quants(Domain("lot_id", "in", serials.ids)) - emptied
        if others:
            raise UserError(
                self.env._(
                    "These serial numbers are booked in another place: %s. Move them here, or "
                    "count that place as well.",
                    listed(
                        self.env,
                        [f"{one.lot_id.name} ({one.location_id.display_name})" for one in others],
                        5,
                    ),
                )
            )
