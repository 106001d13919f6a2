from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _lot_demands(self, step: str):
        """What must be known of a lot of this product.

        :param step: "receipt" or "production"
        """
        self.ensure_one()
        name, template, category = f"{step}_demand_ids", self.product_tmpl_id, self.categ_id
        ids = set(template._linked(name).get(template.id, ()))
        above = category._linked(name)
        for parent in category._with_parents()._ids if above else ():
            ids.update(above.get(parent, ()))
        return self.env["lot.field.demand"].browse(ids).sorted()

    def _allergens(self):
        """What each new lot of these products contains."""
        # sudo: whoever makes a lot, a subcontractor in the portal too, need not read allergens
        linked = self.env["product.template"]._linked("allergen_ids")
        ids = {one for product in self for one in linked.get(product.product_tmpl_id.id, ())}
        return self.env["lot.allergen"].sudo().browse(sorted(ids))
