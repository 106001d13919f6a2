import hashlib
from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from openpyxl import load_workbook

from ..models import lot_fsma_request_answer
from ..report import fsma_rows
from ..tools.spreadsheet import workbook
from ..tools.spreadsheet.sheets import SHEETS
from .common import FsmaCommon


@tagged("post_install", "-at_install")
class TestFsmaRequest(FsmaCommon):
    """Requests of the FDA and the file that answers them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = new_test_user(
            cls.env, login="fsma_records", groups="lot_traceability.group_quality"
        )
        cls.reader = new_test_user(
            cls.env, login="fsma_reads", groups="lot_traceability.group_reader"
        )
        cls.bulk = cls.coded(cls.lettuce, "B1", 10)
        cls.other = cls.coded(cls.lettuce, "B2", 10)
        cls.salad = cls.listed("=Salad")
        cls.made = cls.lot(cls.salad, "S1")
        cls.make(cls.made, 8, {cls.bulk: 6})
        cls.env.flush_all()

    def request(self, user=None, **values):
        requests = self.env["lot.fsma.request"].with_user(user or self.quality)
        return requests.create({"asked_by": "Jane Doe, FDA", **values})

    def answered(self, request):
        """The files of the answer."""
        request.action_prepare()
        archive = ZipFile(BytesIO(request.attachment_id.raw))
        return {name: archive.read(name) for name in archive.namelist()}

    def table(self, content, sheet):
        """The rows of a sheet, by its titles."""
        book = load_workbook(BytesIO(content))
        titles, *rows = book[sheet].iter_rows(values_only=True)
        return [dict(zip(titles, row, strict=True)) for row in rows]

    def test_one_file_has_the_records_the_plan_and_the_trace(self):
        request = self.request(codes="TLC-B1", follow=False)
        files = self.answered(request)
        self.assertEqual(set(files), {"records.xlsx", "plan.pdf", "trace.xlsx"})
        self.assertTrue(files["plan.pdf"].startswith(b"%PDF"))
        book = load_workbook(BytesIO(files["records.xlsx"]))
        self.assertEqual(
            book.sheetnames,
            [
                "About",
                *(sheet.title for sheet in SHEETS.values()),
                "Locations",
                "Products",
                "Glossary",
                "Map to the Rule",
            ],
        )
        (received,) = self.table(files["records.xlsx"], "Receiving")
        self.assertEqual(received["Traceability Lot Code"], "TLC-B1")
        self.assertEqual((received["Quantity"], received["Unit of Measure (UOM)"]), (10, "kg"))
        self.assertEqual(
            received["TLC Source Location"], "Green Farm, 1 Farm Road, Salinas CA 93901, US"
        )
        event = self.events(self.bulk, "receiving")
        self.assertEqual(received["Receive Date"].date(), event.date)
        self.assertEqual(received["Reference Document Number"], event.document_number)
        self.assertEqual(book["Receiving"].auto_filter.ref, "A1:T2")

    def test_a_row_for_each_lot_used(self):
        self.make(self.lot(self.salad, "S2"), 8, {self.bulk: 2, self.other: 3})
        files = self.answered(self.request(codes="S2", follow=False))
        rows = self.table(files["records.xlsx"], "Transformation")
        used = sorted((row["FTL Food Used TLC"], row["Used Quantity"]) for row in rows)
        self.assertEqual(used, [("TLC-B1", 2), ("TLC-B2", 3)])
        self.assertEqual({row["FTL Food Produced TLC"] for row in rows}, {"S2"})
        self.assertEqual(len({row["Record Number"] for row in rows}), 1)

    def test_every_element_of_each_event_has_its_column(self):
        values = self.events(self.made, "transformation")._element_values()
        (row,) = self.table(
            self.answered(self.request(codes="S1", follow=False))["records.xlsx"], "Transformation"
        )
        self.assertEqual(row["FTL Food Produced TLC"], values[0]["tlc"])
        self.assertEqual(row["Produced Product Description"], values[0]["product_description"])
        self.assertEqual(row["Produced Quantity"], values[0]["quantity"]["amount"])
        self.assertIn(values[0]["location"]["street"], row["Transform Location-TLCS"])

    def test_locations_products_and_the_map_explain_the_records(self):
        content = self.answered(self.request(codes="TLC-B1"))["records.xlsx"]
        places = {row["Location"]: row for row in self.table(content, "Locations")}
        farm = places["Green Farm, 1 Farm Road, Salinas CA 93901, US"]
        self.assertEqual((farm["Phone"], farm["City"]), ("+1 555 0100", "Salinas"))
        for sheet, column in (
            ("Receiving", "TLC Source Location"),
            ("Receiving", "Immediate Previous Source (IPS) Location"),
            ("Transformation", "Transform Location-TLCS"),
        ):
            for row in self.table(content, sheet):
                self.assertIn(row[column], places)
        products = {row["Product Name"]: row for row in self.table(content, "Products")}
        self.assertEqual(products["Romaine hearts"]["Packaging Style"], "carton")
        mapped = {
            (row["Sheet"], row["Column"]): row for row in self.table(content, "Map to the Rule")
        }
        self.assertEqual(mapped["Shipping", "Ship Date"]["Section of 21 CFR"], "1.1340(a)(6)")
        terms = {row["Term or code"] for row in self.table(content, "Glossary")}
        self.assertIn("Traceability lot code (TLC)", terms)

    def test_a_text_is_no_formula(self):
        content = self.answered(self.request(codes="S1"))["records.xlsx"]
        book = load_workbook(BytesIO(content))
        cells = [cell for row in book["Products"].iter_rows() for cell in row]
        (cell,) = [cell for cell in cells if cell.value == "=Salad"]
        self.assertEqual(cell.data_type, "s")

    def test_two_descriptions_of_one_address_are_told_apart(self):
        self.grower.phone = "+1 555 0199"
        self.coded(self.lettuce, "B3", 1)
        self.env.flush_all()
        places = self.table(self.answered(self.request())["records.xlsx"], "Locations")
        farms = [row for row in places if row["Business or Farm Name"] == "Green Farm"]
        self.assertEqual(len({row["Location"] for row in farms}), 2)

    def test_what_is_asked_for_is_found(self):
        def found(**values):
            request = self.request(**values)
            return {
                event.lot_id
                for event in self.env["lot.fsma.event"].search(request._domain())
                if event.lot_id in self.bulk | self.other | self.made
            }

        every = {self.bulk, self.other, self.made}
        self.assertEqual(found(category_ids=[(4, self.greens.id)]), every)
        self.assertEqual(found(product_ids=[(4, self.salad.id)]), {self.made})
        # The event that used a product is one of it.
        self.assertEqual(found(product_ids=[(4, self.lettuce.id)]), every)
        self.assertEqual(found(codes="TLC-B1", follow=False), {self.bulk, self.made})
        self.assertEqual(found(codes="S1", follow=True), {self.bulk, self.made})
        self.assertEqual(found(codes="B2"), {self.other})
        self.assertEqual(found(partner_ids=[(4, self.distributor.id)]), {self.bulk, self.other})
        self.assertFalse(found(partner_ids=[(4, self.market.id)]))
        self.assertFalse(found(date_until="2001-01-01"))

    def test_codes_that_nobody_knows_are_named(self):
        request = self.request(codes="TLC-B1\nNOWHERE\n\nTLC-B1")
        self.assertEqual(request.unknown_codes, "NOWHERE")

    def test_an_earlier_version_and_what_did_not_happen_are_left_out(self):
        event = self.events(self.other, "receiving")
        event._correct({"quantity": 9}, "Counted again")
        rows = self.table(
            self.answered(self.request(codes="TLC-B2", follow=False))["records.xlsx"], "Receiving"
        )
        self.assertEqual(
            [
                (row["Quantity"], row["Record Version"], row["Reason of the Version"])
                for row in rows
            ],
            [(9, 2, "Counted again")],
        )

    def test_a_sheet_that_is_full_goes_on_on_the_next(self):
        target = BytesIO()
        book = workbook.Workbook(target, "Numbers")
        column = workbook.Column("Number", 10, workbook.NUMBER)
        with patch.object(workbook, "MAX_ROWS", 3):
            self.assertEqual(book.sheet("Full", [column], [(1,), (2,)]), 2)
            self.assertEqual(book.sheet("Long", [column], [(one,) for one in range(5)]), 5)
        book.close()
        found = {
            sheet.title: [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
            for sheet in load_workbook(target).worksheets
        }
        self.assertEqual(found, {"Full": [1, 2], "Long": [0, 1], "Long 2": [2, 3], "Long 3": [4]})

    def test_rows_come_in_steps(self):
        with patch.object(fsma_rows, "FETCH", 1):
            content = self.answered(self.request(category_ids=[(4, self.greens.id)]))
        codes = {
            row["Traceability Lot Code"] for row in self.table(content["records.xlsx"], "Receiving")
        }
        self.assertLessEqual({"TLC-B1", "TLC-B2"}, codes)

    @freeze_time("2026-03-02 10:00:00")
    def test_the_time_runs_from_the_request(self):
        request = self.request(asked_at="2026-03-01 12:00:00")
        self.assertEqual(str(request.due_at), "2026-03-02 12:00:00")
        self.assertEqual((request.time_left, request.late), ("2 h 0 min left", False))
        self.assertEqual(request.activity_ids.date_deadline, request.due_at.date())
        late = self.request(asked_at="2026-03-01 09:30:00")
        self.assertEqual((late.time_left, late.late), ("0 h 30 min late", True))
        late.agreed_at = "2026-03-03 09:30:00"
        self.assertFalse(late.late)

    def test_what_was_sent_is_in_the_audit_log(self):
        request = self.request(codes="TLC-B1")
        self.answered(request)
        digest = hashlib.sha256(request.attachment_id.raw).hexdigest()
        request.sent_how = "Safety Reporting Portal"
        request.action_sent()
        self.assertEqual((request.state, request.digest), ("sent", digest))
        self.assertFalse(request.activity_ids)
        told = self.env["lot.audit.event"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id)], order="id"
        )
        asked, prepared, sent = told.mapped("body")
        self.assertIn("Jane Doe", asked)
        self.assertIn(digest, prepared)
        self.assertIn("plan.pdf", prepared)
        self.assertIn("Safety Reporting Portal", sent)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            request.codes = "other"

    def test_nothing_is_sent_before_it_is_prepared(self):
        request = self.request()
        with self.assertRaisesRegex(UserError, "Prepare the answer"):
            request.action_sent()
        self.answered(request)
        with self.assertRaisesRegex(UserError, "which way"):
            request.action_sent()

    def test_many_events_are_written_in_the_background(self):
        request = self.request(category_ids=[(4, self.greens.id)])
        with patch.object(lot_fsma_request_answer, "MAX_AT_ONCE", 0):
            request.action_prepare()
        self.assertEqual((request.state, request.attachment_id.id), ("preparing", False))
        progress = self.env["lot.fsma.progress"].search([("request_id", "=", request.id)])
        self.assertEqual(progress.total, request.found)
        progress.done = progress.total // 2
        request.invalidate_recordset()
        self.assertGreater(request.progress, 0)
        with self.enter_registry_test_mode():
            self.env.ref("lot_traceability_fsma.ir_cron_request").method_direct_trigger()
        request.invalidate_recordset()
        self.assertEqual((request.state, request.progress), ("prepared", 100))
        self.assertEqual(request.attachment_id.res_id, request.id)

    def test_requests_are_kept(self):
        with self.assertRaisesRegex(UserError, "Cancel one"):
            self.request().unlink()
        self.request(asked_at="2020-03-01 09:30:00").unlink()
        request = self.request()
        request.action_cancel()
        self.assertFalse(request.activity_ids)

    def test_the_form_records_a_request(self):
        form = Form(self.env["lot.fsma.request"].with_user(self.quality))
        form.asked_by = "Jane Doe, FDA"
        form.codes = "TLC-B1"
        request = form.save()
        self.assertTrue(request.found)
        self.assertEqual(request.action_events()["res_model"], "lot.fsma.event")

    def test_readers_read_requests_and_record_none(self):
        request = self.request()
        self.assertEqual(request.with_user(self.reader).asked_by, "Jane Doe, FDA")
        with self.assertRaises(AccessError):
            self.request(user=self.reader)
        with self.assertRaises(AccessError):
            request.with_user(self.reader).action_prepare()

    def test_another_company_sees_no_request(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="fsma_far",
            groups="lot_traceability.group_quality",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        request = self.request()
        with self.assertRaises(AccessError):
            request.with_user(stranger).read(["asked_by"])
        found = self.request(user=stranger, company_id=company.id)
        self.assertEqual(found.found, 0)
