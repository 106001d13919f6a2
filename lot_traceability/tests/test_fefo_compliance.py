from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..models.lot_done_answers import ANSWERS
from .common import START, LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestFefoCompliance(LotTraceabilityCommon):
    """Whoever takes another lot than the first to expire is asked why, and all is measured."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls.env["product.category"].create(
            {
                "name": "Fresh",
                "removal_strategy_id": cls.env.ref("product_expiry.removal_fefo").id,
            }
        )
        cls.curd = cls.perishable("Curd")
        cls.cake = cls.product("Cake")
        cls.first = cls.stocked(cls.curd, "FIRST", 10, 40)
        cls.second = cls.stocked(cls.curd, "SECOND", 10, 57)
        cls.damaged = cls.env.ref("lot_traceability.fefo_reason_damaged")
        cls.other = cls.env.ref("lot_traceability.fefo_reason_other")

    @classmethod
    def perishable(cls, name, **values):
        return cls.product(
            name,
            categ_id=cls.fresh.id,
            use_expiration_date=True,
            expiration_time=60,
            removal_time=5,
            **values,
        )

    @classmethod
    def stocked(cls, product, name, quantity, days, location=None):
        removal = START + timedelta(days=days)
        lot = cls.lot(
            product, name, expiration_date=removal + timedelta(days=5), removal_date=removal
        )
        cls.count(lot, quantity, location)
        return lot

    def outgoing(self, content, partner=None):
        return self.picking(
            self.plant.out_type_id, content, target=self.customers, partner=partner or self.shop
        )

    def asked(self, action):
        self.assertIsInstance(action, dict, "nothing was asked")
        self.assertEqual(action["res_model"], "lot.done.wizard")
        return (
            self.floor["lot.done.wizard"].with_context(**action["context"]).browse(action["res_id"])
        )

    def picks(self, document):
        return self.env["lot.fefo.pick"].search(
            [("res_model", "=", document._name), ("res_id", "=", document.id)], order="id"
        )

    # -- asking ------------------------------------------------------------------------------

    def test_first_lot_is_taken_without_a_question(self):
        picking = self.outgoing({self.first: 5})
        self.assertIs(picking.button_validate(), True)
        pick = self.picks(picking)
        self.assertTrue(pick.compliant)
        self.assertEqual((pick.compliance, pick.quantity), (100, 5))
        self.assertEqual((pick.lot_id, pick.user_id), (self.first, self.operator))
        self.assertEqual(pick.location_id, self.stock)
        self.assertFalse(pick.proposed_lot_id)

    def test_another_lot_needs_a_reason(self):
        picking = self.outgoing({self.second: 5})
        wizard = self.asked(picking.button_validate())
        self.assertNotEqual(picking.state, "done")
        self.assertIn("FIRST (2026-04-11)", wizard.line_ids.proposed)
        self.assertIn("SECOND (2026-04-28)", wizard.line_ids.taken)
        with self.assertRaisesRegex(UserError, "Curd"):
            wizard.action_confirm()
        wizard.line_ids.reason_id = self.damaged
        wizard.action_confirm()
        self.assertEqual(picking.state, "done")
        pick = self.picks(picking)
        self.assertFalse(pick.compliant)
        self.assertEqual((pick.proposed_lot_id, pick.lot_id), (self.first, self.second))
        self.assertEqual((pick.days, pick.compliance), (17, 0))
        self.assertEqual(pick.reason_id, self.damaged)

    def test_one_reason_for_all_products_unless_one_has_its_own(self):
        quark = self.perishable("Quark")
        self.stocked(quark, "EARLY", 10, 40)
        late = self.stocked(quark, "LATE", 10, 50)
        picking = self.outgoing({self.second: 5, late: 5})
        wizard = self.asked(picking.button_validate())
        wizard.line_ids[0].reason_id = self.damaged
        wizard.reason_id = self.other
        with self.assertRaisesRegex(UserError, "Quark"):
            wizard.action_confirm()
        wizard.note = "Lift out of order"
        wizard.action_confirm()
        self.assertEqual(self.picks(picking).reason_id, self.damaged | self.other)

    def test_reason_other_needs_an_explanation(self):
        picking = self.outgoing({self.second: 5})
        wizard = self.asked(picking.button_validate())
        wizard.line_ids.reason_id = self.other
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.line_ids.note = "Forklift broke down"
        wizard.action_confirm()
        self.assertEqual(self.picks(picking).note, "Forklift broke down")

    def test_first_lot_used_up_and_second_after_it_is_no_deviation(self):
        picking = self.outgoing({self.first: 10, self.second: 3})
        self.assertIs(picking.button_validate(), True)
        self.assertEqual(self.picks(picking).mapped("compliant"), [True, True])

    def test_first_lot_taken_in_part_is_a_deviation_of_the_second(self):
        picking = self.outgoing({self.first: 4, self.second: 3})
        self.asked(picking.button_validate())

    def test_lot_reserved_by_another_order_is_not_proposed(self):
        self.outgoing({self.first: 10})
        self.assertIs(self.outgoing({self.second: 5}).button_validate(), True)

    def test_reserved_line_left_behind_counts_as_free(self):
        picking = self.outgoing({self.first: 5})
        picking.move_ids.move_line_ids.picked = False
        line = picking.move_ids.move_line_ids
        line.quantity = 2
        self.floor["stock.move.line"].create(
            {
                "move_id": picking.move_ids.id,
                "picking_id": picking.id,
                "product_id": self.curd.id,
                "lot_id": self.second.id,
                "quantity": 3,
                "picked": True,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        free = self.first.quant_ids.filtered(lambda quant: quant.location_id == self.stock)
        self.outgoing({self.first: free.quantity - free.reserved_quantity})
        picking = picking.with_context(skip_backorder=True)
        wizard = self.asked(picking.button_validate())
        wizard.line_ids.reason_id = self.damaged
        wizard.action_confirm()
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.picks(picking).compliant)

    def test_lot_that_the_gate_refuses_is_not_proposed(self):
        self.first.with_env(self.floor).set_status("hold", "Mould")
        self.assertIs(self.outgoing({self.second: 5}).button_validate(), True)

    def test_lot_too_old_for_the_customer_is_not_proposed(self):
        self.env["lot.shelf.life"].create(
            {"use": "delivery", "partner_id": self.shop.id, "minimum_days": 50}
        )
        self.assertIs(self.outgoing({self.second: 5}).button_validate(), True)
        self.asked(self.outgoing({self.second: 5}, partner=self.cafe).button_validate())

    def test_lot_elsewhere_is_not_proposed(self):
        depot = self.warehouse("Depot", "DEP")
        self.stocked(self.curd, "ELSEWHERE", 10, 30, depot.lot_stock_id)
        self.assertIs(self.outgoing({self.first: 5}).button_validate(), True)

    def test_lot_of_the_same_day_is_no_deviation(self):
        self.first.removal_date = self.second.removal_date + timedelta(hours=-2)
        self.assertIs(self.outgoing({self.second: 5}).button_validate(), True)

    def test_products_of_other_strategies_are_not_measured(self):
        self.fresh.removal_strategy_id = self.env.ref("stock.removal_fifo")
        picking = self.outgoing({self.second: 5})
        self.assertIs(picking.button_validate(), True)
        self.assertFalse(self.picks(picking))

    def test_transfer_inside_is_not_measured(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        picking = self.transfer({self.second: 5}, self.stock, shelf)
        self.assertFalse(self.picks(picking))

    def test_return_to_stock_is_not_measured(self):
        picking = self.outgoing({self.first: 5})
        picking.button_validate()
        self.wait()
        self.assertFalse(self.picks(self.give_back(picking, {self.first: 2})))

    def test_components_of_an_order_are_asked_for(self):
        order = self.order(self.cake, 1, {self.curd: 2})
        order.lot_producing_ids = self.lot(self.cake, "CAKE").with_env(self.floor)
        order.qty_producing = 1
        order._set_qty_producing()
        self.fill(order.move_raw_ids, {self.second: 2})
        wizard = self.asked(order.with_context(skip_consumption=True).button_mark_done())
        wizard.line_ids.reason_id = self.damaged
        wizard.action_confirm()
        self.assertEqual(order.state, "done")
        pick = self.picks(order)
        self.assertEqual((pick.compliant, pick.reason_id), (False, self.damaged))

    def test_question_comes_after_the_one_about_the_backorder(self):
        picking = self.outgoing({self.second: 5})
        picking.move_ids.product_uom_qty = 8
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        backorder = Form.from_action(self.floor, action).save()
        wizard = self.asked(backorder.process())
        wizard.line_ids.reason_id = self.damaged
        wizard.action_confirm()
        self.assertEqual(picking.state, "done")
        self.assertTrue(picking.backorder_ids)

    def test_company_may_measure_without_asking(self):
        self.plant.company_id.lot_fefo_ask = False
        picking = self.outgoing({self.second: 5})
        self.assertIs(picking.button_validate(), True)
        self.assertFalse(self.picks(picking).compliant)

    def test_direct_call_is_measured_without_a_reason(self):
        picking = self.outgoing({self.second: 5})
        picking._action_done()
        pick = self.picks(picking)
        self.assertFalse(pick.compliant or pick.reason_id)
        self.assertEqual(pick.user_id, self.operator)

    def test_integration_gives_its_reason_with_the_call(self):
        picking = self.outgoing({self.second: 5})
        answers = {"fefo": [[self.curd.id, self.damaged.id, "By the robot"]]}
        picking.with_context(**{ANSWERS: answers}).button_validate()
        pick = self.picks(picking)
        self.assertEqual((pick.reason_id, pick.note), (self.damaged, "By the robot"))

    def test_answers_of_no_sense_are_refused_in_one_sentence(self):
        picking = self.outgoing({self.second: 5})
        for given in ("late", {"fefo": [["x"]]}, {"fefo": 7}):
            with self.assertRaisesRegex(UserError, "lot_done_answers"), self.env.cr.savepoint():
                picking.with_context(**{ANSWERS: given}).button_validate()

    # -- measuring ---------------------------------------------------------------------------

    def cost(self, count):
        """Queries that measuring a delivery of so many products takes."""
        lots = self.env["stock.lot"]
        for number in range(count):
            product = self.perishable(f"Cheese {count} {number}")
            self.stocked(product, "EARLY", 5, 40)
            lots |= self.stocked(product, "LATE", 5, 50)
        picking = self.outgoing(dict.fromkeys(lots, 2))
        self.env.flush_all()
        self.env.invalidate_all()
        fefo = self.floor["lot.fefo"]
        fefo._takings(picking.move_ids)  # reads what any validation reads: moves, lines, lots
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        takings = fefo._takings(picking.move_ids)
        fefo._record(takings, {})
        self.env.flush_all()
        self.assertEqual(len(takings), count)
        self.assertTrue(all(taking.proposed for taking in takings))
        return self.env.cr.sql_log_count - before

    def test_measuring_takes_as_many_queries_for_30_lines_as_for_1(self):
        self.cost(1)
        one, ten, thirty = self.cost(1), self.cost(10), self.cost(30)
        self.assertLessEqual(one, 8)
        self.assertEqual((ten, thirty), (one, one))

    def test_products_without_dates_cost_nothing(self):
        plain = self.product("Salt")
        lot = self.received(plain, "SALT", 10)
        picking = self.outgoing({lot: 2})
        moves = picking.move_ids
        self.floor["lot.fefo"]._takings(moves)
        with self.assertQueryCount(0):
            self.floor["lot.fefo"]._takings(moves)

    def test_report_groups_by_user_location_and_week(self):
        self.outgoing({self.first: 5}).button_validate()
        self.outgoing({self.second: 5})._action_done()
        later = self.env["lot.fefo.pick"].search([("lot_id", "=", self.second.id)])
        later.date += timedelta(days=7)
        rows = self.env(user=self.reader)["lot.fefo.pick"].formatted_read_group(
            [("product_id", "=", self.curd.id)],
            ["user_id", "location_id", "date:week"],
            ["compliance:avg", "__count"],
        )
        self.assertEqual([row["compliance:avg"] for row in rows], [100, 0])

    # -- rights ------------------------------------------------------------------------------

    def test_measurements_are_written_by_nobody(self):
        self.outgoing({self.first: 5}).button_validate()
        pick = self.env["lot.fefo.pick"].search([("lot_id", "=", self.first.id)])
        chief = new_test_user(
            self.env, login="chief", groups="lot_traceability.group_administrator"
        )
        for user in (self.operator, self.quality, chief):
            mine = pick.with_user(user)
            self.assertTrue(mine.compliant)
            with self.assertRaises(AccessError):
                mine.compliant = False
            with self.assertRaises(AccessError):
                mine.unlink()
        with self.assertRaises(AccessError):
            pick.with_user(self.operator).copy()

    def test_measurements_of_another_company_are_not_seen(self):
        self.outgoing({self.first: 5}).button_validate()
        pick = self.env["lot.fefo.pick"].search([("lot_id", "=", self.first.id)])
        company = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="lot_traceability.group_quality",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(pick.with_user(stranger).search([("id", "=", pick.id)]))

    def test_reasons_are_set_by_the_administrator_alone(self):
        values = {"name": "Too heavy"}
        chief = new_test_user(
            self.env, login="chief", groups="lot_traceability.group_administrator"
        )
        self.env["lot.fefo.reason"].with_user(chief).create(values)
        with self.assertRaises(AccessError):
            self.laboratory["lot.fefo.reason"].create(values)

    def test_production_worker_without_stock_rights_can_answer(self):
        worker = new_test_user(self.env, login="worker", groups="mrp.group_mrp_user")
        self.assertTrue(self.env["lot.fefo.reason"].with_user(worker).search([]))
        self.assertTrue(self.env["lot.done.wizard"].with_user(worker).has_access("create"))
