from odoo import fields, models

MADE = [
    ("transformation", "Transformation"),
    ("initial_packing", "Initial packing"),
    ("cooling", "Cooling before initial packing"),
    ("none", "None: the food is not changed"),
]


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    fsma_event = fields.Selection(
        MADE,
        "Critical tracking event",
        help="What an order after this bill is under FSMA 204. Empty: initial packing when a raw "
        "commodity goes in, else transformation.",
    )


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    fsma_keeps_form = fields.Boolean(
        "Keeps its listed form",
        default=True,
        help="Untick it where a listed food is cooked, frozen or otherwise changed so that it is "
        "no longer on the Food Traceability List: then it does not make the product traceable.",
    )
