from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

CHANNELS = [
    ("mail", "Mail"),
    ("print", "Letter on paper"),
    ("sms", "Text message"),
    ("phone", "Phone call"),
]
STATES = [
    ("queued", "Waits"),
    ("sending", "Is being sent"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("bounced", "Came back"),
    ("cancelled", "Called off"),
    ("simulated", "Rehearsed"),
]
# These go by themselves; the others are done by people.
BY_ITSELF = ("mail", "sms")


class LotRecallNotice(models.Model):
    """One letter to one addressee by one channel. There is never a second one with the same
    content: the index below refuses it, whoever asks for it and however often."""

    _name = "lot.recall.notice"
    _description = "Notice of a recall"
    _order = "id desc"
    _rec_name = "partner_id"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    consignee_id = fields.Many2one(
        "lot.recall.consignee", required=True, index=True, ondelete="restrict"
    )
    letter_id = fields.Many2one("lot.recall.letter", required=True, index=True, ondelete="restrict")
    letter_version = fields.Integer("Version of the letter", readonly=True)
    partner_id = fields.Many2one("res.partner", "Addressee", required=True, ondelete="restrict")
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    address = fields.Char("Sent to", readonly=True, help="Mail address or phone number")
    digest = fields.Char("Digest of the content", required=True, readonly=True)
    state = fields.Selection(STATES, default="queued", required=True, readonly=True)
    attempt = fields.Integer("Attempts", readonly=True)
    claim = fields.Char(readonly=True, help="Who of the senders has taken it")
    sent_on = fields.Datetime("Sent on", readonly=True)
    failure = fields.Char("What went wrong", readonly=True)
    message_key = fields.Char("Message id", readonly=True, index="btree_not_null")
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )

    _once = models.UniqueIndex(
        "(consignee_id, channel, partner_id, address, digest)",
        "This letter was sent to this addressee already.",
    )
    _waiting = models.Index("(state, id) WHERE state IN ('queued', 'sending')")

    @api.depends("partner_id", "channel")
    def _compute_display_name(self):
        known = dict(self._fields["channel"]._description_selection(self.env))
        for notice in self:
            notice.display_name = f"{notice.partner_id.display_name}: {known.get(notice.channel)}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("A notice of a recall is evidence and is not deleted."))

    def _note(self, values: dict[str, Any]) -> None:
        """Write what sending notes of itself."""
        # sudo: nobody types it; whoever may do the step has been asked
        self.sudo().write(values)

    # -- the queue ---------------------------------------------------------------------------------

    @api.model
    def _put(self, rows: list[dict[str, Any]], again: tuple[str, ...]):
        """Put notices into the queue, in one statement. What is there already stays as it is,
        unless it is in one of the states `again`: then it waits anew.

        :param rows: recall_id, company_id, consignee_id, letter_id, letter_version, partner_id,
            channel, address, digest and state of each
        :return: the notices that wait now and did not before
        """
        if not rows:
            return self.browse()
        kinds = {
            name: "text" if isinstance(value, str) else "int" for name, value in rows[0].items()
        }
        names = SQL(", ").join(map(SQL.identifier, kinds))
        arrays = SQL(", ").join(
            SQL("%s::%s[]", [row[name] for row in rows], SQL(kind)) for name, kind in kinds.items()
        )
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                INSERT INTO lot_recall_notice AS kept (%(names)s, attempt, create_uid, create_date,
                       write_uid, write_date, sent_on)
                SELECT %(names)s, 1, %(user)s, %(now)s, %(user)s, %(now)s,
                       CASE WHEN state = 'simulated' THEN %(now)s END
                  FROM UNNEST(%(arrays)s) AS row(%(names)s)
                    ON CONFLICT (consignee_id, channel, partner_id, address, digest) DO UPDATE
                   SET state = EXCLUDED.state, attempt = kept.attempt + 1, failure = NULL,
                       claim = NULL, letter_version = EXCLUDED.letter_version
                 WHERE kept.state = ANY(%(again)s)
                RETURNING id
                """,
                names=names,
                arrays=arrays,
                user=self.env.uid,
                now=fields.Datetime.now(),
                again=list(again),
            )
        )
        self.invalidate_model()
        return self.browse(row[0] for row in found)

    @api.model
    def _cancel_waiting(self, letters) -> None:
        """Nothing more of these letters goes out."""
        # sudo: a letter that is not approved any more is stopped, whoever changed it
        waiting = self.sudo().search(
            [("letter_id", "in", letters.ids), ("state", "in", ("queued", "sending"))]
        )
        waiting.write({"state": "cancelled", "claim": False})

    # -- done by people ---------------------------------------------------------------------------

    def mark_sent(self) -> bool:
        """Note that these letters were posted, or these calls made.

        :return: True
        :raise AccessError: without the right to record in quality
        :raise UserError: for notices that go by themselves, or that do not wait
        """
        self.consignee_id.check_access("write")
        if any(one.channel in BY_ITSELF or one.state != "queued" for one in self):
            raise UserError(
                self.env._(
                    "This is for letters on paper and phone calls that wait. Mails and text "
                    "messages note by themselves when they were sent."
                )
            )
        self._note({"state": "sent", "sent_on": fields.Datetime.now()})
        self._told()
        for recall in self.recall_id:
            recall._ask_to_reach()
        return True

    def _told(self) -> None:
        """What follows once these are sent, for consignee and recall; of a drill, that it was
        rehearsed and nothing else."""
        now = fields.Datetime.now()
        for recall, notices in self.grouped("recall_id").items():
            drill = recall.kind == "mock"
            if not drill:
                if not recall.told_on:
                    recall._note({"told_on": now})
                # No message for each of thousands: the audit log says it.
                notices.consignee_id.with_context(tracking_disable=True)._note_told(now)
            recall._tell_step(
                "telling rehearsed" if drill else "told",
                notices=[
                    {
                        "consignee": notice.consignee_id.id,
                        "channel": notice.channel,
                        "to": notice.address or notice.partner_id.display_name,
                        "digest": notice.digest,
                        "message": notice.message_key or "",
                    }
                    for notice in notices
                ],
            )
