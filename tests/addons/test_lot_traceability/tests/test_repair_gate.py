import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OptionalAppsCase


@tagged("post_install", "-at_install")
class TestRepairGate(OptionalAppsCase, HttpCase):
    """A repair order has no banner of the gate: quality is offered to let its lots pass as the
    button is pressed; everybody else, and every program, is refused as anywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.product("Pump", tracking="serial")
        cls.seal = cls.product("Seal")
        cls.pump = cls.lot(cls.machine, "PUMP-1")
        cls.seal_lot = cls.lot(cls.seal, "SEAL-1")
        cls.operator = new_test_user(
            cls.env, login="repair_operator", groups="stock.group_stock_user"
        )
        cls.quality = new_test_user(
            cls.env, login="repair_quality", groups="lot_traceability.group_quality"
        )

    def setUp(self):
        super().setUp()
        self.receive(self.pump, 1)
        self.receive(self.seal_lot, 10)

    def under_repair(self):
        """A repair that takes a seal of the lot, which is held only then."""
        self.later()
        order = self.env["repair.order"].create(
            {
                "product_id": self.machine.id,
                "lot_id": self.pump.id,
                "product_qty": 1,
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
        order.action_repair_start()
        self.hold(self.seal_lot)
        self.pick(order.move_ids, [(self.seal_lot, 1)])
        return order

    def press(self, order, user, method="action_repair_end"):
        """Press a button of the form in the web client; returns its result, or the error."""
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/web/dataset/call_button/{order._name}/{method}",
                data=json.dumps(
                    {
                        "params": {
                            "model": order._name,
                            "method": method,
                            "args": [order.ids],
                            "kwargs": {"context": {}},
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
        self.env.invalidate_all()
        return answer

    def let_pass(self, order, user, reason="Tested apart, deviation 2026-041"):
        wizard = self.env["lot.gate.override.wizard"].with_user(user)
        wizard = wizard.create({"res_model": order._name, "res_id": order.id, "reason": reason})
        self.assertIn("SEAL-1", wizard.lot_refusals)
        return wizard.action_apply()

    def test_operator_is_refused_and_offered_nothing(self):
        order = self.under_repair()
        error = self.press(order, self.operator)["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.UserError")
        self.assertIn("SEAL-1 (Seal): On hold – Listeria suspected", error["message"])
        self.assertEqual(order.state, "under_repair")
        self.assertEqual(self.seal_lot.product_qty, 10)

    def test_operator_cannot_use_the_dialog(self):
        order = self.under_repair()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.let_pass(order, self.operator)
        self.assertFalse(self.env["lot.gate.override"].search([]))

    def test_quality_lets_the_part_pass_and_ends_the_repair(self):
        order = self.under_repair()
        error = self.press(order, self.quality)["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.RedirectWarning")
        message, action, button, context = error["arguments"]
        self.assertIn("SEAL-1 (Seal): On hold – Listeria suspected", message)
        self.assertEqual(button, "Let them pass")
        self.assertEqual(
            self.env["ir.actions.act_window"].browse(action).res_model, "lot.gate.override.wizard"
        )
        self.assertEqual(context, {"default_res_model": "repair.order", "default_res_id": order.id})
        self.let_pass(order, self.quality)
        self.assertNotIn("error", self.press(order, self.quality))
        self.assertEqual(order.state, "done")
        self.assertEqual(self.seal_lot.product_qty, 9)
        passed = self.env["lot.gate.override"].search([("lot_id", "=", self.seal_lot.id)])
        self.assertEqual(
            (passed.document_name, passed.refused_for, passed.reason, passed.user_id),
            (
                order.name,
                "On hold – Listeria suspected",
                "Tested apart, deviation 2026-041",
                self.quality,
            ),
        )
        for record in (order, self.seal_lot):
            notes = " ".join(record.message_ids.mapped("body"))
            self.assertIn("deviation 2026-041", notes)

    def test_operator_ends_the_repair_on_which_quality_let_the_part_pass(self):
        order = self.under_repair()
        self.let_pass(order, self.quality)
        self.assertNotIn("error", self.press(order, self.operator))
        self.assertEqual(order.state, "done")

    def test_program_of_quality_is_refused_by_an_error_that_programs_read(self):
        order = self.under_repair()
        with self.assertRaisesRegex(UserError, "SEAL-1"), self.env.cr.savepoint():
            order.with_user(self.quality).action_repair_end()

    def test_part_passes_on_the_one_repair_alone(self):
        first = self.under_repair()
        self.seal_lot.set_status("released")
        second = self.under_repair()
        # The hold took the lot out of the first one, where somebody takes it once more.
        self.pick(first.move_ids, [(self.seal_lot, 1)])
        self.let_pass(first, self.quality)
        self.assertNotIn("error", self.press(first, self.quality))
        error = self.press(second, self.quality)["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.RedirectWarning")
        self.assertEqual((first.state, second.state), ("done", "under_repair"))

    def test_held_item_that_goes_to_another_place_passes_as_well(self):
        shelf = self.env["stock.location"].create(
            {"name": "Repaired", "usage": "internal", "location_id": self.stock.id}
        )
        order = self.under_repair()
        order.product_location_dest_id = shelf
        self.seal_lot.set_status("released")
        self.hold(self.pump)
        error = self.press(order, self.quality)["error"]["data"]
        self.assertIn("PUMP-1 (Pump)", error["arguments"][0])
        wizard = self.env["lot.gate.override.wizard"].with_user(self.quality)
        wizard = wizard.create(
            {"res_model": order._name, "res_id": order.id, "reason": "Back to its owner"}
        )
        self.assertEqual(wizard.lot_refusals, "- PUMP-1 (Pump): On hold – Listeria suspected")
        wizard.action_apply()
        self.assertNotIn("error", self.press(order, self.operator))
        self.assertEqual(order.state, "done")

    def test_transfer_with_a_banner_of_its_own_refuses_quality_as_before(self):
        self.hold(self.seal_lot)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.seal.id,
                            "product_uom_qty": 1,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        self.pick(picking.move_ids, [(self.seal_lot, 1)])
        error = self.press(picking, self.quality, "button_validate")["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.UserError")
        self.assertTrue(picking.lot_refusals)
