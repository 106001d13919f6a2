from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestTraceFind(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Raw milk", barcode="4006381333931", default_code="RM-1")
        cls.cheese = cls.product("Soft cheese")
        cls.milk_a = cls.lot(cls.milk, "MILK-A", supplier_lot="D/77-1", supplier_id=cls.dairy.id)
        cls.milk_b = cls.lot(cls.milk, "MILK-B")
        cls.arrival = cls.receive({cls.milk_a: 100, cls.milk_b: 10}, cls.dairy)
        cls.cheese_lot = cls.lot(cls.cheese, "C-1")
        cls.production = cls.make(cls.cheese_lot, 10, {cls.milk_a: 100})

    def find(self, code, *args):
        result = self.env["lot.trace"].with_user(self.reader).find(code, *args)
        self.assertEqual(set(result), {"query", "matches", "lot_ids", "message"})
        for match in result["matches"]:
            self.assertEqual(set(match), {"type", "label", "detail", "lot_ids", "model", "id"})
        return result

    def assertFound(self, code, kind, lots):
        result = self.find(code)
        self.assertEqual([match["type"] for match in result["matches"]], [kind], code)
        self.assertEqual(sorted(result["lot_ids"]), sorted(lots.ids), code)
        self.assertEqual(result["message"], "")

    def test_lot_number_is_found_in_any_case_and_with_spaces_around(self):
        for code in ("MILK-A", "milk-a", "  Milk-A\t", "MILK-A\r\n"):
            self.assertFound(code, "lot", self.milk_a)

    def test_supplier_lot_number_is_found(self):
        self.assertFound("d/77-1", "supplier_lot", self.milk_a)

    def test_product_is_found_by_barcode_code_and_name(self):
        for code in ("4006381333931", "rm-1", "Raw milk", "raw MILK"):
            self.assertFound(code, "product", self.milk_a | self.milk_b)

    def test_transfer_and_order_are_found_by_their_number(self):
        self.assertFound(self.arrival.name, "transfer", self.milk_a | self.milk_b)
        api = self.env["lot.trace"].with_user(self.operator)
        found = api.find(self.production.name)
        self.assertEqual(
            [(m["type"], m["id"]) for m in found["matches"]], [("production", self.production.id)]
        )
        self.assertEqual(found["lot_ids"], self.cheese_lot.ids)

    def test_gs1_code_of_product_and_lot_is_found(self):
        for code in (
            "(01)04006381333931(10)MILK-A",
            "010400638133393110MILK-A",
            "]d2010400638133393110MILK-A",
            "\x1d010400638133393110MILK-A",
            "https://id.gs1.org/01/04006381333931/10/MILK-A",
        ):
            self.assertFound(code, "lot", self.milk_a)

    def test_gs1_code_with_unknown_lot_says_so(self):
        result = self.find("(01)04006381333931(10)NONE")
        self.assertEqual((result["matches"], result["lot_ids"]), ([], []))
        self.assertIn("no lot NONE", result["message"])

    def test_two_lots_of_one_name_are_offered_and_none_is_chosen(self):
        other = self.lot(self.cheese, "MILK-A")
        result = self.find("MILK-A")
        self.assertEqual({match["id"] for match in result["matches"]}, {self.milk_a.id, other.id})
        self.assertEqual(result["lot_ids"], [])

    def test_part_of_a_number_offers_what_contains_it(self):
        result = self.find("MILK-")
        self.assertLessEqual({self.milk_a.id, self.milk_b.id}, {m["id"] for m in result["matches"]})
        self.assertEqual(result["lot_ids"], [])

    def test_wildcards_mean_themselves(self):
        percent = self.lot(self.milk, "100%_A\\B")
        self.assertFound("100%_a\\b", "lot", percent)
        for code in ("%", "_", "MILK__", "MILK%A", "%%%%", "\\"):
            result = self.find(code)
            self.assertNotIn(self.milk_a.id, result["lot_ids"], code)
            self.assertNotIn(self.milk_a.id, [m["id"] for m in result["matches"]], code)

    def test_lot_without_moves_and_document_without_lots_are_answered(self):
        empty = self.lot(self.milk, "NEW-1")
        self.assertFound("NEW-1", "lot", empty)
        water = self.product("Water", tracking="none")
        picking = self.receive({water: 5})
        result = self.find(picking.name)
        self.assertEqual(result["lot_ids"], [])
        self.assertIn("no lots", result["message"])

    def test_empty_unknown_and_hostile_text_gets_a_clear_message(self):
        before = self.env["stock.lot"].search_count([])
        codes = (
            "", "   ", "\x00", "\u200f\u202e", None, False, 5, [], {}, ["MILK-A"], True,
            "no such thing", "'; DROP TABLE stock_lot; --", "\" OR 1=1", "x" * 100_000,
            "\x00\x01\x02ZZ\x07", "(01)", "(01)123", "(99999)x", "https://id.gs1.org/01/1",
            "\u202eA-KLIM", "{{7*7}}", "<script>alert(1)</script>", "🧀🧀", "\ud800", "(((((" * 50,
            "]d2", "urn:epc:id:sgtin:x", "../../etc/passwd", "\x1d\x1d\x1d",
        )  # fmt: skip
        for code in codes:
            with self.subTest(str(code)[:30].encode("unicode_escape")):
                result = self.find(code)
                self.assertEqual((result["matches"], result["lot_ids"]), ([], []))
                self.assertTrue(result["message"])
                self.assertLess(len(result["message"]), 300)
                self.assertLess(len(result["query"]), 500)
                self.assertNotIn("\x00", result["query"] + result["message"])
        self.assertEqual(self.env["stock.lot"].search_count([]), before)

    def test_marks_and_control_characters_inside_a_number_are_ignored(self):
        for code in ("MI\u200bLK-A", "\u202aMILK-A\u202c", "MILK\x00-A", "\ufeffMILK-A"):
            self.assertFound(code, "lot", self.milk_a)

    def test_bad_company_gets_an_answer(self):
        for company in (0, None, False):
            self.assertEqual(self.find("MILK-A", company)["lot_ids"], self.milk_a.ids)
        for company in (-1, 2**31, 2**70, "x", [1], {1: 1}, 1.5, True):
            with self.subTest(str(company)):
                # A lot without a company belongs to every one, but there has to be one.
                result = self.find("MILK-A", company)
                self.assertEqual(result["lot_ids"], [])
                self.assertTrue(result["message"])
