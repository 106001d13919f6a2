from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyLot(LotTraceabilityCommon):
    """A lot with history stays, and says when it was renamed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_a = cls.lot(cls.milk, "MILK-A")
        cls.arrival = cls.receive({cls.milk_a: 100}, cls.dairy)

    def test_lot_with_history_and_no_stock_cannot_be_deleted(self):
        """Core lets any stock user do it, and the done moves forget the lot."""
        self.give_back(self.arrival, {self.milk_a: 100})
        self.env["stock.quant"].search([("lot_id", "=", self.milk_a.id)]).sudo().unlink()
        for user in (self.operator, self.manager):
            with self.assertRaises(UserError) as error:
                self.milk_a.with_user(user).unlink()
            self.assertIn("MILK-A", str(error.exception))
        self.assertEqual(len(self.arrival.move_line_ids.lot_id), 1)

    def test_lot_without_history_can_be_deleted(self):
        lot = self.lot(self.milk, "TYPO")
        lot.with_user(self.operator).unlink()
        self.assertFalse(lot.exists())

    def test_lot_on_a_transfer_that_was_never_done_can_be_deleted(self):
        lot = self.lot(self.milk, "TYPO")
        picking = self.picking(self.plant.in_type_id, {lot: 5}, source=self.suppliers)
        picking.action_cancel()
        lot.with_user(self.operator).unlink()
        self.assertFalse(lot.exists())

    def test_one_lot_with_history_among_others_keeps_them_all(self):
        lot = self.lot(self.milk, "TYPO")
        with self.assertRaises(UserError):
            (lot | self.milk_a).with_user(self.operator).unlink()
        self.assertTrue(lot.exists())

    def test_history_in_another_company_protects_the_lot(self):
        self.env["res.company"].create({"name": "Sister"})
        sister = self.env["res.company"].search([("name", "=", "Sister")])
        self.give_back(self.arrival, {self.milk_a: 100})
        self.env["stock.quant"].search([("lot_id", "=", self.milk_a.id)]).sudo().unlink()
        stranger = self.operator.copy(
            {"login": "stranger", "company_ids": [(6, 0, sister.ids)], "company_id": sister.id}
        )
        with self.assertRaises(UserError):
            self.milk_a.with_user(stranger).unlink()

    def test_renaming_is_logged_in_the_chatter(self):
        lot = self.milk_a.with_user(self.operator).with_context(tracking_disable=False)
        lot.name = "MILK-A2"
        lot.supplier_lot = "D-77"
        self.env.flush_all()
        self.env.cr.flush()
        values = {
            value.field_id.name: (value.old_value_char, value.new_value_char)
            for value in self.milk_a.message_ids.sudo().tracking_value_ids
        }
        self.assertEqual(values["name"], ("MILK-A", "MILK-A2"))
        self.assertEqual(values["supplier_lot"], (False, "D-77"))
        self.assertEqual(self.milk_a.message_ids[0].author_id, self.operator.partner_id)
