from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


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
    # sudo: whoever reads a lot may know that it was imported, and by whom; the file is not shown
    lot_import_note = fields.Char("Imported", compute="_compute_lot_import_note", compute_sudo=True)

    @api.depends("lot_import_id.user_id", "create_date")
    def _compute_lot_import_note(self):
        self.lot_import_note = ""
        for lot in self.filtered("lot_import_id"):
            lot.lot_import_note = self.env._(
                "By %(user)s on %(day)s",
                user=lot.lot_import_id.user_id.name,
                day=format_date(self.env, fields.Datetime.context_timestamp(lot, lot.create_date)),
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
