from odoo import fields, models


class StockPackageType(models.Model):
    _name = "stock.package.type"
    _inherit = ["stock.package.type", "lot.audited"]

    sscc = fields.Boolean(
        "Number as SSCC",
        help="A new package of this type gets the next number of your GS1 company prefix as its "
        "name.",
    )
