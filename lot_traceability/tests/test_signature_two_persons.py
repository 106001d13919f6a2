from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .signature_common import PASSWORD, SignatureCommon


@tagged("post_install", "-at_install")
class TestSignatureTwoPersons(SignatureCommon):
    """A step of two persons waits until somebody else has signed, and is then done in the name of
    both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demand("release", second_signer=True)

    def first(self, lots, **given):
        answer = self.sign(lots, **given)
        self.assertFalse(answer["signature_ids"])
        return self.env["lot.signature.request"].browse(answer["request_id"])

    def sign_second(self, request, user=None, **given):
        user = user or self.second
        details = {"login": user.login, "password": PASSWORD, **given}
        answer = request.with_user(user).sign(details, "approval")
        return self.env["lot.signature"].browse(answer["signature_ids"])

    def test_first_signature_does_nothing_but_wait(self):
        lot = self.quarantined("WAIT-1")
        request = self.first(lot)
        self.assertEqual((request.state, request.first_user_id), ("waiting", self.quality))
        self.assertEqual(lot.status_id.code, "quarantine")
        self.assertFalse(lot.signature_ids)
        event = self.events("signed", lot_id=lot.id)[-1]
        self.assertTrue(event["data"]["waiting"])

    def test_second_signature_does_it_in_the_name_of_both(self):
        lots = self.quarantined("BOTH-1") | self.quarantined("BOTH-2")
        request = self.first(lots)
        signatures = self.sign_second(request)
        self.assertEqual(set(lots.status_id.mapped("code")), {"released"})
        self.assertEqual((request.state, request.second_user_id), ("done", self.second))
        for lot in lots:
            self.assertEqual(set(lot.signature_ids.mapped("signer")), {"Quinn Lee", "Sam Second"})
        self.assertEqual(len(signatures), 4)
        self.assertEqual(set(signatures.mapped("state")), {"valid"})
        self.assertEqual(len(set(signatures.mapped("act"))), 1)

    def test_first_signer_cannot_be_the_second(self):
        request = self.first(self.quarantined("SAME-1"))
        told = self.refusal(self.sign_second, request, user=self.quality)
        self.assertIn("You have signed this first", told)
        self.assertIn(
            "You have signed this first", self.refusal(request.with_user(self.quality).action_sign)
        )
        self.assertEqual(request.state, "waiting")

    def test_second_signs_with_credentials_of_his_own(self):
        request = self.first(self.quarantined("OWN-1"))
        told = self.refusal(self.sign_second, request, login=self.quality.login)
        self.assertIn("not the user name and password of Sam Second", told)

    def test_who_may_not_sign_the_step_cannot_be_the_second(self):
        request = self.first(self.quarantined("GROUP-1"))
        with self.assertRaises(AccessError):
            self.sign_second(request, user=self.operator)

    def test_those_who_can_be_the_second_are_asked_by_an_activity(self):
        request = self.first(self.quarantined("ASK-1"))
        asked = request.activity_ids.user_id
        self.assertIn(self.second, asked)
        self.assertNotIn(self.quality, asked)
        self.assertNotIn(self.operator, asked)
        self.assertTrue(request.with_user(self.second).may_sign)
        self.assertFalse(request.with_user(self.quality).may_sign)
        self.assertFalse(request.with_user(self.operator).may_sign)
        self.sign_second(request)
        self.assertFalse(request.activity_ids)

    def test_what_has_changed_in_between_has_to_be_signed_again(self):
        lot = self.quarantined("CHANGED-1")
        request = self.first(lot)
        lot.with_user(self.quality).write({"supplier_lot": "S-9"})
        told = self.refusal(self.sign_second, request)
        self.assertIn("CHANGED-1 has changed since Quinn Lee signed", told)
        self.assertEqual(lot.status_id.code, "quarantine")

    def test_what_waits_is_not_signed_twice(self):
        lot = self.quarantined("TWICE-1")
        self.first(lot)
        told = self.refusal(self.sign, lot, user=self.second)
        self.assertIn("waits for a second signature already, since Quinn Lee", told)

    def test_what_is_done_is_not_signed_again(self):
        request = self.first(self.quarantined("DONE-1"))
        self.sign_second(request)
        self.assertIn("does not wait any more", self.refusal(self.sign_second, request))

    def test_what_cannot_be_done_is_told_the_first_signer(self):
        lot = self.quarantined("OBSTACLE-1")
        self.laboratory["lot.corrective.action"].create(
            {"name": "Too warm", "lot_id": lot.id, "owner_id": self.quality.id}
        )
        self.assertIn("corrective action", self.refusal(self.sign, lot))
        self.assertFalse(self.env["lot.signature.request"].search([]))

    def test_first_signer_and_recall_manager_withdraw_and_nobody_else(self):
        request = self.first(self.quarantined("BACK-1"))
        with self.assertRaisesRegex(UserError, "Only Quinn Lee or a recall manager"):
            request.with_user(self.second).withdraw()
        request.with_user(self.quality).withdraw()
        self.assertEqual(request.state, "withdrawn")
        self.assertFalse(request.activity_ids)
        self.assertIn("does not wait any more", self.refusal(self.sign_second, request))
        again = self.first(request.env["stock.lot"].browse(request.res_ids))
        again.with_user(self.env.ref("base.user_admin")).withdraw()

    def test_nobody_writes_or_deletes_a_request(self):
        request = self.first(self.quarantined("KEEP-1"))
        for user in (self.quality, self.second, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                request.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                request.with_user(user).unlink()
        with self.assertRaises(UserError):
            request.sudo().unlink()

    def test_correction_by_two_persons_is_done_by_the_second(self):
        self.demand("correction", second_signer=True)
        lot = self.quarantined("LINE-1")
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        request = self.first(
            line,
            step="correction",
            user=self.operator,
            values={"quantity": 8},
            meaning="authorship",
        )
        self.assertEqual(line.quantity, 10)
        self.assertIn("10 kg → 8 kg", request.summary)
        details = {"login": self.second.login, "password": PASSWORD}
        request.with_user(self.second).sign(details, "responsibility")
        self.assertEqual(line.quantity, 8)
        self.assertEqual(len(line.picking_id.signature_ids), 2)
