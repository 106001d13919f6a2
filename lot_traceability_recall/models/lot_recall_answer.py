from odoo import api, fields, models
from odoo.exceptions import UserError

VIAS = [
    ("page", "On the page"),
    ("portal", "In the portal"),
    ("call", "By phone"),
    ("visit", "During a visit"),
    ("mail", "By mail or letter"),
]
_FIGURE = {"digits": "Product Unit", "readonly": True}


class LotRecallAnswer(models.Model):
    """What a consignee answered, as it was given. A correction is a new version; the latest
    counts."""

    _name = "lot.recall.answer"
    _description = "Answer of a consignee"
    _order = "id desc"

    consignee_id = fields.Many2one(
        "lot.recall.consignee", required=True, readonly=True, index=True, ondelete="restrict"
    )
    recall_id = fields.Many2one(
        related="consignee_id.recall_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    version = fields.Integer(required=True, readonly=True)
    via = fields.Selection(VIAS, "Given", required=True, readonly=True)
    given_on = fields.Datetime("Given on", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Recorded by", readonly=True, help="Empty when the consignee gave it itself"
    )
    none_found = fields.Boolean("Has none of it", readonly=True)
    followed = fields.Selection(
        [("yes", "Yes"), ("no", "No")], "Followed every instruction", readonly=True
    )
    comment = fields.Text(readonly=True)
    person = fields.Char("Answered by", required=True, readonly=True)
    function = fields.Char("Their function", readonly=True)
    signature = fields.Image(max_width=1024, max_height=512, readonly=True)
    larger = fields.Boolean(
        "More than was sent", readonly=True, help="Confirmed: goods from elsewhere, or other lots"
    )
    digest = fields.Char("SHA-256", readonly=True)
    line_ids = fields.One2many("lot.recall.answer.line", "answer_id", "Lots", readonly=True)
    sold_ids = fields.One2many("lot.recall.answer.sold", "answer_id", "Sold to", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)

    _version_unique = models.UniqueIndex("(consignee_id, version)")

    @api.depends("consignee_id", "version")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = self.env._(
                "%(consignee)s, answer %(version)s",
                consignee=answer.consignee_id.partner_id.display_name,
                version=answer.version,
            )

    def write(self, vals):
        if vals.keys() & self._fields.keys():
            raise UserError(
                self.env._("An answer stays as it was given: record a new one that corrects it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "An answer to a recall is evidence and is not deleted: record one that corrects it."
            )
        )


class LotRecallAnswerLine(models.Model):
    """What was answered of one lot."""

    _name = "lot.recall.answer.line"
    _description = "Answer of a consignee for a lot"
    _order = "answer_id desc, id"
    _rec_name = "received_id"

    answer_id = fields.Many2one(
        "lot.recall.answer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="answer_id.company_id")
    received_id = fields.Many2one(
        "lot.recall.consignee.lot", "Lot received", required=True, readonly=True, index=True
    )
    product_id = fields.Many2one(related="received_id.product_id")
    lot_name = fields.Char(related="received_id.lot_name")
    uom_id = fields.Many2one(related="product_id.uom_id")
    expected = fields.Float(
        "To account for", help="When it was answered, in the product's unit", **_FIGURE
    )
    found = fields.Float("Found in stock", **_FIGURE)
    quarantined = fields.Float("Set aside", **_FIGURE)
    sent_back = fields.Float("Sent back", **_FIGURE)
    destroyed = fields.Float("Destroyed there", **_FIGURE)
    sold_on = fields.Float("Sold to businesses", **_FIGURE)
    consumed = fields.Float("With consumers", **_FIGURE)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "An answer to a recall is evidence and is not deleted: record one that corrects it."
            )
        )


class LotRecallAnswerSold(models.Model):
    """A business to which a consignee has sold some of it: to be told as well (sub-recall)."""

    _name = "lot.recall.answer.sold"
    _description = "Sold on by a consignee"
    _order = "answer_id desc, id"

    answer_id = fields.Many2one(
        "lot.recall.answer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="answer_id.company_id")
    name = fields.Char("Business", required=True, readonly=True)
    address = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    received_id = fields.Many2one(
        "lot.recall.consignee.lot", "Lot received", readonly=True, index="btree_not_null"
    )
    lot_name = fields.Char(related="received_id.lot_name")
    quantity = fields.Float(**_FIGURE)
    consignee_id = fields.Many2one(
        "lot.recall.consignee",
        "Taken into the recall as",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "An answer to a recall is evidence and is not deleted: record one that corrects it."
            )
        )
