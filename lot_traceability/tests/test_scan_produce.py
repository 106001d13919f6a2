from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import new_test_user, tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanProduce(ScanCommon):
    """Producing with a handheld: components scanned in, a lot out, Odoo's questions answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.salt = cls.product("Salt", tracking="none", barcode="SALT-BARCODE")
        cls.milk_1, cls.milk_2 = (cls.lot(cls.milk, name) for name in ("M-1", "M-2"))
        cls.receive({cls.milk_1: 100, cls.milk_2: 100, cls.salt: 50})
        cls.recipe = cls.bom(cls.cheese, {cls.milk: 2, cls.salt: 0.1})

    @classmethod
    def started(cls, quantity=10, **values):
        order = cls.order(cls.cheese, quantity, bom=cls.recipe, **values)
        order.action_assign()
        return order

    def do(self, order, action, text="", env=None, **data):
        document = {"model": "mrp.production", "id": order.id}
        return self.scan("produce", action, text, env=env, document=document, **data)

    def done(self, order, action, text="", **data):
        answer = self.do(order, action, text, **data)
        self.assertEqual(answer["state"], "done", answer["message"])
        return answer

    def refused(self, order, action, text="", **data):
        answer = self.do(order, action, text, **data)
        self.assertEqual(answer["state"], "refused", answer["message"])
        return answer

    def consumed(self, order):
        """{lot or product: quantity} of what an order that is done took"""
        lines = order.move_raw_ids.move_line_ids.filtered(lambda line: line.state == "done")
        return {
            key: sum(same.mapped("quantity"))
            for key, same in lines.grouped(lambda line: line.lot_id or line.product_id).items()
        }

    # -- the whole way -----------------------------------------------------------------------

    def test_order_is_done_with_the_lots_that_were_scanned(self):
        order = self.started()
        self.done(order, "consume", "M-2", quantity=15)
        self.done(order, "consume", "M-1")
        self.done(order, "produce", quantity=10, number="C-1")
        answer = self.done(order, "finish")
        self.assertEqual(order.state, "done")
        self.assertEqual(self.consumed(order), {self.milk_1: 5, self.milk_2: 15, self.salt: 1})
        made = self.env["stock.lot"].search([("name", "=", "C-1")])
        self.assertEqual((made.product_id, made.product_qty), (self.cheese, 10))
        self.assertEqual(answer["label"], {"model": "stock.lot", "ids": made.ids})
        self.assertTrue(answer["document"]["done"])
        self.wait()
        self.assertEdges(order, {("M-1", "C-1"): (5, 2.5), ("M-2", "C-1"): (15, 7.5)})

    def test_order_shows_what_is_asked_planned_and_scanned(self):
        order = self.started()
        told = self.floor["lot.scan"].document("produce", "mrp.production", order.id)
        lines = {line["product"]["name"]: line for line in told["lines"]}
        self.assertEqual((lines["Milk"]["asked"], lines["Milk"]["taken"]), (20, 0))
        self.assertEqual([one["lot"] for one in lines["Milk"]["allocated"]], ["M-1"])
        self.assertEqual(told["made"]["asked"], 10)
        answer = self.done(order, "consume", "M-2", quantity=15)
        line = next(one for one in answer["document"]["lines"] if one["taken"])
        self.assertEqual([one["lot"] for one in line["entries"]], ["M-2"])
        # What is not asked for any more is free for others.
        self.assertEqual([one["quantity"] for one in line["allocated"]], [5])

    # -- components --------------------------------------------------------------------------

    def test_component_without_lots_is_scanned_or_tapped(self):
        order = self.started()
        self.done(order, "consume", "SALT-BARCODE", quantity=0.4)
        line = order.move_raw_ids.filtered(lambda move: move.product_id == self.salt)
        answer = self.done(order, "consume", line_id=line.id)
        self.assertIn("0.6 kg", answer["message"])

    def test_wrong_goods_are_refused_and_told_what_is_taken(self):
        self.receive({self.lot(self.flour, "F-1"): 5})
        order = self.started()
        answer = self.refused(order, "consume", "F-1")
        self.assertIn("Flour", answer["message"])
        self.assertIn("Milk, Salt", answer["message"])
        self.assertIn("no lot", self.refused(order, "consume", "NOBODY")["message"])

    def test_number_of_two_lots_is_that_of_the_component(self):
        self.receive({self.lot(self.flour, "M-1"): 5})
        order = self.started()
        self.done(order, "consume", "M-1", quantity=20)
        self.assertEqual(self.milk_1, order.move_raw_ids.move_line_ids.filtered("picked").lot_id)

    def test_held_lot_is_refused_with_the_reason_and_another_one(self):
        order = self.started()
        self.milk_1.with_env(self.floor).set_status("hold", "Smells of diesel")
        answer = self.refused(order, "consume", "M-1")
        self.assertIn("Smells of diesel", answer["message"])
        choice = answer["choices"][0]
        self.assertEqual(choice["code"], "other_lot")
        self.assertEqual(choice["data"]["lot_id"], self.milk_2.id)
        self.done(order, "consume", "M-1", **choice["data"])
        self.assertEqual(order.move_raw_ids.move_line_ids.filtered("picked").lot_id, self.milk_2)

    def test_expired_lot_is_refused(self):
        self.milk.use_expiration_date = True
        self.milk_1.expiration_date = Datetime.now() - timedelta(days=2)
        answer = self.refused(self.started(), "consume", "M-1")
        self.assertIn("expired", answer["message"])

    def test_more_than_asked_for_is_asked_about(self):
        order = self.started()
        answer = self.refused(order, "consume", "M-1", quantity=25)
        self.assertEqual([one["code"] for one in answer["choices"]], ["asked", "more"])
        self.done(order, "consume", "M-1", **answer["choices"][1]["data"])
        answer = self.refused(order, "consume", "M-2")
        self.assertIn("taken already", answer["message"])

    def test_more_than_is_there_counts_what_was_scanned_before(self):
        order = self.started(100)
        self.done(order, "consume", "M-1", quantity=60)
        answer = self.refused(order, "consume", "M-1", quantity=60)
        self.assertIn("100 kg", answer["message"])

    def test_goods_in_another_warehouse_are_refused(self):
        other = self.warehouse("Other", "OTH")
        self.receive({self.lot(self.milk, "M-9"): 5}, warehouse=other)
        answer = self.refused(self.started(), "consume", "M-9")
        self.assertIn("It lies in: OTH/Stock", answer["message"])

    def test_serial_is_consumed_once(self):
        pump, motor = self.product("Pump"), self.product("Motor", tracking="serial")
        serial = self.lot(motor, "E-1")
        self.receive({serial: 1, self.lot(motor, "E-2"): 1})
        order = self.order(pump, 2, {motor: 2})
        self.done(order, "consume", "E-1")
        self.assertIn("scanned already", self.refused(order, "consume", "E-1")["message"])
        self.done(order, "consume", "E-2")
        self.assertIn("more than", self.refused(order, "consume", "E-2", quantity=1)["message"])

    def test_what_was_scanned_is_taken_back(self):
        order = self.started()
        answer = self.done(order, "consume", "M-2", quantity=20)
        entry = next(line["entries"] for line in answer["document"]["lines"] if line["entries"])[0]
        answer = self.done(order, "undo", entry_id=entry["id"])
        self.assertEqual([line["taken"] for line in answer["document"]["lines"]], [0, 0])
        self.assertTrue(order.move_raw_ids.filtered("move_line_ids"))
        self.assertIn("already", self.refused(order, "undo", entry_id=entry["id"])["message"])

    def test_later_lot_is_told_and_its_reason_asked_when_the_order_is_closed(self):
        fefo = self.env.ref("product_expiry.removal_fefo")
        self.milk.write({"use_expiration_date": True})
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Dairy", "removal_strategy_id": fefo.id}
        )
        self.env.company.lot_fefo_ask = True
        now = Datetime.now()
        for lot, days in ((self.milk_1, 5), (self.milk_2, 9)):
            date = now + timedelta(days=days)
            lot.write({"expiration_date": date, "removal_date": date})
        order = self.started()
        self.assertIn("M-1", self.done(order, "consume", "M-2")["message"].split("MO")[-1])
        self.done(order, "produce", quantity=10)
        answer = self.refused(order, "finish")
        self.assertIn("M-1", answer["message"])
        asked = answer["choices"][0]["asks"]
        self.assertEqual([one["name"] for one in asked], ["reason_id", "note"])
        reason = asked[0]["options"][0][0]
        self.done(order, "finish", reason_id=reason, note="Blocked by a pallet")
        pick = self.env["lot.fefo.pick"].search([("lot_id", "=", self.milk_2.id)])
        self.assertEqual((pick.proposed_lot_id, pick.reason_id.id), (self.milk_1, reason))
        self.assertEqual(pick.note, "Blocked by a pallet")

    # -- what is made ------------------------------------------------------------------------

    def test_lot_is_numbered_when_none_is_told(self):
        order = self.started()
        answer = self.done(order, "produce", quantity=4)
        lot = order.lot_producing_ids
        self.assertTrue(lot.name)
        self.assertIn(lot.name, answer["message"])
        self.done(order, "produce", quantity=6)
        self.assertEqual((order.lot_producing_ids, order.qty_producing), (lot, 10))
        self.assertIn(
            "Finish it first",
            self.refused(order, "produce", quantity=1, number="X", more=True)["message"],
        )

    def test_number_and_day_of_a_printed_label_are_taken(self):
        self.cheese.write({"barcode": "09520123456788", "use_expiration_date": True})
        order = self.started()
        self.done(order, "produce", "0109520123456788" + "17270331" + "10C-77", quantity=10)
        lot = order.lot_producing_ids
        self.assertEqual(lot.name, "C-77")
        day = self.env["lot.calendar"]._day(lot.expiration_date)
        self.assertEqual(str(day), "2027-03-31")
        other = self.refused(self.started(), "produce", "SALT-BARCODE", quantity=1)
        self.assertIn("Salt", other["message"])

    def test_typed_day_is_the_lots(self):
        self.cheese.use_expiration_date = True
        order = self.started()
        self.assertIn(
            "no day", self.refused(order, "produce", quantity=1, expiry="soon")["message"]
        )
        self.done(order, "produce", quantity=10, expiry="2026-09-30")
        day = self.env["lot.calendar"]._day(order.lot_producing_ids.expiration_date)
        self.assertEqual(str(day), "2026-09-30")

    def test_lot_that_there_is_already_is_not_added_to_by_guess(self):
        known = self.lot(self.cheese, "C-1")
        order = self.started()
        answer = self.refused(order, "produce", quantity=10, number="C-1")
        self.assertEqual([one["code"] for one in answer["choices"]], ["existing", "number"])
        self.assertFalse(order.lot_producing_ids)
        self.done(order, "produce", quantity=10, number="C-1", existing=True)
        self.assertEqual(order.lot_producing_ids, known)

    def test_more_than_ordered_is_asked_about_and_quantity_is_asked_for(self):
        order = self.started()
        self.assertEqual(
            self.refused(order, "produce")["choices"][0]["asks"][0]["name"], "quantity"
        )
        answer = self.refused(order, "produce", quantity=12)
        self.done(order, "produce", **answer["choices"][0]["data"])
        self.assertEqual(order.qty_producing, 12)

    def test_serials_are_made_one_by_one_and_never_twice(self):
        pump = self.product("Pump", tracking="serial")
        order = self.order(pump, 3, {self.milk: 3})
        self.done(order, "produce", number="P-1")
        self.assertIn("already", self.refused(order, "produce", number="P-1")["message"])
        self.assertIn("one by", self.refused(order, "produce", number="P-2", quantity=2)["message"])
        self.done(order, "produce", quantity=2)
        self.assertEqual(len(order.lot_producing_ids), 3)
        self.done(order, "consume", "M-1", quantity=3)
        self.done(order, "finish")
        self.assertEqual(order.state, "done")
        self.assertEqual(sum(order.lot_producing_ids.mapped("product_qty")), 3)

    def test_what_was_made_is_taken_back(self):
        order = self.started()
        self.done(order, "produce", quantity=10, number="C-1")
        answer = self.done(order, "undo", made=True)
        self.assertEqual(answer["document"]["made"]["taken"], 0)
        self.assertFalse(order.lot_producing_ids)

    # -- closing -----------------------------------------------------------------------------

    def test_nothing_made_and_nothing_scanned_are_refused(self):
        order = self.started()
        self.assertIn("how much", self.refused(order, "finish")["message"])
        self.done(order, "produce", quantity=10)
        answer = self.refused(order, "finish")
        self.assertIn("Milk", answer["message"])
        self.assertNotIn("Salt", answer["message"])
        self.assertIn("M-1", answer["choices"][0]["label"])
        self.done(order, "finish", **answer["choices"][0]["data"])
        self.assertEqual(self.consumed(order), {self.milk_1: 20, self.salt: 1})

    def test_rest_is_another_order_or_none(self):
        order = self.started()
        self.done(order, "consume", "M-1", quantity=10)
        self.done(order, "produce", quantity=5)
        answer = self.refused(order, "finish")
        self.assertEqual([one["code"] for one in answer["choices"]], ["backorder", "no_backorder"])
        answer = self.done(order, "finish", backorder=True)
        rest = self.env["mrp.production"].browse(answer["backorder"]["id"])
        self.assertEqual((rest.product_qty, rest.state), (5, "confirmed"))
        self.assertEqual(self.consumed(order)[self.milk_1], 10)
        self.assertEqual(order.lot_producing_ids.product_qty, 5)
        self.done(rest, "consume", "M-2")
        self.done(rest, "produce", quantity=4)
        answer = self.done(rest, "finish", backorder=False, consumption="as_scanned")
        self.assertFalse(answer["backorder"])

    def test_other_amounts_than_the_bill_says_are_confirmed(self):
        self.recipe.consumption = "warning"
        order = self.started()
        self.done(order, "consume", "M-1", quantity=18)
        self.done(order, "produce", quantity=10)
        answer = self.refused(order, "finish")
        self.assertIn("18 kg instead of 20 kg", answer["message"])
        self.done(order, "finish", **answer["choices"][0]["data"])
        self.assertEqual(self.consumed(order)[self.milk_1], 18)

    def test_strict_bill_is_not_for_the_operator_to_break(self):
        self.recipe.consumption = "strict"
        order = self.started()
        self.done(order, "consume", "M-1", quantity=18)
        self.done(order, "produce", quantity=10)
        answer = self.refused(order, "finish", consumption="as_scanned")
        self.assertFalse(answer["choices"])

    def test_lot_that_was_held_after_it_was_scanned_stops_the_order(self):
        order = self.started()
        self.done(order, "consume", "M-1")
        self.done(order, "produce", quantity=10)
        self.milk_1.with_env(self.floor).set_status("hold", "Smells of diesel")
        answer = self.refused(order, "finish", planned=True)
        self.assertTrue(answer["message"])
        self.assertNotEqual(order.state, "done")

    def test_order_that_is_done_gone_or_none_is_refused(self):
        order = self.started()
        self.done(order, "consume", "M-1")
        self.done(order, "produce", quantity=10)
        self.done(order, "finish")
        self.assertIn("Choose another", self.refused(order, "consume", "M-2")["message"])
        for document in (
            None,
            {},
            {"model": "res.users", "id": 2},
            {"model": "mrp.production", "id": 2**40},
        ):
            answer = self.scan("produce", "finish", document=document)
            self.assertEqual(answer["state"], "refused")

    # -- the list ----------------------------------------------------------------------------

    def test_orders_are_found_by_number_product_and_scanned_lot(self):
        order = self.started()
        other = self.order(self.product("Bread"), 1, {self.flour: 1})
        documents = self.floor["lot.scan"].documents
        self.assertGreaterEqual({one["id"] for one in documents("produce")}, {order.id, other.id})
        for query in (order.name, "Cheese", "M-1", "SALT-BARCODE"):
            found = {one["id"] for one in documents("produce", query)}
            self.assertIn(order.id, found, query)
            self.assertNotIn(other.id, found, query)
        found = {one["id"]: one for one in documents("produce")}
        self.assertTrue(found[other.id]["warning"])
        self.assertFalse(found[order.id]["warning"])

    def test_list_costs_the_same_for_many(self):
        self.started()
        scans = self.floor["lot.scan"]
        scans.documents("produce")

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            scans.documents("produce")
            return self.env.cr.sql_log_count - before

        one = queries()
        for _turn in range(10):
            self.started(1)
        self.assertLessEqual(queries(), one + 2)

    def test_order_costs_the_same_for_many_components(self):
        def queries(count):
            parts = [self.product(f"Part {number}") for number in range(count)]
            self.receive({self.lot(part, f"{part.id}"): 5 for part in parts})
            order = self.order(self.product("Box"), 1, dict.fromkeys(parts, 1))
            order.action_assign()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            told = self.floor["lot.scan"].document("produce", "mrp.production", order.id)
            self.assertEqual(sum(len(line["allocated"]) for line in told["lines"]), count)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(8), queries(2) + 2)

    def test_scan_of_a_component_costs_few_queries(self):
        order = self.started()
        self.done(order, "consume", "M-1", quantity=1)
        command = self.command(
            "produce",
            "consume",
            "M-1",
            quantity=1,
            document={"model": "mrp.production", "id": order.id},
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(85):
            answer = self.send(command)[0]
        self.assertEqual(answer["state"], "done", answer["message"])

    def test_who_has_no_right_to_produce_cannot(self):
        picker = new_test_user(
            self.env,
            login="scan_picker",
            groups="stock.group_stock_user,lot_traceability.group_operator",
        )
        order = self.started()
        answer = self.do(order, "consume", "M-1", env=self.env(user=picker))
        self.assertEqual(answer["state"], "refused")
        self.assertIn("no right to Produce", answer["message"])
        with self.assertRaises(AccessError):
            self.do(order, "consume", "M-1", env=self.env(user=self.reader))
