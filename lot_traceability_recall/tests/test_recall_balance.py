from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallBalance(RecallCommon):
    """Where every unit of the affected lots is."""

    def rows(self, recall):
        return {row.lot_id: row for row in recall.balance_ids}

    def test_nobody_has_answered_what_was_shipped_is_the_gap(self):
        recall = self.frozen()
        result = recall.reconcile()
        self.assertFalse(result["closed"])
        cheese = self.rows(recall)[self.cheese_1]
        self.assertEqual((cheese.made, cheese.on_hand, cheese.shipped), (10.0, 4.0, 6.0))
        self.assertEqual((cheese.unanswered, cheese.gap), (6.0, 6.0))
        milk = self.rows(recall)[self.milk]
        self.assertEqual((milk.made, milk.on_hand, milk.used, milk.gap), (100.0, 60.0, 40.0, 0.0))
        self.assertEqual([row["lot"] for row in result["gaps"]], ["CHEESE-1", "CHEESE-2"])
        self.assertEqual(result["accounted_percent"], 91.66, "110 of 120 kg")
        self.assertEqual(recall.gap_count, 2)

    def test_answers_close_it_at_100_percent(self):
        recall = self.frozen()
        self.say(recall, self.shop, quarantined=4, destroyed=1, consumed=1)
        self.say(recall, self.cafe, sold_on=4)
        result = recall.reconcile()
        self.assertTrue(result["closed"])
        self.assertEqual((result["accounted_percent"], result["gaps"]), (100.0, []))
        self.assertEqual(result["recovered_percent"], 50.0, "5 of 10 kg")

    def test_goods_that_come_back_are_not_counted_twice(self):
        recall = self.frozen()
        self.say(recall, self.shop, quarantined=5, consumed=1)
        self.give_back(self.to_shop, {self.cheese_1: 3})
        recall.reconcile()
        cheese = self.rows(recall)[self.cheese_1]
        self.assertEqual((cheese.returned, cheese.came_back, cheese.set_aside), (3.0, 3.0, 2.0))
        self.assertEqual((cheese.with_customers, cheese.gap), (3.0, 0.0))

    def test_scrapped_goods_are_accounted_for(self):
        recall = self.frozen()
        self.scrap(self.cheese_1, 4)
        recall.reconcile()
        cheese = self.rows(recall)[self.cheese_1]
        self.assertEqual((cheese.on_hand, cheese.scrapped, cheese.gap), (0.0, 4.0, 6.0))

    def test_loss_in_a_count_is_a_gap_until_somebody_explains_it(self):
        self.count(self.good_cheese, 7)
        recall = self.frozen(self.good_cheese)
        self.assertFalse(recall.reconcile()["closed"])
        row = self.rows(recall)[self.good_cheese]
        self.assertEqual((row.counted, row.gap), (-3.0, 3.0))
        with self.assertRaisesRegex(UserError, "Say where the rest is"):
            row.explained = 3
        row.write({"explained": 3, "explanation": "Samples for the laboratory"})
        self.assertEqual(row.gap, 0.0)
        self.assertTrue(recall.reconcile()["closed"])
        self.assertEqual(row.explained, 3.0, "it stays")

    def test_goods_sold_over_the_counter_are_with_consumers(self):
        nobody = self.env["res.partner"]
        picking = self.picking(
            self.plant.out_type_id, {self.cheese_1: 2}, target=self.customers, partner=nobody
        )
        self.validate(picking)
        recall = self.frozen()
        recall.reconcile()
        self.assertEqual(self.rows(recall)[self.cheese_1].consumed, 2.0)

    def test_what_left_before_the_suspect_goods_came_in_is_not_asked_for(self):
        vat = self.lot(self.cheese_product, "VAT")
        self.make(vat, 10, {self.good_milk: 10})
        self.deliver({vat: 4}, self.cafe)
        self.make(vat, 5, {self.milk: 5})
        self.deliver({vat: 3}, self.shop)
        recall = self.frozen()
        recall.reconcile()
        row = self.rows(recall)[vat]
        self.assertEqual((row.shipped, row.left_before, row.with_customers), (7.0, 4.0, 3.0))
        self.assertEqual((row.difference, row.gap), (0.0, 3.0), "what the shop has")

    def test_balance_is_not_typed_and_readers_do_not_explain(self):
        recall = self.frozen()
        recall.reconcile()
        row = self.rows(recall)[self.cheese_1]
        with self.assertRaisesRegex(UserError, "follows from the records"):
            row.on_hand = 10
        with self.assertRaises(AccessError):
            row.with_user(self.reader).write({"explained": 1, "explanation": "x"})
        with self.assertRaisesRegex(UserError, "Freeze the scope first"):
            self.recall(self.good_cheese).reconcile()

    def test_reconciling_takes_as_many_queries_for_many_lots_as_for_few(self):
        recall = self.frozen()
        recall.reconcile()
        self.env.flush_all()
        with self.assertQueryCount(40):
            recall.reconcile()
