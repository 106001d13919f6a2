import json
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import config

from ..models.lot_audit_event import NAMES
from ..tools.audit_bundle import stand_alone
from ..tools.audit_proof import receipt_line
from .audit_common import AuditCase


@tagged("post_install", "-at_install")
class TestAuditSeal(AuditCase):
    def run_program(self, command):
        return subprocess.run(  # noqa: S603  of this test's own making
            command, check=False, capture_output=True, text=True
        )

    def test_receipt_and_delivery_are_told_with_lot_and_document(self):
        lot = self.received(self.curd, "C-1", 5)
        self.deliver({lot: 2})
        self.assertEqual(self.kinds(lot), ["created", "moved", "moved"])
        moved = self.events(("lot_id", "=", lot.id), ("kind", "=", "moved"))
        body = self.body(moved[0])
        self.assertEqual(body["data"]["quantity"], "5")
        self.assertEqual(body["document"]["model"], "stock.picking")
        for event in self.events(("lot_id", "=", lot.id)):
            self.assertEqual(self.body(event)["who"]["login"], self.operator.login)

    def test_change_is_told_of_who_made_it_whoever_is_at_work_when_it_is_written(self):
        lot = self.received(self.curd, "C-1", 5)
        lot.with_user(self.quality).set_status("hold", "Smells of solvent")
        self.env["stock.lot"].search([])
        self.env.cr.flush()
        lot.with_user(self.manager).supplier_lot = "S-1"
        self.env.cr.flush()
        held, changed = self.events(("lot_id", "=", lot.id))[-2:]
        self.assertEqual(self.body(held)["who"]["login"], self.quality.login)
        self.assertEqual(self.body(held)["why"], "Smells of solvent")
        self.assertEqual(self.body(held)["changes"]["status_id"][1]["name"], "hold")
        self.assertEqual(self.body(changed)["who"]["login"], self.manager.login)

    def test_sealed_log_verifies_with_key_and_receipts(self):
        lot = self.received(self.curd, "C-2", 5)
        self.assertGreater(self.seal(), 1)
        self.deliver({lot: 2})
        self.seal()
        found = self.env["lot.audit.verification"].with_user(self.reader).verify_log()
        self.assertEqual(found["findings"], [])
        self.assertTrue(found["valid"])
        self.assertGreater(found["receipts"], 1)
        self.assertGreater(found["seals"], 1)

    def test_block_verifies_alone_and_names_what_was_changed_in_it(self):
        self.received(self.curd, "C-3", 5)
        self.seal()
        number = self.env["lot.audit.block"].search([], limit=1).id
        verification = self.env["lot.audit.verification"].with_user(self.reader)
        self.assertTrue(verification.verify_block(number)["valid"])
        event = self.events()[-1]
        self.behind('UPDATE lot_audit_event SET body = \'{"kind":"x"}\' WHERE id = %s', event.id)
        found = verification.verify_block(number)
        self.assertFalse(found["valid"])
        self.assertIn(str(event.id), found["findings"][0])

    def test_event_is_proved_and_the_proof_reads_without_odoo(self):
        lot = self.received(self.curd, "C-4", 5)
        verification = self.env["lot.audit.verification"].with_user(self.reader)
        event = self.events(("lot_id", "=", lot.id))[0]
        with self.assertRaisesRegex(ValidationError, "not sealed yet"):
            verification.prove_event(event.id)
        for name in ("C-5", "C-6"):
            self.seal()
            self.received(self.curd, name, 5)
        self.seal()
        found = verification.prove_event(event.id)
        self.assertTrue(found["valid"])
        self.assertGreater(found["hashes"], 1)
        self.assertIn("C-4", found["proof"])
        with tempfile.TemporaryDirectory() as folder:
            program, proof = Path(folder, "verify.py"), Path(folder, "proof.jsonl")
            program.write_text(stand_alone(), encoding="utf-8")
            proof.write_text(found["proof"], encoding="utf-8")
            command = [sys.executable, "-I", "-S", str(program), str(proof)]
            self.assertEqual(self.run_program(command).returncode, 0)
            proof.write_text(found["proof"].replace("C-4", "C-X"), encoding="utf-8")
            self.assertEqual(self.run_program(command).returncode, 1)

    def test_event_says_on_its_form_whether_it_is_proved(self):
        lot = self.received(self.curd, "C-9", 5)
        event = self.events(("lot_id", "=", lot.id))[0].with_user(self.reader)
        told = event.action_prove()["params"]
        self.assertEqual(told["type"], "warning")
        self.assertIn("not sealed yet", told["message"])
        self.seal()
        event.invalidate_recordset()
        told = event.action_prove()["params"]
        self.assertEqual(told["type"], "success")
        self.assertIn(f"in block {event.block_number}", told["message"])
        self.assertEqual(event.action_open_block()["res_id"], event.block_number)

    def test_log_is_verified_from_the_list_whatever_is_selected(self):
        self.received(self.curd, "C-10", 5)
        self.seal()
        verifications = self.env["lot.audit.verification"].with_user(self.reader)
        action = call_kw(verifications, "action_verify", [[]], {})
        made = verifications.browse(action["res_id"])
        self.assertTrue(made.valid)
        again = call_kw(verifications, "action_verify", [made.ids], {})
        self.assertNotEqual(again["res_id"], made.id)
        self.assertEqual(made.display_name, f"Verification {made.id}")

    def test_receipt_is_continued_by_the_log_or_not(self):
        self.received(self.curd, "C-7", 5)
        self.seal()
        line = receipt_line(self.env["lot.audit.block"]._receipt()).decode()
        self.received(self.curd, "C-8", 5)
        self.seal()
        verification = self.env["lot.audit.verification"].with_user(self.reader)
        self.assertTrue(verification.compare_receipts(line)["valid"])
        receipt = self.env["lot.audit.receipt"]._make(self.env["lot.audit.block"]._receipt())
        told = receipt.with_user(self.reader).action_compare()["params"]
        self.assertEqual(told["type"], "success")
        self.assertIn("as this receipt says", told["message"])
        other = json.loads(line) | {"tree": "00" * 32}
        self.assertFalse(verification.compare_receipts(json.dumps(other))["valid"])
        with self.assertRaisesRegex(ValidationError, "no receipt"):
            verification.compare_receipts("{}")

    def test_whole_log_in_a_file_verifies_without_odoo_and_with_the_key(self):
        self.received(self.curd, "C-9", 5)
        self.seal()
        path = self.env["lot.audit.log"]._export_whole()
        receipts = self.env["lot.audit.receipt.file"]._path()
        command = [
            *(sys.executable, "-I", "-S", str(path.with_name("audit_verify.py")), str(path)),
            *("--receipts", str(receipts)),
        ]
        done = self.run_program(command)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("VALID", done.stdout)

    def test_whoever_uninstalls_is_told_where_the_log_is_kept(self):
        origin = type(self.env["lot.audit.origin"])
        logger = "odoo.addons.lot_traceability.models.lot_audit_log"
        with (
            patch.object(origin, "_session_user", side_effect=[None, self.quality.id]),
            self.assertLogs(logger, "WARNING") as log,
        ):
            for _time in range(2):
                self.env["lot.audit.log"]._tell_kept(Path("kept.jsonl.gz"))
        self.assertEqual(len(log.output), 2)
        [told] = self.env["mail.message"].search([("body", "ilike", "kept.jsonl.gz")])
        channel = self.env["discuss.channel"].browse(told.res_id)
        self.assertIn(self.quality.partner_id, channel.channel_partner_ids)

    def test_log_that_cannot_be_kept_stops_the_uninstallation(self):
        with (
            tempfile.NamedTemporaryFile() as file,
            patch.dict(config.options, {"lot_audit_folder": file.name}),
            self.assertRaisesRegex(UserError, "uninstall again"),
        ):
            self.env["lot.audit.log"]._export_whole()

    def test_baseline_tells_of_lots_and_lines_from_before_the_log(self):
        lot = self.received(self.curd, "C-10", 5)
        self.deliver({lot: 1})
        # As after an installation: nothing was told yet.
        for table in ("event", "block", "pending"):
            self.behind(f"DELETE FROM lot_audit_{table}")
        comparison = self.env["lot.audit.comparison"]
        self.assertTrue(list(comparison._findings()))
        comparison._note_baseline()
        # A million lots fit into the memory of one process.
        known = self.env.cr.precommit.data.get(NAMES, {})
        self.assertEqual([name for name in known if name[0] == "stock.lot"], [])
        self.env.cr.flush()
        self.assertEqual(list(comparison._findings()), [])
        told = self.env["lot.audit.event"].search(
            [("lot_id", "=", lot.id), ("kind", "=", "baseline")]
        )
        record = {"model": "stock.lot", "id": lot.id, "name": lot.display_name}
        self.assertEqual(json.loads(told.body)["record"], record)
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)], limit=1)
        # What is corrected through Odoo is known, what is changed past it is found.
        line.with_user(self.manager).quantity = line.quantity + 1
        self.env.cr.flush()
        self.assertEqual([found.text for found in comparison._findings()], [])
        self.behind(
            "UPDATE stock_move_line SET location_dest_id = location_id WHERE id = %s", line.id
        )
        self.assertTrue(list(comparison._findings()))
