from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .expiry_common import LotExpiryCommon


@tagged("post_install", "-at_install")
class TestExpiryStageAccess(LotExpiryCommon):
    """Who lays down stages, who writes notices, and what a stage must say."""

    def names(self, lot):
        found = self.env["lot.expiry.notice"].search([("lot_id", "=", lot.id)])
        return found.stage_id.mapped("name")

    def test_only_an_administrator_configures_stages(self):
        stage = self.stage("7 days", 7)
        stage.with_user(self.administrator).days = 8
        for user in (self.quality, self.operator, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                stage.with_user(user).days = 9
        with self.assertRaises(AccessError):
            self.floor["lot.expiry.stage"].create({"name": "Mine"})
        self.assertEqual(stage.with_user(self.reader).days, 8)

    def test_notices_are_written_by_the_job_alone(self):
        stage = self.stage("7 days", 7)
        lot = self.stocked("Y-1", 5)
        self.notify()
        notice = self.env["lot.expiry.notice"].search([("stage_id", "=", stage.id)])
        for user in (self.administrator, self.operator, self.auditor):
            with self.assertRaises(AccessError):
                notice.with_user(user).unlink()
            with self.assertRaises(AccessError):
                notice.with_user(user).create(
                    {"lot_id": lot.id, "stage_id": stage.id, "date": lot.expiration_date}
                )

    def test_notices_and_stages_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.stage("Theirs", 7, company_id=other.id)
        lot = self.stocked("Y-1", 5)
        notice = self.env["lot.expiry.notice"].create(
            {
                "lot_id": lot.id,
                "stage_id": foreign.id,
                "date": lot.expiration_date,
                "company_id": other.id,
            }
        )
        for record in (foreign, notice):
            self.assertFalse(record.with_user(self.quality).search([("id", "=", record.id)]))
        self.notify()
        self.assertEqual(self.names(lot), ["Theirs"])

    def test_a_stage_needs_days_and_one_scope(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["lot.expiry.stage"].create({"name": "Never", "days": 0})
        with self.assertRaises(ValidationError):
            self.stage(
                "Both",
                7,
                categ_id=self.env["product.category"].create({"name": "Food"}).id,
                product_tmpl_id=self.yoghurt.product_tmpl_id.id,
            )

    def test_the_shipped_stages_are_60_30_7_days_removal_and_expired(self):
        names = ("60", "30", "7", "removal", "expired")
        stages = [self.env.ref(f"lot_traceability.expiry_stage_{name}") for name in names]
        self.assertEqual([stage._days_left() for stage in stages], [60, 30, 7, 0, -1])
        job = self.env.ref("lot_traceability.ir_cron_expiry")
        self.assertEqual((job.interval_number, job.interval_type), (1, "hours"))
