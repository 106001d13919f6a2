from odoo.addons.lot_traceability.tests.signature_common import PASSWORD
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallDisposition(RecallCommon):
    """What becomes of recalled goods, and that it was done."""

    def test_destroy_needs_certificate_and_witness_and_scraps_once(self):
        recall = self.stopped()
        destroy = self.planned(recall, self.cheese_1, 4)
        bench = destroy.with_env(self.laboratory)
        with self.assertRaisesRegex(UserError, "certificate of destruction"):
            bench.do()
        self.certify(bench)
        bench.do()
        self.wait()
        self.assertEqual((destroy.state, destroy.done_by_id), ("done", self.quality))
        self.assertEqual((destroy.scrap_ids.state, destroy.scrap_ids.scrap_qty), ("done", 4.0))
        self.assertFalse(sum(self.in_stock(self.cheese_1).mapped("quantity")))
        with self.assertRaisesRegex(UserError, "already"):
            bench.do()
        with self.assertRaisesRegex(UserError, "does not change"):
            bench.write({"witness_name": "Somebody else"})
        self.assertEqual(recall.costs()["kinds"]["product"], 32.0)
        self.assertEqual(len(recall.disposition_ids), 1)

    def test_no_more_than_there_is(self):
        recall = self.stopped()
        self.planned(recall, self.cheese_1, 3)
        with self.assertRaisesRegex(UserError, "more than there is.*1 kg are not planned"):
            self.planned(recall, self.cheese_1, 2)
        with self.assertRaisesRegex(UserError, "Enter how much"):
            self.planned(recall, self.cheese_1, 0)
        with self.assertRaisesRegex(UserError, "does not take lot CHEESE-GOOD"):
            self.planned(recall, self.good_cheese, 1)

    def test_all_stock_is_planned_by_lot_and_place_and_nothing_twice(self):
        recall = self.stopped()
        self.planned(recall, self.cheese_1, 1)
        found = recall.plan_dispositions("destroy", note="Listeria")
        rows = recall.disposition_ids.browse(found)
        self.assertEqual(
            {row.lot_id: row.quantity for row in rows},
            {self.milk: 60.0, self.cheese_1: 3.0, self.cheese_2: 6.0},
        )
        self.assertFalse(recall.plan_dispositions("destroy"))
        rows[0].cancel("Kept for the laboratory")
        self.assertEqual(len(recall.plan_dispositions("destroy")), 1)

    def test_scrap_outside_of_the_recall_has_a_clear_outcome(self):
        recall = self.recall()
        self.scrap(self.cheese_2, 1)  # before the scope is frozen
        recall.draft_scope_id.freeze()
        recall.stop()
        self.scrap(self.cheese_1, 2)
        self.scrap(self.good_cheese, 1)
        outside = recall.disposition_ids
        self.assertEqual(set(outside.mapped("kind")), {"outside"})
        self.assertEqual(
            {row.lot_id: row.quantity for row in outside}, {self.cheese_1: 2.0, self.cheese_2: 1.0}
        )
        self.assertEqual(set(outside.mapped("state")), {"done"})
        self.assertEqual(recall.find_scrapped(), 0)
        self.assertEqual(recall.costs()["kinds"]["product"], 24.0)
        with self.assertRaisesRegex(UserError, "found by itself"):
            self.planned(recall, self.cheese_1, 1, "outside")

    def test_goods_missing_after_a_count_call_the_one_in_charge_until_they_are_found(self):
        recall = self.stopped()
        self.count(self.cheese_1, 0)
        self.count(self.good_cheese, 0)
        call = self.missing(recall)
        self.assertEqual(call.user_id, self.recaller)
        self.assertIn("CHEESE-1: 4 kg less than the records had", call.note)
        self.assertFalse(recall.disposition_ids)
        recall.reconcile()
        row = recall.balance_ids.filtered(lambda one: one.lot_id == self.cheese_1)
        self.assertEqual((row.on_hand, row.counted, row.gap), (0.0, -4.0, 10.0))
        self.assertFalse(recall.costs()["total"])
        self.count(self.cheese_1, 1)
        self.assertIn("CHEESE-1: 3 kg less", self.missing(recall).note)
        self.count(self.cheese_1, 4)
        self.assertFalse(self.missing(recall))
        told = [step["missing"] for step in self.steps(recall) if step["step"] == "counted"]
        self.assertEqual(
            [[(row["name"], row["quantity"]) for row in rows] for rows in told],
            [[("CHEESE-1", "4")], [("CHEESE-1", "3")], []],
        )

    def test_goods_counted_away_before_the_freeze_are_missing_and_a_drill_calls_nobody(self):
        drill, recall = self.recall(kind="mock"), self.recall()
        self.count(self.cheese_1, 3)
        self.assertFalse(self.missing(recall))
        drill.draft_scope_id.freeze()
        recall.draft_scope_id.freeze()
        self.assertIn("CHEESE-1: 1 kg less", self.missing(recall).note)
        self.count(self.cheese_1, 2)
        self.assertFalse(drill.sudo().activity_ids)

    def missing(self, recall):
        kind = self.env.ref("lot_traceability_recall.activity_recall_counted")
        return recall.sudo().activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def test_rework_is_an_order_that_may_use_the_lot_and_leaves_an_edge(self):
        recall = self.stopped()
        spread = self.product("Processed cheese")
        rework = self.planned(
            recall, self.cheese_1, 4, "rework", rework_product_id=spread.id, note="Melted at 95 °C"
        )
        rework.with_env(self.laboratory).do()
        order = self.floor["mrp.production"].browse(rework.production_ids.id)
        self.assertEqual((rework.state, order.recall_id), ("running", recall))
        passed = self.env["lot.gate.override"].search([("res_id", "=", order.id)])
        self.assertEqual((passed.lot_id, passed.user_id), (self.cheese_1, self.quality))
        self.assertIn("Melted at 95 °C", passed.reason)
        made = self.lot(spread, "SPREAD-1")
        self.produce(order, made)
        self.assertEqual(rework.state, "done")
        self.assert_traced(self.cheese_1, made, order)

    def test_rework_under_a_new_lot_of_the_same_product_is_traced(self):
        recall = self.stopped()
        rework = self.planned(recall, self.cheese_1, 4, "rework")
        rework.with_env(self.laboratory).do()
        order = self.floor["mrp.production"].browse(rework.production_ids.id)
        made = self.lot(self.cheese_product, "CHEESE-1R")
        self.produce(order, made)
        self.assert_traced(self.cheese_1, made, order)
        self.assertEqual(made.status_id.code, "released")
        self.deliver({made: 4}, self.shop)

    def test_rework_waits_for_the_signature_where_letting_pass_is_signed(self):
        self.registry_enter_test_mode()
        self.quality.write({"password": PASSWORD})
        self.env.ref("lot_traceability.step_override").demanded = True
        recall = self.stopped()
        spread = self.product("Processed cheese")
        rework = self.planned(recall, self.cheese_1, 4, "rework", rework_product_id=spread.id)
        rework.with_env(self.laboratory).do()
        call = rework.activity_ids
        self.assertEqual(call.user_id, self.quality)
        self.assertIn(rework.production_ids.name, call.note)
        order = self.floor["mrp.production"].browse(rework.production_ids.id)
        self.assertIn("CHEESE-1", order.lot_refusals)
        made = self.lot(spread, "SPREAD-1")
        with self.assertRaisesRegex(UserError, "CHEESE-1"), self.env.cr.savepoint():
            self.produce(order, made)
        self.env.invalidate_all()
        self.assertEqual(rework.state, "running")
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.signed(order, self.operator)
        self.signed(order, self.quality)
        self.assertFalse(rework.activity_ids)
        self.produce(order, made)
        self.assertEqual(rework.state, "done")
        self.assert_traced(self.cheese_1, made, order)

    def signed(self, order, user):
        """Letting the lots of an order pass, signed by this user."""
        return self.env(user=user)["lot.signature"].sign(
            "override",
            order._name,
            order.ids,
            {"login": user.login, "password": PASSWORD},
            "approval",
            "Melted at 95 °C",
            {"reason": "Melted at 95 °C"},
        )

    def assert_traced(self, parent, child, order):
        """A reader's trace of the one shows that the other was made of it, by this order."""
        trace = self.env(user=self.reader)["lot.trace"].trace(parent.ids, "downstream")
        edge = next(row for row in trace["edges"] if row["child_lot_id"] == child.id)
        self.assertEqual(
            (edge["parent_lot_id"], edge["kind"], edge["certainty"], edge["parent_quantity"]),
            (parent.id, "production", "recorded", 4.0),
        )
        self.assertEqual(edge["document"]["id"], order.id)

    def test_order_of_a_rework_that_is_called_off_leaves_it_to_be_done(self):
        recall = self.stopped()
        rework = self.planned(recall, self.cheese_1, 4, "rework")
        rework.do()
        rework.production_ids.sudo().action_cancel()
        self.assertEqual(rework.state, "planned")
        rework.cancel()
        self.assertEqual(rework.state, "cancelled")

    def test_back_to_the_supplier_names_the_receipt(self):
        recall = self.stopped()
        back = self.planned(recall, self.milk, 60, "supplier")
        back.with_env(self.laboratory).do()
        picking = back.picking_ids
        self.assertEqual((picking.partner_id, back.state), (self.dairy, "running"))
        self.assertTrue(picking.move_ids.origin_returned_move_id)
        picking.move_ids.picked = True
        self.validate(picking.with_env(self.floor))
        self.assertEqual(back.state, "done")
        self.assertEqual(picking.move_line_ids.lot_id, self.milk)

    def test_release_gives_the_whole_lot_its_status_before(self):
        self.cheese_2.with_env(self.laboratory).set_status("hold", "Smells")
        recall = self.stopped()
        release = self.planned(recall, self.cheese_1, 4, "release", note="Second test is negative")
        with self.assertRaises(AccessError):
            release.with_env(self.laboratory).do()
        destroy = self.planned(recall, self.cheese_2, 1)
        free = self.planned(recall, self.cheese_2, 5, "release")
        with self.assertRaisesRegex(UserError, "released as a whole"):
            free.do()
        destroy.cancel()
        (release | free).do()
        self.assertEqual(self.cheese_1.status_id.code, "released")
        self.assertIn("negative", self.cheese_1.status_reason)
        self.assertEqual(self.cheese_2.status_id.code, "hold")
        self.deliver({self.cheese_1: 1}, self.shop)

    def test_released_goods_leave_the_place_for_recalled_ones(self):
        recall = self.stopped()
        place = self.env.company._recall_place()
        self.transfer({self.cheese_1: 4}, self.stock, place)
        release = self.planned(recall, self.cheese_1, 4, "release", location_id=place.id)
        release.do()
        self.assertEqual(release.state, "running")
        release.picking_ids.move_ids.picked = True
        self.validate(release.picking_ids.with_env(self.floor))
        self.assertEqual(release.state, "done")
        self.assertEqual(self.in_stock(self.cheese_1).location_id, place.warehouse_id.lot_stock_id)

    def test_who_decides_who_does_and_who_only_reads(self):
        recall = self.stopped()
        with self.assertRaises(AccessError):
            self.planned(recall.with_env(self.laboratory), self.cheese_1, 1)
        destroy = self.planned(recall, self.cheese_1, 1)
        with self.assertRaises(AccessError):
            destroy.with_user(self.reader).do()
        self.assertEqual(destroy.with_user(self.reader).value, 8.0)
        drill = self.frozen(kind="mock")
        with self.assertRaisesRegex(UserError, "is a drill"):
            self.planned(drill, self.cheese_2, 1)

    def test_destruction_is_signed_where_the_firm_has_it_signed(self):
        self.registry_enter_test_mode()
        self.quality.write({"password": PASSWORD})
        step = self.env.ref("lot_traceability_recall.step_recall_destroy")
        step.demanded = True
        recall = self.stopped()
        destroy = self.planned(recall, self.cheese_1, 4).with_env(self.laboratory)
        self.certify(destroy)
        with self.assertRaisesRegex(UserError, "has to be signed"):
            destroy.do()
        self.env.flush_all()
        answer = self.laboratory["lot.signature"].sign(
            "recall_destroy",
            destroy._name,
            destroy.ids,
            {"login": self.quality.login, "password": PASSWORD},
            "responsibility",
            "Burned in my presence",
            {},
        )
        self.assertEqual(destroy.state, "done")
        signature = self.env["lot.signature"].browse(answer["signature_ids"])
        self.assertEqual((signature.res_model, signature.lot_id), (destroy._name, self.cheese_1))

    def test_many_are_destroyed_at_once_with_one_certificate_and_one_witness(self):
        recall = self.stopped()
        rows = recall.disposition_ids.browse(recall.plan_dispositions("destroy"))
        self.assertEqual(len(rows), 3)
        with self.assertRaises(AccessError):
            rows.with_user(self.reader).action_do()
        dialog = self.destroying(rows.with_env(self.laboratory).action_do())
        self.assertIn("CHEESE-1 (Cheese): 4 kg", dialog.summary)
        with self.assertRaisesRegex(AssertionError, "witness_name"):
            dialog.save()
        dialog.witness_name = "W. Itness"
        with self.assertRaisesRegex(UserError, "certificate of destruction"):
            dialog.save().action_destroy()
        paper = self.laboratory["ir.attachment"].create({"name": "c.pdf", "raw": b"burned"})
        dialog.attachment_ids.add(paper)
        dialog.save().action_destroy()
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertEqual(set(rows.mapped("witness_name")), {"W. Itness"})
        # Whoever sees the disposition sees its certificate, though only its owner saw the upload.
        self.assertEqual(rows[2].with_user(self.reader).attachment_ids.raw, b"burned")

    def test_paper_of_another_is_not_given_away_with_the_disposition(self):
        paper = self.env["ir.attachment"].create({"name": "pay.pdf", "raw": b"secret"})
        destroy = self.planned(self.stopped(), self.cheese_1, 1)
        destroy.sudo().attachment_ids = paper
        destroy.write({"attachment_ids": [Command.link(paper.id)]})
        self.assertFalse(paper.res_id)

    def destroying(self, action):
        """The dialog that an action opens."""
        model = self.laboratory[action["res_model"]].with_context(**action["context"])
        return Form(model)

    def test_form_offers_the_place_and_all_that_is_there(self):
        recall = self.stopped()
        self.planned(recall, self.cheese_1, 1)
        form = Form(self.room["lot.recall.disposition"].with_context(default_recall_id=recall.id))
        form.lot_id = self.cheese_1.with_env(self.room)
        self.assertEqual(form.quantity, 3.0)
        form.kind = "supplier"
        saved = form.save()
        self.assertEqual((saved.location_id, saved.decided_by_id), (self.stock, self.recaller))
        wizard = self.room["lot.recall.dispose"].with_context(active_id=recall.id)
        wizard.create({"kind": "destroy", "note": "Listeria"}).action_plan()
        self.assertEqual(
            set(recall.disposition_ids.lot_id), {self.milk, self.cheese_1, self.cheese_2}
        )

    def test_another_company_sees_nothing_of_it(self):
        recall = self.stopped()
        destroy = self.planned(recall, self.cheese_1, 1)
        recall.draw_checks("A")
        other = self.env["res.company"].create({"name": "Other dairy"})
        stranger = new_test_user(
            self.env,
            login="flow_stranger",
            groups="lot_traceability.group_recall_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for records in (destroy, recall.check_ids, recall.check_draw_ids):
            self.assertFalse(records.with_user(stranger).search([]))
            with self.assertRaises(AccessError):
                records.with_user(stranger).read(["recall_id"])

    def planned(self, recall, lot, quantity, kind="destroy", **values):
        return recall.env["lot.recall.disposition"].create(
            {
                "recall_id": recall.id,
                "lot_id": lot.id,
                "quantity": quantity,
                "kind": kind,
                "location_id": self.stock.id,
                **values,
            }
        )

    def certify(self, disposition):
        disposition.write(
            {
                "witness_name": "W. Itness",
                "attachment_ids": [
                    Command.create({"name": "certificate.pdf", "raw": b"burned", "res_id": 0})
                ],
            }
        )

    def in_stock(self, lot):
        return lot.quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal" and quant.quantity > 0
        )
