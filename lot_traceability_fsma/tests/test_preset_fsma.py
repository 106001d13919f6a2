from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestPresetFsma(FsmaCommon):
    """The preset for food turns on the events of all foods; no other one does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, login="preset_chief", groups="lot_traceability.group_administrator"
        )
        cls.goods = cls.env["product.category"].create({"name": "Goods with lots"})
        cls.salt = cls.product("Salt")

    def setup(self, code):
        preset = self.env["lot.preset"].search([("code", "=", code)])
        return (
            self.env["lot.preset.wizard"]
            .with_user(self.chief)
            .create({"preset_id": preset.id, "category_ids": [Command.set(self.goods.ids)]})
        )

    def line(self, dialog, key):
        return dialog.line_ids.filtered(lambda line: line.line_id.key == key)

    def test_food_records_events_of_foods_that_are_not_on_the_list(self):
        self.assertFalse(self.events(self.bought(self.salt, "S1", 10)))
        dialog = self.setup("food")
        line = self.line(dialog, "fsma_record_all")
        self.assertEqual((line.area, line.now, line.then), ("FSMA 204", "no", "yes"))
        dialog.action_apply()
        self.assertEqual(self.events(self.bought(self.salt, "S2", 10)).kind, "receiving")

    def test_what_is_missing_is_asked_where_the_firm_has_not_said_otherwise(self):
        dialog = self.setup("food")
        line = self.line(dialog, "fsma_ask")
        self.assertEqual((line.state, line.tick), ("theirs", False))
        line.tick = True
        dialog.action_apply()
        self.assertEqual(self.env.company.fsma_ask, "ask")

    def test_typed_number_is_the_suppliers_code(self):
        self.setup("food").action_apply()
        lot = self.received(self.lettuce, "TLC-77", 5, partner=self.grower)
        self.assertEqual(lot.fsma_code_id.code, "TLC-77")

    def test_other_industries_leave_it_off(self):
        self.setup("pharma").action_apply()
        self.assertFalse(self.env.company.fsma_record_all)
