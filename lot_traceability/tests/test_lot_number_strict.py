import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.lot_traceability.models.unique_index import UniqueIndexWherePossible
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestLotNumberStrict(LotTraceabilityCommon):
    """Spelling, look-alikes, masks, labels and duplicates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.first = cls.lot(cls.milk, "LOT-1")

    @contextmanager
    def warnings(self):
        """Messages that a form shows meanwhile."""
        messages = []
        lots = type(self.env["stock.lot"])
        original = lots._number_warnings

        def noted(records, *args, **kwargs):
            found = original(records, *args, **kwargs)
            messages.extend(found)
            return found

        with (
            patch.object(lots, "_number_warnings", noted),
            mute_logger("odoo.tests.form.onchange"),
        ):
            yield messages

    def assertRefused(self, name, words, product=None):
        with self.assertRaises(ValidationError) as error, self.cr.savepoint():
            self.lot(product or self.milk, name)
        self.assertIn(words, str(error.exception))

    # -- spelling ----------------------------------------------------------------------------

    def test_blanks_around_a_number_are_dropped_everywhere(self):
        self.assertEqual(self.lot(self.milk, " \tLOT-2 \u00a0").name, "LOT-2")
        self.first.name = "  LOT-3 "
        self.assertEqual(self.first.name, "LOT-3")
        lot = self.received(self.milk, " LOT-3 ", 5)
        self.assertEqual(lot, self.first)

    def test_same_number_in_another_spelling_is_refused_with_the_one_meant(self):
        for name in ("lot-1", "LOT–1", "ＬＯＴ-1", "Lot-1"):
            self.assertRefused(name, "did you mean LOT-1?")
        self.assertEqual(self.lot(self.cheese, "lot-1").name, "lot-1")

    def test_look_alike_number_is_refused_only_where_the_company_says_so(self):
        self.assertEqual(self.lot(self.milk, "L0T-I").name, "L0T-I")
        self.company.lot_lookalike = "refuse"
        self.assertRefused("1OT-1", "did you mean")
        self.assertRefused("l0t-l", "did you mean")
        self.company.lot_lookalike = "off"
        self.assertEqual(self.lot(self.milk, "lot-1").name, "lot-1")

    def test_receipt_that_types_another_spelling_is_refused_and_nothing_is_done(self):
        picking = self.picking(self.plant.in_type_id, {self.milk: 5}, source=self.suppliers)
        picking.move_line_ids.lot_name = "lot-1"
        with self.assertRaisesRegex(ValidationError, "did you mean LOT-1"), self.cr.savepoint():
            self.validate(picking)
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(self.first.product_qty, 0)

    def test_numbers_of_a_scheme_are_never_taken_for_one_another(self):
        self.company.lot_lookalike = "refuse"
        scheme = self.env["lot.numbering.scheme"].create(
            {"name": "S", "template": "{product}/{seq:03}", "reset": "never", "sequence": 1}
        )
        self.lot(self.cheese, "B/001")
        self.cheese.default_code = "8"
        lot = self.env["stock.lot"].create({"product_id": self.cheese.id})
        self.assertEqual(lot.name, "8/001")
        scheme.active = False
        self.assertRefused("8/00I", "did you mean", self.cheese)

    def test_lots_that_exist_stay_usable_whatever_the_rules(self):
        other = self.lot(self.milk, "L0T-1")
        self.company.lot_lookalike = "refuse"
        self.milk.lot_mask = "99"
        self.receive({self.first: 5, other: 5})
        other.ref = "still here"
        other.name = "L0T-1"
        self.assertEqual(other.product_qty, 5)

    def test_typing_a_look_alike_asks_did_you_mean(self):
        form = Form(self.floor["stock.lot"])
        form.product_id = self.milk
        with self.warnings() as messages:
            form.name = "L0T-1"
        self.assertEqual(len(messages), 1)
        self.assertIn("Did you mean LOT-1?", messages[0])
        with self.warnings() as messages:
            form.name = "LOT-1"
        self.assertIn("exists already", messages[0])
        with self.warnings() as messages:
            form.name = "NEW-1"
        self.assertFalse(messages)

    def test_typing_on_a_receipt_asks_did_you_mean(self):
        picking = self.picking(self.plant.in_type_id, {self.milk: 5}, source=self.suppliers)
        line = self.floor["stock.move.line"].new(origin=picking.move_line_ids)
        line.lot_name = "LOT-l"
        warning = line._onchange_lot_number()
        self.assertIn("Did you mean LOT-1?", warning["warning"]["message"])
        line.lot_name = "LOT-1"
        self.assertIsNone(line._onchange_lot_number())

    def test_checking_a_thousand_numbers_takes_one_query(self):
        entries = [(self.milk, {}, f"N{number:04}") for number in range(1000)]
        lots = self.env["stock.lot"]
        self.env.flush_all()
        lots._check_new_numbers(entries[:1])
        with self.assertQueryCount(1):
            lots._check_new_numbers(entries)

    # -- labels ------------------------------------------------------------------------------

    def test_number_that_no_label_carries_is_pointed_out(self):
        self.assertFalse(self.first.label_hint)
        lot = self.lot(self.milk, "MILK/2026-03-02/0001/A")
        self.assertIn("has 22", lot.label_hint)
        lot.name = "Crème 1"
        self.assertIn("“è”", lot.label_hint)
        self.assertIn("“ ”", lot.label_hint)
        form = Form(self.floor["stock.lot"])
        form.product_id = self.milk
        with self.warnings() as messages:
            form.name = "A" * 21
        self.assertIn("carries 20 characters", messages[0])

    # -- masks -------------------------------------------------------------------------------

    def test_number_that_does_not_fit_the_product_is_refused_with_the_form(self):
        self.milk.lot_mask = "AA-9999"
        self.assertRefused(
            "X1", "X1: a lot number of Milk has the form AA-9999, for example AB-1234"
        )
        with self.assertRaisesRegex(ValidationError, "AA-9999"):
            self.received(self.milk, "AA-999", 5)
        self.assertEqual(self.received(self.milk, "XY-0001", 5).name, "XY-0001")
        self.assertEqual(self.lot(self.cheese, "X1").name, "X1")

    def test_number_that_does_not_fit_the_supplier_is_refused_at_receipt(self):
        self.dairy.lot_mask = "'D'9{4}"
        with self.assertRaisesRegex(ValidationError, "Dairy has the form .*, for example D1234"):
            self.received(self.milk, "1234", 5, partner=self.dairy)
        self.assertEqual(self.received(self.milk, "1234", 5, partner=self.mill).name, "1234")
        self.assertEqual(self.received(self.milk, "D0001", 5, partner=self.dairy).name, "D0001")

    def test_mask_of_the_product_goes_before_the_one_of_the_supplier(self):
        self.dairy.lot_mask = "'D'9{4}"
        self.milk.lot_mask = "99"
        self.assertEqual(self.received(self.milk, "12", 5, partner=self.dairy).name, "12")

    def test_suppliers_number_that_does_not_fit_the_supplier_is_refused(self):
        self.dairy.lot_mask = "'D'9{4}"
        with self.assertRaisesRegex(ValidationError, "D1234"), self.cr.savepoint():
            self.first.write({"supplier_id": self.dairy.id, "supplier_lot": "77"})
        self.first.write({"supplier_id": self.dairy.id, "supplier_lot": "D0077"})

    def test_product_form_tells_when_scheme_and_form_do_not_go_together(self):
        self.number_by_day()
        self.assertFalse(self.milk.lot_mask_conflict)
        self.milk.lot_mask = "AA-9999"
        self.assertTrue(self.milk.lot_mask_conflict)
        self.milk.lot_mask = "9{8}-9{3,5}"
        self.assertFalse(self.milk.lot_mask_conflict)

    def test_mask_that_cannot_be_read_is_refused(self):
        for record in (self.milk, self.dairy):
            with (
                self.assertRaisesRegex(ValidationError, "from character 3 on"),
                self.cr.savepoint(),
            ):
                record.lot_mask = "AA{x}"

    # -- duplicates --------------------------------------------------------------------------

    def test_duplicates_are_listed_in_one_message_and_none_is_made(self):
        numbers = [f"S{number:03}" for number in range(100)]
        with self.assertRaises(ValidationError) as error, self.cr.savepoint():
            self.env["stock.lot"].create(
                [{"product_id": self.milk.id, "name": name} for name in numbers + numbers[:15]]
            )
        message = str(error.exception)
        self.assertIn("must be unique", message)
        self.assertIn("15 numbers", message)
        self.assertIn("S009 and 5 others", message)
        self.assertNotIn("S010", message)
        self.assertEqual(
            self.env["stock.lot"].search([("product_id", "=", self.milk.id)]), self.first
        )

    def test_rename_to_a_number_that_is_there_is_refused(self):
        other = self.lot(self.milk, "LOT-2")
        with self.assertRaisesRegex(ValidationError, "must be unique"), self.cr.savepoint():
            other.name = "LOT-1"

    def test_two_companies_may_have_the_same_number_but_not_beside_a_shared_lot(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        lots = [
            self.lot(self.cheese, "X-1", company_id=company.id) for company in (self.company, other)
        ]
        self.assertEqual([lot.name for lot in lots], ["X-1", "X-1"])
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.lot(self.milk, "LOT-1", company_id=other.id)

    def test_database_guards_where_python_is_passed_by(self):
        self.env.flush_all()
        row = SQL("INSERT INTO stock_lot (name, product_id) VALUES ('LOT-1', %s)", self.milk.id)
        with (
            self.assertRaisesRegex(Exception, "stock_lot_number_unique"),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.env.cr.execute(row)

    def test_database_with_duplicates_is_installed_with_a_warning(self):
        index = next(
            entry
            for entry in self.env["stock.lot"]._table_objects.values()
            if isinstance(entry, UniqueIndexWherePossible)
        )
        cr = self.env.cr
        cr.execute("DROP INDEX stock_lot_number_unique")
        cr.execute(
            SQL("INSERT INTO stock_lot (name, product_id) VALUES ('LOT-1', %s)", self.milk.id)
        )
        with self.assertLogs("odoo.addons.lot_traceability.models.unique_index", "WARNING") as logs:
            index.apply_to_database(self.env["stock.lot"])
        self.assertIn("twice", logs.output[0])
        cr.execute(SQL("DELETE FROM stock_lot WHERE product_id = %s", self.milk.id))
        index.apply_to_database(self.env["stock.lot"])
        cr.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'stock_lot_number_unique'")
        self.assertTrue(cr.fetchone())

    def test_keys_of_lots_from_before_are_worked_out_by_the_database_alike(self):
        names = ["  a  1 ", "O0IL1-5S8B2Z", "ｌｏｔ – 1", "ß\u200b9", "plain"]
        lots = self.env["stock.lot"].create(
            [{"product_id": self.cheese.id, "name": f"{name}{i}"} for i, name in enumerate(names)]
        )
        expected = lots.mapped("name_key")
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_lot SET name_key = NULL")
        lots._fill_name_keys()
        self.env.invalidate_all()
        self.assertEqual(lots.mapped("name_key"), expected)

    def test_validating_three_hundred_lots_stays_quick(self):
        """No time limit decides; the figure is for whoever measures."""
        self.number_by_day().on_receipt = True
        serial = self.product("Pump", tracking="serial")
        picking = self.picking(self.plant.in_type_id, {serial: 1}, source=self.suppliers)
        picking.move_line_ids.quantity = 300
        began = time.perf_counter()
        self.validate(picking)
        self.assertEqual(len(picking.move_line_ids.lot_id), 300, time.perf_counter() - began)
