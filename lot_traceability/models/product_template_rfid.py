from odoo import fields, models

SCHEMES = [
    ("sgtin+", "SGTIN+"),
    ("dsgtin+", "DSGTIN+, with the expiry date"),
    ("sgtin-96", "SGTIN-96"),
    ("sgtin-198", "SGTIN-198"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    rfid_scheme = fields.Selection(
        SCHEMES,
        "RFID tags",
        help="How tags of this product are encoded. Empty: as the company does it.",
    )
