from odoo import fields, models
from odoo.exceptions import UserError

# What a consignee says of a lot, in the product's unit: set by its answer alone.
_ANSWERED = {"digits": "Product Unit", "readonly": True}


class LotRecallConsigneeLot(models.Model):
    """How much of one lot a consignee received, and what has become of it there."""

    _name = "lot.recall.consignee.lot"
    _description = "Lot at a consignee of a recall"
    _order = "consignee_id, product_id, lot_name, id"
    _rec_name = "lot_id"

    consignee_id = fields.Many2one(
        "lot.recall.consignee", required=True, index=True, ondelete="cascade"
    )
    recall_id = fields.Many2one(
        related="consignee_id.recall_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="consignee_id.company_id")
    lot_id = fields.Many2one(
        "stock.lot",
        ondelete="restrict",
        help="Empty where a product without lots may hold the goods",
    )
    lot_name = fields.Char("Lot number", readonly=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id")
    expiration_date = fields.Datetime(related="lot_id.expiration_date")
    quantity = fields.Float("Received", digits="Product Unit", readonly=True)
    returned = fields.Float("Came back before", digits="Product Unit", readonly=True)
    net = fields.Float("To account for", digits="Product Unit", readonly=True)
    first_date = fields.Datetime("First delivery", readonly=True)
    last_date = fields.Datetime("Last delivery", readonly=True)
    documents = fields.Char("Deliveries", readonly=True)
    certainty = fields.Selection(
        [("recorded", "Recorded"), ("inferred", "Inferred")], readonly=True
    )
    found = fields.Float("Found in stock", **_ANSWERED)
    quarantined = fields.Float("Set aside", **_ANSWERED)
    sent_back = fields.Float(**_ANSWERED)
    destroyed = fields.Float("Destroyed there", **_ANSWERED)
    sold_on = fields.Float("Sold to businesses", **_ANSWERED)
    consumed = fields.Float(
        "With consumers", help="Sold to consumers or eaten: not recoverable", **_ANSWERED
    )
    active = fields.Boolean(
        default=True, help="Off: in an earlier version of the scope, not in the present one."
    )

    _lot_unique = models.UniqueIndex("(consignee_id, product_id, COALESCE(lot_id, 0))")

    def write(self, vals):
        if vals.keys() & self._fields.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "What a consignee received follows from the records, and what has become of it "
                    "from its answers: record a new answer that corrects it."
                )
            )
        return super().write(vals)
