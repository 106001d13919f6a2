from odoo.tests import tagged

from .common import OptionalAppsCase


@tagged("post_install", "-at_install")
class TestDropship(OptionalAppsCase):
    """Goods that go from the vendor to the customer without ever being in our stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.product(
            "Salad",
            seller_ids=[(0, 0, {"partner_id": cls.vendor.id})],
            route_ids=[(4, cls.env.ref("stock_dropshipping.route_drop_shipping").id)],
        )

    def dropship(self, quantity, customer=None):
        """A dropship of a new lot, ordered through a sale."""
        self.later()
        sale = self.env["sale.order"].create(
            {
                "partner_id": (customer or self.customer).id,
                "order_line": [(0, 0, {"product_id": self.goods.id, "product_uom_qty": quantity})],
            }
        )
        sale.action_confirm()
        purchase = sale.stock_reference_ids.purchase_ids
        purchase.button_confirm()
        picking = purchase.picking_ids
        picking.move_line_ids.lot_name = "SALAD-1"
        picking.move_ids.picked = True
        self.later()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def test_a_dropship_is_a_receipt_from_the_vendor_and_a_delivery_to_the_customer(self):
        lot = self.dropship(5).move_line_ids.lot_id
        self.assertEqual(
            sorted(self.movements(lot)),
            [("delivery", -5.0, "Customer"), ("receipt", 5.0, "Vendor")],
        )
        self.assert_balanced(lot)
        self.assert_no_drift()

    def test_a_trace_of_a_dropshipped_lot_names_both_ends(self):
        lot = self.dropship(5).move_line_ids.lot_id
        trace = self.env["lot.trace"].trace(lot.ids)
        self.assertEqual(
            {(row["name"], row["role"]) for row in trace["partners"]},
            {("Vendor", "supplier"), ("Customer", "customer")},
        )
        self.assertEqual(trace["on_hand"], [])
        self.assertTrue(trace["complete"], trace["warnings"])

    def test_the_customer_is_the_delivery_address_even_when_it_is_corrected_later(self):
        self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.customer.id, "type": "delivery"}
        )
        picking = self.dropship(5)
        lot = picking.move_line_ids.lot_id
        self.assertIn(("delivery", -5.0, "Shop"), self.movements(lot))
        self.return_of(picking, 1)
        picking.sale_id.partner_shipping_id = self.customer
        self.assertIn(("delivery", -5.0, "Customer"), self.movements(lot))
        self.assertIn(("customer_return", 1.0, "Customer"), self.movements(lot))
        self.assert_no_drift()

    def test_a_returned_dropship_nets_to_zero_and_goes_back_to_the_vendor(self):
        picking = self.dropship(5)
        lot = picking.move_line_ids.lot_id
        self.return_of(picking, 5)
        self.assertEqual(
            sorted(self.movements(lot)),
            [
                ("customer_return", 5.0, "Customer"),
                ("delivery", -5.0, "Customer"),
                ("receipt", 5.0, "Vendor"),
                ("supplier_return", -5.0, "Vendor"),
            ],
        )
        trace = self.env["lot.trace"].trace(lot.ids)
        self.assertEqual(
            [(row["partner"], row["returned"], row["net"]) for row in trace["deliveries"]],
            [("Customer", 5.0, 0.0)],
        )
        self.assert_balanced(lot)
        self.assert_no_drift()

    def test_a_dropship_returned_into_our_stock_is_on_hand(self):
        picking = self.dropship(5)
        lot = picking.move_line_ids.lot_id
        self.later()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        back.location_dest_id = self.stock
        back.move_ids.location_dest_id = self.stock
        self.pick(back.move_ids, [(lot, 2)])
        back.button_validate()
        self.assertEqual(
            sorted(self.movements(lot)),
            [
                ("customer_return", 2.0, "Customer"),
                ("delivery", -5.0, "Customer"),
                ("receipt", 5.0, "Vendor"),
            ],
        )
        self.assertEqual(
            [row["quantity"] for row in self.env["lot.trace"].where_is(lot.ids)], [2.0]
        )
        self.assert_balanced(lot)
        self.assert_no_drift()

    # -- the gate ---------------------------------------------------------------------------

    def test_held_lot_does_not_go_from_the_vendor_to_the_customer(self):
        self.hold(self.lot(self.goods, "SALAD-1"))
        self.assert_stopped(self.dropship, 5)
