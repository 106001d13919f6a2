from odoo import fields, models


class BarcodeRule(models.Model):
    """Data of a label that core's scanning has no use for, but must not choke on."""

    _inherit = "barcode.rule"

    # cascade: as a rule of the default type, "Unit Product", it would read a wrong product.
    type = fields.Selection(
        selection_add=[("gs1_other", "Other GS1 data")], ondelete={"gs1_other": "cascade"}
    )
