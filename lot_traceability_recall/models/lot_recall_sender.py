import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .lot_recall_notice import BY_ITSELF

_logger = logging.getLogger(__name__)
BATCH = 50
# An advisory lock, held by whoever sends; nobody waits for it.
_LOCK = 0x6C6F7473
# So often a batch is tried again at once when somebody has written to its consignees meanwhile.
_TRIES = 5
TEMPLATE = "lot_traceability_recall.mail_template_letter"
_RENDERED = ("subject", "body_html", "email_from", "mail_server_id")


class LotRecallSender(models.AbstractModel):
    """Hands the notices that wait to Odoo's queues of mails and text messages, in batches.

    A batch is claimed in a transaction of its own; then, in one transaction, its mails are made and
    it is marked as sent. Wherever the server dies, a notice is either sent and has its one mail, or
    is claimed and has none: the next run takes back what was claimed. Only one sender is at work at
    a time, so that what it finds claimed is of one that has died; a claim carries a name of its own
    all the same, so that of two senders only one finds a notice.
    """

    _name = "lot.recall.sender"
    _description = "Sender of recall notices"

    @api.model
    def _cron_send(self) -> None:
        """Send all that waits; go on at the next run when the time is up. Where another sender is
        at work, it sends all of it."""
        with self._alone() as alone:
            if alone:
                self._send()

    @api.model
    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other sender is at work, and none is until the end of this."""
        cr = self.env.cr
        # Of the session, not of the transaction: it is kept from batch to batch.
        cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", _LOCK))
        if not cr.fetchone()[0]:
            yield False
            return
        try:
            yield True
        except Exception:
            cr.rollback()  # nothing can be unlocked in a transaction that has failed
            raise
        finally:
            cr.execute(SQL("SELECT pg_advisory_unlock(%s)", _LOCK))

    @api.model
    def _send(self) -> None:
        cron, notices = self.env["ir.cron"], self.env["lot.recall.notice"]
        # This snapshot has to be younger than the lock, to see what the sender before has done.
        cron._commit_progress()
        self._take_back()
        self._recheck()
        waiting = [("state", "=", "queued"), ("channel", "in", BY_ITSELF)]
        time_left = cron._commit_progress(remaining=notices.search_count(waiting))
        while time_left:
            claim = self._claim(BATCH)
            if not claim:
                break
            cron._commit_progress()  # from here on a crash leaves them claimed
            time_left = cron._commit_progress(self._deliver_in_turn(claim))

    @api.model
    def _deliver_in_turn(self, claim: str) -> int:
        """As `_deliver`; once more where somebody has written to these consignees meanwhile."""
        for tries_left in reversed(range(_TRIES)):
            try:
                done = self._deliver(claim)
                self.env.flush_all()
                return done
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if not tries_left:
                    raise
                self.env.cr.rollback()
                _logger.info("recall notices: once more, a consignee has changed meanwhile")
        return 0

    @api.model
    def _take_back(self) -> None:
        """What a sender has claimed that has died since."""
        self.env["lot.recall.notice"].search([("state", "=", "sending")]).write(
            {"state": "queued", "claim": False}
        )

    @api.model
    def _recheck(self) -> None:
        """Is what waits still what was approved, of recalls that are still on?"""
        waiting = self.env["lot.recall.notice"].search(
            [("state", "=", "queued"), ("channel", "in", BY_ITSELF)]
        )
        waiting.recall_id._recheck_letters()
        waiting.filtered(
            lambda one: (
                one.state == "queued"
                and (one.recall_id.state != "decided" or one.letter_id.state != "approved")
            )
        ).write({"state": "cancelled"})

    @api.model
    def _claim(self, size: int) -> str:
        """Take some that wait, of one recall.

        :return: the name of the claim; empty when none waits
        """
        notices, claim = self.env["lot.recall.notice"], uuid.uuid4().hex
        notices.flush_model()
        taken = self.env.execute_query(
            SQL(
                """
                UPDATE lot_recall_notice SET state = 'sending', claim = %(claim)s
                 WHERE id IN (SELECT id FROM lot_recall_notice
                               WHERE state = 'queued' AND channel = ANY(%(channels)s)
                               ORDER BY recall_id, id LIMIT %(size)s FOR UPDATE SKIP LOCKED)
                RETURNING id
                """,
                claim=claim,
                channels=list(BY_ITSELF),
                size=size,
            )
        )
        notices.invalidate_model()
        return claim if taken else ""

    @api.model
    def _deliver(self, claim: str) -> int:
        """Make the mails and text messages of a claim, and note that they are sent."""
        mine = self.env["lot.recall.notice"].search(
            [("claim", "=", claim), ("state", "=", "sending")]
        )
        for company, notices in mine.grouped("company_id").items():
            notices = notices.with_company(company)
            sent = self._try(notices)
            sent._told()
        mine.recall_id._ask_to_reach()
        return len(mine)

    @api.model
    def _try(self, notices):
        """Make them together; where one of them cannot be made, each by itself, so that it does not
        stop the others."""
        try:
            with self.env.cr.savepoint():
                return self._make(notices)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # not a matter of the letter
        except Exception as error:
            self.env.invalidate_all()
            if len(notices) == 1:
                _logger.info("recall notice %s cannot be made", notices.id, exc_info=True)
                notices.write({"state": "failed", "failure": str(error)[:500], "claim": False})
                notices._unreached()
                return notices.browse()
        return notices.browse().union(*(self._try(notice) for notice in notices))

    @api.model
    def _make(self, notices):
        """One mail or text message for each; nothing else marks a notice as sent."""
        mails = notices.filtered(lambda one: one.channel == "mail")
        self._make_mails(mails)
        self._make_texts(notices - mails)
        notices.write({"state": "sent", "sent_on": fields.Datetime.now(), "claim": False})
        self.env.flush_all()  # what is wrong with them shows here, in the savepoint
        return notices

    @api.model
    def _make_mails(self, notices) -> None:
        if not notices:
            return
        consignees = notices.consignee_id
        template = self.env.ref(TEMPLATE)
        rendered = template._generate_template(consignees.ids, _RENDERED)
        attachments = consignees._as_attachments(consignees._letter_files())
        # Answers by mail go to the consignee's own record.
        reply_to = consignees._notify_get_reply_to_batch(
            defaults={one: rendered[one].get("email_from") for one in consignees.ids}
        )
        values = []
        for notice in notices:
            notice.message_key = notice._new_message_key()
            mail: dict[str, Any] = {
                name: value
                for name, value in rendered[notice.consignee_id.id].items()
                if name in _RENDERED and (value or name != "email_from")
            }
            attachment = attachments.get(notice.consignee_id.id)
            mail |= {
                # Of no record: the link in it is for the consignee alone, not for who follows it.
                "model": False,
                "res_id": False,
                "body": mail["body_html"],
                "email_to": notice.address,
                "reply_to": reply_to[notice.consignee_id.id],
                "message_id": notice.message_key,
                "auto_delete": False,  # it is evidence
                "attachment_ids": [(4, attachment.id)] if attachment else [],
            }
            values.append(mail)
        mails = self.env["mail.mail"].create(values)
        for notice, mail in zip(notices, mails, strict=True):
            notice.mail_id = mail
        self._note_mails(notices, attachments, reply_to)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _note_mails(self, notices, with_file, reply_to) -> None:
        """What the consignee's record shows of its mails: that they went, and with what. Under
        their ids, so that Odoo finds the record when one of them is answered."""
        _ = self.env._
        texts = {
            True: _("Letter mailed to %s, with the letter as PDF."),
            False: _("Letter mailed to %s, without the letter as PDF: it could not be printed."),
        }
        self.env["mail.message"].create(
            [
                {
                    "model": notice.consignee_id._name,
                    "res_id": notice.consignee_id.id,
                    "message_type": "email_outgoing",
                    "message_id": notice.message_key,
                    "reply_to": reply_to[notice.consignee_id.id],
                    "body": texts[notice.consignee_id.id in with_file] % notice.address,
                }
                for notice in notices
            ]
        )

    @api.model
    def _make_texts(self, notices) -> None:
        if not notices:
            return
        values = []
        for notice in notices:
            consignee = notice.consignee_id.with_context(lang=notice.consignee_id._letter_lang())
            values.append(
                {
                    "number": notice.address,
                    "partner_id": notice.partner_id.id,
                    "body": consignee._text_message(),
                }
            )
        self.env["sms.sms"].create(values)


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    def _text_message(self) -> str:
        """The letter in one line."""
        letter = self.letter_id
        parts = [letter.subject, self.env._("Details are in our letter.")]
        if letter.contact_phone:
            parts.append(self.env._("Call %s.", letter.contact_phone))
        return " ".join(parts)
