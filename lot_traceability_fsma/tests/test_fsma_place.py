from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaPlace(FsmaCommon):
    def test_a_place_is_described_with_its_numbers(self):
        self.grower.write(
            {
                "fsma_gln": "0614141000005",
                "fsma_ffrn": "12345678910",
                "fsma_url": "https://trace.example.com",
                "street2": "Gate B",
            }
        )
        place = self.grower._place()
        self.assertEqual(place["street"], "1 Farm Road, Gate B")
        self.assertEqual((place["state"], place["country"]), ("CA", "US"))
        self.assertEqual(place["gln"], "0614141000005")
        self.assertFalse(self.grower.fsma_place_missing)

    def test_what_a_place_lacks_is_said(self):
        self.grower.write({"phone": False, "zip": False})
        self.assertEqual(self.grower.fsma_place_missing, "Phone, Zip or postal code")

    def test_coordinates_do_instead_of_a_street(self):
        self.grower.street = False
        self.assertEqual(self.grower.fsma_place_missing, "Physical address")
        self.grower.write({"partner_latitude": 36.67, "partner_longitude": -121.65})
        self.assertFalse(self.grower.fsma_place_missing)

    def test_a_delivery_address_has_the_name_of_its_firm(self):
        branch = self.env["res.partner"].create(
            {"name": "Gate 7", "type": "delivery", "parent_id": self.market.id, "street": "7 Road"}
        )
        self.assertEqual(branch._place()["name"], "Corner Market")
        self.assertEqual(branch._place()["phone"], "+1 555 0100")

    def test_wrong_numbers_are_refused_with_the_rule(self):
        for name, value, words in (
            ("fsma_gln", "0614141000006", "check digit"),
            ("fsma_ffrn", "1234", "11 digits"),
            ("fsma_ggn", "ABC", "13 digits"),
            ("fsma_url", "javascript:alert(1)", "https"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                self.grower[name] = value

    def test_an_area_lies_on_the_map(self):
        area = (
            self.env["lot.fsma.area"]
            .with_user(self.quality)
            .create(
                {
                    "name": "North 3",
                    "farm_id": self.grower.id,
                    "outline": "36.0 -121.0\n36.2 -121.0\n36.1 -121.3",
                }
            )
        )
        self.assertIn("mlat=36.100000&mlon=-121.100000", area.map_url)
        area.write({"latitude": 36.5, "longitude": -121.5})
        self.assertIn("mlat=36.500000", area.map_url)

    def test_an_area_that_cannot_be_is_refused(self):
        for values, words in (
            ({"latitude": 121.0}, "wrong way round"),
            ({"outline": "36.0 -121.0\nbehind the barn\n36.1 -121.3"}, "line 2"),
            ({"outline": "36.0 -121.0\n36.1 -121.3"}, "three corners"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                self.env["lot.fsma.area"].create(
                    {"name": "Nowhere", "farm_id": self.grower.id, **values}
                )

    def test_operators_do_not_draw_areas(self):
        with self.assertRaises(AccessError):
            self.env["lot.fsma.area"].with_user(self.operator).create(
                {"name": "Mine", "farm_id": self.grower.id}
            )

    def test_a_lot_is_not_cooled_before_its_harvest(self):
        with self.assertRaisesRegex(ValidationError, "before it was harvested"):
            self.lot(self.lettuce, "L1", harvest_date="2026-03-01", fsma_cooling_date="2026-02-01")
