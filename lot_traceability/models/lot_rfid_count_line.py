from odoo import fields, models
from odoo.exceptions import AccessError

KINDS = [
    ("missing", "Missing"),
    ("misplaced", "Misplaced"),
    ("unexpected", "Unexpected"),
    ("unknown", "Not known"),
    ("right", "As it should be"),
]


class LotRfidCountLine(models.Model):
    """What a count found of one lot, or one tag that is not known."""

    _name = "lot.rfid.count.line"
    _description = "Result of an RFID count"
    _order = "count_id, sequence, id"
    _rec_name = "product_id"
    _log_access = False

    count_id = fields.Many2one(
        "lot.rfid.count", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(KINDS, "Result is", required=True, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null")
    identity = fields.Char("Tag", readonly=True)
    expected = fields.Float("In stock", readonly=True, digits="Product Unit")
    counted = fields.Float(readonly=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    note = fields.Char("What is known of it", readonly=True)
    warning = fields.Char("Why it may not be used", readonly=True)
    adjust = fields.Boolean(
        "Correct the stock", help="The stock of this lot becomes what was counted"
    )
    adjusted = fields.Boolean("Corrected", readonly=True)

    def write(self, vals):
        """A person chooses what is corrected; what was found is found."""
        if not self.env.su and set(vals) - {"adjust"}:
            raise AccessError(self.env._("The result of a count is not changed by hand."))
        return super().write(vals)
