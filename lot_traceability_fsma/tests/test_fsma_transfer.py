from odoo.tests import tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaReceiving(FsmaCommon):
    def test_a_receipt_records_receiving_with_every_element(self):
        picking = self.bought(
            self.lettuce, "L1", 10, fsma_code="TLC-1", fsma_source_id=self.grower.id
        )
        event = self.events(picking)
        self.assertEqual(event.kind, "receiving")
        self.assertEqual(event.tlc, "TLC-1")
        self.assertEqual(event.source_place_id.name, "Green Farm")
        self.assertEqual(event.from_place_id.name, "Fresh Distribution")
        self.assertEqual(event.location_place_id.street, "4 Plant Avenue")
        self.assertEqual((event.quantity, event.uom), (10, "kg"))
        self.assertEqual((event.document_type, event.document_number), ("record", picking.name))
        self.assertEqual(str(event.date), "2026-03-02")
        self.assertFalse(event.missing)
        self.assertEqual(event.completeness, 1.0)
        self.assertEqual(event.user_id, self.operator)

    def test_a_receipt_without_a_code_is_given_none_and_says_that_it_is_missing(self):
        picking = self.bought(self.lettuce, "L1", 10)
        event = self.events(picking)
        self.assertFalse(event.lot_id.fsma_code_id)
        self.assertEqual(event.missing, ",tlc,tlc_source,")
        self.assertEqual(event.completeness, 0.75)
        self.assertIn("Traceability lot code", event.missing_text)
