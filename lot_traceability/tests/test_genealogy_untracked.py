from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyUntracked(LotTraceabilityCommon):
    """Milk (lots) goes into curd (no lots), curd into cheese (lots)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.curd = cls.product("Curd", tracking="none")
        cls.milk_a, cls.milk_b = cls.lot(cls.milk, "MILK-A"), cls.lot(cls.milk, "MILK-B")
        cls.receive({cls.milk_a: 1000, cls.milk_b: 1000})

    def make_cheese(self, name, curd, quantity=10, **kwargs):
        return self.make(self.lot(self.cheese, name), quantity, {self.curd: curd}, **kwargs)

    def assertUntracked(self, document, expected):
        self.assertEdges(document, expected, kind="untracked", certainty="inferred")

    def test_lot_reaches_through_an_untracked_intermediate_to_the_customer(self):
        self.make(self.curd, 20, {self.milk_a: 100})
        order = self.make_cheese("C-1", 10)
        self.deliver({order.lot_producing_ids: 10}, self.shop)
        # Half of the curd was used, so half of its milk.
        self.assertUntracked(order, {("MILK-A", "C-1"): (50, 10)})
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (10, 0)})
        result = self.env["lot.trace"].trace(self.milk_a.ids, "downstream")
        self.assertFalse(result["complete"])
        self.assertLessEqual(
            {"inferred", "untracked_product"}, {w["code"] for w in result["warnings"]}
        )
        self.assertNoDrift()

    def test_two_makes_in_the_place_share_by_what_they_made(self):
        self.make(self.curd, 30, {self.milk_a: 300})
        self.make(self.curd, 10, {self.milk_b: 100})
        order = self.make_cheese("C-1", 20)
        self.assertUntracked(order, {("MILK-A", "C-1"): (150, 7.5), ("MILK-B", "C-1"): (50, 2.5)})
        self.assertNoDrift()

    def test_several_lots_made_of_the_intermediate_share_by_quantity(self):
        self.make(self.curd, 10, {self.milk_a: 100})
        lots = self.lot(self.cheese, "C-1"), self.lot(self.cheese, "C-2")
        order = self.order(self.cheese, 10, {self.curd: 10})
        self.fill(order.move_finished_ids, {lots[0]: 7, lots[1]: 3}, picked=False)
        self.produce(order, lots[0], {self.curd: 10})
        self.assertUntracked(order, {("MILK-A", "C-1"): (70, 7), ("MILK-A", "C-2"): (30, 3)})
        self.assertNoDrift()

    def test_chain_of_documents_is_followed_before_the_time(self):
        """Made to order: the chain names the curd order, although more curd lies there."""
        manufacture = self.plant.manufacture_pull_id.route_id
        to_order = self.env.ref("stock.route_warehouse0_mto")
        to_order.active = True
        self.bom(self.curd, {self.milk: 10})
        bom = self.bom(self.cheese, {self.curd: 1})
        self.make(self.curd, 50, {self.milk_b: 500})
        self.curd.route_ids = manufacture | to_order
        order = self.order(self.cheese, 10, bom=bom)
        child = order._get_children()
        self.assertEqual(child.product_id, self.curd)
        self.produce(child, None, {self.milk_a: 100})
        self.produce(order, self.lot(self.cheese, "C-1"))
        self.assertTrue(order.move_raw_ids.move_orig_ids)
        self.assertUntracked(order, {("MILK-A", "C-1"): (100, 10)})
        self.assertNoDrift()

    def test_chain_that_made_too_little_is_completed_by_what_lay_there(self):
        manufacture = self.plant.manufacture_pull_id.route_id
        to_order = self.env.ref("stock.route_warehouse0_mto")
        to_order.active = True
        self.bom(self.curd, {self.milk: 10})
        bom = self.bom(self.cheese, {self.curd: 1})
        self.make(self.curd, 50, {self.milk_b: 500})
        self.curd.route_ids = manufacture | to_order
        order = self.order(self.cheese, 10, bom=bom)
        self.produce(order._get_children(), None, {self.milk_a: 40}, quantity=4)
        self.produce(order, self.lot(self.cheese, "C-1"), {self.curd: 10})
        self.assertEqual(
            {parent for parent, _child, _kind, _certainty in self.edges(order)},
            {"MILK-A", "MILK-B"},
        )
        self.assertNoDrift()

    def test_two_levels_of_untracked_products_are_followed(self):
        paste = self.product("Paste", tracking="none")
        self.make(self.curd, 20, {self.milk_a: 100})
        self.make(paste, 10, {self.curd: 10, self.milk_b: 4})
        order = self.make(self.lot(self.cheese, "C-1"), 5, {paste: 5})
        # Half of the curd went into the paste, half of the paste into the cheese.
        self.assertUntracked(
            order, {("MILK-A", "C-1"): (25, 4.6296), ("MILK-B", "C-1"): (2, 0.3704)}
        )
        self.assertReached(self.milk_a, downstream={"C-1"})
        self.assertNoDrift()

    def test_lots_and_an_untracked_intermediate_in_one_order_give_both_kinds(self):
        self.make(self.curd, 10, {self.milk_a: 100})
        order = self.make(self.lot(self.cheese, "C-1"), 10, {self.curd: 10, self.milk_b: 3})
        self.assertEdges(
            order,
            {
                ("MILK-A", "C-1", "untracked", "inferred"): (100, 10),
                ("MILK-B", "C-1", "production", "recorded"): (3, 10),
            },
        )
        self.assertNoDrift()

    def test_untracked_byproduct_used_elsewhere_is_followed(self):
        whey = self.product("Whey", tracking="none")
        ricotta = self.product("Ricotta")
        bom = self.bom(self.cheese, {self.milk: 10}, byproducts=[(whey, 9, 0)])
        order = self.order(self.cheese, 10, bom=bom)
        self.produce(order, self.lot(self.cheese, "C-1"), {self.milk_a: 100})
        second = self.make(self.lot(ricotta, "R-1"), 9, {whey: 90})
        self.assertReached(self.milk_a, downstream={"C-1", "R-1"})
        self.assertUntracked(second, {("MILK-A", "R-1"): (100, 9)})
        self.assertNoDrift()

    def test_untracked_component_that_is_only_bought_gives_a_warning_and_no_link(self):
        water = self.product("Water", tracking="none")
        self.receive({water: 100})
        order = self.make(self.lot(self.cheese, "C-1"), 10, {water: 10, self.milk_a: 5})
        self.assertEdges(order, {("MILK-A", "C-1"): (5, 10)})
        result = self.env["lot.trace"].trace(order.lot_producing_ids.ids, "upstream")
        self.assertEqual({row["code"] for row in result["warnings"]}, {"untracked_component"})
        self.assertIn("Water", result["warnings"][0]["message"])
        self.assertFalse(result["complete"])
        self.assertNoDrift()

    def test_intermediate_that_was_bought_is_not_taken_for_a_later_make(self):
        """There was curd enough from the supplier: the order made afterwards is not in it."""
        self.receive({self.curd: 10})
        order = self.make_cheese("C-1", 10)
        self.make(self.curd, 20, {self.milk_a: 100})
        self.assertUntracked(order, {})
        self.assertReached(self.milk_a, downstream=[])
        self.assertNoDrift()

    def test_cheese_reworked_into_curd_reaches_the_next_cheese(self):
        self.make(self.curd, 10, {self.milk_a: 100})
        first = self.make_cheese("C-1", 10)
        self.make(self.curd, 8, {first.lot_producing_ids: 8})
        second = self.make_cheese("C-2", 8)
        self.assertUntracked(second, {("C-1", "C-2"): (8, 10)})
        self.assertReached(self.milk_a, downstream={"C-1", "C-2"})
        self.assertNoDrift()

    def test_product_carried_over_in_its_own_make_reaches_through_every_batch(self):
        """Sourdough: each batch takes a part of the last one. Twelve batches, one cheese."""
        self.make(self.curd, 10, {self.milk_a: 100})
        for _batch in range(12):
            self.make(self.curd, 10, {self.curd: 1, self.milk_b: 10})
            self.scrap_untracked(self.curd, 9)
        order = self.make_cheese("C-1", 10)
        names = {parent for parent, _child, _kind, _certainty in self.edges(order)}
        self.assertEqual(names, {"MILK-A", "MILK-B"})
        self.assertNoDrift()

    def scrap_untracked(self, product, quantity):
        scrap = self.floor["stock.scrap"].create(
            {
                "product_id": product.id,
                "scrap_qty": quantity,
                "product_uom_id": product.uom_id.id,
                "location_id": self.stock.id,
            }
        )
        scrap.action_validate()
        self.wait()

    def test_lot_of_the_first_order_changed_later_changes_the_far_link(self):
        first = self.make(self.curd, 10, {self.milk_a: 100})
        order = self.make_cheese("C-1", 10)
        first.move_raw_ids.move_line_ids.lot_id = self.milk_b
        self.wait()
        self.assertUntracked(order, {("MILK-B", "C-1"): (100, 10)})
        self.assertNoDrift()

    def test_intermediate_that_gets_a_lot_later_is_linked_by_it(self):
        """Someone starts to track curd: old curd is inferred, new curd is recorded."""
        self.make(self.curd, 10, {self.milk_a: 100})
        order = self.make_cheese("C-1", 10)
        self.curd.tracking = "lot"
        curd_lot = self.lot(self.curd, "CURD-1")
        self.make(curd_lot, 10, {self.milk_b: 100})
        second = self.make(self.lot(self.cheese, "C-2"), 10, {curd_lot: 10})
        self.assertUntracked(order, {("MILK-A", "C-1"): (100, 10)})
        self.assertEdges(second, {("CURD-1", "C-2"): (10, 10)})
        self.assertNoDrift()

    def test_order_that_used_and_made_nothing_with_lots_gives_no_link(self):
        paste = self.product("Paste", tracking="none")
        self.make(self.curd, 10, {self.milk_a: 100})
        order = self.make(paste, 10, {self.curd: 10})
        self.assertUntracked(order, {})
        self.assertNoDrift()

    def test_unlocked_order_that_takes_more_curd_later_counts_it(self):
        self.make(self.curd, 20, {self.milk_a: 100})
        order = self.make_cheese("C-1", 10)
        order.is_locked = False
        order.move_raw_ids.write(
            {
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.curd.id,
                            "quantity": 5,
                            "location_id": self.stock.id,
                            "location_dest_id": order.production_location_id.id,
                        }
                    )
                ]
            }
        )
        self.wait()
        self.assertUntracked(order, {("MILK-A", "C-1"): (75, 10)})
        self.assertNoDrift()
