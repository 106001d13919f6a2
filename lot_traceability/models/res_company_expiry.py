from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    expiry_mail_day = fields.Date(
        "Last day of an expiry mail", readonly=True, prefetch="lot_settings"
    )
    near_miss_days = fields.Integer(
        "Near miss within days",
        default=3,
        help="A lot that is delivered or used when it has so many days left, or fewer, was nearly "
        "too late.",
        prefetch="lot_settings",
    )

    _near_miss_days_positive = models.Constraint(
        "CHECK (near_miss_days >= 0)", "The days of a near miss cannot be negative."
    )
