from odoo import api, fields, models
from odoo.exceptions import UserError

from .lot_recall_answer_give import CALL

OUTCOMES = [
    ("reached", "Spoke with somebody"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("refused", "Refuses"),
    ("gone", "Out of business"),
]
# After so many calls without an answer a consignee counts as not reached.
MOST_TRIES = 3


class LotRecallCall(models.Model):
    """A call to a consignee, as it went: when, by whom, with whom, and what came of it."""

    _name = "lot.recall.call"
    _description = "Call to a consignee"
    _order = "called_on desc, id desc"
    _rec_name = "consignee_id"

    consignee_id = fields.Many2one(
        "lot.recall.consignee", required=True, index=True, ondelete="restrict"
    )
    recall_id = fields.Many2one(
        related="consignee_id.recall_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    called_on = fields.Datetime(
        "Called on", required=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users",
        "Called by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    phone = fields.Char(
        "Number called", compute="_compute_phone", store=True, readonly=False, precompute=True
    )
    spoke_with = fields.Char("Spoke with")
    outcome = fields.Selection(OUTCOMES, required=True)
    note = fields.Text()
    next_call_on = fields.Date("Call again on")

    @api.depends("consignee_id")
    def _compute_phone(self):
        for call in self:
            call.phone = call.phone or call.consignee_id.phone

    @api.constrains("called_on")
    def _check_called_on(self):
        now = fields.Datetime.now()
        for call in self:
            if call.called_on > now:
                raise UserError(self.env._("A call is noted after it was made: correct its time."))

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        for call in calls:
            call.recall_id._check_state("decided")
            if call.outcome == "reached" and not (call.spoke_with or "").strip():
                raise UserError(self.env._("Write with whom you spoke."))
            call._note_call()
        return calls

    def write(self, vals):
        if vals.keys() & self._fields.keys() and not self.env.su:
            raise UserError(
                self.env._("A call stays as it was noted: note a further one that says more.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("A call in a recall is evidence and is not deleted."))

    # -- what follows ----------------------------------------------------------------------------

    def _note_call(self) -> None:
        """The state of the consignee, the audit log, and when it is called again."""
        consignee = self.consignee_id
        if self.outcome == "reached":
            consignee._note_told(self.called_on)
        state = self._state_after()
        if state:
            consignee.sudo().write({"state": state})  # sudo: noted by the call itself
        self.recall_id._tell_step(
            "called",
            why=self.note or "",
            consignee=consignee._named(),
            outcome=self.outcome,
            spoke_with=self.spoke_with or "",
            at=fields.Datetime.to_string(self.called_on),
        )
        consignee.activity_unlink([CALL])
        if self.next_call_on and consignee.state not in ("answered", "refused", "gone"):
            consignee.activity_schedule(
                CALL,
                date_deadline=self.next_call_on,
                summary=self.env._("Call %s again", consignee.partner_id.display_name),
                note=self.note or "",
                user_id=self.user_id.id,
            )

    def _state_after(self) -> str:
        """The state of the consignee after this call, empty where it stays."""
        consignee, outcome = self.consignee_id, self.outcome
        if consignee.state == "answered":
            return ""
        if outcome in ("refused", "gone"):
            return outcome
        if outcome == "reached":
            return ""
        if consignee.state not in ("open", "told"):
            return ""
        tries = len(consignee.call_ids.filtered(lambda call: call.outcome == "no_answer"))
        lost = outcome == "wrong_number" or tries >= MOST_TRIES
        return "unreachable" if lost else ""


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    call_ids = fields.One2many("lot.recall.call", "consignee_id", "Calls")
    call_count = fields.Integer("Number of calls", compute="_compute_call_count")

    def _compute_call_count(self):
        counts = dict(
            self.env["lot.recall.call"]._read_group(
                [("consignee_id", "in", self.ids)], ["consignee_id"], ["__count"]
            )
        )
        for consignee in self:
            consignee.call_count = counts.get(consignee, 0)
