from odoo import models


class StockPickingType(models.Model):
    """Which operations bring lots into quarantine is told when it changes."""

    _name = "stock.picking.type"
    _inherit = ["stock.picking.type", "lot.audited"]
