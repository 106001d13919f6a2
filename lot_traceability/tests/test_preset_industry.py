from odoo.tests import tagged

from .preset_common import PresetCommon

SUPPLIER = ("supplier", "supplier's lot number")


@tagged("post_install", "-at_install")
class TestPresetIndustry(PresetCommon):
    """Each industry: every setting of its preset takes effect on the floor."""

    def assertAllSet(self, code):
        """Each line of the preset, those that other modules add too, is as it should be now."""
        lines = self.setup(code).line_ids
        self.assertEqual(
            {line.name: line.state for line in lines}, {line.name: "same" for line in lines}
        )
        self.assertEqual(lines.line_id, self.preset(code).line_ids)
        self.assertFalse(lines.filtered("tick"))
        if "fsma_ask" in self.company._fields:
            # Where that module is installed as well, its questions would come before ours.
            self.company.fsma_ask = "later"

    def method(self):
        return self.goods.removal_strategy_id.method

    def test_food(self):
        self.apply("food")
        self.assertAllSet("food")
        self.check_number("20260310-001")
        self.check_lookalikes_are_refused()
        self.check_receipt_demands(*SUPPLIER)
        lot = self.arrived(self.part, "P1")
        self.assertEqual(lot.status_id.code, "released")
        self.check_production_demands(lot, "production date")
        self.assertEqual(self.method(), "fefo")
        self.check_stages(30, 14, 3)
        self.check_labels(self.plant.manu_type_id, "case", "case")
        self.assertFalse(self.plant.in_type_id.label_rule_ids)
        self.check_signed("end_hold")
        self.check_end_of_hold_is_refused(lot)
        self.check_kept(5)

    def test_pharma(self):
        self.apply("pharma")
        self.assertAllSet("pharma")
        self.check_number("2603-0001")
        self.check_lookalikes_are_refused()
        self.check_receipt_demands(*SUPPLIER, "expiry date")
        lot = self.arrived(self.part, "P1", expiration_date="2027-01-01 00:00:00")
        self.assertEqual(lot.status_id.code, "quarantine")
        self.check_release_is_refused(lot)
        self.plant.in_type_id.lot_quarantine = False
        free = self.arrived(self.part, "P2", expiration_date="2027-01-01 00:00:00")
        made = self.check_production_demands(free, "production date", "expiry date")
        self.assertEqual(made.status_id.code, "quarantine")
        self.assertEqual(self.method(), "fefo")
        self.check_stages(180, 90, 30)
        self.check_labels(self.plant.manu_type_id, "item", "item")
        self.check_signed("release", "end_hold", "override", "correction", "log_review")
        steps = self.env["lot.signature.step"]
        self.assertTrue(steps._demanded("end_hold", self.company).second_signer)
        self.assertFalse(steps._demanded("release", self.company).second_signer)
        self.check_end_of_hold_is_refused(free)
        self.assertEqual(self.company.lot_audit_review_days, 30)
        self.check_kept(10)

    def test_device(self):
        self.apply("device")
        self.assertAllSet("device")
        self.check_number("260310-0001")
        self.check_lookalikes_are_refused()
        self.check_receipt_demands(*SUPPLIER)
        lot = self.arrived(self.part, "P1")
        self.assertEqual(lot.status_id.code, "quarantine")
        self.check_release_is_refused(lot)
        self.plant.in_type_id.lot_quarantine = False
        free = self.arrived(self.part, "P2")
        made = self.check_production_demands(free, "production date")
        self.assertEqual(made.status_id.code, "quarantine")
        self.assertEqual(self.method(), "fefo")
        self.check_stages(180, 90, 30)
        self.check_labels(self.plant.manu_type_id, "item", "item")
        self.check_signed("release", "end_hold", "override")
        self.assertEqual(self.company.lot_audit_review_days, 90)
        self.check_kept(15)

    def test_automotive(self):
        self.apply("automotive")
        self.assertAllSet("automotive")
        self.check_number("26069-0001")
        self.check_receipt_demands(*SUPPLIER)
        lot = self.arrived(self.part, "P1")
        self.check_production_demands(lot, "production date")
        self.assertEqual(self.method(), "fifo")
        self.check_stages(60, 30, 7)
        self.check_labels(self.plant.manu_type_id, "case", "case")
        self.check_labels(self.plant.in_type_id, "item", "item")
        self.check_signed("end_hold")
        self.check_end_of_hold_is_refused(lot)
        self.check_kept(15)
        suspect = self.arrived(self.part, "P2")
        suspect.with_user(self.quality).set_status("suspect", "Noise in the test")
        status = suspect.status_id
        self.assertEqual((status.usable, status.movable, status.returnable), (False, True, False))

    def test_aerospace(self):
        self.apply("aerospace")
        self.assertAllSet("aerospace")
        self.check_number("2026-00001")
        self.check_lookalikes_are_refused()
        self.check_receipt_demands(*SUPPLIER)
        lot = self.arrived(self.part, "P1")
        self.assertEqual(lot.status_id.code, "quarantine")
        self.check_release_is_refused(lot)
        self.plant.in_type_id.lot_quarantine = False
        free = self.arrived(self.part, "P2")
        made = self.check_production_demands(free, "production date")
        self.assertEqual(made.status_id.code, "quarantine")
        self.assertEqual(self.method(), "fefo")
        self.check_stages(90, 30, 7)
        self.check_labels(self.plant.manu_type_id, "item", "item")
        self.check_labels(self.plant.in_type_id, "item", "item")
        self.check_signed("release", "end_hold", "override")
        steps = self.env["lot.signature.step"]
        self.assertTrue(steps._demanded("override", self.company).second_signer)
        self.check_kept(30)
        status = self.env["lot.status"]._by_code("unserviceable")
        self.assertEqual((status.usable, status.movable, status.returnable), (False, True, True))

    def test_electronics(self):
        self.apply("electronics")
        self.assertAllSet("electronics")
        self.check_number("202611-0001")
        self.check_receipt_demands(*SUPPLIER, "production date")
        lot = self.arrived(self.part, "P1", production_date="2026-01-05")
        self.check_production_demands(lot, "production date")
        self.assertEqual(self.method(), "fifo")
        self.check_stages(90, 30, 7)
        self.check_labels(self.plant.manu_type_id, "item", "item_small")
        self.check_labels(self.plant.in_type_id, "item", "item_small")
        self.check_signed("end_hold")
        self.check_end_of_hold_is_refused(lot)
        self.check_kept(10)

    def test_labels_are_printed_by_the_receipt(self):
        self.apply("electronics")
        printer = self.env["lot.label.printer"].create({"name": "Dock", "host": "127.0.0.1"})
        self.plant.in_type_id.label_rule_ids.printer_id = printer
        self.thing.barcode = "9520123456788"
        self.arrived(self.thing, "REEL-1", production_date="2026-01-05")
        job = self.env["lot.label.job"].search([])
        self.assertEqual(job.line_ids.mapped("res_name"), ["REEL-1"])
        self.apply_again_keeps_printer(printer)

    def apply_again_keeps_printer(self, printer):
        self.apply("automotive")
        self.apply("electronics")
        rules = self.plant.manu_type_id.label_rule_ids
        self.assertEqual(rules.design_id.kind, "item")
        self.assertFalse(printer in rules.printer_id)
