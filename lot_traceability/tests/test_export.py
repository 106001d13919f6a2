import io
from datetime import datetime
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import pdf
from openpyxl import load_workbook

from ..report import trace_pdf, trace_xlsx, write_pdf, write_xlsx
from ..tools.trace_digest import trace_digest
from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestTraceFiles(LotTraceabilityCommon):
    """What the files say, written with the lowest rights from stock moved through real flows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.cheese = cls.product("=HYPERLINK(Cheese)")
        cls.milk_lot = cls.received(cls.milk, "M-1", 100)
        cls.milk_lot.write({"supplier_lot": "+SUP 7", "expiration_date": datetime(2026, 7, 1, 22)})
        cls.cheese_lot = cls.lot(cls.cheese, "@C-1")
        cls.make(cls.cheese_lot, 10, {cls.milk_lot: 60})
        cls.first = cls.deliver({cls.cheese_lot: 4}, partner=cls.shop)
        cls.second = cls.deliver({cls.cheese_lot: 3}, partner=cls.cafe)
        cls.give_back(cls.second, {cls.cheese_lot: 1})
        cls.scrap(cls.milk_lot, 2)
        cls.reader.tz = "Europe/Berlin"

    def trace(self, lots=None, **context):
        env = self.env(user=self.reader, context={"tz": "Europe/Berlin", **context})
        return env, env["lot.trace"].trace((lots or self.milk_lot).ids)

    def workbook(self, env=None, trace=None):
        if trace is None:
            env, trace = self.trace()
        target = io.BytesIO()
        write_xlsx(env, trace, target)
        return load_workbook(io.BytesIO(target.getvalue()))

    def pages(self, env=None, trace=None):
        if trace is None:
            env, trace = self.trace()
        target = io.BytesIO()
        write_pdf(env, trace, target)
        reader = pdf.PdfFileReader(io.BytesIO(target.getvalue()), strict=False)
        return reader, [page.extract_text() for page in reader.pages]

    def rows(self, sheet):
        """The rows of a sheet as dicts by header."""
        head, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    # -- the workbook ------------------------------------------------------------------------

    def test_workbook_has_a_sheet_for_each_table(self):
        self.assertEqual(
            self.workbook().sheetnames,
            [
                "Summary",
                "Lots",
                "Links",
                "Receipts",
                "Deliveries",
                "Customers",
                "Suppliers",
                "Stock on hand",
                "Scrapped",
                "Timeline",
                "Warnings",
            ],
        )

    def test_deliveries_are_net_of_returns_with_numbers_and_units(self):
        rows = self.rows(self.workbook()["Deliveries"])
        self.assertEqual(
            [(r["Customer"], r["Delivered"], r["Returned"], r["Net"], r["Unit"]) for r in rows],
            [("Shop", 4, 0, 4, "kg"), ("Café", 3, 1, 2, "kg")],
        )
        self.assertEqual([row["Document"] for row in rows], [self.first.name, self.second.name])

    def test_times_are_true_dates_in_the_zone_that_the_header_names(self):
        sheet = self.workbook()["Deliveries"]
        self.assertEqual(sheet["A1"].value, "Date (Europe/Berlin)")
        self.assertTrue(sheet["A2"].is_date)
        done = self.env["stock.move.line"].search([("picking_id", "=", self.first.id)]).date
        # March is before summer time: one hour ahead of UTC.
        self.assertEqual((sheet["A2"].value - done).total_seconds(), 3600)

    def test_summer_time_counts_for_dates_in_summer(self):
        rows = self.rows(self.workbook()["Lots"])
        expiry = {row["Lot"]: row["Expires (Europe/Berlin)"] for row in rows}
        self.assertEqual(expiry["M-1"], datetime(2026, 7, 2, 0, 0))

    def test_text_that_looks_like_a_formula_stays_text(self):
        book = self.workbook()
        found = {}
        for sheet in book:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                self.assertNotEqual(cell.data_type, "f", f"{sheet.title}!{cell.coordinate}")
                found[cell.value] = cell.data_type
        for text in ("=HYPERLINK(Cheese)", "@C-1", "+SUP 7"):
            self.assertIn(found.get(text), ("s", "inlineStr"), text)

    def test_header_is_frozen_and_filtered(self):
        for sheet in self.workbook().worksheets[1:]:
            self.assertEqual(sheet.freeze_panes, "A2", sheet.title)
            self.assertTrue(sheet.auto_filter.ref.startswith("A1:"), sheet.title)

    def test_rows_over_the_limit_of_excel_go_on_in_a_second_sheet(self):
        with patch.object(trace_xlsx, "MAX_ROWS", 2):
            book = self.workbook()
        self.assertIn("Deliveries 2", book.sheetnames)
        self.assertNotIn("Deliveries 3", book.sheetnames)
        first, second = self.rows(book["Deliveries"]), self.rows(book["Deliveries 2"])
        self.assertEqual([r["Customer"] for r in first + second], ["Shop", "Café"])
        self.assertEqual(book["Deliveries 2"].freeze_panes, "A2")

    def test_table_without_rows_says_so(self):
        env, trace = self.trace(self.received(self.milk, "M-2", 1))
        sheet = self.workbook(env, trace)["Deliveries"]
        self.assertIn("was delivered", sheet["A2"].value)

    def test_summary_names_user_database_completeness_and_hash(self):
        env, trace = self.trace()
        trace["complete"] = False
        trace["warnings"] = [
            {"code": "x", "message": "Doubt.", "lot_ids": self.milk_lot.ids, "incomplete": True}
        ]
        book = self.workbook(env, trace)
        values = [cell for row in book["Summary"].iter_rows(values_only=True) for cell in row]
        text = "\n".join(str(value) for value in values if value is not None)
        for expected in (
            "M-1 (Milk, supplier's lot +SUP 7)",
            "flow_reader",
            "Europe/Berlin",
            self.env.cr.dbname,
            "Not complete",
            "• Doubt.",
            trace_digest(trace),
        ):
            self.assertIn(expected, text)
        (warning,) = self.rows(book["Warnings"])
        self.assertEqual((warning["Warning"], warning["Lots"]), ("Doubt.", "M-1"))

    def test_customers_come_with_their_contact_for_readers_of_contacts(self):
        self.shop.write({"phone": "+32 555", "email": "shop@example.com"})
        rows = {row["Customer"]: row for row in self.rows(self.workbook()["Customers"])}
        self.assertEqual(rows["Shop"]["Phone"], "+32 555")
        self.assertEqual(rows["Café"]["Net"], 2)

    def test_date_that_the_calendar_or_excel_cannot_hold_is_kept(self):
        env, trace = self.trace()
        trace["lots"][0]["expiration_date"] = "9999-12-31T23:30:00+00:00"
        trace["lots"][1]["expiration_date"] = "1492-10-12T00:00:00+00:00"
        sheet = self.workbook(env, trace)["Lots"]
        column = [cell.value for cell in sheet[1]].index("Expires (Europe/Berlin)") + 1
        self.assertEqual(sheet.cell(2, column).value.year, 9999)
        self.assertIn("1492", sheet.cell(3, column).value)

    def test_cost_is_exported_for_those_who_may_see_it_only(self):
        self.milk.standard_price = 3.0
        heads = [cell.value for cell in self.workbook()["Stock on hand"][1]]
        self.assertNotIn("Value", heads)
        env = self.env(user=self.manager)
        book = self.workbook(env, env["lot.trace"].trace(self.milk_lot.ids))
        values = {row["Lot"]: row["Value"] for row in self.rows(book["Stock on hand"])}
        self.assertEqual(values["M-1"], 38 * 3.0)

    # -- the PDF -----------------------------------------------------------------------------

    def test_pdf_states_run_data_and_result(self):
        env, trace = self.trace()
        reader, pages = self.pages(env, trace)
        text = "\n".join(pages)
        for expected in (
            "flow_reader",
            "Europe/Berlin (UTC+01:00)",
            self.env.cr.dbname,
            "Complete: each link of this trace is recorded",
            "M-1 (Milk, supplier's lot +SUP 7)",
            "=HYPERLINK(Cheese)",
            "Café",
            self.second.name,
            "Total. Delivered: 7 kg; Returned: 1 kg; Net: 6 kg",
        ):
            self.assertIn(expected, text)
        self.assertEqual(tuple(round(side) for side in reader.pages[0].mediabox[2:]), (842, 595))

    def test_each_page_has_its_number_and_the_hash_of_the_content(self):
        env, trace = self.trace()
        line = trace["deliveries"][0]
        trace["deliveries"] = [line] * 200
        _reader, pages = self.pages(env, trace)
        self.assertGreater(len(pages), 4)
        for number, text in enumerate(pages, 1):
            self.assertIn(trace_digest(trace), text)
            self.assertRegex(text.replace("\n", ""), rf"Page {number} of\s*{len(pages)}")

    def test_header_is_repeated_and_no_row_lost_on_a_long_table(self):
        env, trace = self.trace()
        line = trace["deliveries"][0]
        trace["deliveries"] = [
            {**line, "document": {**line["document"], "name": f"OUT/{number:05d}"}}
            for number in range(500)
        ]
        _reader, pages = self.pages(env, trace)
        listed = [text for text in pages if "OUT/00" in text]
        self.assertTrue(all("Returned" in text for text in listed))
        text = "\n".join(listed)
        self.assertEqual([n for n in range(500) if f"OUT/{n:05d}" not in text], [])

    def test_incomplete_trace_lists_each_reason_with_its_lots(self):
        env, trace = self.trace()
        trace["complete"] = False
        trace["warnings"] = [
            {
                "code": "x",
                "message": f"Doubt {n}.",
                "lot_ids": self.milk_lot.ids,
                "incomplete": True,
            }
            for n in range(60)
        ]
        text = "\n".join(self.pages(env, trace)[1])
        self.assertIn("Not complete, or not certain in every point", text)
        self.assertEqual([n for n in range(60) if f"Doubt {n}. Lots: M-1." not in text], [])

    def test_names_in_other_scripts_and_very_long_ones_print(self):
        env, trace = self.trace()
        names = (
            "Φέτα",
            "Сыр",
            "גבינה",
            "جبنة",
            "奶酪",
            "치즈",
            "ชีส",
            "🧀",
            "tab\tbell\x07",
            "N" * 900,
        )
        for name in names:
            trace["deliveries"].append({**trace["deliveries"][0], "partner": name})
        text = "\n".join(self.pages(env, trace)[1])
        self.assertIn("Φέτα", text)
        self.assertIn("Сыр", text)
        self.assertGreaterEqual(text.count("N"), 900)

    def test_more_links_than_one_reads_are_counted_and_left_to_the_workbook(self):
        env, trace = self.trace()
        with patch.object(trace_pdf, "MAX_LINKS", 0):
            text = "\n".join(self.pages(env, trace)[1])
        self.assertIn("The 1 links between these lots are in the workbook", text)

    def test_lot_without_any_history_prints(self):
        lot = self.lot(self.milk, "M-EMPTY")
        text = "\n".join(self.pages(*self.trace(lot))[1])
        self.assertIn("Nothing of these lots is in stock.", text)


@tagged("post_install", "-at_install")
class TestTraceExportRoute(HttpCase):
    """The route: a file, or one sentence with the right status and nothing in the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(
            cls.env, "export_reader", groups="lot_traceability.group_reader", tz="Asia/Tokyo"
        )
        cls.stranger = new_test_user(cls.env, "export_stranger", groups="base.group_user")
        cls.product = cls.env["product.product"].create(
            {"name": "Milk", "is_storable": True, "tracking": "lot"}
        )
        cls.lot = cls._lot("M/1 ü:*")
        cls.other = cls._lot("M-2")

    @classmethod
    def _lot(cls, name, **values):
        return cls.env["stock.lot"].create({"name": name, "product_id": cls.product.id, **values})

    def export(self, query, user="export_reader", file_format="xlsx"):
        self.authenticate(user, user)
        return self.url_open(f"/lot_traceability/export/{file_format}?{query}")

    def assertRefused(self, answer, status, words):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertIn(words, answer.text)
        self.assertNotIn("Traceback", answer.text)
        self.assertLess(len(answer.text), 600)

    def test_workbook_is_an_attachment_named_after_the_lot(self):
        answer = self.export(f"lot_ids={self.lot.id}")
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        self.assertEqual(int(answer.headers["Content-Length"]), len(answer.content))
        name = answer.headers["Content-Disposition"]
        self.assertRegex(name, r"trace-M_1_%C3%BC-\d{4}-\d\d-\d\d\.xlsx")
        self.assertTrue(name.startswith("attachment"))
        book = load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book["Lots"]["C2"].value, self.lot.name)
        self.assertEqual(book["Deliveries"]["A1"].value, "Date (Asia/Tokyo)")

    def test_pdf_of_several_lots_says_how_many(self):
        answer = self.export(f"lot_ids={self.lot.id}, {self.other.id}", file_format="pdf")
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF-"))
        self.assertIn("-2-lots-", answer.headers["Content-Disposition"])

    def test_thousands_of_lots_are_sent_as_a_form(self):
        self.authenticate("export_reader", "export_reader")
        values = {"lot_ids": ",".join([str(self.lot.id)] * 5_000), "direction": "downstream"}
        url = "/lot_traceability/export/xlsx"
        answer = self.url_open(url, data={**values, "csrf_token": http.Request.csrf_token(self)})
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        book = load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book["Lots"].max_row, 2)

    def test_form_of_another_site_is_refused(self):
        self.authenticate("export_reader", "export_reader")
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(
                "/lot_traceability/export/xlsx", data={"lot_ids": str(self.lot.id)}
            )
        self.assertEqual(answer.status_code, 400)

    def test_export_only_reads(self):
        answer = self.export(f"lot_ids={self.lot.id}")
        self.assertEqual(answer.status_code, 200)
        rules = self.env["ir.http"].routing_map().iter_rules()
        (rule,) = [rule for rule in rules if rule.rule.startswith("/lot_traceability/export/")]
        self.assertIs(rule.endpoint.routing["readonly"], True)

    def test_user_without_the_right_is_refused(self):
        answer = self.export(f"lot_ids={self.lot.id}", user="export_stranger")
        self.assertRefused(answer, 403, "may not trace")

    def test_lot_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        lot = self._lot("FAR-1", company_id=company.id)
        answer = self.export(f"lot_ids={lot.id}")
        self.assertIn(answer.status_code, (403, 404))
        self.assertNotIn("FAR-1", answer.text)

    def test_visitor_is_sent_to_the_login(self):
        answer = self.url_open(
            f"/lot_traceability/export/xlsx?lot_ids={self.lot.id}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_unknown_format_is_not_found(self):
        answer = self.export(f"lot_ids={self.lot.id}", file_format="docx")
        self.assertRefused(answer, 404, "xlsx or pdf")

    def test_bad_ids_are_answered_with_one_sentence(self):
        for query, words in (
            ("", "at least one lot"),
            ("lot_ids=", "at least one lot"),
            ("lot_ids=abc", "by their ids"),
            ("lot_ids=1;DROP", "by their ids"),
            ("lot_ids=-1", "by their ids"),
            ("lot_ids=%D9%A1", "by their ids"),
            ("lot_ids=" + "9" * 4000, "by their ids"),
            ("lot_ids=" + ",".join(str(n) for n in range(1, 5100)), "at most"),
            ("lot_ids=0", "do not exist"),
            (f"lot_ids={2**31 - 1}", "do not exist"),
            (f"lot_ids={2**40}", "too large"),
            (f"lot_ids={self.lot.id}&direction=sideways", "upstream, downstream or both"),
        ):
            with self.subTest(query=query[:40]):
                answer = self.export(query)
                self.assertIn(answer.status_code, (400, 404))
                self.assertRefused(answer, answer.status_code, words)

    def test_lot_deleted_meanwhile_is_answered_with_one_sentence(self):
        gone = self._lot("GONE")
        lot_id = gone.id
        gone.unlink()
        answer = self.export(f"lot_ids={self.lot.id},{lot_id}")
        self.assertIn(answer.status_code, (400, 404))
        self.assertRefused(answer, answer.status_code, "do not exist")

    def test_headings_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.reader.lang = "fr_FR"
        with patch.dict(
            "odoo.tools.translate.code_translations.python_translations",
            {("lot_traceability", "fr_FR"): {"Deliveries": "Livraisons"}},
        ):
            answer = self.export(f"lot_ids={self.lot.id}")
        self.assertIn("Livraisons", load_workbook(io.BytesIO(answer.content)).sheetnames)
