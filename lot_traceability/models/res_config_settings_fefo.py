from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lot_sparing = fields.Boolean(related="company_id.lot_sparing", readonly=False)
    lot_fefo_ask = fields.Boolean(related="company_id.lot_fefo_ask", readonly=False)
