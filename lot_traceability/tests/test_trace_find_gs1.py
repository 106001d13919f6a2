from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.gs1 import encode_tag, parse, to_tag_urn, to_urn
from .common import LotTraceabilityCommon
from .test_genealogy_company import TwoCompanies

GTIN = "04006381333931"
CASE = "14006381333938"
SSCC = "095201234567891235"
GLN = "9521141123454"


class FindCommon(LotTraceabilityCommon):
    def find(self, code, user=None, **context):
        api = self.env["lot.trace"].with_user(user or self.reader).with_context(**context)
        result = api.find(code)
        for match in result["matches"]:
            self.assertEqual(set(match), {"type", "label", "detail", "lot_ids", "model", "id"})
        return result

    def assertMatches(self, code, kind, records, user=None):
        result = self.find(code, user)
        self.assertEqual(
            {(one["type"], one["id"]) for one in result["matches"]},
            {(kind, record.id) for record in records},
            result["message"] or code,
        )
        return result


@tagged("post_install", "-at_install")
class TestTraceFindGs1(FindCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls.product("Soft cheese", barcode="4006381333931")
        cls.device = cls.product("Pump", tracking="serial", barcode="9520123456788")
        cls.env["product.uom"].create(
            {"product_id": cls.cheese.id, "uom_id": cls.kg.id, "barcode": CASE}
        )
        cls.lot_a = cls.lot(cls.cheese, "A17", supplier_lot="SUP-9", supplier_id=cls.dairy.id)
        cls.pump = cls.lot(cls.device, "S1")
        cls.shelf = cls.env["stock.location"].create(
            {
                "name": "Shelf 7", "location_id": cls.stock.id, "barcode": "PLT-S7",
                "gln": GLN, "gln_extension": "7",
            }
        )  # fmt: skip
        cls.package = cls.env["stock.package"].create({"name": SSCC})
        quants = cls.env["stock.quant"]
        quants._update_available_quantity(
            cls.cheese, cls.shelf, 5, lot_id=cls.lot_a, package_id=cls.package
        )
        quants._update_available_quantity(cls.device, cls.stock, 1, lot_id=cls.pump)

    def test_each_form_of_product_and_lot(self):
        label = parse(f"(01){GTIN}(10)A17")
        for code in (
            f"(01){GTIN}(10)A17",
            f"01{GTIN}10A17",
            f"]C101{GTIN}17261231" + "10A17",
            f"01{GTIN}10A17[GS]3712",
            f"https://id.example.com/01/{GTIN}/10/A17?17=261231",
            to_urn(label, 7),
            f"]d201{GTIN}10A17\x1d89NEW",
        ):
            result = self.assertMatches(code, "lot", self.lot_a)
            self.assertEqual(result["lot_ids"], self.lot_a.ids)

    def test_each_form_of_a_serial_number_with_its_batch(self):
        label = parse("(01)09520123456788(21)S1")
        for code in (
            "(01)09520123456788(21)S1",
            "(01)09520123456788(10)BATCH-3(21)S1",
            to_urn(label, 7),
            to_tag_urn("sgtin-198", label, 7),
            encode_tag("sgtin-198", label, company_prefix_length=7),
            encode_tag("sgtin+", label),
        ):
            self.assertMatches(code, "lot", self.pump)

    def test_label_of_a_case_means_the_product(self):
        self.assertMatches(CASE, "product", self.cheese)
        self.assertMatches(f"(01){CASE}(10)A17", "lot", self.lot_a)
        self.assertMatches(f"(02){GTIN}(37)12(10)A17", "lot", self.lot_a)

    def test_suppliers_lot_on_his_own_label(self):
        result = self.assertMatches(f"(01){GTIN}(10)SUP-9", "supplier_lot", self.lot_a)
        self.assertEqual(result["lot_ids"], self.lot_a.ids)

    def test_code_that_fits_two_lots_gives_both_and_chooses_none(self):
        batch = self.lot(self.device, "BATCH-3")
        result = self.assertMatches("(01)09520123456788(10)BATCH-3(21)S1", "lot", self.pump | batch)
        self.assertEqual(result["lot_ids"], [])

    def test_package_by_number_and_by_name(self):
        box = self.env["stock.package"].create({"name": "PACK-12"})
        self.env["stock.quant"]._update_available_quantity(
            self.cheese, self.shelf, 1, lot_id=self.lot_a, package_id=box
        )
        for code in (f"(00){SSCC}", f"00{SSCC}", SSCC, f"https://a.b/00/{SSCC}"):
            result = self.assertMatches(code, "package", self.package)
            self.assertEqual(result["lot_ids"], self.lot_a.ids)
        self.assertMatches("pack-12", "package", box)

    def test_lots_in_a_package_inside_a_package(self):
        pallet = self.env["stock.package"].create({"name": "395201234567891236"})
        self.package.parent_package_id = pallet
        self.assertEqual(self.find("(00)395201234567891236")["lot_ids"], self.lot_a.ids)

    def test_unknown_pallet_is_known_by_its_contents(self):
        result = self.assertMatches(
            f"(00)395201234567891236(02){GTIN}(37)40(10)A17", "lot", self.lot_a
        )
        self.assertEqual(result["lot_ids"], self.lot_a.ids)

    def test_place_by_barcode_name_and_number(self):
        for code in (
            "PLT-S7",
            "shelf 7",
            self.shelf.complete_name,
            f"(414){GLN}(254)7",
            f"https://a.b/414/{GLN}/254/7",
            to_urn(parse(f"(414){GLN}(254)7"), 7),
            encode_tag("sgln-96", parse(f"(414){GLN}(254)7"), company_prefix_length=7),
        ):
            result = self.assertMatches(code, "location", self.shelf)
            self.assertEqual(result["lot_ids"], self.lot_a.ids)

    def test_place_below_the_one_with_the_number(self):
        other = "4012345000009"
        self.plant.view_location_id.gln = other
        self.assertMatches(f"(414){other}", "location", self.plant.view_location_id)
        self.assertMatches(f"(414){other}(254)PLT-S7", "location", self.shelf)
        self.assertMatches(f"(414){other}(254)shelf", "location", self.env["stock.location"])

    def test_number_of_a_place_is_checked(self):
        rack = self.env["stock.location"].create({"name": "R", "location_id": self.stock.id})
        for wrong in ("9521141123455", "952114112345", "95211411234541", "ABC"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                rack.gln = wrong
        with self.assertRaisesRegex(ValidationError, "needs the global location number"):
            rack.gln_extension = "3"

    def test_order_of_the_customer(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.dairy.id, "client_order_ref": "PO-77/1"}
        )
        salesman = self.env.ref("base.user_admin")
        self.assertMatches("]C1400PO-77/1", "sale", order, salesman)

    def test_number_of_queries(self):
        code = f"(01){GTIN}(10)A17"
        self.find(code)
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.find(code)

    def test_bad_codes_get_one_sentence_with_the_next_step(self):
        twice = f"01{GTIN}10A17"
        for code, part in (
            (twice * 2, "scanned twice"),
            (f"{twice}\n{twice}", "scanned twice"),
            ("A17A17", "scanned twice"),
            ("]C101040063813339", "takes 14 digits"),
            ("0104006381333", "takes 14 digits"),
            (f"01{GTIN[:-1]}210A17", "check digit"),
            (f"]C101{GTIN}17261399", "at character 20"),
            (f"(01){GTIN}(10)NONE", "no lot NONE"),
            ("(01)00012345678905", "No product has the GTIN"),
            ("(00)395201234567891236", "No package here"),
            ("(414)4012345000009", "global location number"),
            ("https://id.gs1.org/AQnYUc1gmg", "compressed"),
            ("urn:epc:id:giai:0614141.1", "not supported"),
            ("1" * 7_000, "too long"),
            ("\x01\x02\x7f", "Type or scan"),
        ):
            with self.subTest(code[:40]):
                result = self.find(code)
                self.assertEqual((result["matches"], result["lot_ids"]), ([], []))
                self.assertIn(part, result["message"])
                self.assertRegex(result["message"], r"[.:].*\.$|\.$")
                self.assertLess(len(result["message"]), 300)


@tagged("post_install", "-at_install")
class TestTraceFindElsewhere(FindCommon, TwoCompanies):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls.product("Soft cheese", barcode="4006381333931")
        cls.lot(cls.cheese, "SIS-1", company_id=cls.sister.id)

    def test_lot_of_a_company_that_is_not_chosen_is_told(self):
        for code in ("SIS-1", f"(01){GTIN}(10)SIS-1"):
            result = self.find(code, self.both, allowed_company_ids=self.here.ids)
            self.assertEqual((result["matches"], result["lot_ids"]), ([], []))
            self.assertIn("SIS-1 belongs to Sister. Choose this company", result["message"])

    def test_lot_of_a_company_of_others_is_not_told(self):
        for code in ("SIS-1", f"(01){GTIN}(10)SIS-1"):
            result = self.find(code)
            self.assertEqual(result["matches"], [])
            self.assertNotIn("Sister", result["message"])
            # The same words as for a lot that is nowhere.
            nowhere = self.find(code.replace("SIS-1", "NO-11"))
            self.assertEqual(result["message"].replace("SIS-1", "NO-11"), nowhere["message"])
