from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "lot_watch")
class TestFigureDigest(ScanCommon):
    """The weekly mail: this week and the week before, holds, handhelds, and what users say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock.move_to("2026-03-10 12:00:00")
        cls.company = cls.env.company
        cls.chief = cls._user("quality")
        cls.administrator = cls._user("administrator")
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Week by week",
                "lot_watch": True,
                "periodicity": "weekly",
                "company_id": cls.company.id,
                "user_ids": [Command.set((cls.chief | cls.administrator | cls.operator).ids)],
            }
        )
        today = cls.env["lot.calendar"]._today(cls.company)
        kind = cls.env.ref("lot_traceability.figure_typed")
        cls.env["lot.figure"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.env["lot.figure"].create(
            [
                {
                    "kind_id": kind.id,
                    "company_id": cls.company.id,
                    "day": today - timedelta(days=days),
                    "value": value,
                    "count": count,
                    "measured_on": fields.Datetime.now(),
                }
                for days, value, count in ((1, 10, 30), (7, 50, 10), (8, 4, 100), (15, 99, 1))
            ]
        )

    @classmethod
    def _user(cls, role):
        return new_test_user(
            cls.env,
            login=f"digest_{role}",
            email=f"{role}@watched.example",
            groups=f"lot_traceability.group_{role}",
        )

    def mail(self, user):
        """The body of what the digest sends to a user."""
        self.digest.user_ids = user
        before = self.env["mail.mail"].search([])
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(len(mail), 1)
        return mail.body_html

    def test_mail_says_this_week_the_week_before_and_the_target(self):
        body = self.mail(self.chief)
        # (10 × 30 + 50 × 10) / 40, and the day before the seven.
        for text in ("Codes typed by hand", "20 %", "4 %", "at most 10 %", "Off target"):
            self.assertIn(text, body)
        self.assertNotIn("99 %", body)
        self.assertIn("unsubscribe", body)

    def test_administrator_is_told_what_users_say_and_quality_is_not(self):
        self.env["lot.feedback"].with_user(self.operator).leave("wish", "Larger <b>letters</b>")
        body = self.mail(self.administrator)
        self.assertIn("Larger &lt;b&gt;letters&lt;/b&gt;", body)
        self.assertNotIn("letters", self.mail(self.chief))

    def test_mail_names_handhelds_that_do_not_send(self):
        self.env["lot.scan.device"].create(
            {
                "uid": "d",
                "name": "Dock 7",
                "waiting": 3,
                "seen": fields.Datetime.now() - timedelta(hours=2),
                "company_id": self.company.id,
            }
        )
        self.assertIn("Dock 7", self.mail(self.chief))

    def test_who_may_not_read_figures_is_told_none(self):
        self.assertNotIn("Codes typed by hand", self.mail(self.operator))
        stranger = new_test_user(self.env, login="digest_stranger", groups="base.group_user")
        stranger.email = "stranger@watched.example"
        self.assertNotIn("Codes typed by hand", self.mail(stranger))

    def test_figures_of_a_company_in_which_somebody_does_not_work_are_not_told(self):
        self.digest.company_id = self.env["res.company"].create({"name": "Neighbour"})
        self.assertIsNone(self.digest._lot_watch(self.chief))

    def test_odoo_s_own_digests_stay_as_they_are(self):
        other = self.env["digest.digest"].create({"name": "Odoo's own"})
        self.assertIsNone(other._lot_watch(self.chief))
