from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestTraceTruth(LotTraceabilityCommon):
    """Where a trace by Odoo alone is wrong or short."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.milk_a, cls.milk_b = cls.lot(cls.milk, "MILK-A"), cls.lot(cls.milk, "MILK-B")
        cls.receive({cls.milk_a: 100, cls.milk_b: 100})
        cls.cheese_lot = cls.lot(cls.cheese, "C-1")

    def trace(self, lots, direction="both", max_depth=0):
        return self.env["lot.trace"].with_user(self.reader).trace(lots.ids, direction, max_depth)

    def test_customer_move_without_a_transfer_is_found(self):
        move = self.floor["stock.move"].create(
            {
                "product_id": self.milk.id,
                "product_uom_qty": 5,
                "product_uom": self.milk.uom_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.cafe.id,
            }
        )
        move._action_confirm()
        self.fill(move, {self.milk_a: 5})
        move._action_done()
        self.wait()
        self.assertFalse(move.picking_id)
        row = self.trace(self.milk_a)["deliveries"][0]
        self.assertEqual((row["partner"], row["quantity"]), ("Café", 5))
        self.assertEqual((row["document"]["model"], row["document"]["id"]), ("stock.move", move.id))
        self.assertNoDrift()

    def test_delivery_by_an_operation_type_that_is_not_outgoing_is_found(self):
        self.validate(
            self.picking(
                self.plant.int_type_id,
                {self.milk_a: 5},
                source=self.stock,
                target=self.customers,
                partner=self.cafe,
            )
        )
        self.assertEqual(self.received_by(self.milk_a), {"Café": (5, 0)})

    def test_delivery_to_nobody_is_listed_and_warned_about(self):
        picking = self.picking(self.plant.out_type_id, {self.milk_a: 5}, target=self.customers)
        picking.partner_id = False
        self.validate(picking)
        result = self.trace(self.milk_a, "downstream")
        self.assertEqual(
            [(r["partner_id"], r["quantity"]) for r in result["deliveries"]], [(False, 5)]
        )
        self.assertIn("no_partner", {row["code"] for row in result["warnings"]})
        self.assertFalse(result["complete"])

    def test_lot_topped_up_by_a_second_order_keeps_the_first_delivery_apart(self):
        """C-1 is sold, then topped up with suspect milk: who bought before is not affected."""
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        self.deliver({self.cheese_lot: 4}, self.cafe)
        self.make(self.cheese_lot, 10, {self.milk_b: 50})
        self.deliver({self.cheese_lot: 8}, self.shop)
        self.assertEqual(self.received_by(self.milk_b), {"Shop": (8, 0)})
        self.assertEqual(self.received_by(self.milk_a), {"Café": (4, 0), "Shop": (8, 0)})
        rows = self.trace(self.milk_b)["deliveries"]
        self.assertEqual(
            {(row["partner"], row["before"]) for row in rows}, {("Café", True), ("Shop", False)}
        )

    def test_upstream_of_an_early_product_leaves_out_the_later_top_up(self):
        pizza = self.lot(self.product("Pizza"), "P-1")
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        self.make(pizza, 4, {self.cheese_lot: 4})
        self.make(self.cheese_lot, 10, {self.milk_b: 50})
        self.assertReached(pizza, upstream={"C-1", "MILK-A"})
        self.assertEqual(self.traced(pizza, "upstream", before=True), {"MILK-B"})
        self.assertReached(self.milk_b, downstream={"C-1"})
        self.assertEqual(self.traced(self.milk_b, "downstream", before=True), {"P-1"})
        receipts = {r["lot_id"]: r["before"] for r in self.trace(pizza, "upstream")["receipts"]}
        self.assertEqual(receipts, {self.milk_a.id: False, self.milk_b.id: True})

    def test_component_delivered_before_it_went_in_is_not_reached(self):
        self.deliver({self.cheese_lot: 1}, self.cafe)  # another make of C-1, never booked in
        self.count(self.cheese_lot, 0)
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        # C-1 was below zero when it left: nothing can be excluded.
        self.assertEqual(self.received_by(self.milk_a), {"Café": (1, 0)})

    def test_rework_in_a_circle_ends_and_finds_everything_once(self):
        other = self.lot(self.cheese, "C-2")
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        self.make(other, 10, {self.cheese_lot: 5})
        self.make(self.cheese_lot, 5, {other: 5})
        self.make(other, 3, {self.cheese_lot: 3, self.milk_b: 1})
        self.deliver({other: 3}, self.shop)
        self.assertReached(self.milk_a, downstream={"C-1", "C-2"})
        self.assertReached(self.cheese_lot, upstream={"MILK-A", "C-2"}, downstream={"C-2"})
        self.assertReached(other, upstream={"MILK-A", "MILK-B", "C-1"}, downstream={"C-1"})
        names = [row["name"] for row in self.trace(self.cheese_lot)["lots"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (3, 0)})
        self.assertNoDrift()

    def test_lot_that_went_into_itself_gives_no_link(self):
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        order = self.make(self.cheese_lot, 9, {self.cheese_lot: 10})
        self.assertEdges(order, {})
        self.assertReached(self.milk_a, downstream={"C-1"})
        self.assertNoDrift()

    def test_result_does_not_depend_on_the_order_of_records(self):
        """The child exists before its parent, and origins may come in any order."""
        pizza = self.lot(self.product("Pizza"), "P-1")  # created before what it is made of
        late = self.lot(self.cheese, "C-9")
        self.make(late, 10, {self.milk_a: 20, self.milk_b: 20})
        self.make(pizza, 5, {late: 5})
        self.deliver({pizza: 2}, self.shop)
        self.deliver({late: 1}, self.cafe)
        lots = self.milk_a | self.milk_b | late
        self.env.cr.execute("ANALYZE lot_genealogy_edge")
        results = []
        for ids in (lots.ids, lots.ids[::-1], [late.id, *lots.ids, late.id]):
            result = self.env["lot.trace"].trace(ids)
            self.assertEqual(sorted(result["origin"]), sorted(lots.ids))
            for table in ("lots", "edges", "receipts", "deliveries", "partners", "on_hand"):
                result[table] = sorted(result[table], key=str)
            results.append({k: v for k, v in result.items() if k not in ("origin", "elapsed_ms")})
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])
        self.assertEqual({r["partner"] for r in results[0]["deliveries"]}, {"Shop", "Café"})

    def test_depth_limits_the_generations(self):
        pizza = self.lot(self.product("Pizza"), "P-1")
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        self.make(pizza, 5, {self.cheese_lot: 5})
        self.deliver({pizza: 5}, self.shop)
        found = {
            depth: {row["name"] for row in self.trace(self.milk_a, "downstream", depth)["lots"]}
            for depth in (0, 1, 2, 9)
        }
        self.assertEqual(found[1], {"MILK-A", "C-1"})
        self.assertEqual(found[0], {"MILK-A", "C-1", "P-1"})
        self.assertEqual(found[2], found[0])
        self.assertEqual(found[9], found[0])
        shallow = self.trace(self.milk_a, "downstream", 1)
        self.assertEqual(shallow["deliveries"], [])
        self.assertEqual([row["child_lot_id"] for row in shallow["edges"]], [self.cheese_lot.id])

    def test_depth_that_cuts_the_chain_is_not_called_complete(self):
        pizza = self.lot(self.product("Pizza"), "P-1")
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        self.make(pizza, 5, {self.cheese_lot: 5})
        self.assertTrue(self.trace(self.milk_a, "downstream")["complete"])
        cut = self.trace(self.milk_a, "downstream", 1)
        self.assertFalse(cut["complete"])
        self.assertIn("depth", {row["code"] for row in cut["warnings"]})
        self.assertTrue(self.trace(self.milk_a, "downstream", 2)["complete"])

    def test_certainty_of_a_lot_is_that_of_its_best_path(self):
        serials = self.lot(self.product("Box", tracking="serial"), "B-1")
        curd = self.product("Curd", tracking="none")
        self.make(curd, 10, {self.milk_a: 50})
        self.make(self.cheese_lot, 10, {curd: 5})
        self.make(serials, 1, {self.cheese_lot: 1, self.milk_a: 1})
        rows = {row["name"]: row for row in self.trace(self.milk_a, "downstream")["lots"]}
        self.assertEqual(rows["C-1"]["certainty"], "inferred")
        self.assertEqual(rows["B-1"]["certainty"], "recorded")
        self.assertEqual((rows["C-1"]["level"], rows["B-1"]["level"]), (1, 1))

    def test_archived_product_and_partner_are_traced_as_ever(self):
        self.make(self.cheese_lot, 10, {self.milk_a: 50})
        self.deliver({self.cheese_lot: 10}, self.shop)
        self.cheese.active = False
        self.shop.active = False
        result = self.trace(self.milk_a)
        self.assertIn("Cheese", {row["product"] for row in result["lots"]})
        self.assertEqual([row["partner"] for row in result["deliveries"]], ["Shop"])
        self.assertEqual(self.env["lot.trace"].find("C-1")["lot_ids"], self.cheese_lot.ids)

    def test_lot_name_of_200_characters_works_everywhere(self):
        name = "L" * 191 + "ÄØ漢字 -/%_"
        self.assertEqual(len(name), 200)
        lot = self.lot(self.cheese, name)
        self.make(lot, 10, {self.milk_a: 50})
        self.deliver({lot: 10}, self.shop)
        self.assertReached(self.milk_a, downstream={name})
        self.assertEqual(self.env["lot.trace"].find(name)["lot_ids"], lot.ids)
        overview = self.env["lot.trace"].overview(self.milk_a.ids)
        self.assertIn(name, {node["label"] for node in overview["nodes"]})

    def test_invoice_and_orders_lead_to_their_lots(self):
        self.milk.invoice_policy = "delivery"
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [Command.create({"product_id": self.milk.id, "product_uom_qty": 7})],
            }
        )
        sale.action_confirm()
        self.fill(sale.picking_ids.move_ids, {self.milk_b: 7})
        self.validate(sale.picking_ids)
        invoice = sale._create_invoices()
        invoice.action_post()
        for record, kind in ((sale, "sale"), (sale.picking_ids, "transfer"), (invoice, "invoice")):
            found = self.env["lot.trace"].find(record.name.lower())
            self.assertEqual(found["lot_ids"], self.milk_b.ids, record.name)
            self.assertEqual([match["type"] for match in found["matches"]], [kind])
