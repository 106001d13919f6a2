from odoo import api, models


class MrpUnbuild(models.Model):
    _name = "mrp.unbuild"
    _inherit = ["mrp.unbuild", "lot.gate.document"]

    @api.depends("state", "product_id", "product_qty", "lot_id", "mo_id", "location_id")
    def _compute_lot_refusals(self):
        return super()._compute_lot_refusals()

    def _lot_refusals(self):
        # What is taken apart is known before the order is saved, as it is typed.
        return self.env["lot.gate"]._refusals_on(self)
