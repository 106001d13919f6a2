from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import LotTraceabilityCommon


class LotReadingsCommon(LotTraceabilityCommon):
    """Ham that is cooked to 72 °C (critical) and kept at 2 to 8 °C, and its plate count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ham = cls.product("Ham")
        cls.temperature, cls.count_test, cls.clean, cls.colour, cls.smell = cls.env[
            "lot.parameter"
        ].create(
            [
                {
                    "name": "Core temperature",
                    "unit": "°C",
                    "bounded": True,
                    "lowest": -80,
                    "highest": 200,
                },
                {
                    "name": "Plate count",
                    "purpose": "test",
                    "unit": "CFU/g",
                    "decimals": 0,
                    "method": "ISO 4833-1",
                },
                {"name": "Line cleaned", "kind": "yes_no"},
                {
                    "name": "Colour",
                    "kind": "choice",
                    "choice_ids": [Command.create({"name": c}) for c in ("Pink", "Grey")],
                },
                {"name": "Smell", "kind": "text", "purpose": "test"},
            ]
        )
        cls.cooking = cls.limit(
            cls.temperature, step="production", has_minimum=True, minimum=72, critical=True, days=3
        )
        cls.limit(cls.temperature, has_minimum=True, minimum=2, has_maximum=True, maximum=8)
        cls.limit(cls.count_test, has_maximum=True, maximum=1000)
        cls.limit(cls.clean, wanted="yes")
        cls.limit(cls.colour, choice_ids=[Command.set(cls.colour.choice_ids[:1].ids)])
        cls.lot_a = cls.lot(cls.ham, "HAM-A")
        cls.verifier = new_test_user(
            cls.env, login="verifier", groups="lot_traceability.group_quality"
        )

    @classmethod
    def limit(cls, parameter, **values):
        return cls.env["lot.parameter.limit"].create(
            {
                "parameter_id": parameter.id,
                "product_tmpl_id": cls.ham.product_tmpl_id.id,
                **values,
            }
        )

    def measure(self, parameter, value, user=None, lot=None, **values):
        return (
            self.env["lot.measurement"]
            .with_user(user or self.operator)
            .create(
                {
                    "lot_id": (lot or self.lot_a).id,
                    "parameter_id": parameter.id,
                    "value": value,
                    **values,
                }
            )
            .with_env(self.env)
        )


@tagged("post_install", "-at_install")
class TestReadings(LotReadingsCommon):
    def test_numbers_are_typed_and_judged_by_their_limits(self):
        for value, kept, number, conformity in (
            ("4,2", "4.2", 4.2, "in"),
            (8, "8.0", 8, "in"),
            ("8.01 °C", "8.01", 8.01, "out"),
            ("-1", "-1.0", -1, "out"),
            ("", False, 0, "pending"),
        ):
            reading = self.measure(self.temperature, value, step="storage")
            self.assertRecordValues(
                reading,
                [{"value": kept, "value_number": number, "conformity": conformity}],
            )
            self.assertEqual(reading.limit_text, "2.0–8.0 °C")
        self.assertEqual(reading.user_id, self.operator)

    def test_answers_choices_and_texts_are_values_as_well(self):
        self.assertEqual(self.measure(self.clean, True).conformity, "in")
        self.assertEqual(self.measure(self.clean, "no").conformity, "out")
        self.assertEqual(self.measure(self.colour, "pink").value_choice_id.name, "Pink")
        self.assertEqual(self.measure(self.colour, "Grey").conformity, "out")
        smell = self.measure(self.smell, "Fresh")
        self.assertEqual((smell.conformity, smell.verdict), ("none", "pending"))

    def test_nearest_limits_count(self):
        category = self.env["product.category"].create({"name": "Meat"})
        below = self.env["product.category"].create({"name": "Cured", "parent_id": category.id})
        bacon = self.product("Bacon", categ_id=below.id)
        lot = self.lot(bacon, "B")
        expected = ""
        for values, text in (
            ({"product_tmpl_id": False}, "≤ 1.0 °C"),
            ({"product_tmpl_id": False, "categ_id": category.id}, "≤ 2.0 °C"),
            ({"product_tmpl_id": False, "categ_id": below.id}, "≤ 3.0 °C"),
            ({"product_tmpl_id": bacon.product_tmpl_id.id}, "≤ 4.0 °C"),
            ({"product_tmpl_id": bacon.product_tmpl_id.id, "step": "delivery"}, "≤ 5.0 °C"),
        ):
            expected = text
            maximum = float(text.split()[1])
            self.limit(self.temperature, has_maximum=True, maximum=maximum, **values)
            reading = self.measure(self.temperature, 1, lot=lot, step="delivery")
            self.assertEqual(reading.limit_text, expected)
        self.assertEqual(self.measure(self.temperature, 1, lot=lot).limit_text, "≤ 4.0 °C")

    def test_reading_keeps_its_limits_when_they_change(self):
        reading = self.measure(self.count_test, 900)
        self.count_test.limit_ids.maximum = 500
        self.assertEqual((reading.limit_text, reading.conformity), ("≤ 1000 CFU/g", "in"))
        self.assertEqual(self.measure(self.count_test, 900).conformity, "out")

    def test_each_reading_and_change_is_in_the_history_of_the_lot(self):
        reading = self.measure(self.count_test, 900)
        self.assertIn("Plate count 900 CFU/g", self.lot_a.message_ids[0].body)
        self.assertEqual(self.lot_a.message_ids[0].author_id, self.operator.partner_id)
        reading.with_user(self.operator).value = 950
        self.assertIn("from 900 CFU/g to Plate count 950", self.lot_a.message_ids[0].body)

    def test_form_shows_limits_and_breach_at_once(self):
        form = Form(self.floor["lot.measurement"].with_context(default_lot_id=self.lot_a.id))
        form.parameter_id = self.count_test
        form.value = "2000"
        self.assertEqual(form.limit_text, "≤ 1000 CFU/g")
        self.assertEqual(form.conformity, "out")
        self.assertEqual(form.method, "ISO 4833-1")
        self.assertEqual(form.save().verdict, "fail")

    def test_order_and_transfer_open_their_readings(self):
        self.count(self.product("Pork", tracking="none"), 10)
        order = self.make(
            self.lot_a, 5, {self.env["product.product"].search([("name", "=", "Pork")], limit=1): 5}
        )
        action = order.with_user(self.operator).action_readings()
        reading = (
            self.floor["lot.measurement"]
            .with_context(**action["context"])
            .create({"parameter_id": self.temperature.id, "value": "75"})
        )
        self.assertRecordValues(
            reading,
            [
                {
                    "lot_id": self.lot_a.id,
                    "production_id": order.id,
                    "step": "production",
                    "conformity": "in",
                }
            ],
        )
        self.assertEqual(order.reading_count, 1)
        receipt = self.receive({self.lot_a: 1})
        self.assertEqual(receipt.action_readings()["context"]["default_step"], "receipt")

    def test_lots_out_of_limits_are_found(self):
        self.measure(self.count_test, 2000)
        lots = self.env["stock.lot"].with_user(self.reader)
        self.assertEqual(lots.search([("measurement_ids.conformity", "=", "out")]), self.lot_a)
        self.assertEqual(self.lot_a.with_user(self.reader).out_of_limits_count, 1)

    def test_certificate_can_be_read_by_whoever_reads_the_result(self):
        file = self.floor["ir.attachment"].create({"name": "coa.pdf", "raw": b"pdf"})
        reading = self.measure(self.count_test, 10, attachment_ids=[Command.link(file.id)])
        self.env.invalidate_all()
        self.assertEqual(file.with_user(self.reader).raw, b"pdf")
        self.assertEqual(file.res_id, reading.id)


@tagged("post_install", "-at_install")
class TestReadingsBadInput(LotReadingsCommon):
    def assertRefused(self, words, parameter, value, **values):
        with self.assertRaises(UserError) as error, self.cr.savepoint():
            self.measure(parameter, value, **values)
        self.assertIn(words, str(error.exception))

    def test_absurd_values_are_refused_with_what_to_enter(self):
        self.assertRefused("cannot be 720.0 °C", self.temperature, "720")
        self.assertRefused("no number", self.temperature, "warm")
        self.assertRefused("no number", self.count_test, "1e99")
        self.assertRefused("yes or no", self.clean, "maybe")
        self.assertRefused("one of: Pink, Grey", self.colour, "Blue")
        self.assertRefused(
            "future", self.clean, "yes", measured_on=datetime.now() + timedelta(days=1)
        )

    def test_what_is_worked_out_cannot_be_typed(self):
        for values in ({"conformity": "in"}, {"verdict": "pass"}, {"limit_text": "≤ 9"}):
            self.assertRefused("worked out", self.count_test, "9", **values)
        with self.assertRaises(UserError):
            self.measure(self.count_test, 9).with_user(self.operator).active = False

    def test_reading_keeps_its_lot(self):
        reading = self.measure(self.count_test, 9)
        with self.assertRaises(UserError):
            reading.with_user(self.operator).lot_id = self.lot(self.ham, "HAM-B")

    def test_limits_that_make_no_sense_are_refused(self):
        category = self.env["product.category"].create({"name": "Meat"})
        for values in (
            {"has_minimum": True, "minimum": 9, "has_maximum": True, "maximum": 2},
            {},
            {"has_minimum": True, "categ_id": category.id},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.limit(self.temperature, **values)
        with self.assertRaises(ValidationError):
            self.limit(self.smell, has_minimum=True)

    def test_measured_parameter_keeps_its_kind(self):
        self.measure(self.count_test, 9)
        with self.assertRaises(ValidationError):
            self.count_test.kind = "text"

    def test_measured_lot_cannot_be_deleted(self):
        self.measure(self.count_test, 9)
        with self.assertRaisesRegex(UserError, "HAM-A has readings"):
            self.lot_a.with_user(self.manager).unlink()


@tagged("post_install", "-at_install")
class TestJudging(LotReadingsCommon):
    def test_quality_judges_and_operators_no_longer_change_it(self):
        reading = self.measure(self.smell, "Fresh")
        with self.assertRaises(AccessError):
            reading.with_user(self.operator).judge("pass")
        reading.with_user(self.quality).action_pass()
        self.assertRecordValues(reading, [{"verdict": "pass", "judged_by": self.quality.id}])
        with self.assertRaisesRegex(AccessError, "has been judged"):
            reading.with_user(self.operator).value = "Sour"

    def test_change_of_a_judged_value_is_shown_and_judged_anew(self):
        reading = self.measure(self.count_test, 900)
        reading.with_user(self.quality).action_pass()
        reading.with_user(self.quality).value = 2000
        self.assertFalse(reading.judged_by)
        self.assertEqual(reading.verdict, "fail")
        self.assertIn("had judged it (pass)", self.lot_a.message_ids[0].body)

    def test_verdict_against_the_limits_needs_a_reason(self):
        reading = self.measure(self.count_test, 2000).with_user(self.quality)
        with self.assertRaises(UserError):
            reading.action_pass()
        reading.judge("pass", "Retest of the reserve sample: 300")
        self.assertEqual((reading.verdict, reading.conformity), ("pass", "out"))

    def test_nothing_measured_cannot_be_judged(self):
        with self.assertRaises(UserError):
            self.measure(self.smell, "").with_user(self.quality).action_pass()

    def test_reading_is_struck_out_with_a_reason_and_stays_on_record(self):
        reading = self.measure(self.count_test, 2000)
        with self.assertRaises(AccessError):
            reading.with_user(self.operator).strike_out("Typo")
        wizard = (
            self.laboratory["lot.measurement.strike"]
            .with_context(active_model="lot.measurement", active_ids=reading.ids)
            .create({"reason": "Wrong sample"})
        )
        wizard.action_apply()
        self.assertRecordValues(
            reading,
            [{"active": False, "struck_by": self.quality.id, "struck_reason": "Wrong sample"}],
        )
        self.assertEqual(self.lot_a.out_of_limits_count, 0)
        self.assertIn("struck out (Wrong sample)", self.lot_a.message_ids[0].body)

    def test_nobody_deletes_a_reading(self):
        reading = self.measure(self.count_test, 9)
        for user in (self.operator, self.quality, self.manager):
            with self.assertRaises(AccessError):
                reading.with_user(user).unlink()
