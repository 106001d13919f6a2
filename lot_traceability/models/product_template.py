from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    lot_quarantine_receipt = fields.Boolean(
        "Quarantine on receipt",
        help="Lots that a supplier delivers may be used only when quality has released them. "
        "The product's category may ask for it as well.",
    )
    lot_quarantine_production = fields.Boolean(
        "Quarantine after production",
        help="Lots that were made may be used only when quality has released them. "
        "The product's category may ask for it as well.",
    )
