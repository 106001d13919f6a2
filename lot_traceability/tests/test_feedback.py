from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install", "lot_watch")
class TestFeedback(LotTraceabilityCommon):
    """What users say of their screens: who may say it, and who may read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, login="feedback_clerk", groups="base.group_user")
        cls.administrator = new_test_user(
            cls.env,
            login="feedback_administrator",
            groups="lot_traceability.group_administrator",
        )

    def leave(self, user, text="It is slow", kind="problem", where=False):
        feedback = self.env["lot.feedback"].with_user(user)
        return feedback.browse(feedback.leave(kind, text, where))

    def test_anybody_inside_says_something_and_reads_his_own(self):
        where = {
            "screen": "Lots",
            "action": "lot_traceability.lot_action",
            "address": "/odoo/lots",
            "model": "stock.lot",
            "id": 5,
            "device": "360×740",
        }
        said = self.leave(self.clerk, "  Too many clicks ", "wish", where)
        self.assertEqual((said.text, said.kind, said.state), ("Too many clicks", "wish", "new"))
        self.assertEqual((said.user_id, said.company_id), (self.clerk, self.clerk.company_id))
        self.assertEqual((said.screen, said.res_model, said.res_id), ("Lots", "stock.lot", 5))
        self.assertTrue(said.version.startswith("19.0."), said.version)
        self.leave(self.operator)
        self.assertEqual(self.env["lot.feedback"].with_user(self.clerk).search([]), said)

    def test_administrator_reads_all_answers_and_sets_the_state(self):
        said = self.leave(self.clerk)
        answered = said.with_user(self.administrator)
        answered.write({"state": "done", "answer": "It is faster now."})
        self.assertEqual(said.answer, "It is faster now.")
        self.assertEqual(said.answered_by_id, self.administrator)
        with self.assertRaisesRegex(UserError, "as it was said"):
            answered.text = "All is well"
        with self.assertRaises(AccessError):
            answered.unlink()

    def test_nobody_else_answers_and_nobody_speaks_for_another(self):
        said = self.leave(self.clerk)
        for user in (self.clerk, self.quality):
            with self.assertRaises(AccessError):
                said.with_user(user).state = "done"
        values = {"kind": "praise", "text": "Fine"}
        feedback = self.env["lot.feedback"].with_user(self.clerk)
        for forged in ({"user_id": self.operator.id}, {"state": "done"}, {"version": "1"}):
            with self.assertRaises(UserError):
                feedback.create({**values, **forged})
        other = self.env["res.company"].create({"name": "Neighbour"})
        with self.assertRaises(AccessError):
            feedback.create({**values, "company_id": other.id})

    def test_portal_user_leaves_nothing(self):
        guest = new_test_user(self.env, login="feedback_guest", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.leave(guest)

    def test_nothing_too_much_or_nonsense_is_refused_with_a_sentence(self):
        for kind, text in (("problem", "  "), ("fury", "Text"), ("wish", "x" * 4001)):
            with self.assertRaises(UserError):
                self.leave(self.clerk, text, kind)
        said = self.leave(self.clerk, where={"model": "no.model", "id": "5", "screen": None})
        self.assertFalse(said.res_model or said.screen)
        said = self.leave(self.clerk, where={"model": "stock.lot", "id": 2**40})
        self.assertFalse(said.res_id)

    def test_a_program_that_runs_wild_is_stopped(self):
        for number in range(30):
            self.leave(self.clerk, f"{number}")
        with self.assertRaisesRegex(UserError, "one hour"):
            self.leave(self.clerk)
        self.env.cr.execute(
            "UPDATE lot_feedback SET create_date = create_date - interval '2 hours'"
        )
        self.env.invalidate_all()
        self.assertTrue(self.leave(self.clerk))

    def test_record_that_is_gone_is_said_to_be_gone(self):
        said = self.leave(self.clerk, where={"model": "stock.lot", "id": 2**30})
        with self.assertRaisesRegex(UserError, "gone"):
            said.action_open_record()
