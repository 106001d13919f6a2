import io
import json
import zipfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from .label_common import GTIN, LabelCommon

DESIGNS = {
    "item_small": "]d2",
    "item": "]d2",
    "item_link": "]Q1",
    "item_sheet": "]d2",
    "case": "]C1",
}


@tagged("post_install", "-at_install")
class TestLabelDesign(LabelCommon):
    """What labels say, and that their codes say the same."""

    def test_code_of_each_design_is_read_back(self):
        data = f"01{GTIN}17261231" + "10LOT(1)/A"
        for name, identifier in DESIGNS.items():
            for dpi in (203, 300, 600):
                with self.subTest(name, dpi=dpi):
                    page, warning = (
                        self.design(name)
                        .with_user(self.operator)
                        ._page(self.label(self.camembert), dpi)
                    )
                    self.assertFalse(warning)
                    found = self.scanned(page, dpi)
                    self.assertEqual([each[0] for each in found], [identifier])
                    if identifier == "]Q1":
                        self.assertEqual(
                            found[0][1],
                            f"https://id.gs1.org/01/{GTIN}/10/LOT%281%29%2FA?17=261231",
                        )
                    else:
                        self.assertEqual(found[0][1], data)

    def label(self, record, **values):
        from ..report.label_content import Label

        return Label(record, **values)

    def said(self, page):
        return [box.text for box in page.boxes if hasattr(box, "text")]

    def test_days_are_those_of_the_company(self):
        # Half past midnight of New Year's Day in Tokyo
        company = self.env.company
        company.lot_timezone = "Asia/Tokyo"
        lot = self.lot(self.cheese, "T1", expiration_date="2026-12-31 15:30:00")
        page = self.page(lot, "item")
        self.assertIn("2027-01-01", self.said(page))
        self.assertEqual(self.scanned(page), [("]d2", f"01{GTIN}17270101" + "10T1")])

    def test_serial_is_told_as_serial(self):
        gauge = self.product("Gauge", "serial", barcode="9520123456795")
        serial = self.lot(gauge, "S-1")
        page = self.page(serial, "item")
        self.assertIn("Serial", self.said(page))
        self.assertEqual(self.scanned(page), [("]d2", "010952012345679521S-1")])

    def test_allergens_and_what_stops_a_lot_stand_on_the_label(self):
        self.assertIn("Contains: MILK", self.said(self.page(self.camembert, "item")))
        self.assertNotIn("QUARANTINE", self.said(self.page(self.camembert, "item")))
        status = self.env.ref("lot_traceability.status_quarantine")
        self.camembert.with_user(self.quality).write(
            {"status_id": status.id, "status_reason": "Waits"}
        )
        self.assertIn("QUARANTINE", self.said(self.page(self.camembert, "item")))

    def test_weight_is_told_in_kilograms(self):
        gouda = self.product("Gouda", barcode="9520123456801")
        lot = self.lot(gouda, "G1")
        elements = lot._label_elements(("01", "310", "30", "10"), quantity=12.5)
        self.assertEqual(elements.to_hri(), "(01)09520123456801(3103)012500(10)G1")
        elements = self.camembert._label_elements(("01", "310", "30", "10"), quantity=12)
        self.assertEqual(elements.to_hri(), f"(01){GTIN}(30)12(10)LOT(1)/A")

    def test_lot_without_gtin_gets_its_number_alone_and_that_is_said(self):
        bulk = self.product("Bulk")
        lot = self.lot(bulk, "B 7")
        page, warning = self.design("item")._page(self.label(lot))
        self.assertEqual(self.scanned(page), [("]d1", "B 7")])
        self.assertIn("no GS1 code", warning)
        strict = self.design("item").copy({"plain": False})
        with self.assertRaisesRegex(UserError, "No label for B 7"):
            strict._page(self.label(lot))

    def test_label_that_is_too_small_is_refused_in_one_sentence(self):
        small = self.design("case").copy({"width": 20, "height": 20, "symbol": "gs1_datamatrix"})
        small.field_ids = [(0, 0, {"source": "text", "text": "Keep cool and dry. " * 20})]
        with self.assertRaisesRegex(UserError, "No label for .* too small for all that"):
            small._page(self.label(self.camembert, quantity=12))

    def test_language_and_form_of_dates_are_those_of_the_design(self):
        self.env["res.lang"]._activate_lang("de_DE")
        design = self.design("item").copy({"lang": "de_DE", "date_format": "dmy"})
        page = design._page(self.label(self.camembert))[0]
        self.assertIn("31.12.2026", self.said(page))
        design.date_format = "month"
        page = design._page(self.label(self.camembert))[0]
        self.assertIn("31 DEZ. 2026", self.said(page))

    def test_writing_of_every_script_is_laid_out(self):
        for name in ("Weichkäse – Rohmilch „Größe“", "牛乳チーズ 250g", "جبنة بيضاء", "Сыр мягкий"):
            product = self.product(name, uom=self.units, barcode=False)
            page = self.page(self.lot(product, "L1"), "item")
            self.assertTrue(page.boxes)

    # -- files -------------------------------------------------------------------------------

    def render(self, name, ending, **values):
        design = self.design(name).with_user(self.operator)
        labels = [self.label(self.camembert, **values)]
        return design._render(labels, ending)

    def test_pdf_has_a_page_for_each_label_of_its_size(self):
        content, ending = self.render("item", "pdf", copies=3)
        pages = PdfReader(io.BytesIO(content)).pages
        self.assertEqual((ending, len(pages)), ("pdf", 3))
        sides = [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]]
        self.assertEqual(sides, [50, 30])

    def test_sheet_begins_where_the_last_one_was_torn(self):
        design = self.design("item_sheet")
        labels = [self.label(self.camembert, copies=24)]
        whole, _ending = design._render(labels, "pdf")
        self.assertEqual(len(PdfReader(io.BytesIO(whole)).pages), 1)
        later, _ending = design._render(labels, "pdf", first=2)
        self.assertEqual(len(PdfReader(io.BytesIO(later)).pages), 2)
        last, _ending = design._render(labels[:1], "pdf", first=25)
        self.assertEqual(len(PdfReader(io.BytesIO(last)).pages), 1)

    def test_zpl_says_what_the_code_says(self):
        content, ending = self.render("item", "zpl", copies=2)
        text = content.decode()
        self.assertEqual(ending, "zpl")
        self.assertIn(f"^FD_101{GTIN}17261231" + "10LOT(1)/A^FS", text)
        self.assertIn("^PQ2", text)
        self.assertEqual(text.count("^XA"), 1)

    def test_pictures_of_several_lots_come_as_an_archive(self):
        other = self.lot(self.cheese, "A2")
        labels = [self.label(self.camembert), self.label(other)]
        content, ending = self.design("item")._render(labels, "svg")
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        self.assertEqual((ending, names), ("zip", ["0001-LOT_1_A.svg", "0002-A2.svg"]))
        content, ending = self.design("item")._render(labels[:1], "png")
        self.assertEqual((ending, content[:4]), ("png", b"\x89PNG"))

    def test_sheet_is_no_zpl(self):
        with self.assertRaisesRegex(UserError, "cannot be printed as ZPL"):
            self.render("item_sheet", "zpl")

    # -- designs -----------------------------------------------------------------------------

    def test_designs_for_a_record(self):
        found = self.designs._designs_for(self.camembert)
        names = {design["name"] for design in found}
        self.assertIn("Item, 50 × 30 mm", names)
        self.assertFalse({name for name in names if name.startswith(("Pallet", "Location"))})
        sheet = next(each for each in found if "sheet" in each["name"])
        self.assertEqual(sheet["formats"], ["pdf"])
        places = self.designs._designs_for(self.stock.with_user(self.operator))
        self.assertEqual([each["name"] for each in places], ["Location, 100 × 50 mm"])

    def test_wrong_designs_are_refused(self):
        cases = [
            ({"identifiers": "(01)(99)"}, r"cannot say \(99\)"),
            ({"identifiers": ""}, "cannot say nothing"),
            ({"width": 5}, "between 15 and 420 mm"),
            ({"on_sheet": True, "rows": 99}, "do not fit on a sheet"),
        ]
        for values, message in cases:
            with self.subTest(values), self.assertRaisesRegex(ValidationError, message):
                self.design("item").copy(values)

    def test_only_administrators_change_designs(self):
        with self.assertRaises(AccessError):
            self.design("item").with_user(self.operator).name = "Mine"
        self.design("item").with_user(self.administrator).name = "Mine"
        self.env.flush_all()
        self.env.cr.flush()
        event = self.env["lot.audit.event"].search(
            [("kind", "=", "configured"), ("res_model", "=", "lot.label.design")], limit=1
        )
        self.assertEqual(json.loads(event.body)["who"]["login"], "label_administrator")

    def test_preview_shows_the_design_as_it_is(self):
        design = self.design("item").with_user(self.administrator)
        self.assertIn("data:image/svg+xml;base64,", design.preview)
        before = design.preview
        design.width = 60
        self.assertNotEqual(design.preview, before)
