from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanHold(ScanCommon):
    """Statuses that are set with a handheld, each by who may set it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour_lot = cls.lot(cls.flour, "F-1")

    def codes(self, env):
        return {one["code"] for one in env["lot.scan"].start()["statuses"]}

    def test_device_offers_the_statuses_that_this_user_may_set(self):
        self.assertEqual(self.codes(self.floor), {"quarantine", "hold"})
        self.assertGreaterEqual(
            self.codes(self.laboratory), {"released", "quarantine", "hold", "rejected"}
        )

    def test_operator_puts_into_quarantine_but_does_not_reject(self):
        answer = self.scan("hold", "hold", "F-1", status="quarantine")
        self.assertEqual(answer["lot"]["status"]["code"], "quarantine")
        answer = self.scan("hold", "hold", "F-1", status="rejected", reason="Mouldy")
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Quality", answer["message"])
        answer = self.scan("hold", "hold", "F-1", status="vanished", reason="Mouldy")
        self.assertIn("vanished", answer["message"])
        self.assertEqual(self.flour_lot.status_id.code, "quarantine")

    def test_release_is_for_quality(self):
        self.scan("hold", "hold", "F-1", reason="Wet")
        answer = self.scan("hold", "release", "F-1", reason="Dry again")
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Quality", answer["message"])
        self.assertEqual(self.flour_lot.status_id.code, "hold")
        answer = self.scan("hold", "release", "F-1", env=self.laboratory, reason="Dry again")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.flour_lot.status_id.code, "released")
        self.assertEqual(self.flour_lot.status_user_id, self.quality)

    def test_release_that_has_to_be_signed_is_sent_to_where_it_is_signed(self):
        self.scan("hold", "hold", "F-1", reason="Wet")
        self.env.ref("lot_traceability.step_end_hold").demanded = True
        answer = self.scan("hold", "release", "F-1", env=self.laboratory, reason="Dry again")
        self.assertEqual(answer["state"], "refused")
        self.assertIn("signed", answer["message"])
        self.assertEqual(self.flour_lot.status_id.code, "hold")

    def test_same_status_again_changes_nothing(self):
        self.scan("hold", "hold", "F-1", reason="Wet")
        answer = self.scan("hold", "hold", "F-1", reason="Wetter")
        self.assertIn("already", answer["message"])
        self.assertEqual(self.flour_lot.status_reason, "Wet")

    def test_lot_that_is_none_is_refused(self):
        for data in ({"lot_id": 2**40}, {"lot_id": -1}, {"lot_id": "x"}, {"lot_id": []}):
            answer = self.scan("hold", "hold", "", reason="Wet", **data)
            self.assertEqual(answer["state"], "refused", data)
            self.assertTrue(answer["message"])
