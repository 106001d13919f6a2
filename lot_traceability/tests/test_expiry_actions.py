from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .expiry_common import LotExpiryCommon


@tagged("post_install", "-at_install")
class TestExpiryActions(LotExpiryCommon):
    """What is done from the rows of the board: for all rows, or for none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, login="flow_seller", groups="sales_team.group_sale_salesman"
        )
        cls.cause = cls.env["stock.scrap.reason.tag"].create({"name": "Past its date"})

    def dialog(self, action, *lots, env=None):
        """The dialog that a button of the board opens, as a form to fill in."""
        rows = (env or self.floor)["lot.expiry.report"].search(
            [("lot_id", "in", [lot.id for lot in lots])]
        )
        opened = getattr(rows, f"action_{action}")()
        return rows.env[opened["res_model"]].browse(opened["res_id"])

    def shown(self, action):
        records = self.env[action["res_model"]]
        if action.get("res_id"):
            return records.browse(action["res_id"])
        return records.search(action["domain"])

    def assertNothingDone(self, dialog, *words):
        count = {
            model: self.env[model].search_count([])
            for model in ("stock.picking", "stock.scrap", "mail.activity", "stock.move")
        }
        with self.assertRaises(UserError) as caught:
            dialog.action_apply()
        for word in words:
            self.assertIn(word, str(caught.exception))
        for model, before in count.items():
            self.assertEqual(self.env[model].search_count([]), before, model)

    # -- promote -----------------------------------------------------------------------------

    def promotions(self):
        kind = self.env.ref("lot_traceability.activity_lot_promote")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def test_promote_tells_the_seller_once_a_product_with_the_list(self):
        kefir = self.perishable("Kefir")
        lots = [self.stocked("Y-1", 5), self.stocked("Y-2", 6)]
        lots.append(self.stocked("K-1", 5, product=kefir))
        dialog = self.dialog("promote", *lots)
        with Form(dialog) as form:
            form.user_ids.add(self.seller)
            form.note = "Half price"
        dialog.action_apply()
        told = {activity.res_id: activity for activity in self.promotions()}
        self.assertEqual(set(told), {self.yoghurt.product_tmpl_id.id, kefir.product_tmpl_id.id})
        note = told[self.yoghurt.product_tmpl_id.id].note
        for words in ("Y-1", "Y-2", "Half price", "10"):
            self.assertIn(words, note)
        self.assertNotIn("K-1", note)
        self.assertEqual(self.promotions().user_id, self.seller)

    def test_promote_goes_to_the_team_s_leader_or_to_the_product_s_responsible(self):
        lot = self.stocked("Y-1", 5)
        team = self.env["crm.team"].create({"name": "Shops", "user_id": self.seller.id})
        dialog = self.dialog("promote", lot)
        dialog.team_id = team
        dialog.action_apply()
        self.assertEqual(self.promotions().user_id, self.seller)
        self.promotions().unlink()
        self.yoghurt.responsible_id = self.quality
        self.dialog("promote", lot).action_apply()
        self.assertEqual(self.promotions().user_id, self.quality)

    def test_promote_without_anybody_to_tell_asks_for_somebody(self):
        self.yoghurt.responsible_id = False
        self.assertNothingDone(self.dialog("promote", self.stocked("Y-1", 5)), "Choose a user")

    # -- transfer ----------------------------------------------------------------------------

    def test_transfer_prepares_a_draft_with_these_lots(self):
        shop = self.env["stock.location"].create({"name": "Shop", "location_id": self.stock.id})
        kefir = self.perishable("Kefir")
        lots = [self.stocked("Y-1", 5), self.stocked("Y-2", 6)]
        lots.append(self.stocked("K-1", 5, product=kefir))
        other = self.stocked("Y-0", 1)
        dialog = self.dialog("transfer", *lots)
        dialog.location_dest_id = shop
        picking = self.shown(dialog.action_apply())
        self.assertEqual((picking.state, len(picking)), ("draft", 1))
        self.assertEqual(picking.picking_type_id, self.plant.int_type_id)
        picking = picking.with_env(self.floor)
        picking.action_confirm()
        picking.action_assign()
        found = {line.lot_id.name: line.quantity for line in picking.move_line_ids}
        self.assertEqual(found, {"Y-1": 10, "Y-2": 10, "K-1": 10})
        picking.move_ids.picked = True
        self.validate(picking)
        self.assertEqual(self.row(lots[0]).location_id, shop)
        self.assertEqual(self.row(other).location_id, self.stock)

    def test_transfers_are_one_a_warehouse(self):
        store = self.warehouse("Store", "STO")
        lots = [self.stocked("Y-1", 5), self.stocked("Y-2", 6, warehouse=store)]
        dialog = self.dialog("transfer", *lots)
        dialog.location_dest_id = self.env["stock.location"].create({"name": "Outlet"})
        pickings = self.shown(dialog.action_apply())
        self.assertEqual(pickings.picking_type_id, self.plant.int_type_id | store.int_type_id)
        self.assertEqual(len(pickings), 2)

    def test_transfer_of_a_rejected_lot_or_of_nothing_free_is_refused_for_all(self):
        good, bad, taken = (self.stocked(name, 5) for name in ("GOOD", "BAD", "TAKEN"))
        bad.with_user(self.quality).set_status("rejected", "Sour")
        self.picking(self.plant.out_type_id, {taken: 10}, target=self.customers)
        dialog = self.dialog("transfer", good, bad, taken)
        dialog.location_dest_id = self.env["stock.location"].create({"name": "Outlet"})
        self.assertNothingDone(dialog, "- BAD: ", "- TAKEN: All of it is reserved")
        dialog.line_ids.filtered("problem").unlink()
        picking = self.shown(dialog.action_apply())
        self.assertEqual(picking.move_line_ids.lot_id, good)

    # -- hold --------------------------------------------------------------------------------

    def test_hold_takes_all_lots_out_of_use(self):
        lots = [self.stocked("Y-1", 5), self.stocked("Y-2", 6)]
        dialog = self.dialog("hold", *lots)
        self.assertNothingDone(dialog, "reason")
        dialog.reason = "Smells"
        dialog.action_apply()
        for lot in lots:
            self.assertEqual((lot.status_id.code, lot.status_reason), ("hold", "Smells"))

    # -- scrap -------------------------------------------------------------------------------

    def test_scrap_writes_off_all_rows_with_cause_and_entry(self):
        account = self.env["account.account"].create(
            {"name": "Spoilage", "code": "667788", "account_type": "expense"}
        )
        category = self.env["product.category"].create(
            {
                "name": "Fresh",
                "property_valuation": "real_time",
                "property_cost_method": "standard",
                "property_stock_valuation_account_id": self.env["account.account"]
                .create({"name": "Stock", "code": "112233", "account_type": "asset_current"})
                .id,
            }
        )
        self.yoghurt.write({"categ_id": category.id, "standard_price": 2.5})
        lots = [self.stocked("Y-1", -1), self.stocked("Y-2", -2)]
        dialog = self.dialog("scrap", *lots)
        self.assertNothingDone(dialog, "cause")
        dialog.reason_tag_ids = self.cause
        dialog.line_ids[0].quantity = 4
        place = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], order="id", limit=1
        )
        place.valuation_account_id = account
        scraps = self.shown(dialog.action_apply())
        self.assertEqual(set(scraps.mapped("state")), {"done"})
        self.assertEqual(sorted(scraps.mapped("scrap_qty")), [4, 10])
        self.assertEqual(scraps.scrap_reason_tag_ids, self.cause)
        entries = scraps.move_ids.account_move_id.line_ids
        lines = entries.filtered(lambda line: line.account_id == account)
        self.assertEqual(sum(lines.mapped("debit")), 35)
        self.assertEqual(set(entries.move_id.mapped("state")), {"posted"})

    def test_scrap_of_more_than_is_free_does_nothing(self):
        first, second = self.stocked("Y-1", -1), self.stocked("Y-2", 3)
        self.picking(self.plant.out_type_id, {second: 6}, target=self.customers)
        dialog = self.dialog("scrap", first, second)
        dialog.reason_tag_ids = self.cause
        line = dialog.line_ids.filtered(lambda line: line.lot_id == second)
        self.assertEqual(line.quantity, 4)
        line.quantity = 5
        self.assertNothingDone(dialog, "- Y-2: Only 4.0 kg are not reserved.")

    # -- return to supplier ------------------------------------------------------------------

    def test_return_prepares_drafts_to_the_suppliers_of_the_lots(self):
        from_dairy = [self.stocked("Y-1", 5), self.stocked("Y-2", 6)]
        from_mill = self.stocked("Y-3", 5, partner=self.mill)
        dialog = self.dialog("return", *from_dairy, from_mill)
        pickings = self.shown(dialog.action_apply())
        self.assertEqual(set(pickings.mapped("state")), {"draft"})
        found = {
            (picking.partner_id.name, line.lot_id.name, line.quantity)
            for picking in pickings
            for line in picking.move_line_ids
        }
        self.assertEqual(found, {("Dairy", "Y-1", 10), ("Dairy", "Y-2", 10), ("Mill", "Y-3", 10)})
        for picking in pickings.with_env(self.floor):
            picking.action_confirm()
            picking.move_ids.picked = True
            self.validate(picking)
            self.assertEqual(picking.location_dest_id.usage, "supplier")
        movements = self.env["lot.genealogy.movement"].search(
            [("lot_id", "=", from_mill.id), ("kind", "=", "supplier_return")]
        )
        self.assertEqual(movements.partner_id, self.mill)
        self.assertEqual(movements.returned_move_id.picking_id.partner_id, self.mill)
        self.assertFalse(self.env["lot.expiry.report"].search([("lot_id", "=", from_mill.id)]))

    def test_return_takes_the_newest_receipt_first_and_no_more_than_came(self):
        lot = self.stocked("Y-1", 5, 6)
        self.receive({lot: 5})
        self.count(lot, 12)
        dialog = self.dialog("return", lot)
        self.assertNothingDone(dialog, "- Y-1: Only 11.0 kg can go back")
        dialog.line_ids.quantity = 8
        pickings = self.shown(dialog.action_apply())
        self.assertEqual(sorted(pickings.move_line_ids.mapped("quantity")), [3, 5])
        self.assertNothingDone(self.dialog("return", lot), "Only 3.0 kg")

    def test_return_of_a_lot_without_receipt_is_refused_for_all(self):
        bought = self.stocked("BOUGHT", 5)
        found = self.lot(self.yoghurt, "FOUND", expiration_date=self.last_day(5))
        self.count(found, 4)
        self.assertNothingDone(self.dialog("return", bought, found), "- FOUND: No receipt")

    def test_goods_that_were_moved_are_returned_from_where_they_are(self):
        lot = self.stocked("Y-1", 5)
        cold = self.env["stock.location"].create({"name": "Cold", "location_id": self.stock.id})
        self.transfer({lot: 10}, self.stock, cold)
        picking = self.shown(self.dialog("return", lot).action_apply())
        self.assertEqual(picking.move_line_ids.location_id, cold)
        picking = picking.with_env(self.floor)
        picking.action_confirm()
        picking.move_ids.picked = True
        self.validate(picking)
        self.assertFalse(self.env["lot.expiry.report"].search([("lot_id", "=", lot.id)]))

    def test_the_dialog_for_many_lots_asks_the_database_few_times(self):
        few = [self.stocked(f"F-{number}", 5) for number in range(2)]
        many = [self.stocked(f"M-{number}", 5) for number in range(20)]
        counts = []
        for lots in (few, few, many):
            dialog = self.dialog("return", *lots)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dialog.line_ids.mapped("problem")
            dialog.line_ids.mapped("supplier")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    # -- who may -----------------------------------------------------------------------------

    def test_an_auditor_and_a_reader_do_nothing_from_the_board(self):
        lot = self.stocked("Y-1", 5)
        for kind in ("promote", "transfer", "hold", "scrap", "return"):
            for user in (self.auditor, self.reader):
                with self.subTest(kind=kind, user=user.login), self.assertRaises(AccessError):
                    self.dialog(kind, lot, env=self.env(user=user))

    def test_an_operator_without_the_right_to_stock_moves_nothing(self):
        lot = self.stocked("Y-1", 5)
        person = new_test_user(
            self.env, login="flow_line", groups="lot_traceability.group_operator"
        )
        env = self.env(user=person)
        dialog = self.dialog("scrap", lot, env=env)
        dialog.sudo().reason_tag_ids = self.cause
        with self.assertRaises(AccessError):
            dialog.action_apply()
        dialog = self.dialog("transfer", lot, env=env)
        dialog.sudo().location_dest_id = self.env["stock.location"].create({"name": "Outlet"})
        with self.assertRaises(AccessError):
            dialog.action_apply()
        dialog = self.dialog("return", lot, env=env)
        with self.assertRaises(AccessError):
            dialog.action_apply()
