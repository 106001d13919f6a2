from odoo.tests import tagged

from .common import OptionalAppsCase


@tagged("post_install", "-at_install")
class TestSubcontracting(OptionalAppsCase):
    """A subcontractor makes blocks of cheese from our milk; what went in is recorded on the
    receipt, as its user does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dairy = cls.env["res.partner"].create({"name": "Dairy"})
        cls.place = cls.dairy.property_stock_subcontractor
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.bom(
            cls.cheese,
            [(cls.milk, 2)],
            type="subcontract",
            subcontractor_ids=[(6, 0, cls.dairy.ids)],
        )

    def setUp(self):
        super().setUp()
        self.milk_lot = self.lot(self.milk, "MILK-1")
        self.receive(self.milk_lot, 100)

    def resupply(self, lot, quantity):
        return self.transfer(
            self.warehouse.subcontracting_resupply_type_id,
            self.stock,
            self.place,
            [(lot.product_id, lot, quantity)],
            self.dairy,
        )

    def order_from_dairy(self, quantity):
        """A confirmed receipt of cheese from the dairy, with its subcontracting order."""
        self.later()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.dairy.id,
                "location_id": self.suppliers.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.cheese.id,
                            "product_uom": self.cheese.uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": self.suppliers.id,
                            "location_dest_id": self.stock.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def receive_cheese(self, picking, cheese, milk):
        """Validate the receipt with these lots, [(lot, quantity)], of cheese and of milk."""
        for line, (lot, quantity) in zip(picking.move_ids.move_line_ids, cheese, strict=False):
            line.write({"lot_id": lot.id, "quantity": quantity})
        for lot, quantity in cheese[len(picking.move_ids.move_line_ids) :]:
            self.env["stock.move.line"].create(
                {
                    "move_id": picking.move_ids.id,
                    "picking_id": picking.id,
                    "product_id": self.cheese.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                }
            )
        picking.move_ids.picked = True
        orders = picking._get_subcontract_production()
        for order, lots in zip(orders, milk, strict=True):
            self.pick(order.move_raw_ids, lots)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return orders

    def test_what_the_subcontractor_made_has_the_lots_that_it_used_as_parents(self):
        second = self.lot(self.milk, "MILK-2")
        self.receive(second, 100)
        self.resupply(self.milk_lot, 15)
        self.resupply(second, 5)
        cheese = self.lot(self.cheese, "CHEESE-1")
        orders = self.receive_cheese(
            self.order_from_dairy(10), [(cheese, 10)], [[(self.milk_lot, 15), (second, 5)]]
        )
        self.assertEqual(orders.state, "done")
        self.assertEqual(
            self.edges(orders),
            {
                ("subcontracting", "MILK-1", "CHEESE-1"): (15.0, 7.5, "recorded"),
                ("subcontracting", "MILK-2", "CHEESE-1"): (5.0, 2.5, "recorded"),
            },
        )
        self.assert_balanced(self.milk_lot | second | cheese)
        self.assert_no_drift()

    def test_a_bill_of_materials_changed_afterwards_does_not_change_what_the_order_was(self):
        self.resupply(self.milk_lot, 20)
        cheese = self.lot(self.cheese, "CHEESE-1")
        orders = self.receive_cheese(
            self.order_from_dairy(10), [(cheese, 10)], [[(self.milk_lot, 20)]]
        )
        orders.bom_id.type = "normal"
        self.assert_no_drift()
        self.assertEqual({kind for kind, _p, _c in self.edges(orders)}, {"subcontracting"})

    def test_the_resupply_keeps_the_lot_in_our_stock_at_the_subcontractor(self):
        self.resupply(self.milk_lot, 40)
        self.assertEqual(self.movements(self.milk_lot), [("receipt", 100.0, "Vendor")])
        self.assertEqual(
            {
                row["location_id"]: row["quantity"]
                for row in self.env["lot.trace"].where_is(self.milk_lot.ids)
            },
            {self.stock.id: 60.0, self.place.id: 40.0},
        )
        self.assert_balanced(self.milk_lot)
        self.assert_no_drift()

    def test_the_customer_of_subcontracted_goods_received_the_component(self):
        self.resupply(self.milk_lot, 20)
        cheese = self.lot(self.cheese, "CHEESE-1")
        self.receive_cheese(self.order_from_dairy(10), [(cheese, 10)], [[(self.milk_lot, 20)]])
        self.deliver(cheese, 6)
        trace = self.env["lot.trace"].trace(self.milk_lot.ids, "downstream")
        self.assertEqual(
            [(row["partner"], row["net"], row["before"]) for row in trace["deliveries"]],
            [("Customer", 6.0, False)],
        )
        self.assertTrue(trace["complete"], trace["warnings"])
        up = self.env["lot.trace"].trace(cheese.ids, "upstream")
        self.assertIn("Vendor", [row["name"] for row in up["partners"]])
        self.assert_no_drift()

    def test_components_used_before_their_resupply_was_booked_are_linked(self):
        cheese = self.lot(self.cheese, "CHEESE-1")
        orders = self.receive_cheese(
            self.order_from_dairy(10), [(cheese, 10)], [[(self.milk_lot, 20)]]
        )
        self.assertEqual(
            self.edges(orders),
            {("subcontracting", "MILK-1", "CHEESE-1"): (20.0, 10.0, "recorded")},
        )
        self.resupply(self.milk_lot, 20)
        self.assert_balanced(self.milk_lot | cheese)
        self.assert_no_drift()

    def test_a_partial_receipt_and_its_backorder_each_have_their_own_parents(self):
        second = self.lot(self.milk, "MILK-2")
        self.receive(second, 100)
        first_cheese = self.lot(self.cheese, "CHEESE-1")
        picking = self.order_from_dairy(10)
        self.resupply(self.milk_lot, 20)
        self.resupply(second, 20)
        orders = self.receive_cheese(
            picking.with_context(skip_backorder=True), [(first_cheese, 4)], [[(self.milk_lot, 8)]]
        )
        backorder = picking.backorder_ids
        self.assertEqual(len(backorder), 1)
        second_cheese = self.lot(self.cheese, "CHEESE-2")
        self.later()
        orders |= self.receive_cheese(backorder, [(second_cheese, 6)], [[(second, 12)]])
        self.assertEqual(
            self.edges(orders),
            {
                ("subcontracting", "MILK-1", "CHEESE-1"): (8.0, 4.0, "recorded"),
                ("subcontracting", "MILK-2", "CHEESE-2"): (12.0, 6.0, "recorded"),
            },
        )
        self.assert_no_drift()

    def test_two_lots_of_one_receipt_come_from_an_order_each(self):
        """Core splits the subcontracting order by lot."""
        second = self.lot(self.milk, "MILK-2")
        self.receive(second, 100)
        lots = [(self.lot(self.cheese, "CHEESE-1"), 4), (self.lot(self.cheese, "CHEESE-2"), 6)]
        orders = self.receive_cheese(
            self.order_from_dairy(10), lots, [[(self.milk_lot, 8)], [(second, 12)]]
        )
        self.assertEqual(
            self.edges(orders),
            {
                ("subcontracting", "MILK-1", "CHEESE-1"): (8.0, 4.0, "recorded"),
                ("subcontracting", "MILK-2", "CHEESE-2"): (12.0, 6.0, "recorded"),
            },
        )
        self.assert_no_drift()

    def test_the_subcontractor_is_named_as_the_supplier_of_what_it_made(self):
        self.resupply(self.milk_lot, 20)
        cheese = self.lot(self.cheese, "CHEESE-1")
        self.receive_cheese(self.order_from_dairy(10), [(cheese, 10)], [[(self.milk_lot, 20)]])
        trace = self.env["lot.trace"].trace(cheese.ids, "upstream")
        self.assertEqual(
            {(row["name"], row["role"]) for row in trace["partners"]},
            {("Vendor", "supplier"), ("Dairy", "supplier")},
        )

    # -- the gate ---------------------------------------------------------------------------

    def test_held_lot_does_not_go_to_the_subcontractor(self):
        self.hold(self.milk_lot)
        self.assert_stopped(self.resupply, self.milk_lot, 15)

    def test_subcontractor_did_not_use_a_held_lot(self):
        self.resupply(self.milk_lot, 20)
        self.hold(self.milk_lot)
        cheese = self.lot(self.cheese, "CHEESE-1")
        self.assert_stopped(
            self.receive_cheese,
            self.order_from_dairy(10),
            [(cheese, 10)],
            [[(self.milk_lot, 20)]],
        )
