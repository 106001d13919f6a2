from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lot_audit_review_days = fields.Integer(
        related="company_id.lot_audit_review_days", readonly=False
    )
