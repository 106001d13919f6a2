from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallCost(RecallCommon):
    """What a recall costs, by kind, out of accounting's own records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].create(
            [
                {"code": code, "name": name, "account_type": kind}
                for code, name, kind in (
                    ("RC4000", "Sales", "income"),
                    ("RC6000", "Carriers", "expense"),
                    ("RC1200", "Customers", "asset_receivable"),
                    ("RC3300", "Suppliers", "liability_payable"),
                )
            ]
        )
        cls.income, cls.expense, receivable, payable = accounts
        cls.env["account.journal"].create(
            [
                {
                    "name": f"Recall {kind}",
                    "code": f"RC{kind[:3].upper()}",
                    "type": kind,
                    "default_account_id": account.id,
                }
                for kind, account in (("sale", cls.income), ("purchase", cls.expense))
            ]
        )
        for partner in (cls.shop, cls.cafe, cls.dairy):
            partner.property_account_receivable_id = receivable
            partner.property_account_payable_id = payable
        cls.accountant = new_test_user(
            cls.env, login="flow_accountant", groups="account.group_account_manager"
        )

    def test_credit_note_at_the_invoiced_price_for_what_came_back(self):
        order = self.sold(self.cheese_1, 4, price=12.5, discount=10)
        invoice = order._create_invoices()
        invoice.action_post()
        recall = self.stopped()
        shop = self.at(recall, self.shop)
        self.say(recall, self.shop, sent_back=3, destroyed=2)
        self.come_back(shop)
        credit = (
            self.env["account.move"].browse(shop.prepare_credit()).filtered("reversed_entry_id")
        )
        self.assertEqual((credit.state, credit.move_type), ("draft", "out_refund"))
        self.assertEqual((credit.reversed_entry_id, credit.recall_id), (invoice, recall))
        line = credit.invoice_line_ids
        self.assertEqual((line.price_unit, line.discount, line.quantity), (12.5, 10.0, 4.0))
        account = recall.analytic_account_id
        self.assertEqual(line.analytic_distribution, {str(account.id): 100})
        self.assertEqual(recall.costs()["kinds"]["credit"], 0)
        credit.with_user(self.accountant).action_post()
        self.assertEqual(recall.costs()["kinds"]["credit"], 45.0)

    def test_what_was_never_on_an_order_is_credited_at_the_list_price(self):
        self.cheese_product.list_price = 20
        recall = self.stopped()
        cafe = self.at(recall, self.cafe)
        self.say(recall, self.cafe, destroyed=3)
        credit = self.env["account.move"].browse(cafe.prepare_credit())
        self.assertEqual(credit.invoice_line_ids.price_unit, 20)
        self.assertEqual(credit.invoice_line_ids.quantity, 3)
        self.assertEqual(credit.partner_id, self.cafe)

    def test_nothing_is_credited_twice_and_a_cancelled_draft_does_not_count(self):
        recall = self.stopped()
        cafe = self.at(recall, self.cafe)
        self.say(recall, self.cafe, destroyed=3)
        first = self.env["account.move"].browse(cafe.prepare_credit())
        with self.assertRaisesRegex(UserError, "Nothing is to be credited"):
            cafe.action_prepare_credit()
        self.say(recall, self.cafe, destroyed=4)
        more = self.env["account.move"].browse(cafe.prepare_credit())
        self.assertEqual(more.invoice_line_ids.quantity, 1)
        first.button_cancel()
        again = self.env["account.move"].browse(cafe.prepare_credit())
        self.assertEqual(again.invoice_line_ids.quantity, 3)
        self.assertEqual(recall.credit_count, 2)

    def test_replacement_is_free_or_at_the_price_of_the_day_and_never_twice(self):
        self.cheese_product.list_price = 20
        recall = self.stopped()
        shop, cafe = self.at(recall, self.shop), self.at(recall, self.cafe)
        free = self.env["sale.order"].browse(shop.prepare_replacement())
        self.assertEqual((free.state, free.recall_id), ("draft", recall))
        self.assertEqual(free.order_line.product_id, self.cheese_product)
        self.assertEqual((free.order_line.product_uom_qty, free.amount_untaxed), (6.0, 0.0))
        paid = self.env["sale.order"].browse(cafe.prepare_replacement(free=False))
        self.assertEqual(paid.amount_untaxed, 80.0)
        with self.assertRaisesRegex(UserError, "replacement order already"):
            shop.action_prepare_replacement()
        self.assertEqual(shop.replacement_count, 1)

    def test_vendor_bill_counts_by_the_category_of_its_product(self):
        recall = self.stopped()
        account = recall._cost_account()
        carriage = self.env["product.category"].create(
            {"name": "Carriage", "recall_cost_kind": "freight"}
        )
        below = self.env["product.category"].create({"name": "Cooled", "parent_id": carriage.id})
        truck = self.env["product.product"].create(
            {"name": "Truck", "type": "service", "categ_id": below.id}
        )
        self.bill(account, truck, 250)
        self.bill(account, self.env["product.product"].create({"name": "Advice"}), 100)
        kinds = recall.costs()["kinds"]
        self.assertEqual((kinds["freight"], kinds["other"]), (250.0, 100.0))

    def test_kind_that_accounting_has_chosen_stays_when_the_bill_is_posted_again(self):
        recall = self.stopped()
        advice = self.env["product.product"].create({"name": "Advice"})
        bill = self.bill(recall._cost_account(), advice, 100)
        lines = self.env["account.analytic.line"].with_user(self.accountant)
        line = lines.search([("recall_id", "=", recall.id)])
        self.assertEqual(line.recall_cost_kind, "other")
        line.recall_cost_kind = "labour"
        bill = bill.with_user(self.accountant)
        bill.button_draft()
        self.assertFalse(recall.costs()["total"])
        bill.action_post()
        self.assertEqual(recall.costs()["kinds"]["labour"], 100.0)
        with self.assertRaises(AccessError):
            recall.cost_ids.with_env(self.laboratory).kind = "freight"

    def test_goods_that_were_credited_and_came_back_count_once_when_destroyed(self):
        self.sold(self.cheese_1, 4, price=12.5)._create_invoices().action_post()
        recall = self.stopped()
        shop = self.at(recall, self.shop)
        self.say(recall, self.shop, sent_back=10)
        self.come_back(shop)
        self.scrap(self.cheese_1, 2, self.env.company.recall_location_id)
        self.assertEqual(self.kinds(recall), (16.0, 0.0))
        notes = self.env["account.move"].browse(shop.prepare_credit())
        self.assertEqual(sum(notes.invoice_line_ids.mapped("quantity")), 10)
        for note in notes:
            note.with_user(self.accountant).action_post()
        credited = sum(notes.mapped("amount_untaxed"))
        self.assertEqual(self.kinds(recall), (0.0, credited))
        self.scrap(self.cheese_1, 8, self.env.company.recall_location_id)
        self.assertEqual(self.kinds(recall), (0.0, credited))
        notes[0].with_user(self.accountant).button_draft()
        open_quantity = sum(notes[0].invoice_line_ids.mapped("quantity"))
        self.assertEqual(
            self.kinds(recall), (8.0 * open_quantity, credited - notes[0].amount_untaxed)
        )

    def test_own_stock_counts_at_cost_beside_goods_credited_and_destroyed_by_the_customer(self):
        recall = self.stopped()
        cafe = self.at(recall, self.cafe)
        self.say(recall, self.cafe, destroyed=4)
        self.cheese_product.list_price = 20
        credit = self.env["account.move"].browse(cafe.prepare_credit())
        credit.with_user(self.accountant).action_post()
        self.scrap(self.cheese_2, 6)
        self.assertEqual(self.kinds(recall), (48.0, credit.amount_untaxed))

    def test_costs_by_kind_and_total_for_a_reader_without_accounting(self):
        recall = self.stopped()
        recall.with_env(self.laboratory).add_cost("labour", "Two nights", hours=16, rate=30)
        recall.add_cost("destruction", "Fee of the incinerator", amount=120.5, date="2026-03-01")
        self.scrap(self.cheese_1, 2)
        costs = recall.with_user(self.reader).costs()
        self.assertEqual(
            costs["kinds"],
            {
                "product": 16.0,
                "freight": 0.0,
                "credit": 0.0,
                "labour": 480.0,
                "destruction": 120.5,
                "other": 0.0,
            },
        )
        self.assertEqual((costs["total"], costs["currency"]), (616.5, recall.currency_id.name))
        self.assertEqual(recall.with_user(self.reader).cost_total, 616.5)
        with self.assertRaises(AccessError):
            recall.with_user(self.reader).add_cost("other", "Coffee", 1)

    def test_costs_that_follow_from_steps_are_not_typed(self):
        recall = self.stopped()
        for kind in ("product", "credit", "bribe"):
            with self.assertRaisesRegex(UserError, "noted by themselves"):
                recall.add_cost(kind, "Something", 5)
        for name, amount in (("", 5), ("Something", 0), ("Something", -5)):
            with self.assertRaisesRegex(UserError, "above zero"):
                recall.add_cost("other", name, amount)

    def test_form_adds_hours_times_rate(self):
        recall = self.stopped()
        entry = self.laboratory["lot.recall.cost.entry"].with_context(active_id=recall.id)
        entry.create({"name": "Calls", "hours": 2, "rate": 25, "amount": 999}).action_add()
        self.assertEqual(recall.costs()["kinds"]["labour"], 50.0)

    def test_drill_costs_nothing(self):
        drill = self.stopped(kind="mock")
        self.scrap(self.cheese_1, 1)
        for work in (
            lambda: drill.consignee_ids.prepare_credit(),
            lambda: drill.consignee_ids.prepare_replacement(),
            lambda: drill.add_cost("other", "Coffee", 3),
        ):
            with self.assertRaisesRegex(UserError, "is a drill"):
                work()
        self.assertFalse(drill.analytic_account_id)
        recall = self.stopped()
        with self.assertRaises(AccessError):
            recall.consignee_ids.with_env(self.laboratory).prepare_credit()

    def test_insurance_summary_says_what_happened_and_what_it_cost(self):
        recall = self.stopped()
        recall.add_cost("destruction", "Fee of the incinerator", amount=120.5)
        self.scrap(self.cheese_1, 2)
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.reader)
            ._render_qweb_html("lot_traceability_recall.report_insurance", recall.ids)
        )
        text = html.decode()
        for word in (recall.name, "CHEESE-1", "Fee of the incinerator", "120.50", "136.50"):
            self.assertIn(word, text)

    # -- flows -----------------------------------------------------------------------------------

    def sold(self, lot, quantity, price, discount=0):
        """Sold and delivered with an order."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": lot.product_id.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "discount": discount,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids.with_env(self.floor)
        self.fill(picking.move_ids, {lot: quantity})
        self.validate(picking)
        return order

    def come_back(self, consignee):
        for picking in self.floor["stock.picking"].browse(
            consignee.with_env(self.laboratory).prepare_return()
        ):
            self.validate(picking)
        consignee.line_ids.invalidate_recordset()

    def kinds(self, recall):
        kinds = recall.with_user(self.reader).costs()["kinds"]
        return kinds["product"], kinds["credit"]

    def bill(self, account, product, amount):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.dairy.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "account_id": self.expense.id,
                            "tax_ids": False,
                            "analytic_distribution": {str(account.id): 100},
                        }
                    )
                ],
            }
        )
        bill.with_user(self.accountant).action_post()
        return bill

    def at(self, recall, partner):
        return recall.consignee_ids.filtered(lambda one: one.partner_id == partner)
