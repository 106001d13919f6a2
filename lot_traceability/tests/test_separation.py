from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestSeparation(LotTraceabilityCommon):
    """Lots that must not come together are kept apart, in an order, a package and a place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.organic = cls.env["product.tag"].create({"name": "Organic"})
        cls.plain = cls.env["product.tag"].create({"name": "Conventional"})
        cls.oats = cls.product("Oats", product_tag_ids=[Command.set(cls.organic.ids)])
        cls.rye = cls.product("Rye", product_tag_ids=[Command.set(cls.plain.ids)])
        cls.bread = cls.product("Bread")
        cls.oats_lot = cls.received(cls.oats, "OATS", 20)
        cls.rye_lot = cls.received(cls.rye, "RYE", 20)
        cls.bin, cls.shelf = cls.env["stock.location"].create(
            [{"name": name, "location_id": cls.stock.id} for name in ("Bin", "Shelf")]
        )

    def rule(self, **values):
        return self.env["lot.separation.rule"].create(
            {
                "name": "Organic apart",
                "criterion": "tag",
                "tag_ids": [Command.set(self.organic.ids)],
                "action": "block",
                "location_id": self.bin.id,
                **values,
            }
        )

    def assertKeptApart(self, flow, *args, names=("OATS", "RYE"), **kwargs):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            flow(*args, **kwargs)
        self.env.invalidate_all()
        for name in (*names, "Organic apart"):
            self.assertIn(name, str(caught.exception))

    def into(self, place, content):
        return self.transfer(content, self.stock, place)

    # -- places ------------------------------------------------------------------------------

    def test_lot_is_kept_out_of_a_place_with_its_opposite(self):
        self.rule()
        self.into(self.bin, {self.oats_lot: 5})
        self.assertKeptApart(self.into, self.bin, {self.rye_lot: 5})
        self.assertEqual(self.env["stock.quant"]._get_available_quantity(self.rye, self.bin), 0)
        self.into(self.shelf, {self.rye_lot: 5})

    def test_two_lots_that_arrive_together_are_kept_apart(self):
        self.rule()
        self.assertKeptApart(self.into, self.bin, {self.oats_lot: 5, self.rye_lot: 5})

    def test_direct_call_does_not_get_past_a_block(self):
        self.rule()
        self.into(self.bin, {self.oats_lot: 5})
        picking = self.picking(
            self.plant.int_type_id, {self.rye_lot: 1}, source=self.stock, target=self.bin
        )
        self.assertKeptApart(picking.sudo()._action_done)
        self.assertKeptApart(picking.move_ids.sudo()._action_done)

    def test_done_line_cannot_be_moved_into_a_place_with_its_opposite(self):
        self.rule()
        self.into(self.bin, {self.oats_lot: 5})
        moved = self.into(self.shelf, {self.rye_lot: 5})
        self.assertKeptApart(moved.move_line_ids.sudo().write, {"location_dest_id": self.bin.id})

    def test_place_that_was_emptied_is_free_again(self):
        self.rule()
        self.into(self.bin, {self.oats_lot: 5})
        self.transfer({self.oats_lot: 5}, self.bin, self.shelf)
        self.into(self.bin, {self.rye_lot: 5})
        self.assertEqual(self.env["stock.quant"]._get_available_quantity(self.rye, self.bin), 5)

    def test_count_says_what_lies_there_whatever_the_rule(self):
        self.rule()
        self.into(self.bin, {self.oats_lot: 5})
        self.count(self.rye_lot, 3, self.bin)
        self.assertEqual(self.env["stock.quant"]._get_available_quantity(self.rye, self.bin), 3)

    def test_rule_of_two_kinds_lets_others_in(self):
        self.rule(other_tag_ids=[Command.set(self.plain.ids)])
        salt = self.received(self.product("Salt"), "SALT", 10)
        self.into(self.bin, {self.oats_lot: 5})
        self.into(self.bin, {salt: 5})
        self.assertKeptApart(self.into, self.bin, {self.rye_lot: 5})

    def test_category_narrows_a_rule(self):
        grain = self.env["product.category"].create({"name": "Grain"})
        self.rule(categ_id=grain.id)
        self.oats.categ_id = grain
        self.into(self.bin, {self.oats_lot: 5, self.rye_lot: 5})
        self.rye.categ_id = grain
        self.assertKeptApart(self.into, self.bin, {self.rye_lot: 1})

    def test_several_lots_of_a_product_are_kept_apart(self):
        self.rule(criterion="lot")
        second = self.received(self.oats, "SECOND", 5)
        self.into(self.bin, {self.oats_lot: 5, self.rye_lot: 5})
        self.into(self.bin, {self.oats_lot: 5})
        self.assertKeptApart(self.into, self.bin, {second: 5}, names=("OATS", "SECOND"))

    def test_new_lots_of_one_receipt_are_kept_apart(self):
        self.rule(criterion="lot")
        self.received_in_bin("FIRST")
        self.assertKeptApart(self.received_in_bin, "SECOND", names=("FIRST", "SECOND"))

    def received_in_bin(self, name):
        picking = self.picking(
            self.plant.in_type_id, {self.rye: 5}, source=self.suppliers, target=self.bin
        )
        picking.move_line_ids.lot_name = name
        return self.validate(picking)

    def test_statuses_are_kept_apart(self):
        hold = self.env.ref("lot_traceability.status_hold")
        cage = self.env["stock.location"].create(
            {"name": "Cage", "location_id": self.stock.id, "lot_quarantine": True}
        )
        self.rule(criterion="status", status_ids=[Command.set(hold.ids)], location_id=cage.id)
        self.into(cage, {self.rye_lot: 1})
        self.oats_lot.with_env(self.floor).set_status("hold", "Mould")
        self.assertKeptApart(self.into, cage, {self.oats_lot: 1})

    def test_allergens_are_kept_apart_where_lots_know_theirs(self):
        if "allergen_ids" not in self.env["stock.lot"]._fields:
            self.rule(criterion="allergen")
            self.into(self.bin, {self.oats_lot: 5, self.rye_lot: 5})
            return
        allergens = self.env[self.env["stock.lot"]._fields["allergen_ids"].comodel_name]
        self.rule(criterion="allergen")
        self.oats_lot.allergen_ids = allergens.search([], limit=1)
        self.assertKeptApart(self.into, self.bin, {self.oats_lot: 5, self.rye_lot: 5})

    # -- packages ----------------------------------------------------------------------------

    def packed(self, content, package):
        picking = self.picking(self.plant.out_type_id, content, target=self.customers)
        picking.move_line_ids.result_package_id = package
        return self.validate(picking)

    def test_package_holds_no_opposites(self):
        self.rule(in_package=True, in_location=False, location_id=False)
        package = self.env["stock.package"].create({"name": "PAL-1"})
        self.assertKeptApart(
            self.packed, {self.oats_lot: 1, self.rye_lot: 1}, package, names=("OATS", "PAL-1")
        )
        self.packed({self.oats_lot: 2}, package)

    def test_package_is_not_filled_up_with_an_opposite(self):
        self.rule(in_package=True, in_location=False, location_id=False)
        package = self.env["stock.package"].create({"name": "PAL-2"})
        first = self.picking(
            self.plant.int_type_id, {self.oats_lot: 2}, source=self.stock, target=self.bin
        )
        first.move_line_ids.result_package_id = package
        self.validate(first)
        second = self.picking(
            self.plant.int_type_id, {self.rye_lot: 2}, source=self.stock, target=self.bin
        )
        second.move_line_ids.result_package_id = package
        self.assertKeptApart(self.validate, second)

    # -- production --------------------------------------------------------------------------

    def test_opposites_are_not_used_in_one_order(self):
        self.rule(in_production=True, in_location=False, location_id=False)
        self.assertKeptApart(
            self.make, self.lot(self.bread, "B1"), 1, {self.oats_lot: 1, self.rye_lot: 1}
        )
        self.make(self.lot(self.bread, "B2"), 1, {self.oats_lot: 2})

    # -- warnings ----------------------------------------------------------------------------

    def test_warning_is_asked_for_and_noted(self):
        self.rule(action="warn")
        self.into(self.bin, {self.oats_lot: 5})
        picking = self.picking(
            self.plant.int_type_id, {self.rye_lot: 1}, source=self.stock, target=self.bin
        )
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "lot.done.wizard")
        wizard = (
            self.floor["lot.done.wizard"].with_context(**action["context"]).browse(action["res_id"])
        )
        self.assertIn("OATS", wizard.separation)
        self.assertNotEqual(picking.state, "done")
        wizard.action_confirm()
        self.assertEqual(picking.state, "done")
        note = picking.message_ids.filtered(lambda found: "Organic apart" in found.body)
        self.assertEqual(len(note), 1)
        self.assertEqual(note.author_id, self.operator.partner_id)

    def test_warning_of_components_is_asked_for(self):
        self.rule(action="warn", in_production=True, in_location=False, location_id=False)
        order = self.order(self.bread, 1, {self.oats: 1, self.rye: 1})
        order.lot_producing_ids = self.lot(self.bread, "B3").with_env(self.floor)
        order.qty_producing = 1
        order._set_qty_producing()
        self.fill(order.move_raw_ids, {self.oats_lot: 1, self.rye_lot: 1})
        action = order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(action["res_model"], "lot.done.wizard")

    def test_direct_call_notes_what_should_have_been_warned_of(self):
        self.rule(action="warn")
        self.into(self.bin, {self.oats_lot: 5})
        picking = self.picking(
            self.plant.int_type_id, {self.rye_lot: 1}, source=self.stock, target=self.bin
        )
        picking._action_done()
        self.assertTrue(picking.message_ids.filtered(lambda found: "Organic apart" in found.body))

    # -- cost --------------------------------------------------------------------------------

    def test_one_query_reads_what_lies_in_all_places(self):
        shelves = self.env["stock.location"].create(
            [{"name": f"Place {number}", "location_id": self.stock.id} for number in range(30)]
        )
        picking = self.picking(
            self.plant.int_type_id,
            {self.received(self.oats, f"O{number}", 1): 1 for number in range(30)},
            source=self.stock,
            target=self.bin,
        )
        self.rule(location_id=self.stock.id)
        lines = picking.move_line_ids
        for line, shelf in zip(lines, shelves, strict=True):
            line.location_dest_id = shelf
        separation = self.floor["lot.separation"]
        self.env.flush_all()
        separation._meetings(lines)
        with self.assertQueryCount(1):
            separation._meetings(lines)

    def test_without_rules_nothing_is_read(self):
        self.env["lot.separation.rule"].search([]).unlink()
        picking = self.picking(
            self.plant.int_type_id, {self.rye_lot: 1}, source=self.stock, target=self.bin
        )
        lines = picking.move_line_ids
        self.floor["lot.separation"]._check(lines)
        with self.assertQueryCount(0):
            self.floor["lot.separation"]._check(lines)

    # -- rules and rights --------------------------------------------------------------------

    def test_incomplete_rule_is_refused(self):
        for values in (
            {"in_location": False},
            {"tag_ids": [Command.clear()]},
            {"criterion": "status"},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.rule(**values)

    def test_rule_of_another_company_does_not_count(self):
        company = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        self.rule(company_id=company.id, location_id=False)
        moved = self.into(self.bin, {self.oats_lot: 5, self.rye_lot: 5})
        self.assertEqual(moved.state, "done")

    def test_archived_rule_does_not_count(self):
        self.rule().active = False
        self.into(self.bin, {self.oats_lot: 5, self.rye_lot: 5})

    def test_rules_are_set_by_the_administrator_alone(self):
        chief = new_test_user(
            self.env, login="chief", groups="lot_traceability.group_administrator"
        )
        rule = self.rule().with_user(chief)
        rule.action = "warn"
        self.assertEqual(rule.with_user(self.reader).action, "warn")
        for user in (self.operator, self.quality):
            with self.assertRaises(AccessError):
                rule.with_user(user).action = "block"
            with self.assertRaises(AccessError):
                rule.with_user(user).unlink()

    def test_rules_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        rule = self.rule(company_id=company.id, location_id=False)
        self.assertFalse(self.floor["lot.separation.rule"].search([("id", "=", rule.id)]))
