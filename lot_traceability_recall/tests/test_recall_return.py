from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallReturn(RecallCommon):
    """Recalled goods come back into the place for them, whatever the gate thinks of the lot."""

    def test_return_of_each_delivery_with_lot_quantity_and_links(self):
        recall = self.stopped()
        pickings = self.prepared(recall)
        self.assertEqual(len(pickings), 2)
        back = pickings.filtered(lambda one: one.return_id == self.to_shop)
        self.assertEqual((back.recall_id, back.partner_id), (recall, self.shop))
        self.assertEqual(back.location_dest_id, self.env.company.recall_location_id)
        self.assertEqual(back.move_ids.origin_returned_move_id, self.to_shop.move_ids)
        line = back.move_line_ids
        self.assertEqual((line.lot_id, line.quantity), (self.cheese_1, 6.0))

    def test_recalled_lot_may_come_in_and_is_seen_as_received(self):
        recall = self.stopped()
        pickings = self.prepared(recall)
        shop = self.at(recall, self.shop)
        self.assertEqual((shop.line_ids.on_the_way, shop.line_ids.came_back), (6.0, 0.0))
        self.validate(pickings.filtered(lambda one: one.return_id == self.to_shop))
        shop.line_ids.invalidate_recordset()
        self.assertEqual((shop.line_ids.on_the_way, shop.line_ids.came_back), (0.0, 6.0))
        place = self.env.company.recall_location_id
        quant = self.cheese_1.quant_ids.filtered(lambda one: one.location_id == place)
        self.assertEqual(quant.quantity, 6.0)
        self.assertEqual(self.cheese_1.status_id.code, "recalled")
        self.assertTrue(place.lot_quarantine)
        # It lies in the warehouse, and no order can take it from there.
        self.assertNotIn(str(self.stock.id), place.parent_path.split("/"))
        with self.assertRaises(UserError):
            self.deliver({self.cheese_1: 1}, self.cafe, source=place)

    def test_nothing_is_asked_for_twice(self):
        recall = self.stopped()
        pickings = self.prepared(recall)
        self.assertFalse(self.prepared(recall))
        self.validate(pickings[0])
        self.assertFalse(self.prepared(recall))
        shop = self.at(recall, self.shop).with_env(self.room)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            shop.action_prepare_return()

    def test_part_that_came_leaves_the_rest_in_a_backorder_of_the_recall(self):
        recall = self.stopped()
        shop = self.at(recall, self.shop)
        back = self.env["stock.picking"].browse(shop.with_env(self.room).prepare_return())
        back.move_line_ids.quantity = 2
        self.validate(back.with_env(self.floor))
        rest = back.backorder_ids
        self.assertEqual((rest.recall_id, rest.move_ids.product_uom_qty), (recall, 4.0))
        shop.line_ids.invalidate_recordset()
        self.assertEqual(shop.line_ids.came_back, 2.0)

    def test_answer_says_how_much_comes(self):
        recall = self.stopped()
        self.say(recall, self.shop, sent_back=2.5, consumed=3.5)
        self.say(recall, self.cafe, destroyed=1, consumed=2)
        lots = self.prepared(recall).move_line_ids.grouped("lot_id")
        self.assertEqual(lots[self.cheese_1].quantity, 2.5)
        self.assertEqual(lots[self.cheese_2].quantity, 1.0)

    def test_latest_delivery_is_returned_first(self):
        self.deliver({self.cheese_1: 2}, self.shop)
        recall = self.stopped()
        self.say(recall, self.shop, sent_back=3)
        pickings = self.env["stock.picking"].browse(
            self.at(recall, self.shop).with_env(self.room).prepare_return()
        )
        quantities = {one.return_id: one.move_line_ids.quantity for one in pickings}
        self.assertEqual(sorted(quantities.values()), [1.0, 2.0])
        self.assertEqual(quantities[self.to_shop], 1.0)

    def test_more_than_was_delivered_comes_on_a_transfer_of_its_own(self):
        recall = self.stopped()
        self.say(recall, self.shop, sent_back=7)
        pickings = self.env["stock.picking"].browse(
            self.at(recall, self.shop).with_env(self.room).prepare_return()
        )
        alone = pickings.filtered(lambda one: not one.return_id)
        self.assertEqual((alone.move_line_ids.quantity, alone.recall_id), (1.0, recall))
        self.validate(alone.with_env(self.floor))
        self.assertEqual(alone.move_line_ids.lot_id, self.cheese_1)

    def test_drill_and_reader_bring_nothing_back(self):
        drill = self.stopped(kind="mock")
        with self.assertRaisesRegex(UserError, "is a drill"):
            drill.prepare_returns()
        recall = self.stopped()
        with self.assertRaises(AccessError):
            recall.consignee_ids.with_user(self.reader).prepare_return()

    def prepared(self, recall):
        found = recall.with_env(self.laboratory).prepare_returns()
        return self.floor["stock.picking"].browse(found)

    def at(self, recall, partner):
        return recall.consignee_ids.filtered(lambda one: one.partner_id == partner)
