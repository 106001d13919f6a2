from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lot_timezone = fields.Selection(related="company_id.lot_timezone", readonly=False)
