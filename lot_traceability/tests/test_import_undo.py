from odoo.addons.lot_traceability.report.lot_dossier import LotDossier
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.lot_audit_text import AuditText
from .import_common import ImportCommon


@tagged("post_install", "-at_install", "moving_in")
class TestImportUndo(ImportCommon):
    """Stock and readings are taken back whole, while nothing happened to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b = cls.lots("A", "B")
        cls.acid = cls.env["lot.parameter"].create({"name": "Acid of old", "kind": "number"})

    def stocked(self):
        batch = self.imported(
            "stock",
            [
                ["Lot", "Location", "Qty", "Package", "Owner"],
                ["A", self.stock.complete_name, "5", "PAL-9", "Café"],
                ["B", self.stock.complete_name, "7", "", ""],
            ],
        )
        self.wait()
        return batch

    def measured(self, value="4.2"):
        return self.imported(
            "quality",
            [["Lot", "Parameter", "Result", "Date"], ["A", "Acid of old", value, "2026-01-10"]],
        )

    def assertRefused(self, batch, names):
        with self.assertRaisesRegex(UserError, f"Stock of {names} was moved"):
            batch.action_undo()
        self.assertEqual((batch.state, batch.applied_count), ("done", 2))

    # -- stock -------------------------------------------------------------------------------

    def test_stock_is_booked_out_as_a_count_does_and_can_be_imported_again(self):
        batch = self.stocked()
        batch.action_undo()
        self.wait()
        self.assertEqual((batch.state, batch.applied_count), ("undone", 0))
        self.assertEqual((self.a.product_qty, self.b.product_qty), (0.0, 0.0))
        lines = self.env["stock.move.line"].search([("lot_id", "=", self.a.id)], order="id")
        self.assertEqual(lines.mapped("state"), ["done", "done"])
        self.assertEqual(lines[1].location_id, self.stock)
        self.assertEqual(lines[1].location_dest_id, lines[0].location_id)
        self.assertEqual((lines[1].package_id.name, lines[1].owner_id), ("PAL-9", self.cafe))
        self.assertTrue(lines[1].move_id.is_inventory)
        self.assertIn("Import undone (old.csv)", lines[1].move_id.reference)
        for row in self.env["lot.trace"].mass_balance((self.a | self.b).ids):
            self.assertEqual((row["on_hand"], row["difference"]), (0.0, 0.0), row)
        self.assertNoDrift()
        again = self.stocked()
        self.assertEqual((again.state, self.a.product_qty), ("done", 5.0))

    def test_stock_that_came_out_of_history_goes_back_into_it(self):
        self.imported(
            "receipts", [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "B", "7"]]
        )
        balance = self.env["lot.trace"].mass_balance(self.b.ids)
        batch = self.stocked()
        self.assertEqual(self.env["lot.trace"].mass_balance(self.b.ids)[0]["difference"], 0.0)
        batch.action_undo()
        self.wait()
        self.assertEqual(self.env["lot.trace"].mass_balance(self.b.ids), balance)
        self.assertNoDrift()

    def test_nothing_is_booked_out_once_one_lot_was_delivered(self):
        batch = self.stocked()
        self.deliver({self.b: 1})
        self.assertRefused(batch, "B")
        self.assertEqual((self.a.product_qty, self.b.product_qty), (5.0, 6.0))

    def test_goods_that_went_and_came_back_were_moved(self):
        batch = self.stocked()
        self.give_back(self.deliver({self.b: 7}), {self.b: 7})
        self.assertEqual(self.b.product_qty, 7.0)
        self.assertRefused(batch, "B")

    def test_reserved_and_counted_goods_stay(self):
        batch = self.stocked()
        move = self.floor["stock.move"].create(
            {
                "product_id": self.milk.id,
                "product_uom_qty": 2,
                "product_uom": self.kg.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.move_line_ids.lot_id, self.b)
        self.assertRefused(batch, "B")
        move._do_unreserve()
        self.count(self.b, 6)
        self.assertRefused(batch, "B")

    def test_move_at_another_place_or_before_is_none_of_this_stock(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "location_id": self.stock.id}
        )
        self.count(self.b, 3, location=shelf)
        self.count(self.b, 0, location=shelf)
        batch = self.stocked()
        self.count(self.b, 4, location=shelf)
        batch.action_undo()
        self.assertEqual((self.a.product_qty, self.b.product_qty), (0.0, 4.0))

    def test_lot_on_hold_is_booked_out_and_stays_on_hold(self):
        batch = self.stocked()
        self.b.with_user(self.quality).set_status("hold", "To be looked at")
        batch.action_undo()
        self.assertEqual((self.b.product_qty, self.b.status_id.code), (0.0, "hold"))

    def test_stock_is_taken_back_by_the_administrator_of_the_inventory_only(self):
        batch = self.stocked()
        plain = new_test_user(
            self.env, login="plain_admin", groups="lot_traceability.group_administrator"
        )
        with self.assertRaisesRegex(UserError, "administrator of the inventory"):
            batch.with_user(plain).action_undo()
        with self.assertRaises(AccessError):
            batch.with_user(self.manager).action_undo()
        self.assertEqual((batch.state, self.b.product_qty), ("done", 7.0))

    def test_stock_of_an_earlier_version_is_corrected_by_a_count(self):
        batch = self.stocked()
        self.env.cr.execute(
            "UPDATE lot_history_movement SET move_id = NULL WHERE import_id = %s", [batch.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "correct it by a count"):
            batch.action_undo()

    # -- readings ----------------------------------------------------------------------------

    def test_readings_are_struck_out_and_stay_on_record_with_their_import(self):
        batch = self.measured()
        batch.action_undo()
        self.assertFalse(self.env["lot.measurement"].search([("lot_id", "=", self.a.id)]))
        reading = (
            self.env["lot.measurement"]
            .with_context(active_test=False)
            .search([("lot_import_id", "=", batch.id)])
        )
        self.assertEqual(
            (reading.value_number, reading.struck_by, reading.struck_reason),
            (4.2, self.importer, "The import of old.csv was undone"),
        )
        with self.assertRaisesRegex(UserError, "struck out and stay on record"):
            batch.unlink()
        self.assertEqual(self.measured("4.3").state, "done")

    def test_readings_are_taken_back_by_an_administrator_only(self):
        batch = self.measured()
        with self.assertRaises(AccessError):
            batch.with_user(self.quality).action_undo()
        self.assertEqual(self.env["lot.measurement"].search_count([("lot_id", "=", self.a.id)]), 1)

    # -- on record ---------------------------------------------------------------------------

    def note(self):
        return f"By {self.importer.name} on {self.a.create_date:%m/%d/%Y}"

    def test_undoing_is_an_event_that_says_so(self):
        batch = self.stocked()
        batch.action_undo()
        self.env.cr.flush()
        event = self.env["lot.audit.event"].search(
            [("res_model", "=", "lot.import"), ("res_id", "=", batch.id)], limit=1
        )
        self.assertEqual((event.kind, event.user_id), ("imported", self.importer))
        self.assertIn('"undone":2', event.body)
        text = AuditText(self.env)
        self.assertIn("took back 2 imported rows", text.sentence(text.parse(event.body)))

    def test_lot_says_by_whom_and_when_it_was_imported(self):
        seen = self.a.with_user(self.reader)
        self.assertEqual(seen.lot_import_note, self.note())
        self.assertFalse(self.lot(self.milk, "TYPED").lot_import_note)
        views = seen.get_views([(False, "form")])["views"]["form"]["arch"]
        self.assertIn("lot_import_note", views)
        self.assertNotIn('name="lot_import_id"', views)
        views = self.a.with_user(self.importer).get_views([(False, "form")])["views"]["form"]
        self.assertIn('name="lot_import_id"', views["arch"])

    def test_dossier_marks_what_was_imported(self):
        self.imported(
            "receipts",
            [["Date", "Document", "Supplier", "Lot", "Qty"],
             ["2026-01-10", "PO-1", "Dairy", "A", "7"]],
        )  # fmt: skip
        self.measured()
        dossier = LotDossier(self.a.with_user(self.reader))
        told = {
            section.title: [*section.pairs, *(section.rows() if section.rows else ())]
            for section in dossier.sections()
        }
        self.assertIn(("Imported", self.note()), told["Identity"])
        self.assertIn("PO-1 (imported)", [row[-1] for row in told["Movements"]])
        readings = told["Conditions and control points"] + told["Quality results"]
        self.assertEqual(readings[0][-1], "(imported)")
        warnings = [text for _label, text in told["Genealogy"]]
        self.assertTrue(any("imported from an earlier system" in text for text in warnings))
