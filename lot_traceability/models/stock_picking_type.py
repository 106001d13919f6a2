from odoo import fields, models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    lot_quarantine = fields.Boolean(
        "Quarantine what comes in",
        help="Every lot that this operation brings into stock waits for the release by quality.",
    )
