import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac

_SCOPE = "lot_traceability_fsma.question"
_KEY_BYTES = 8
# 160 of the 256 bits: short enough for a mail, far beyond guessing.
_SIGN_DIGITS = 40
#: So many days after it was sent, the link of a question dies.
_DAYS = "lot_traceability_fsma.question_days"
_DEFAULT_DAYS = 30
TEMPLATE = "lot_traceability_fsma.mail_template_question"
# Days without an answer after which a supplier is reminded; then it is called.
REMINDERS = (3, 7)
_CALL_AFTER = 10


class LotFsmaQuestion(models.Model):
    """What a supplier is asked about a shipment, and the link with which it answers without an
    account."""

    _name = "lot.fsma.question"
    _description = "Question to a supplier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "name"

    name = fields.Char("Shipment", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Receipt", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, ondelete="restrict"
    )
    email = fields.Char("Send to", help="Where the link is sent; the supplier's own if empty")
    state = fields.Selection(
        [
            ("draft", "Not sent"),
            ("sent", "Waiting"),
            ("answered", "Answered"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
    )
    sent_on = fields.Datetime("Sent on", readonly=True, copy=False)
    answered_on = fields.Datetime("Answered on", readonly=True, copy=False)
    reminders = fields.Integer("Reminders sent", readonly=True, copy=False, aggregator=False)
    line_ids = fields.One2many("lot.fsma.question.line", "question_id", "Lots", readonly=True)
    answer_ids = fields.One2many("lot.fsma.answer", "question_id", "Answers", readonly=True)
    complete = fields.Boolean("Nothing is missing now", compute="_compute_complete")
    link_key = fields.Char(
        "Public half of the link",
        readonly=True,
        copy=False,
        groups="base.group_system",
        index="btree_not_null",
        help="Finds the question. The secret half is made from it with the secret of the database "
        "and stored nowhere: who reads this cannot answer.",
    )
    link_on = fields.Datetime("Link issued on", readonly=True, copy=False)

    # What is reminded of is found without reading what is answered.
    _waiting = models.Index("(sent_on) WHERE state = 'sent'")

    @api.depends("line_ids.lot_id")
    def _compute_complete(self):
        for question in self:
            question.complete = not any(line._lacks() for line in question.line_ids)

    # -- asking ----------------------------------------------------------------------------------

    @api.model
    def _ask(self, pickings):
        """A question for each of these receipts of which something is missing; one that still
        waits is taken again.

        :raise UserError: when nothing is missing that a supplier can tell
        """
        found = self.search(
            [("picking_id", "in", pickings.ids), ("state", "in", ("draft", "sent"))]
        )
        for picking in pickings - found.picking_id:
            asked = picking._fsma_lacking()
            supplier = picking.partner_id
            # Between addresses of the firm there is nobody outside who knows more.
            own = supplier.commercial_partner_id == picking.company_id.partner_id
            if not supplier or own or not self._may_ask(picking, asked):
                continue
            found |= self.create(
                {
                    "name": picking.name,
                    "partner_id": supplier.id,
                    "picking_id": picking.id,
                    "company_id": picking.company_id.id,
                    "line_ids": [
                        fields.Command.create({"lot_id": lot.id, "asks": f",{','.join(codes)},"})
                        for lot, codes in asked.items()
                    ],
                }
            )
        if not found:
            raise UserError(
                self.env._(
                    "Nothing is missing that the supplier of these receipts could tell. What else "
                    "is missing is under FSMA 204, Missing Data."
                )
            )
        return found

    @api.model
    def _may_ask(self, picking, asked: dict) -> bool:
        """Is there anything that the supplier of this receipt could tell?

        :param asked: what it could tell of the lots, as `_fsma_lacking` gives it
        """
        return bool(asked)

    def action_send(self) -> bool:
        """Send the link to the suppliers of these questions.

        :return: True
        :raise UserError: when one is closed, or a supplier has no mail address
        """
        self.check_access("write")
        for question in self:
            question._check_open()
            if not question._address():
                raise UserError(
                    self.env._(
                        "%s has no mail address. Enter one under “Send to”.",
                        question.partner_id.display_name,
                    )
                )
        for question in self:
            question._mail()
            question.write({"state": "sent", "sent_on": fields.Datetime.now(), "reminders": 0})
            question._tell(self.env._("Supplier asked"))
        return True

    def action_close(self) -> bool:
        """Take no more answers: the links of these questions stop working.

        :return: True
        """
        self.check_access("write")
        for question in self - self.filtered(lambda one: one.state == "closed"):
            question.state = "closed"
            question._tell(self.env._("Question to the supplier closed"))
        return True

    def action_new_link(self) -> bool:
        """Issue a new link for these questions; the ones they had stop working.

        :return: True
        :raise UserError: when one is closed
        """
        self.check_access("write")
        for question in self:
            question._check_open()
            # sudo: the key is kept from everybody
            question.sudo()._issue_key()
            question._tell(self.env._("New link to a question issued"))
        return True

    def _check_open(self) -> None:
        if self.state == "closed":
            raise UserError(
                self.env._("The question about %s is closed. Ask anew from its receipt.", self.name)
            )

    def _address(self) -> str:
        return self.email or self.partner_id.email or self.partner_id.commercial_partner_id.email

    def _mail(self) -> None:
        # sudo: the template is the system's; who may ask may send this one mail
        template = self.env.ref(TEMPLATE).sudo()
        template.send_mail(self.id, email_values={"email_to": self._address()})

    def _mail_subject(self) -> str:
        start = self.env._("Reminder: ") if self.state == "sent" else ""
        return start + self.env._("Data about your shipment %s", self.name)

    def _mail_sender(self) -> str:
        return self.company_id.email_formatted or self.env.user.email_formatted

    def _tell(self, step: str, **data) -> None:
        self.env["lot.audit.event"]._record(
            "fsma",
            record=self,
            company=self.company_id,
            document=self.picking_id,
            data={"step": step, **data},
        )

    # -- reminding -------------------------------------------------------------------------------

    @api.model
    def _cron_remind(self) -> None:
        """Remind suppliers that have not answered; after that, have them called."""
        now = fields.Datetime.now()
        due = self.search(
            [
                ("state", "=", "sent"),
                ("reminders", "<=", len(REMINDERS)),
                ("sent_on", "<=", now - timedelta(days=REMINDERS[0])),
            ],
            order="sent_on",
        ).filtered(lambda one: one._due_after() <= now - one.sent_on)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for question in due:
            question._remind()
            if not cron._commit_progress(1):
                return

    def _due_after(self) -> timedelta:
        return timedelta(days=(*REMINDERS, _CALL_AFTER)[self.reminders])

    def _remind(self) -> None:
        if self.reminders < len(REMINDERS) and self._may_answer():
            self._mail()
        else:
            self.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._("%s has not answered", self.partner_id.display_name),
                user_id=(self.user_id or self.env.user).id,
            )
        self.reminders += 1

    # -- the link --------------------------------------------------------------------------------

    def _issue_key(self) -> None:
        self.write({"link_key": secrets.token_hex(_KEY_BYTES), "link_on": fields.Datetime.now()})

    def _secret(self) -> str:
        """The secret half: nobody can make it without the secret of the database."""
        # sudo: core reads the secret of the database with it
        question = self.sudo()
        return hmac(question.env, _SCOPE, (question.id, question.link_key))[:_SIGN_DIGITS]

    def _url(self) -> str:
        """The address of the page with which the supplier answers without an account."""
        self.ensure_one()
        # sudo: the key is kept from everybody; whoever writes to a supplier needs the link
        question = self.sudo()
        if not question.link_key:
            question._issue_key()
        return f"{self.get_base_url()}/fsma/answer/{question.link_key}-{self._secret()}"

    @api.model
    def _by_token(self, token: str):
        """The question of a link that may still be used; none for a forged, unknown or dead one,
        without a hint which of these it is.

        :param token: as it came in, from anybody
        """
        key, _dash, secret = token.partition("-")
        if not (key + secret).isascii():
            return self.browse()
        # sudo: nobody is logged in; the secret says who may answer, and which one alone
        questions = self.sudo()
        question = (
            questions.search([("link_key", "=", key)], limit=1) if key.isalnum() else questions
        )
        # Compared even where there is none: the time taken tells nothing.
        known = (question or questions.new())._secret()
        if not consteq(known, secret) or not question or not question._may_answer():
            return self.browse()
        return question

    def _may_answer(self) -> bool:
        if self.state == "closed":
            return False
        return fields.Datetime.now() < self._ends_on()

    def _ends_on(self):
        begun = max(filter(None, (self.sent_on, self.link_on)), default=fields.Datetime.now())
        # sudo: a setting of the system
        value = self.env["ir.config_parameter"].sudo().get_param(_DAYS, "")
        days = int(value) if value.isdecimal() and 0 < int(value) <= 1000 else _DEFAULT_DAYS
        return begun + timedelta(days=days)


class LotFsmaQuestionLine(models.Model):
    """A lot that a supplier is asked about."""

    _name = "lot.fsma.question.line"
    _description = "Lot in a question to a supplier"
    _rec_name = "lot_id"

    question_id = fields.Many2one(
        "lot.fsma.question", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="question_id.company_id", store=True, precompute=True)
    lot_id = fields.Many2one(
        "stock.lot", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    asks = fields.Char(readonly=True, help="Codes of elements between commas")
    asks_text = fields.Char("Asked", compute="_compute_asks_text")

    @api.depends("asks")
    def _compute_asks_text(self):
        names = self.env["lot.fsma.element"]._names()
        for line in self:
            line.asks_text = ", ".join(names.get(code, code) for code in line._codes())

    def _codes(self) -> list[str]:
        return [code for code in (self.asks or "").split(",") if code]

    def _lacks(self) -> list[str]:
        """Of what was asked, what is not known now."""
        lacking = self.question_id.picking_id._fsma_lacking(self.lot_id).get(self.lot_id, ())
        return [code for code in self._codes() if code in lacking]


class LotFsmaAnswer(models.Model):
    """What a supplier told, as it was told. A later answer is another one; none is changed."""

    _name = "lot.fsma.answer"
    _description = "Answer of a supplier"
    _order = "id desc"
    _rec_name = "person"

    question_id = fields.Many2one(
        "lot.fsma.question", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="question_id.company_id", store=True, precompute=True)
    given_on = fields.Datetime("Given on", required=True, readonly=True)
    person = fields.Char("Answered by", required=True, readonly=True)
    told = fields.Json("As it was told", required=True, readonly=True)
    told_text = fields.Text("Told", compute="_compute_told_text")

    @api.depends("told")
    def _compute_told_text(self):
        for answer in self:
            answer.told_text = "\n".join(
                f"{lot}: {', '.join(f'{label} {value}' for label, value in facts.items())}"
                for lot, facts in (answer.told or {}).items()
            )

    def write(self, vals):
        if vals.keys() & self._fields.keys():
            raise UserError(self._refused())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self._refused())

    @api.model
    def _refused(self) -> str:
        return self.env._(
            "What a supplier told is kept as it was told. Correct the event: a new version says "
            "what is right."
        )
