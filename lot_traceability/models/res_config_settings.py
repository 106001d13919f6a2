from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lot_lookalike = fields.Selection(
        related="company_id.lot_lookalike", readonly=False, required=True
    )
    lot_timezone = fields.Selection(related="company_id.lot_timezone", readonly=False)
