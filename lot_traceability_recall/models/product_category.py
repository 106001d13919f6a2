from odoo import fields, models

from .account_analytic_line import COST_KINDS


class ProductCategory(models.Model):
    _inherit = "product.category"

    recall_cost_kind = fields.Selection(
        COST_KINDS,
        "Kind of recall cost",
        help="As what vendor bills of such products count when they are booked on a recall",
    )
