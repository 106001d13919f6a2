import json

from odoo.tests import new_test_user

from .audit_common import AuditCase


class AuditCommon(AuditCase):
    """A plant with its audit log, and who reads it.

    - `told(kind, …)`: the bodies of the events of a kind, oldest first
    - `tell(kind, …)`: an event of its own
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
        return [json.loads(event.body) for event in self.events(*domain)]

    def tell(self, kind="changed", **details):
        self.env["lot.audit.event"]._record(kind, **details)
        return self.env["lot.audit.event"].search([], limit=1)
