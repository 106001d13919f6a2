from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .test_lot_facts_readings import LotReadingsCommon


@tagged("post_install", "-at_install")
class TestControlPoint(LotReadingsCommon):
    def broken(self, **values):
        return self.measure(self.temperature, "65", step="production", **values)

    def test_reading_out_of_limits_holds_the_lot_and_demands_an_action(self):
        self.receive({self.lot_a: 10})
        reading = self.broken()
        self.assertEqual(self.lot_a.status_id.code, "hold")
        self.assertIn("Core temperature 65.0 °C", self.lot_a.status_reason)
        self.assertEqual(self.lot_a.status_user_id, self.operator)
        action = reading.action_ids
        self.assertRecordValues(
            action,
            [
                {
                    "lot_id": self.lot_a.id,
                    "owner_id": self.operator.id,
                    "deadline": date(2026, 3, 5),
                    "state": "open",
                }
            ],
        )
        self.assertEqual(action.activity_ids.user_id, self.operator)
        with self.assertRaises(UserError):
            self.deliver({self.lot_a: 5})

    def test_reading_within_limits_or_not_critical_changes_nothing(self):
        self.measure(self.temperature, "72", step="production")
        self.measure(self.temperature, "9", step="storage")
        self.assertEqual(self.lot_a.status_id.code, "released")
        self.assertFalse(self.lot_a.corrective_action_ids)

    def test_operator_of_the_floor_needs_no_rights_on_stock(self):
        cook = new_test_user(self.env, login="cook", groups="lot_traceability.group_operator")
        reading = self.broken(user=cook)
        self.assertEqual(self.lot_a.status_id.code, "hold")
        self.assertEqual(reading.action_ids.owner_id, cook)

    def test_owner_is_who_the_limits_name(self):
        self.cooking.owner_id = self.quality
        self.assertEqual(self.broken().action_ids.owner_id, self.quality)

    def test_lot_that_quality_rejected_stays_rejected(self):
        self.lot_a.with_user(self.quality).set_status("rejected", "Mouldy")
        self.broken()
        self.assertEqual(self.lot_a.status_id.code, "rejected")
        self.assertTrue(self.lot_a.corrective_action_ids)

    def test_corrected_value_calls_the_control_point_as_well(self):
        reading = self.measure(self.temperature, "75", step="production")
        reading.with_user(self.operator).value = "65"
        self.assertEqual(self.lot_a.status_id.code, "hold")
        reading.with_user(self.operator).value = "66"
        self.assertEqual(len(reading.action_ids), 1)

    def test_from_breach_to_release(self):
        action = self.broken().action_ids
        lot = self.lot_a.with_user(self.quality)
        self.assertEqual(len(lot._release_obstacles()), 1)
        mine = action.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "cause"):
            mine.action_done()
        mine.write({"cause": "Probe not in the core", "action": "Cooked again to 75 °C"})
        mine.action_done()
        self.assertFalse(action.activity_ids)
        with self.assertRaises(AccessError):
            mine.action_verify()
        self.assertIn("To verify", lot._release_obstacles()[0])
        with self.assertRaises(UserError), self.cr.savepoint():
            lot.set_status("released", "All good")
        action.with_user(self.verifier).action_verify()
        self.assertEqual(action.verified_by, self.verifier)
        self.assertFalse(lot._release_obstacles())
        lot.set_status("released", "Cooked again")
        self.assertEqual(lot.status_id.code, "released")

    def test_nobody_verifies_an_action_of_their_own(self):
        self.cooking.owner_id = self.quality
        action = self.broken().action_ids.with_user(self.quality)
        action.write({"cause": "A", "action": "B"})
        action.action_done()
        with self.assertRaisesRegex(AccessError, "of their own"):
            action.action_verify()
        with self.assertRaises(UserError):
            action.owner_id = self.verifier

    def test_handing_an_action_over_does_not_let_one_verify_what_one_did(self):
        action = self.broken().action_ids.with_user(self.quality)
        action.write({"cause": "A", "action": "B"})
        action.action_done()
        with self.assertRaisesRegex(AccessError, "of their own"):
            action.action_verify()

    def test_action_that_did_not_work_is_opened_again(self):
        action = self.broken().action_ids
        action.with_user(self.operator).write({"cause": "A", "action": "B"})
        action.with_user(self.operator).action_done()
        with self.assertRaises(AccessError):
            action.with_user(self.operator).action_reopen()
        action.with_user(self.quality).action_reopen()
        self.assertEqual(action.state, "open")
        self.assertTrue(action.activity_ids)

    def test_state_cannot_be_written_past_the_steps(self):
        action = self.broken().action_ids
        for values in ({"state": "verified"}, {"verified_by": self.verifier.id}):
            with self.assertRaises(UserError):
                action.with_user(self.quality).write(values)
        with self.assertRaises(AccessError):
            action.with_user(self.quality).unlink()


@tagged("post_install", "-at_install")
class TestReadingsAccess(LotReadingsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(
            cls.env, login="readings_auditor", groups="lot_traceability.group_auditor"
        )
        cls.administrator = new_test_user(
            cls.env, login="readings_admin", groups="lot_traceability.group_administrator"
        )

    def test_configuration_is_of_the_administrator(self):
        for record in (self.temperature, self.colour.choice_ids[0], self.cooking):
            for user in (self.reader, self.auditor, self.operator, self.quality):
                self.assertTrue(record.with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation))
            self.assertTrue(record.with_user(self.administrator).has_access("write"))

    def test_readers_and_auditors_record_nothing(self):
        reading = self.measure(self.temperature, "65", step="production")
        for user in (self.reader, self.auditor):
            for record in (reading, reading.action_ids):
                self.assertTrue(record.with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation))
            with self.assertRaises(AccessError):
                self.measure(self.clean, "yes", user=user)
            for call in ("action_pass", "action_fail"):
                with self.assertRaises(AccessError):
                    getattr(reading.with_user(user), call)()
            for call in ("action_done", "action_verify", "action_reopen"):
                with self.assertRaises(AccessError):
                    getattr(reading.action_ids.with_user(user), call)()
            with self.assertRaises(AccessError):
                reading.with_user(user).strike_out("x")
            with self.assertRaises(AccessError):
                self.env["lot.measurement.strike"].with_user(user).create({"reason": "x"})

    def test_operators_change_their_own_readings_only(self):
        reading = self.measure(self.count_test, 9)
        other = new_test_user(
            self.env, login="other_operator", groups="lot_traceability.group_operator"
        )
        with self.assertRaises(AccessError):
            reading.with_user(other).value = 8
        with self.assertRaises(AccessError):
            self.measure(self.count_test, 9, user=other, user_id=self.operator.id)
        self.measure(self.count_test, 9, user=other)
        action = self.measure(self.temperature, "65", step="production").action_ids
        with self.assertRaises(AccessError):
            action.with_user(other).cause = "x"

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="lot_traceability.group_quality",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        reading = self.measure(self.temperature, "65", step="production")
        self.cooking.company_id = self.env.company
        for record in (reading, reading.action_ids, self.cooking):
            self.assertFalse(record.with_user(stranger).has_access("read"))

    def test_shared_lot_is_stopped_by_what_another_company_left_open(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.broken = self.measure(self.temperature, "65", step="production")
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="lot_traceability.group_quality",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertTrue(self.lot_a.with_user(stranger)._release_obstacles())


@tagged("post_install", "-at_install")
class TestDistribution(LotReadingsCommon):
    def test_form_of_a_lot_tells_who_has_how_much_of_it(self):
        self.receive({self.lot_a: 20})
        sent = self.deliver({self.lot_a: 8}, self.shop)
        self.deliver({self.lot_a: 5}, self.cafe)
        self.give_back(sent, {self.lot_a: 3})
        lot = self.lot_a.with_user(self.reader)
        self.assertEqual(
            [(row["name"], row["sent"], row["returned"], row["net"]) for row in lot._recipients()],
            [("Café", 5, 0, 5), ("Shop", 8, 3, 5)],
        )
        self.assertIn("Café", lot.distribution)

    def test_everyone_who_may_read_a_lot_opens_its_form(self):
        self.measure(self.temperature, "65", step="production")
        auditor = new_test_user(
            self.env, login="form_auditor", groups="lot_traceability.group_auditor"
        )
        for user in (self.reader, auditor, self.operator, self.quality, self.manager):
            form = Form(self.lot_a.with_user(user).with_context(display_complete=True))
            self.assertEqual(len(form.condition_ids), 1)
        for model in ("stock.lot", "lot.measurement", "lot.corrective.action"):
            self.env[model].with_user(self.reader).get_views(
                [(False, "list"), (False, "kanban"), (False, "search")]
            )

    def test_lot_that_nobody_received_shows_no_table(self):
        self.assertFalse(self.lot_a.with_user(self.reader).distribution)
