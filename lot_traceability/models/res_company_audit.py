from odoo import fields, models


class ResCompany(models.Model):
    """The settings of lots of a company are told when they change."""

    _name = "res.company"
    _inherit = ["res.company", "lot.audited"]

    lot_audit_review_days = fields.Integer(
        "Review the audit log every (days)",
        default=30,
        help="Quality and auditors are reminded when a review is overdue. 0: no reminder.",
        prefetch="lot_settings",
    )
