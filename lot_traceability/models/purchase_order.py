from odoo import models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "lot.trace.document"]

    def write(self, vals):
        if "partner_id" in vals:
            # Who sent a dropship is read from its order.
            # sudo: who may edit an order need not see its moves
            self.sudo().order_line.move_ids._mark_genealogy()
        return super().write(vals)
