import base64
import json
import shutil
import subprocess
import tempfile
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ..tools.audit_timestamp import REQUEST_TYPE, RESPONSE_TYPE
from .audit_common import AuditCase

RECEIPTS = "odoo.addons.lot_traceability.models.lot_audit_receipt"


class Authority:
    """A time-stamping authority of openssl behind a local web server."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.certificate = folder / "tsa.pem"
        (folder / "serial").write_text("01\n", encoding="ascii")
        (folder / "tsa.cnf").write_text(
            f"""[req]
distinguished_name = name
x509_extensions = stamping
prompt = no
[name]
CN = Test authority
[stamping]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = main
[main]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
""",
            encoding="ascii",
        )
        self._openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"),
            *("-keyout", "tsa.key", "-out", "tsa.pem", "-config", "tsa.cnf"),
        )

    def _openssl(self, *arguments: str) -> None:
        command = [shutil.which("openssl"), *arguments]
        subprocess.run(  # noqa: S603  of this test's own making
            command, cwd=self.folder, check=True, capture_output=True, timeout=60
        )

    def answer(self, request: bytes) -> bytes:
        (self.folder / "request").write_bytes(request)
        self._openssl(
            *("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request", "-out", "reply")
        )
        return (self.folder / "reply").read_bytes()

    def serve(self):
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                assert self.headers["Content-Type"] == REQUEST_TYPE
                reply = authority.answer(self.rfile.read(length))
                self.send_response(200)
                self.send_header("Content-Type", RESPONSE_TYPE)
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


@tagged("post_install", "-at_install")
class TestAuditReceipts(AuditCase):
    """Receipts leave the database."""

    def hand_out(self):
        self.seal()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: None):
            self.env["lot.audit.receipt"]._hand_out()
        return self.env["lot.audit.receipt"].search([], limit=1)

    def set(self, name, value):
        self.env["ir.config_parameter"].set_param(f"lot_traceability.{name}", value)

    def test_each_block_is_in_the_file_once(self):
        for name in ("R-1", "R-2"):
            self.received(self.curd, name, 5)
            self.seal()
        self.env["lot.audit.receipt.file"]._append()
        lines = self.env["lot.audit.receipt.file"]._path().read_text().splitlines()
        blocks = self.env["lot.audit.block"].search([], order="id")
        self.assertEqual([json.loads(line)["digest"] for line in lines], blocks.mapped("digest"))

    def test_line_that_a_crash_left_half_written_is_followed_by_the_whole_one(self):
        self.received(self.curd, "R-1", 5)
        self.seal()
        path = self.env["lot.audit.receipt.file"]._path()
        path.write_text(path.read_text()[:-40])
        self.env["lot.audit.receipt.file"]._append()
        self.assertTrue(self.verify()["valid"])
        self.assertEqual(len(list(self.env["lot.audit.receipt.file"]._read())), 1)

    def test_once_a_day_a_receipt_is_attached_and_mailed(self):
        self.set("audit_receipt_mail", "auditor@example.com, Second <second@example.com>")
        self.received(self.curd, "R-1", 5)
        receipt = self.hand_out()
        self.assertEqual(receipt.mailed_to, "auditor@example.com, second@example.com")
        mail = self.env["mail.mail"].search([("email_to", "=", receipt.mailed_to)])
        self.assertEqual(mail.attachment_ids.raw.decode(), receipt.line)
        self.assertIn(receipt.digest, mail.body_html)
        # Not again on the same day, but on the next.
        self.received(self.curd, "R-2", 5)
        self.assertEqual(self.hand_out(), receipt)
        self.clock.tick(timedelta(days=1))
        self.assertNotEqual(self.hand_out(), receipt)

    def test_receipt_is_stamped_by_an_authority_and_the_stamp_verifies(self):
        with tempfile.TemporaryDirectory() as folder:
            authority = Authority(Path(folder))
            server = authority.serve()
            try:
                self.set("audit_tsa_url", f"http://127.0.0.1:{server.server_port}/")
                self.received(self.curd, "R-1", 5)
                trusted = {"lot_audit_tsa_certificates": str(authority.certificate)}
                with patch.dict(config.options, trusted):
                    receipt = self.hand_out()
                    self.assertFalse(receipt.stamp_problem)
                    self.assertTrue(receipt.stamp_date)
                    self.assertTrue(receipt.stamp_trusted)
                    self.assertIn("Test authority", receipt.stamp_authority)
                    self.assertTrue(self.verify()["valid"])
                    # A stamp of something else is found.
                    stamp = base64.b64decode(receipt.stamp)
                    changed = stamp[:-20] + bytes(20)
                    receipt.sudo().write({"stamp": base64.b64encode(changed)})
                    self.assertFound("forged", block=receipt.number)
            finally:
                server.shutdown()
                server.server_close()

    @mute_logger(RECEIPTS)
    def test_authority_that_is_away_stops_nothing_and_is_asked_again(self):
        self.set("audit_tsa_url", "http://127.0.0.1:9/")
        self.received(self.curd, "R-1", 5)
        receipt = self.hand_out()
        self.assertTrue(receipt.stamp_problem)
        self.assertFalse(receipt.stamp)
        self.assertTrue(self.env["lot.audit.block"].search([]))

    @mute_logger(RECEIPTS)
    def test_file_that_cannot_be_written_stops_nothing(self):
        self.received(self.curd, "R-1", 5)
        self.env.cr.flush()
        self.env["lot.audit.sealer"]._seal()
        with (
            patch.dict(config.options, {"lot_audit_folder": "/proc/nowhere"}),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: None),
        ):
            self.env["lot.audit.receipt"]._hand_out()
        self.assertTrue(self.env["lot.audit.receipt"].search([]))

    def test_nobody_changes_or_removes_a_receipt(self):
        self.received(self.curd, "R-1", 5)
        receipt = self.hand_out()
        for change in (
            lambda: receipt.with_user(self.manager).write({"digest": "0"}),
            lambda: receipt.with_user(self.manager).unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(UserError):
            receipt.sudo().write({"digest": "0"})
        with self.assertRaises(UserError):
            receipt.sudo().unlink()
