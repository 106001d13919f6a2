from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.gs1 import decode_tag
from ..tools.rfid_tag import read_tag
from .rfid_common import GTIN, RfidCommon, sgtin


@tagged("post_install", "-at_install")
class TestRfidTags(RfidCommon):
    """What is written to tags, and what the register knows of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk", uom=cls.units, barcode="9506000134376")
        cls.milk_lot = cls.lot(cls.milk, "M-1")

    # -- written -------------------------------------------------------------------------------

    def test_tags_of_a_lot_have_serial_numbers_that_no_tag_had(self):
        for scheme in ("sgtin+", "sgtin-96", "sgtin-198"):
            with self.subTest(scheme=scheme):
                self.milk.rfid_scheme = scheme
                epcs = self.milk_lot.with_user(self.operator)._rfid_encodings(50, 6.0)
                read = [decode_tag(epc) for epc in epcs]
                self.assertEqual({one.scheme for one in read}, {scheme})
                self.assertEqual({one.elements.gtin for one in read}, {"09506000134376"})
                self.assertEqual(len({one.elements.serial for one in read}), 50)
        tags = self.env["lot.rfid.tag"].search([("lot_id", "=", self.milk_lot.id)])
        self.assertEqual(len(tags), 150)
        self.assertEqual(set(tags.mapped("quantity")), {6.0})
        self.assertEqual(set(tags.mapped("origin")), {"encoded"})
        self.env.cr.flush()
        self.assertEqual(len(self.events(self.milk_lot, "tagged")), 3)

    def test_written_tag_is_found_again(self):
        epcs = self.milk_lot._rfid_encodings(2, 6.0)
        found = self.env["lot.rfid.resolver"]._meanings(
            self.env.company, [read_tag(epc) for epc in epcs]
        )
        self.assertEqual(
            {(one.lot_id, one.quantity) for one in found.values()}, {(self.milk_lot.id, 6.0)}
        )

    def test_tag_carries_its_lot_and_expiry_date_where_it_can(self):
        self.milk.use_expiration_date = True
        self.milk_lot.expiration_date = "2026-06-30 10:00:00"
        for scheme in ("sgtin+", "dsgtin+"):
            with self.subTest(scheme=scheme):
                self.milk.rfid_scheme = scheme
                (epc,) = self.milk_lot._rfid_encodings(1)
                elements = decode_tag(epc).elements
                self.assertEqual((elements.lot, elements.value("17")), ("M-1", "260630"))
                # Without the register the tag is enough.
                self.env["lot.rfid.tag"].search([]).unlink()
                tag = read_tag(epc)
                found = self.env["lot.rfid.resolver"]._meanings(self.env.company, [tag])
                self.assertEqual(found[tag.identity].lot_id, self.milk_lot.id)

    def test_item_with_a_serial_number_has_one_tag(self):
        drill = self.drills(77)
        self.drill.rfid_scheme = "sgtin-96"
        epcs = drill._rfid_encodings(1)
        read = decode_tag(epcs[0])
        self.assertEqual((read.scheme, read.filter_value), ("sgtin-96", 1))
        self.assertEqual((read.elements.gtin, read.elements.serial), (GTIN, "77"))
        self.assertEqual(drill._rfid_encodings(1), epcs)
        self.assertEqual(len(self.env["lot.rfid.tag"].search([("lot_id", "=", drill.id)])), 1)
        with self.assertRaisesRegex(UserError, "one tag"):
            drill._rfid_encodings(2)

    def test_what_does_not_fit_is_refused_instead_of_altered(self):
        self.drill.rfid_scheme = "sgtin-96"
        with self.assertRaisesRegex(UserError, "SGTIN-198"):
            self.drills("0678")._rfid_encodings(1)
        self.env.company.gs1_prefix = "123456"
        with self.assertRaisesRegex(UserError, "company prefix"):
            self.drills("678")._rfid_encodings(1)
        self.milk.barcode = "MILK"
        with self.assertRaisesRegex(UserError, "no GTIN"):
            self.milk_lot._rfid_encodings(1)
        for quantity in (0, -1, 10_001):
            with self.assertRaisesRegex(UserError, "Make 1 to"):
                self.milk_lot._rfid_encodings(quantity)
        self.assertFalse(self.env["lot.rfid.tag"].search([]))

    def test_expiry_date_goes_on_the_tag(self):
        self.milk.write({"rfid_scheme": "dsgtin+", "use_expiration_date": True})
        self.milk_lot.expiration_date = False
        with self.assertRaisesRegex(UserError, "expiry date"):
            self.milk_lot._rfid_encodings(1)
        self.milk_lot.expiration_date = "2026-06-30 10:00:00"
        (epc,) = self.milk_lot._rfid_encodings(1)
        self.assertEqual(decode_tag(epc).elements.value("17"), "260630")

    def test_package_is_named_by_its_sscc(self):
        package = self.env["stock.package"].create({"name": "095060001234567893"})
        (epc,) = package.with_user(self.operator)._rfid_encodings()
        self.assertEqual(decode_tag(epc).elements.sscc, "095060001234567893")
        self.assertEqual(package._rfid_encodings(), [epc])
        self.env.company.rfid_package_scheme = "sscc+"
        self.assertEqual(
            decode_tag(package._rfid_encodings()[0]).elements.sscc, "095060001234567893"
        )
        with self.assertRaisesRegex(UserError, "SSCC"):
            self.env["stock.package"].create({"name": "PACK-1"})._rfid_encodings()

    def test_printer_gets_commands_over_the_api(self):
        (row,) = self.floor["lot.rfid.tag"].encode(self.milk_lot.id, 1)
        self.assertIn("^FD", row["zpl"])
        self.assertIn(row["epc"], row["zpl"])
        with self.assertRaises(AccessError):
            self.env["lot.rfid.tag"].with_user(self.reader).encode(self.milk_lot.id, 1)
        with self.assertRaisesRegex(UserError, "does not exist"):
            self.floor["lot.rfid.tag"].encode(0, 1)

    # -- registered ----------------------------------------------------------------------------

    def test_enrolled_tag_moves_to_other_goods(self):
        other = self.lot(self.milk, "M-2")
        tags = self.floor["lot.rfid.tag"]
        first = tags.enroll([sgtin(1), "E280110520007"], self.milk_lot.id, 3)
        again = tags.enroll([sgtin(1), sgtin(2)], other.id)
        self.assertEqual(len(set(first) | set(again)), 3)
        moved = tags.search([("identity", "=", f"(01){GTIN}(21)1")])
        self.assertEqual((moved.lot_id, moved.quantity), (other, 1.0))
        self.env.cr.flush()
        # One for the tag that moved, one for the new one.
        self.assertEqual(len(self.events(other, "tagged")), 2)

    def test_tags_follow_a_lot_that_is_relabelled_and_stay_when_some_of_it_does(self):
        milk = self.product("Cream", uom=self.units)
        lot = self.received(milk, "K-1", 10)
        tags = self.floor["lot.rfid.tag"]
        tag = tags.browse(tags.enroll([sgtin(1)], lot.id, 10))
        self.operate("split", lot, parts=[("K-2", 4)])
        self.assertEqual(tag.lot_id, lot)
        (renamed,) = self.operate("relabel", lot, new_name="K-3")
        self.assertEqual(tag.lot_id, renamed)

    def test_tag_is_registered_once_and_for_something(self):
        self.floor["lot.rfid.tag"].create({"epc": sgtin(1), "lot_id": self.milk_lot.id})
        with self.assertRaisesRegex(ValidationError, "Say which lot"):
            self.floor["lot.rfid.tag"].create({"epc": sgtin(2)})
        with self.assertRaisesRegex(ValidationError, "which lot of Milk"):
            self.floor["lot.rfid.tag"].create({"epc": sgtin(3), "product_id": self.milk.id})
        with self.assertRaisesRegex(UserError, "Read the tag"):
            self.floor["lot.rfid.tag"].create({"epc": " ", "lot_id": self.milk_lot.id})

    def test_weighed_goods_need_a_registered_quantity(self):
        butter = self.product("Butter", barcode="9506000134383")
        lot = self.lot(butter, "B-1")
        tag = read_tag(sgtin(1, "09506000134383", "sgtin+"))
        resolver = self.env["lot.rfid.resolver"]
        self.assertEqual(
            resolver._meanings(self.env.company, [tag])[tag.identity].problem, "no_lot"
        )
        self.floor["lot.rfid.tag"].enroll([tag.epc], lot.id, 2.5)
        meaning = resolver._meanings(self.env.company, [tag])[tag.identity]
        self.assertEqual((meaning.lot_id, meaning.quantity), (lot.id, 2.5))

    def test_case_stands_for_what_is_in_it(self):
        six = self.env["uom.uom"].create(
            {"name": "Case of 6", "relative_factor": 6, "relative_uom_id": self.units.id}
        )
        soap = self.product("Soap", tracking="none", uom=self.units)
        self.env["product.uom"].create(
            {"product_id": soap.id, "uom_id": six.id, "barcode": "19506000134359"}
        )
        tag = read_tag(sgtin(1, "19506000134359", "sgtin+"))
        meaning = self.env["lot.rfid.resolver"]._meanings(self.env.company, [tag])[tag.identity]
        self.assertEqual((meaning.product_id, meaning.quantity), (soap.id, 6.0))

    def test_prefix_that_is_none_is_refused(self):
        for prefix in ("12345", "1234567890123", "12345a"):
            with self.subTest(prefix=prefix), self.assertRaisesRegex(ValidationError, "6 to 12"):
                self.env.company.gs1_prefix = prefix
