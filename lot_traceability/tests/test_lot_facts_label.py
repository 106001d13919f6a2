import itertools
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .test_lot_facts import LotFactsCommon

GTIN = "09520123456788"


@tagged("post_install", "-at_install")
class TestScannedLabel(LotFactsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spinach.write({"use_expiration_date": True, "expiration_time": 5, "barcode": GTIN})
        cls.label = f"(01){GTIN}(10)A17(11)260301(17)260315(422)276(7007)260227260228"

    def assertKnows(self, lot):
        self.assertRecordValues(
            lot,
            [
                {
                    "name": "A17",
                    "supplier_lot": "A17",
                    "production_date": date(2026, 3, 1),
                    "harvest_date": date(2026, 2, 27),
                    "harvest_end_date": date(2026, 2, 28),
                    "origin_country_id": self.germany.id,
                    # the end of that day in Berlin
                    "expiration_date": datetime(2026, 3, 15, 22, 59, 59),
                }
            ],
        )

    def test_label_written_by_a_program_fills_lot_dates_and_origin(self):
        self.assertKnows(self.arrived(self.label))

    def test_label_as_scanned_with_separators_is_read(self):
        raw = f"]C101{GTIN}10A17\x1d1126030117260315422276\x1d7007260227260228"
        self.assertKnows(self.arrived(raw))

    def test_label_typed_into_the_detailed_operations_is_read_at_once(self):
        picking = self.arrival("")
        form = Form(
            picking.move_ids.with_context(picking_code="incoming"),
            view="stock.view_stock_move_operations",
        )
        with form.move_line_ids.edit(0) as line:
            line.lot_name = self.label
            self.assertEqual(line.lot_name, "A17")
            self.assertEqual(str(line.production_date), "2026-03-01")
        form.save()
        self.validate(picking)
        self.assertKnows(picking.move_line_ids.lot_id)

    def test_line_created_with_a_label_is_read(self):
        picking = self.arrival("")
        picking.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create({"lot_name": self.label, "quantity": 10, "product_id": self.spinach.id})
        ]
        picking.move_ids.picked = True
        self.validate(picking)
        self.assertKnows(picking.move_ids.move_line_ids.lot_id)

    def test_best_before_of_the_label_stays_and_core_works_out_the_rest(self):
        self.spinach.write({"removal_time": 1, "alert_time": 2})
        lot = self.arrived(f"(01){GTIN}(10)B1(15)260310(17)260315")
        self.assertEqual(lot.use_date, datetime(2026, 3, 10, 22, 59, 59))
        self.assertEqual(lot.removal_date, datetime(2026, 3, 14, 22, 59, 59))
        self.assertEqual(lot.alert_date, datetime(2026, 3, 13, 22, 59, 59))

    def test_lot_created_under_a_label_takes_its_number(self):
        lot = self.floor["stock.lot"].create({"product_id": self.spinach.id, "name": self.label})
        self.assertEqual(lot.name, "A17")
        self.assertEqual(lot.origin_country_id.code, "DE")

    def test_the_form_of_numbers_is_asked_of_the_number_not_of_the_label(self):
        self.spinach.lot_mask = "A99"
        lot = self.floor["stock.lot"].create({"product_id": self.spinach.id, "name": self.label})
        self.assertEqual(lot.name, "A17")
        with self.assertRaisesRegex(UserError, "A17"), self.cr.savepoint():
            self.floor["stock.lot"].create({"product_id": self.spinach.id, "name": self.label})

    def test_number_by_scheme_may_speak_of_what_the_line_tells(self):
        self.env["lot.numbering.scheme"].create(
            {
                "name": "S",
                "template": "{production_date:%j}-{supplier_lot}-{seq}",
                "reset": "never",
                "on_receipt": True,
                "sequence": 1,
            }
        )
        lot = self.arrived(False, supplier_lot="S9", production_date=date(2026, 3, 1))
        self.assertEqual(lot.name, "060-S9-1")

    def test_ordinary_lot_numbers_stay_as_they_are(self):
        for name in ("A17", "10A17", "(blue) 4", "0110", "9520123456788"):
            self.assertEqual(self.arrival(name).move_line_ids.lot_name, name)

    def test_serial_number_is_taken_from_its_own_identifier(self):
        pump = self.product("Pump", tracking="serial")
        line = self.arrival(f"(01){GTIN[:-1]}8(21)S-5(10)L1", product=self.spinach, quantity=1)
        self.assertEqual(line.move_line_ids.lot_name, "L1")
        self.spinach.barcode = False
        serial = self.arrival(f"(01){GTIN}(21)S-5(10)L1", product=pump, quantity=1)
        self.assertEqual(serial.move_line_ids.lot_name, "S-5")

    def test_label_of_another_product_is_refused(self):
        kale = self.product("Kale")
        with self.assertRaisesRegex(UserError, "This label is of Spinach"):
            self.arrival(self.label, product=kale)

    def test_label_without_a_lot_or_misread_says_so(self):
        with self.assertRaisesRegex(UserError, "no lot number"), self.cr.savepoint():
            self.arrival(f"]C101{GTIN}17260315")
        with self.assertRaisesRegex(UserError, "check digit"), self.cr.savepoint():
            self.arrival(f"]C1{GTIN[:-1].join(['01', ''])}010A17")


@tagged("post_install", "-at_install")
class TestFactsBadInput(LotFactsCommon):
    numbers = itertools.count()

    def assertRefused(self, words, **values):
        lot = self.lot(self.spinach, f"X-{next(self.numbers)}")
        with self.assertRaises(ValidationError) as error, self.cr.savepoint():
            lot.with_user(self.operator).write(values)
        message = str(error.exception)
        self.assertIn(words, message)
        self.assertTrue(message.endswith("."), message)

    def test_dates_that_cannot_be_are_refused(self):
        day = date(2026, 3, 1)
        self.assertRefused("Packing Date", production_date=day, packing_date=date(2026, 2, 28))
        self.assertRefused("Harvest Date", production_date=day, harvest_date=date(2026, 3, 2))
        self.assertRefused("until", harvest_date=day, harvest_end_date=date(2026, 2, 1))
        self.assertRefused("cannot be", production_date=date(2026, 5, 1))
        self.assertRefused("cannot be", production_date=date(26, 3, 1))
        self.spinach.use_expiration_date = True
        self.assertRefused(
            "Expiration Date", production_date=day, expiration_date=datetime(2026, 2, 27)
        )

    def test_lot_that_expires_on_the_day_it_was_made_passes(self):
        self.spinach.use_expiration_date = True
        # 22:30 UTC on the day before is that day in Berlin (from 29 March on).
        lot = self.lot(self.spinach, "X", production_date=date(2026, 3, 2))
        lot.expiration_date = datetime(2026, 3, 1, 23, 30)
        with self.assertRaises(ValidationError):
            lot.expiration_date = datetime(2026, 3, 1, 22, 30)

    def test_wrong_date_on_a_receipt_leaves_nothing_half_done(self):
        picking = self.arrival(
            "A17", production_date=date(2026, 3, 1), packing_date=date(2026, 2, 1)
        )
        with self.assertRaises(ValidationError), self.cr.savepoint():
            picking.button_validate()
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "A17")]))
        self.assertNotEqual(picking.state, "done")

    def test_barcode_in_the_quantity_is_refused(self):
        picking = self.arrival("A17")
        picking.move_line_ids.quantity = 9520123456788
        with self.assertRaisesRegex(UserError, "scanned into the quantity"):
            picking.move_ids._action_done()

    def test_negative_quantity_is_refused(self):
        with self.assertRaises(UserError):
            self.arrival("A17").move_line_ids.quantity = -1


@tagged("post_install", "-at_install")
class TestFactsAccess(LotFactsCommon):
    def test_only_administrators_change_lists(self):
        administrator = new_test_user(
            self.env, login="facts_admin", groups="lot_traceability.group_administrator"
        )
        auditor = new_test_user(
            self.env, login="facts_auditor", groups="lot_traceability.group_auditor"
        )
        for record in (
            self.env.ref("lot_traceability.allergen_milk"),
            self.demand("supplier_lot"),
        ):
            for user in (self.operator, self.quality, self.reader, auditor):
                self.assertTrue(record.with_user(user).has_access("read"))
                self.assertFalse(record.with_user(user).has_access("write"))
                self.assertFalse(record.with_user(user).has_access("create"))
            self.assertTrue(record.with_user(administrator).has_access("write"))

    def test_reader_and_operator_may_not_change_what_products_demand(self):
        for user in (self.reader, self.operator):
            with self.assertRaises(AccessError):
                self.spinach.with_user(user).receipt_demand_ids = self.demand("supplier_lot")

    def test_reader_may_not_change_facts(self):
        lot = self.lot(self.spinach, "A17")
        with self.assertRaises(AccessError):
            lot.with_user(self.reader).origin_place = "Mars"
