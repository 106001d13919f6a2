from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

STATES = [
    ("open", "Not told yet"),
    ("told", "Told"),
    ("read", "Has read it"),
    ("answered", "Answered"),
    ("unreachable", "Not reached"),
    ("refused", "Refuses"),
    ("gone", "Out of business"),
]
# Set by the steps of a recall alone.
_EVIDENCE = {
    "recall_id",
    "partner_id",
    "parent_id",
    "state",
    "told_on",
    "answered_on",
    "answer_id",
}


class LotRecallConsignee(models.Model):
    """Who received affected goods: whom to tell, and what has come of it."""

    _name = "lot.recall.consignee"
    _description = "Consignee of a recall"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "recall_id desc, partner_id, id"
    _rec_name = "partner_id"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    kind = fields.Selection(related="recall_id.kind", string="Kind of recall")
    recall_state = fields.Selection(related="recall_id.state", string="State of the recall")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Ship to", required=True, index=True, ondelete="restrict"
    )
    bill_to_id = fields.Many2one("res.partner", "Bill to", ondelete="restrict")
    contact_name = fields.Char("Contact")
    email = fields.Char()
    phone = fields.Char()
    lang = fields.Selection("_langs", "Language")
    city = fields.Char(related="partner_id.city")
    country_id = fields.Many2one(related="partner_id.country_id", store=True)
    country_state_id = fields.Many2one(related="partner_id.state_id", store=True, string="Province")
    state = fields.Selection(STATES, default="open", required=True, tracking=True, copy=False)
    told_on = fields.Datetime("Told on", readonly=True, copy=False)
    answered_on = fields.Datetime("Answered on", readonly=True, copy=False)
    line_ids = fields.One2many("lot.recall.consignee.lot", "consignee_id", "Lots received")
    lot_count = fields.Integer("Lots", compute="_compute_lot_count")
    reachable = fields.Boolean("Can be told by mail", compute="_compute_reachable", store=True)

    _partner_unique = models.UniqueIndex(
        "(recall_id, partner_id)", "This consignee stands in the recall already."
    )

    @api.model
    def _langs(self):
        return self.env["res.lang"].get_installed()

    def _compute_lot_count(self):
        counts = dict(
            self.env["lot.recall.consignee.lot"]._read_group(
                [("consignee_id", "in", self.ids)], ["consignee_id"], ["__count"]
            )
        )
        for consignee in self:
            consignee.lot_count = counts.get(consignee, 0)

    @api.depends("email")
    def _compute_reachable(self):
        for consignee in self:
            consignee.reachable = bool(consignee._mail_address())

    def _note_told(self, when) -> None:
        """They have been told. Whom a drill would tell has not been told of anything."""
        # sudo: noted by the step itself
        told = self.sudo().filtered(lambda one: one.kind != "mock")
        told.filtered(lambda one: not one.told_on).write({"told_on": when})
        told.filtered(lambda one: one.state in ("open", "unreachable")).write({"state": "told"})

    def _mail_address(self) -> str:
        """The address in a form that a mail server takes; empty when there is none."""
        return email_normalize(self.email or "") or ""

    def write(self, vals):
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "When a consignee was told, and what it answered, is noted by itself: send its "
                    "letter, note a call, or record an answer."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "A consignee of a recall is evidence and is not deleted: leave its lots out of "
                "the scope."
            )
        )
