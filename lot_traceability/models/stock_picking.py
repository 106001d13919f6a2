from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "lot.trace.document", "lot.gate.document"]

    def write(self, vals):
        if "partner_id" in vals:
            # Who received what is read from the transfer.
            self.move_ids._mark_genealogy()
        return super().write(vals)

    def _pre_action_done_hook(self):
        result = super()._pre_action_done_hook()
        if result is not True:
            return result
        return self.env["lot.done.wizard"]._ask(self, self.move_ids) or True
