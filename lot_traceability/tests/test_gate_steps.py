from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGateSteps(LotTraceabilityCommon):
    """Routes of several steps, and what lies on the way when a lot is put on hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spinach = cls.product("Spinach")
        cls.good = cls.received(cls.spinach, "GOOD", 10)
        cls.bad = cls.received(cls.spinach, "BAD", 10)
        cls.hold_reason = "Listeria suspected"

    def hold(self, lot):
        lot.with_env(self.floor).set_status("hold", self.hold_reason)

    def sale(self, quantity, product=None):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": (product or self.spinach).id,
                            "product_uom_qty": quantity,
                        },
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def finish(self, picking):
        picking = picking.with_env(self.floor)
        picking.move_ids.picked = True
        return self.validate(picking)

    def step(self, order, operation_type):
        return order.picking_ids.filtered(
            lambda picking: picking.picking_type_id == operation_type
        ).with_env(self.env)

    def reserved(self, picking):
        return {line.lot_id.name: line.quantity for line in picking.move_line_ids}

    def test_pick_takes_no_held_lot(self):
        self.plant.delivery_steps = "pick_ship"
        self.hold(self.good)
        order = self.sale(10)
        self.assertEqual(self.reserved(self.step(order, self.plant.pick_type_id)), {"BAD": 10})

    def test_lot_held_after_the_pick_does_not_ship(self):
        self.plant.delivery_steps = "pick_pack_ship"
        order = self.sale(4)
        pick = self.step(order, self.plant.pick_type_id)
        self.assertEqual(self.reserved(pick), {"GOOD": 4})
        self.finish(pick)
        pack = self.step(order, self.plant.pack_type_id)
        self.assertEqual(self.reserved(pack), {"GOOD": 4})
        self.hold(self.good)
        self.assertEqual(self.reserved(pack), {})
        self.assertIn("GOOD", pack.activity_ids.note)
        pack.action_assign()
        self.assertEqual(self.reserved(pack), {}, "a chained move is offered it again")
        self.fill(pack.move_ids.with_env(self.floor), {self.good: 4})
        with self.assertRaisesRegex(UserError, self.hold_reason), self.env.cr.savepoint():
            self.validate(pack.with_env(self.floor))

    def test_lot_held_in_a_transit_arrives(self):
        transit = self.env.ref("stock.stock_location_inter_company", raise_if_not_found=False) or (
            self.env["stock.location"].create({"name": "Truck", "usage": "transit"})
        )
        transit.active = True
        self.transfer({self.bad: 5}, self.stock, transit)
        self.hold(self.bad)
        self.transfer({self.bad: 5}, transit, self.stock)
        with self.assertRaisesRegex(UserError, self.hold_reason), self.env.cr.savepoint():
            self.transfer({self.bad: 5}, self.stock, transit)

    def test_component_picked_before_production_is_stopped_there(self):
        self.plant.manufacture_steps = "pbm"
        soup = self.product("Soup")
        bom = self.bom(soup, {self.spinach: 1})
        self.hold(self.good)
        order = self.order(soup, 4, bom=bom)
        pick = order.picking_ids.with_env(self.env)
        pick.action_assign()
        self.assertEqual(self.reserved(pick), {"BAD": 4})

    def test_two_lots_held_at_once_tell_each_document_once(self):
        order = self.sale(15)
        delivery = self.step(order, self.plant.out_type_id)
        self.assertEqual(self.reserved(delivery), {"GOOD": 10, "BAD": 5})
        lots = self.good | self.bad
        lots.with_env(self.floor).set_status("hold", self.hold_reason)
        self.assertEqual(self.reserved(delivery), {})
        self.assertEqual(len(delivery.activity_ids), 1)
        self.assertIn("GOOD", delivery.activity_ids.note)
        self.assertIn("BAD", delivery.activity_ids.note)

    # -- core's question about expired lots --------------------------------------------------

    def expired_delivery(self):
        self.spinach.use_expiration_date = True
        self.good.expiration_date = fields.Datetime.now() - timedelta(days=3)
        return self.picking(self.plant.out_type_id, {self.good: 2}, target=self.customers)

    def question(self, picking, env):
        """Core's dialog, as the user of `env` gets it on validating."""
        action = picking.with_env(env).button_validate()
        self.assertEqual(action["res_model"], "expiry.picking.confirmation")
        return env["expiry.picking.confirmation"].with_context(**action["context"]).create({})

    def test_operator_cannot_confirm_an_expired_lot(self):
        picking = self.expired_delivery()
        question = self.question(picking, self.floor)
        self.assertEqual((question.gate_refuses, question.may_let_pass), (True, False))
        with self.assertRaisesRegex(UserError, "expired on 2026-02-27"), self.env.cr.savepoint():
            question.process()
        self.assertNotEqual(picking.state, "done")

    def test_quality_confirms_an_expired_lot_with_a_reason(self):
        picking = self.expired_delivery()
        question = self.question(picking, self.laboratory)
        self.assertEqual((question.gate_refuses, question.may_let_pass), (True, True))
        with self.assertRaisesRegex(UserError, "Say why"), self.env.cr.savepoint():
            question.process()
        question.let_pass_reason = "For animal feed, agreed with the customer"
        question.process()
        self.assertEqual(picking.state, "done")
        passed = self.env["lot.gate.override"].search([("lot_id", "=", self.good.id)])
        self.assertEqual(passed.refused_for, "expired on 2026-02-27")
        self.assertEqual(passed.user_id, self.quality)
        self.assertEqual(passed.document_name, picking.name)

    def test_document_shows_what_will_be_refused_and_quality_lets_it_pass(self):
        self.hold(self.bad)
        picking = self.picking(self.plant.out_type_id, {self.bad: 2}, target=self.customers)
        self.assertIn("BAD (Spinach): On hold – Listeria suspected", picking.lot_refusals)
        with self.assertRaises(AccessError):
            self.let_pass(picking.with_env(self.floor))
        self.let_pass(picking.with_env(self.laboratory))
        picking.invalidate_recordset(["lot_refusals"])
        self.assertFalse(picking.lot_refusals)
        self.validate(picking.with_env(self.floor))

    def let_pass(self, picking):
        action = picking.action_let_lots_pass()
        picking.env["lot.gate.override.wizard"].with_context(**action["context"]).create(
            {"reason": "Trial at the laboratory"}
        ).action_apply()
