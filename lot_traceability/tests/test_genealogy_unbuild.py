from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyUnbuild(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.salt = cls.product("Salt")
        cls.cheese = cls.product("Cheese")
        cls.milk_a, cls.milk_b, cls.salt_a = (
            cls.lot(cls.milk, "MILK-A"),
            cls.lot(cls.milk, "MILK-B"),
            cls.lot(cls.salt, "SALT-A"),
        )
        cls.receive({cls.milk_a: 100, cls.milk_b: 100, cls.salt_a: 50})
        cls.cheese_lot = cls.lot(cls.cheese, "C-1")

    def test_unbuild_links_the_finished_lot_to_the_components_it_gave_back(self):
        order = self.make(self.cheese_lot, 10, {self.milk_a: 90, self.salt_a: 10})
        unbuild = self.unbuild(order, self.cheese_lot, 10)
        # Milk and salt have the same unit: the cheese is shared by their quantities.
        self.assertEdges(
            unbuild, {("C-1", "MILK-A"): (9, 90), ("C-1", "SALT-A"): (1, 10)}, kind="unbuild"
        )
        self.assertMovements(self.cheese_lot, [("produced", 10, None), ("consumed", -10, None)])
        self.assertMovements(
            self.milk_a,
            [("receipt", 100, self.dairy), ("consumed", -90, None), ("produced", 90, None)],
        )
        self.assertEdges(order, {("MILK-A", "C-1"): (90, 10), ("SALT-A", "C-1"): (10, 10)})
        self.assertNoDrift()

    def test_component_recovered_by_an_unbuild_carries_what_was_mixed_with_it(self):
        """Salt that lay in the cheese may be in the milk that came back: a cycle, and it ends."""
        order = self.make(self.cheese_lot, 10, {self.milk_a: 90, self.salt_a: 10})
        self.unbuild(order, self.cheese_lot, 10)
        self.deliver({self.milk_a: 50}, self.shop)
        self.assertReached(self.salt_a, downstream={"C-1", "MILK-A"})
        self.assertEqual(self.received_by(self.salt_a), {"Shop": (50, 0)})
        self.assertReached(self.milk_a, upstream={"C-1", "SALT-A"}, downstream={"C-1", "SALT-A"})

    def test_milk_delivered_before_the_unbuild_is_not_reached_from_the_salt(self):
        order = self.make(self.cheese_lot, 10, {self.milk_a: 50, self.salt_a: 10})
        self.deliver({self.milk_a: 40}, self.cafe)
        self.unbuild(order, self.cheese_lot, 10)
        self.deliver({self.milk_a: 10}, self.shop)
        self.assertEqual(self.received_by(self.salt_a), {"Shop": (10, 0)})
        early = [
            row
            for row in self.env["lot.trace"].trace(self.salt_a.ids)["deliveries"]
            if row["before"]
        ]
        self.assertEqual([(row["partner"], row["quantity"]) for row in early], [("Café", 40)])

    def test_partial_unbuild_links_only_its_part(self):
        order = self.make(self.cheese_lot, 10, {self.milk_a: 100})
        unbuild = self.unbuild(order, self.cheese_lot, 4)
        self.assertEdges(unbuild, {("C-1", "MILK-A"): (4, 40)}, kind="unbuild")
        self.assertNoDrift()

    def test_unbuilding_twice_gives_two_documents(self):
        order = self.make(self.cheese_lot, 10, {self.milk_a: 60, self.milk_b: 40})
        first = self.unbuild(order, self.cheese_lot, 6)
        second = self.unbuild(order, self.cheese_lot, 4)
        returned = {}
        for unbuild in (first, second):
            for (parent, child, kind, certainty), (_taken, given) in self.edges(unbuild).items():
                self.assertEqual((parent, kind, certainty), ("C-1", "unbuild", "recorded"))
                returned[child] = returned.get(child, 0) + given
        moves = (first | second).produce_line_ids
        lines = moves.filtered(lambda move: move.product_id == self.milk).move_line_ids
        self.assertEqual(
            returned,
            {
                lot.name: sum(
                    lines.filtered(lambda line, lot=lot: line.lot_id == lot).mapped("quantity")
                )
                for lot in lines.lot_id
            },
        )
        self.assertAlmostEqual(sum(returned.values()), 100)
        self.assertNoDrift()

    def test_unbuild_with_byproducts_links_both_finished_lots_to_the_components(self):
        whey = self.product("Whey")
        bom = self.bom(self.cheese, {self.milk: 10}, byproducts=[(whey, 9, 0)])
        whey_lot = self.lot(whey, "W-1")
        order = self.order(self.cheese, 10, bom=bom)
        self.fill(order.move_byproduct_ids, {whey_lot: 90})
        self.produce(order, self.cheese_lot, {self.milk_a: 100})
        unbuild = self.unbuild(order, self.cheese_lot, 10)
        self.assertEdges(
            unbuild, {("C-1", "MILK-A"): (10, 100), ("W-1", "MILK-A"): (90, 100)}, kind="unbuild"
        )
        self.assertMovements(whey_lot, [("produced", 90, None), ("consumed", -90, None)])
        self.assertNoDrift()

    def test_unbuild_of_one_serial_of_several_gives_back_to_that_serial_only(self):
        pump, motor = self.product("Pump", tracking="serial"), self.product("Motor")
        serials = self.lot(pump, "SN-1") | self.lot(pump, "SN-2")
        motors = self.lot(motor, "MOTOR-A")
        self.receive({motors: 10})
        order = self.make(serials, 2, {motors: 2})
        unbuild = self.unbuild(order, serials[0], 1)
        self.assertEdges(unbuild, {("SN-1", "MOTOR-A"): (1, 1)}, kind="unbuild")
        self.assertMovements(serials[1], [("produced", 1, None)])
        self.assertNoDrift()

    def test_unbuild_of_an_untracked_product_gives_no_link_and_no_error(self):
        soup = self.product("Soup", tracking="none")
        order = self.make(soup, 10, {self.milk_a: 10})
        unbuild = self.unbuild(order, None, 10)
        self.assertEdges(unbuild, {})
        self.assertMovements(
            self.milk_a,
            [("receipt", 100, self.dairy), ("consumed", -10, None), ("produced", 10, None)],
        )
        self.assertNoDrift()

    def test_untracked_component_given_back_leaves_its_origin_unknown_and_the_trace_says_so(self):
        """A bought component lies with much that was never in an order: to follow it would name
        every order of a month. Nothing is linked, and nothing is called complete."""
        water = self.product("Water", tracking="none")
        self.receive({water: 100})
        order = self.make(self.cheese_lot, 10, {self.milk_a: 90, water: 10})
        unbuild = self.unbuild(order, self.cheese_lot, 10)
        second = self.make(self.lot(self.cheese, "C-2"), 10, {water: 10, self.milk_b: 5})
        self.assertEdges(unbuild, {("C-1", "MILK-A"): (9, 90)}, kind="unbuild")
        self.assertEdges(second, {("MILK-B", "C-2"): (5, 10)})
        result = self.env["lot.trace"].trace(second.lot_producing_ids.ids, "upstream")
        self.assertEqual({row["code"] for row in result["warnings"]}, {"untracked_component"})
        self.assertIn("Water", result["warnings"][0]["message"])
        self.assertFalse(result["complete"])
        self.assertNoDrift()

    def test_trace_of_a_lot_taken_apart_admits_that_it_lost_an_untracked_component(self):
        water = self.product("Water", tracking="none")
        self.receive({water: 100})
        order = self.make(self.cheese_lot, 10, {self.milk_a: 90, water: 10})
        unbuild = self.unbuild(order, self.cheese_lot, 10)
        warnings = self.env["lot.trace"].trace(self.cheese_lot.ids, "downstream")["warnings"]
        self.assertEqual([row["code"] for row in warnings], ["untracked_recovery"])
        self.assertEqual(warnings[0]["lot_ids"], self.cheese_lot.ids)
        for word in ("Water", unbuild.name):
            self.assertIn(word, warnings[0]["message"])

    def test_lot_made_of_untracked_components_alone_is_not_called_complete(self):
        water, salt = (self.product(name, tracking="none") for name in ("Water", "Salt"))
        self.receive({water: 100, salt: 100})
        brine = self.lot(self.product("Brine"), "B-1")
        self.make(brine, 10, {water: 9, salt: 1})
        result = self.env["lot.trace"].trace(brine.ids, "upstream")
        self.assertFalse(result["complete"])
        self.assertEqual([row["code"] for row in result["warnings"]], ["untracked_component"])
        for name in ("Water", "Salt"):
            self.assertIn(name, result["warnings"][0]["message"])
