from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.drill_pick import Candidate, pick
from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallDrill(RecallCommon):
    """Mock recalls: what they measure, and that they touch nothing."""

    @classmethod
    def plan(cls, **values):
        return cls.room["lot.recall.drill.plan"].create(
            {"name": "Every half year", "company_id": cls.env.company.id, **values}
        )

    def drill(self, lot=None):
        model = self.room["lot.recall.drill"]
        return model.browse(model.run((lot or self.milk).id))

    def test_drill_measures_each_step_both_ways_and_leaves_no_trace_in_the_stock(self):
        mails = self.env["mail.mail"].search_count([])
        quants = self.env["stock.quant"].search([]).read(["quantity", "reserved_quantity"])
        drill = self.drill(self.cheese_1)
        self.assertEqual((drill.upstream_count, drill.supplier_count), (1, 1))
        self.assertEqual((drill.lot_count, drill.consignee_count), (1, 1))
        self.assertEqual((drill.balance_percent, drill.in_time, drill.complete), (100, True, True))
        self.assertEqual((drill.score, drill.passed), (100, True))
        self.assertEqual(
            drill.step_ids.mapped("code"),
            ["downstream", "upstream", "freeze", "stop", "contacts", "balance"],
        )
        self.assertEqual(drill.recall_id.kind, "mock")
        self.assertEqual(drill.recall_id.state, "closed")
        self.assertEqual(self.cheese_1.status_id.code, "released")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        after = self.env["stock.quant"].search([]).read(["quantity", "reserved_quantity"])
        self.assertEqual(after, quants)

    def test_missing_contact_bad_mail_and_lost_goods_are_findings_with_activities(self):
        self.shop.email = "shop@nowhere"
        self.count(self.cheese_1, 1)
        drill = self.drill()
        self.assertEqual((drill.without_contact, drill.bad_mail, drill.no_phone), (1, 1, 1))
        self.assertEqual(drill.balance_percent, 97.5, "3 of 120 kg are lost")
        self.assertFalse(drill.passed)
        self.assertLess(drill.score, 100)
        texts = " ".join(drill.activity_ids.mapped("summary"))
        for part in ("97.5 %", "1 consignees have neither", "1 mail addresses"):
            self.assertIn(part, texts)
        self.assertEqual(drill.activity_ids.user_id, self.recaller)

    def test_schedule_runs_at_night_and_sets_its_next_night(self):
        plan = self.plan(side="finished", months=6)
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1):
            self.env["lot.recall.drill.plan"]._cron_drill()
            self.env["lot.recall.drill.plan"]._cron_drill()
        self.assertEqual(len(plan.drill_ids), 1)
        self.assertIn(plan.drill_ids.lot_id, self.cheese_1 | self.cheese_2)
        self.assertEqual(plan.next_date, date(2026, 9, 2))
        self.assertEqual(plan.drill_ids.recall_id.manager_id, self.recaller)

    def test_test_message_goes_to_the_team_alone(self):
        self.recaller.email = "team@example.com"
        plan = self.plan(tell_team=True)
        plan.run_now()
        told = plan.drill_ids.message_ids.filtered(lambda one: "This is a test" in one.body)
        self.assertIn(self.recaller.partner_id, told.partner_ids)
        self.assertFalse(told.partner_ids & (self.shop | self.cafe))

    def test_people_walk_through_a_drill_as_training(self):
        recall = self.stopped(kind="mock")
        with self.assertRaisesRegex(UserError, "Only a drill gets points"):
            self.stopped(self.good_cheese).action_score_drill()
        self.wait(hours=5)
        action = recall.action_score_drill()
        drill = self.room["lot.recall.drill"].browse(action["res_id"])
        self.assertTrue(drill.by_hand)
        self.assertFalse(drill.in_time, "five hours are more than four")
        self.assertEqual(recall.state, "closed")

    def test_draw_can_be_repeated_and_rests_what_was_tested(self):
        lots = [Candidate(lot, lot % 3, 1.0 + lot) for lot in range(1, 30)]
        today = date(2026, 3, 2)
        self.assertEqual(pick(lots, {}, today, "s"), pick(lots, {}, today, "s"))
        rested = dict.fromkeys((0, 1), today)
        drawn = {pick(lots, rested, today, str(n)).product for n in range(50)}
        self.assertEqual(drawn, {2})
        last_year = {0: today - timedelta(days=400)}
        self.assertIn(0, {pick(lots, last_year, today, str(n)).product for n in range(50)})

    def test_quality_may_look_at_drills_and_not_run_them(self):
        drill = self.drill()
        self.assertTrue(drill.with_env(self.laboratory).score)
        with self.assertRaises(AccessError):
            self.laboratory["lot.recall.drill"].run(self.milk.id)
        with self.assertRaisesRegex(UserError, "does not change"):
            drill.score = 100
        with self.assertRaises(ValidationError):
            self.plan(user_id=self.quality.id)

    def test_points_of_drills_and_open_recalls_are_figures_of_the_day(self):
        company = self.env.company
        drill = self.drill()
        recall = self.env["lot.recall"].create({"title": "Suspicion", "company_id": company.id})
        today = self.env["lot.calendar"]._today(company)

        def measured(code):
            self.env["lot.figure"]._measure(company, today, today)
            self.env.invalidate_all()
            kind = self.env["lot.figure.kind"].search([("code", "=", code)])
            figure = self.env["lot.figure"].search(
                [("kind_id", "=", kind.id), ("company_id", "=", company.id), ("day", "=", today)]
            )
            return figure.value, figure.count

        self.assertEqual(measured("drill_score"), (drill.score, 1))
        number = measured("open_recalls")[0]
        self.assertGreaterEqual(number, 1)
        recall.sudo().write({"state": "closed"})
        self.assertEqual(measured("open_recalls")[0], number - 1)
