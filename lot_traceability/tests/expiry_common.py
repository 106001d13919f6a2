from datetime import timedelta

from odoo.tests import new_test_user

from .common import LotTraceabilityCommon


class LotExpiryCommon(LotTraceabilityCommon):
    """Perishable stock of a plant in UTC, whose only stages are those that a test makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.lot_timezone = "UTC"
        cls.env["lot.expiry.stage"].search([]).active = False
        cls.auditor = new_test_user(
            cls.env, login="flow_auditor", groups="lot_traceability.group_auditor"
        )
        cls.administrator = new_test_user(
            cls.env, login="flow_administrator", groups="lot_traceability.group_administrator"
        )
        cls.yoghurt = cls.perishable("Yoghurt")

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-10 12:00:00")

    @classmethod
    def perishable(cls, name, **values):
        return cls.product(name, use_expiration_date=True, expiration_time=1000, **values)

    @classmethod
    def last_day(cls, days, company=None):
        """The instant at which a lot ends that may be used for so many days more."""
        calendar = cls.env["lot.calendar"]
        company = company or cls.company
        return calendar._day_end(calendar._today(company) + timedelta(days=days), company)

    @classmethod
    def stocked(cls, name, days, quantity=10, product=None, **kwargs):
        """A received lot that expires in so many days."""
        lot = cls.received(product or cls.yoghurt, name, quantity, **kwargs)
        lot.write(dict.fromkeys(("expiration_date", "removal_date"), cls.last_day(days)))
        cls.env.flush_all()
        return lot

    @classmethod
    def stage(cls, name, days=None, **values):
        """A stage so many days before expiry; zero: on the day; negative: once expired."""
        if days is not None:
            values["moment"] = "before" if days > 0 else "after" if days < 0 else "on"
            values["days"] = max(days, 1)
        return cls.env["lot.expiry.stage"].create({"name": name, **values})

    def row(self, lot, env=None, **where):
        domain = [("lot_id", "=", lot.id), *((name, "=", value) for name, value in where.items())]
        self.env.invalidate_all()
        row = (env or self.env)["lot.expiry.report"].search(domain)
        self.assertEqual(len(row), 1, row)
        return row

    def notify(self):
        """Run the job as the scheduler does, its commits as flushes."""
        self.patch(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: float("inf")
        )
        self.env["lot.expiry.notice"]._cron_notify()
        self.env.invalidate_all()

    def activities(self, lot, user=None):
        domain = [
            ("res_model", "=", "stock.lot"),
            ("res_id", "=", lot.id),
            ("activity_type_id", "=", self.env.ref("lot_traceability.activity_lot_expiry").id),
        ]
        if user:
            domain.append(("user_id", "=", user.id))
        return self.env["mail.activity"].search(domain)
