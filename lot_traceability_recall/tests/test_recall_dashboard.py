from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallDashboard(RecallCommon):
    """How a recall stands, at a glance."""

    def test_board_tells_clock_shares_regions_and_what_is_open(self):
        self.shop.country_id = self.env.ref("base.us")
        self.shop.state_id = self.env.ref("base.state_us_5")
        recall = self.stopped(hazard_class="1", started_on=self.clock() - timedelta(minutes=30))
        board = recall.with_user(self.reader).board()
        self.assertEqual((board["minutes"], board["class"]), (30, "Class I"))
        self.assertEqual((board["lots"], board["consignees"], board["told"]), (3, 2, 0))
        self.assertEqual(
            [(step["code"], step["done"]) for step in board["steps"]],
            [
                ("started_on", True),
                ("decided_on", True),
                ("stopped_on", True),
                ("told_on", False),
                ("closed_on", False),
            ],
        )
        self.assertEqual({row["name"] for row in board["regions"]}, {"California (US)", "Unknown"})
        self.assertEqual(board["overdue_count"], 2, "nobody was told yet")
        self.assertTrue(board["open"])
        shop = recall.consignee_ids.filtered(lambda one: one.partner_id == self.shop)
        shop.sudo().write({"state": "told", "told_on": self.clock()})
        board = recall.with_user(self.reader).board()
        self.assertEqual((board["told_percent"], board["answered_percent"]), (50.0, 0.0))
        self.assertEqual([one["name"] for one in board["overdue"]], ["Café"])
        self.wait(hours=5)
        self.assertEqual(recall.board()["overdue_count"], 2, "of class I after four hours")

    def test_open_recalls_are_listed_drills_last(self):
        real = self.recall()
        drill = self.recall(kind="mock")
        off = self.recall(self.good_cheese)
        off.action_cancel("It was none")
        ids = [one["id"] for one in self.room["lot.recall"].boards()]
        self.assertEqual(
            [one for one in ids if one in (real | drill | off).ids], (real | drill).ids
        )

    def test_who_may_not_read_recalls_gets_no_board(self):
        clerk = new_test_user(self.env, login="flow_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.recall().with_user(clerk).board()

    def test_board_takes_few_queries(self):
        recall = self.stopped()
        recall.reconcile()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            recall.board()
