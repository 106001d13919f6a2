from odoo.tests import tagged

from .test_pos import TillCase


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaTill(TillCase):
    """Food sold over the till: what consumers carry home is no shipping (21 CFR 1.1310)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.write(
            {
                "fsma_category_id": cls.env.ref("lot_traceability_fsma.ftl_cheese_fresh").id,
                "fsma_packaging_size": "250 g",
                "fsma_packaging_style": "cup",
            }
        )
        cls.partner_mobt.write({"is_company": False, "parent_id": False})
        cls.deli = cls.env["res.partner"].create(
            {
                "name": "Corner Deli",
                "is_company": True,
                "phone": "+1 555 0111",
                "street": "9 Market Street",
                "city": "Salinas",
                "zip": "93901",
                "state_id": cls.env.ref("base.state_us_5").id,
                "country_id": cls.env.ref("base.us").id,
            }
        )

    def events(self):
        domain = [("lot_id", "=", self.lot.id), ("replaced_by_id", "=", False)]
        return self.env["lot.fsma.event"].search(domain, order="id")

    def test_sale_to_nobody_in_particular_is_no_shipping(self):
        self.sell(2)
        self.close()
        self.assertEqual(self.lot.product_qty, 8)
        self.assertFalse(self.events())

    def test_sale_to_a_consumer_that_is_known_is_no_shipping(self):
        self.sell(2, self.partner_mobt)
        self.close()
        self.assertFalse(self.events())

    def test_stock_booked_at_closing_is_no_shipping(self):
        self.env.company.point_of_sale_update_stock_quantities = "closing"
        self.sell(2)
        self.close()
        self.assertEqual(self.lot.product_qty, 8)
        self.assertFalse(self.events())

    def test_sale_to_a_firm_is_shipping(self):
        self.sell(3, self.deli)
        self.close()
        event = self.events()
        self.assertEqual((event.kind, event.quantity), ("shipping", 3))
        self.assertEqual(event.partner_id, self.deli)
        self.assertEqual(event.to_place_id.street, "9 Market Street")
        self.assertNotIn("to_location", event.missing or "")

    def test_what_a_consumer_brings_back_is_no_receiving(self):
        self.sell(2, self.partner_mobt, refund=True)
        self.close()
        self.assertEqual(self.lot.product_qty, 10)
        self.assertFalse(self.events())

    def test_what_a_firm_brings_back_is_received(self):
        self.sell(2, self.deli, refund=True)
        self.close()
        self.assertEqual(self.events().mapped("kind"), ["shipping", "receiving"])
