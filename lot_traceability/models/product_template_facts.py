from odoo import fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "lot.cached.links"]

    allergen_ids = fields.Many2many(
        "lot.allergen",
        string="Allergens",
        groups="base.group_user",
        help="What each new lot of this product contains, unless its lot says otherwise",
    )
    receipt_demand_ids = fields.Many2many(
        "lot.field.demand",
        "product_template_receipt_demand_rel",
        string="Demanded at receipt",
        groups="base.group_user",
        help="A receipt is not validated before this is known of each lot. What the category "
        "demands is demanded as well.",
    )
    production_demand_ids = fields.Many2many(
        "lot.field.demand",
        "product_template_production_demand_rel",
        string="Demanded after production",
        groups="base.group_user",
        help="An order is not closed before this is known of each lot made. What the category "
        "demands is demanded as well.",
    )
