from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    label_rule_ids = fields.One2many(
        "lot.label.rule", "picking_type_id", string="Labels printed by themselves"
    )
    sscc = fields.Boolean(
        "Number packages as SSCC",
        help="What is packed here gets the next number of your GS1 company prefix as its name.",
    )
