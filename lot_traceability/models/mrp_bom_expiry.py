from odoo import api, models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.constrains("product_tmpl_id", "bom_line_ids", "byproduct_ids", "active")
    def _check_expiry_circle(self):
        made = self.product_tmpl_id | self.byproduct_ids.product_id.product_tmpl_id
        made._check_expiry_circle()
