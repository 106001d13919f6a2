from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OptionalAppsCase

# Smart buttons of other apps on the form of a lot.
OF_REPAIR = {"action_lot_open_repairs", "action_view_ro"}
OF_ORDERS = {"action_view_so", "action_view_po"}


@tagged("post_install", "-at_install")
class TestRepair(OptionalAppsCase):
    """Parts that a repair adds went into the repaired item; parts that it removes or recycles
    came out of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.product("Pump", tracking="serial")
        cls.seal = cls.product("Seal")
        cls.motor = cls.product("Motor", tracking="serial")
        cls.pump = cls.lot(cls.machine, "PUMP-1")

    def setUp(self):
        super().setUp()
        self.seal_lot = self.lot(self.seal, "SEAL-1")
        self.receive(self.pump, 1)
        self.receive(self.seal_lot, 10)

    def repair(self, parts, product=None, lot=None):
        """A finished repair of the pump; `parts` as [(line type, product, [(lot, quantity)])]."""
        self.later()
        order = self.env["repair.order"].create(
            {
                "product_id": (product or self.machine).id,
                "lot_id": (lot or self.pump).id,
                "product_qty": 1,
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "repair_line_type": kind,
                            "product_id": part.id,
                            "product_uom_qty": sum(quantity for _lot, quantity in lots),
                        },
                    )
                    for kind, part, lots in parts
                ],
            }
        )
        order.action_validate()
        order.action_repair_start()
        for move, (_kind, _part, lots) in zip(order.move_ids, parts, strict=True):
            self.pick(move, lots)
        order.action_repair_end()
        self.assertEqual(order.state, "done")
        return order

    def test_an_added_part_went_into_the_repaired_item(self):
        order = self.repair([("add", self.seal, [(self.seal_lot, 3)])])
        self.assertEqual(
            self.edges(order), {("repair", "SEAL-1", "PUMP-1"): (3.0, 1.0, "recorded")}
        )
        self.assertEqual(
            self.movements(self.seal_lot), [("receipt", 10.0, "Vendor"), ("consumed", -3.0, False)]
        )
        self.assertEqual(self.movements(self.pump), [("receipt", 1.0, "Vendor")])
        self.assert_balanced(self.seal_lot | self.pump)
        self.assert_no_drift()

    def test_two_lots_of_one_added_part_share_the_repaired_item(self):
        other = self.lot(self.seal, "SEAL-2")
        self.receive(other, 5)
        order = self.repair([("add", self.seal, [(self.seal_lot, 3), (other, 1)])])
        self.assertEqual(
            self.edges(order),
            {
                ("repair", "SEAL-1", "PUMP-1"): (3.0, 0.75, "recorded"),
                ("repair", "SEAL-2", "PUMP-1"): (1.0, 0.25, "recorded"),
            },
        )
        self.assert_no_drift()

    def test_a_removed_part_came_out_of_the_repaired_item(self):
        old = self.lot(self.motor, "MOTOR-OLD")
        order = self.repair([("remove", self.motor, [(old, 1)])])
        self.assertEqual(
            self.edges(order), {("removal", "PUMP-1", "MOTOR-OLD"): (1.0, 1.0, "recorded")}
        )
        self.assertEqual(self.movements(old), [("produced", 1.0, False), ("scrap", -1.0, False)])
        self.assert_balanced(old)
        self.assert_no_drift()

    def test_a_recycled_part_came_out_of_the_repaired_item_into_stock(self):
        old = self.lot(self.motor, "MOTOR-OLD")
        order = self.repair([("recycle", self.motor, [(old, 1)])])
        self.assertEqual(
            self.edges(order), {("removal", "PUMP-1", "MOTOR-OLD"): (1.0, 1.0, "recorded")}
        )
        self.assertEqual(self.movements(old), [("produced", 1.0, False)])
        self.assertEqual(
            [row["quantity"] for row in self.env["lot.trace"].where_is(old.ids)], [1.0]
        )
        self.assert_balanced(old)
        self.assert_no_drift()

    def test_added_and_removed_parts_of_one_repair_are_not_linked_to_each_other(self):
        new, old = self.lot(self.motor, "MOTOR-NEW"), self.lot(self.motor, "MOTOR-OLD")
        self.receive(new, 1)
        order = self.repair([("add", self.motor, [(new, 1)]), ("recycle", self.motor, [(old, 1)])])
        self.assertEqual(
            self.edges(order),
            {
                ("repair", "MOTOR-NEW", "PUMP-1"): (1.0, 1.0, "recorded"),
                ("removal", "PUMP-1", "MOTOR-OLD"): (1.0, 1.0, "recorded"),
            },
        )
        trace = self.env["lot.trace"].trace(new.ids, "downstream")
        self.assertEqual({row["name"]: row["before"] for row in trace["lots"]}.get("PUMP-1"), False)
        self.assert_no_drift()

    def test_a_delivery_before_the_repair_is_not_reached_by_the_added_part(self):
        first = self.deliver(self.pump, 1)
        self.return_of(first, 1)
        self.repair([("add", self.seal, [(self.seal_lot, 2)])])
        other = self.env["res.partner"].create({"name": "Second customer"})
        self.deliver(self.pump, 1, other)
        trace = self.env["lot.trace"].trace(self.seal_lot.ids, "downstream")
        self.assertEqual(
            [(row["partner"], row["net"], row["before"]) for row in trace["deliveries"]],
            [("Customer", 0.0, True), ("Second customer", 1.0, False)],
        )
        received = self.env["lot.trace"].who_received(self.seal_lot.ids)
        self.assertEqual([row["name"] for row in received], ["Second customer"])
        self.assert_no_drift()

    def test_a_cancelled_repair_links_nothing(self):
        order = self.env["repair.order"].create(
            {
                "product_id": self.machine.id,
                "lot_id": self.pump.id,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "repair_line_type": "add",
                            "product_id": self.seal.id,
                            "product_uom_qty": 1,
                        },
                    )
                ],
            }
        )
        order.action_validate()
        order.action_repair_cancel()
        self.assertEqual(self.edges(order), {})
        self.assert_no_drift()

    def test_another_lot_set_on_the_done_part_moves_the_link(self):
        other = self.lot(self.seal, "SEAL-2")
        self.receive(other, 5)
        order = self.repair([("add", self.seal, [(self.seal_lot, 2)])])
        part = order.move_ids.filtered(lambda move: move.repair_line_type == "add")
        part.move_line_ids.lot_id = other
        self.assertEqual(
            self.edges(order), {("repair", "SEAL-2", "PUMP-1"): (2.0, 1.0, "recorded")}
        )
        self.assert_balanced(self.seal_lot | other)
        self.assert_no_drift()

    # -- the form of a lot -------------------------------------------------------------------

    def opened(self, user, lot):
        """The lot's form as the web client opens it: the names of its smart buttons, and what it
        reads."""
        lots = self.env["stock.lot"].with_user(user)
        views = lots.get_views([(False, "form"), (False, "list"), (False, "search")])
        form = etree.fromstring(views["views"]["form"]["arch"])
        fields = views["models"]["stock.lot"]["fields"]
        names = set(form.xpath("//field[not(ancestor::field)]/@name"))
        related = {"many2one", "many2many", "one2many"}
        specification = {
            name: {"fields": {"display_name": {}}} if fields[name]["type"] in related else {}
            for name in names
        }
        values = lots.browse(lot.id).web_read(specification)[0]
        return set(form.xpath("//div[@name='button_box']//button/@name")), values

    def ordered(self):
        """A lot that a purchase order brought and a sales order took."""
        product = self.product("Filter")
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_qty": 5})],
            }
        )
        purchase.button_confirm()
        lot = self.lot(product, "FILTER-1")
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2})],
            }
        )
        sale.action_confirm()
        for picking, quantity in ((purchase.picking_ids, 5), (sale.picking_ids, 2)):
            self.later()
            self.pick(picking.move_ids, [(lot, quantity)])
            picking.button_validate()
            self.assertEqual(picking.state, "done")
        return lot

    def test_reader_opens_the_form_of_a_lot_and_may_not_change_it(self):
        self.repair([("add", self.seal, [(self.seal_lot, 3)])])
        ordered = self.ordered()
        reader = new_test_user(self.env, login="lot_reader", groups="lot_traceability.group_reader")
        for model in ("repair.order", "sale.order", "purchase.order"):
            self.assertFalse(self.env[model].with_user(reader).has_access("read"))
        for lot in (self.pump, self.seal_lot, ordered):
            buttons, values = self.opened(reader, lot)
            self.assertEqual(values["name"], lot.name)
            self.assertIn("action_trace", buttons)
            self.assertFalse(buttons & (OF_REPAIR | OF_ORDERS))
        with self.assertRaises(AccessError):
            self.pump.with_user(reader).web_save({"name": "X"}, {"name": {}})
        with self.assertRaises(AccessError):
            self.env["repair.order"].with_user(reader).search([("lot_id", "=", self.pump.id)])

    def test_seller_who_may_trace_sees_the_sales_of_a_lot_and_no_more(self):
        groups = "lot_traceability.group_reader,sales_team.group_sale_salesman_all_leads"
        seller = new_test_user(self.env, login="lot_seller", groups=groups)
        buttons, values = self.opened(seller, self.ordered())
        self.assertEqual(values["sale_order_count"], 1)
        self.assertIn("action_view_so", buttons)
        self.assertFalse(buttons & {"action_view_po", *OF_REPAIR})

    def test_stock_user_sees_the_repairs_and_orders_of_a_lot_on_its_form(self):
        self.repair([("add", self.seal, [(self.seal_lot, 3)])])
        user = new_test_user(self.env, login="lot_user", groups="stock.group_stock_user")
        buttons, values = self.opened(user, self.pump)
        self.assertLessEqual({"action_trace", *OF_REPAIR, *OF_ORDERS}, buttons)
        self.assertEqual(values["repaired_count"], 1)
        _buttons, values = self.opened(user, self.ordered())
        self.assertEqual((values["sale_order_count"], values["purchase_order_count"]), (1, 1))

    # -- the gate ---------------------------------------------------------------------------

    def test_held_part_is_not_built_in(self):
        self.hold(self.seal_lot)
        self.assert_stopped(self.repair, [("add", self.seal, [(self.seal_lot, 1)])])
        self.assertEqual(self.seal_lot.product_qty, 10)

    def test_part_of_a_held_lot_is_taken_out_of_the_item(self):
        old = self.lot(self.motor, "MOTOR-OLD")
        self.hold(old)
        self.repair([("recycle", self.motor, [(old, 1)])])
        self.assertEqual(old.product_qty, 1)

    def test_part_put_on_hold_leaves_the_reservation_of_a_repair(self):
        other = self.lot(self.seal, "SEAL-2")
        self.receive(other, 10)
        order = self.env["repair.order"].create(
            {
                "product_id": self.machine.id,
                "lot_id": self.pump.id,
                "product_qty": 1,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "user_id": self.env.user.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "repair_line_type": "add",
                            "product_id": self.seal.id,
                            "product_uom_qty": 2,
                        },
                    )
                ],
            }
        )
        order.action_validate()
        self.assertEqual(order.move_ids.move_line_ids.lot_id, self.seal_lot)
        self.hold(self.seal_lot)
        self.assertEqual(order.move_ids.move_line_ids.lot_id, other)
        self.assertIn("SEAL-1", order.activity_ids.note)
