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

    def test_shop_offers_no_recalled_lot_and_no_order_reserves_it(self):
        cheese = self.product("Cheese", allow_out_of_stock_order=False, is_published=True)
        good, bad = self.lot(cheese, "GOOD"), self.lot(cheese, "BAD")
        self.receive(good, 4)
        self.receive(bad, 6)
        website = self.env["website"].search([("company_id", "=", self.company.id)], limit=1)
        website.warehouse_id = self.warehouse
        before = self.ordered(cheese, 7)
        self.assertEqual(sum(before.move_line_ids.mapped("quantity")), 7)
        recall = self.recall(bad)
        self.assertEqual(recall.freed_ids.mapped("document"), [before.name])
        self.assertEqual(before.move_line_ids.lot_id, good)
        self.assertEqual(website._get_product_available_qty(cheese), 0)
        self.assertTrue(cheese.with_context(website_id=website.id)._is_sold_out())
        self.receive(good, 5)  # of which the order before takes the 3 that it has lost
        self.assertEqual(before.move_line_ids.lot_id, good)
        self.assertEqual(website._get_product_available_qty(cheese), 2)
        after = self.ordered(cheese, 3).move_line_ids
        self.assertEqual((after.lot_id, sum(after.mapped("quantity"))), (good, 2))

    def ordered(self, product, quantity):
        """The transfer of a confirmed order, with what could be reserved for it."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": quantity}),
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        return order.picking_ids
