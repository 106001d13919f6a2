from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .expiry_common import LotExpiryCommon


class CrashError(Exception):
    """The server goes down."""


@tagged("post_install", "-at_install")
class TestExpiryStages(LotExpiryCommon):
    """What a stage raises, for whom, and how often."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env["res.groups"].create({"name": "Dairy desk"})
        cls.ann, cls.bob = (
            new_test_user(
                cls.env,
                login=f"dairy_{name}",
                groups="stock.group_stock_user",
                email=f"{name}@example.com",
            )
            for name in ("ann", "bob")
        )
        (cls.ann | cls.bob).group_ids += cls.role

    def notices(self, *lots):
        found = self.env["lot.expiry.notice"].search([("lot_id", "in", [lot.id for lot in lots])])
        return sorted((notice.lot_id.name, notice.stage_id.name) for notice in found)

    def mails(self):
        template = self.env.ref("lot_traceability.mail_template_lot_expiry")
        return self.env["mail.mail"].search(
            [("subject", "like", "Lots near or past expiry%"), ("model", "=", template.model)]
        )

    # -- once ----------------------------------------------------------------------------------

    def test_a_stage_is_raised_once_when_it_is_reached(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_activity=True)
        near, far = self.stocked("NEAR", 7), self.stocked("FAR", 8)
        self.notify()
        self.notify()
        self.assertEqual(self.notices(near, far), [("NEAR", "7 days")])
        self.assertEqual(self.activities(near).user_id, self.ann | self.bob)
        self.assertEqual(len(self.activities(near)), 2)
        self.wait(days=1)
        self.notify()
        self.assertEqual(self.notices(near, far), [("FAR", "7 days"), ("NEAR", "7 days")])

    def test_it_is_raised_again_when_the_date_moves_to_another_day(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_activity=True)
        lot = self.stocked("Y-1", 7)
        self.notify()
        self.activities(lot).action_done()
        lot.expiration_date += timedelta(minutes=-5)
        self.notify()
        self.assertFalse(self.activities(lot))
        lot.expiration_date += timedelta(days=-1)
        self.notify()
        self.assertEqual(len(self.activities(lot)), 2)
        lot.expiration_date += timedelta(days=30)
        self.notify()
        self.assertEqual(len(self.notices(lot)), 3)

    def test_only_lots_with_stock_of_ours(self):
        self.stage("7 days", 7)
        gone, shelf, sold = (self.stocked(name, 5) for name in ("GONE", "SHELF", "SOLD"))
        empty = self.lot(self.yoghurt, "EMPTY", expiration_date=self.last_day(3))
        van = self.env["stock.location"].create({"name": "Van", "lot_holder_id": self.cafe.id})
        self.scrap(gone, 10)
        self.transfer({shelf: 10}, self.stock, van)
        self.deliver({sold: 10})
        self.notify()
        self.assertEqual(self.notices(gone, shelf, sold, empty), [("SHELF", "7 days")])

    def test_days_begin_at_midnight_of_the_company(self):
        expired = self.stage("Expired", -1)
        cases = [
            # zone, expiry, last instant before, first instant of the stage
            ("Pacific/Auckland", "2026-04-05 11:59:59", "2026-04-05 11:59:59", "2026-04-05 12:00"),
            ("America/Los_Angeles", "2026-03-09 01:00", "2026-03-09 06:59:59", "2026-03-09 07:00"),
            ("America/Los_Angeles", "2026-11-01 20:00", "2026-11-02 07:59:59", "2026-11-02 08:00"),
        ]
        for number, (zone, expiry, before, after) in enumerate(cases):
            with self.subTest(zone=zone, expiry=expiry):
                self.company.lot_timezone = zone
                lot = self.stocked(f"Y-{number}", 5)
                lot.expiration_date = fields.Datetime.to_datetime(
                    expiry if expiry.count(":") == 2 else f"{expiry}:00"
                )
                self.clock.move_to(before)
                self.notify()
                self.assertFalse(self.notices(lot))
                self.clock.move_to(after)
                self.notify()
                self.assertEqual(self.notices(lot), [(lot.name, expired.name)])

    # -- which stages --------------------------------------------------------------------------

    def test_the_most_specific_stages_count(self):
        food = self.env["product.category"].create({"name": "Food"})
        dairy = self.env["product.category"].create({"name": "Dairy", "parent_id": food.id})
        kefir = self.perishable("Kefir", categ_id=dairy.id)
        cheese = self.perishable("Cheese", categ_id=dairy.id)
        bread = self.perishable("Bread", categ_id=food.id)
        self.stage("General", 30)
        self.stage("Food", 30, categ_id=food.id)
        self.stage("Dairy", 30, categ_id=dairy.id)
        self.stage("Cheese", 30, product_tmpl_id=cheese.product_tmpl_id.id)
        self.stage("Dairy here", 20, categ_id=dairy.id, company_id=self.company.id)
        lots = [
            self.stocked(product.name, 5, product=product)
            for product in (self.yoghurt, bread, kefir, cheese)
        ]
        self.notify()
        self.assertEqual(
            self.notices(*lots),
            [
                ("Bread", "Food"),
                ("Cheese", "Cheese"),
                ("Kefir", "Dairy here"),
                ("Yoghurt", "General"),
            ],
        )

    def test_removal_and_expiry_have_their_own_stages(self):
        self.stage("Removal", 0, basis="removal_date")
        self.stage("Expired", -1)
        lot = self.stocked("Y-1", 5)
        lot.removal_date = self.last_day(2)
        for days, stages in (
            (1, []),
            (2, ["Removal"]),
            (5, ["Removal"]),
            (6, ["Expired", "Removal"]),
        ):
            self.clock.move_to(f"2026-03-{10 + days} 14:00:00")
            lot.invalidate_recordset()
            self.notify()
            self.assertEqual([stage for _lot, stage in self.notices(lot)], stages)
        self.assertEqual(lot.expiry_stage_id.name, "Expired")
        self.assertEqual(self.row(lot).stage_id.name, "Expired")

    def test_old_stock_at_the_first_run_raises_the_most_urgent_stage_only(self):
        for days in (60, 30, 7, -1):
            self.stage(f"{days} days", days, group_id=self.role.id, raise_activity=True)
        lot = self.stocked("Y-1", -100)
        self.notify()
        self.assertEqual(len(self.notices(lot)), 4)
        self.assertEqual(len(self.activities(lot, self.ann)), 1)
        self.assertIn("Expired on", self.activities(lot, self.ann).summary)

    def test_a_later_stage_replaces_the_activity_of_an_earlier_one(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_activity=True)
        self.stage("3 days", 3, group_id=self.role.id, raise_activity=True)
        lot = self.stocked("Y-1", 7)
        self.notify()
        self.assertIn("7 days", self.activities(lot, self.ann).summary)
        self.wait(days=4)
        self.notify()
        self.assertEqual(len(self.activities(lot, self.ann)), 1)
        self.assertIn("3 days", self.activities(lot, self.ann).summary)

    # -- what is raised ------------------------------------------------------------------------

    def test_an_activity_goes_to_the_product_s_responsible_without_a_role(self):
        self.stage("7 days", 7, raise_activity=True)
        self.yoghurt.responsible_id = self.bob
        lot = self.stocked("Y-1", 5)
        self.notify()
        self.assertEqual(self.activities(lot).user_id, self.bob)

    def test_nobody_responsible_means_quality(self):
        self.stage("7 days", 7, raise_activity=True)
        self.yoghurt.responsible_id = False
        lot = self.stocked("Y-1", 5)
        self.notify()
        self.assertIn(self.quality, self.activities(lot).user_id)

    def test_what_one_has_seen_to_is_off_the_list_of_the_others(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_activity=True)
        lot, other = self.stocked("Y-1", 5), self.stocked("Y-2", 5)
        self.notify()
        self.activities(lot, self.ann).with_user(self.ann).action_feedback("Moved to the shop")
        self.assertFalse(self.activities(lot))
        self.assertEqual(len(self.activities(other)), 2)

    def test_one_mail_a_warehouse_lists_all_its_lots(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_mail=True)
        store = self.warehouse("Store", "STO", expiry_partner_ids=[(4, self.mill.id)])
        self.mill.email = "mill@example.com"
        first, second = self.stocked("Y-1", 5), self.stocked("Y-2", 3)
        third = self.stocked("Y-3", 4, warehouse=store)
        self.notify()
        mails = {mail.res_id: mail for mail in self.mails()}
        self.assertEqual(set(mails), {self.plant.id, store.id})
        body = mails[self.plant.id].body_html
        self.assertLess(body.index(second.name), body.index(first.name))
        self.assertNotIn(third.name, body)
        readers = self.ann.partner_id | self.bob.partner_id
        self.assertEqual(mails[self.plant.id].recipient_ids, readers)
        self.assertEqual(mails[store.id].recipient_ids, readers | self.mill)
        self.notify()
        self.assertEqual(len(self.mails()), 2)

    def test_mails_wait_for_the_morning_and_for_the_next_day(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_mail=True)
        self.stocked("Y-1", 5)
        self.clock.move_to("2026-03-11 00:30:00")
        self.notify()
        self.assertFalse(self.mails())
        self.clock.move_to("2026-03-11 06:00:00")
        self.notify()
        self.assertEqual(len(self.mails()), 1)
        self.stocked("Y-2", 5)
        self.notify()
        self.assertEqual(len(self.mails()), 1)
        self.clock.move_to("2026-03-12 06:00:00")
        self.notify()
        self.assertEqual(len(self.mails()), 2)
        self.assertNotIn("Y-1", self.mails().sorted("id")[-1].body_html)

    def test_stock_outside_all_warehouses_is_in_the_first_warehouse_s_mail(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_mail=True)
        lot = self.stocked("Y-1", 5)
        van = self.env["stock.location"].create({"name": "Van"})
        self.transfer({lot: 10}, self.stock, van)
        self.notify()
        first = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(self.mails().mapped("res_id"), first.ids)
        self.assertIn("outside the warehouses", self.mails().body_html)

    def test_one_message_a_user_on_the_screen(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_screen=True)
        for name in ("Y-1", "Y-2"):
            self.stocked(name, 5)
        sent = []
        self.patch(
            self.registry["res.users"],
            "_bus_send",
            lambda user, kind, message, **kwargs: sent.append((user, kind, message)),
        )
        self.notify()
        self.notify()
        messages = [row for row in sent if row[1] == "simple_notification"]
        self.assertEqual([user for user, _kind, _message in messages], [self.ann, self.bob])
        self.assertIn("7 days: 2 lots", messages[0][2]["message"])

    # -- batches and crashes -------------------------------------------------------------------

    def test_a_crash_after_a_batch_loses_nothing_and_repeats_nothing(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_activity=True, raise_mail=True)
        self.stage("30 days", 30)
        lots = [self.stocked(f"Y-{number}", 5) for number in range(6)]
        model = self.registry["lot.expiry.notice"]
        original, batches = model._write_batch, []

        def write(notices, rows):
            batches.append(rows)
            if len(batches) == 2:
                with self.env.cr.savepoint():
                    original(notices, rows)
                    raise CrashError
            return original(notices, rows)

        globals_of = original.__globals__
        self.addCleanup(globals_of.__setitem__, "BATCH", globals_of["BATCH"])
        globals_of["BATCH"] = 5
        self.patch(model, "_write_batch", write)
        # Not assertRaises: it would undo what was committed before the crash.
        with suppress(CrashError):
            self.notify()
        self.assertEqual(len(batches), 2)
        self.env.invalidate_all()
        self.assertEqual(len(self.notices(*lots)), 4)
        self.assertFalse(self.mails())
        self.patch(model, "_write_batch", original)
        self.notify()
        self.assertEqual(len(self.notices(*lots)), 12)
        self.assertEqual(self.activities(lots[0]).user_id, self.ann | self.bob)
        for lot in lots:
            self.assertEqual(len(self.activities(lot)), 2)
        self.assertEqual(len(self.mails()), 1)
        for lot in lots:
            self.assertEqual(self.mails().body_html.count(lot.name), 1)

    def test_a_crash_among_the_mails_sends_them_all_later_and_each_once(self):
        self.stage("7 days", 7, group_id=self.role.id, raise_mail=True)
        store = self.warehouse("Store", "STO")
        self.stocked("Y-1", 5)
        self.stocked("Y-2", 5, warehouse=store)
        template = self.registry["mail.template"]
        original, sent = template.send_mail, []

        def send(self, *args, **kwargs):
            if sent:
                raise CrashError
            sent.append(args)
            return original(self, *args, **kwargs)

        self.patch(template, "send_mail", send)
        with self.assertRaises(CrashError), self.env.cr.savepoint():
            self.notify()
        self.env.invalidate_all()
        self.patch(template, "send_mail", original)
        self.notify()
        self.assertEqual(sorted(self.mails().mapped("res_id")), sorted((self.plant | store).ids))

    def test_the_job_stops_when_its_time_is_over_and_goes_on_next_time(self):
        self.stage("7 days", 7)
        lots = [self.stocked(f"Y-{number}", 5) for number in range(4)]
        globals_of = self.registry["lot.expiry.notice"]._reached.__globals__
        self.addCleanup(globals_of.__setitem__, "BATCH", globals_of["BATCH"])
        globals_of["BATCH"] = 3
        self.patch(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 0)
        self.env["lot.expiry.notice"]._cron_notify()
        self.assertEqual(len(self.notices(*lots)), 3)
        self.notify()
        self.assertEqual(len(self.notices(*lots)), 4)

    # -- Odoo's own alert ----------------------------------------------------------------------

    def core_activities(self, lot):
        return lot.activity_ids.filtered(lambda activity: activity.summary == "Alert Date Reached")

    def test_odoo_s_own_alert_is_not_repeated_where_a_stage_has_told(self):
        milk = self.perishable("Milk")
        self.stage("400 days", 400, product_tmpl_id=self.yoghurt.product_tmpl_id.id)
        staged, plain = self.stocked("Y-1", 5), self.stocked("M-1", 5, product=milk)
        (staged | plain).alert_date = fields.Datetime.now() - timedelta(days=1)
        self.notify()
        self.env["stock.lot"]._alert_date_exceeded()
        self.assertFalse(self.core_activities(staged))
        self.assertEqual(len(self.core_activities(plain)), 1)
