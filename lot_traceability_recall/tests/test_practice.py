from odoo.addons.lot_traceability.tests.test_practice import neutralize
from odoo.tests import tagged

from .letters_common import LettersCommon


@tagged("post_install", "-at_install")
class TestPracticeLetters(LettersCommon):
    """In a copy to practise on, no letter of a recall leaves the house."""

    def test_letters_that_waited_are_not_mailed_by_the_copy(self):
        recall = self.queued()
        self.run_sender()
        mail = self.mails(recall)
        self.assertEqual(mail.state, "outgoing")
        other = self.env["mail.mail"].create({"email_to": "a@example.com", "subject": "Other"})
        neutralize(self)
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(other.state, "outgoing")

    def test_letters_of_a_recall_run_for_practice_go_to_no_server(self):
        self.env["ir.config_parameter"].set_param("lot_traceability_recall.sms", "1")
        recall = self.approved()
        neutralize(self)
        done = recall.send_letters()
        self.assertEqual((done["mail"], done.get("sms", 0)), (1, 0))
        sender = self.env.ref("lot_traceability_recall.ir_cron_send")
        self.assertFalse(sender.active)
        self.assertFalse(self.env.ref("mail.ir_cron_mail_scheduler_action").active)
        server = self.env["ir.mail_server"].search([])
        self.assertEqual(server.mapped("smtp_host"), ["invalid"])
        template = self.env.ref("lot_traceability_recall.mail_template_letter")
        self.assertFalse(template.mail_server_id)
