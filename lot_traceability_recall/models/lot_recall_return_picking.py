from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    recall_id = fields.Many2one(
        "lot.recall",
        index="btree_not_null",
        ondelete="restrict",
        help="The recall that brings these goods back or sends them on",
    )
