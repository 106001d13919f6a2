import json
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common import OPERATOR_GROUPS, LotTraceabilityCommon

PASSWORD = "correct horse battery staple"


class SignatureCommon(LotTraceabilityCommon):
    """Steps that are signed, and people of quality who sign them.

    - `demand("release", …)`: have a step signed; `quarantined("A1")`: a lot that waits for quality
    - `sign(lot)`, `release(lot)`: over the API as quality; `refusal(…)`: what a user is told;
      it rolls nothing back: what was written apart stays, as on a server
    - `session`: as if all were done in one web session
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What is written in transactions of its own is written in that of the test.
        cls.registry_enter_test_mode_cls()
        cls.env["res.users"].browse(cls.quality.id).write(
            {"password": PASSWORD, "name": "Quinn Lee", "tz": "Europe/Vienna"}
        )
        cls.second = new_test_user(
            cls.env,
            login="flow_second",
            password=PASSWORD,
            name="Sam Second",
            groups=f"{OPERATOR_GROUPS},lot_traceability.group_quality",
        )
        cls.operator.password = PASSWORD
        cls.milk = cls.product("Milk")
        cls.env.flush_all()

    # -- setting up --------------------------------------------------------------------------

    @classmethod
    def step(cls, code):
        return cls.env.ref(f"lot_traceability.step_{code}")

    @classmethod
    def demand(cls, code, **values):
        step = cls.step(code)
        step.write({"demanded": True, **values})
        return step

    @classmethod
    def quarantined(cls, name, product=None):
        lot = cls.received(product or cls.milk, name, 10)
        lot.sudo()._quarantine("To be judged")
        cls.env.flush_all()
        cls.env.cr.flush()
        return lot

    def session(self):
        """One web session, as `request.session`, for all that is signed in this test."""
        session = {}
        credentials = type(self.env["lot.signing.credentials"])
        patcher = patch.object(credentials, "_session", lambda self: session)
        patcher.start()
        self.addCleanup(patcher.stop)
        return session

    # -- signing -----------------------------------------------------------------------------

    def sign(self, records, step="release", user=None, values=None, **given):
        """Sign a step over the API; `given`: login, password, totp, meaning, reason"""
        user = user or self.quality
        details = {"login": user.login, "password": PASSWORD, **given}
        meaning = details.pop("meaning", "approval")
        reason = details.pop("reason", "Results reviewed")
        if values is None:
            values = {"status": "released"}
        answer = (
            self.env["lot.signature"]
            .with_user(user)
            .sign(step, records._name, records.ids, details, meaning, reason, values)
        )
        self.env.flush_all()
        self.env.cr.flush()
        return answer

    def release(self, lots, **given):
        answer = self.sign(lots, **given)
        return self.env["lot.signature"].browse(answer["signature_ids"])

    def refusal(self, work, *args, **kwargs):
        """The sentence with which something is refused; a failure when it is not."""
        try:
            work(*args, **kwargs)
        except UserError as error:
            return str(error)
        return self.fail("it was not refused")

    def fail_to_sign(self, lot, times, **given):
        """What is said at the last of several wrong passwords."""
        told = ""
        for _number in range(times):
            told = self.refusal(self.sign, lot, password="wrong", **given)
            self.clock.tick(timedelta(seconds=1))
        return told

    # -- reading -----------------------------------------------------------------------------

    def events(self, kind, **values):
        """Bodies of the events of a kind, first one first."""
        domain = [("kind", "=", kind), *((name, "=", value) for name, value in values.items())]
        found = self.env["lot.audit.event"].sudo().search(domain, order="id")
        return [json.loads(body) for body in found.mapped("body")]
