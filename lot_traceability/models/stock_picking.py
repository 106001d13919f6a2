from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "lot.trace.document"]

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # Who received what is read from the transfer, returns included.
            moves = self.move_ids | self.move_ids.returned_move_ids
            done = moves.move_line_ids.filtered(lambda line: line.state == "done")
            self.env["lot.genealogy.upkeep"]._mark_changed(done.ids)
        return result
