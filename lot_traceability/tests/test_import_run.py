import contextlib
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCommon


class KilledError(Exception):
    """As if the server had been killed."""


@tagged("post_install", "-at_install", "moving_in")
class TestImportRun(ImportCommon):
    """Writing: all or nothing, once, and taken back while nothing builds on it."""

    def events(self, batch):
        self.env.cr.flush()
        return self.env["lot.audit.event"].search(
            [("res_model", "=", "lot.import"), ("res_id", "=", batch.id)], order="id"
        )

    def run_cron(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60.0
        ):
            self.env["lot.import"]._cron_run()

    def test_lots_are_made_with_what_the_file_says_and_say_that_they_were_imported(self):
        batch = self.imported(
            "lots",
            self.xlsx(
                [
                    ["Product", "Lot", "Vendor lot", "Supplier", "Expiry", "Status", "Country"],
                    ["IM-MILK", "A-1", 4711, "Dairy", "2026-05-31", "quarantine", "FR"],
                ]
            ),
        )
        lot = self.env["stock.lot"].search([("lot_import_id", "=", batch.id)])
        self.assertEqual(
            (lot.name, lot.supplier_lot, lot.supplier_id, lot.status_id.code),
            ("A-1", "4711", self.dairy, "quarantine"),
        )
        self.assertEqual(lot.origin_country_id.code, "FR")
        self.assertEqual(
            self.env["lot.calendar"]._day(lot.expiration_date).isoformat(), "2026-05-31"
        )
        created = self.env["lot.audit.event"].search([("lot_id", "=", lot.id)])
        self.assertEqual(created.kind, "created")
        self.assertIn("old.xlsx", created.body)

    def test_each_batch_is_one_event_with_its_rows_and_the_file(self):
        batch = self.imported("lots", [["Product", "Lot"], ["IM-MILK", "A"], ["IM-MILK", "B"]])
        event = self.events(batch)
        self.assertEqual((event.kind, event.user_id), ("imported", self.importer))
        self.assertIn(batch.digest, event.body)
        self.assertIn('"first":2,"last":3,"count":2', event.body)

    def test_stock_is_booked_in_by_done_moves(self):
        (lot,) = self.lots("A")
        self.imported(
            "stock",
            [
                ["Lot", "Location", "Qty", "Unit", "Package", "Owner"],
                ["A", self.stock.complete_name, "1500", "g", "PAL-9", "Café"],
            ],
        )
        quant = lot.quant_ids.filtered(lambda one: one.location_id == self.stock)
        self.assertEqual(
            (quant.quantity, quant.package_id.name, quant.owner_id), (1.5, "PAL-9", self.cafe)
        )
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        self.assertEqual((line.state, line.move_id.is_inventory), ("done", True))
        self.assertIn("old.csv", line.move_id.reference)

    def test_results_are_readings_and_stop_lots_like_any_other(self):
        (lot,) = self.lots("A")
        parameter = self.env["lot.parameter"].create({"name": "Acid of old", "kind": "number"})
        self.imported(
            "quality",
            [
                ["Lot", "Parameter", "Result", "Date", "Tester"],
                ["A", "acid of old", "4,2", "2026-01-10 08:30", "A. Lane"],
            ],
        )
        reading = self.env["lot.measurement"].search([("lot_id", "=", lot.id)])
        self.assertEqual((reading.parameter_id, reading.value_number), (parameter, 4.2))
        self.assertEqual(reading.note, "By A. Lane")
        self.assertTrue(reading.lot_import_id)

    def test_nothing_is_imported_before_it_was_checked_or_with_problems(self):
        batch = self.batch("lots", [["Product", "Lot"], ["NOPE", "A"]])
        with self.assertRaisesRegex(UserError, "Check the file first"):
            batch.action_import()
        batch.action_check()
        with self.assertRaisesRegex(UserError, "1 cells or rows"):
            batch.action_import()
        self.assertFalse(self.env["stock.lot"].search([("lot_import_id", "=", batch.id)]))

    def test_long_file_runs_in_the_background_and_goes_on_after_a_kill_without_repeating(self):
        batch = self.batch(
            "lots", [["Product", "Lot"], *(["IM-MILK", f"L{n}"] for n in range(300))]
        )
        batch.action_check()
        kinds = self.env.registry["lot.import"]
        with patch("odoo.addons.lot_traceability.models.moving_in.kind_lots.Lots.batch_size", 100):
            batch.action_import()
            self.assertEqual((batch.state, batch.applied_count), ("running", 0))
            written = []
            original = kinds._write_batch

            def dies(self, kind, problems, chunk):
                if len(written) == 2:
                    raise KilledError
                written.append(len(chunk))
                return original(self, kind, problems, chunk)

            # Not by `assertRaises`, which takes back what was committed before.
            with patch.object(kinds, "_write_batch", dies), contextlib.suppress(KilledError):
                self.run_cron()
            self.assertEqual(batch.applied_count, 200)
            self.run_cron()
        self.assertEqual((batch.state, batch.applied_count, batch.progress), ("done", 300, 100.0))
        self.assertEqual(
            self.env["stock.lot"].search_count([("lot_import_id", "=", batch.id)]), 300
        )
        self.assertEqual(len(self.events(batch)), 3)

    def test_batch_that_cannot_be_written_is_not_written_at_all_and_can_go_on(self):
        batch = self.batch(
            "lots", [["Product", "Lot"], *(["IM-MILK", f"L{n}"] for n in range(300))]
        )
        batch.action_check()
        (taken,) = self.lots("L250")
        with patch("odoo.addons.lot_traceability.models.moving_in.kind_lots.Lots.batch_size", 100):
            batch.action_import()
            self.run_cron()
            self.assertEqual((batch.state, batch.applied_count), ("failed", 200))
            self.assertIn("Row 252, Lot: Lot L250 of this product is there already", batch.failure)
            self.assertFalse(self.env["stock.lot"].search([("name", "=", "L220")]))
            taken.unlink()
            batch.action_go_on()
            self.run_cron()
        self.assertEqual((batch.state, batch.applied_count), ("done", 300))

    def test_background_runs_with_the_rights_of_whoever_started_it(self):
        self.lots("A")
        batch = self.batch(
            "stock",
            [["Lot", "Location", "Qty"], *(["A", self.stock.complete_name, 1] for _n in range(1))],
        )
        batch.action_check()
        self.importer.group_ids -= self.env.ref("stock.group_stock_manager")
        batch.sudo().state = "running"
        self.run_cron()
        self.assertEqual(batch.state, "failed")
        self.assertIn("administrator of the inventory", batch.failure)

    def test_file_that_was_exchanged_after_the_check_is_not_imported(self):
        batch = self.batch("lots", [["Product", "Lot"], ["IM-MILK", "A"]])
        batch.action_check()
        batch.file = self.batch("lots", [["Product", "Lot"], ["IM-MILK", "B"]]).file
        self.assertEqual(batch.state, "draft")
        with self.assertRaisesRegex(UserError, "Check the file first"):
            batch.action_import()

    def test_imported_file_is_neither_changed_nor_deleted_nor_imported_again(self):
        batch = self.imported("lots", [["Product", "Lot"], ["IM-MILK", "A"]])
        for attempt in (
            batch.action_check,
            batch.unlink,
            lambda: batch.write({"kind": "stock"}),
            lambda: batch.column_ids[:1].write({"target_id": False}),
        ):
            with self.assertRaises(UserError):
                attempt()
        with self.assertRaisesRegex(UserError, "Check the file first"):
            batch.action_import()

    def test_lots_are_taken_back_unless_something_names_one(self):
        batch = self.imported("lots", [["Product", "Lot"], ["IM-MILK", "A"], ["IM-MILK", "B"]])
        receipts = self.imported(
            "receipts", [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "B", "1"]]
        )
        with self.assertRaisesRegex(UserError, "Lot B and others of this import are used"):
            batch.action_undo()
        receipts.action_undo()
        batch.action_undo()
        self.assertFalse(self.env["stock.lot"].search([("lot_import_id", "=", batch.id)]))
        self.assertEqual(batch.state, "undone")
        self.assertIn('"undone":2', self.events(batch)[-1].body)
        self.assertNoDrift()
