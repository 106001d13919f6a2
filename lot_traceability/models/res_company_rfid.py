from odoo import fields, models

from .product_template_rfid import SCHEMES


class ResCompany(models.Model):
    _inherit = "res.company"

    rfid_scheme = fields.Selection(
        SCHEMES,
        "Tags of goods",
        default="sgtin+",
        required=True,
        help="How tags of lots and serial numbers are encoded, unless the product says otherwise. "
        "SGTIN+ and DSGTIN+ need no company prefix.",
        prefetch="lot_settings",
    )
    rfid_package_scheme = fields.Selection(
        [("sscc-96", "SSCC-96"), ("sscc+", "SSCC+")],
        "Tags of packages",
        default="sscc-96",
        required=True,
        prefetch="lot_settings",
    )
    rfid_keep_days = fields.Integer(
        "Keep RFID passages (days)",
        default=90,
        help="Older passages are removed; what moved goods stays in the audit log. 0: all stay.",
        prefetch="lot_settings",
    )

    _rfid_keep_days_positive = models.Constraint(
        "CHECK (rfid_keep_days >= 0)", "The days cannot be negative."
    )
