from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _demands_quarantine(self, event: str) -> bool:
        """Has a lot of this product to be judged first?

        :param event: "receipt" or "production"
        """
        name = f"lot_quarantine_{event}"
        category = self.categ_id
        while category and not category[name]:
            category = category.parent_id
        return bool(self.product_tmpl_id[name] or category)
