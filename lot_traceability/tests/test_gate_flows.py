from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGateFlows(LotTraceabilityCommon):
    """A lot that may not be used gets out through no door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spinach = cls.product("Spinach")
        cls.soup = cls.product("Soup")
        cls.good = cls.received(cls.spinach, "GOOD", 10)
        cls.bad = cls.received(cls.spinach, "BAD", 10)

    def hold(self, lots, env=None):
        lots.with_env(env or self.floor).set_status("hold", "Listeria suspected")

    def assertStopped(self, flow, *args, **kwargs):
        """The flow is refused, names the lot and why, and moves nothing."""
        before = self.bad.product_qty
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            flow(*args, **kwargs)
        self.env.invalidate_all()
        self.assertIn("BAD", str(caught.exception))
        self.assertIn("Listeria suspected", str(caught.exception))
        self.assertEqual(self.bad.product_qty, before)

    # -- reservation -------------------------------------------------------------------------

    def reserved(self, document):
        return {
            line.lot_id.name: line.quantity
            for line in self.env["lot.gate"]._lines_of(document)
            if line.quantity
        }

    def planned(self, quantity, product=None):
        """A delivery that was confirmed and reserved, nothing of it picked."""
        product = product or self.spinach
        picking = self.floor["stock.picking"].create(
            {
                "picking_type_id": self.plant.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.shop.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_held_lot_is_not_reserved_by_a_delivery(self):
        self.hold(self.bad)
        self.assertEqual(self.reserved(self.planned(15)), {"GOOD": 10})

    def test_held_lot_is_not_reserved_by_an_order(self):
        self.hold(self.bad)
        order = self.order(self.soup, 1, {self.spinach: 15})
        order.action_assign()
        self.assertEqual(self.reserved(order), {"GOOD": 10})

    def test_typed_quantity_takes_no_held_lot(self):
        self.hold(self.bad)
        picking = self.planned(5)
        picking.move_ids.quantity = 15
        self.assertNotIn("BAD", self.reserved(picking))

    def test_lot_put_on_hold_leaves_the_reservations_and_others_take_its_place(self):
        self.hold(self.good)
        picking = self.planned(4)
        self.assertEqual(self.reserved(picking), {"BAD": 4})
        self.good.with_env(self.laboratory).set_status("released")
        self.hold(self.bad)
        self.assertEqual(self.reserved(picking), {"GOOD": 4})
        activity = picking.activity_ids
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("lot_traceability.activity_lot_withdrawn"),
        )
        self.assertIn("BAD", activity.note)
        self.assertIn("GOOD", activity.note)
        self.assertEqual(activity.user_id, self.operator)

    # -- what people decide on ---------------------------------------------------------------

    def test_quantities_to_decide_on_leave_out_held_lots(self):
        spinach = self.spinach.with_env(self.floor)
        self.assertEqual((spinach.free_qty, spinach.virtual_available), (20, 20))
        self.hold(self.bad)
        self.assertEqual(spinach.qty_available, 20)
        self.assertEqual((spinach.free_qty, spinach.virtual_available), (10, 10))
        quants = self.floor["stock.quant"].search(
            [("product_id", "=", spinach.id), ("location_id", "=", self.stock.id)]
        )
        self.assertEqual(
            {quant.lot_id.name: quant.available_quantity for quant in quants},
            {"GOOD": 10, "BAD": 0},
        )

    # -- the hard stop -----------------------------------------------------------------------

    def test_held_lot_is_not_delivered(self):
        self.hold(self.bad)
        self.assertStopped(self.deliver, {self.bad: 1})

    def test_held_lot_is_not_delivered_by_a_direct_call(self):
        self.hold(self.bad)
        picking = self.picking(self.plant.out_type_id, {self.bad: 1}, target=self.customers)
        self.assertStopped(picking.sudo()._action_done)
        self.assertStopped(picking.move_ids.sudo()._action_done)

    def test_held_lot_is_not_consumed(self):
        self.hold(self.bad)
        order = self.order(self.soup, 1, {self.bad: 2})
        self.assertStopped(
            self.produce, order, self.lot(self.soup, "S1"), components={self.bad: 2}
        )

    def test_held_lot_is_not_taken_apart(self):
        soup = self.lot(self.soup, "S2")
        order = self.order(self.soup, 1, {self.good: 2})
        self.produce(order, soup, components={self.good: 2})
        self.bad = soup
        soup.with_env(self.floor).set_status("hold", "Listeria suspected")
        soup.name = "BAD soup"
        self.assertStopped(self.unbuild, order, soup, 1)

    def test_held_lot_stays_in_its_place(self):
        self.hold(self.bad)
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.assertStopped(self.transfer, {self.bad: 1}, self.stock, shelf)

    def test_held_lot_may_go_into_quarantine(self):
        self.hold(self.bad)
        cage = self.env["stock.location"].create(
            {"name": "Cage", "location_id": self.stock.id, "lot_quarantine": True}
        )
        box = self.env["stock.location"].create({"name": "Box", "location_id": cage.id})
        self.transfer({self.bad: 1}, self.stock, cage)
        self.transfer({self.bad: 1}, self.stock, box)
        self.assertStopped(self.transfer, {self.bad: 1}, cage, self.stock)

    def test_held_lot_may_be_scrapped_and_counted(self):
        self.hold(self.bad)
        self.scrap(self.bad, 1)
        self.count(self.bad, 5)
        self.assertEqual(self.bad.product_qty, 5)

    def test_only_a_rejected_lot_goes_back_to_the_supplier(self):
        self.hold(self.bad)
        receipt = self.bad.with_env(self.env).quant_ids.lot_id.env["stock.move.line"].search(
            [("lot_id", "=", self.bad.id)], limit=1
        ).picking_id
        self.assertStopped(self.give_back, receipt.with_env(self.floor), {self.bad: 1})
        self.bad.with_env(self.laboratory).set_status("rejected", "Listeria found")
        self.give_back(receipt.with_env(self.floor), {self.bad: 1})
        self.assertEqual(self.bad.product_qty, 9)

    def test_held_lot_comes_back_from_a_customer(self):
        delivery = self.deliver({self.bad: 3})
        self.hold(self.bad)
        self.give_back(delivery, {self.bad: 3})
        self.assertEqual(self.bad.product_qty, 10)

    def test_done_line_cannot_be_moved_to_a_held_lot(self):
        delivery = self.deliver({self.good: 3})
        self.hold(self.bad)
        self.assertStopped(delivery.move_line_ids.sudo().write, {"lot_id": self.bad.id})

    def test_done_line_of_a_held_lot_gets_smaller_and_not_larger(self):
        delivery = self.deliver({self.bad: 3})
        self.hold(self.bad)
        self.assertStopped(delivery.move_line_ids.sudo().write, {"quantity": 4})
        delivery.move_line_ids.sudo().quantity = 2
        self.assertEqual(self.bad.product_qty, 8)

    def test_line_added_to_a_done_transfer_cannot_take_a_held_lot(self):
        delivery = self.deliver({self.good: 3})
        self.hold(self.bad)
        line = delivery.move_line_ids.sudo()
        self.assertStopped(line.copy, {"lot_id": self.bad.id, "quantity": 1})

    # -- letting pass ------------------------------------------------------------------------

    def let_pass(self, document, env):
        return env["lot.gate.override"].create(
            {
                "lot_id": self.bad.id,
                "res_model": document._name,
                "res_id": document.id,
                "document_name": document.name,
                "refused_for": "On hold",
                "reason": "Needed for a trial at the laboratory",
                "company_id": document.company_id.id,
            }
        )

    def test_lot_that_quality_lets_pass_is_delivered_on_that_document_alone(self):
        self.hold(self.bad)
        picking = self.picking(self.plant.out_type_id, {self.bad: 1}, target=self.customers)
        with self.assertRaises(AccessError):
            self.let_pass(picking, self.floor)
        self.let_pass(picking, self.laboratory)
        self.validate(picking)
        self.assertStopped(self.deliver, {self.bad: 1})

    def test_what_let_a_lot_pass_is_never_changed(self):
        picking = self.picking(self.plant.out_type_id, {self.bad: 1}, target=self.customers)
        override = self.let_pass(picking, self.laboratory)
        with self.assertRaises(UserError):
            override.sudo().reason = "Another"
        with self.assertRaises(UserError):
            override.sudo().unlink()

    # -- new names ---------------------------------------------------------------------------

    def test_part_of_a_held_lot_stays_on_hold_under_its_new_number(self):
        self.hold(self.bad)
        part = self.operate("split", self.bad, parts=[("BAD-2", 4)])
        self.assertEqual(part.name, "BAD-2")
        self.assertEqual(part.status_id.code, "hold")
        self.assertIn("BAD", part.status_reason)
