from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .answer_common import AnswerCommon


@tagged("post_install", "-at_install")
class TestRecallAnswer(AnswerCommon):
    """What staff record of a consignee's answer, and what follows from it."""

    def test_answer_fills_figures_and_state(self):
        answer = self.answer(self.at_shop, found=4, quarantined=4, consumed=2)
        line = self.at_shop.line_ids
        self.assertEqual((line.found, line.quarantined, line.consumed), (4, 4, 2))
        self.assertEqual(self.at_shop.state, "answered")
        self.assertEqual(self.at_shop.answered_on, answer.given_on)
        self.assertTrue(self.at_shop.read_on)
        self.assertEqual((answer.version, answer.via, answer.user_id), (1, "call", self.quality))
        self.assertEqual(answer.line_ids.expected, 6)
        step = self.steps(self.case)[-1]
        self.assertEqual((step["step"], step["by"], step["via"]), ("answered", "Ann", "call"))

    def test_correction_is_a_version_and_the_latest_counts(self):
        first = self.answer(self.at_shop, found=4)
        second = self.answer(self.at_shop, found=3, sold_on=1)
        self.assertEqual(self.at_shop.answer_ids, second + first)
        self.assertEqual(self.at_shop.answer_id, second)
        self.assertEqual((second.version, first.line_ids.found), (2, 4))
        self.assertEqual((self.at_shop.line_ids.found, self.at_shop.line_ids.sold_on), (3, 1))
        steps = [step for step in self.steps(self.case) if step["step"] == "answered"]
        self.assertEqual([step["answer"]["version"] for step in steps], [1, 2])

    def test_same_answer_again_changes_nothing(self):
        first = self.answer(self.at_shop, found=4)
        self.assertEqual(self.answer(self.at_shop, found=4), first)
        self.assertEqual(len(self.at_shop.answer_ids), 1)

    def test_none_of_it(self):
        answer = self.answer(self.at_shop, none_found=True)
        self.assertTrue(answer.none_found)
        self.assertEqual(len(answer.line_ids), 1)
        self.assertEqual(self.at_shop.state, "answered")

    def test_none_of_it_and_yet_found_is_refused(self):
        with self.assertRaisesRegex(UserError, "clear one of them"):
            self.answer(self.at_shop, none_found=True, found=1)

    def test_more_dealt_with_than_found_is_refused(self):
        with self.assertRaisesRegex(UserError, "only 4 kg were found"):
            self.answer(self.at_shop, found=4, quarantined=3, destroyed=2, confirmed=True)

    def test_larger_than_shipped_is_asked_then_taken_and_flagged(self):
        with self.assertRaisesRegex(UserError, "come to 9 kg, but 6 kg were sent"):
            self.answer(self.at_shop, found=9)
        answer = self.answer(self.at_shop, found=9, confirmed=True)
        self.assertTrue(answer.larger)
        self.assertTrue(self.at_shop.answer_larger)
        look = self.activities(self.at_shop, "answer")
        self.assertEqual(look.user_id, self.recaller)
        self.assertIn("More is accounted for", look.note)
        self.answer(self.at_shop, found=6)
        self.assertFalse(self.activities(self.at_shop, "answer"))

    def test_what_is_no_quantity_is_refused(self):
        for wrong in ("-1", "1e9", "nan", "1,234"):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(UserError, "is no quantity"):
                self.answer(self.at_shop, found=wrong)
        for wrong in (float("inf"), 10**400):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(UserError, "is too large"):
                self.answer(self.at_shop, found=wrong)

    def test_lot_of_another_consignee_is_not_answered_for(self):
        with self.assertRaisesRegex(UserError, "at least one figure"):
            self.at_shop.record_answer(
                {"name": "Ann", "lines": self.figures(self.at_cafe, found=4)}
            )
        self.assertEqual(self.at_cafe.line_ids.found, 0)

    def test_rows_of_any_shape_are_no_crash(self):
        for rows in ("x", [1], [{"line_id": []}], {"a": 1}, [{}]):
            with self.subTest(rows=rows), self.assertRaisesRegex(UserError, "at least one figure"):
                self.at_shop.record_answer({"name": "Ann", "lines": rows, "sold": rows})

    def test_another_company_sees_none_of_it(self):
        self.answer(self.at_shop, found=4)
        self.laboratory["lot.recall.call"].create(
            {"consignee_id": self.at_shop.id, "outcome": "no_answer"}
        )
        company = self.env["res.company"].create({"name": "Other"})
        other = new_test_user(
            self.env,
            "other_reader",
            groups="lot_traceability.group_reader",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in ("answer", "answer.line", "call", "consignee"):
            self.assertTrue(self.env[f"lot.recall.{model}"].search([]))
            self.assertFalse(self.env[f"lot.recall.{model}"].with_user(other).search([]))

    def test_without_a_name_is_refused(self):
        with self.assertRaisesRegex(UserError, "name of the person"):
            self.answer(self.at_shop, found=4, name=" ")

    def test_not_followed_has_somebody_look(self):
        self.answer(self.at_shop, found=6, followed="no")
        self.assertIn("what hinders it", self.activities(self.at_shop, "answer").note)

    def test_named_businesses_cannot_have_bought_more_than_was_sold(self):
        sold = [{"name": "Kiosk", "line_id": self.at_shop.line_ids.id, "quantity": 3}]
        with self.assertRaisesRegex(UserError, "bought 3, but you sold 2"):
            self.answer(self.at_shop, sold, found=4, sold_on=2)

    def test_answer_stays_as_it_was_given(self):
        answer = self.answer(self.at_shop, found=4)
        for record, values in (
            (answer, {"comment": "else"}),
            (answer.line_ids, {"found": 1}),
        ):
            with self.assertRaisesRegex(UserError, "as it was given"):
                record.sudo().write(values)
            with self.assertRaisesRegex(UserError, "evidence"):
                record.sudo().unlink()
        with self.assertRaises(AccessError):
            answer.create({"consignee_id": self.at_shop.id, "version": 9, "person": "Eve"})

    def test_figures_and_state_come_of_answers_alone(self):
        first = self.answer(self.at_shop, found=4, quarantined=4)
        line = self.at_shop.line_ids
        for values in ({"destroyed": 4}, {"net": 1}, {"active": False}):
            with self.assertRaisesRegex(UserError, "record a new answer that corrects it"):
                line.write(values)
        for values in ({"state": "refused"}, {"answer_id": False}, {"parent_id": self.at_cafe.id}):
            with self.assertRaisesRegex(UserError, "note a call, or record an answer"):
                self.at_shop.write(values)
        self.assertEqual((line.destroyed, line.quarantined, line.net), (0, 4, 6))
        self.assertEqual((self.at_shop.answer_id, self.at_shop.state), (first, "answered"))
        self.at_shop.phone = "+1 555 0101"
        self.answer(self.at_shop, found=4, destroyed=4)
        self.assertEqual((line.destroyed, line.quarantined), (4, 0))

    def test_reader_records_no_answer(self):
        env = self.env(user=self.reader)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.answer(self.at_shop.with_env(env), found=4)

    def test_closed_recall_takes_no_answer(self):
        self.case.action_cancel("Was none")
        with self.assertRaisesRegex(UserError, "called off|Called off"):
            self.answer(self.at_shop, found=4)

    def test_percentages(self):
        self.assertEqual((self.case.told_percent, self.case.answered_percent), (50, 0))
        self.at_shop._mark_read()
        self.case.invalidate_recordset()
        self.assertEqual((self.case.read_percent, self.case.answered_count), (50, 0))
        self.answer(self.at_cafe, found=4)
        self.case.invalidate_recordset()
        self.assertEqual((self.case.read_percent, self.case.answered_percent), (100, 50))
        self.env.invalidate_all()
        self.case.name  # noqa: B018 - the recall itself is read before
        with self.assertQueryCount(1):
            self.case.sudo().mapped("told_count")

    def test_wizard_records_as_staff_heard_it(self):
        self.answer(self.at_shop, found=4)
        wizards = self.laboratory["lot.recall.answer.wizard"]
        wizard = wizards.with_context(active_id=self.at_shop.id).create({"via": "visit"})
        self.assertEqual((wizard.person, wizard.line_ids.found), ("Ann", 4))
        wizard.line_ids.write({"found": 2, "sold_on": 3})
        wizard.write(
            {
                "sold_ids": [
                    (
                        0,
                        0,
                        {"name": "Kiosk", "quantity": 3, "received_id": self.at_shop.line_ids.id},
                    )
                ]
            }
        )
        wizard.action_record()
        answer = self.at_shop.answer_id
        self.assertEqual((answer.version, answer.via, answer.sold_ids.name), (2, "visit", "Kiosk"))


@tagged("post_install", "-at_install")
class TestRecallAnswerSold(AnswerCommon):
    """Those to whom a consignee sold some of it are told as well."""

    def sold(self, quantity=2, **values):
        line = self.at_shop.line_ids.id
        row = {"name": "Kiosk", "email": "kiosk@example.com", "address": "Main St 1"}
        return [{**row, "line_id": line, "quantity": quantity, **values}]

    def test_business_becomes_a_consignee_of_level_two(self):
        answer = self.answer(self.at_shop, self.sold(), found=4, sold_on=2)
        self.assertTrue(self.activities(self.at_shop, "answer"))
        (taken,) = self.at_shop.with_user(self.recaller).take_sold_on()
        kiosk = self.case.consignee_ids.browse(taken)
        self.assertEqual((kiosk.partner_id.name, kiosk.email), ("Kiosk", "kiosk@example.com"))
        self.assertEqual(
            (kiosk.level, kiosk.parent_id.id, kiosk.state), (2, self.at_shop.id, "open")
        )
        self.assertEqual((kiosk.line_ids.lot_id, kiosk.line_ids.net), (self.cheese_1, 2))
        self.assertEqual(answer.sold_ids.consignee_id.id, kiosk.id)
        self.assertIn(kiosk, self.case.consignee_ids)
        self.assertEqual(self.steps(self.case)[-1]["step"], "taken in")

    def test_partner_is_found_by_mail(self):
        known = self.env["res.partner"].create({"name": "K.", "email": "Kiosk@Example.com"})
        self.answer(self.at_shop, self.sold(), sold_on=2)
        (taken,) = self.at_shop.with_user(self.recaller).take_sold_on()
        self.assertEqual(self.case.consignee_ids.browse(taken).partner_id, known)

    def test_corrected_answer_corrects_what_it_bought(self):
        self.answer(self.at_shop, self.sold(), sold_on=2)
        recaller = self.at_shop.with_user(self.recaller)
        first = recaller.take_sold_on()
        self.answer(self.at_shop, self.sold(3), sold_on=3)
        self.assertEqual(recaller.take_sold_on(), first)
        self.assertEqual(self.case.consignee_ids.browse(first).line_ids.net, 3)
        with self.assertRaisesRegex(UserError, "not in the recall already"):
            recaller.take_sold_on()

    def test_consignee_that_we_supply_as_well_keeps_its_figures(self):
        self.cafe.email = "cafe@example.com"
        line = self.at_cafe.line_ids
        self.answer(self.at_shop, self.sold(email="cafe@example.com"), sold_on=2)
        (taken,) = self.at_shop.with_user(self.recaller).take_sold_on()
        self.assertEqual(taken, self.at_cafe.id)
        self.assertEqual((self.at_cafe.level, line.net), (1, 4))
        self.assertEqual(len(self.at_cafe.line_ids), 2)

    def test_new_version_of_the_scope_keeps_them(self):
        self.answer(self.at_shop, self.sold(), sold_on=2)
        (taken,) = self.at_shop.with_user(self.recaller).take_sold_on()
        self.case.new_version()
        self.case.draft_scope_id.freeze()
        self.assertTrue(self.case.consignee_ids.browse(taken).line_ids)

    def test_quality_takes_nobody_in(self):
        self.answer(self.at_shop, self.sold(), sold_on=2)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.at_shop.take_sold_on()


@tagged("post_install", "-at_install")
class TestRecallAnswerCalls(AnswerCommon):
    """The log of calls, and the states that follow from it."""

    def call(self, outcome, consignee=None, **values):
        consignee = consignee or self.at_shop
        return self.laboratory["lot.recall.call"].create(
            {"consignee_id": consignee.id, "outcome": outcome, **values}
        )

    def test_reached_by_phone_is_told(self):
        call = self.call("reached", self.at_cafe, spoke_with="Bob")
        self.assertEqual((self.at_cafe.state, self.at_cafe.told_on), ("told", call.called_on))
        step = self.steps(self.case)[-1]
        self.assertEqual((step["step"], step["spoke_with"]), ("called", "Bob"))

    def test_reached_without_a_name_is_refused(self):
        with self.assertRaisesRegex(UserError, "with whom"):
            self.call("reached")

    def test_third_call_without_an_answer_is_not_reached(self):
        for state in ("told", "told", "unreachable"):
            self.call("no_answer")
            self.assertEqual(self.at_shop.state, state)

    def test_wrong_number_refused_and_gone(self):
        for outcome, state in (
            ("wrong_number", "unreachable"),
            ("refused", "refused"),
            ("gone", "gone"),
        ):
            self.call(outcome)
            self.assertEqual(self.at_shop.state, state)

    def test_answered_stays_answered(self):
        self.answer(self.at_shop, found=6)
        self.call("refused")
        self.assertEqual(self.at_shop.state, "answered")

    def test_one_who_refused_may_still_answer(self):
        self.call("refused")
        self.answer(self.at_shop, found=6)
        self.assertEqual(self.at_shop.state, "answered")

    def test_next_call_is_an_activity_that_the_answer_ends(self):
        self.call("no_answer", next_call_on="2026-03-04")
        activity = self.activities(self.at_shop, "call")
        self.assertEqual(
            (activity.user_id, str(activity.date_deadline)), (self.quality, "2026-03-04")
        )
        self.answer(self.at_shop, found=6)
        self.assertFalse(self.activities(self.at_shop, "call"))

    def test_call_stays_as_it_was_noted(self):
        call = self.call("no_answer")
        with self.assertRaisesRegex(UserError, "as it was noted"):
            call.write({"note": "else"})
        with self.assertRaisesRegex(UserError, "evidence"):
            call.sudo().unlink()

    def test_call_of_tomorrow_is_refused(self):
        with self.assertRaisesRegex(UserError, "after it was made"):
            self.call("no_answer", called_on="2030-01-01 00:00:00")

    def test_reader_notes_no_call(self):
        env = self.env(user=self.reader)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            env["lot.recall.call"].create({"consignee_id": self.at_shop.id, "outcome": "gone"})
