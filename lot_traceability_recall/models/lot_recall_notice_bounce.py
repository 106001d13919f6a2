from odoo import api, fields, models
from odoo.tools import config


class LotRecallNotice(models.Model):
    """What comes back."""

    _inherit = "lot.recall.notice"

    def _new_message_key(self) -> str:
        """The id under which the mail travels: of this notice and this attempt, nothing else."""
        # sudo: names this database, so that no other has the same
        place = (
            self.env["ir.config_parameter"].sudo().get_param("database.uuid") or config["db_name"]
        )
        return f"<lot-recall-{self.recall_id.id}-{self.id}-{self.attempt}@{place}>"

    def _unreached(self) -> None:
        """These did not arrive: the consignee has to be reached by other means."""
        # sudo: noted by itself, whoever's mail server says it
        consignees = self.consignee_id.sudo().filtered(
            lambda one: one.state in ("open", "told", "read")
        )
        # Where another letter has arrived (bill to, text message), the consignee was reached.
        consignees = consignees.filtered(
            lambda one: not any(notice.state == "sent" for notice in one.notice_ids)
        )
        consignees.with_context(tracking_disable=True).write(
            {"state": "unreachable", "told_on": False}
        )

    def _came_back(self, state: str, failure: str) -> None:
        """Note a notice that was sent as failed or bounced."""
        if not self:
            return
        self._note({"state": state, "failure": failure[:500]})
        self._unreached()
        for recall, notices in self.grouped("recall_id").items():
            recall._tell_step(
                "notices came back",
                state=state,
                notices=[
                    {"consignee": one.consignee_id.id, "to": one.address, "failure": one.failure}
                    for one in notices
                ],
            )
            recall._ask_to_reach()


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # sudo: the queue of mails runs for everybody
        notices = self.env["lot.recall.notice"].sudo().search([("mail_id", "in", self.ids)])
        if notices and failure_type:
            failure = failure_reason or failure_type
            sent = notices.filtered(lambda one: one.state == "sent")
            sent._came_back("failed", str(failure))
        elif notices:
            # Somebody has tried the same mail again, and now it went.
            again = notices.filtered(lambda one: one.state == "failed")
            again._note({"state": "sent", "failure": False, "sent_on": fields.Datetime.now()})
            again._told()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        keys = list(message_dict.get("bounced_msg_ids") or ())
        if keys:
            # sudo: incoming mail is nobody's act
            notices = (
                self.env["lot.recall.notice"]
                .sudo()
                .search([("message_key", "in", keys), ("state", "=", "sent")])
            )
            notices._came_back("bounced", message_dict.get("subject") or "")
        return result
