from odoo import models


class StockLocation(models.Model):
    """Which places are quarantine is told when it changes."""

    _name = "stock.location"
    _inherit = ["stock.location", "lot.audited"]
