import base64
import hashlib
import io

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger, pdf
from openpyxl import load_workbook
from reportlab.pdfgen.canvas import Canvas

from .audit_reading_common import AuditCommon

# One point of white.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)


@tagged("post_install", "-at_install")
class TestAuditDossier(AuditCommon):
    """The dossier of a lot that was made, tested, held, released and delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One of the documents is damaged.
        muted = mute_logger("pypdf._reader")
        muted.__enter__()
        cls.addClassCleanup(muted.__exit__, None, None, None)
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.milk_lot = cls.received(cls.milk, "M-1", 100)
        cls.milk_lot.supplier_lot = "SUP-7"
        cls.cheese_lot = cls.lot(cls.cheese, "C-1")
        cls.made = cls.make(cls.cheese_lot, 10, {cls.milk_lot: 60})
        parameter = cls.env["lot.parameter"].create(
            {"name": "Listeria", "kind": "text", "purpose": "test"}
        )
        cls.certificate = cls._certificate("Certificate 4711")
        cls.reading = cls.env["lot.measurement"].create(
            {
                "lot_id": cls.cheese_lot.id,
                "parameter_id": parameter.id,
                "value": "Not detected in 25 g",
            }
        )
        cls.reading.attachment_ids = cls.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": raw,
                    "mimetype": kind,
                    "res_model": "lot.measurement",
                    "res_id": cls.reading.id,
                }
                for name, raw, kind in (
                    ("coa.pdf", cls.certificate, "application/pdf"),
                    ("photo.png", PICTURE, "image/png"),
                    ("broken.pdf", b"%PDF-nothing", "application/pdf"),
                )
            ]
        )
        cls.wait()
        cls.cheese_lot.with_user(cls.quality).set_status("hold", "Waits for the laboratory")
        cls.wait()
        cls.cheese_lot.with_user(cls.quality).set_status("released", "Not detected")
        cls.delivered = cls.deliver({cls.cheese_lot: 4}, partner=cls.cafe)
        cls.env["ir.actions.report"].with_user(cls.operator)._render_qweb_text(
            "stock.label_lot_template_view", cls.cheese_lot.ids
        )
        cls.wait()

    @classmethod
    def _certificate(cls, text):
        target = io.BytesIO()
        canvas = Canvas(target)
        canvas.drawString(100, 100, text)
        canvas.save()
        return target.getvalue()

    def written(self, file_format, user=None):
        target = io.BytesIO()
        self.env["lot.dossier"].with_user(user or self.reader)._write_dossier(
            self.cheese_lot, file_format, target
        )
        target.seek(0)
        return target

    def test_paper_tells_all_from_raw_material_to_customer(self):
        self.seal()
        reader = pdf.PdfFileReader(self.written("pdf"), strict=False)
        pages = [page.extract_text() for page in reader.pages]
        text = "\n".join(pages)
        for expected in (
            "Lot C-1 of Cheese",
            self.made.name,
            "Listeria",
            "Not detected in 25 g",
            hashlib.sha256(self.certificate).hexdigest(),
            "M-1",
            "Dairy",
            "Café",
            self.delivered.name,
            "Waits for the laboratory",
            "printed labels of this lot: 1 as ZPL",
            self.env["lot.audit.block"]._receipt().digest,
            "flow_reader",
            "Certificate 4711",
        ):
            self.assertIn(expected, text)

    def test_each_page_names_lot_printer_and_number(self):
        pages = [
            page.extract_text()
            for page in pdf.PdfFileReader(self.written("pdf"), strict=False).pages
        ]
        own = [text for text in pages if "Lot dossier: Lot C-1 of Cheese" in text]
        # The certificate and the photograph follow as they are.
        self.assertEqual(len(pages) - len(own), 2)
        for number, text in enumerate(own, 1):
            self.assertRegex(text.replace("\n", ""), rf"Page {number} of\s*{len(own)}")
            self.assertIn("Printed by", text)

    def test_workbook_has_a_sheet_for_each_part(self):
        book = load_workbook(self.written("xlsx"))
        for name in (
            "Identity",
            "Quality results",
            "Documents",
            "Lots",
            "Customers",
            "Movements",
            "Status changes",
            "Signatures",
            "Labels printed",
            "Events",
        ):
            self.assertIn(name, book.sheetnames)
        moves = list(book["Movements"].iter_rows(values_only=True))
        self.assertEqual([row[1] for row in moves[1:]], [10, 4])

    def test_lot_without_any_history_has_a_dossier(self):
        lot = self.lot(self.milk, "EMPTY")
        target = io.BytesIO()
        self.env["lot.dossier"].with_user(self.reader)._write_dossier(lot, "pdf", target)
        target.seek(0)
        text = pdf.PdfFileReader(target, strict=False).pages[0].extract_text()
        self.assertIn("Lot EMPTY of Milk", text)

    def test_dossier_is_told_on_the_history_of_the_lot(self):
        self.written("pdf")
        (event,) = self.told("exported")
        self.assertEqual((event["lot"]["name"], event["data"]["format"]), ("C-1", "pdf"))
        self.assertFalse(self.told("traced"))

    def test_dossier_is_for_those_who_may_trace(self):
        for groups in ("base.group_user", "mrp.group_mrp_user"):
            user = new_test_user(self.env, login=f"dossier_{groups}", groups=groups)
            if groups == "base.group_user":
                with self.assertRaises(AccessError):
                    self.written("pdf", user)
            else:
                self.assertTrue(self.written("pdf", user).getvalue())
