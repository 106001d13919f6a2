from odoo.tests import tagged

from .audit_common import AuditCase


@tagged("post_install", "-at_install")
class TestAuditSeal(AuditCase):
    def test_receipt_and_delivery_are_told_with_lot_and_document(self):
        lot = self.received(self.curd, "C-1", 5)
        self.deliver({lot: 2})
        self.assertEqual(self.kinds(lot), ["created", "moved", "moved"])
        moved = self.events(("lot_id", "=", lot.id), ("kind", "=", "moved"))
        body = self.body(moved[0])
        self.assertEqual(body["data"]["quantity"], "5")
        self.assertEqual(body["document"]["model"], "stock.picking")
        self.assertEqual(body["who"]["login"], self.operator.login)

    def test_sealed_log_verifies_with_key_and_receipts(self):
        lot = self.received(self.curd, "C-2", 5)
        self.assertGreater(self.seal(), 1)
        self.deliver({lot: 2})
        self.seal()
        found = self.env["lot.audit.verification"].with_user(self.reader).verify_log()
        self.assertEqual(found["findings"], [])
        self.assertTrue(found["valid"])
        self.assertGreater(found["receipts"], 1)
        self.assertGreater(found["seals"], 1)
