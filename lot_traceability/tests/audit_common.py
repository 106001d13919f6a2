import json
import tempfile
from unittest.mock import patch

from odoo.tools import SQL, config

from ..models.lot_audit_sealer import LotAuditSealer
from .common import LotTraceabilityCommon

_GUARDED = ("lot_audit_event", "lot_audit_block", "stock_lot", "stock_move_line", "stock_quant")
KEY = "2026:" + "ab" * 32


class AuditCase(LotTraceabilityCommon):
    """A sealed log of real flows, and ways to tamper with it as the owner of the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.dict("os.environ", {"LOT_TRACEABILITY_AUDIT_KEYS": KEY}))
        # A test is one transaction.
        cls.startClassPatcher(patch.object(LotAuditSealer, "_commit", lambda self, count: None))
        cls.curd = cls.product("Curd")

    def setUp(self):
        super().setUp()
        # What leaves the database of a test goes with it.
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.startPatcher(patch.dict(config.options, {"lot_audit_folder": folder.name}))

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

    # -- as the owner of the database -----------------------------------------------------------

    def behind(self, statement, *params):
        """What an administrator with SQL does, triggers off."""
        self.env.cr.flush()
        for table in _GUARDED:
            self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        self.env.cr.execute(statement, params)
        for table in _GUARDED:
            self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))
        self.env.invalidate_all()

    def verify(self):
        return self.env["lot.audit.verification"].with_user(self.reader).verify_log()

    def assertFound(self, code, **where):
        """A verification finds exactly this first, and says what it means and what to do."""
        found = self.verify()
        self.assertFalse(found["valid"])
        first = next((row for row in found["findings"] if row["code"] == code), None)
        self.assertTrue(first, found["findings"])
        for name, value in where.items():
            self.assertEqual(first[name], value, first)
        self.assertTrue(first["meaning"] and first["advice"])
        return first
