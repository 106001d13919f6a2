from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLot(models.Model):
    """Which import made a lot, and what was imported of it."""

    _inherit = "stock.lot"

    lot_import_id = fields.Many2one(
        "lot.import",
        "Imported with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported_history(self):
        # sudo: history in another company protects the lot as well
        told = (
            self.sudo()
            .env["lot.genealogy.movement"]
            .search([("lot_id", "in", self.ids), ("move_line_id", "=", False)], limit=1)
        )
        if told:
            raise UserError(
                self.env._(
                    "Lot %s has imported history and is part of the traceability record, so it "
                    "cannot be deleted. Correct its number instead.",
                    told.lot_id.name,
                )
            )
