from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .clean_up_common import CleanUpCommon


@tagged("post_install", "-at_install")
class TestCleanUpFix(CleanUpCommon):
    """What the buttons do, and that the fault is gone then."""

    def events(self, operation):
        return [
            event
            for event in self.env["lot.audit.event"].search([("kind", "=", "cleaned")])
            if f'"operation":"{operation}"' in event.body
        ]

    def dates(self, findings):
        action = findings.action_fix()
        return self.laboratory[action["res_model"]].browse(action["res_id"])

    def test_dates_are_proposed_from_the_receipt_and_set(self):
        lots = self.undated("M-1", "M-2", use_time=3, removal_time=2, alert_time=5)
        self.look()
        findings = self.found("no_date")
        wizard = self.dates(findings)
        self.assertEqual(set(wizard.line_ids.mapped("basis")), {"receipt"})
        received = self.env["lot.calendar"]._day(
            self.env["stock.move.line"].search([("lot_id", "=", lots[0].id)]).date
        )
        line = wizard.line_ids.filtered(lambda line: line.lot_id.id == lots[0].id)
        self.assertEqual(line.expiration_date, received + timedelta(days=30))
        self.assertEqual(line.removal_date, line.expiration_date - timedelta(days=2))
        self.assertFalse(lots[0].expiration_date)
        wizard.action_apply()
        self.assertEqual(lots[0]._lot_day("expiration_date"), line.expiration_date)
        self.assertEqual(lots[0]._lot_day("use_date"), line.use_date)
        self.assertEqual(lots[0]._lot_day("removal_date"), line.removal_date)
        self.assertEqual(lots[0]._lot_day("alert_date"), line.alert_date)
        self.assertEqual(set(findings.mapped("state")), {"fixed"})
        self.assertEqual(findings.fixed_by, self.quality)
        self.assertEqual(len(self.events("fixed")), 2)

    def test_dates_are_counted_from_the_production_date_first(self):
        lot = self.undated("M-1")
        lot.production_date = date(2026, 2, 20)
        self.look()
        line = self.dates(self.found("no_date")).line_ids
        self.assertEqual((line.basis, line.expiration_date), ("known", date(2026, 3, 22)))

    def test_a_production_date_is_proposed_of_what_was_made_here(self):
        demand = self.env["lot.field.demand"].search([("field_name", "=", "production_date")])
        milk = self.received(self.milk, "M-1", 5)
        lot = self.lot(self.cheese, "C-1")
        self.make(lot, 2, {milk: 2})
        lot.production_date = False
        self.cheese.production_demand_ids = demand
        self.look()
        wizard = self.dates(self.found("no_date"))
        self.assertEqual(wizard.line_ids.basis, "produced")
        wizard.action_apply()
        self.assertEqual(lot.production_date, date(2026, 3, 2))
        self.assertFalse(self.found("no_date"))

    def test_without_days_of_the_product_a_person_enters_the_date(self):
        lot = self.undated("M-1", expiration_time=0)
        self.look()
        wizard = self.dates(self.found("no_date"))
        with self.assertRaisesRegex(UserError, "No date is filled in"):
            wizard.action_apply()
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            line.expiration_date = date(2026, 5, 1)
        wizard.action_apply()
        self.assertEqual(lot._lot_day("expiration_date"), date(2026, 5, 1))

    def test_near_the_same_opens_the_merge_and_is_gone_then(self):
        lots = self.spelled_twice()
        self.look()
        finding = self.found("near_same")
        self.assertIn("LOT-001 · lot 1", finding.text)
        action = finding.with_user(self.keeper).action_fix()
        self.assertEqual(action["res_model"], "lot.operation.wizard")
        wizard = self.env[action["res_model"]].with_user(self.keeper).browse(action["res_id"])
        self.assertEqual(wizard.lot_ids.ids, lots.ids)
        wizard.action_apply()
        self.assertEqual((finding.state, finding.fixed_by), ("fixed", self.keeper))
        self.assertEqual(len(self.events("fixed")), 1)

    def test_without_the_right_to_merge_the_lots_are_shown(self):
        lots = self.spelled_twice()
        self.look()
        action = self.found("near_same").action_fix()
        self.assertEqual((action["res_model"], action["domain"]), self.only(lots))

    def test_of_lots_that_are_used_up_nothing_is_merged(self):
        lots = self.spelled_twice()
        self.deliver({lots[0]: 5, lots[1]: 3})
        self.look()
        finding = self.found("near_same")
        self.assertEqual(finding.severity, "3")
        action = finding.with_user(self.keeper).action_fix()
        self.assertEqual((action["res_model"], action["domain"]), self.only(lots))

    @staticmethod
    def only(records):
        return records._name, [("id", "in", records.ids)]

    def test_lost_links_are_restored(self):
        order = self.unlinked()
        self.look()
        finding = self.found("lost_link")
        self.assertEqual(finding.production_id.ids, order.ids)
        finding.action_fix()
        made, used = order.move_finished_ids.move_line_ids, order.move_raw_ids.move_line_ids
        self.assertEqual(made.consume_line_ids, used)
        self.assertEqual(finding.state, "fixed")
        self.assertEdges(order, {("M-1", "C-1"): (4, 2)})
        self.assertNoDrift()
        self.assertEqual(len(self.events("fixed")), 1)

    def test_stock_opens_the_count_of_that_stock_alone(self):
        lot = self._fault_negative()
        salt = self.tracked_late()
        self.look()
        for finding, quantity in ((self.found("negative"), -2), (self.found("no_lot_stock"), 5)):
            action = finding.action_fix()
            self.assertEqual(action["res_model"], "stock.quant")
            quant = self.office["stock.quant"].search(action["domain"])
            self.assertEqual(quant.quantity, quantity)
            quant.with_context(inventory_mode=True).inventory_quantity = 0
            quant.action_apply_inventory()
            finding.action_check()
            self.assertEqual(finding.state, "fixed")
        self.assertTrue(lot | salt.stock_quant_ids.lot_id)

    def test_a_movement_gets_its_lot(self):
        salt = self.tracked_late(quantity=5, left=0)
        self.look()
        findings = self.found("no_lot_move")
        self.assertEqual(len(findings), 2)
        action = findings[0].action_fix()
        line = self.env[action["res_model"]].browse(action["res_id"])
        line.lot_id = self.lot(salt, "SA-1")
        self.env.flush_all()
        findings[0].action_check()
        self.assertEqual(sorted(findings.mapped("state")), ["fixed", "open"])

    def test_expired_stock_opens_the_board_with_these_lots(self):
        lot = self._fault_expired()
        self.look()
        action = self.found("expired").action_fix()
        self.assertEqual(action["res_model"], "lot.expiry.report")
        self.assertEqual(
            self.laboratory["lot.expiry.report"].search(action["domain"]).lot_id.ids, lot.ids
        )

    def test_a_lot_that_never_moved_is_deleted(self):
        lot = self._fault_no_movement()
        self.look()
        finding = self.found("no_movement")
        finding.action_delete_lot()
        self.assertFalse(lot.exists())
        self.assertEqual(finding.state, "fixed")
        self.assertIn("FL-1", finding.text)

    def test_a_lot_that_moved_meanwhile_is_not_deleted(self):
        lot = self._fault_no_movement()
        self.look()
        self.receive({lot: 3})
        finding = self.found("no_movement")
        finding.action_delete_lot()
        self.assertTrue(lot.exists())
        self.assertEqual(finding.state, "fixed")

    def test_no_other_lot_is_deleted(self):
        lot = self.undated("M-1")
        self.look()
        with self.assertRaisesRegex(UserError, "never moved"):
            self.found("no_date").action_delete_lot()
        self.assertTrue(lot.exists())

    def test_faults_of_several_kinds_are_not_fixed_together(self):
        self.undated("M-1")
        self._fault_negative()
        self.look()
        both = self.found("no_date") | self.found("negative")
        with self.assertRaisesRegex(UserError, "of one kind"):
            both.action_fix()

    def test_ignoring_asks_for_a_reason_and_is_told(self):
        self.undated("M-1")
        self.look()
        finding = self.found("no_date")
        with self.assertRaisesRegex(UserError, "Enter why"):
            finding.ignore("  ")
        dialog = (
            self.laboratory["lot.finding.ignore"]
            .with_context(active_model="lot.finding", active_ids=finding.ids)
            .create({"reason": "Sold out"})
        )
        dialog.action_apply()
        self.assertEqual((finding.state, finding.reason), ("ignored", "Sold out"))
        self.assertEqual(finding.ignored_by, self.quality)
        (event,) = self.events("ignored")
        self.assertIn("Sold out", event.body)
        finding.action_take_up()
        self.assertEqual((finding.state, finding.reason), ("open", False))
        self.assertEqual(len(self.events("opened")), 1)

    def test_what_is_fixed_is_not_ignored(self):
        lot = self.undated("M-1")
        self.look()
        finding = self.found("no_date")
        lot.expiration_date = fields.Datetime.now()
        finding.action_check()
        with self.assertRaisesRegex(UserError, "is fixed cannot"):
            finding.ignore("No use")

    def test_one_rebuild_for_everything(self):
        action = self.env["lot.finding"].with_user(self.keeper).action_rebuild()
        again = self.env["lot.finding"].with_user(self.keeper).action_rebuild()
        self.assertEqual(action["res_id"], again["res_id"])
        with self.assertRaises(AccessError):
            self.laboratory["lot.finding"].action_rebuild()
