from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_ask")
class TestFsmaAsk(FsmaCommon):
    """What Odoo cannot know is asked before a receipt or an order is validated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hand = new_test_user(cls.env, "fsma_dock", "stock.group_stock_user,mrp.group_mrp_user")
        cls.raw = cls.listed("Lettuce heads", fsma_stage="raw")

    def receipt(self, product, *names, partner=None):
        picking = self.picking(
            self.plant.in_type_id,
            {product: 10 * len(names)},
            source=self.suppliers,
            partner=partner or self.distributor,
        )
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            (0, 0, {**move._prepare_move_line_vals(), "lot_name": name, "quantity": 10})
            for name in names
        ]
        return picking.with_user(self.hand)

    def setUp(self):
        super().setUp()
        self.env.company.fsma_ask = "ask"

    def dialog(self, action):
        self.assertEqual(action["res_model"], "lot.fsma.ask")
        return (
            self.env["lot.fsma.ask"]
            .with_user(self.hand)
            .with_context(**action["context"])
            .browse(action["res_id"])
        )

    def test_receipt_asks_for_code_and_source(self):
        receipt = self.receipt(self.lettuce, "L1", "L2")
        dialog = self.dialog(receipt.button_validate())
        self.assertEqual(receipt.state, "assigned")
        self.assertEqual(dialog.line_ids.mapped("name"), ["L1", "L2"])
        dialog.source_id = self.grower
        for line in dialog.line_ids:
            line.tlc = f"T-{line.name}"
        self.assertTrue(dialog.action_confirm())
        self.assertEqual(receipt.state, "done")
        events = self.events(receipt.sudo())
        self.assertEqual(events.mapped("tlc"), ["T-L1", "T-L2"])
        self.assertEqual(events.source_place_id.partner_id, self.grower)
        self.assertFalse(any(events.mapped("missing")))

    def test_what_is_told_is_not_asked(self):
        receipt = self.receipt(self.lettuce, "L1")
        receipt.move_line_ids.write({"fsma_code": "T1", "fsma_source_id": self.grower.id})
        self.assertIs(receipt.button_validate(), True)
        self.assertEqual(receipt.state, "done")

    def test_other_foods_are_not_asked_about(self):
        receipt = self.receipt(self.product("Sugar"), "S1")
        self.assertIs(receipt.button_validate(), True)

    def test_it_may_wait(self):
        receipt = self.receipt(self.lettuce, "L1")
        self.dialog(receipt.button_validate()).action_later()
        self.assertEqual(receipt.state, "done")
        self.assertIn(",tlc,", self.events(receipt.sudo()).missing)

    def test_firm_that_lets_nothing_wait(self):
        self.env.company.fsma_ask = "refuse"
        receipt = self.receipt(self.lettuce, "L1")
        dialog = self.dialog(receipt.button_validate())
        self.assertFalse(dialog.may_wait)
        for step in (dialog.action_confirm, dialog.action_later):
            with self.assertRaisesRegex(UserError, "L1"):
                step()
        self.assertEqual(receipt.state, "assigned")
        dialog.source_id = self.grower
        dialog.line_ids.tlc = "T"
        dialog.action_confirm()
        self.assertEqual(receipt.state, "done")

    def test_firm_that_asks_nothing(self):
        self.env.company.fsma_ask = "later"
        self.assertIs(self.receipt(self.lettuce, "L1").button_validate(), True)

    def test_raw_commodity_asks_for_its_origin(self):
        area = self.env["lot.fsma.area"].create({"name": "North 4", "farm_id": self.grower.id})
        receipt = self.receipt(self.raw, "R1")
        dialog = self.dialog(receipt.button_validate())
        dialog.write(
            {
                "farm_id": self.grower.id,
                "harvester_id": self.grower.id,
                "area_id": area.id,
                "harvest_date": "2026-03-01",
            }
        )
        dialog.action_confirm()
        lot = receipt.sudo().move_line_ids.lot_id
        self.assertEqual((lot.fsma_farm_id, lot.fsma_area_id), (self.grower, area))
        self.assertEqual(str(lot.harvest_date), "2026-03-01")

    def test_packing_asks_what_the_receipt_did_not(self):
        self.env.company.fsma_ask = "later"
        lot = self.bought(self.raw, "R1", 10).move_line_ids.lot_id.with_env(self.env)
        self.env.company.fsma_ask = "ask"
        order = self.order(self.lettuce, 5, {lot: 5}).with_user(self.hand)
        order.lot_producing_ids = self.lot(self.lettuce, "P1")
        order.qty_producing = 5
        order._set_qty_producing()
        self.fill(order.move_raw_ids, {lot: 5})
        dialog = self.dialog(order.with_context(skip_consumption=True).button_mark_done())
        self.assertEqual(dialog.line_ids.lot_id, lot)
        dialog.write(
            {
                "farm_id": self.grower.id,
                "harvester_id": self.grower.id,
                "harvest_date": "2026-03-01",
            }
        )
        dialog.action_confirm()
        self.assertEqual(order.state, "done")
        event = self.events(order.sudo())
        self.assertEqual(event.missing, ",field_name,")
        self.assertEqual(event.input_ids.farm_place_id.partner_id, self.grower)
