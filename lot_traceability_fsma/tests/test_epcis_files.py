import io
from unittest.mock import patch

from odoo.addons.lot_traceability.models.lot_audit_text import AuditText
from odoo.addons.lot_traceability.report import write_pdf, write_xlsx
from odoo.addons.lot_traceability.tools.trace_digest import trace_digest
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import pdf
from openpyxl import load_workbook

from .epcis_common import GTIN, THEIRS, EpcisCommon

RAW = "04012345123456"
SALAD = "04012345123463"
WORD = {"traced": 2, "exported": 2}


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisFiles(EpcisCommon):
    """What partners tell is in the files of a trace and in the audit log, apart and marked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.told_lot = cls.coded(cls.lettuce, "L1", 10)
        cls.deliver({cls.told_lot: 5}, cls.distributor)
        cls.capture(
            cls.made(("H1", RAW), ("TLC-L1", GTIN)),
            cls.made(("TLC-L1", GTIN), ("S1", SALAD), 13),
            cls.event(
                hour=14,
                action="OBSERVE",
                bizStep="shipping",
                quantityList=[{"epcClass": cls.lgtin("S1", SALAD), "quantity": 5, "uom": "KGM"}],
                sourceList=[{"type": "owning_party", "source": f"https://id.gs1.org/417/{THEIRS}"}],
                destinationList=[
                    {"type": "owning_party", "destination": "https://id.gs1.org/417/9520123000004"}
                ],
            ),
        )

    def exported(self, lot=None, user=None):
        env = self.env(user=user or self.reader)
        return env, env["lot.trace"]._exported((lot or self.told_lot).ids, "both", "xlsx")

    def workbook(self, lot=None):
        target = io.BytesIO()
        write_xlsx(*self.exported(lot), target)
        return load_workbook(io.BytesIO(target.getvalue()))

    def rows(self, sheet):
        head, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    def test_the_workbook_has_sheets_of_the_partners_word(self):
        book = self.workbook()
        lots = self.rows(book["Beyond our walls – lots"])
        self.assertEqual(
            [(row["Lot"], row["Side"], row["Told by"], row["Certainty"]) for row in lots],
            [
                (f"(01){SALAD} (10)S1", "Downstream", "Fresh Distribution", "Partner's word"),
                (f"(01){RAW} (10)H1", "Upstream", "Fresh Distribution", "Partner's word"),
            ],
        )
        links = self.rows(book["Beyond our walls – links"])
        self.assertEqual(
            {(row["Lot that went in"], row["Lot that came out"]) for row in links},
            {
                (f"(01){RAW} (10)H1", f"(01){GTIN} (10)TLC-L1"),
                (f"(01){GTIN} (10)TLC-L1", f"(01){SALAD} (10)S1"),
            },
        )
        (move,) = self.rows(book["Beyond our walls – movements"])
        self.assertEqual((move["From"], move["To"]), ("Fresh Distribution", "9520123000004"))
        self.assertEqual(move["Certainty"], "Partner's word")
        # Not a word of it in the sheets of our own records.
        own = [str(row) for row in book["Lots"].iter_rows(values_only=True)]
        self.assertFalse([row for row in own if "S1" in row])
        figures = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
        self.assertEqual(figures["Lots outside the firm (partners' word)"], 2)

    def test_the_paper_has_them_below_our_own_records(self):
        target = io.BytesIO()
        write_pdf(*self.exported(), target)
        pages = pdf.PdfFileReader(io.BytesIO(target.getvalue()), strict=False).pages
        text = "\n".join(page.extract_text() for page in pages)
        for words in (
            "Beyond our walls – lots (2)",
            "their word, not our records",
            "Partner's word",
            f"(01){SALAD} (10)S1",
        ):
            self.assertIn(words, text)
        self.assertGreater(
            text.index("Beyond our walls – lots"), text.index("made of nothing tracked")
        )

    def test_without_a_word_of_partners_the_files_are_as_they_were(self):
        lot = self.coded(self.lettuce, "L9", 10)
        self.assertFalse([name for name in self.workbook(lot).sheetnames if "Beyond" in name])

    def test_the_audit_log_tells_that_a_trace_went_beyond(self):
        told = {}

        def note(_self, kind, lot=None, data=None):
            told[kind] = data

        with patch.object(type(self.env["lot.audit.event"]), "_record_read", note):
            self.exported()
        self.assertEqual({kind: data["beyond"] for kind, data in told.items()}, WORD)
        event = {"who": {"name": "Ann"}, "kind": "traced", "data": told["traced"]}
        rows = AuditText(self.env).details(event)
        self.assertIn("Lots outside the firm, as partners tell", str(rows))

    def test_the_digest_is_that_of_another_run(self):
        _env, one = self.exported()
        _env, two = self.exported()
        self.assertEqual(trace_digest(one), trace_digest(two))
        self.assertNotEqual(trace_digest(one), trace_digest({**one, "beyond": {}}))

    def test_without_the_right_to_trace_there_is_no_file(self):
        stranger = new_test_user(self.env, login="no_trace", groups="base.group_user")
        stranger.group_ids -= self.env.ref("stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.exported(user=stranger)
