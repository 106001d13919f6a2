import csv
import io
import json
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import pdf
from openpyxl import load_workbook

from ..report import audit_pdf, audit_rows, audit_xlsx
from ..tools.audit_reader import verify_file
from .audit_reading_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditExport(AuditCommon):
    """Events as files, written with the lowest rights, sealed and proved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_lot = cls.received(cls.milk, "=M-1", 100)
        cls.other_lot = cls.received(cls.milk, "M-2", 10)
        cls.wait()
        cls.milk_lot.with_user(cls.quality).set_status("hold", "Listeria suspected")
        cls.auditor.tz = "Europe/Berlin"
        cls.wait()

    def written(self, file_format, user=None, **asked):
        """The file, and the number of events that it is said to have."""
        export = self.env["lot.audit.export"].with_user(user or self.reader)
        export = export.with_context(tz="Europe/Berlin")
        selection = {
            "lot_ids": [],
            "product_ids": [],
            "user_ids": [],
            "kinds": [],
            "since": None,
            "until": None,
            **asked,
        }
        target = io.BytesIO()
        count = export._write_selection(file_format, target, **selection)
        target.seek(0)
        return target, count

    def verified(self, target):
        lines = target.getvalue().splitlines()
        with patch.dict("os.environ", {}):
            report = verify_file(io.BytesIO(target.getvalue()), None, ())
        self.assertEqual(report.findings, [])
        return [json.loads(line) for line in lines]

    # -- kinds of files ------------------------------------------------------------------------

    def test_workbook_has_each_event_of_the_lot_and_what_it_is(self):
        self.seal()
        target, count = self.written("xlsx", lot_ids=self.milk_lot.ids)
        book = load_workbook(target)
        about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
        self.assertIn("=M-1", about["Events of"])
        self.assertEqual(
            about["Last sealed block"][:1], str(self.env["lot.audit.block"]._receipt().number)
        )
        head, *rows = book["Events"].iter_rows(values_only=True)
        found = [dict(zip(head, row, strict=True)) for row in rows]
        self.assertEqual(count, len(found))
        self.assertEqual([row["Kind"] for row in found], ["Created", "Moved", "Status changed"])
        self.assertTrue(all(row["Block"] for row in found))
        self.assertEqual(found[0]["Lot"], "=M-1")
        self.assertIn("Time (Europe/Berlin)", head)
        for cells in book["Events"].iter_rows():
            self.assertNotIn("f", {cell.data_type for cell in cells})

    def test_workbook_goes_on_in_a_second_sheet(self):
        with patch.object(audit_xlsx, "MAX_ROWS", 2):
            target, count = self.written("xlsx", lot_ids=self.milk_lot.ids)
        names = load_workbook(target).sheetnames
        self.assertEqual((count, names), (3, ["About", "Events", "Events 2", "Events 3"]))

    def test_csv_keeps_what_looks_like_a_formula_a_text(self):
        target, count = self.written("csv", lot_ids=self.milk_lot.ids)
        rows = list(csv.DictReader(io.StringIO(target.read().decode("utf-8-sig"))))
        self.assertEqual((count, len(rows)), (3, 3))
        self.assertEqual(rows[0]["Lot"], "'=M-1")
        self.assertIn("Listeria suspected", rows[2]["What happened"])

    def test_paper_has_events_receipt_and_page_numbers(self):
        self.seal()
        target, _count = self.written("pdf", lot_ids=self.milk_lot.ids)
        pages = [page.extract_text() for page in pdf.PdfFileReader(target, strict=False).pages]
        text = "\n".join(pages)
        for expected in (
            "Listeria suspected",
            self.env["lot.audit.block"]._receipt().digest,
            "flow_reader",
            "Page 1 of",
        ):
            self.assertIn(expected, text)

    def test_paper_says_how_many_events_it_leaves_out(self):
        with patch.object(audit_pdf, "MAX_EVENTS", 1):
            target, count = self.written("pdf", lot_ids=self.milk_lot.ids)
        text = pdf.PdfFileReader(target, strict=False).pages[0].extract_text()
        self.assertEqual(count, 1)
        self.assertIn("leaves out the 2", text.replace("\n", " "))

    def test_batches_lose_and_repeat_nothing(self):
        with patch.object(audit_rows, "BATCH", 1):
            target, count = self.written("csv", lot_ids=self.milk_lot.ids)
        rows = list(csv.DictReader(io.StringIO(target.read().decode("utf-8-sig"))))
        self.assertEqual((count, len({row["Event"] for row in rows})), (3, 3))

    # -- what verifies -------------------------------------------------------------------------

    def test_events_of_a_lot_come_with_proofs_that_verify_without_odoo(self):
        self.seal()
        target, count = self.written("jsonl", lot_ids=self.milk_lot.ids)
        lines = self.verified(target)
        proofs = [line for line in lines if line["type"] == "proof"]
        self.assertEqual((lines[0]["scope"], count, len(proofs)), ("events", 3, 3))
        self.assertTrue(all("=M-1" in proof["event"] for proof in proofs))

    def test_changed_event_of_an_export_is_found(self):
        self.seal()
        target, _count = self.written("jsonl", lot_ids=self.milk_lot.ids)
        forged = target.getvalue().replace(b"Listeria suspected", b"Nothing at all ...")
        report = verify_file(io.BytesIO(forged), None, ())
        self.assertTrue(report.findings)

    def test_whole_log_comes_in_its_blocks_with_what_is_not_sealed_yet(self):
        self.seal()
        self.deliver({self.other_lot: 1})
        target, _count = self.written("jsonl", self.auditor)
        lines = self.verified(target)
        self.assertEqual(lines[0]["scope"], "log")
        self.assertTrue([line for line in lines if line.get("type") == "unsealed"])

    def test_period_of_a_reader_has_proofs_as_he_may_not_read_all_of_the_blocks(self):
        self.tell("configured", company=self.env.company)
        self.seal()
        target, _count = self.written("jsonl", since=date(2000, 1, 1))
        lines = self.verified(target)
        self.assertEqual(lines[0]["scope"], "events")
        self.assertNotIn(b"configured", target.getvalue())
        whole, _count = self.written("jsonl", self.auditor, since=date(2000, 1, 1))
        self.assertEqual(self.verified(whole)[0]["scope"], "log")

    # -- what is asked for ---------------------------------------------------------------------

    def test_product_user_kind_and_period_narrow_it_down(self):
        for asked, expected in (
            ({"product_ids": self.milk.ids}, 5),
            ({"user_ids": self.manager.ids}, 0),
            ({"user_ids": self.operator.ids, "kinds": ["moved"]}, 2),
            ({"kinds": ["status"]}, 1),
            ({"lot_ids": self.milk_lot.ids, "until": date(2000, 1, 1)}, 0),
        ):
            self.assertEqual(self.written("csv", **asked)[1], expected, asked)

    def test_bad_input_says_what_to_do(self):
        for asked, sentence in (
            ({"kinds": ["nonsense"]}, "Choose among these"),
            ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "Change one of the days"),
            ({"lot_ids": [2**30]}, "Choose it again"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.written("csv", **asked)

    def test_export_is_told_in_the_log(self):
        self.written("csv", lot_ids=self.milk_lot.ids)
        (event,) = self.told("exported")
        self.assertEqual(event["who"]["login"], "flow_reader")
        self.assertEqual((event["data"]["count"], event["data"]["format"]), (3, "csv"))
        self.assertEqual(event["lot"]["name"], "=M-1")

    def test_export_holds_what_its_user_may_read(self):
        self.tell("imported", company=self.env.company)
        self.assertEqual(self.written("csv", kinds=["imported"])[1], 0)
        self.assertEqual(self.written("csv", self.auditor, kinds=["imported"])[1], 1)
        stranger = new_test_user(self.env, login="export_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.written("csv", stranger)


@tagged("post_install", "-at_install")
class TestAuditExportRoute(AuditCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.milk_lot = self.received(self.product("Milk"), "M-1", 100)
        self.auditor.password = "flow_auditor"
        self.authenticate("flow_auditor", "flow_auditor")

    def get(self, path):
        return self.url_open(f"/lot_traceability/{path}")

    def test_file_has_name_and_type(self):
        answer = self.get(f"audit/csv?lot_ids={self.milk_lot.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("audit-log-2026-", answer.headers["Content-Disposition"])
        self.assertIn("M-1", answer.text)

    def test_bad_input_is_refused_with_one_sentence(self):
        for path, status, sentence in (
            ("audit/docx", 404, "exported as"),
            ("audit/csv?lot_ids=x", 400, "separated by commas"),
            ("audit/csv?since=yesterday", 400, "year-month-day"),
            ("audit/csv?kinds=nonsense", 400, "Choose among these"),
            ("dossier/0/pdf", 404, "Search for it again"),
            (f"dossier/{self.milk_lot.id}/docx", 404, "pdf or xlsx"),
        ):
            answer = self.get(path)
            self.assertEqual(answer.status_code, status, path)
            self.assertIn(sentence, answer.text)

    def test_verifier_is_handed_out_to_those_who_read_the_log(self):
        answer = self.get("audit/verifier")
        self.assertIn("audit_verify.py", answer.headers["Content-Disposition"])
        compile(answer.text, "audit_verify.py", "exec")
        stranger = new_test_user(self.env, login="route_stranger", groups="base.group_user")
        stranger.password = "route_stranger"
        self.authenticate("route_stranger", "route_stranger")
        self.assertEqual(self.get("audit/verifier").status_code, 403)
        self.assertEqual(self.get(f"audit/csv?lot_ids={self.milk_lot.id}").status_code, 403)
        self.assertEqual(self.get(f"dossier/{self.milk_lot.id}/pdf").status_code, 403)

    def test_dialog_leads_to_the_file(self):
        wizard = (
            self.env["lot.audit.export.wizard"]
            .with_user(self.auditor)
            .create({"lot_ids": self.milk_lot.ids, "file_format": "jsonl", "kind": "moved"})
        )
        url = wizard.action_export()["url"]
        self.assertIn("audit/jsonl?", url)
        self.assertIn(f"lot_ids={self.milk_lot.id}&kinds=moved", url)

    def test_dossier_comes_as_a_file(self):
        answer = self.get(f"dossier/{self.milk_lot.id}/pdf")
        self.assertEqual(answer.content[:5], b"%PDF-")
        self.assertIn("dossier-M-1-", answer.headers["Content-Disposition"])
