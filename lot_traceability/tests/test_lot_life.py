from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import START, LotTraceabilityCommon


class LotLifeCommon(LotTraceabilityCommon):
    """Cream lives 100 days; time starts on 2 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.lot_timezone = "Europe/Berlin"
        cls.cream = cls.product("Cream", use_expiration_date=True, expiration_time=100)

    def setUp(self):
        super().setUp()
        self.clock.move_to(START + timedelta(hours=6))

    @classmethod
    def rule(cls, use="delivery", **values):
        return cls.env["lot.shelf.life"].create({"use": use, **values})

    @classmethod
    def arriving(cls, name="C1", expiry="2026-06-10", quantity=10, product=None, **values):
        """A receipt of a new lot with its expiry as read from the label, not validated."""
        picking = cls.picking(
            cls.plant.in_type_id,
            {product or cls.cream: quantity},
            source=cls.suppliers,
            partner=cls.dairy,
        )
        picking.move_line_ids.write({"lot_name": name, "expiration_date": expiry, **values})
        return picking

    @classmethod
    def arrived(cls, *args, **kwargs):
        picking = cls.arriving(*args, **kwargs)
        cls.validate(picking)
        return picking.move_line_ids.lot_id.with_env(cls.env)


@tagged("post_install", "-at_install")
class TestLotShare(LotLifeCommon):
    """A customer may ask for a share of the life of the lot itself."""

    def reserved(self, quantity):
        move = self.floor["stock.move"].create(
            {
                "product_id": self.cream.id,
                "product_uom_qty": quantity,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.shop.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        return {line.lot_id.name: line.quantity for line in move.move_line_ids}

    def test_share_counts_the_own_life_of_a_lot_in_reservation_and_at_the_stop(self):
        # Both expire on the same day; the young one has had a shorter life than the old one.
        old = self.arrived("OLD", "2026-04-01")
        young = self.arrived("YOUNG", "2026-04-01")
        old.production_date = date(2025, 12, 2)  # lives 120 days, 30 are left
        young.production_date = date(2026, 2, 15)  # lives 45 days, 30 are left
        self.rule(minimum_share=0.5)
        self.assertEqual(self.reserved(20), {"YOUNG": 10})
        with self.assertRaisesRegex(UserError, "OLD.*has to last until 2026-05-01"):
            self.deliver({old: 1})
        self.deliver({young: 1})

    def test_share_that_is_met_exactly_is_enough(self):
        lot = self.arrived("EXACT", "2026-09-19")  # 201 days are left on 2 March
        lot.production_date = date(2025, 11, 23)  # lives 300 days
        self.rule(minimum_share=0.67)
        self.assertEqual(self.reserved(1), {"EXACT": 1})
        self.deliver({lot: 1})
        lot.production_date = date(2025, 11, 20)
        self.assertEqual(self.reserved(1), {})

    def test_share_of_a_lot_without_production_counts_the_product_s_days(self):
        self.arrived("C1", "2026-04-20")  # 49 days of 100 are left
        self.arrived("C2", "2026-04-21")
        self.rule(minimum_share=0.5)
        self.assertEqual(self.reserved(20), {"C2": 10})


@tagged("post_install", "-at_install")
class TestShelfLifeReceipt(LotLifeCommon):
    """Suppliers deliver lots that are too old."""

    def test_lot_that_does_not_last_is_refused_and_nothing_is_received(self):
        self.rule("receipt", minimum_days=60, partner_id=self.dairy.id)
        picking = self.arriving("C1", "2026-04-01")
        with (
            self.assertRaisesRegex(UserError, "C1.*expires on 2026-04-01.*until 2026-05-01"),
            self.env.cr.savepoint(),
        ):
            picking.button_validate()
        self.env.invalidate_all()
        self.assertNotEqual(picking.state, "done")
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "C1")]))
        self.arrived("C2", "2026-05-01")

    def test_lot_that_does_not_last_is_accepted_into_quarantine(self):
        self.rule("receipt", minimum_days=60, accept_quarantine=True)
        lot = self.arrived("C1", "2026-04-01")
        self.assertEqual(lot.status_id.code, "quarantine")
        self.assertIn("has to last until 2026-05-01", lot.status_reason)
        self.assertEqual(self.arrived("C2", "2026-05-01").status_id.code, "released")

    def test_rule_for_another_supplier_or_use_asks_nothing(self):
        self.rule("receipt", minimum_days=60, partner_id=self.mill.id)
        self.rule("delivery", minimum_days=60)
        self.assertEqual(self.arrived("C1", "2026-04-01").status_id.code, "released")

    def test_correcting_an_old_receipt_asks_of_its_own_day(self):
        self.rule("receipt", minimum_days=60)
        lot = self.arrived("C1", "2026-05-10")
        self.wait(days=30)
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        line.quantity = 12
        self.assertEqual(lot.product_qty, 12)

    def test_expired_lot_at_receipt_asks_first(self):
        picking = self.arriving("OLD", "2026-03-01")
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "expiry.picking.confirmation")
        wizard = (
            self.floor["expiry.picking.confirmation"].with_context(**action["context"]).create({})
        )
        self.assertIn("OLD expired on 2026-03-01", wizard.description)
        self.assertNotEqual(picking.state, "done")
        wizard.process()
        lot = picking.move_line_ids.lot_id
        self.assertEqual(picking.state, "done")
        self.assertEqual(lot.status_id.code, "quarantine")
        self.assertIn("expired on 2026-03-01", lot.status_reason)

    def test_lot_that_expires_today_is_received_without_a_question(self):
        self.assertEqual(self.arrived("C1", "2026-03-02").status_id.code, "released")

    def test_expired_lot_that_is_forced_through_waits_in_quarantine(self):
        picking = self.arriving("OLD", "2026-03-01")
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(picking.move_line_ids.lot_id.status_id.code, "quarantine")

    def test_rest_goes_on_when_the_expired_are_left_out(self):
        picking = self.arriving("OLD", "2026-03-01", quantity=4)
        line = picking.move_line_ids
        line.copy({"lot_name": "NEW", "expiration_date": "2026-06-01", "quantity": 6})
        picking.move_ids.picked = True
        action = picking.with_context(skip_backorder=True).button_validate()
        wizard = (
            self.floor["expiry.picking.confirmation"].with_context(**action["context"]).create({})
        )
        wizard.process_no_expired()
        self.assertEqual(picking.move_line_ids.lot_id.mapped("name"), ["NEW"])

    def test_date_before_production_is_refused(self):
        lot = self.arrived()
        day = lot._lot_day("expiration_date")
        self.wait(days=200)
        with self.assertRaisesRegex(ValidationError, r"\(06/11/2026\). Correct one of the two"):
            lot.with_env(self.floor).production_date = date(2026, 6, 11)
        self.assertEqual(day, date(2026, 6, 10))
        lot.production_date = day


@tagged("post_install", "-at_install")
class TestExpiryInherited(LotLifeCommon):
    """What was made of something lasts no longer than its rule says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cake = cls.product(
            "Cake",
            use_expiration_date=True,
            expiration_time=30,
            removal_time=2,
            lot_expiry_rule="components",
        )
        cls.early = cls.arrived("EARLY", "2026-03-20")
        cls.late = cls.arrived("LATE", "2026-05-20")

    def day(self, lot):
        return lot.with_env(self.env)._lot_day("expiration_date")

    def test_made_lot_expires_with_the_earliest_component(self):
        cake = self.lot(self.cake, "K1")
        self.make(cake, 1, {self.early: 1, self.late: 1})
        self.assertEqual(self.day(cake), date(2026, 3, 20))
        self.assertEqual(cake._lot_day("removal_date"), date(2026, 3, 18))
        self.assertEqual(cake.expiry_limited_by_id, self.early)
        self.assertEqual(cake.expiry_source, "components")

    def test_made_lot_expires_so_many_days_after_production(self):
        self.cake.lot_expiry_rule = "production"
        cake = self.lot(self.cake, "K1")
        self.wait(days=3)
        self.make(cake, 1, {self.early: 1})
        self.assertEqual(self.day(cake), date(2026, 4, 4))
        self.assertFalse(cake.expiry_limited_by_id)

    def test_made_lot_expires_by_the_earliest_of_both(self):
        self.cake.lot_expiry_rule = "earliest"
        short, long = self.lot(self.cake, "K1"), self.lot(self.cake, "K2")
        self.make(short, 1, {self.early: 1})
        self.make(long, 1, {self.late: 1})
        self.assertEqual(self.day(short), date(2026, 3, 20))
        self.assertEqual(self.day(long), date(2026, 4, 1))
        self.assertFalse(long.expiry_limited_by_id)

    def test_product_without_a_rule_keeps_core_s_date(self):
        self.cake.lot_expiry_rule = False
        cake = self.lot(self.cake, "K1")
        before = cake.expiration_date
        self.make(cake, 1, {self.early: 1})
        self.assertEqual(cake.expiration_date, before)

    def test_component_that_is_corrected_changes_what_was_made_of_it_and_so_on(self):
        slice_ = self.product("Slice", use_expiration_date=True, lot_expiry_rule="components")
        cake, piece = self.lot(self.cake, "K1"), self.lot(slice_, "S1")
        order = self.make(cake, 1, {self.early: 1})
        self.make(piece, 1, {cake: 1})
        self.assertEqual(piece.expiry_limited_by_id, cake)
        order.move_raw_ids.move_line_ids.sudo().lot_id = self.late.id
        self.assertEqual(self.day(cake), date(2026, 5, 20))
        self.assertEqual(self.day(piece), date(2026, 5, 20))
        self.late.with_env(self.floor).write({"expiration_date": "2026-04-15"})
        self.assertEqual(self.day(piece), date(2026, 4, 15))

    def test_date_that_somebody_set_is_kept_and_the_difference_said(self):
        cake = self.lot(self.cake, "K1")
        cake.with_env(self.floor).write({"expiration_date": "2026-04-30"})
        self.make(cake, 1, {self.early: 1})
        self.assertEqual(self.day(cake), date(2026, 4, 30))
        self.assertEqual(cake.expiry_source, "given")
        said = " ".join(cake.message_ids.mapped("body"))
        self.assertIn("2026-03-20", said)
        self.assertIn("EARLY", said)

    # -- circles -----------------------------------------------------------------------------

    def test_rework_of_a_lot_into_itself_ends(self):
        cake = self.lot(self.cake, "K1")
        self.make(cake, 4, {self.early: 1})
        self.make(cake, 1, {cake: 1, self.late: 1})
        self.assertEqual(self.day(cake), date(2026, 3, 20))
        self.assertEqual(cake.expiry_limited_by_id, self.early)

    def test_rework_in_a_circle_ends_and_is_said(self):
        crumbs = self.product("Crumbs", use_expiration_date=True, lot_expiry_rule="components")
        cake, crumb = self.lot(self.cake, "K1"), self.lot(crumbs, "B1")
        self.make(cake, 4, {self.late: 1})
        self.make(crumb, 2, {cake: 1})
        self.make(cake, 1, {crumb: 1})
        self.assertEqual(crumb.expiry_limited_by_id, cake)
        self.assertEqual(cake.expiry_limited_by_id, self.late)
        self.assertIn("B1", " ".join(cake.message_ids.mapped("body")))
        self.late.write({"expiration_date": "2026-04-15"})
        self.assertEqual(self.day(crumb), date(2026, 4, 15))

    def test_rules_that_would_inherit_in_a_circle_are_refused(self):
        # Core refuses a circle of main products; this one goes over a by-product.
        whey = self.product("Whey", use_expiration_date=True, lot_expiry_rule="components")
        cheese = self.product("Cheese")
        self.bom(self.cake, {whey: 1})
        with self.assertRaisesRegex(ValidationError, "inherit their expiry from each other"):
            self.bom(cheese, {self.cake: 1}, byproducts=[(whey, 1, 0)])
        whey.lot_expiry_rule = "production"
        self.bom(cheese, {self.cake: 1}, byproducts=[(whey, 1, 0)])
        with self.assertRaisesRegex(ValidationError, "Whey.*Cake|Cake.*Whey"):
            whey.product_tmpl_id.lot_expiry_rule = "earliest"

    # -- opening and thawing -----------------------------------------------------------------

    def test_opening_and_thawing_shorten_and_never_lengthen(self):
        self.cream.write({"lot_days_opened": 3, "lot_days_thawed": 200})
        lot = self.late.with_env(self.floor)
        lot.action_mark_thawed()
        self.assertEqual(self.day(lot), date(2026, 5, 20))
        lot.action_mark_opened()
        self.assertEqual(lot.expiration_date, datetime(2026, 3, 5, 22, 59, 59))
        self.assertIn("2026-05-20", " ".join(lot.sudo().message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "already"):
            lot.action_mark_opened()
        with self.assertRaises(AccessError):
            lot.action_undo_opened()
        lot.with_env(self.laboratory).action_undo_opened()
        self.assertEqual(self.day(lot), date(2026, 5, 20))
        self.assertFalse(lot.opened_date)

    def test_opening_shortens_what_is_made_of_it_afterwards(self):
        self.cream.lot_days_opened = 3
        self.late.with_env(self.floor).action_mark_opened()
        cake = self.lot(self.cake, "K1")
        self.make(cake, 1, {self.late: 1})
        self.assertEqual(self.day(cake), date(2026, 3, 5))

    def test_product_that_says_no_days_cannot_be_opened(self):
        with self.assertRaisesRegex(UserError, "Days after opening"):
            self.late.with_env(self.floor).action_mark_opened()

    def test_facts_of_opening_are_not_written_and_readers_do_not_open(self):
        self.cream.lot_days_opened = 3
        for name, value in (("opened_date", "2026-03-02"), ("expiry_limited_by_id", self.early.id)):
            with self.assertRaises(UserError):
                self.late.with_env(self.laboratory).write({name: value})
        with self.assertRaises(AccessError):
            self.late.with_user(self.reader).action_mark_opened()
        auditor = new_test_user(
            self.env, login="life_auditor", groups="lot_traceability.group_auditor"
        )
        with self.assertRaises(AccessError):
            self.late.with_user(auditor).action_mark_thawed()


@tagged("post_install", "-at_install")
class TestShelfLifeAccess(LotLifeCommon):
    def test_administrator_sets_rules_and_nobody_below(self):
        rule = self.rule(minimum_days=5)
        administrator = new_test_user(
            self.env, login="life_administrator", groups="lot_traceability.group_administrator"
        )
        rule.with_user(administrator).minimum_days = 6
        for user in (self.reader, self.operator, self.quality):
            self.assertEqual(rule.with_user(user).minimum_days, 6)
            with self.assertRaises(AccessError):
                rule.with_user(user).minimum_days = 7
            with self.assertRaises(AccessError):
                rule.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["lot.shelf.life"].with_user(user).create({"minimum_days": 1})

    def test_rule_of_another_company_is_not_seen_and_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        rule = self.rule("receipt", minimum_days=900, company_id=other.id)
        with self.assertRaises(AccessError):
            rule.with_user(self.operator).read(["minimum_days"])
        self.arrived("C1", "2026-04-01")

    def test_absurd_minimum_is_refused(self):
        for values in ({"minimum_days": -1}, {"minimum_share": 1.2}, {"minimum_share": -0.1}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.rule(**values)
