from threading import Timer

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanSend(ScanCommon):
    """Sending: exactly once, in order, and nothing half done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour_lot = cls.lot(cls.flour, "F-1")

    def test_lot_named_by_its_scanned_number_is_put_on_hold(self):
        answer = self.scan("hold", "hold", "F-1", reason="Smells of diesel")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(answer["lot"]["status"]["code"], "hold")
        self.assertEqual(self.flour_lot.status_reason, "Smells of diesel")

    def test_same_command_again_gets_the_answer_and_does_nothing(self):
        command = self.command("hold", "hold", "F-1", reason="Wet")
        first = self.send(command)[0]
        self.flour_lot.with_env(self.laboratory).set_status("released", "Dry again")
        second = self.send(command)[0]
        self.assertEqual(second, {**first, "repeated": True})
        self.assertEqual(self.flour_lot.status_id.code, "released")
        self.assertEqual(self.env["lot.scan"].search_count([("uid", "=", command["uid"])]), 1)

    def test_same_command_from_somebody_else_says_who_did_it(self):
        command = self.command("hold", "hold", "F-1", reason="Wet")
        self.send(command)
        answer = self.send(command, env=self.laboratory)[0]
        self.assertTrue(answer["repeated"])
        self.assertIn("flow_operator", answer["message"])
        self.assertFalse(answer["lot"])

    def test_refused_command_asks_for_what_is_missing_and_others_are_done(self):
        other = self.lot(self.flour, "F-2")
        refused, done = self.send(
            self.command("hold", "hold", "F-1"),
            self.command("hold", "hold", "F-2", reason="Wet"),
        )
        self.assertEqual((refused["state"], done["state"]), ("refused", "done"))
        self.assertEqual(refused["choices"][0]["asks"][0]["name"], "reason")
        self.assertEqual(self.flour_lot.status_id.code, "released")
        self.assertEqual(other.status_id.code, "hold")
        kept = self.env["lot.scan"].search([("uid", "=", refused["uid"])])
        self.assertEqual((kept.state, kept.user_id), ("refused", self.operator))

    def test_number_of_two_lots_is_not_guessed(self):
        self.lot(self.product("Sugar"), "F-1")
        answer = self.scan("hold", "hold", "F-1", reason="Wet")
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Sugar", answer["message"])
        self.assertEqual(self.flour_lot.status_id.code, "released")

    def test_command_that_cannot_be_read_is_refused_alone(self):
        broken, done = self.send(
            {"uid": "x", "at": "now", "flow": "hold", "action": "hold"},
            self.command("hold", "hold", "F-1", reason="Wet"),
        )
        self.assertEqual((broken["state"], done["state"]), ("refused", "done"))

    def test_unknown_work_is_refused_with_a_sentence(self):
        answer = self.scan("fly", "hold")
        self.assertIn("fly", answer["message"])
        answer = self.scan("hold", "explode")
        self.assertEqual(answer["state"], "refused")

    def test_too_many_commands_and_no_list_are_refused(self):
        with self.assertRaises(UserError):
            self.floor["lot.scan"].send([{}] * 51)
        with self.assertRaises(UserError):
            self.floor["lot.scan"].send("x")

    def test_same_command_at_the_same_time_waits_and_begins_anew(self):
        command = self.command("hold", "hold", "F-1", reason="Wet")
        lock = SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", command["uid"])
        other = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(other.close)
        other.execute(lock)
        ending = Timer(0.5, other.rollback)
        ending.start()
        self.addCleanup(ending.join)
        with self.assertRaises(ConcurrencyError):
            self.send(command)
        self.assertEqual(self.flour_lot.status_id.code, "released")

    def test_reader_of_traces_cannot_scan(self):
        with self.assertRaises(AccessError):
            self.send(env=self.env(user=self.reader))
        stranger = new_test_user(self.env, login="scan_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env(user=stranger)["lot.scan"].start()

    def test_device_tells_what_waits_on_it(self):
        self.floor["lot.scan"].send([], {**self.device, "waiting": 12})
        device = self.env["lot.scan.device"].search([("uid", "=", "device-1")])
        self.assertEqual((device.name, device.waiting), ("Dock 1", 12))
        self.assertEqual(device.user_id, self.operator)

    def test_start_says_which_work_there_is(self):
        told = self.floor["lot.scan"].start()
        self.assertIn("hold", [flow["code"] for flow in told["flows"]])
        self.assertEqual(told["user"]["login"], "flow_operator")

    def test_code_is_identified_with_every_field_shown(self):
        self.flour.barcode = "09520123456788"
        told = self.floor["lot.scan"].identify("010952012345678810F-1\x1d3712")
        self.assertEqual([one["ai"] for one in told["fields"]], ["01", "10", "37"])
        self.assertEqual(told["lot"]["name"], "F-1")
        unknown = self.floor["lot.scan"].identify("F-99")
        self.assertFalse(unknown["matches"])
        self.assertTrue(unknown["message"])
