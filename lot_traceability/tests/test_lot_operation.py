from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestLotOperation(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_a = cls.received(cls.milk, "MILK-A", 100, cls.dairy)
        cls.milk_b = cls.received(cls.milk, "MILK-B", 50, cls.mill)

    def stock_of(self, *lots):
        rows = self.env["lot.trace"].where_is([lot.id for lot in lots])
        found = dict.fromkeys(lots, 0)
        for row in rows:
            found[self.env["stock.lot"].browse(row["lot_id"])] += row["quantity"]
        return tuple(found.values())

    def operation(self, lot):
        return self.env["lot.operation"].search([("move_line_ids.lot_id", "in", lot.ids)], limit=1)

    def document(self):
        return self.env["lot.operation"].search([], order="id desc", limit=1)

    def assertSentence(self, error, words):
        message = str(error.exception)
        self.assertIn(words, message)
        self.assertNotIn("\n", message)
        self.assertTrue(message.endswith("."), message)

    def test_split_moves_stock_and_links_the_new_lots(self):
        lots = self.operate("split", self.milk_a, parts=[("S-1", 30), ("S-2", 20)])
        self.assertEqual(lots.mapped("name"), ["S-1", "S-2"])
        self.assertEqual(self.stock_of(self.milk_a, *lots), (50, 30, 20))
        self.assertEdges(
            self.document(),
            {("MILK-A", "S-1"): (30, 30), ("MILK-A", "S-2"): (20, 20)},
            kind="split",
        )
        self.assertMovements(
            self.milk_a,
            [("receipt", 100, self.dairy), ("consumed", -30, None), ("consumed", -20, None)],
        )
        self.assertReached(self.milk_a, downstream={"S-1", "S-2"})
        self.assertEqual(self.env["lot.trace"].mass_balance(lots.ids)[0]["difference"], 0)
        self.assertNoDrift()

    def test_merge_into_a_new_lot_links_every_source_with_its_quantity(self):
        lot = self.operate("merge", self.milk_a | self.milk_b, "TANK-1")
        self.assertEqual(self.stock_of(self.milk_a, self.milk_b, lot), (0, 0, 150))
        self.assertEdges(
            self.document(),
            {("MILK-A", "TANK-1"): (100, 100), ("MILK-B", "TANK-1"): (50, 50)},
            kind="merge",
        )
        self.deliver({lot: 10}, self.shop)
        self.assertEqual(self.received_by(self.milk_b), {"Shop": (10, 0)})
        self.assertNoDrift()

    def test_merge_into_one_of_the_lots_moves_only_the_others(self):
        lot = self.operate("merge", self.milk_a | self.milk_b, "MILK-A")
        self.assertEqual(lot, self.milk_a)
        self.assertEqual(self.stock_of(self.milk_a, self.milk_b), (150, 0))
        self.assertEdges(self.document(), {("MILK-B", "MILK-A"): (50, 50)}, kind="merge")
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy), ("produced", 50, None)])
        self.assertNoDrift()

    def test_relabel_gives_all_stock_a_new_name_and_keeps_the_history(self):
        self.milk_a.write({"supplier_lot": "D-77", "supplier_id": self.dairy.id})
        lot = self.operate("relabel", self.milk_a, "M-2026-1")
        self.assertEqual(self.stock_of(self.milk_a, lot), (0, 100))
        self.assertEqual((lot.supplier_lot, lot.supplier_id), ("D-77", self.dairy))
        self.assertEdges(self.document(), {("MILK-A", "M-2026-1"): (100, 100)}, kind="relabel")
        receipts = self.env["lot.trace"].trace(lot.ids, "upstream")["receipts"]
        self.assertEqual([(row["partner"], row["quantity"]) for row in receipts], [("Dairy", 100)])
        self.assertNoDrift()

    def test_relabel_of_a_serial_number(self):
        pump = self.product("Pump", tracking="serial")
        serial = self.lot(pump, "SN-1")
        self.receive({serial: 1})
        new = self.operate("relabel", serial, "SN-1A")
        self.assertEqual(self.stock_of(serial, new), (0, 1))
        self.assertEdges(self.document(), {("SN-1", "SN-1A"): (1, 1)}, kind="relabel")
        self.assertNoDrift()

    def test_operation_keeps_shelf_and_package_of_the_stock(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        package = self.env["stock.package"].create({"name": "PAL-1"})
        picking = self.picking(self.plant.int_type_id, {self.milk_a: 40}, self.stock, shelf)
        picking.move_line_ids.result_package_id = package
        self.validate(picking)
        lot = self.operate("relabel", self.milk_a, "M-1")
        self.assertEqual(
            {
                (row["location"].split("/")[-1], row["package"], row["quantity"])
                for row in self.env["lot.trace"].where_is(lot.ids)
            },
            {("Stock", "", 60), ("Shelf", "PAL-1", 40)},
        )
        self.assertNoDrift()

    def test_new_lots_take_over_the_earliest_dates(self):
        yoghurt = self.product("Yoghurt", use_expiration_date=True, expiration_time=20)
        early = self.lot(yoghurt, "Y-1", expiration_date="2026-04-01 12:00:00")
        late = self.lot(yoghurt, "Y-2", expiration_date="2026-05-01 12:00:00")
        self.receive({early: 10, late: 10})
        merged = self.operate("merge", early | late, "Y-3")
        self.assertEqual(merged.expiration_date, early.expiration_date)
        self.assertEqual(merged.removal_date, early.removal_date)

    def test_split_after_a_delivery_does_not_reach_back_to_it(self):
        self.deliver({self.milk_a: 10}, self.cafe)
        lots = self.operate("split", self.milk_a, parts=[("S-1", 30)])
        self.deliver({lots: 30}, self.shop)
        self.assertEqual(self.received_by(lots), {"Shop": (30, 0)})
        self.assertEqual(self.received_by(self.milk_a), {"Café": (10, 0), "Shop": (30, 0)})

    def test_merge_does_not_reach_what_left_the_target_before(self):
        self.deliver({self.milk_a: 10}, self.cafe)
        self.operate("merge", self.milk_a | self.milk_b, "MILK-A")
        self.deliver({self.milk_a: 20}, self.shop)
        self.assertEqual(self.received_by(self.milk_b), {"Shop": (20, 0)})

    def test_chatter_of_every_lot_says_what_was_done_and_why(self):
        lot = self.operate("relabel", self.milk_a, "M-1", reason="Label was torn")
        for one in self.milk_a | lot:
            body = one.message_ids[0].body
            for words in (self.document().name, "MILK-A", "M-1", "Label was torn"):
                self.assertIn(words, body)

    def test_operation_that_moved_stock_cannot_be_deleted(self):
        self.operate("relabel", self.milk_a, "M-1")
        with self.assertRaises(UserError):
            self.document().with_user(self.manager).unlink()

    def test_operator_without_the_right_is_refused(self):
        with self.assertRaises(AccessError):
            self.env["lot.operation.wizard"].with_user(self.operator).create(
                {"kind": "relabel", "lot_ids": self.milk_a.ids, "new_name": "X", "reason": "x"}
            )

    # -- input -------------------------------------------------------------------------------

    def assertRefused(self, words, kind, lots, new_name=False, parts=()):
        before = self.env["stock.move"].search_count([])
        with self.assertRaises(UserError) as error:
            self.operate(kind, lots, new_name, parts)
        self.assertSentence(error, words)
        self.assertEqual(self.env["stock.move"].search_count([]), before)

    def test_reserved_stock_is_refused(self):
        picking = self.picking(
            self.plant.out_type_id, {self.milk_a: 30}, target=self.customers, partner=self.shop
        )
        self.assertEqual(picking.state, "assigned")
        message = "reserved"
        self.assertRefused(message, "relabel", self.milk_a, "M-1")
        self.assertRefused(message, "merge", self.milk_a | self.milk_b, "M-1")
        self.assertRefused("only 70", "split", self.milk_a, parts=[("S-1", 71)])
        lots = self.operate("split", self.milk_a, parts=[("S-1", 70)])
        self.assertEqual(self.stock_of(self.milk_a, lots), (30, 70))
        self.validate(picking)
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (30, 0)})
        self.assertNoDrift()

    def test_lots_of_two_products_are_refused(self):
        salt = self.received(self.product("Salt"), "SALT-A", 10)
        self.assertRefused("several products", "merge", self.milk_a | salt, "X-1")

    def test_serial_numbers_are_not_split_or_merged(self):
        pump = self.product("Pump", tracking="serial")
        serials = self.lot(pump, "SN-1") | self.lot(pump, "SN-2")
        self.receive({serials[0]: 1, serials[1]: 1})
        self.assertRefused("one item", "merge", serials, "SN-3")
        self.assertRefused("one item", "split", serials[0], parts=[("SN-4", 1)])

    def test_one_lot_cannot_be_merged_and_two_cannot_be_split(self):
        self.assertRefused("at least two", "merge", self.milk_a, "M-1")
        self.assertRefused("one lot", "split", self.milk_a | self.milk_b, parts=[("S-1", 1)])

    def test_lot_without_stock_is_refused(self):
        self.deliver({self.milk_b: 50})
        self.assertRefused("Nothing of this lot", "relabel", self.milk_b, "M-1")

    def test_bad_names_and_quantities_are_refused(self):
        self.assertRefused("new lot number", "relabel", self.milk_a, "  ")
        self.assertRefused("old one", "relabel", self.milk_a, "MILK-A")
        self.assertRefused("exists already", "relabel", self.milk_a, "MILK-B")
        self.assertRefused("exists already", "split", self.milk_a, parts=[("MILK-B", 1)])
        self.assertRefused("number for each", "split", self.milk_a)
        self.assertRefused("of its own", "split", self.milk_a, parts=[("S-1", 1), ("S-1", 2)])
        self.assertRefused("of its own", "split", self.milk_a, parts=[("MILK-A", 1)])
        self.assertRefused("above zero", "split", self.milk_a, parts=[("S-1", 0)])
        self.assertRefused("above zero", "split", self.milk_a, parts=[("S-1", -4)])
        self.assertRefused("only 100", "split", self.milk_a, parts=[("S-1", 60), ("S-2", 41)])

    def buy(self, lot, quantity, price):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.dairy.id,
                "picking_type_id": self.plant.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": lot.product_id.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        purchase.button_confirm()
        self.fill(purchase.picking_ids.move_ids, {lot: quantity})
        self.validate(purchase.picking_ids)

    # -- value -------------------------------------------------------------------------------

    def assertValueKept(self, method, **values):
        category = self.env["product.category"].create(
            {"name": method, "property_cost_method": method}
        )
        product = self.product("Valued", categ_id=category.id, standard_price=5, **values)
        dear, cheap = self.lot(product, "V-1"), self.lot(product, "V-2")
        for lot, price in ((dear, 10), (cheap, 2)):
            self.buy(lot, 10, price)
        before = product.total_value
        self.assertAlmostEqual(before, 100 if method == "standard" else 120, 2)
        merged = self.operate("merge", dear | cheap, "V-3")
        self.env.invalidate_all()
        self.assertAlmostEqual(product.total_value, before, 2)
        parts = self.operate("split", merged, parts=[("V-4", 5), ("V-5", 3)])
        self.operate("relabel", parts[0], "V-6")
        self.env.invalidate_all()
        self.assertAlmostEqual(product.total_value, before, 2)
        self.assertEqual(product.qty_available, 20)
        return product

    def test_fifo_value_is_the_same_after_every_operation(self):
        self.assertValueKept("fifo")

    def test_average_value_is_the_same_after_every_operation(self):
        self.assertValueKept("average")

    def test_standard_value_is_the_same_after_every_operation(self):
        self.assertValueKept("standard")

    def test_value_by_lot_is_the_same_after_every_operation(self):
        for method in ("average", "fifo"):
            product = self.assertValueKept(method, lot_valuated=True)
            lots = self.env["stock.lot"].search([("product_id", "=", product.id)])
            self.assertAlmostEqual(sum(lots.mapped("total_value")), product.total_value, 2)
