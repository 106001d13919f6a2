from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _lot_demands(self, step: str):
        """What must be known of a lot of this product.

        :param step: "receipt" or "production"
        """
        self.ensure_one()
        name = f"{step}_demand_ids"
        demands = self.product_tmpl_id[name]
        return (demands | self.categ_id._with_parents().mapped(name)).sorted()
