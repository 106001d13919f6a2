from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .scan_transfer_common import ScanTransferCommon


@tagged("post_install", "-at_install", "scan")
class TestScanList(ScanTransferCommon):
    """What was scanned, for those who look after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stocked(cls.curd, "FIRST", 10)
        cls.order = cls.outgoing({cls.curd: 8})
        typed = cls.command("pick", "take", "FIRST", document=cls.told(cls.order), quantity=1)
        cls.send({**typed, "typed": True})
        for quantity in (1, 2, 99):
            cls.scan("pick", "take", "FIRST", document=cls.told(cls.order), quantity=quantity)
        cls.scans = cls.env["lot.scan"].search([("user_id", "=", cls.operator.id)])
        cls.auditor = new_test_user(
            cls.env, login="scan_auditor", groups="lot_traceability.group_auditor"
        )
        cls.administrator = new_test_user(
            cls.env, login="scan_admin", groups="lot_traceability.group_administrator"
        )

    def test_share_of_typed_and_of_refused_is_summed_up_by_user(self):
        rows = self.scans._read_group(
            [("id", "in", self.scans.ids)],
            ["user_id"],
            ["typed_share:avg", "refused_share:avg", "__count"],
        )
        self.assertEqual(rows, [(self.operator, 25.0, 25.0, 4)])

    def test_scan_opens_its_document(self):
        done = self.scans.filtered(lambda scan: scan.state == "done")[0]
        action = done.with_user(self.auditor).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.picking", self.order.id))
        refused = self.scans.filtered(lambda scan: scan.state == "refused")
        with self.assertRaises(UserError):
            refused.action_open_document()

    def test_auditor_reads_and_nobody_changes(self):
        view = Form(self.scans[0].with_user(self.auditor), "lot_traceability.lot_scan_view_form")
        self.assertEqual(view.user_id, self.operator)
        with self.assertRaises(AccessError):
            self.scans[0].with_user(self.administrator).write({"text": "Another"})
        with self.assertRaises(AccessError):
            self.scans.with_user(self.administrator).unlink()
        with self.assertRaises(AccessError):
            self.scans.with_user(self.reader).read(["text"])

    def test_administrator_names_a_handheld_and_an_operator_does_not(self):
        device = self.scans.device_id
        self.assertEqual(len(device), 1)
        device.with_user(self.administrator).name = "Dock 2"
        self.assertEqual(device.name, "Dock 2")
        with self.assertRaises(AccessError):
            device.with_user(self.operator).write({"name": "Mine"})
