import uuid

from odoo.tests import new_test_user, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install", "scan")
class TestScanRecall(RecallCommon):
    """A recall that begins where somebody found something: with a handheld."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walker = new_test_user(
            cls.env,
            login="scan_recaller",
            groups="stock.group_stock_user,lot_traceability.group_recall_manager",
        )

    def scan(self, env, **data):
        command = {
            "uid": str(uuid.uuid4()),
            "at": "2026-03-02T06:00:00Z",
            "flow": "hold",
            "action": "recall",
            "text": "MILK-BAD",
            "data": data,
        }
        return env["lot.scan"].send([command])[0]

    def test_recall_manager_opens_a_suspicion(self):
        room = self.env(user=self.walker)
        asked = self.scan(room)
        self.assertEqual(asked["choices"][0]["asks"][0]["name"], "title")
        answer = self.scan(room, title="Glass in it", reason="Seen at the dock")
        self.assertEqual(answer["state"], "done", answer["message"])
        recall = self.env["lot.recall"].browse(answer["recall"]["id"])
        self.assertEqual((recall.state, recall.title), ("suspected", "Glass in it"))
        self.assertEqual(recall.reason, "Seen at the dock")
        self.assertEqual(answer["recall"]["lots"], 3)
        self.assertEqual(recall.manager_id, self.walker)
        again = self.scan(room, title="Glass in it")
        self.assertIn(recall.name, again["message"])

    def test_lot_is_held_at_once_where_that_is_asked_for(self):
        lot = self.env["stock.lot"].search([("name", "=", "MILK-BAD")])
        lot.set_status("released", "Test")
        answer = self.scan(self.env(user=self.walker), title="Glass in it", hold=True)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual((lot.status_id.code, lot.status_reason), ("hold", "Glass in it"))
        self.assertEqual(answer["lot"]["status"]["code"], "hold")
        # A second recall of it is refused, and leaves the lot as it is.
        lot.set_status("released", "Test")
        self.assertEqual(
            self.scan(self.env(user=self.walker), title="Glass", hold=True)["state"], "refused"
        )
        self.assertEqual(lot.status_id.code, "released")

    def test_operator_is_told_what_to_do_instead(self):
        before = self.env["lot.recall"].search_count([])
        answer = self.scan(self.floor, title="Glass in it")
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Put MILK-BAD on hold", answer["message"])
        self.assertEqual(self.env["lot.recall"].search_count([]), before)

    def test_device_knows_who_may(self):
        self.assertFalse(self.floor["lot.scan"].start()["may_recall"])
        self.assertTrue(self.env(user=self.walker)["lot.scan"].start()["may_recall"])
