from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestRpcGuard(LotTraceabilityCommon):
    """What no public method can work with is refused before it runs, as a program calls it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_lot = cls.received(cls.product("Milk"), "M-1", 5)

    def call(self, model, method, *args, **kwargs):
        return call_kw(self.env(user=self.reader)[model], method, list(args), kwargs)

    def test_right_arguments_are_answered(self):
        found = self.call("lot.trace", "trace", self.milk_lot.ids, direction="downstream")
        self.assertEqual([row["name"] for row in found["lots"]], ["M-1"])
        self.assertTrue(self.call("stock.lot", "action_trace", self.milk_lot.ids))

    def test_argument_of_another_kind_is_named(self):
        for lot_ids in (7, "7", ["7"], [None], {"a": 1}, [[7]]):
            with (
                self.subTest(lot_ids=lot_ids),
                self.assertRaisesRegex(ValidationError, "“lot_ids” of trace is of the wrong kind"),
            ):
                self.call("lot.trace", "trace", lot_ids)

    def test_kind_that_is_wanted_is_told(self):
        with self.assertRaisesRegex(ValidationError, "“direction” of trace is .*: give a text"):
            self.call("lot.trace", "trace", self.milk_lot.ids, ["upstream"])

    def test_number_that_no_field_holds_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "too large"):
            self.call("lot.trace", "trace", [2**40])

    def test_character_that_no_database_takes_is_refused(self):
        for direction in ("up\0", "\ud800"):
            with self.assertRaisesRegex(ValidationError, "a character that cannot be kept"):
                self.call("lot.trace", "trace", self.milk_lot.ids, direction)

    def test_nesting_without_end_is_refused(self):
        value: list = []
        for _level in range(60):
            value = [value]
        with self.assertRaisesRegex(ValidationError, "nested too deeply"):
            self.call("lot.trace", "rows", self.milk_lot.ids, "both", "lots", filters={"a": value})

    def test_missing_and_unknown_arguments_are_told(self):
        with self.assertRaisesRegex(ValidationError, "missing a required argument: 'lot_ids'"):
            self.call("lot.trace", "trace")
        with self.assertRaisesRegex(ValidationError, "unexpected keyword argument 'lots'"):
            self.call("lot.trace", "trace", self.milk_lot.ids, lots=[1])

    def test_ids_that_no_record_can_have_are_refused(self):
        for ids in (["1"], [0], [-1], [2**31], [True], [None]):
            with (
                self.subTest(ids=ids),
                self.assertRaisesRegex(ValidationError, "whole numbers above zero"),
            ):
                self.call("stock.lot", "set_status", ids, "hold")

    def test_what_documents_have_in_common_is_no_document(self):
        with self.assertRaisesRegex(ValidationError, "call it on the model of one"):
            self.call("lot.trace.document", "action_trace_lots", [1])

    def test_several_records_where_one_is_meant_are_told(self):
        lots = self.milk_lot | self.lot(self.milk_lot.product_id, "M-2")
        for ids in ([], lots.ids):
            with self.subTest(ids=ids), self.assertRaisesRegex(UserError, "choose exactly one"):
                self.call("stock.lot", "action_label_prints", ids)

    def test_mistake_of_a_program_is_no_mistake_of_its_caller(self):
        trace = type(self.env["lot.trace"])
        with (
            patch.object(trace, "_run", side_effect=ValueError("a mistake of ours")),
            self.assertRaisesRegex(ValueError, "a mistake of ours"),
        ):
            self.call("lot.trace", "trace", self.milk_lot.ids)

    def test_what_reads_anything_answers_for_itself(self):
        found = self.call("lot.trace", "find", "M\0-1")
        self.assertEqual(found["lot_ids"], self.milk_lot.ids)
        answers = call_kw(self.floor["lot.scan"], "send", [[{"text": "\0"}, 7]], {})
        self.assertEqual([answer["state"] for answer in answers], ["refused", "refused"])

    def test_methods_of_odoo_are_left_alone(self):
        for model, method in (
            ("stock.lot", "write"),
            ("stock.lot", "message_subscribe"),
            ("mrp.production", "button_mark_done"),
            ("mrp.production", "pre_button_mark_done"),
        ):
            found = getattr(type(self.env[model]), method)
            self.assertFalse(getattr(found, "_lot_guarded", False), method)

    def test_signature_and_marks_of_a_method_stay(self):
        method = type(self.env["lot.trace"]).trace
        self.assertTrue(method._lot_guarded)
        self.assertTrue(method._api_model)
        self.assertTrue(method._readonly)
