from odoo import api, fields, models
from odoo.exceptions import UserError

METHODS = [("call", "Phone call"), ("visit", "Visit"), ("mail", "Letter or mail")]
OUTCOMES = [
    ("effective", "Effective"),
    ("not_effective", "Not effective"),
    ("not_reached", "Not reached"),
]
ANSWERS = [("yes", "Yes"), ("no", "No")]
# What a check asks, FDA's guide for effectiveness checks.
QUESTIONS = ("received", "understood", "followed")
_EVIDENCE = {"done_on", "done_by_id"}


class LotRecallCheck(models.Model):
    """One effectiveness check: has this consignee received the letter, understood it and followed
    it? A change of mind is another check; this one stays as it was found."""

    _name = "lot.recall.check"
    _description = "Effectiveness check"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "recall_id desc, due, id"
    _rec_name = "consignee_id"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True)
    consignee_id = fields.Many2one(
        "lot.recall.consignee",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('recall_id', '=', recall_id)]",
    )
    phone = fields.Char(related="consignee_id.phone")
    city = fields.Char(related="consignee_id.city")
    method = fields.Selection(METHODS, "How", default="call", required=True, tracking=True)
    due = fields.Date(tracking=True)
    user_id = fields.Many2one(
        "res.users", "Assigned to", index=True, ondelete="restrict", tracking=True
    )
    received = fields.Selection(ANSWERS, "Letter received?")
    understood = fields.Selection(ANSWERS, "Understood?")
    followed = fields.Selection(ANSWERS, "Followed?")
    found_quantity = fields.Float(
        "Found on the shelf",
        digits="Product Unit",
        help="How much of the recalled goods was still for sale or in use there",
    )
    note = fields.Text("What was said and seen")
    attachment_ids = fields.Many2many("ir.attachment", string="Photos and papers")
    outcome = fields.Selection(OUTCOMES, tracking=True, readonly=True, copy=False)
    done_on = fields.Datetime("Checked on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Checked by", readonly=True, copy=False)

    _to_do = models.Index("(recall_id, due) WHERE outcome IS NULL")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_evidence(vals)
        checks = super().create(vals_list)
        for check in checks:
            if check.consignee_id.recall_id != check.recall_id:
                raise UserError(
                    self.env._(
                        "%s is no consignee of this recall: choose one that is.",
                        check.consignee_id.partner_id.name,
                    )
                )
        return checks

    def write(self, vals):
        self._refuse_evidence(vals)
        changing = {
            name for name in vals if not name.startswith(("message_", "activity_", "website_"))
        }
        if changing and not self.env.su and any(check.outcome for check in self):
            raise UserError(
                self.env._(
                    "This check is done and does not change any more: add another one for the "
                    "consignee."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._(
                "An effectiveness check is evidence and is not deleted: say “Not reached” instead."
            )
        )

    def _refuse_evidence(self, vals) -> None:
        if (_EVIDENCE | {"outcome"}) & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("The outcome is given with its button, once; who and when is noted.")
            )

    def conclude(self, outcome: str, note: str = "") -> bool:
        """Say how the checks came out. From then on they do not change.

        :param outcome: "effective", "not_effective" or "not_reached"
        :param note: what was said and seen; needed where the recall did not work
        :return: True
        :raise AccessError: without the right to record for recalls
        :raise UserError: for an unknown outcome, for a check that is done, or where the answers
            say something else
        """
        self.check_access("write")
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("Say “effective”, “not_effective” or “not_reached”."))
        self.recall_id._check_state("decided")
        for check in self:
            if (note or "").strip():
                check.write({"note": "\n".join(filter(None, (check.note, note.strip())))})
            check._check_answers(outcome)
            # sudo: who checked, and when, is noted and not said
            check.sudo().write(
                {
                    "outcome": outcome,
                    "done_on": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                }
            )
            check.recall_id._tell_step(
                "check done",
                why=check.note or "",
                consignee={"id": check.consignee_id.id, "name": check.consignee_id.display_name},
                outcome=outcome,
                method=check.method,
                found=check.found_quantity,
                **{name: check[name] or "" for name in QUESTIONS},
            )
            if outcome == "not_effective":
                check._escalate()
        return True

    def _check_answers(self, outcome: str) -> None:
        if self.outcome:
            raise UserError(
                self.env._(
                    "The check at %s is done already: add another one.",
                    self.consignee_id.partner_id.name,
                )
            )
        answers = [self[name] for name in QUESTIONS]
        worked = set(answers) == {"yes"} and not self.found_quantity
        if outcome == "effective" and not worked:
            raise UserError(
                self.env._(
                    "A check is effective when the letter was received, understood and followed, "
                    "and nothing was found on the shelf: answer the three questions with “Yes”, "
                    "or call it not effective."
                )
            )
        if outcome == "not_effective" and not (self.note or "no" in answers or self.found_quantity):
            raise UserError(
                self.env._("Say what did not work: answer a question with “No”, or write a note.")
            )

    def _escalate(self) -> None:
        """The recall did not work here: the consignee has to be told again, the one in charge has
        to know, and the sample is to be larger."""
        consignee, recall = self.consignee_id, self.recall_id
        # sudo: what follows from the outcome is nobody's decision
        if consignee.state in ("read", "answered", "unreachable"):
            # In a drill nobody has been told.
            # sudo: the state follows from the check, nobody writes it
            consignee.sudo().write({"state": "open" if consignee.kind == "mock" else "told"})
        recall.invalidate_recordset(["check_advice_percent"])
        # sudo: whoever checks may call somebody else to a consignee
        consignee.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The recall did not work here: tell them again"),
            note=self.env._(
                "%(recall)s: the check at %(consignee)s was not effective. %(note)s Tell them "
                "again, and draw a sample twice as large (%(percent)g percent of the consignees).",
                recall=recall.name,
                consignee=consignee.partner_id.name,
                note=self.note or "",
                percent=recall.check_advice_percent,
            ),
            user_id=recall.manager_id.id,
        )

    def action_effective(self) -> bool:
        """As `conclude`, for a button."""
        return self.conclude("effective")

    def action_not_effective(self) -> bool:
        """As `conclude`, for a button."""
        return self.conclude("not_effective")

    def action_not_reached(self) -> bool:
        """As `conclude`, for a button."""
        return self.conclude("not_reached")


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    check_ids = fields.One2many("lot.recall.check", "consignee_id", "Effectiveness checks")
