from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyOrder(LotTraceabilityCommon):
    """What one manufacturing order may do besides making one lot at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.salt = cls.product("Salt")
        cls.cheese = cls.product("Cheese")
        cls.pump = cls.product("Pump", tracking="serial")
        cls.milk_a, cls.milk_b, cls.salt_a = (
            cls.lot(cls.milk, "MILK-A"),
            cls.lot(cls.milk, "MILK-B"),
            cls.lot(cls.salt, "SALT-A"),
        )
        cls.receive({cls.milk_a: 100, cls.milk_b: 100, cls.salt_a: 50})

    def lots(self, product, *names):
        return self.env["stock.lot"].union(*(self.lot(product, name) for name in names))

    def test_partial_production_and_its_backorder_each_link_what_they_took(self):
        bom = self.bom(self.cheese, {self.milk: 10, self.salt: 1})
        first, second = self.lots(self.cheese, "C-1", "C-2")
        order = self.order(self.cheese, 5, bom=bom)
        self.produce(order, first, {self.milk_a: 20, self.salt_a: 2}, quantity=2, backorder=True)
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(backorder.product_qty, 3)
        self.assertEdges(order, {("MILK-A", "C-1"): (20, 2), ("SALT-A", "C-1"): (2, 2)})
        self.assertEdges(backorder, {})
        self.produce(backorder, second, {self.milk_b: 30, self.salt_a: 3})
        self.assertEdges(backorder, {("MILK-B", "C-2"): (30, 3), ("SALT-A", "C-2"): (3, 3)})
        self.assertReached(self.milk_a, downstream={"C-1"})
        self.assertReached(self.salt_a, downstream={"C-1", "C-2"})
        self.assertNoDrift()

    def test_partial_production_without_backorder_links_only_what_was_taken(self):
        lot = self.lot(self.cheese, "C-1")
        order = self.order(self.cheese, 5, {self.milk_a: 50})
        self.produce(order, lot, {self.milk_a: 20}, quantity=2)
        self.assertEqual(order.qty_produced, 2)
        self.assertEdges(order, {("MILK-A", "C-1"): (20, 2)})
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy), ("consumed", -20, None)])
        self.assertNoDrift()

    def test_several_finished_lots_of_one_order_share_one_component_lot_by_quantity(self):
        first, second = self.lots(self.cheese, "C-1", "C-2")
        order = self.order(self.cheese, 10, {self.milk_a: 100})
        self.fill(order.move_finished_ids, {first: 6, second: 4}, picked=False)
        self.produce(order, first, {self.milk_a: 100})
        self.assertEdges(order, {("MILK-A", "C-1"): (60, 6), ("MILK-A", "C-2"): (40, 4)})
        self.assertNoDrift()

    def test_several_finished_lots_from_several_lots_of_a_component_are_inferred(self):
        first, second = self.lots(self.cheese, "C-1", "C-2")
        order = self.order(self.cheese, 10, {self.milk_a: 60, self.milk_b: 40, self.salt_a: 2})
        self.fill(order.move_finished_ids, {first: 8, second: 2}, picked=False)
        self.produce(order, first, {self.milk_a: 60, self.milk_b: 40, self.salt_a: 2})
        inferred, recorded = ("production", "inferred"), ("production", "recorded")
        self.assertEdges(
            order,
            {
                ("MILK-A", "C-1", *inferred): (48, 4.8),
                ("MILK-B", "C-1", *inferred): (32, 3.2),
                ("MILK-A", "C-2", *inferred): (12, 1.2),
                ("MILK-B", "C-2", *inferred): (8, 0.8),
                # One lot of salt went into both: nothing to guess.
                ("SALT-A", "C-1", *recorded): (1.6, 8),
                ("SALT-A", "C-2", *recorded): (0.4, 2),
            },
        )
        self.assertNoDrift()

    def test_serials_of_one_order_each_take_their_share_of_one_component_lot(self):
        serials = self.lots(self.pump, "SN-1", "SN-2", "SN-3", "SN-4")
        order = self.make(serials, 4, {self.milk_a: 8})
        self.assertEdges(order, {("MILK-A", f"SN-{number}"): (2, 1) for number in (1, 2, 3, 4)})
        self.assertMovements(serials[0], [("produced", 1, None)])
        self.assertNoDrift()

    def test_serials_of_one_order_from_two_component_lots_are_inferred(self):
        serials = self.lots(self.pump, "SN-1", "SN-2")
        order = self.make(serials, 2, {self.milk_a: 3, self.milk_b: 1})
        self.assertEdges(
            order,
            {
                ("MILK-A", "SN-1"): (1.5, 0.75),
                ("MILK-B", "SN-1"): (0.5, 0.25),
                ("MILK-A", "SN-2"): (1.5, 0.75),
                ("MILK-B", "SN-2"): (0.5, 0.25),
            },
            certainty="inferred",
        )
        self.assertNoDrift()

    def test_serials_with_recorded_assignment_keep_their_own_component(self):
        """Where the produced lines name what they were made from, the links follow them."""
        motor = self.product("Motor", tracking="serial")
        motors = self.lots(motor, "M-1", "M-2")
        self.receive(
            {
                motors[0]: 1,
                motors[1]: 1,
            }
        )
        serials = self.lots(self.pump, "SN-1", "SN-2")
        order = self.make(serials, 2, {motors[0]: 1, motors[1]: 1, self.milk_a: 2})
        made = {line.lot_id.name: line for line in order.move_finished_ids.move_line_ids}
        used = {line.lot_id.name: line for line in order.move_raw_ids.move_line_ids}
        made["SN-1"].consume_line_ids = [Command.set((used["M-1"] | used["MILK-A"]).ids)]
        made["SN-2"].consume_line_ids = [Command.set((used["M-2"] | used["MILK-A"]).ids)]
        self.wait()
        self.assertEdges(
            order,
            {
                ("M-1", "SN-1"): (1, 1),
                ("M-2", "SN-2"): (1, 1),
                ("MILK-A", "SN-1"): (1, 1),
                ("MILK-A", "SN-2"): (1, 1),
            },
        )
        self.assertReached(motors[0], downstream={"SN-1"})
        self.assertNoDrift()

    def test_component_posted_before_closing_stays_linked(self):
        """Core forgets it: its link names only what was posted at closing."""
        lot = self.lot(self.cheese, "C-1")
        order = self.order(self.cheese, 10, {self.milk_a: 100, self.salt_a: 2})
        early = order.move_raw_ids.filtered(lambda move: move.product_id == self.milk)
        self.fill(early, {self.milk_a: 100})
        early._action_done()
        self.wait(days=2)
        self.assertEdges(order, {})
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy), ("consumed", -100, None)])
        self.assertNoDrift()
        self.produce(order, lot, {self.salt_a: 2})
        self.assertEdges(order, {("MILK-A", "C-1"): (100, 10), ("SALT-A", "C-1"): (2, 10)})
        self.assertReached(self.milk_a, downstream={"C-1"})
        self.assertNoDrift()

    def test_component_added_after_the_order_is_done_is_linked(self):
        lot = self.lot(self.cheese, "C-1")
        order = self.make(lot, 10, {self.milk_a: 100})
        order.is_locked = False
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = self.salt
            line.quantity = 2
        added = order.move_raw_ids.filtered(lambda move: move.product_id == self.salt)
        self.assertEqual(added.state, "done")
        added.move_line_ids.lot_id = self.salt_a
        self.wait()
        self.assertEdges(order, {("MILK-A", "C-1"): (100, 10), ("SALT-A", "C-1"): (2, 10)})
        self.assertMovements(self.salt_a, [("receipt", 50, self.dairy), ("consumed", -2, None)])
        self.assertNoDrift()

    def test_more_of_a_component_booked_on_the_done_order_is_linked(self):
        lot = self.lot(self.cheese, "C-1")
        order = self.make(lot, 10, {self.milk_a: 30})
        order.is_locked = False
        order.move_raw_ids.write(
            {
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.milk.id,
                            "lot_id": self.milk_b.id,
                            "quantity": 10,
                            "location_id": self.stock.id,
                            "location_dest_id": order.production_location_id.id,
                        }
                    )
                ]
            }
        )
        self.wait()
        self.assertEdges(order, {("MILK-A", "C-1"): (30, 7.5), ("MILK-B", "C-1"): (10, 2.5)})
        self.assertMovements(self.milk_b, [("receipt", 100, self.dairy), ("consumed", -10, None)])
        self.assertNoDrift()

    def test_byproduct_in_the_same_unit_shares_the_component_by_quantity(self):
        whey = self.product("Whey")
        bom = self.bom(self.cheese, {self.milk: 10}, byproducts=[(whey, 9, 5)])
        lot, whey_lot = self.lot(self.cheese, "C-1"), self.lot(whey, "W-1")
        order = self.order(self.cheese, 10, bom=bom)
        self.fill(order.move_byproduct_ids, {whey_lot: 90})
        self.produce(order, lot, {self.milk_a: 100})
        self.assertEdges(order, {("MILK-A", "C-1"): (10, 10), ("MILK-A", "W-1"): (90, 90)})
        self.assertMovements(whey_lot, [("produced", 90, None)])
        self.assertReached(self.milk_a, downstream={"C-1", "W-1"})
        self.assertNoDrift()

    def test_byproduct_in_another_unit_shares_the_component_by_cost(self):
        box = self.product("Box of rind", uom=self.units)
        bom = self.bom(self.cheese, {self.milk: 10}, byproducts=[(box, 1, 20)])
        lot, box_lot = self.lot(self.cheese, "C-1"), self.lot(box, "B-1")
        order = self.order(self.cheese, 10, bom=bom)
        self.fill(order.move_byproduct_ids, {box_lot: 3})
        self.produce(order, lot, {self.milk_a: 100})
        self.assertEdges(order, {("MILK-A", "C-1"): (80, 10), ("MILK-A", "B-1"): (20, 3)})
        self.assertNoDrift()

    def test_order_in_another_unit_counts_in_the_product_unit(self):
        lot = self.lot(self.cheese, "C-1")
        gram = self.env.ref("uom.product_uom_gram")
        order = self.order(self.cheese, 5000, {self.milk_a: 50}, product_uom_id=gram.id)
        self.produce(order, lot, {self.milk_a: 50})
        self.assertEdges(order, {("MILK-A", "C-1"): (50, 5)})
        self.assertNoDrift()

    def test_cancelled_order_leaves_nothing(self):
        order = self.order(self.cheese, 10, {self.milk_a: 100})
        order.action_assign()
        order.action_cancel()
        self.wait()
        self.assertEqual(order.state, "cancel")
        self.assertEdges(order, {})
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy)])
        self.assertNoDrift()

    def test_order_cancelled_after_a_component_was_posted_keeps_the_consumption(self):
        order = self.order(self.cheese, 10, {self.milk_a: 100, self.salt_a: 2})
        early = order.move_raw_ids.filtered(lambda move: move.product_id == self.milk)
        self.fill(early, {self.milk_a: 100})
        early._action_done()
        self.wait()
        (order.move_raw_ids - early)._action_cancel()
        order.move_finished_ids._action_cancel()
        self.wait()
        self.assertEdges(order, {})
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy), ("consumed", -100, None)])
        self.assertNoDrift()

    def test_kit_in_an_order_links_the_parts_of_the_kit(self):
        kit = self.product("Culture kit", tracking="none")
        self.bom(kit, {self.milk: 2, self.salt: 1}, type="phantom")
        bom = self.bom(self.cheese, {kit: 1})
        lot = self.lot(self.cheese, "C-1")
        order = self.order(self.cheese, 10, bom=bom)
        self.assertEqual(order.move_raw_ids.product_id, self.milk | self.salt)
        self.produce(order, lot, {self.milk_a: 20, self.salt_a: 10})
        self.assertEdges(order, {("MILK-A", "C-1"): (20, 10), ("SALT-A", "C-1"): (10, 10)})
        self.assertNoDrift()
