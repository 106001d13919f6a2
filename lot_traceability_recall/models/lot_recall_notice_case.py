from collections import Counter
from typing import Any

from markupsafe import escape
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..tools.recall_settings import SMS
from .lot_recall_notice import BY_ITSELF

ACTIVITY = "lot_traceability_recall.activity_recall_unreached"
_ROWS = 2000
_NAMED = 20


class LotRecall(models.Model):
    """Telling the consignees, each once."""

    _inherit = "lot.recall"

    notice_ids = fields.One2many("lot.recall.notice", "recall_id", "Notices")
    notice_count = fields.Integer("Sent", compute="_compute_notice_count")
    rehearsed_count = fields.Integer("Rehearsed", compute="_compute_notice_count")
    waiting_count = fields.Integer("Waiting", compute="_compute_notice_count")
    undelivered_count = fields.Integer("Not delivered", compute="_compute_notice_count")
    posted_count = fields.Integer("Waiting for the post", compute="_compute_posted_count")
    can_print = fields.Boolean("Letters can be printed", compute="_compute_can_print")
    letters_state = fields.Selection(
        [("none", "Not written"), ("draft", "To be approved"), ("approved", "Approved")],
        "Letters are",
        compute="_compute_letters_state",
    )
    unreached_text = fields.Text("To be reached by other means", compute="_compute_unreached_text")

    def _compute_notice_count(self):
        rows = self.env["lot.recall.notice"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id", "state"], ["__count"]
        )
        for recall in self:
            own = Counter({state: count for one, state, count in rows if one == recall})
            recall.notice_count = own["sent"]
            recall.rehearsed_count = own["simulated"]
            recall.waiting_count = own["queued"] + own["sending"]
            recall.undelivered_count = own["failed"] + own["bounced"]

    def _compute_posted_count(self):
        counts = dict(
            self.env["lot.recall.notice"]._read_group(
                [
                    ("recall_id", "in", self.ids),
                    ("channel", "=", "print"),
                    ("state", "=", "queued"),
                ],
                ["recall_id"],
                ["__count"],
            )
        )
        for recall in self:
            recall.posted_count = counts.get(recall, 0)

    def _compute_can_print(self):
        self.can_print = self.env["lot.recall.consignee"]._can_print()

    def _compute_letters_state(self):
        for recall in self:
            states = set(recall.letter_ids.mapped("state"))
            recall.letters_state = (
                "none" if not states else "draft" if "draft" in states else "approved"
            )

    # -- sending -----------------------------------------------------------------------------------

    def send_letters(self) -> dict[str, int]:
        """Tell all consignees: by mail where there is an address (ship to, and bill to where that
        is another one), else on paper, else by phone; by text message as well where the firm has
        turned that on. Mails are sent in the background, in batches. Whoever has this very letter
        already gets no second one, however often this is called. A drill only notes what would be
        sent.

        :return: {"mail": …, "print": …, "sms": …, "phone": …: put into the queue now, "none":
            consignees with no way to reach them}
        :raise AccessError: without the right to run recalls
        :raise UserError: before somebody has approved the letters as they are now
        """
        self.ensure_one()
        self._check_sendable()
        consignees = self.env["lot.recall.consignee"].search(
            [("recall_id", "=", self.id), ("state", "!=", "gone"), ("line_ids", "!=", False)]
        )
        queued = self._queue(consignees, again=("failed", "cancelled"))
        done = {
            **dict.fromkeys(("mail", "print", "sms", "phone"), 0),
            **Counter(queued.mapped("channel")),
            "none": len(consignees.filtered(lambda one: not one._can_be_told())),
        }
        self._tell_step("letters queued", **done)
        self.message_post(body=self._queued_text(done))
        return done

    def action_send_letters(self) -> bool:
        """As `send_letters`, for a button.

        :return: True
        """
        self.send_letters()
        return True

    def _check_sendable(self) -> None:
        self.check_access("write")
        self._check_state("decided")
        letters = self.letter_ids
        missing = self._audiences_used() - set(letters.mapped("audience"))
        now = letters._digests()
        ready = letters and all(
            letter.state == "approved" and letter.digest == now[letter.id] for letter in letters
        )
        if missing or not ready:
            raise UserError(
                self.env._(
                    "Nothing is sent before a second person has approved it: write the letters, "
                    "then somebody else approves them as they are now."
                )
            )

    def _queue(self, consignees, again: tuple[str, ...]):
        """Queue what these consignees are to get; the notices that wait now and did not before."""
        notices = self.env["lot.recall.notice"]
        self._retry_mails(consignees)
        contents = self.letter_ids._content_digests()
        simulated = self.kind == "mock"
        rows = []
        for consignee in consignees:
            letter = consignee.letter_id
            common = {
                "recall_id": self.id,
                "company_id": self.company_id.id,
                "consignee_id": consignee.id,
                "letter_id": letter.id,
                "letter_version": letter.version,
                "digest": contents[letter.id, consignee.id],
                "state": "simulated" if simulated else "queued",
            }
            rows += [{**common, **way} for way in consignee._ways()]
        queued = notices
        for part in split_every(_ROWS, rows, list):
            queued += notices._put(part, again)
        if simulated:
            queued._told()
        elif queued.filtered(lambda one: one.channel in BY_ITSELF):
            # sudo: the job runs for everybody
            self.env.ref("lot_traceability_recall.ir_cron_send").sudo()._trigger()
        self._ask_to_reach()
        return queued

    def _retry_mails(self, consignees) -> None:
        """Mails that exist and could not be handed over: the same mail again, never a second."""
        # sudo: mails are of administrators alone
        failed = (
            self.env["lot.recall.notice"]
            .sudo()
            .search(
                [
                    ("consignee_id", "in", consignees.ids),
                    ("state", "=", "failed"),
                    ("mail_id", "!=", False),
                ]
            )
        )
        failed = failed.filtered(lambda one: one.mail_id.state == "exception")
        failed.mail_id.mark_outgoing()
        for notice in failed:
            notice.attempt += 1
        failed.write({"state": "sent", "failure": False})
        if failed:
            failed._told()

    def _queued_text(self, done: dict[str, int]) -> str:
        _ = self.env._
        names = {
            "mail": _("mails: %s", done["mail"]),
            "print": _("letters on paper: %s", done["print"]),
            "sms": _("text messages: %s", done["sms"]),
            "phone": _("phone calls: %s", done["phone"]),
            "none": _("consignees with no way to reach them: %s", done["none"]),
        }
        counts = ", ".join(text for name, text in names.items() if done[name]) or _("nothing new")
        if self.kind == "mock":
            return _("Drill, nothing was sent. It would have been: %s.", counts)
        return _("To be sent: %s.", counts)

    # -- whom nothing reaches ---------------------------------------------------------------------

    def _unreached(self):
        """Consignees of whom nothing has come so far, and to whom no mail is on its way."""
        return self.env["lot.recall.consignee"].search(
            [
                ("recall_id", "in", self.ids),
                ("line_ids", "!=", False),
                "|",
                ("state", "=", "unreachable"),
                "&",
                ("state", "=", "open"),
                "!",
                ("notice_ids", "any", [("state", "in", ("queued", "sending"))]),
            ]
        ) | (
            self.env["lot.recall.notice"]
            .search(
                [
                    ("recall_id", "in", self.ids),
                    ("channel", "=", "phone"),
                    ("state", "=", "queued"),
                ]
            )
            .consignee_id
        )

    def _compute_unreached_text(self):
        for recall in self:
            asked = recall.kind != "mock" and recall.state == "decided" and recall.notice_ids[:1]
            recall.unreached_text = recall._unreached_names() if asked else False

    def _unreached_names(self) -> str:
        found = self._unreached()
        names = ", ".join(
            f"{one.partner_id.display_name} ({one.phone or self.env._('no phone')})"
            for one in found[:_NAMED]
        )
        if len(found) > _NAMED:
            names = self.env._("%(names)s and %(more)s more", names=names, more=len(found) - _NAMED)
        return names

    def _ask_to_reach(self) -> None:
        """One activity of the one in charge lists who has to be reached by other means; it goes
        when nobody is left."""
        for recall in self.filtered(lambda one: one.kind != "mock"):
            # sudo: the one in charge is called, whoever finds it out
            recall, names = recall.sudo(), recall._unreached_names()
            open_ones = recall.activity_search([ACTIVITY])
            if not names:
                open_ones.action_feedback()
            elif open_ones:
                open_ones.write({"note": escape(names)})
            else:
                recall.activity_schedule(
                    ACTIVITY,
                    summary=recall.env._("Reach these consignees by other means"),
                    note=escape(names),
                    user_id=recall.manager_id.id,
                )


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    def _can_be_told(self) -> bool:
        return bool(self._ways())

    def _ways(self) -> list[dict[str, Any]]:
        """How this consignee is told: [{"partner_id", "channel", "address"}]"""
        self.ensure_one()
        ways = [
            {"partner_id": partner.id, "channel": "mail", "address": address}
            if address
            else {"partner_id": partner.id, "channel": "print", "address": ""}
            for partner, address in self._letter_addressees()
            if address or partner.street or partner.city
        ]
        phone = (self.phone or "").strip()
        if not ways and phone:
            ways = [{"partner_id": self.partner_id.id, "channel": "phone", "address": phone}]
        if ways and phone and self._texting():
            ways.append({"partner_id": self.partner_id.id, "channel": "sms", "address": phone})
        return ways

    def _texting(self) -> bool:
        # sudo: a setting of the system
        wanted = self.env["ir.config_parameter"].sudo().get_param(SMS)
        return "sms.sms" in self.env and wanted in ("1", "True")

    def send_again(self) -> dict[str, int]:
        """Send the approved letter to these consignees again, after their address was corrected or
        a letter came back. Who has got it gets no second one.

        :return: {channel: how many wait now}
        :raise AccessError: without the right to run recalls
        :raise UserError: before the letters are approved
        """
        done = Counter()
        for recall, consignees in self.grouped("recall_id").items():
            recall._check_sendable()
            with_lots = consignees.filtered("line_ids")
            queued = recall._queue(with_lots, again=("failed", "cancelled", "bounced"))
            done.update(queued.mapped("channel"))
            recall._tell_step("letters queued again", consignees=consignees.ids, **done)
        return dict(done)

    def action_send_again(self) -> bool:
        """As `send_again`, for a button.

        :return: True
        """
        self.send_again()
        return True
