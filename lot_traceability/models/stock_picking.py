from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "lot.trace.document", "lot.gate.document"]

    def write(self, vals):
        if "partner_id" in vals:
            # Who received what is read from the transfer.
            self.move_ids._mark_genealogy()
        return super().write(vals)
