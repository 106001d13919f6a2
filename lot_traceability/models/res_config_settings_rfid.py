from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    rfid_scheme = fields.Selection(related="company_id.rfid_scheme", readonly=False)
    rfid_package_scheme = fields.Selection(related="company_id.rfid_package_scheme", readonly=False)
    rfid_keep_days = fields.Integer(related="company_id.rfid_keep_days", readonly=False)
