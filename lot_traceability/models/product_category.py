from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    lot_quarantine_receipt = fields.Boolean("Quarantine on receipt")
    lot_quarantine_production = fields.Boolean("Quarantine after production")
