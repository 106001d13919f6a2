import socket
from unittest.mock import patch

from odoo.modules.neutralize import neutralize_database
from odoo.tests import HttpCase, tagged

from .audit_common import AuditCase
from .label_common import LabelCommon

PRACTICE = "Practice: nothing is shipped, printed or mailed"


def neutralize(case) -> None:
    """Make the database of a test one to practise on, as Odoo does to a copy."""
    case.env.flush_all()
    neutralize_database(case.env.cr)
    case.env.invalidate_all()
    case.env.registry.clear_all_caches()
    case.addCleanup(case.env.registry.clear_all_caches)


@tagged("post_install", "-at_install")
class TestPracticeLabels(LabelCommon):
    """In a copy to practise on, nothing reaches a printer or comes from a reader."""

    def print_(self, printer):
        lot = self.camembert.with_user(self.operator)
        design = self.design("item").with_user(self.operator)
        answer = self.designs._print(
            lot, design, printer=printer.with_user(self.operator), reason="Practice"
        )
        return self.env["lot.label.job"].browse(answer["job_id"])

    def test_what_is_printed_becomes_a_file_and_no_printer_is_called(self):
        printer = self.printer()
        waiting = self.print_(printer)
        self.assertEqual(waiting.state, "waiting")
        neutralize(self)
        self.assertEqual(waiting.state, "download")
        crons = type(self.env["ir.cron"])
        with (
            patch.object(socket, "create_connection", side_effect=AssertionError("called")),
            patch.object(crons, "_commit_progress", return_value=60.0),
        ):
            job = self.print_(printer)
            self.env["lot.label.job"]._cron_send()
            printer.with_user(self.administrator).action_test()
        self.assertEqual((job.state, job.tries), ("download", 0))
        self.assertFalse(printer.host)

    def test_readers_are_not_listened_to(self):
        reader = self.env["lot.rfid.reader"].create(
            {"name": "Wand", "code": "wand-1", "kind": "wand"}
        )
        neutralize(self)
        self.assertFalse(reader.active)

    def test_no_job_of_ours_runs_by_itself(self):
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=like", "lot_traceability%")]
        )
        self.assertTrue(ours)
        neutralize(self)
        self.assertFalse(self.env["ir.cron"].browse(ours.mapped("res_id")).filtered("active"))


@tagged("post_install", "-at_install")
class TestPracticeReceipts(AuditCase):
    """Receipts of a copy's audit log are no receipts of the firm."""

    def test_receipt_is_neither_mailed_nor_stamped(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("lot_traceability.audit_receipt_mail", "auditor@example.com")
        parameters.set_param("lot_traceability.audit_tsa_url", "http://127.0.0.1:9/tsa")
        neutralize(self)
        crons = type(self.env["ir.cron"])
        with (
            patch("requests.post", side_effect=AssertionError("called")),
            patch.object(crons, "_commit_progress", lambda *_args, **_kwargs: None),
        ):
            self.seal()
            self.env["lot.audit.receipt"]._hand_out()
        receipt = self.env["lot.audit.receipt"].search([], limit=1)
        self.assertTrue(receipt)
        self.assertFalse(receipt.mailed_to)
        self.assertFalse(receipt.stamp_problem)


@tagged("post_install", "-at_install")
class TestPracticePages(HttpCase, LabelCommon):
    """Whoever practises sees it on each page."""

    def test_pages_say_that_this_is_practice(self):
        self.authenticate(self.operator.login, self.operator.login)
        pages = ("/odoo", "/lot_traceability/scan")
        for page in pages:
            self.assertNotIn(PRACTICE, self.url_open(page).text, page)
        neutralize(self)
        for page in pages:
            self.assertIn(PRACTICE, self.url_open(page).text, page)
