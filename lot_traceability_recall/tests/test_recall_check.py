import doctest

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import check_sample
from ..tools.check_sample import draw
from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallCheck(RecallCommon):
    """Does the recall work at those who were told?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Twenty more who received of the same cheese.
        cls.stalls = cls.env["res.partner"].create(
            [{"name": f"Stall {number}"} for number in range(8)]
        )
        for stall in cls.stalls[:2]:
            cls.deliver({cls.cheese_1: 1}, stall)
        for stall in cls.stalls[2:]:
            cls.deliver({cls.cheese_2: 1}, stall)

    def test_sample_is_rounded_up_and_can_be_drawn_again(self):
        recall = self.frozen()
        told = recall.draw_checks("C", seed="24 November")
        self.assertEqual((told["consignees"], len(told["sample"])), (10, 1))
        drawn = self.env["lot.recall.check.draw"].browse(told["draw_id"]).with_user(self.reader)
        self.assertEqual(drawn.draw_again(), told["sample"])
        self.assertEqual(draw(recall.consignee_ids.ids, 10, "24 November"), told["sample"])
        self.assertEqual(recall.check_ids.consignee_id.ids, told["sample"])
        with self.assertRaises(UserError):
            drawn.sudo().write({"seed": "other"})

    def test_examples_in_the_sampler_hold(self):
        self.assertFalse(doctest.testmod(check_sample).failed)

    def test_another_level_adds_and_never_removes(self):
        recall = self.frozen()
        first = recall.draw_checks("D")
        second = recall.draw_checks("B", 35)
        self.assertEqual(second["sample"][:1], first["sample"])
        self.assertEqual((len(second["sample"]), len(second["added"])), (4, 3))
        self.assertEqual(recall.draw_checks("E")["sample"], [])
        self.assertEqual(recall.check_count, 4)
        self.assertEqual(len(recall.draw_checks("A")["added"]), 6)

    def test_level_b_needs_a_share_that_it_allows(self):
        recall = self.frozen()
        for level, percent in (("B", 10), ("B", False), ("B", 100), ("F", 5)):
            with self.assertRaisesRegex(UserError, "Choose a level"):
                recall.draw_checks(level, percent)

    def test_who_may_draw_and_who_may_check(self):
        recall = self.frozen()
        with self.assertRaises(AccessError):
            recall.with_env(self.laboratory).draw_checks("A")
        recall.draw_checks("A")
        check = recall.check_ids[0]
        with self.assertRaises(AccessError):
            check.with_user(self.reader).conclude("not_reached")
        check.with_env(self.laboratory).conclude("not_reached")
        self.assertEqual((check.outcome, check.done_by_id), ("not_reached", self.quality))

    def test_effective_needs_three_times_yes_and_an_empty_shelf(self):
        check = self.checked()
        check.write({"received": "yes", "understood": "yes", "found_quantity": 1})
        for followed in (False, "yes"):
            check.followed = followed
            with self.assertRaisesRegex(UserError, "three questions"):
                check.action_effective()
        check.found_quantity = 0
        check.action_effective()
        self.assertEqual(check.outcome, "effective")
        self.assertFalse(check.recall_id.check_advice_percent)

    def test_not_effective_escalates_and_doubles_the_sample(self):
        check = self.checked()
        consignee = check.consignee_id
        consignee.sudo().state = "answered"
        with self.assertRaisesRegex(UserError, "did not work"):
            check.action_not_effective()
        check.write({"received": "no", "found_quantity": 2})
        check.action_not_effective()
        self.assertEqual(consignee.state, "told")
        activity = consignee.activity_ids
        self.assertEqual(activity.user_id, check.recall_id.manager_id)
        self.assertIn("20 percent", activity.note)
        recall = check.recall_id.with_env(self.room)
        self.assertEqual((recall.check_failed_count, recall.check_advice_percent), (1, 20.0))
        recall.action_double_checks()
        self.assertEqual(recall.check_count, 2)

    def test_done_check_is_evidence(self):
        check = self.checked()
        with self.assertRaisesRegex(UserError, "with its button"):
            check.write({"outcome": "effective"})
        check.conclude("not_reached", "Nobody answers the phone")
        for values in ({"note": "They did"}, {"received": "yes"}, {"method": "visit"}):
            with self.assertRaisesRegex(UserError, "done and does not change"):
                check.write(values)
        with self.assertRaises(UserError):
            check.conclude("effective")
        with self.assertRaisesRegex(UserError, "evidence"):
            check.sudo().unlink()

    def test_dialog_draws_and_a_closed_recall_takes_no_outcome(self):
        recall = self.frozen()
        wizard = self.room["lot.recall.draw"].with_context(active_id=recall.id)
        action = wizard.create({"level": "B", "percent": 45, "method": "visit"}).action_draw()
        checks = self.env["lot.recall.check"].search(action["domain"])
        self.assertEqual((len(checks), set(checks.mapped("method"))), (5, {"visit"}))
        recall.action_cancel("Only a test")
        with self.assertRaisesRegex(UserError, "is in the state"):
            checks.conclude("not_reached")

    def checked(self):
        """A check that waits, in the hands of quality."""
        recall = self.frozen()
        recall.draw_checks("C")
        return recall.check_ids.with_env(self.laboratory)
