import json

from odoo.tests import new_test_user

from .common import LotTraceabilityCommon


class AuditCommon(LotTraceabilityCommon):
    """A plant with its audit log.

    - `told(kind, …)`: the bodies of the events of a kind, oldest first
    - `auditor`, `reader`, `quality`: who reads the log
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = new_test_user(
            cls.env, login="flow_auditor", groups="lot_traceability.group_auditor"
        )

    def told(self, kind, **having):
        domain = [("kind", "=", kind), *((name, "=", value) for name, value in having.items())]
        events = self.env["lot.audit.event"].search(domain, order="id")
        return [json.loads(event.body) for event in events]

    def tell(self, kind="changed", **details):
        """An event of its own."""
        self.env["lot.audit.event"]._record(kind, **details)
        return self.env["lot.audit.event"].search([], limit=1)
