from odoo import api, fields, models
from odoo.fields import Command

from ..models.lot_recall_answer import VIAS
from ..tools.recall_answer import AMOUNTS


class LotRecallAnswerWizard(models.TransientModel):
    """Staff key in what a consignee says on the phone."""

    _name = "lot.recall.answer.wizard"
    _description = "Record an answer"

    consignee_id = fields.Many2one("lot.recall.consignee", required=True, readonly=True)
    via = fields.Selection(
        [one for one in VIAS if one[0] not in ("page", "portal")],
        "Given",
        required=True,
        default="call",
    )
    person = fields.Char("Answered by")
    function = fields.Char("Their function")
    none_found = fields.Boolean("Has none of it")
    followed = fields.Selection([("yes", "Yes"), ("no", "No")], "Followed every instruction")
    comment = fields.Text()
    confirmed = fields.Boolean(
        "More than was sent is right", help="Asked, and confirmed by the consignee"
    )
    line_ids = fields.One2many("lot.recall.answer.wizard.line", "wizard_id", "Lots")
    sold_ids = fields.One2many("lot.recall.answer.wizard.sold", "wizard_id", "Sold to")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        consignee = self.env["lot.recall.consignee"].browse(
            values.get("consignee_id") or self.env.context.get("active_id")
        )
        values["consignee_id"] = consignee.id
        values["person"] = consignee.answer_id.person or False
        known = {row.received_id: row for row in consignee.answer_id.line_ids}
        values["line_ids"] = [
            Command.create(
                {
                    "received_id": line.id,
                    **{name: known[line][name] for name in AMOUNTS if line in known},
                }
            )
            for line in consignee.line_ids
        ]
        return values

    def action_record(self) -> dict:
        """Record it.

        :return: the action that closes the dialog
        :raise UserError: for figures that do not fit
        """
        self.ensure_one()
        self.consignee_id.record_answer(
            {
                "name": self.person,
                "via": self.via,
                **{
                    name: self[name]
                    for name in ("function", "none_found", "followed", "comment", "confirmed")
                },
                "lines": [
                    {"line_id": row.received_id.id, **{name: row[name] for name in AMOUNTS}}
                    for row in self.line_ids
                ],
                "sold": [
                    {
                        **{
                            name: row[name]
                            for name in ("name", "address", "email", "phone", "quantity")
                        },
                        "line_id": row.received_id.id,
                    }
                    for row in self.sold_ids
                ],
            }
        )
        return {"type": "ir.actions.act_window_close"}


class LotRecallAnswerWizardLine(models.TransientModel):
    _name = "lot.recall.answer.wizard.line"
    _description = "Answer for a lot"
    _rec_name = "received_id"

    wizard_id = fields.Many2one("lot.recall.answer.wizard", required=True, ondelete="cascade")
    received_id = fields.Many2one("lot.recall.consignee.lot", "Lot received", required=True)
    product_id = fields.Many2one(related="received_id.product_id")
    lot_name = fields.Char(related="received_id.lot_name")
    net = fields.Float(related="received_id.net")
    uom_id = fields.Many2one(related="product_id.uom_id")
    found = fields.Float("Found in stock", digits="Product Unit")
    quarantined = fields.Float("Set aside", digits="Product Unit")
    sent_back = fields.Float("Sent back", digits="Product Unit")
    destroyed = fields.Float("Destroyed there", digits="Product Unit")
    sold_on = fields.Float("Sold to businesses", digits="Product Unit")
    consumed = fields.Float("With consumers", digits="Product Unit")


class LotRecallAnswerWizardSold(models.TransientModel):
    _name = "lot.recall.answer.wizard.sold"
    _description = "Business that bought some of it"

    wizard_id = fields.Many2one("lot.recall.answer.wizard", required=True, ondelete="cascade")
    consignee_id = fields.Many2one(related="wizard_id.consignee_id")
    name = fields.Char("Business", required=True)
    address = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    received_id = fields.Many2one(
        "lot.recall.consignee.lot", "Lot", domain="[('consignee_id', '=', consignee_id)]"
    )
    quantity = fields.Float(digits="Product Unit")
