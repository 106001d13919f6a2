from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import START, LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestLotStatus(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.cheese = cls.product("Cheese")
        cls.raw = cls.received(cls.milk, "RAW-1", 100)
        cls.other = cls.received(cls.milk, "RAW-2", 100)
        cls.made = cls.lot(cls.cheese, "CH-1")
        cls.produce(cls.order(cls.cheese, 5, {cls.raw: 50}), cls.made, components={cls.raw: 50})

    def code(self, lot):
        return lot.status_id.code

    def test_new_lot_is_free(self):
        self.assertEqual(self.code(self.raw), "released")

    def test_operator_holds_and_only_quality_releases(self):
        lot = self.raw.with_env(self.floor)
        lot.set_status("hold", "Bag was torn")
        self.assertEqual((self.code(lot), lot.status_reason), ("hold", "Bag was torn"))
        self.assertEqual(lot.status_user_id, self.operator)
        self.assertEqual(lot.status_date, fields.Datetime.now())
        for step in ("released", "rejected", "quarantine"):
            with self.assertRaises(AccessError):
                lot.set_status(step, "It looks well")
        self.raw.with_env(self.laboratory).set_status("released")
        self.assertEqual(self.code(lot), "released")
        self.assertFalse(lot.status_reason)

    def test_reader_sets_no_status(self):
        with self.assertRaises(AccessError):
            self.raw.with_user(self.reader).set_status("hold", "Suspicion")

    def test_quality_does_not_declare_a_recall(self):
        with self.assertRaises(AccessError):
            self.raw.with_env(self.laboratory).set_status("recalled", "Glass")

    def test_status_that_needs_a_reason_is_not_set_without(self):
        with self.assertRaisesRegex(UserError, "needs a reason"):
            self.raw.with_env(self.floor).set_status("hold")
        with self.assertRaisesRegex(UserError, "needs a reason"):
            self.raw.with_env(self.floor).set_status("hold", "  ")

    def test_unknown_status_names_those_that_exist(self):
        with self.assertRaisesRegex(UserError, "quarantine"):
            self.raw.with_env(self.floor).set_status("holding", "Bag was torn")

    def test_status_written_as_a_field_obeys_the_same_rules(self):
        rejected = self.env.ref("lot_traceability.status_rejected")
        lot = self.raw.with_env(self.floor)
        with self.assertRaises(AccessError):
            lot.write({"status_id": rejected.id, "status_reason": "Mould"})
        for typed in ({"status_user_id": self.quality.id}, {"status_date": START}):
            with self.assertRaises(UserError):
                lot.write(typed)
        with self.assertRaises(UserError):
            lot.status_reason = "Another reason"
        with self.assertRaises(AccessError):
            self.floor["stock.lot"].create(
                {
                    "name": "RAW-3",
                    "product_id": self.milk.id,
                    "status_id": rejected.id,
                    "status_reason": "Mould",
                }
            )

    def test_status_and_reason_stand_in_the_chatter(self):
        lot = self.raw.with_env(self.floor).with_context(tracking_disable=False)
        lot.set_status("hold", "Bag was torn")
        note = lot.message_ids[0]
        self.assertIn("Released → On hold. Bag was torn", note.body)
        self.assertEqual(note.author_id, self.operator.partner_id)

    def test_thousand_lots_are_held_in_few_statements(self):
        lots = self.env["stock.lot"].create(
            [{"name": f"M{number:04}", "product_id": self.milk.id} for number in range(1000)]
        )
        lots = lots.with_env(self.floor).with_context(tracking_disable=False)
        self.env.flush_all()
        with self.assertQueryCount(50):
            lots.set_status("hold", "Cold store failed")
            self.env.flush_all()
        self.assertEqual(len(lots.message_ids), 1000)

    # -- the dialog --------------------------------------------------------------------------

    def dialog(self, records, env=None, **values):
        wizards = (env or self.floor)["lot.status.wizard"].with_context(
            active_model=records._name, active_ids=records.ids
        )
        with Form(wizards) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def test_dialog_holds_all_that_was_made_of_a_lot(self):
        dialog = self.dialog(self.raw, reason="Listeria at the supplier", with_downstream=True)
        self.assertEqual(dialog.downstream_count, 1)
        dialog.action_apply()
        self.assertEqual([self.code(self.raw), self.code(self.made)], ["hold", "hold"])
        self.assertEqual(self.code(self.other), "released")

    def test_dialog_from_stock_holds_the_lots_that_lie_there(self):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.milk.id), ("location_id", "=", self.stock.id)]
        )
        self.dialog(quants, reason="Cold store failed").action_apply()
        self.assertEqual([self.code(self.raw), self.code(self.other)], ["hold", "hold"])
        self.assertEqual(self.code(self.made), "released")

    def test_dialog_from_a_transfer_holds_what_it_brought(self):
        receipt = self.env["stock.move.line"].search(
            [("lot_id", "=", self.raw.id), ("picking_id", "!=", False)]
        )
        for records in (receipt.picking_id, receipt):
            self.dialog(records, reason="Truck was warm").action_apply()
            self.assertEqual(self.code(self.raw), "hold")
            self.raw.with_env(self.laboratory).set_status("released")

    def test_dialog_offers_only_the_steps_that_the_user_may_do(self):
        codes = {
            env: set(self.dialog(self.raw, env, reason="x").allowed_status_ids.mapped("code"))
            for env in (self.floor, self.laboratory)
        }
        self.assertEqual(codes[self.floor], {"quarantine", "hold"})
        self.assertEqual(codes[self.laboratory], {"released", "quarantine", "hold", "rejected"})

    def test_dialog_counts_the_documents_that_lose_lots(self):
        delivery = self.picking(self.plant.out_type_id, {self.raw: 5}, target=self.customers)
        self.assertEqual(self.dialog(self.raw, reason="x").waiting_count, 1)
        self.assertEqual(
            self.dialog(
                self.raw,
                self.laboratory,
                reason="x",
                status_id=self.env.ref("lot_traceability.status_released"),
            ).waiting_count,
            0,
        )
        delivery.action_cancel()
        self.assertEqual(self.dialog(self.raw, reason="x").waiting_count, 0)

    def test_dialog_without_lots_says_so(self):
        with self.assertRaisesRegex(UserError, "no lots here"):
            self.dialog(self.product("Salt", tracking="none").stock_quant_ids)

    # -- quarantine on arrival ---------------------------------------------------------------

    def test_product_that_demands_it_arrives_in_quarantine(self):
        self.milk.lot_quarantine_receipt = True
        lot = self.received(self.milk, "RAW-9", 10)
        self.assertEqual(self.code(lot), "quarantine")
        self.assertIn("to be judged", lot.status_reason)

    def test_category_above_may_demand_it(self):
        above = self.env["product.category"].create({"name": "Raw", "lot_quarantine_receipt": True})
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Dairy", "parent_id": above.id}
        )
        self.assertEqual(self.code(self.received(self.milk, "RAW-9", 10)), "quarantine")

    def test_made_lot_and_by_product_wait_for_quality(self):
        whey = self.product("Whey", lot_quarantine_production=True)
        self.cheese.lot_quarantine_production = True
        bom = self.bom(self.cheese, {self.milk: 10}, byproducts=[(whey, 2, 0)])
        order = self.order(self.cheese, 1, bom=bom)
        lots = self.lot(self.cheese, "CH-2") | self.lot(whey, "WH-2")
        order.move_byproduct_ids.move_line_ids.unlink()
        self.fill(order.move_byproduct_ids, {lots[1]: 2})
        self.produce(order, lots[0], components={self.other: 10})
        self.assertEqual([self.code(lot) for lot in lots], ["quarantine", "quarantine"])

    def test_operation_that_demands_it(self):
        self.plant.in_type_id.lot_quarantine = True
        self.assertEqual(self.code(self.received(self.milk, "RAW-9", 10)), "quarantine")

    def test_arrival_does_not_lighten_a_rejected_lot(self):
        self.milk.lot_quarantine_receipt = True
        self.raw.with_env(self.laboratory).set_status("rejected", "Mould")
        self.receive({self.raw: 5})
        self.assertEqual(self.code(self.raw), "rejected")

    def test_lot_in_quarantine_is_used_once_released(self):
        self.milk.lot_quarantine_receipt = True
        lot = self.received(self.milk, "RAW-9", 10)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.deliver({lot: 1})
        lot.with_env(self.laboratory).set_status("released")
        self.deliver({lot: 1})

    # -- statuses as data --------------------------------------------------------------------

    def test_firms_own_status_works_like_ours(self):
        administrator = self.env.ref("base.user_admin")
        status = (
            self.env["lot.status"]
            .with_user(administrator)
            .create(
                {
                    "name": "Internal use",
                    "code": "internal",
                    "movable": True,
                    "reason_required": False,
                }
            )
        )
        self.raw.with_env(self.laboratory).set_status("internal")
        shelf = self.env["stock.location"].create({"name": "S", "location_id": self.stock.id})
        self.transfer({self.raw: 5}, self.stock, shelf)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.deliver({self.raw: 5})
        status.usable = True
        self.deliver({self.raw: 5})

    def test_statuses_are_configured_by_the_administrator_alone(self):
        hold = self.env.ref("lot_traceability.status_hold")
        for user in (self.operator, self.quality, self.reader):
            with self.assertRaises(AccessError):
                hold.with_user(user).usable = True
        with self.assertRaises(UserError):
            hold.code = "stopped"
        with self.assertRaises(UserError):
            hold.unlink()

    # -- the trace ---------------------------------------------------------------------------

    def test_trace_tells_which_lots_may_not_be_used(self):
        self.made.with_env(self.floor).set_status("hold", "Listeria suspected")
        rows = self.floor["lot.trace"].trace(self.raw.ids, "downstream")["lots"]
        self.assertEqual(
            {row["name"]: (row["status"], row["usable"]) for row in rows},
            {"RAW-1": ("Released", True), "CH-1": ("On hold", False)},
        )
