from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lot_signature_series_minutes = fields.Integer(
        related="company_id.lot_signature_series_minutes", readonly=False
    )
    lot_signature_lock_minutes = fields.Integer(
        related="company_id.lot_signature_lock_minutes", readonly=False
    )
