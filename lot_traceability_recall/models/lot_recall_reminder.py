from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.recall_wording import CLASSES, ENDED
from .lot_recall_answer_give import CALL

ESCALATION = "lot_traceability_recall.activity_recall_escalation"
TEMPLATE = "lot_traceability_recall.mail_template_recall_reminder"
ACTIONS = [
    ("mail", "Remind by mail"),
    ("call", "Have it called"),
    ("escalate", "Tell the one in charge"),
]
_NAMES_SHOWN = 10


class LotRecallReminderRule(models.Model):
    """What is done when a consignee was told and has not answered for so long."""

    _name = "lot.recall.reminder.rule"
    _description = "Reminder of a recall"
    _order = "hazard_class, hours, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies")
    hazard_class = fields.Selection(
        CLASSES,
        "Class",
        required=True,
        default="1",
        help="Recalls of this class. One without a class counts as class I.",
    )
    hours = fields.Integer("Hours without an answer", required=True, default=24, aggregator=False)
    action = fields.Selection(ACTIONS, required=True, default="mail")
    user_id = fields.Many2one(
        "res.users", "For", help="Who calls or is told; empty: whoever is in charge of the recall"
    )

    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "Write after how many hours, at least one."
    )


class LotRecallReminder(models.Model):
    """That a consignee was reminded, once for each rule."""

    _name = "lot.recall.reminder"
    _description = "Reminder to a consignee"
    _order = "id desc"
    _rec_name = "consignee_id"

    consignee_id = fields.Many2one(
        "lot.recall.consignee", required=True, readonly=True, index=True, ondelete="restrict"
    )
    recall_id = fields.Many2one(
        related="consignee_id.recall_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    rule_id = fields.Many2one(
        "lot.recall.reminder.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    action = fields.Selection(ACTIONS, "Done", required=True, readonly=True)
    done_on = fields.Datetime("Done on", required=True, readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null")

    _once = models.UniqueIndex("(consignee_id, rule_id)", "This reminder was given already.")

    @api.model
    def _cron_remind(self) -> None:
        """Remind, have called and escalate what is due, each step kept when it is done."""
        due = self._due()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        together = {}
        for consignee, rule in due:
            if rule.action == "escalate":
                together.setdefault((consignee.recall_id, rule), []).append(consignee)
                continue
            self._remind(consignee, rule)
            if not cron._commit_progress(1):
                return
        # Whoever is in charge is told once of all that are silent, not a thousand times.
        for (recall, rule), consignees in together.items():
            for consignee in consignees:
                self._remind(consignee, rule)
            self._escalate(recall, rule)
            if not cron._commit_progress(len(consignees)):
                return

    @api.model
    def _due(self) -> list[tuple]:
        """[(consignee, rule)] that are due now and were not done, the longest overdue first."""
        for model in ("lot.recall", "lot.recall.consignee", "lot.recall.consignee.lot"):
            self.env[model].flush_model()
        self.env["lot.recall.reminder.rule"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT consignee.id, rule.id
                  FROM lot_recall recall
                  JOIN lot_recall_consignee consignee ON consignee.recall_id = recall.id
                  JOIN lot_recall_reminder_rule rule
                    ON rule.active AND rule.hazard_class = COALESCE(recall.hazard_class, '1')
                   AND (rule.company_id IS NULL OR rule.company_id = recall.company_id)
                 WHERE recall.state = 'decided' AND recall.kind <> 'mock'
                   AND consignee.state NOT IN %(ended)s
                   AND consignee.told_on <= %(now)s - rule.hours * INTERVAL '1 hour'
                   AND EXISTS (SELECT 1 FROM lot_recall_consignee_lot held
                                WHERE held.consignee_id = consignee.id AND held.active)
                   AND NOT EXISTS (SELECT 1 FROM lot_recall_reminder done
                                    WHERE done.consignee_id = consignee.id
                                      AND done.rule_id = rule.id)
                 ORDER BY consignee.told_on + rule.hours * INTERVAL '1 hour', rule.id, consignee.id
                """,
                ended=ENDED,
                now=fields.Datetime.now(),
            )
        )
        rows = self.env.cr.fetchall()
        consignees = self.env["lot.recall.consignee"].browse(row[0] for row in rows)
        rules = self.env["lot.recall.reminder.rule"].browse(row[1] for row in rows)
        return list(zip(consignees, rules, strict=True))

    @api.model
    def _remind(self, consignee, rule):
        """Do one step and note it. Where there is no mail address, somebody calls instead."""
        action, mail = rule.action, self.env["mail.mail"]
        if action == "mail" and not consignee.reachable:
            action = "call"
        if action == "mail":
            mail = consignee._mail_reminder()
        elif action == "call":
            consignee._have_called(rule)
        consignee.recall_id._tell_step(
            "reminded", consignee=consignee._named(), action=action, hours=rule.hours
        )
        return self.create(
            {
                "consignee_id": consignee.id,
                "rule_id": rule.id,
                "action": action,
                "done_on": fields.Datetime.now(),
                "mail_id": mail.id,
            }
        )

    @api.model
    def _escalate(self, recall, rule) -> None:
        """One activity a recall and rule, which names all that it is about so far."""
        silent = self.search(
            [("recall_id", "=", recall.id), ("rule_id", "=", rule.id)], order="id"
        ).consignee_id.filtered(lambda one: one.state not in ENDED)
        names = silent.mapped("partner_id.display_name")
        note = ", ".join(names[:_NAMES_SHOWN]) + ("…" if names[_NAMES_SHOWN:] else "")
        summary = self.env._(
            "No answer for %(hours)s hours: %(count)s", hours=rule.hours, count=len(silent)
        )
        user = rule.user_id or recall.manager_id
        known = recall.activity_ids.filtered(
            lambda one: (
                one.activity_type_id == self.env.ref(ESCALATION)
                and one.user_id == user
                and one.res_id == recall.id
            )
        )[:1]
        if known:
            known.write({"summary": summary, "note": note})
        else:
            recall.activity_schedule(ESCALATION, summary=summary, note=note, user_id=user.id)


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    reminder_ids = fields.One2many(
        "lot.recall.reminder", "consignee_id", "Reminders", readonly=True
    )

    def _mail_reminder(self):
        """Put the reminder into the queue of outgoing mail.

        :return: the mail
        """
        self.ensure_one()
        # Not in the chatter: it holds the secret link, which is for the consignee alone.
        apart = {"email_to": self._mail_address(), "model": False, "res_id": False}
        mail = self.env.ref(TEMPLATE).send_mail(self.id, email_values=apart)
        self.message_post(body=self.env._("Reminder mailed to %s.", self._mail_address()))
        return self.env["mail.mail"].browse(mail)

    def _mail_sender(self) -> str:
        """From whom a reminder comes: the firm, else whoever is in charge."""
        # sudo: the mail is sent on behalf of the one in charge, whoever asks for it
        manager = self.recall_id.sudo().manager_id
        return self.company_id.email_formatted or manager.email_formatted

    def _have_called(self, rule) -> None:
        user = rule.user_id or self.recall_id.manager_id
        if self.activity_search([CALL]):
            return
        self.activity_schedule(
            CALL,
            summary=self.env._("Call %s: no answer yet", self.partner_id.display_name),
            note=self.env._(
                "Told %(hours)s hours ago. Phone: %(phone)s",
                hours=rule.hours,
                phone=self.phone or self.env._("none known"),
            ),
            user_id=user.id,
        )

    def action_mail_link(self) -> bool:
        """Mail the link to the page once more, when somebody asks for it.

        :return: True
        :raise AccessError: without the right to record what consignees say
        :raise UserError: without a mail address, or when the recall is closed
        """
        self.check_access("write")
        self.recall_id._check_state("decided")
        reachable = self.filtered("reachable")
        if not reachable:
            raise UserError(self.env._("There is no mail address: write one down first, or call."))
        for consignee in reachable:
            consignee._mail_reminder()
            consignee.recall_id._tell_step("link mailed", consignee=consignee._named())
        return True
