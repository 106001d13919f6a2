from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

<<<<<<< HEAD
    def _lot_demands(self, step: str):
        """What must be known of a lot of this product.

        :param step: "receipt" or "production"
        """
        self.ensure_one()
        name = f"{step}_demand_ids"
        demands = self.product_tmpl_id[name]
        return (demands | self.categ_id._with_parents().mapped(name)).sorted()
=======
    def _demands_quarantine(self, event: str) -> bool:
        """Has a lot of this product to be judged first?

        :param event: "receipt" or "production"
        """
        name = f"lot_quarantine_{event}"
        category = self.categ_id
        while category and not category[name]:
            category = category.parent_id
        return bool(self.product_tmpl_id[name] or category)
>>>>>>> main
