from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyChanges(LotTraceabilityCommon):
    """Odoo lets one correct what is done: the genealogy follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.cheese = cls.product("Cheese")
        cls.milk_a, cls.milk_b = cls.lot(cls.milk, "MILK-A"), cls.lot(cls.milk, "MILK-B")
        cls.arrival = cls.receive({cls.milk_a: 100, cls.milk_b: 100}, cls.dairy)
        cls.cheese_lot = cls.lot(cls.cheese, "C-1")
        cls.production = cls.make(cls.cheese_lot, 10, {cls.milk_a: 100})
        cls.shipment = cls.deliver({cls.cheese_lot: 8}, cls.shop)

    def change(self, record, values):
        record.write(values)
        self.wait()

    def test_lot_of_a_consumed_line_changed(self):
        self.change(self.production.move_raw_ids.move_line_ids, {"lot_id": self.milk_b.id})
        self.assertEdges(self.production, {("MILK-B", "C-1"): (100, 10)})
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy)])
        self.assertReached(self.milk_a, downstream=[])
        self.assertEqual(self.received_by(self.milk_b), {"Shop": (8, 0)})
        self.assertNoDrift()

    def test_lot_of_a_finished_line_changed(self):
        other = self.lot(self.cheese, "C-2")
        self.change(self.production.move_finished_ids.move_line_ids, {"lot_id": other.id})
        self.assertEdges(self.production, {("MILK-A", "C-2"): (100, 10)})
        self.assertMovements(self.cheese_lot, [("delivery", -8, self.shop)])
        self.assertMovements(other, [("produced", 10, None)])
        self.assertNoDrift()

    def test_lot_of_a_delivered_line_changed(self):
        other = self.lot(self.cheese, "C-2")
        self.make(other, 10, {self.milk_b: 50})
        self.change(self.shipment.move_line_ids, {"lot_id": other.id})
        self.assertEqual(self.received_by(self.milk_a), {})
        self.assertEqual(self.received_by(self.milk_b), {"Shop": (8, 0)})
        self.assertNoDrift()

    def test_quantity_of_a_consumed_line_changed(self):
        self.change(self.production.move_raw_ids.move_line_ids, {"quantity": 70})
        self.assertEdges(self.production, {("MILK-A", "C-1"): (70, 10)})
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy), ("consumed", -70, None)])
        self.assertNoDrift()

    def test_quantity_of_a_delivered_line_changed(self):
        self.change(self.shipment.move_line_ids, {"quantity": 3})
        self.assertMovements(self.cheese_lot, [("produced", 10, None), ("delivery", -3, self.shop)])
        self.assertNoDrift()

    def test_quantity_set_to_zero_takes_the_movement_and_the_link_away(self):
        self.change(self.shipment.move_line_ids, {"quantity": 0})
        self.change(self.production.move_raw_ids.move_line_ids, {"quantity": 0})
        self.assertMovements(self.cheese_lot, [("produced", 10, None)])
        self.assertEdges(self.production, {})
        self.assertNoDrift()

    def test_produced_quantity_changed_on_the_done_order(self):
        self.production.is_locked = False
        self.change(self.production, {"qty_producing": 12})
        self.assertEdges(self.production, {("MILK-A", "C-1"): (100, 12)})
        self.assertNoDrift()

    def test_date_of_a_done_line_changed_moves_the_link_in_time(self):
        earlier = self.production.date_finished.replace(year=2025)
        self.change(self.production.move_raw_ids.move_line_ids, {"date": earlier})
        edge = self.env["lot.genealogy.edge"].search([("child_lot_id", "=", self.cheese_lot.id)])
        self.assertEqual(edge.date, earlier)
        self.assertNoDrift()

    def test_date_of_a_done_move_changed_moves_its_movement(self):
        earlier = self.shipment.date_done.replace(year=2025)
        self.change(self.shipment.move_ids, {"date": earlier})
        movement = self.env["lot.genealogy.movement"].search(
            [("lot_id", "=", self.cheese_lot.id), ("kind", "=", "delivery")]
        )
        self.assertEqual(movement.date, earlier)
        self.assertNoDrift()

    def test_partner_of_a_done_transfer_changed(self):
        returned = self.give_back(self.shipment, {self.cheese_lot: 2})
        self.change(self.shipment, {"partner_id": self.cafe.id})
        self.assertEqual(self.received_by(self.cheese_lot), {"Café": (8, 2)})
        self.assertEqual(returned.partner_id, self.shop)
        self.assertNoDrift()

    def test_line_added_to_a_done_transfer(self):
        self.env["stock.move.line"].with_user(self.operator).create(
            {
                "picking_id": self.shipment.id,
                "product_id": self.milk.id,
                "product_uom_id": self.milk.uom_id.id,
                "lot_id": self.milk_b.id,
                "quantity": 5,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        self.wait()
        self.assertMovements(
            self.milk_b, [("receipt", 100, self.dairy), ("delivery", -5, self.shop)]
        )
        self.assertNoDrift()

    def test_unit_of_a_done_line_changed(self):
        gram = self.env.ref("uom.product_uom_gram")
        self.change(self.shipment.move_line_ids, {"product_uom_id": gram.id, "quantity": 500})
        self.assertMovements(
            self.cheese_lot, [("produced", 10, None), ("delivery", -0.5, self.shop)]
        )
        self.assertNoDrift()

    def test_several_changes_in_one_transaction_leave_the_last_state(self):
        line = self.production.move_raw_ids.move_line_ids
        line.lot_id = self.milk_b
        line.quantity = 40
        line.lot_id = self.milk_a
        self.shipment.move_line_ids.quantity = 1
        self.assertEdges(self.production, {("MILK-A", "C-1"): (40, 10)})
        self.assertMovements(self.milk_b, [("receipt", 100, self.dairy)])
        self.assertNoDrift()

    def test_change_that_is_rolled_back_leaves_nothing(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.production.move_raw_ids.move_line_ids.quantity = 40
            self.assertEdges(self.production, {("MILK-A", "C-1"): (40, 10)})
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEdges(self.production, {("MILK-A", "C-1"): (100, 10)})
        self.assertNoDrift()

    def test_renaming_a_lot_keeps_its_links(self):
        self.milk_a.with_user(self.operator).name = "MILK-A2"
        self.assertEdges(self.production, {("MILK-A2", "C-1"): (100, 10)})
        self.assertNoDrift()


@tagged("post_install", "-at_install")
class TestGenealogyNegativeStock(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.milk_a, cls.cheese_lot = cls.lot(cls.milk, "MILK-A"), cls.lot(cls.cheese, "C-1")

    def test_stock_delivered_before_it_was_produced_is_still_reached(self):
        """Booked late: the delivery of C-1 comes before the order that made it."""
        self.receive({self.milk_a: 100})
        self.deliver({self.cheese_lot: 10}, self.shop)
        self.make(self.cheese_lot, 10, {self.milk_a: 100})
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (10, 0)})
        result = self.env["lot.trace"].trace(self.milk_a.ids, "downstream")
        self.assertEqual([row["before"] for row in result["deliveries"]], [False])
        self.assertNoDrift()

    def test_component_used_before_its_receipt_was_booked_is_still_reached(self):
        self.make(self.cheese_lot, 10, {self.milk_a: 100})
        self.receive({self.milk_a: 100}, self.dairy)
        self.assertReached(self.milk_a, downstream={"C-1"})
        self.assertReached(self.cheese_lot, upstream={"MILK-A"})
        receipts = self.env["lot.trace"].trace(self.cheese_lot.ids, "upstream")["receipts"]
        self.assertEqual([(row["partner"], row["before"]) for row in receipts], [("Dairy", False)])
        self.assertNoDrift()

    def test_intermediate_used_before_it_was_made_is_followed_and_warned_about(self):
        self.receive({self.milk_a: 100})
        pizza = self.lot(self.product("Pizza"), "P-1")
        self.make(pizza, 5, {self.cheese_lot: 10})
        self.make(self.cheese_lot, 10, {self.milk_a: 100})
        self.deliver({pizza: 5}, self.cafe)
        self.assertReached(self.milk_a, downstream={"C-1", "P-1"})
        self.assertReached(pizza, upstream={"C-1", "MILK-A"})
        result = self.env["lot.trace"].trace(self.milk_a.ids, "downstream")
        self.assertIn("negative_stock", {row["code"] for row in result["warnings"]})
        self.assertFalse(result["complete"])
        self.assertNoDrift()
