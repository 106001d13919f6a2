from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallStart(RecallCommon):
    """How a recall begins, and who may begin it."""

    def test_dialog_on_a_lot_starts_a_recall_and_finds_what_it_takes(self):
        wizard = Form(
            self.room["lot.recall.wizard"].with_context(
                active_model="stock.lot", active_ids=self.milk.ids
            )
        )
        # Whoever reported it knows the number of the supplier alone.
        self.assertEqual(wizard.lots_text, "MILK-BAD: Milk, supplier lot D-13, Dairy")
        wizard.title = "Listeria in milk"
        wizard.hazard_class = "1"
        self.assertIn("seriously harmed", wizard.class_text)
        action = wizard.save().action_start()
        recall = self.room["lot.recall"].browse(action["res_id"])
        self.assertEqual((recall.state, recall.lot_count), ("suspected", 3))
        self.assertRegex(recall.name, r"^RC/2026/\d{4}$")
        self.assertEqual(recall.manager_id, self.recaller)
        self.assertIn("21 CFR 7.3(m)(1)", recall.class_text)

    def test_clock_runs_from_the_suspicion_on(self):
        recall = self.recall(started_on=self.clock() - timedelta(minutes=90))
        self.assertEqual(recall.minutes_open, 90)

    def test_second_recall_of_the_same_lot_is_refused_and_names_the_first(self):
        first = self.recall()
        with self.assertRaisesRegex(UserError, f"{first.name} is open for MILK-BAD already"):
            self.recall(self.milk | self.cheese_1)
        self.recall(kind="mock")
        first.action_cancel("The sample was mixed up")
        self.assertEqual(first.state, "cancelled")
        self.assertTrue(self.recall())

    def test_start_says_what_is_missing_or_unknown(self):
        model = self.room["lot.recall"]
        with self.assertRaisesRegex(UserError, "Say in a few words what is wrong"):
            model.start(self.milk.ids, {"title": " "})
        with self.assertRaisesRegex(UserError, "does not start with: state"):
            model.start(self.milk.ids, {"title": "x", "state": "closed"})
        with self.assertRaises(ValidationError):
            model.start([2**30], {"title": "x"})

    def test_evidence_is_not_typed_and_nothing_is_deleted(self):
        recall = self.recall()
        for change in ({"state": "closed"}, {"decided_on": self.clock()}, {"name": "RC/1"}):
            with self.assertRaises(UserError):
                recall.write(change)
        with self.assertRaises(AccessError):
            recall.unlink()
        with self.assertRaisesRegex(UserError, "is not deleted"):
            recall.sudo().unlink()
        with self.assertRaisesRegex(UserError, "A drill stays a drill"):
            recall.kind = "mock"

    def test_calling_off_asks_for_a_reason(self):
        recall = self.recall()
        with self.assertRaisesRegex(UserError, "Say why"):
            recall.action_cancel()
        recall.action_cancel("Sample mixed up")
        with self.assertRaisesRegex(UserError, "is closed"):
            recall.title = "Other"

    def test_another_company_sees_nothing_of_it(self):
        recall = self.recall()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.recaller.copy({"login": "stranger"})
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            recall.with_user(stranger).with_context(allowed_company_ids=other.ids).read(["title"])
