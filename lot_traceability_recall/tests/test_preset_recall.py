from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestPresetRecall(RecallCommon):
    """Presets schedule mock recalls, and have the steps of recalls signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, login="preset_chief", groups="lot_traceability.group_administrator"
        )
        cls.goods = cls.env["product.category"].create({"name": "Goods with lots"})
        cls.plans = cls.env["lot.recall.drill.plan"]

    def setup(self, code):
        preset = self.env["lot.preset"].search([("code", "=", code)])
        return (
            self.env["lot.preset.wizard"]
            .with_user(self.chief)
            .create({"preset_id": preset.id, "category_ids": [Command.set(self.goods.ids)]})
        )

    def apply(self, code):
        self.setup(code).action_apply()
        self.env.flush_all()

    def plan(self):
        return self.plans.search([("company_id", "=", self.env.company.id)])

    def test_each_industry_has_a_mock_recall_each_year(self):
        targets = {
            "food": 4,
            "pharma": 24,
            "device": 72,
            "automotive": 24,
            "aerospace": 24,
            "electronics": 24,
        }
        for code, hours in targets.items():
            with self.subTest(industry=code):
                self.apply(code)
                plan = self.plan()
                self.assertEqual((plan.months, plan.target_hours), (12, hours))
                self.assertEqual((plan.user_id, plan.tolerance), (self.chief, 99.5))

    def test_the_drill_runs_by_itself_and_is_measured_against_the_target(self):
        self.apply("food")
        with patch.object(self.registry["ir.cron"], "_commit_progress", return_value=float("inf")):
            self.plans._cron_drill()
        plan = self.plan()
        self.assertEqual(len(plan.drill_ids), 1)
        self.assertTrue(plan.drill_ids.in_time)
        self.assertGreater(plan.next_date, date(2027, 1, 1))

    def test_schedule_that_the_firm_has_is_not_overwritten(self):
        self.plans.create({"months": 3, "user_id": self.chief.id})
        dialog = self.setup("food")
        line = dialog.line_ids.filtered(lambda line: line.line_id.kind == "drill")
        self.assertEqual((line.state, line.tick), ("theirs", False))
        self.assertIn("every 3 months", line.now)
        dialog.action_apply()
        self.assertEqual(self.plan().months, 3)

    def test_letters_and_destruction_are_signed_in_pharma_and_not_in_food(self):
        steps = self.env["lot.signature.step"]
        self.apply("pharma")
        self.assertTrue(steps._demanded("recall_letters", self.env.company))
        self.assertTrue(steps._demanded("recall_destroy", self.env.company).second_signer)
        self.apply("food")
        self.assertFalse(steps._demanded("recall_letters", self.env.company))
        self.assertFalse(steps._demanded("recall_destroy", self.env.company))

    def test_somebody_in_charge_has_to_be_allowed_to_run_recalls(self):
        targets = self.env["lot.preset.target"].with_user(self.quality)
        with self.assertRaisesRegex(UserError, "Give the role Recall manager, or untick"):
            targets._drill_user()
