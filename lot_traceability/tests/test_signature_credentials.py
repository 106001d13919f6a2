import time
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import tagged

from .signature_common import PASSWORD, SignatureCommon


@tagged("post_install", "-at_install")
class TestSignatureCredentials(SignatureCommon):
    """21 CFR 11.200 and 11.300: who signs is asked, in a series at least for the password, and
    whoever guesses is locked out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demand("release")

    def attempt(self):
        return self.env["lot.signature.attempt"].search([("user_id", "=", self.quality.id)])

    def test_user_name_and_password_are_both_asked(self):
        lot = self.quarantined("BOTH-1")
        self.assertIn("Enter your user name", self.refusal(self.sign, lot, login=""))
        self.assertIn("Enter your password", self.refusal(self.sign, lot, password=""))
        self.assertFalse(self.attempt(), "what was not given is no failure")

    def test_user_name_of_somebody_else_does_not_sign(self):
        lot = self.quarantined("OTHER-1")
        told = self.refusal(self.sign, lot, login=self.second.login)
        self.assertIn("not the user name and password of Quinn Lee", told)
        self.assertEqual(lot.status_id.code, "quarantine")

    def test_api_key_is_no_password(self):
        lot = self.quarantined("KEY-1")
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.quality)
            .sudo()  # A key without end: PostgreSQL's clock does not stand still.
            ._generate("rpc", "test", None)
        )
        self.assertIn("not the user name", self.refusal(self.sign, lot, password=key))

    def test_wrong_password_changes_nothing_and_is_told(self):
        lot = self.quarantined("WRONG-1")
        told = self.fail_to_sign(lot, 1)
        self.assertIn("4 attempts left", told)
        self.assertEqual(lot.status_id.code, "quarantine")
        self.assertFalse(lot.signature_ids)
        event = self.events("signature_failed")[-1]
        self.assertEqual(event["record"]["id"], self.quality.id)
        self.assertEqual(event["data"]["typed"], self.quality.login)
        self.assertNotIn("wrong", str(event), "a password is never kept")

    def test_five_failures_lock_out_and_the_right_password_is_refused_until_then(self):
        lot = self.quarantined("LOCK-1")
        told = self.fail_to_sign(lot, 5)
        self.assertIn("You cannot sign until", told)
        self.assertEqual(len(self.events("signature_failed")), 5)
        self.assertEqual(len(self.events("signature_locked")), 1)
        told = self.refusal(self.sign, lot)
        self.assertRegex(told, r"until 2026-03-02 \d\d:\d\d:\d\d \(Europe/Vienna\)")
        self.clock.tick(timedelta(minutes=14))
        self.assertIn("You cannot sign", self.refusal(self.sign, lot))
        self.assertEqual(self.attempt().failures, 5, "what is not looked at does not count")
        self.clock.tick(timedelta(minutes=2))
        self.sign(lot)
        self.assertEqual(lot.status_id.code, "released")

    def test_lock_lasts_as_long_as_the_company_says(self):
        self.env.company.lot_signature_lock_minutes = 60
        lot = self.quarantined("LOCK-2")
        self.fail_to_sign(lot, 5)
        self.clock.tick(timedelta(minutes=59))
        self.assertIn("You cannot sign", self.refusal(self.sign, lot))
        self.clock.tick(timedelta(minutes=2))
        self.sign(lot)

    def test_quality_is_told_of_a_lock(self):
        lot = self.quarantined("LOCK-3")
        self.fail_to_sign(lot, 5)
        notice = self.env["mail.message"].search(
            [("subject", "=", "Signatures locked: Quinn Lee")], limit=1
        )
        self.assertIn(self.second.partner_id, notice.notified_partner_ids)
        self.assertNotIn(self.operator.partner_id, notice.notified_partner_ids)
        self.assertIn("changed", notice.body)

    def test_right_password_forgets_the_failures_before_it(self):
        first, second = self.quarantined("FORGET-1"), self.quarantined("FORGET-2")
        self.fail_to_sign(first, 4)
        self.sign(first)
        self.assertFalse(self.attempt())
        self.assertIn("4 attempts left", self.fail_to_sign(second, 1))

    def test_lock_is_of_one_user_alone(self):
        lot = self.quarantined("LOCK-4")
        self.fail_to_sign(lot, 5)
        self.sign(lot, user=self.second)
        self.assertEqual(lot.signature_ids.user_id, self.second)

    def test_failures_are_counted_before_they_are_looked_at(self):
        """However many come at once, five are looked at: the sixth is not, whatever it brings."""
        attempts = self.env["lot.signature.attempt"]
        counted = [attempts._begin(self.quality, 15)[0] for _number in range(7)]
        self.assertEqual(counted, [1, 2, 3, 4, 5, 6, 6])

    def test_administrator_lets_sign_again_and_quality_does_not(self):
        lot = self.quarantined("LOCK-5")
        self.fail_to_sign(lot, 5)
        with self.assertRaises(AccessError):
            self.attempt().with_user(self.second).action_unlock()
        administrator = self.env.ref("base.user_admin")
        self.attempt().with_user(administrator).action_unlock()
        self.assertEqual(self.events("rights")[-1]["data"]["signatures"], "unlocked")
        self.sign(lot)

    # -- a series in one session -------------------------------------------------------------

    def test_series_in_one_session_asks_for_the_password_alone(self):
        self.session()
        lots = [self.quarantined(f"SERIES-{number}") for number in range(3)]
        self.assertIn("Enter your user name", self.refusal(self.sign, lots[0], login=""))
        self.assertEqual(self.release(lots[0]).method, "password")
        self.assertEqual(self.release(lots[1], login="").method, "series:password")
        told = self.refusal(self.sign, lots[2], login="", password="")
        self.assertIn("Enter your password", told)
        self.assertIn("not the user name", self.refusal(self.sign, lots[2], password="wrong"))

    def test_series_ends_with_its_time(self):
        self.session()
        lots = [self.quarantined(f"LATE-{number}") for number in range(2)]
        self.release(lots[0])
        self.clock.tick(timedelta(minutes=16))
        self.assertIn("Enter your user name", self.refusal(self.sign, lots[1], login=""))

    def test_firm_without_series_asks_for_all_each_time(self):
        self.session()
        self.env.company.lot_signature_series_minutes = 0
        lots = [self.quarantined(f"EACH-{number}") for number in range(2)]
        self.release(lots[0])
        self.assertIn("Enter your user name", self.refusal(self.sign, lots[1], login=""))

    def test_series_of_one_user_is_none_of_another(self):
        session = self.session()
        lots = [self.quarantined(f"MINE-{number}") for number in range(2)]
        self.release(lots[0])
        told = self.refusal(self.sign, lots[1], user=self.second, login="")
        self.assertIn("Enter your user name", told)
        self.assertNotIn(PASSWORD, str(session))

    def test_clock_that_was_set_back_makes_no_series_longer(self):
        session = self.session()
        lot = self.quarantined("BACK-1")
        session["lot_signing"] = [self.quality.id, time.time() + 9999]
        self.assertIn("Enter your user name", self.refusal(self.sign, lot, login=""))

    def test_several_lots_are_released_in_one_act_with_a_signature_each(self):
        lots = self.quarantined("MANY-1") | self.quarantined("MANY-2") | self.quarantined("MANY-3")
        signatures = self.release(lots)
        self.assertEqual(len(signatures), 3)
        self.assertEqual(signatures.lot_id, lots)
        self.assertEqual(len(set(signatures.mapped("act"))), 1)
        self.assertEqual(len(set(signatures.mapped("digest"))), 3)
        self.assertEqual(set(lots.status_id.mapped("code")), {"released"})

    # -- a second factor ---------------------------------------------------------------------

    def test_second_factor_is_asked_from_those_who_have_one(self):
        lot = self.quarantined("TOTP-1")
        users = type(self.env["res.users"])
        check = users._check_credentials

        def accept(user, credential, env):
            if credential["type"] == "totp":
                return {"uid": user.id} if credential["token"] == 123456 else self._deny()
            return check(user, credential, env)

        with (
            patch.object(users, "_mfa_type", lambda self: "totp"),
            patch.object(users, "_check_credentials", accept),
        ):
            self.assertIn("authenticator app shows", self.refusal(self.sign, lot))
            self.assertIn("not the user name", self.refusal(self.sign, lot, totp="999999"))
            self.assertEqual(self.release(lot, totp="123 456").method, "password+totp")

    def _deny(self):
        raise AccessDenied

    def test_step_with_second_factor_is_not_signed_without_one(self):
        self.step("release").second_factor = True
        lot = self.quarantined("TOTP-2")
        with patch.object(type(self.env["res.users"]), "_mfa_type", lambda self: None):
            self.assertIn("Set up an authenticator app", self.refusal(self.sign, lot))

    def test_passkey_signs_by_itself(self):
        lot = self.quarantined("PASSKEY-1")
        users = type(self.env["res.users"])

        def accept(user, credential, env):
            self.assertEqual(credential["type"], "webauthn")
            return {"uid": user.id}

        with patch.object(users, "_check_credentials", accept):
            signature = self.release(lot, login="", password="", passkey='{"id": "1"}')
        self.assertEqual(signature.method, "passkey")
