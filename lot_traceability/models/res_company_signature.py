from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lot_signature_series_minutes = fields.Integer(
        "Series of signatures: minutes",
        default=15,
        help="After a signature with user name and password, further ones in the same session need "
        "the password alone for so many minutes (21 CFR 11.200). 0: all of it each time.",
        prefetch="lot_settings",
    )
    lot_signature_lock_minutes = fields.Integer(
        "Signatures locked: minutes",
        default=15,
        help="Whoever fails to sign five times in a row cannot sign for so many minutes.",
        prefetch="lot_settings",
    )

    _lot_signature_series_positive = models.Constraint(
        "CHECK (lot_signature_series_minutes >= 0)",
        "The minutes of a series of signatures cannot be negative.",
    )
    _lot_signature_lock_positive = models.Constraint(
        "CHECK (lot_signature_lock_minutes > 0)",
        "Signatures have to be locked for at least one minute.",
    )
