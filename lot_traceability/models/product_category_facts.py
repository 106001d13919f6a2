from odoo import fields, models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "lot.cached.links"]

    receipt_demand_ids = fields.Many2many(
        "lot.field.demand",
        "product_category_receipt_demand_rel",
        string="Demanded at receipt",
        groups="base.group_user",
        help="For all products of this category and of those below it",
    )
    production_demand_ids = fields.Many2many(
        "lot.field.demand",
        "product_category_production_demand_rel",
        string="Demanded after production",
        groups="base.group_user",
        help="For all products of this category and of those below it",
    )

    def _with_parents(self):
        """These categories and all above them, the nearest first."""
        ids = [int(part) for category in self for part in category.parent_path.split("/")[-2::-1]]
        return self.browse(dict.fromkeys(ids))
