from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.lot_backup_watch import LotBackupWatch
from .common import LotTraceabilityCommon

PLACE = {
    "name": "backup-host:/copies",
    "free_mb": 500_000,
    "total_mb": 1_000_000,
    "server_free_mb": 90_000,
    "backup_mb": 1_000,
    "backups": 7,
    "every_hours": 24,
    "drill_days": 7,
    "archive_timeout": 300,
    "error": "",
}


@tagged("post_install", "-at_install")
class TestBackupWatch(LotTraceabilityCommon):
    """What backups tell, and what administrators are told of them before one is needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = new_test_user(
            cls.env, login="backup_system", groups="base.group_user,base.group_system"
        )
        cls.auditor = new_test_user(
            cls.env, login="backup_auditor", groups="lot_traceability.group_auditor"
        )
        cls.places = cls.env["lot.backup.place"].with_user(cls.system)

    def setUp(self):
        super().setUp()
        self.archiver = {
            "on": True,
            "standby": False,
            "last_archived_at": fields.Datetime.now() - timedelta(minutes=4),
            "failures": 0,
            "failing": False,
            "segment": "",
            "now": fields.Datetime.now(),
        }
        self.startPatcher(
            patch.object(LotBackupWatch, "_archiver", lambda watch: dict(self.archiver))
        )

    def report(self, kind="backup", ok=True, hours_ago=1, key=None, **values):
        ended = (fields.Datetime.now() - timedelta(hours=hours_ago)).timestamp()
        known = {"kind": kind, "ok": ok, "started": ended - 90, "ended": ended}
        return {**known, "key": key or f"{kind}-{hours_ago}", "backup": "20260302T050000Z"} | values

    def note(self, *reports, **place):
        return self.places.note({"place": {**PLACE, **place}, "reports": list(reports)})

    def noted(self, *reports, **place):
        return self.places.browse(self.note(*reports, **place)["place_id"])

    def watched(self, place):
        self.env["lot.backup.place"]._cron_watch()
        return place.problems or ""

    def told(self, place):
        kind = self.env.ref("lot_traceability.activity_backup")
        return place.sudo().activity_ids.filtered(lambda one: one.activity_type_id == kind)

    # -- what is told ----------------------------------------------------------------------------

    def test_backup_and_drill_are_noted_with_their_times_and_proofs(self):
        proofs = [{"name": "Stock sums equal", "passed": True, "text": "692 quants"}]
        drill = self.report("drill", rpo=97.6, rto=70.9, proofs=proofs)
        answer = self.note(self.report(megabytes=55.6, files=1331), drill)
        self.assertEqual(answer["problems"], [])
        reports = self.env["lot.backup.report"].with_user(self.auditor).browse(answer["report_ids"])
        by_kind = reports.grouped("kind")
        self.assertEqual(by_kind["backup"].files, 1331)
        self.assertAlmostEqual(by_kind["backup"].seconds, 90, 2)
        self.assertEqual((by_kind["drill"].rpo, by_kind["drill"].rto), (97.6, 70.9))
        self.assertEqual(by_kind["drill"].proof_ids.name, "Stock sums equal")
        place = self.places.browse(answer["place_id"])
        self.assertEqual(place.last_backup_id, by_kind["backup"])
        self.assertEqual(place.last_drill_id, by_kind["drill"])

    def test_same_report_told_again_is_taken_once(self):
        first, second = self.note(self.report()), self.note(self.report())
        self.assertEqual(first, second)

    def test_only_administrators_of_the_system_tell_of_backups(self):
        for user in (self.manager, self.auditor, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["lot.backup.place"].with_user(user).note({"place": PLACE})

    def test_report_that_cannot_be_understood_is_refused_in_one_sentence(self):
        for told, said in (
            ({}, "names its place"),
            ("nonsense", "give an object with named values"),
            ({"place": PLACE, "reports": {"kind": "backup"}}, "come as a list"),
            ({"place": PLACE, "reports": ["backup"]}, "come as a list"),
            ({"place": {"name": "x", "free_mb": "much"}}, "sizes in megabytes"),
            ({"place": PLACE, "reports": [{"kind": "wish", "key": "1"}]}, "seconds since 1970"),
        ):
            with self.subTest(told=told), self.assertRaisesRegex(ValidationError, said):
                self.places.note(told)

    def test_reports_and_places_are_read_by_auditors_and_changed_by_nobody(self):
        answer = self.note(self.report("drill", proofs=[{"name": "One", "passed": True}]))
        report = self.env["lot.backup.report"].browse(answer["report_ids"])
        place = self.places.browse(answer["place_id"])
        with self.assertRaises(AccessError):
            report.with_user(self.operator).read(["ok"])
        for record, values in (
            (place, {"name": "y"}),
            (report, {"ok": False}),
            (report.proof_ids, {"passed": False}),
        ):
            self.assertTrue(record.with_user(self.auditor).read(list(values)))
            with self.assertRaises(UserError):
                record.with_user(self.system).write(values)
            with self.assertRaises(UserError):
                record.with_user(self.system).unlink()
        with self.assertRaises(UserError):
            report.sudo().write({"ok": False})
        with self.assertRaises(UserError):
            report.sudo().unlink()

    # -- what is wrong ---------------------------------------------------------------------------

    def test_all_is_well_and_nobody_is_told(self):
        place = self.noted(self.report(), self.report("drill"))
        self.assertEqual(self.watched(place), "")
        self.assertFalse(self.told(place))

    def test_archive_that_fails_is_told_at_once_with_its_cause(self):
        place = self.noted(self.report(), error="No space left on device.")
        self.archiver |= {"failing": True, "failures": 3, "segment": "00000001000000000000001C"}
        self.assertIn("No space left on device", self.watched(place))
        self.assertIn("00000001000000000000001C, 3 times", place.problems)
        self.assertIn(self.system, self.told(place).user_id)
        self.assertNotIn(self.manager, self.told(place).user_id)

    def test_archive_that_stands_still_is_told_after_fifteen_minutes(self):
        place = self.noted(self.report())
        self.archiver["last_archived_at"] = fields.Datetime.now() - timedelta(minutes=14)
        self.assertEqual(self.watched(place), "")
        self.archiver["last_archived_at"] = fields.Datetime.now() - timedelta(minutes=16)
        self.assertIn("last change that is in the archive", self.watched(place))

    def test_threshold_is_a_parameter(self):
        place = self.noted(self.report())
        self.archiver["last_archived_at"] = fields.Datetime.now() - timedelta(minutes=16)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("lot_traceability.backup_archive_minutes", "20")
        self.assertEqual(self.watched(place), "")

    def test_server_that_no_longer_archives_is_told(self):
        place = self.noted(self.report())
        self.archiver["on"] = False
        self.assertIn("does not archive its log", self.watched(place))

    def test_backup_that_is_late_is_told(self):
        place = self.noted(self.report(hours_ago=26))
        self.assertEqual(self.watched(place), "")
        self.wait(hours=2)
        self.archiver |= {"now": fields.Datetime.now(), "last_archived_at": fields.Datetime.now()}
        place.sudo().heard_at = fields.Datetime.now()
        self.assertIn("The last good backup is of", self.watched(place))

    def test_backup_that_failed_is_none(self):
        place = self.noted(self.report(ok=False, text="the disk is full"))
        self.assertIn("The last good backup is of never", self.watched(place))

    def test_drill_that_failed_is_told_until_one_went_well(self):
        place = self.noted(self.report(), self.report("drill", ok=False, hours_ago=3))
        self.assertIn("The last drill failed", self.watched(place))
        self.note(self.report("drill", hours_ago=2))
        self.assertEqual(self.watched(place), "")

    def test_drill_that_was_never_made_is_told_and_not_where_none_is_wanted(self):
        place = self.noted(self.report(), self.report(hours_ago=24 * 10))
        self.assertIn("No drill was made", self.watched(place))
        self.note(drill_days=0)
        self.assertEqual(self.watched(place), "")

    def test_disk_that_fills_is_told_while_two_backups_still_fit(self):
        place = self.noted(self.report(), free_mb=2_100, total_mb=20_000)
        self.assertEqual(self.watched(place), "")
        self.note(free_mb=1_900, total_mb=10_000)
        self.assertIn("The disk of the copies has 1900 MB free", self.watched(place))
        self.note(server_free_mb=500)
        self.assertIn("PostgreSQL has 500 MB free", self.watched(place))

    def test_timer_that_does_not_run_is_told_after_an_hour(self):
        place = self.noted(self.report())
        self.wait(hours=1)
        self.wait(hours=1)
        self.archiver |= {"now": fields.Datetime.now(), "last_archived_at": fields.Datetime.now()}
        self.assertIn("Nothing was heard of the backup", self.watched(place))

    def test_alarm_is_raised_once_and_goes_when_it_is_mended(self):
        place = self.noted(self.report(), error="No space left on device.")
        self.archiver["failing"] = True
        self.watched(place)
        before = self.told(place)
        self.watched(place)
        self.assertEqual(self.told(place), before)
        self.archiver["failing"] = False
        self.assertEqual(self.watched(place), "")
        self.assertFalse(self.told(place))
        self.assertIn("Backups are well again", place.sudo().message_ids[0].body)

    def test_place_that_is_retired_is_not_watched_until_it_is_heard_again(self):
        place = self.noted(self.report(ok=False))
        self.assertTrue(self.told(place))
        with self.assertRaises(AccessError):
            place.with_user(self.auditor).action_retire()
        place.action_retire()
        self.assertFalse(self.told(place))
        self.env["lot.backup.place"]._cron_watch()
        self.assertFalse(self.told(place))
        self.note(self.report(ok=False))
        self.assertTrue(place.active)

    def test_only_administrators_of_the_system_check_by_hand(self):
        place = self.noted(self.report())
        with self.assertRaises(AccessError):
            place.with_user(self.auditor).action_check()
        self.assertTrue(place.action_check())
