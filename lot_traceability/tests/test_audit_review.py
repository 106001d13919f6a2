from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .audit_reading_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditReview(AuditCommon):
    """Reviews of the log: what was looked at, what was found, and that it stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Events have the time of PostgreSQL, which does not stand still.
        cls.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
        cls.clock.move_to(cls.env.cr.fetchone()[0] + timedelta(days=1))
        cls.milk_lot = cls.received(cls.product("Milk"), "M-1", 100)

    def review(self, user=None, **values):
        return self.env["lot.audit.review"].with_user(user or self.auditor).create(values)

    def finished(self, **values):
        review = self.review(**{"verdict": "ok", **values})
        review.action_finish()
        return review

    def test_finished_review_keeps_what_was_seen(self):
        self.seal()
        review = self.finished(findings="All agrees", lot_ids=self.milk_lot.ids)
        events = self.events(("lot_id", "=", self.milk_lot.id))
        self.assertEqual(review.reviewed_count, len(events))
        self.assertEqual(review.last_event_id, max(events.ids))
        self.assertIn("Moved: 1", review.reviewed_kinds)
        self.assertEqual(review.block_digest, self.env["lot.audit.block"]._receipt().digest)
        self.assertEqual((review.user_id, review.state), (self.auditor, "done"))

    def test_review_is_an_event_itself(self):
        review = self.finished(verdict="remarks", findings="Two labels too many")
        (event,) = self.told("reviewed")
        self.assertEqual(event["who"]["login"], "flow_auditor")
        self.assertEqual(event["why"], "Two labels too many")
        self.assertEqual(event["data"]["count"], review.reviewed_count)
        self.assertEqual(event["record"]["id"], review.id)

    def test_what_happens_later_does_not_change_a_review(self):
        review = self.finished()
        before = review.event_count
        self.received(self.milk_lot.product_id, "M-2", 1)
        review.invalidate_recordset()
        self.assertEqual(review.event_count, before)
        action = review.action_events()
        self.assertEqual(self.env["lot.audit.event"].search_count(action["domain"]), before)

    def test_finished_review_is_changed_and_deleted_by_nobody(self):
        review = self.finished()
        for user in (self.auditor, self.quality):
            with self.assertRaisesRegex(UserError, "evidence"):
                review.with_user(user).findings = "Nothing"
            with self.assertRaisesRegex(UserError, "evidence"):
                review.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "evidence"):
            review.sudo().verdict = "remarks"

    def test_nobody_writes_what_a_review_works_out(self):
        review = self.review()
        with self.assertRaisesRegex(UserError, "Finish the review"):
            review.state = "done"
        self.assertEqual(self.review(reviewed_count=7, state="done").state, "draft")

    def test_review_needs_verdict_findings_and_a_past_period(self):
        for values, sentence in (
            ({}, "choose a verdict"),
            ({"verdict": "deviation"}, "Write down what was found"),
            ({"verdict": "ok", "until": datetime(2099, 1, 1)}, "ends in the future"),
            (
                {"verdict": "ok", "since": datetime(2026, 2, 1), "until": datetime(2026, 1, 1)},
                "before it begins",
            ),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.review(**values).action_finish()

    def test_next_review_begins_where_the_last_one_ended(self):
        first = self.finished()
        self.assertEqual(self.review().since, first.until)

    def test_operator_and_reader_review_nothing(self):
        for user in (self.reader, self.operator):
            with self.assertRaises(AccessError):
                self.review(user)

    def test_overdue_review_is_reminded_of_once(self):
        company = self.env.company
        company.lot_audit_review_days = 10
        done = self.finished()
        self.assertEqual(done.next_due, done.date.date() + timedelta(days=10))
        reviews = self.env["lot.audit.review"]
        reviews._cron_remind()
        self.assertFalse(reviews.search([("state", "=", "draft")]))
        self.wait(days=11)
        reviews._cron_remind()
        reviews._cron_remind()
        open_review = reviews.search([("state", "=", "draft")])
        self.assertEqual(len(open_review), 1)
        reminded = open_review.activity_ids.user_id
        self.assertLessEqual(self.auditor | self.quality, reminded)
        self.assertEqual(len(reminded), len(open_review.activity_ids))
        open_review.with_user(self.quality).verdict = "ok"
        open_review.with_user(self.quality).action_finish()
        self.assertFalse(open_review.activity_ids)

    def test_company_without_interval_is_not_reminded(self):
        self.env.company.lot_audit_review_days = 0
        self.wait(days=1000)
        self.env["lot.audit.review"]._cron_remind()
        self.assertFalse(self.env["lot.audit.review"].search([]))
        self.assertFalse(self.finished().next_due)
