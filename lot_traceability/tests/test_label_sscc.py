from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.gs1 import has_check_digit
from .label_common import GTIN, LabelCommon


@tagged("post_install", "-at_install")
class TestLabelSscc(LabelCommon):
    """Numbers of pallets, their labels and those of places."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"gs1_prefix": "4012345", "sscc_extension": "3"})

    def test_numbers_have_prefix_and_check_digit_and_never_come_twice(self):
        packages = self.floor["stock.package"]
        first, second = packages._next_sscc(count=2)
        third = packages._next_sscc()[0]
        self.assertEqual(len({first, second, third}), 3)
        for number in (first, second, third):
            self.assertEqual((number[:8], len(number)), ("34012345", 18))
            self.assertTrue(has_check_digit(number))

    def test_number_that_somebody_has_typed_is_passed_over(self):
        packages = self.floor["stock.package"]
        stem = int(packages._next_sscc()[0][:-1])
        from ..tools.gs1 import check_digit

        typed = str(stem + 1) + check_digit(str(stem + 1))
        packages.create({"name": typed})
        found = packages._next_sscc(count=2)
        self.assertNotIn(typed, found)
        self.assertEqual(int(found[0][:-1]), stem + 2)

    def test_used_up_numbers_are_refused_until_the_next_digit_is_chosen(self):
        company = self.env.company
        company.gs1_prefix = "401234567890"
        counter = self.env["lot.numbering.counter"]
        counter._raise_to(0, "SSCC 3401234567890", 9_999, gap_free=True)
        packages = self.floor["stock.package"]
        last = packages._next_sscc(count=2)
        self.assertEqual([number[13:17] for number in last], ["9998", "9999"])
        with self.assertRaisesRegex(UserError, "are used up. Choose another extension digit"):
            packages._next_sscc()
        company.sscc_extension = "4"
        self.assertEqual(packages._next_sscc()[0][:17], "44012345678900000")

    def test_prefix_is_checked_and_needed(self):
        for prefix in ("12345", "1234567890123", "40123A5", "４０１２３４５"):
            with self.subTest(prefix), self.assertRaisesRegex(ValidationError, "6 to 12 digits"):
                self.env.company.gs1_prefix = prefix
        self.env.company.gs1_prefix = False
        with self.assertRaisesRegex(UserError, "has no GS1 company prefix"):
            self.floor["stock.package"]._next_sscc()

    def test_package_types_and_operations_number_by_themselves(self):
        kind = self.env["stock.package.type"].create({"name": "Pallet", "sscc": True})
        package = self.floor["stock.package"].create({"package_type_id": kind.id})
        self.assertTrue(package.valid_sscc)
        self.assertFalse(self.floor["stock.package"].create({}).valid_sscc)
        self.plant.int_type_id.sscc = True
        self.received(self.cheese, "P1", 5)
        lot = self.env["stock.lot"].search([("name", "=", "P1")])
        picking = self.picking(self.plant.int_type_id, {lot: 5})
        picking.action_put_in_pack()
        self.assertTrue(picking.move_line_ids.result_package_id.valid_sscc)

    def test_button_numbers_a_package_that_has_another_name(self):
        package = self.floor["stock.package"].create({"name": "PACK1"})
        package.action_number_sscc()
        name = package.name
        self.assertTrue(package.valid_sscc)
        package.action_number_sscc()
        self.assertEqual(package.name, name)
        with self.assertRaises(AccessError):
            package.with_user(self.reader).action_number_sscc()

    # -- labels ------------------------------------------------------------------------------

    def pallet(self, contents):
        number = self.floor["stock.package"]._next_sscc()[0]
        package = self.floor["stock.package"].create({"name": number})
        for lot, quantity in contents.items():
            self.env["stock.quant"]._update_available_quantity(
                lot.product_id, self.stock, quantity, lot_id=lot, package_id=package
            )
        return package.with_user(self.operator)

    def test_pallet_of_one_lot_tells_its_content_and_its_number(self):
        package = self.pallet({self.camembert: 24})
        page = self.page(package, "pallet")
        found = dict(self.scanned(page)[::-1])
        self.assertEqual(set(found), {"]C1"})
        data = sorted(each[1] for each in self.scanned(page))
        self.assertEqual("".join(data).count(package.name), 1)
        self.assertIn(f"00{package.name}", data)
        self.assertIn(f"02{GTIN}", "".join(data))
        self.assertEqual(
            package._label_elements().to_hri(),
            f"(02){GTIN}(37)24(15)261231(17)261231(10)LOT(1)/A(00){package.name}",
        )
        self.assertIn("SSCC", [box.text for box in page.boxes if hasattr(box, "text")])

    def test_mixed_pallet_tells_its_number_alone(self):
        milk = self.lot(self.product("Milk"), "M1")
        package = self.pallet({self.camembert: 24, milk: 5})
        page = self.page(package, "pallet")
        self.assertEqual(self.scanned(page), [("]C1", f"00{package.name}")])
        self.assertIn("Mixed: 2 products", [b.text for b in page.boxes if hasattr(b, "text")])

    def test_print_of_a_package_is_told_and_counted(self):
        package = self.pallet({self.camembert: 24})
        self.designs._print(package, self.design("pallet"))
        self.assertEqual(self.printed(package).kind, "printed")
        with self.assertRaisesRegex(UserError, "has had a label already"):
            self.designs._print(package, self.design("pallet"))

    def test_place_without_gln_gets_its_barcode(self):
        shelf = self.env["stock.location"].create(
            {"name": "A-01-02", "location_id": self.stock.id, "barcode": "SHELF-7"}
        )
        page = self.page(shelf.with_user(self.operator), "location")
        self.assertEqual(self.scanned(page), [("]d1", "SHELF-7")])
        self.assertIn("A-01-02", [box.text for box in page.boxes if hasattr(box, "text")])
