import json
import tempfile
from unittest.mock import patch

from odoo.tests import new_test_user
from odoo.tools import config

from ..models.lot_audit_sealer import LotAuditSealer
from .common import LotTraceabilityCommon


class AuditCommon(LotTraceabilityCommon):
    """A plant with its audit log.

    - `told(kind, …)`: the bodies of the events of a kind, oldest first
    - `tell(kind, …)`: an event of its own; `seal()`: seal all that waits
    - `auditor`, `reader`, `quality`: who reads the log
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.startClassPatcher(patch.dict(config.options, {"lot_audit_folder": folder.name}))
        # A test is one transaction.
        cls.startClassPatcher(patch.object(LotAuditSealer, "_commit", lambda self, count: None))
        cls.auditor = new_test_user(
            cls.env, login="flow_auditor", groups="lot_traceability.group_auditor"
        )

    def told(self, kind, **having):
        domain = [("kind", "=", kind), *((name, "=", value) for name, value in having.items())]
        events = self.env["lot.audit.event"].search(domain, order="id")
        return [json.loads(event.body) for event in events]

    def tell(self, kind="changed", **details):
        self.env["lot.audit.event"]._record(kind, **details)
        return self.env["lot.audit.event"].search([], limit=1)

    def seal(self):
        self.env.cr.flush()
        return self.env["lot.audit.sealer"]._seal()
