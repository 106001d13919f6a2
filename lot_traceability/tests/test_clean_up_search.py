from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .clean_up_common import CleanUpCommon


@tagged("post_install", "-at_install")
class TestCleanUpSearch(CleanUpCommon):
    """What is found, what is not, and that it is found once."""

    def test_each_kind_is_found_and_told_in_a_sentence(self):
        faults = self.at_fault()
        self.look()
        for kind in faults:
            with self.subTest(kind=kind):
                found = self.found(kind)
                self.assertTrue(found)
                self.assertTrue(all(text.endswith(".") for text in found.mapped("text")))
                self.assertTrue(all(found.mapped("product_id")))

    def test_a_plant_without_faults_has_nothing_to_clean_up(self):
        milk = self.received(self.milk, "M-1", 10)
        made = self.lot(self.cheese, "C-1")
        self.make(made, 2, {milk: 4})
        self.deliver({made: 1})
        self.lot(self.milk, "M-2")
        self.look()
        kinds = [kind for kind, _label in self.env["lot.finding"]._fields["kind"].selection]
        self.assertFalse(any(self.found(kind) for kind in kinds))

    def test_found_again_keeps_its_record(self):
        self.undated("M-1")
        self.look()
        first = self.found("no_date")
        self.look()
        self.assertEqual(self.found("no_date"), first)

    def test_what_is_gone_is_fixed_and_opened_when_it_is_back(self):
        lot = self.undated("M-1")
        self.look()
        finding = self.found("no_date")
        lot.expiration_date = fields.Datetime.now() + timedelta(days=9)
        self.look()
        self.assertEqual(finding.state, "fixed")
        self.assertTrue(finding.fixed_on)
        self.assertFalse(finding.fixed_by)
        lot.expiration_date = False
        self.look()
        self.assertEqual(finding.state, "open")
        self.assertTrue(finding.found_again_on)
        self.assertFalse(finding.fixed_on)

    def test_ignored_stays_ignored(self):
        lot = self.undated("M-1")
        self.look()
        finding = self.found("no_date")
        finding.ignore("Sold out before we had dates")
        self.look()
        self.assertEqual(finding.state, "ignored")
        self.assertFalse(self.found("no_date"))
        lot.name = "M-1a"
        self.look()
        self.assertEqual(finding.state, "ignored")

    def test_a_demanded_date_is_missing_only_of_lots_that_came_that_way(self):
        demand = self.env["lot.field.demand"].search([("field_name", "=", "production_date")])
        received = self.received(self.milk, "M-1", 5)
        self.count(self.lot(self.milk, "M-2"), 5)
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Dairy", "receipt_demand_ids": [(6, 0, demand.ids)]}
        )
        self.look()
        finding = self.found("no_date")
        self.assertEqual(finding.lot_id.with_env(self.env), received)
        self.assertEqual(finding.text, "Lot M-1 of Old milk has no production date.")

    def test_numbers_in_other_spellings_are_near_the_same(self):
        for first, second in (
            ("AB-1", "ab1"),
            ("LOT-007", "LOT-7"),
            ("2026-01-05", "2026/1/5"),
            ("T-10", "T-1O"),
            ("24-01-05", "240105"),
            ("S001", "S1"),
        ):
            with self.subTest(first=first, second=second):
                product = self.product(f"Old {first}")
                lots = self.lot(product, first) | self.lot(product, second)
                self.look()
                found = self.found("near_same").filtered(
                    lambda one, product=product: one.product_id.id == product.id
                )
                self.assertEqual(found.lot_ids.ids, lots.ids)

    def test_other_numbers_are_not_near_the_same(self):
        for first, second in (
            ("2026-1-12", "2026-11-2"),
            ("A-100", "A-10"),
            ("LOT-1", "LOT-2"),
            ("A1", "A01B"),
        ):
            with self.subTest(first=first, second=second):
                product = self.product(f"Old {first}")
                self.lot(product, first)
                self.lot(product, second)
                self.look()
                found = self.found("near_same").filtered(
                    lambda one, product=product: one.product_id.id == product.id
                )
                self.assertFalse(found)

    def test_one_number_of_two_products_is_no_fault(self):
        self.lot(self.milk, "LOT-1")
        self.lot(self.cheese, "lot 1")
        self.look()
        self.assertFalse(self.found("near_same"))

    def test_a_count_of_stock_without_a_lot_is_no_new_fault(self):
        salt = self.tracked_late()
        self.look()
        moves = self.found("no_lot_move")
        self.count(salt, 0)
        self.look()
        self.assertFalse(self.found("no_lot_stock"))
        self.assertEqual(self.found("no_lot_move"), moves)

    def test_a_held_lot_and_one_in_quarantine_are_no_danger_when_expired(self):
        product = self.product("Old yoghurt", use_expiration_date=True, expiration_time=2)
        held, kept = (self.received(product, name, 5) for name in ("YO-1", "YO-2"))
        quarantine = self.env["stock.location"].create(
            {"name": "Quarantine", "location_id": self.stock.id, "lot_quarantine": True}
        )
        self.transfer({kept: 5}, self.stock, quarantine)
        self.wait(days=4)
        self.look()
        self.assertEqual(self.found("expired").lot_id.ids, held.ids)
        held.with_env(self.laboratory).set_status("hold", "Expired")
        self.look()
        self.assertFalse(self.found("expired"))

    def test_a_lot_that_expires_today_is_not_expired(self):
        lot = self._fault_expired()
        lot.expiration_date = fields.Datetime.now()
        self.look()
        self.assertFalse(self.found("expired"))

    def test_a_lot_about_to_move_is_waited_for(self):
        lot = self._fault_no_movement()
        self.picking(self.plant.in_type_id, {lot: 5}, source=self.suppliers)
        self.look()
        self.assertFalse(self.found("no_movement"))

    def test_a_component_posted_early_lost_its_link(self):
        order = self.unlinked()
        made = order.move_finished_ids.move_line_ids.sudo()
        used = order.move_raw_ids.move_line_ids.sudo()
        made.consume_line_ids = used
        self.look()
        self.assertFalse(self.found("lost_link"))
        more = self.received(self.milk, "M-9", 3)
        used[:1].copy({"lot_id": more.id, "quantity": 1})
        made.consume_line_ids = used
        self.look()
        self.assertEqual(self.found("lost_link").production_id.ids, order.ids)

    def test_as_many_statements_for_many_lots_as_for_few(self):
        search = self.env["lot.finding.search"]
        kinds, companies = search._kinds(), self.env.company.ids

        def statements():
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for kind in kinds:
                search._look(kind, companies)
            found = self.env["lot.finding"].search([("state", "=", "open")])
            self.assertTrue(all(found.mapped("text")))
            return self.env.cr.sql_log_count - before

        self.undated("M-1")
        statements()
        few = statements()
        self.env["stock.lot"].create(
            [{"name": f"MANY-{n}", "product_id": self.milk.id} for n in range(60)]
        ).expiration_date = False
        many = statements()
        self.assertGreater(len(self.found("no_date")), 60)
        self.assertEqual(many, few)
