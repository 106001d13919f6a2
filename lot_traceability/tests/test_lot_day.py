from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo.tests import Form, tagged

from .common import LotTraceabilityCommon

# (zone, the day on which the lot expires, the last second at which it may be used, in UTC).
# Days on which the clocks change are among them.
LAST_SECONDS = [
    ("Pacific/Auckland", date(2026, 3, 31), datetime(2026, 3, 31, 10, 59, 59)),
    ("Pacific/Auckland", date(2026, 4, 5), datetime(2026, 4, 5, 11, 59, 59)),
    ("America/Los_Angeles", date(2026, 3, 8), datetime(2026, 3, 9, 6, 59, 59)),
    ("America/Los_Angeles", date(2026, 3, 31), datetime(2026, 4, 1, 6, 59, 59)),
    ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59)),
    ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59)),
]


@tagged("post_install", "-at_install")
class TestLotDay(LotTraceabilityCommon):
    """A lot may be used until the day on which it expires ends where the company is: on screens,
    labels, alerts and at the gate alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cream = cls.product(
            "Cream",
            use_expiration_date=True,
            expiration_time=10,
            use_time=5,
            removal_time=2,
            alert_time=4,
        )
        cls.batch = cls.received(cls.cream, "C1", 100)

    def zone(self, zone):
        self.env.company.lot_timezone = zone

    def expires(self, day, lot=None):
        """The lot expires on this day, typed as a day."""
        (lot or self.batch).write(
            dict.fromkeys(("expiration_date", "use_date", "removal_date", "alert_date"), day)
        )

    def verdict(self):
        """What each screen, label and rule says of the lot, at the present time."""
        self.env.flush_all()
        self.env.invalidate_all()
        lot = self.batch.with_env(self.floor)
        found = {
            "flag": lot.product_expiry_alert,
            "filter": lot in lot.search([("product_expiry_alert", "=", True)]),
            "not the filter": lot not in lot.search([("product_expiry_alert", "=", False)]),
            "name": "Expired" in lot.with_context(formatted_display_name=True).display_name,
        }
        quant = lot.quant_ids.filtered(lambda quant: quant.location_id == self.stock)
        found["quant"] = quant.lot_expired
        found["quant filter"] = quant in quant.search([("lot_expired", "=", True)])
        found["not available"] = not quant.available_quantity
        cream = self.cream.with_env(self.floor)
        found["not free"] = not cream.free_qty
        move = self.floor["stock.move"].create(
            {
                "product_id": self.cream.id,
                "product_uom_qty": 1,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        found["not reserved"] = not move.quantity
        terms = self.env["lot.gate"]._terms(move, leaves=True)
        found["stopped"] = self.env["lot.gate"]._refusal(terms, lot) is not None
        move._do_unreserve()
        self.fill(move, {self.batch: 1})
        found["line"] = move.move_line_ids.is_expired
        found["asked"] = bool(move.move_line_ids._lot_too_old())
        forecast = self.env["stock.forecasted_product_product"]
        to_remove = forecast._get_expired_quant_domain(self.stock.ids, self.cream)
        found["forecast"] = bool(quant.search(to_remove))
        found["forecast free"] = not quant.search(
            forecast._get_quant_domain(self.stock.ids, self.cream)
        )
        move.state = "draft"
        move.unlink()
        return found

    def test_lot_is_good_to_the_last_second_of_its_day_and_nowhere_longer(self):
        for zone, day, last in LAST_SECONDS:
            with self.subTest(zone=zone, day=day):
                self.zone(zone)
                self.expires(day)
                with freeze_time(last):
                    self.assertEqual(set(self.verdict().values()), {False}, self.verdict())
                with freeze_time(last + timedelta(seconds=1)):
                    self.assertEqual(set(self.verdict().values()), {True}, self.verdict())

    def test_alert_comes_when_its_day_begins_where_the_company_is(self):
        for zone, day, last in LAST_SECONDS:
            with self.subTest(zone=zone, day=day):
                self.zone(zone)
                self.expires(day + timedelta(days=1))
                self.batch.product_expiry_reminded = False
                self.batch.activity_ids.unlink()
                for instant, reached in ((last, False), (last + timedelta(seconds=1), True)):
                    with freeze_time(instant):
                        self.env.invalidate_all()
                        self.env["stock.lot"]._alert_date_exceeded()
                        self.assertEqual(bool(self.batch.activity_ids), reached)
                        self.assertEqual(self.batch.lot_alert_reached, reached)
                        found = self.batch.search([("lot_alert_reached", "=", True)])
                        self.assertEqual(self.batch in found, reached)

    def test_labels_and_slips_name_the_day_of_the_company_whoever_prints_them(self):
        # What the codes say stands beside them; core takes seconds to draw each.
        drawn = type(self.env["ir.actions.report"])
        self.patch(drawn, "barcode", lambda *_args, **_options: b"")
        self.cream.barcode = "4006381333931"
        gs1 = self.env.ref("stock.group_stock_lot_print_gs1")
        self.operator.write({"group_ids": [(4, gs1.id)]})
        quant = self.batch.quant_ids.filtered(lambda quant: quant.location_id == self.stock)
        delivery = self.deliver({self.batch: 1})
        slip = self.env.ref("product_expiry.group_expiry_date_on_delivery_slip")
        serials = self.env.ref("stock.group_lot_on_delivery_slip")
        self.operator.write({"group_ids": [(4, slip.id), (4, serials.id)]})
        for zone, day, last in LAST_SECONDS:
            for tz in ("Asia/Tokyo", "America/Los_Angeles"):
                with self.subTest(zone=zone, day=day, tz=tz):
                    self.zone(zone)
                    self.expires(day)
                    self.assertEqual(self.batch.expiration_date, last)
                    self.operator.tz = tz
                    report = self.floor["ir.actions.report"].with_context(tz=tz, lang="en_US")
                    code = f"{day:%y%m%d}"
                    page = report._render_qweb_html("stock.report_lot_label", self.batch.ids)[0]
                    self.assertIn(f"{day:%m/%d/%Y}".encode(), page)
                    self.assertIn(f"15{code}17{code}10C1".encode(), page)
                    zpl = report._render_qweb_text("stock.label_lot_template", self.batch.ids)[0]
                    self.assertIn(f"Use by: {day:%m/%d/%Y}".encode(), zpl)
                    self.assertIn(f"15{code}17{code}".encode(), zpl)
                    barcode = quant.with_env(self.floor)._get_gs1_barcode()
                    self.assertIn(f"15{code}17{code}", barcode)
                    page = report._render_qweb_html("stock.report_deliveryslip", delivery.ids)[0]
                    self.assertIn(f"{day:%m/%d/%Y}".encode(), page)

    # -- dates that core counts --------------------------------------------------------------

    def test_dates_are_counted_in_days_over_a_change_of_clocks(self):
        for zone, created in (
            ("Europe/Berlin", datetime(2026, 3, 28, 22, 30)),
            ("Europe/Berlin", datetime(2026, 10, 24, 22, 30)),
            ("America/Los_Angeles", datetime(2026, 11, 1, 6, 30)),
            ("Pacific/Auckland", datetime(2026, 4, 4, 11, 30)),
        ):
            with self.subTest(zone=zone, created=created), freeze_time(created):
                self.zone(zone)
                today = self.env["lot.calendar"]._today()
                lot = self.lot(self.cream, f"{zone} {created}")
                days = [
                    (lot._lot_day(name) - today).days
                    for name in ("expiration_date", "use_date", "removal_date", "alert_date")
                ]
                self.assertEqual(days, [10, 5, 8, 6])

    def test_other_dates_follow_the_expiry_by_days(self):
        self.zone("Europe/Berlin")
        self.expires(date(2026, 11, 10))
        with Form(self.batch) as form:
            form.expiration_date = datetime(2026, 10, 20, 21, 59, 59)
        self.assertEqual(self.batch._lot_day("removal_date"), date(2026, 10, 20))

    def test_core_dates_on_a_receipt_name_the_day_of_the_company(self):
        self.zone("Pacific/Auckland")
        with freeze_time(datetime(2026, 3, 31, 13, 0)):
            picking = self.picking(
                self.plant.in_type_id, {self.cream: 1}, source=self.suppliers, partner=self.dairy
            )
            line = picking.move_line_ids
            day = self.env["lot.calendar"]._day(line.expiration_date)
            self.assertEqual(day, date(2026, 4, 11))

    # -- days that people type ---------------------------------------------------------------

    def test_day_that_is_typed_lasts_until_it_ends(self):
        self.zone("America/Los_Angeles")
        lot = self.lot(self.cream, "C2", expiration_date="2026-03-31")
        self.assertEqual(lot.expiration_date, datetime(2026, 4, 1, 6, 59, 59))
        lot.write({"expiration_date": date(2026, 6, 30)})
        self.assertEqual(lot.expiration_date, datetime(2026, 7, 1, 6, 59, 59))

    def test_day_that_is_pasted_with_a_lot_is_the_company_s_day(self):
        for zone in ("America/Los_Angeles", "Pacific/Auckland", "Europe/Berlin"):
            with self.subTest(zone=zone):
                self.zone(zone)
                picking = self.picking(
                    self.plant.in_type_id, {self.cream: 1}, source=self.suppliers
                )
                options = {"yearfirst": True}
                values = picking.move_ids._convert_string_into_field_data("2026-03-31", options)
                day = self.env["lot.calendar"]._day(values["expiration_date"])
                self.assertEqual(day, date(2026, 3, 31))

    def test_report_of_quantities_counts_a_lot_until_its_day_ends(self):
        # PostgreSQL's clock does not stand still.
        now = self.env.cr.now()
        for zone in ("Pacific/Auckland", "America/Los_Angeles"):
            self.zone(zone)
            today = self.env["lot.calendar"]._day(now)
            for day, fresh in ((today, 100), (today - timedelta(days=1), 0)):
                with self.subTest(zone=zone, day=day):
                    self.expires(day)
                    self.env.flush_all()
                    found = self.env["report.stock.quantity"]._read_group(
                        [
                            ("product_id", "=", self.cream.id),
                            ("state", "=", "forecast"),
                            ("date", "=", now.date()),
                        ],
                        [],
                        ["product_qty:sum"],
                    )
                    self.assertEqual(found[0][0], fresh)

    def test_settings_change_the_zone(self):
        settings = self.env["res.config.settings"].create({})
        settings.lot_timezone = "Asia/Tokyo"
        self.assertEqual(self.env.company.lot_timezone, "Asia/Tokyo")
        self.assertEqual(self.env["lot.calendar"]._zone(), "Asia/Tokyo")
