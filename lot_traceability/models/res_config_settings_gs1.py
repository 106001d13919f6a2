from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gs1_prefix = fields.Char(related="company_id.gs1_prefix", readonly=False)
    sscc_extension = fields.Selection(related="company_id.sscc_extension", readonly=False)
