from odoo import fields, models


class LotSignatureMeaning(models.Model):
    """What a signature says: 21 CFR 11.50(a)(3)."""

    _name = "lot.signature.meaning"
    _description = "Meaning of a signature"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How programs name this meaning")
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code)", "Another meaning has this code already.")
