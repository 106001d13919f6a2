from odoo.addons.mail.tests.common import MockEmail
from odoo.exceptions import UserError
from odoo.tests import tagged

from .answer_common import AnswerCommon


@tagged("post_install", "-at_install")
class TestRecallReminder(AnswerCommon, MockEmail):
    """Reminders by schedule: class I by mail after 12 hours, called after 24, told after 48."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case.company_id.sudo().email = "firm@example.com"

    def setUp(self):
        super().setUp()
        self.told(self.at_shop)  # the clock went on since the class began

    def after(self, hours):
        self.wait(hours=hours)
        self.run_reminders()

    def run_reminders(self):
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("lot_traceability_recall.ir_cron_remind").method_direct_trigger()
        self.env.invalidate_all()

    def done(self, consignee=None):
        reminders = (consignee or self.at_shop).sudo().reminder_ids
        return reminders.sorted("id").mapped("action")

    def test_steps_follow_one_another(self):
        self.after(11)
        self.assertEqual(self.done(), [])
        self.after(2)
        self.assertEqual(self.done(), ["mail"])
        self.after(12)
        self.assertEqual(self.done(), ["mail", "call"])
        activity = self.activities(self.at_shop, "call")
        self.assertEqual(activity.user_id, self.recaller)
        self.assertIn("+1 555 0100", activity.note)
        self.after(24)
        self.assertEqual(self.done(), ["mail", "call", "escalate"])
        escalation = self.activities(self.case, "escalation")
        self.assertEqual(escalation.user_id, self.recaller)
        self.assertEqual(
            (escalation.summary, "Shop" in escalation.note),
            ("No answer for 48 hours: 1", True),
        )
        steps = [step["action"] for step in self.steps(self.case) if step["step"] == "reminded"]
        self.assertEqual(steps, ["mail", "call", "escalate"])

    def test_mail_goes_to_the_consignee_with_its_link(self):
        self.after(13)
        mail = self.at_shop.sudo().reminder_ids.mail_id
        self.assertEqual(mail.email_to, "shop@example.com")
        self.assertIn(self.at_shop._answer_url(), mail.body_html)
        self.assertIn("CHEESE-1", mail.body_html)
        # The link is for the consignee alone: not for all who read the recall.
        bodies = " ".join(self.at_shop.sudo().message_ids.mapped("body"))
        self.assertIn("Reminder mailed", bodies)
        self.assertNotIn("/recall/answer/", bodies)

    def test_no_step_twice(self):
        self.after(13)
        self.run_reminders()
        self.assertEqual(self.done(), ["mail"])

    def test_no_mail_address_has_it_called(self):
        self.told(self.at_cafe)
        self.after(13)
        self.assertEqual(self.done(self.at_cafe), ["call"])
        self.assertTrue(self.activities(self.at_cafe, "call"))

    def test_many_silent_ones_are_one_escalation(self):
        self.told(self.at_cafe)
        self.after(50)
        self.assertEqual(len(self.activities(self.case, "escalation")), 1)
        self.assertIn(": 2", self.activities(self.case, "escalation").summary)

    def test_answered_refused_and_gone_are_left_alone(self):
        for state in ("answered", "refused", "gone"):
            self.at_shop.sudo().state = state
            self.after(60)
            self.assertEqual(self.done(), [])

    def test_not_reached_is_reminded_further(self):
        self.at_shop.sudo().state = "unreachable"
        self.after(13)
        self.assertEqual(self.done(), ["mail"])

    def test_who_was_not_told_is_not_reminded(self):
        self.after(60)
        self.assertEqual(self.done(self.at_cafe), [])

    def test_drill_and_closed_recall_remind_nobody(self):
        drill = self.frozen(kind="mock", hazard_class="1")
        consignee = self.of(drill, self.shop)
        self.told(consignee)
        self.case.action_cancel("Was none")
        self.after(60)
        self.assertEqual(self.done() + self.done(consignee), [])

    def test_class_decides_and_none_counts_as_the_worst(self):
        self.case.hazard_class = "3"
        self.after(60)
        self.assertEqual(self.done(), [])
        self.case.hazard_class = False
        self.run_reminders()
        self.assertEqual(self.done(), ["mail", "call", "escalate"])

    def test_what_no_longer_holds_goods_is_left_alone(self):
        self.at_shop.sudo().line_ids.active = False
        self.after(60)
        self.assertEqual(self.done(), [])

    def test_link_without_an_address_is_not_mailed(self):
        with self.assertRaisesRegex(UserError, "no mail address"):
            self.at_cafe.action_mail_link()

    def test_link_is_mailed_again_by_quality(self):
        with self.mock_mail_gateway():
            self.at_shop.action_mail_link()
        mail = self.env["mail.mail"].search([("email_to", "=", "shop@example.com")])
        self.assertIn(self.at_shop._answer_url(), mail.body_html)
