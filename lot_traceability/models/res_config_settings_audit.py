from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lot_audit_receipt_mail = fields.Char(
        "Receipts go to",
        config_parameter="lot_traceability.audit_receipt_mail",
        help="Mail addresses, separated by commas; best of people outside the firm's own systems",
    )
    lot_audit_receipt_hours = fields.Float(
        "Hours between two receipts",
        default=24,
        config_parameter="lot_traceability.audit_receipt_hours",
    )
    lot_audit_tsa_url = fields.Char(
        "Time-stamping authority",
        config_parameter="lot_traceability.audit_tsa_url",
        help="Address of a server that answers to RFC 3161. Empty: receipts are not stamped.",
    )
    lot_audit_review_days = fields.Integer(
        related="company_id.lot_audit_review_days", readonly=False
    )
