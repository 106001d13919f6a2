from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .scan_common import ScanCommon


class WatchTourCommon(HttpCase, ScanCommon):
    """A company that begins today: four scans, one of them typed, and a handheld that is silent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Watched"})
        cls.company.lot_timezone = "UTC"
        cls.env.ref("lot_traceability.figure_typed").target = 25
        cls.chief = new_test_user(
            cls.env,
            login="watch_chief",
            groups="lot_traceability.group_quality",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        scans = cls.env["lot.scan"].create(
            [
                {
                    "uid": f"tour-{number}",
                    "at": fields.Datetime.now(),
                    "user_id": cls.chief.id,
                    "flow": "move",
                    "action": "take",
                    "text": f"L-{number}",
                    "typed": not number,
                    "state": "done",
                    "company_id": cls.company.id,
                }
                for number in range(4)
            ]
        )
        scans.flush_recordset()
        # Received by the clock of the test, which is not that of the database.
        cls.env.cr.execute("UPDATE lot_scan SET create_date = at WHERE uid LIKE 'tour-%'")
        cls.env["lot.scan.device"].create(
            {
                "uid": "tour",
                "name": "Dock 7",
                "waiting": 3,
                "seen": fields.Datetime.now() - timedelta(hours=2),
                "company_id": cls.company.id,
            }
        )


@tagged("post_install", "-at_install", "lot_watch", "lot_traceability_tour")
class TestWatchTour(WatchTourCommon):
    def test_quality_measures_looks_closer_and_says_what_is_missing(self):
        self.start_tour("/odoo/traceability-figures", "lot_watch_board", login="watch_chief")
        said = self.env["lot.feedback"].search([("user_id", "=", self.chief.id)])
        self.assertEqual((said.kind, said.text), ("wish", "Show me two figures at once"))
        self.assertEqual((said.screen, said.res_model), ("Codes typed by hand", "lot.figure"))
        self.assertIn("/odoo/traceability-figures", said.address)


@tagged("post_install", "-at_install", "lot_watch", "lot_traceability_tour")
class TestWatchTourPhone(WatchTourCommon):
    browser_size = "360x740"
    touch_enabled = True

    def test_phone_shows_the_board_without_scrolling_sideways(self):
        self.start_tour("/odoo/traceability-figures", "lot_watch_phone", login="watch_chief")
