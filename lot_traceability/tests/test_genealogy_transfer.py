from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyTransfer(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_a = cls.received(cls.milk, "MILK-A", 100, cls.dairy)
        cls.receipt = [("receipt", 100, cls.dairy)]

    def test_internal_transfer_crosses_no_border(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.transfer({self.milk_a: 40}, self.stock, shelf)
        self.assertMovements(self.milk_a, self.receipt)
        self.assertEqual(
            {
                row["location"].split("/")[-1]: row["quantity"]
                for row in self.env["lot.trace"].where_is(self.milk_a.ids)
            },
            {"Stock": 60, "Shelf": 40},
        )
        self.assertNoDrift()

    def test_inter_warehouse_transfer_through_transit_crosses_no_border(self):
        other = self.warehouse("Depot", "DEP")
        transit = self.env.company.internal_transit_location_id
        transit.active = True
        self.transfer({self.milk_a: 40}, self.stock, transit)
        balance = self.env["lot.trace"].mass_balance(self.milk_a.ids)[0]
        self.assertEqual((balance["on_hand"], balance["difference"]), (100, 0))
        self.transfer({self.milk_a: 40}, transit, other.lot_stock_id)
        self.assertMovements(self.milk_a, self.receipt)
        self.assertEqual(self.env["lot.trace"].mass_balance(self.milk_a.ids)[0]["on_hand"], 100)
        self.assertNoDrift()

    def test_delivery_in_one_step_goes_to_its_customer(self):
        self.deliver({self.milk_a: 30}, self.shop)
        self.assertMovements(self.milk_a, [*self.receipt, ("delivery", -30, self.shop)])
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 0)})
        self.assertNoDrift()

    def deliver_in_steps(self, steps, count):
        """A sales order shipped through every step of the warehouse."""
        self.plant.delivery_steps = steps
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.milk.id, "product_uom_qty": 30, "price_unit": 1}
                    )
                ],
            }
        )
        sale.action_confirm()
        done = self.env["stock.picking"]
        while pickings := sale.picking_ids - done:
            for picking in pickings:
                picking.action_assign()
                self.assertEqual(picking.move_line_ids.lot_id, self.milk_a)
                picking.move_ids.picked = True
                self.validate(picking)
                done |= picking
        self.assertEqual(len(done), count)
        self.assertMovements(self.milk_a, [*self.receipt, ("delivery", -30, self.shop)])
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 0)})
        self.assertNoDrift()

    def test_delivery_in_two_steps_counts_once(self):
        self.deliver_in_steps("pick_ship", 2)

    def test_delivery_in_three_steps_counts_once(self):
        self.deliver_in_steps("pick_pack_ship", 3)

    def test_receipt_in_three_steps_counts_once(self):
        self.plant.reception_steps = "three_steps"
        lot = self.lot(self.milk, "MILK-B")
        picking = self.receive({lot: 20}, self.mill)
        while picking.move_ids.move_dest_ids:
            picking = picking.move_ids.move_dest_ids.picking_id
            picking.move_ids.picked = True
            self.validate(picking)
        self.assertEqual(picking.location_dest_id, self.stock)
        self.assertMovements(lot, [("receipt", 20, self.mill)])
        self.assertNoDrift()

    def test_scrap_is_its_own_movement(self):
        scrap = self.scrap(self.milk_a, 5)
        self.assertMovements(self.milk_a, [*self.receipt, ("scrap", -5, None)])
        rows = self.env["lot.trace"].trace(self.milk_a.ids)["scrapped"]
        self.assertEqual([(row["lot_id"], row["quantity"]) for row in rows], [(self.milk_a.id, 5)])
        self.assertEqual(rows[0]["document"]["name"], scrap.move_ids.reference)
        self.assertNoDrift()

    def test_inventory_adjustment_counts_what_was_found_and_what_is_missing(self):
        self.count(self.milk_a, 104)
        self.count(self.milk_a, 90)
        self.assertMovements(
            self.milk_a,
            [*self.receipt, ("adjustment_in", 4, None), ("adjustment_out", -14, None)],
        )
        balance = self.env["lot.trace"].mass_balance(self.milk_a.ids)[0]
        self.assertEqual(
            (balance["received"], balance["adjusted"], balance["on_hand"], balance["difference"]),
            (100, -10, 90, 0),
        )
        self.assertNoDrift()

    def test_kit_delivers_the_lots_of_its_parts(self):
        salt = self.product("Salt")
        salt_a = self.received(salt, "SALT-A", 10, self.mill)
        kit = self.product("Breakfast kit", tracking="none", uom=self.units)
        self.bom(kit, {self.milk: 2, salt: 1}, type="phantom")
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [Command.create({"product_id": kit.id, "product_uom_qty": 3})],
            }
        )
        sale.action_confirm()
        picking = sale.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        self.validate(picking)
        self.assertMovements(self.milk_a, [*self.receipt, ("delivery", -6, self.shop)])
        self.assertMovements(salt_a, [("receipt", 10, self.mill), ("delivery", -3, self.shop)])
        self.assertEqual(
            self.env["lot.trace"].find(sale.name)["lot_ids"], (self.milk_a | salt_a).ids
        )
        self.assertNoDrift()

    def test_package_is_delivered_with_every_lot_in_it(self):
        milk_b = self.received(self.milk, "MILK-B", 10)
        package = self.env["stock.package"].create({"name": "PAL-1"})
        picking = self.picking(
            self.plant.int_type_id, {self.milk_a: 20, milk_b: 10}, self.stock, self.stock
        )
        picking.move_line_ids.result_package_id = package
        self.validate(picking)
        places = self.env["lot.trace"].where_is((self.milk_a | milk_b).ids)
        self.assertEqual(
            {(row["package"], row["quantity"]) for row in places},
            {("", 80), ("PAL-1", 20), ("PAL-1", 10)},
        )
        delivery = self.picking(
            self.plant.out_type_id,
            {self.milk_a: 20, milk_b: 10},
            target=self.customers,
            partner=self.shop,
        )
        delivery.move_line_ids.write({"package_id": package.id, "result_package_id": package.id})
        self.validate(delivery)
        self.assertMovements(self.milk_a, [*self.receipt, ("delivery", -20, self.shop)])
        self.assertMovements(milk_b, [("receipt", 10, self.dairy), ("delivery", -10, self.shop)])
        self.assertNoDrift()

    def test_delivery_in_another_unit_counts_in_the_product_unit(self):
        gram = self.env.ref("uom.product_uom_gram")
        picking = self.picking(
            self.plant.out_type_id, {self.milk_a: 1}, target=self.customers, partner=self.shop
        )
        picking.move_line_ids.write({"product_uom_id": gram.id, "quantity": 2500})
        self.validate(picking)
        self.assertMovements(self.milk_a, [*self.receipt, ("delivery", -2.5, self.shop)])
        self.assertNoDrift()

    def test_partial_delivery_counts_what_left_and_its_backorder_the_rest(self):
        picking = self.picking(
            self.plant.out_type_id, {self.milk_a: 30}, target=self.customers, partner=self.shop
        )
        picking.move_line_ids.quantity = 20
        self.validate(picking)
        backorder = picking.backorder_ids
        self.assertMovements(self.milk_a, [*self.receipt, ("delivery", -20, self.shop)])
        backorder.action_assign()
        backorder.move_ids.picked = True
        self.validate(backorder)
        self.assertMovements(
            self.milk_a,
            [*self.receipt, ("delivery", -20, self.shop), ("delivery", -10, self.shop)],
        )
        self.assertNoDrift()


@tagged("post_install", "-at_install")
class TestGenealogyReturn(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_a = cls.lot(cls.milk, "MILK-A")
        cls.arrival = cls.receive({cls.milk_a: 100}, cls.dairy)

    def test_customer_return_is_netted_against_its_delivery(self):
        delivery = self.deliver({self.milk_a: 30}, self.shop)
        self.deliver({self.milk_a: 10}, self.cafe)
        self.give_back(delivery, {self.milk_a: 12})
        self.assertMovements(
            self.milk_a,
            [
                ("receipt", 100, self.dairy),
                ("delivery", -30, self.shop),
                ("delivery", -10, self.cafe),
                ("customer_return", 12, self.shop),
            ],
        )
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 12), "Café": (10, 0)})
        self.assertNoDrift()

    def test_goods_returned_in_full_stay_listed_with_a_net_of_zero(self):
        delivery = self.deliver({self.milk_a: 30}, self.shop)
        self.give_back(delivery, {self.milk_a: 30})
        result = self.env["lot.trace"].trace(self.milk_a.ids, "downstream")
        self.assertEqual(
            [
                (row["partner"], row["quantity"], row["returned"], row["net"])
                for row in result["deliveries"]
            ],
            [("Shop", 30, 30, 0)],
        )
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 30)})

    def test_return_of_a_return_is_a_delivery_again(self):
        delivery = self.deliver({self.milk_a: 30}, self.shop)
        returned = self.give_back(delivery, {self.milk_a: 30})
        self.give_back(returned, {self.milk_a: 20})
        self.assertMovements(
            self.milk_a,
            [
                ("receipt", 100, self.dairy),
                ("delivery", -30, self.shop),
                ("customer_return", 30, self.shop),
                ("delivery", -20, self.shop),
            ],
        )
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (50, 30)})
        balance = self.env["lot.trace"].mass_balance(self.milk_a.ids)[0]
        self.assertEqual(
            (balance["delivered"], balance["returned"], balance["on_hand"], balance["difference"]),
            (50, 30, 80, 0),
        )
        self.assertNoDrift()

    def test_return_to_the_supplier_leaves_the_stock(self):
        self.give_back(self.arrival, {self.milk_a: 40})
        self.assertMovements(
            self.milk_a, [("receipt", 100, self.dairy), ("supplier_return", -40, self.dairy)]
        )
        balance = self.env["lot.trace"].mass_balance(self.milk_a.ids)[0]
        self.assertEqual(
            (balance["sent_back"], balance["on_hand"], balance["difference"]), (40, 60, 0)
        )
        self.assertEqual(self.received_by(self.milk_a), {})
        self.assertNoDrift()

    def test_return_of_another_lot_than_was_delivered_is_kept_apart(self):
        """Core accepts it; the delivered lot is still with the customer."""
        milk_b = self.received(self.milk, "MILK-B", 10)
        delivery = self.deliver({self.milk_a: 30}, self.shop)
        self.give_back(delivery, {milk_b: 5})
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 0)})
        self.assertMovements(
            milk_b, [("receipt", 10, self.dairy), ("customer_return", 5, self.shop)]
        )
        self.assertNoDrift()

    def test_return_scrapped_by_the_customer_service_stays_out_of_stock(self):
        delivery = self.deliver({self.milk_a: 30}, self.shop)
        self.give_back(delivery, {self.milk_a: 30})
        self.scrap(self.milk_a, 30)
        balance = self.env["lot.trace"].mass_balance(self.milk_a.ids)[0]
        self.assertEqual(
            (balance["scrapped"], balance["on_hand"], balance["difference"]), (30, 70, 0)
        )
        self.assertNoDrift()

    def test_returned_goods_that_were_made_into_something_reach_further(self):
        delivery = self.deliver({self.milk_a: 30}, self.shop)
        self.give_back(delivery, {self.milk_a: 30})
        cheese = self.lot(self.product("Cheese"), "C-1")
        self.make(cheese, 10, {self.milk_a: 100})
        self.deliver({cheese: 10}, self.cafe)
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 30), "Café": (10, 0)})
        self.assertNoDrift()
