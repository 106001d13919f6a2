from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallScope(RecallCommon):
    """What a recall takes, and that it stays what was decided."""

    def test_lots_made_of_a_suspect_lot_are_found_with_stock_customers_and_value(self):
        recall = self.recall()
        lines = self.lines(recall)
        self.assertEqual(set(lines), {self.milk, self.cheese_1, self.cheese_2})
        cheese = lines[self.cheese_1]
        self.assertEqual((cheese.side, cheese.certainty), ("made", "recorded"))
        self.assertEqual((cheese.on_hand, cheese.shipped, cheese.net), (4.0, 6.0, 6.0))
        self.assertEqual((cheese.on_hand_value, cheese.shipped_value), (32.0, 48.0))
        self.assertEqual(lines[self.milk].side, "suspect")
        self.assertEqual((recall.lot_count, recall.inferred_count), (3, 0))
        self.assertEqual(recall.on_hand_value, 60.0 + 32.0 + 48.0)
        self.assertEqual(recall.shipped_value, 48.0 + 32.0)

    def test_cause_unknown_takes_what_it_was_made_of_and_all_that_was_made_of_that(self):
        recall = self.recall(self.cheese_1, "both")
        lines = self.lines(recall)
        self.assertEqual(set(lines), {self.milk, self.cheese_1, self.cheese_2})
        self.assertEqual(
            [lines[lot].side for lot in (self.milk, self.cheese_1, self.cheese_2)],
            ["source", "suspect", "made"],
        )

    def test_lot_alone_takes_nothing_else(self):
        recall = self.recall(self.milk, "none")
        self.assertEqual(set(self.lines(recall)), {self.milk})

    def test_returned_goods_are_not_with_the_customer(self):
        self.give_back(self.to_shop, {self.cheese_1: 2})
        line = self.lines(self.recall())[self.cheese_1]
        self.assertEqual((line.shipped, line.returned, line.net), (6.0, 2.0, 4.0))

    def test_window_supplier_product_and_place_describe_suspects(self):
        start = self.to_shop.date_done - timedelta(hours=1)
        everything = {"MILK-BAD", "MILK-GOOD", "CHEESE-1", "CHEESE-2", "CHEESE-GOOD"}
        cases = (
            ({"date_from": start, "product_ids": self.cheese_product.ids}, {"CHEESE-GOOD"}),
            ({"supplier_id": self.dairy.id}, everything),
            ({"date_to": start - timedelta(days=9), "supplier_id": self.dairy.id}, None),
            (
                {"location_id": self.stock.id, "product_ids": self.milk_product.ids},
                everything,
            ),
        )
        for criteria, names in cases:
            with self.subTest(criteria=criteria):
                recall = self.recall(self.env["stock.lot"])
                scope = recall.draft_scope_id
                scope.write(
                    {
                        name: [(6, 0, value)] if isinstance(value, list) else value
                        for name, value in criteria.items()
                    }
                )
                if names is None:
                    with self.assertRaisesRegex(UserError, "Nothing is suspected yet"):
                        scope.find_lots()
                else:
                    scope.find_lots()
                    self.assertEqual(set(scope.line_ids.mapped("lot_name")), names)

    def test_place_counts_only_what_lay_there_in_the_window(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.transfer({self.good_milk: 5}, self.stock, shelf)
        left = self.clock().replace(microsecond=0)
        self.wait(days=2)
        self.transfer({self.good_milk: 5}, shelf, self.stock)
        recall = self.recall(self.env["stock.lot"])
        scope = recall.draft_scope_id
        scope.write({"location_id": shelf.id, "date_to": left - timedelta(days=1)})
        with self.assertRaisesRegex(UserError, "Nothing is suspected yet"):
            scope.find_lots()
        scope.write({"date_from": left + timedelta(hours=2), "date_to": left + timedelta(hours=4)})
        scope.find_lots()
        self.assertEqual(set(scope.line_ids.mapped("lot_name")), {"MILK-GOOD", "CHEESE-GOOD"})

    def test_frozen_scope_has_a_digest_and_changes_no_more(self):
        recall = self.recall()
        scope = recall.draft_scope_id
        digest = scope.freeze()
        self.assertRegex(digest, r"^v1\$[0-9a-f]{64}$")
        self.assertEqual(recall.state, "decided")
        self.assertTrue(scope.digest_valid)
        for change in (
            lambda: scope.write({"direction": "none"}),
            lambda: scope.line_ids[0].leave_out("no"),
            lambda: scope.find_lots(),
            lambda: scope.unlink(),
            lambda: scope.write({"digest": "v1$0"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_digest_shows_what_was_changed_past_odoo(self):
        scope = self.frozen().scope_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lot_recall_lot SET decision = 'excluded' WHERE scope_id = %s AND lot_id = %s",
            [scope.id, self.cheese_2.id],
        )
        self.env.invalidate_all()
        self.assertFalse(scope.digest_valid)

    def test_person_adds_and_leaves_out_with_a_reason_and_it_is_told(self):
        recall = self.recall()
        scope = recall.draft_scope_id
        line = self.lines(recall)[self.cheese_2]
        with self.assertRaisesRegex(UserError, "Say why"):
            line.leave_out(" ")
        line.leave_out("Made before the milk came in")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.room["lot.recall.lot"].create(
                {"scope_id": scope.id, "lot_id": self.good_cheese.id}
            )
        added = self.room["lot.recall.lot"].create(
            {"scope_id": scope.id, "lot_id": self.good_cheese.id, "reason": "Same vat"}
        )
        self.assertEqual((added.decision, added.on_hand), ("added", 10.0))
        scope.find_lots()
        decided = {row.lot_id: row.decision for row in scope.line_ids}
        self.assertEqual(decided[self.cheese_2], "excluded")
        self.assertEqual(decided[self.good_cheese], "added")
        self.assertEqual((scope.lot_count, scope.excluded_count), (3, 1))
        scope.freeze()
        partners = recall.consignee_ids.partner_id
        self.assertEqual(partners, self.shop, "the lot that went to the café was left out")
        self.env.cr.flush()
        told = self.env["lot.audit.event"].search(
            [("kind", "=", "recall"), ("lot_id", "=", self.cheese_2.id)]
        )
        self.assertIn("Made before the milk came in", told[0].body)

    def test_new_version_stands_beside_the_old_one_and_keeps_decisions(self):
        recall = self.recall()
        self.lines(recall)[self.cheese_2].leave_out("Not of this milk")
        first = recall.draft_scope_id
        first.freeze()
        recall.new_version()
        second = recall.draft_scope_id
        self.assertEqual(second.version, 2)
        self.assertEqual(self.lines(recall)[self.cheese_2].decision, "excluded")
        self.lines(recall)[self.cheese_2].take_again()
        second.freeze()
        self.assertEqual((first.state, second.state), ("replaced", "frozen"))
        self.assertTrue(first.digest_valid)
        self.assertEqual(recall.scope_id, second)
        self.assertEqual(set(recall.consignee_ids.partner_id), {self.shop, self.cafe})

    def test_nothing_affected_is_a_clear_sentence(self):
        recall = self.recall(self.env["stock.lot"])
        with self.assertRaisesRegex(UserError, "Nothing is suspected yet"):
            recall.draft_scope_id.freeze()
        recall = self.recall(self.good_cheese)
        self.lines(recall)[self.good_cheese].leave_out("Tested")
        with self.assertRaisesRegex(UserError, "No lot is affected"):
            recall.draft_scope_id.freeze()

    def test_new_lot_made_of_it_raises_an_alarm_and_calls_the_one_in_charge(self):
        recall = self.frozen()
        self.assertFalse(recall.check_widened())
        late = self.lot(self.cheese_product, "CHEESE-LATE")
        self.make(late, 5, {self.milk: 5})
        self.watch()
        self.assertIn("CHEESE-LATE", recall.widened_text)
        activity = recall.activity_ids
        self.assertEqual(activity.user_id, self.recaller)
        recall.new_version()
        recall.draft_scope_id.freeze()
        self.assertFalse(recall.widened_text)
        self.assertFalse(recall.activity_ids)
        self.assertIn(late, self.lines(recall))

    def watch(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1):
            self.env["lot.recall"]._cron_watch()

    def test_delivery_after_freezing_raises_an_alarm(self):
        recall = self.frozen()
        self.deliver({self.cheese_1: 1}, self.cafe)
        self.assertTrue(recall.check_widened())
        self.assertIn("Deliveries after it was frozen", recall.widened_text)

    def test_quality_reads_a_recall_and_does_not_run_it(self):
        recall = self.recall()
        seen = recall.with_env(self.laboratory)
        self.assertEqual(seen.lot_count, 3)
        for act in (
            lambda: seen.draft_scope_id.freeze(),
            lambda: seen.write({"title": "Nothing"}),
            lambda: self.laboratory["lot.recall"].start(self.milk.ids, {"title": "x"}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_computing_a_scope_takes_few_queries_whatever_its_size(self):
        recall = self.recall()
        self.env.flush_all()
        with self.assertQueryCount(75):
            recall.draft_scope_id.find_lots()
