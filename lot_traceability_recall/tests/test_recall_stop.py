from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallStop(RecallCommon):
    """All affected lots on hold in one step, and what that meets."""

    def test_all_lots_are_recalled_and_nothing_of_them_goes_any_more(self):
        recall = self.stopped()
        lots = self.milk | self.cheese_1 | self.cheese_2
        self.assertEqual(set(lots.mapped("status_id.code")), {"recalled"})
        self.assertEqual(self.good_cheese.status_id.code, "released")
        self.assertIn(recall.name, self.cheese_1.status_reason)
        with self.assertRaises(UserError):
            self.deliver({self.cheese_1: 1}, self.shop)
        with self.assertRaises(UserError):
            self.make(self.lot(self.cheese_product, "CHEESE-3"), 1, {self.milk: 1})

    def test_reservations_are_freed_and_listed_with_whom_to_call(self):
        picking = self.floor["stock.picking"].browse(self.reserve(self.cheese_1, 3, self.shop).id)
        recall = self.stopped()
        self.assertNotIn(self.cheese_1, picking.move_line_ids.lot_id)
        freed = recall.freed_ids.filtered(lambda row: row.kind == "reservation")
        self.assertEqual(freed.document, picking.name)
        self.assertEqual((freed.lot_names, freed.quantity), ("CHEESE-1", 3.0))
        self.assertEqual((freed.partner_id, freed.phone), (self.shop, "+1 555 0100"))

    def test_fresh_deliveries_may_be_on_the_road_old_ones_are_not(self):
        recall = self.stopped()
        road = recall.freed_ids.filtered(lambda row: row.kind == "road")
        self.assertEqual(set(road.mapped("document")), {self.to_shop.name, self.to_cafe.name})
        road[0].with_env(self.laboratory).settled = True
        self.assertEqual(recall.road_count, 1)
        recall.stop()
        self.assertEqual(recall.road_count, 1, "what was called about is not asked again")
        self.assertEqual(len(recall.freed_ids), 2)
        recall.action_cancel("Only a test")
        self.wait(days=9)
        self.cheese_1.with_env(self.room).set_status("released", "Only a test")
        later = self.stopped()
        self.assertFalse(later.freed_ids.filtered(lambda row: row.kind == "road"))

    def test_drill_touches_nothing(self):
        self.reserve(self.cheese_1, 3, self.shop)
        recall = self.stopped(kind="mock")
        self.assertEqual(self.cheese_1.status_id.code, "released")
        self.assertTrue(recall.freed_ids.filtered(lambda row: row.kind == "reservation"))
        self.deliver({self.cheese_1: 1}, self.shop)

    def test_stop_asks_for_a_frozen_scope_and_the_right(self):
        recall = self.recall()
        with self.assertRaisesRegex(UserError, "is in the state"):
            recall.stop()
        recall.draft_scope_id.freeze()
        with self.assertRaises(AccessError):
            recall.with_env(self.laboratory).stop()

    def test_second_stop_takes_what_a_new_version_adds(self):
        recall = self.stopped()
        self.assertEqual(recall.stop()["lots"], 0)
        recall.new_version()
        self.room["lot.recall.lot"].create(
            {
                "scope_id": recall.draft_scope_id.id,
                "lot_id": self.good_cheese.id,
                "reason": "Same knife",
            }
        )
        recall.draft_scope_id.freeze()
        self.assertEqual(recall.stop()["lots"], 1)
        self.assertEqual(self.good_cheese.status_id.code, "recalled")

    def test_status_before_is_kept(self):
        self.cheese_2.with_env(self.laboratory).set_status("hold", "Smells")
        recall = self.stopped()
        before = {line.lot_id: line.status_before_id.code for line in recall.scope_id.line_ids}
        self.assertEqual(before[self.cheese_2], "hold")
        self.assertEqual(before[self.cheese_1], "released")

    def test_consignees_have_contact_bill_to_and_exactly_their_lots(self):
        self.env["res.partner"].create(
            {
                "name": "Accounts",
                "parent_id": self.cafe.id,
                "type": "invoice",
                "email": "bills@example.com",
            }
        )
        recall = self.frozen()
        by_partner = {one.partner_id: one for one in recall.consignee_ids}
        self.assertEqual(set(by_partner), {self.shop, self.cafe})
        shop, cafe = by_partner[self.shop], by_partner[self.cafe]
        self.assertEqual(
            (shop.email, shop.phone, shop.lang), (self.shop.email, "+1 555 0100", "en_US")
        )
        self.assertEqual(cafe.bill_to_id.name, "Accounts")
        self.assertFalse(cafe.reachable)
        self.assertEqual(shop.line_ids.lot_id, self.cheese_1)
        self.assertEqual((shop.line_ids.quantity, shop.line_ids.net), (6.0, 6.0))
        self.assertEqual(shop.line_ids.documents, self.to_shop.name)

    @classmethod
    def reserve(cls, lot, quantity, partner):
        """A delivery that waits with this lot reserved."""
        picking = cls.picking(cls.plant.out_type_id, {lot: quantity}, partner=partner)
        picking.move_ids.picked = False
        cls.wait()
        return picking
