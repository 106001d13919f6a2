from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, new_test_user, tagged

from .signature_common import PASSWORD, SignatureCommon


@tagged("post_install", "-at_install")
class TestSignatureDialog(SignatureCommon):
    """The dialog in which one signs: it opens where the step is done, says what is wrong, and keeps
    everything but the password."""

    def status_dialog(self, lots, code="released", reason="Results reviewed"):
        wizard = (
            self.laboratory["lot.status.wizard"]
            .with_context(active_model="stock.lot", active_ids=lots.ids)
            .create({"status_id": self.env["lot.status"]._by_code(code).id, "reason": reason})
        )
        return wizard.action_apply()

    def opened(self, action, user=None):
        """The dialog that an action opens, as the web client makes it."""
        env = self.env(user=user or self.quality, context=action["context"])
        self.assertEqual(action["res_model"], "lot.signature.wizard")
        form = Form(env["lot.signature.wizard"])
        form.meaning_id = self.env.ref("lot_traceability.meaning_approval")
        form.login = (user or self.quality).login
        return form

    def press(self, wizard, **given):
        context = {f"sign_{name}": value for name, value in given.items()}
        return wizard.with_context(**context).action_sign()

    def test_release_opens_the_dialog_with_what_is_signed(self):
        self.demand("release")
        lot = self.quarantined("OPEN-1")
        form = self.opened(self.status_dialog(lot))
        self.assertIn("OPEN-1 (Milk): Quarantine → Released", form.summary)
        self.assertEqual(form.reason, "Results reviewed")
        self.assertEqual(form.signer, "Quinn Lee")
        self.assertTrue(form.login_asked)
        answer = self.press(form.save(), login=self.quality.login, password=PASSWORD)
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("OPEN-1", answer["params"]["message"])
        self.assertEqual(lot.status_id.code, "released")
        self.assertEqual(lot.signature_ids.meaning, "Approval")

    def test_step_that_is_off_opens_no_dialog(self):
        lot = self.quarantined("OFF-1")
        self.assertEqual(self.status_dialog(lot)["tag"], "display_notification")
        self.assertEqual(lot.status_id.code, "released")

    def test_what_is_wrong_is_said_in_the_dialog_that_keeps_the_rest(self):
        self.demand("release")
        lot = self.quarantined("WRONG-1")
        wizard = self.opened(self.status_dialog(lot)).save()
        answer = self.press(wizard, login=self.quality.login, password="wrong")
        self.assertEqual((answer["res_model"], answer["res_id"]), (wizard._name, wizard.id))
        self.assertIn("4 attempts left", wizard.problem)
        self.assertEqual(wizard.reason, "Results reviewed")
        self.assertEqual(wizard.meaning_id.code, "approval")
        self.assertNotIn("sign_password", answer["context"])
        self.press(wizard, login=self.quality.login, password=PASSWORD)
        self.assertEqual(lot.status_id.code, "released")

    def test_password_is_in_no_table(self):
        self.demand("release")
        wizard = self.opened(self.status_dialog(self.quarantined("TABLE-1"))).save()
        wizard.write({"password": PASSWORD, "totp": "123456"})
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(w)::text FROM lot_signature_wizard w")
        self.assertNotIn(PASSWORD, str(self.env.cr.fetchall()))

    def test_lots_of_different_steps_are_not_signed_at_once(self):
        self.demand("release")
        self.demand("end_hold")
        first, second = self.quarantined("MIX-1"), self.quarantined("MIX-2")
        second.with_user(self.quality).set_status("hold", "Suspicion")
        with self.assertRaisesRegex(UserError, "need different signatures"):
            self.status_dialog(first | second)

    def test_dialog_of_a_lot_that_may_not_be_released_does_not_open(self):
        self.demand("release")
        lot = self.quarantined("OBSTACLE-1")
        self.laboratory["lot.corrective.action"].create(
            {"name": "Too warm", "lot_id": lot.id, "owner_id": self.quality.id}
        )
        with self.assertRaisesRegex(UserError, "corrective action"):
            self.status_dialog(lot)

    def test_letting_pass_opens_the_dialog(self):
        self.demand("override")
        lot = self.quarantined("PASS-1")
        picking = self.picking(self.plant.out_type_id, {lot: 2}, target=self.customers)
        action = picking.with_user(self.quality).action_let_lots_pass()
        wizard = (
            self.laboratory["lot.gate.override.wizard"]
            .with_context(**action["context"])
            .create({"reason": "Deviation 7"})
        )
        form = self.opened(wizard.action_apply())
        self.assertIn("PASS-1", form.summary)
        self.press(form.save(), login=self.quality.login, password=PASSWORD)
        self.assertEqual(picking.signature_ids.reason, "Deviation 7")
        self.validate(picking)

    @contextmanager
    def in_the_browser(self):
        origin = type(self.env["lot.audit.origin"])
        with patch.object(origin, "_origin", lambda self: {"via": "web"}):
            yield

    def test_saving_a_corrected_line_offers_the_dialog(self):
        self.demand("correction")
        lot = self.quarantined("SAVE-1")
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        with self.in_the_browser(), self.assertRaises(RedirectWarning) as warning:
            line.with_user(self.operator).write({"quantity": 8})
        message, action, button, _context = warning.exception.args
        self.assertIn("has to be signed", message)
        self.assertEqual(button, "Sign")
        env = self.env(user=self.operator, context=action["context"])
        form = Form(env["lot.signature.wizard"])
        self.assertIn("10 kg → 8 kg", form.summary)
        form.meaning_id = self.env.ref("lot_traceability.meaning_authorship")
        form.reason = "Counted wrong"
        form.login = self.operator.login
        self.press(form.save(), login=self.operator.login, password=PASSWORD)
        self.assertEqual(line.quantity, 8)
        # The form is saved again, with what else was changed in it.
        with self.in_the_browser():
            line.with_user(self.operator).write({"quantity": 8})

    def test_second_person_signs_in_the_dialog(self):
        self.demand("release", second_signer=True)
        lot = self.quarantined("SECOND-1")
        form = self.opened(self.status_dialog(lot))
        answer = self.press(form.save(), login=self.quality.login, password=PASSWORD)
        self.assertIn("a second person", answer["params"]["message"])
        request = self.env["lot.signature.request"].search([])
        form = self.opened(request.with_user(self.second).action_sign(), self.second)
        self.assertIn("Quinn Lee has signed on", form.first_signed)
        wizard = form.save()
        self.press(wizard, login=self.second.login, password=PASSWORD)
        self.assertEqual(lot.status_id.code, "released", wizard.problem)

    def test_report_prints_the_signatures(self):
        self.demand("release")
        lot = self.quarantined("REPORT-1")
        self.release(lot)
        report = self.env["ir.actions.report"].with_user(self.reader)
        html = report._render_qweb_html("lot_traceability.report_lot_signatures", lot.ids)[0]
        for part in ("Quinn Lee", "Approval", "Europe/Vienna", "Results reviewed"):
            self.assertIn(part, html.decode())

    def test_review_of_the_log_is_signed_by_the_auditor(self):
        self.demand("log_review")
        auditor = new_test_user(
            self.env,
            login="sign_auditor",
            password=PASSWORD,
            groups="lot_traceability.group_auditor",
        )
        review = self.env["lot.audit.review"].with_user(auditor).create({"verdict": "ok"})
        with self.assertRaisesRegex(UserError, "“Review of the audit log” of .* has to be signed"):
            review.action_finish()
        with self.in_the_browser():
            action = review.action_finish()
        wizard = self.env["lot.signature.wizard"].with_user(auditor)
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.meaning_id.code, "review")
        form.reason, form.login = "Monthly review", auditor.login
        self.press(form.save(), login=auditor.login, password=PASSWORD)
        self.assertEqual(review.state, "done")
        self.assertEqual(review.signature_ids.mapped("state"), ["valid"])
