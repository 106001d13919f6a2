from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "lot.trace.document"]

    def write(self, vals):
        if "partner_shipping_id" in vals:
            # Who received a dropship is read from its order.
            # sudo: who may edit an order need not see its moves
            self.sudo().order_line.move_ids._mark_genealogy()
        return super().write(vals)
