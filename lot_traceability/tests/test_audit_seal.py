import json
import tempfile
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config

from ..models.lot_audit_sealer import LotAuditSealer
from .common import LotTraceabilityCommon

KEY = "2026:" + "ab" * 32


class AuditCase(LotTraceabilityCommon):
    """A sealed log of real flows, and ways to tamper with it as the owner of the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.startClassPatcher(patch.dict(config.options, {"lot_audit_folder": folder.name}))
        cls.startClassPatcher(patch.dict("os.environ", {"LOT_TRACEABILITY_AUDIT_KEYS": KEY}))
        # A test is one transaction.
        cls.startClassPatcher(patch.object(LotAuditSealer, "_commit", lambda self, count: None))
        cls.curd = cls.product("Curd")

    def seal(self):
        self.env.cr.flush()
        sealed = self.env["lot.audit.sealer"]._seal()
        self.env["lot.audit.receipt.file"]._append()
        return sealed

    def events(self, *domain):
        return self.env["lot.audit.event"].search(list(domain), order="id")

    def kinds(self, lot):
        return [
            event.kind
            for event in self.env["lot.audit.event"].search([("lot_id", "=", lot.id)], order="id")
        ]

    def body(self, event):
        return json.loads(event.body)


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
