from odoo.tests import tagged

from .common import OptionalAppsCase


@tagged("post_install", "-at_install")
class TestWebShop(OptionalAppsCase):
    """The shop offers what the gate would let go."""

    def test_shop_offers_no_held_lot(self):
        cheese = self.product("Cheese", allow_out_of_stock_order=False, is_published=True)
        good, bad = self.lot(cheese, "GOOD"), self.lot(cheese, "BAD")
        self.receive(good, 4)
        self.receive(bad, 6)
        website = self.env["website"].search([("company_id", "=", self.company.id)], limit=1)
        website.warehouse_id = self.warehouse
        self.assertEqual(website._get_product_available_qty(cheese), 10)
        self.hold(bad)
        self.assertEqual(website._get_product_available_qty(cheese), 4)
        self.hold(good)
        self.assertTrue(cheese.with_context(website_id=website.id)._is_sold_out())
        good.set_status("released")
        self.assertFalse(cheese.with_context(website_id=website.id)._is_sold_out())
