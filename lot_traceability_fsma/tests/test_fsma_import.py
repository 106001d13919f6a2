import base64
from datetime import date
from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from openpyxl import Workbook

from ..report.fsma_rows import FsmaRows
from ..report.fsma_xlsx import write_fsma_xlsx
from .common import FsmaCommon

SHIPPING = (
    "(1) TLC-GTIN",
    "(1) TLC-Batch",
    "(2) Qty & UOM",
    "(3) Product Description",
    "(4) Ship-To Location",
    "(5) Ship-From Location",
    "(6) Ship Date",
    "(7) TLC Source Reference GLN",
    "(8) Ref Doc Type and Number",
)
LOCATIONS = (
    "Business or Farm Name",
    "Phone",
    "Physical Address (or geo)",
    "City",
    "State/Region",
    "Zip/Postal",
    "Country",
)
HILL = ("Hill Farm", "+1 555 0777", "7 Hill Road", "Salinas", "CA", "93901", "USA")


@tagged("post_install", "-at_install")
class TestFsmaImport(FsmaCommon):
    """Events from workbooks of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = new_test_user(
            cls.env, login="fsma_imports", groups="lot_traceability.group_quality"
        )
        cls.lettuce.barcode = "9506000134352"

    def book(self, **sheets):
        """A workbook: {name of the sheet: rows}."""
        book = Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name.replace("_", " "))
            for row in rows:
                sheet.append(row)
        target = BytesIO()
        book.save(target)
        return target.getvalue()

    def file(self, content, name="records.xlsx", user=None):
        return (
            self.env["lot.fsma.import"]
            .with_user(user or self.quality)
            .create({"name": name, "file": base64.b64encode(content)})
        )

    def shipped(self, *rows, **sheets):
        return self.file(self.book(Sheet1=[SHIPPING, *rows], Locations=[LOCATIONS, HILL], **sheets))

    def row(self, **changes):
        told = {
            "gtin": "9506000134352",
            "batch": "L1",
            "quantity": "40 cases",
            "product": "Romaine hearts",
            "to": "Corner Market",
            "from": "Hill Farm",
            "date": "251209",
            "source": "",
            "document": "BOL 4711",
            **changes,
        }
        return tuple(told.values())

    def found(self, file, note=False):
        return [
            (one.sheet, one.row, one.column, one.message)
            for one in file.problem_ids
            if one.note == note
        ]

    def test_a_sheet_of_the_trade_is_imported(self):
        file = self.shipped(self.row(), self.row(batch="L2", date=46001, document="PO 5"))
        file.action_check()
        self.assertEqual((file.state, file.found_count, file.blocking_count), ("checked", 2, 0))
        self.assertFalse(file.event_ids)
        file.action_import()
        first, second = file.event_ids.sorted("id")
        self.assertEqual(first.kind, "shipping")
        self.assertEqual(first.tlc, "(01)09506000134352(10)L1")
        self.assertEqual((first.quantity, first.uom), (40, "cases"))
        self.assertEqual((first.document_type, first.document_number), ("bol", "4711"))
        self.assertEqual((first.date, second.date), (date(2025, 12, 9), date(2025, 12, 10)))
        self.assertEqual(first.product_id, self.lettuce)
        self.assertEqual(first.category_id, self.greens)
        self.assertEqual(first.to_place_id.partner_id, self.market)
        self.assertEqual(first.location_place_id.street, "7 Hill Road")
        self.assertEqual(
            (first.location_place_id.country, first.location_place_id.missing), ("US", "")
        )
        self.assertEqual((first.code_id.gtin, first.code_id.batch), ("09506000134352", "L1"))
        # A file of the trade has no packaging, and here no source.
        self.assertEqual(first.missing, ",product_description,tlc_source,")
        told = self.env["lot.audit.event"].search([("res_model", "=", file._name)], limit=1)
        self.assertIn(file.digest, told.body)

    def test_each_problem_is_listed_with_its_row_and_column(self):
        file = self.shipped(
            self.row(),
            self.row(batch="L2", date="2025-02-30"),
            self.row(batch="L3", gtin="9506000134353"),
            self.row(batch="L4", to="Nobody Knows Ltd"),
            self.row(batch="L5", quantity="many cases"),
        )
        file.action_check()
        found = {(row, column) for _sheet, row, column, _message in self.found(file)}
        self.assertEqual(
            found,
            {(3, "Ship Date"), (4, "TLC-GTIN"), (5, "Ship-To Location"), (6, "Quantity")},
        )
        messages = " ".join(message for *_rest, message in self.found(file))
        self.assertIn("Write it as 2025-12-09", messages)
        self.assertIn("Add it to the sheet Locations", messages)
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            file.action_import()
        self.assertFalse(file.event_ids)

    def test_what_is_the_wrong_way_round_is_put_right_and_told(self):
        titles = (
            "TLC-GTIN", "TLC-Batch", "Quantity", "UOM", "Receive Location", "IPS Location",
            "Receive Date", "Ref Doc Type", "Ref Doc Number",
        )  # fmt: skip
        row = ("L7", "9506000134352", "case", 12, "Depot", "Green Farm", "25/12/2025", "B-9", "BOL")
        file = self.file(self.book(Receiving=[titles, row]))
        file.action_check()
        self.assertEqual(file.blocking_count, 0)
        notes = " ".join(message for *_rest, message in self.found(file, note=True))
        for words in ("Quantity and unit", "GTIN and batch", "Type and number", "day first"):
            self.assertIn(words, notes)
        file.action_import()
        event = file.event_ids
        self.assertEqual((event.tlc, event.quantity), ("(01)09506000134352(10)L7", 12))
        self.assertEqual((event.document_type, event.document_number), ("bol", "B-9"))
        self.assertEqual(event.date, date(2025, 12, 25))
        self.assertEqual(event.from_place_id.partner_id, self.grower)

    def test_what_we_export_is_read_back_the_same(self):
        bulk = self.coded(self.lettuce, "B1", 10)
        salad = self.listed("Salad")
        made = self.lot(salad, "S1")
        self.make(made, 8, {bulk: 6})
        self.env.flush_all()
        events = self.events(bulk, "receiving") | self.events(made, "transformation")
        rows = FsmaRows(self.env, Domain("id", "in", events.ids))
        target = BytesIO()
        write_fsma_xlsx(rows, target)
        file = self.file(target.getvalue())
        file.action_check()
        self.assertEqual(
            {message.split(",")[0] for *_rest, message in self.found(file)},
            {"This event is recorded already"},
        )
        # Another company has none of them.
        company = self.env["res.company"].create({"name": "Twin"})
        self.quality.company_ids += company
        file.company_id = company
        file.action_check()
        self.assertEqual(self.found(file), [])
        file.action_import()
        self.assertEqual(len(file.event_ids), len(events))
        for event in events:
            twin = file.event_ids.filtered(lambda one, kind=event.kind: one.kind == kind)
            for name in ("tlc", "date", "quantity", "uom", "product_description", "packaging",
                         "document_type", "document_number", "missing"):  # fmt: skip
                self.assertEqual(twin[name], event[name], name)
            self.assertEqual(
                twin.location_place_id.display_text, event.location_place_id.display_text
            )
            self.assertEqual(
                [(row.tlc, row.quantity) for row in twin.input_ids],
                [(row.tlc, row.quantity) for row in event.input_ids],
            )

    def test_an_event_is_imported_once(self):
        self.shipped(self.row()).action_import()
        file = self.shipped(self.row(), self.row(batch="L3"), self.row(batch="L3"))
        file.action_check()
        found = self.found(file)
        self.assertEqual([row for _sheet, row, *_rest in found], [2, 4])
        self.assertIn("recorded already", found[0][3])
        self.assertIn("Row 3 tells the same event", found[1][3])

    def test_a_csv_is_read_and_its_marks_are_no_part_of_it(self):
        told = "9506000134352,'=L1,4 case,Romaine,Corner Market,Green Farm,2025-12-09,,PO 7"
        lines = [",".join(SHIPPING), told]
        file = self.file("\n".join(lines).encode("utf-8-sig"), "ship.csv")
        file.action_import()
        self.assertEqual(file.event_ids.tlc, "(01)09506000134352(10)=L1")

    def test_what_is_no_file_of_records_is_refused(self):
        for content, name in (
            (b"no workbook", "a.xlsx"),
            (b"\xff\xfe\x00", "a.csv"),
            (self.book(Anything=[("a", "b"), (1, 2)]), "a.xlsx"),
        ):
            with self.assertRaises(UserError):
                self.file(content, name).action_check()

    def test_a_column_that_is_not_known_is_told(self):
        file = self.file(
            self.book(
                Shipping=[(*SHIPPING, "Weather"), (*self.row(**{"from": "Green Farm"}), "wet")]
            )
        )
        file.action_check()
        self.assertIn("Weather", [column for _sheet, _row, column, _m in self.found(file, True)])
        self.assertEqual(file.blocking_count, 0)

    def test_readers_import_nothing(self):
        reader = new_test_user(
            self.env, login="fsma_import_reader", groups="lot_traceability.group_reader"
        )
        with self.assertRaises(AccessError):
            self.file(self.book(Shipping=[SHIPPING, self.row()]), user=reader)
