from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGateUnbuild(LotTraceabilityCommon):
    """An unbuild order makes its moves only as it is done: what is refused, and what quality lets
    pass, is known from the order itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.whey, cls.cheese = (cls.product(name) for name in ("Milk", "Whey", "Cheese"))
        cls.milk_lot = cls.received(cls.milk, "MILK-A", 100)
        cls.bad = cls.lot(cls.cheese, "BAD")
        cls.whey_lot = cls.lot(cls.whey, "WHEY-1")
        bom = cls.bom(cls.cheese, {cls.milk: 5}, byproducts=[(cls.whey, 4, 0)])
        cls.made = cls.order(cls.cheese, 10, bom=bom)
        cls.fill(cls.made.move_byproduct_ids, {cls.whey_lot: 40})
        cls.produce(cls.made, cls.bad, {cls.milk_lot: 50})

    def hold(self, lot):
        lot.with_env(self.floor).set_status("hold", "Listeria suspected")

    def planned(self, quantity=2, env=None):
        return (env or self.floor)["mrp.unbuild"].create(
            {
                "mo_id": self.made.id,
                "product_id": self.cheese.id,
                "product_qty": quantity,
                "lot_id": self.bad.id,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
            }
        )

    def assertRefused(self, order):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            order.action_validate()
        self.env.invalidate_all()
        self.assertIn("Listeria suspected", str(caught.exception))
        self.assertEqual(order.state, "draft")
        return str(caught.exception)

    def let_pass(self, order, env=None, reason="Milk goes back to the tank, then to the drain"):
        order = order.with_env(env or self.laboratory)
        action = order.action_let_lots_pass()
        wizard = order.env["lot.gate.override.wizard"].with_context(**action["context"])
        return wizard.create({"reason": reason}).action_apply()

    def test_held_lot_is_not_taken_apart(self):
        self.hold(self.bad)
        order = self.planned()
        self.assertIn("BAD (Cheese)", self.assertRefused(order))
        self.assertEqual(self.bad.product_qty, 10)
        self.assertEqual(self.milk_lot.product_qty, 50)

    def test_form_names_the_held_lot_before_the_order_is_saved(self):
        self.hold(self.bad)
        form = Form(self.floor["mrp.unbuild"])
        self.assertFalse(form.lot_refusals)
        form.mo_id = self.made.with_env(self.floor)
        form.lot_id = self.bad.with_env(self.floor)
        self.assertEqual(form.lot_refusals, "- BAD (Cheese): On hold – Listeria suspected")
        self.assertEqual(form.save().lot_refusals, form.lot_refusals)

    def test_usable_lot_is_taken_apart_and_nothing_is_said(self):
        order = self.planned()
        self.assertFalse(order.lot_refusals)
        order.action_validate()
        self.assertEqual((order.state, self.bad.product_qty), ("done", 8))
        self.hold(self.bad)
        order.invalidate_recordset(["lot_refusals"])
        self.assertFalse(order.lot_refusals, "what was done before is not refused now")

    def test_held_by_product_is_named_as_well(self):
        self.hold(self.whey_lot)
        order = self.planned()
        self.assertEqual(order.lot_refusals, "- WHEY-1 (Whey): On hold – Listeria suspected")
        self.assertIn("WHEY-1", self.assertRefused(order))
        self.let_pass(order)
        order.action_validate()
        self.assertEqual((order.state, self.whey_lot.product_qty), ("done", 32))

    def test_order_without_a_manufacturing_order_names_its_lot(self):
        self.hold(self.bad)
        order = self.planned()
        order.mo_id = False
        self.assertIn("BAD", order.lot_refusals)

    def test_quality_lets_the_lot_pass_and_the_operator_takes_it_apart(self):
        self.hold(self.bad)
        order = self.planned()
        self.assertIs(self.let_pass(order), True)
        order.invalidate_recordset(["lot_refusals"])
        self.assertFalse(order.lot_refusals)
        order.action_validate()
        self.assertEqual((order.state, self.bad.product_qty), ("done", 8))
        passed = self.env["lot.gate.override"].search([("lot_id", "=", self.bad.id)])
        self.assertEqual(
            (passed.document_name, passed.res_model, passed.res_id, passed.user_id),
            (order.name, "mrp.unbuild", order.id, self.quality),
        )
        self.assertEqual(passed.refused_for, "On hold – Listeria suspected")
        self.assertEqual(passed.reason, "Milk goes back to the tank, then to the drain")
        for record in (order, self.bad):
            self.assertIn("back to the tank", record.message_ids[:1].body)
        self.assertNoDrift()

    def test_quality_without_a_role_in_production_lets_the_lot_pass(self):
        chemist = new_test_user(self.env, login="chemist", groups="lot_traceability.group_quality")
        self.hold(self.bad)
        order = self.planned()
        self.assertFalse(order.with_user(chemist).has_access("write"))
        self.let_pass(order, self.env(user=chemist))
        order.action_validate()
        self.assertEqual(order.state, "done")
        self.assertEqual(order.message_ids.filtered("body")[-1:].author_id, chemist.partner_id)

    def test_operator_does_not_let_a_lot_pass(self):
        self.hold(self.bad)
        order = self.planned()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.let_pass(order, self.floor)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.floor["lot.gate.override.wizard"].create(
                {"res_model": order._name, "res_id": order.id, "reason": "In a hurry"}
            )
        self.assertRefused(order)

    def test_lot_passes_on_the_one_order_alone(self):
        self.hold(self.bad)
        first, second = self.planned(), self.planned()
        self.let_pass(first)
        first.action_validate()
        self.assertEqual(first.state, "done")
        self.assertIn("BAD", second.lot_refusals)
        self.assertRefused(second)

    def test_dialog_of_a_manufacturing_order_shows_the_unbuild_order_once_the_lot_may_pass(self):
        self.hold(self.bad)
        order = self.planned().with_context(lot_gate_open_document=True)
        action = order.with_env(self.laboratory(context=order.env.context)).action_let_lots_pass()
        wizard = self.laboratory["lot.gate.override.wizard"].with_context(**action["context"])
        after = wizard.create({"reason": "Trial"}).action_apply()
        self.assertEqual((after["res_model"], after["res_id"]), ("mrp.unbuild", order.id))

    def test_nothing_passes_where_nothing_is_refused(self):
        order = self.planned(env=self.laboratory)
        with self.assertRaisesRegex(UserError, "No lot of this document is refused"):
            self.let_pass(order)
        wizard = self.laboratory["lot.gate.override.wizard"].create(
            {"res_model": order._name, "res_id": order.id, "reason": "Just in case"}
        )
        with self.assertRaisesRegex(UserError, "No lot of this document is refused"):
            wizard.action_apply()
        self.assertFalse(self.env["lot.gate.override"].search([("res_id", "=", order.id)]))

    def test_lots_pass_on_no_record_that_moves_none(self):
        wizards = self.laboratory["lot.gate.override.wizard"]
        for model in ("res.partner", "stock.lot", "no.model"):
            with self.assertRaisesRegex(UserError, "documents that move them"):
                wizards.new({"res_model": model, "res_id": 1, "reason": "X"})._document()

    def test_document_of_another_company_is_none_of_ours(self):
        other = self.env["res.company"].create({"name": "Other"})
        order = self.env["mrp.unbuild"].create(
            {
                "product_id": self.cheese.id,
                "lot_id": self.bad.id,
                "company_id": other.id,
                "bom_id": self.made.bom_id.id,
            }
        )
        wizards = self.laboratory["lot.gate.override.wizard"]
        with self.assertRaises(AccessError):
            wizards.new({"res_model": order._name, "res_id": order.id, "reason": "X"})._document()
