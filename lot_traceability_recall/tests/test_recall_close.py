from io import BytesIO

from odoo.addons.lot_traceability.tests.signature_common import PASSWORD
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallClose(RecallCommon):
    """A recall ends when nothing is open, or when somebody answers for what is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Attempts to sign are counted in transactions of their own.
        cls.registry_enter_test_mode_cls()
        cls.env.flush_all()

    def finished(self):
        """A recall of which everything is done."""
        recall = self.stopped()
        self.say(recall, self.shop, quarantined=6)
        self.say(recall, self.cafe, destroyed=4)
        recall.freed_ids.with_env(self.laboratory).write({"settled": True})
        for lot, quantity in ((self.milk, 60), (self.cheese_1, 4), (self.cheese_2, 6)):
            self.scrap(lot, quantity)
        recall.reconcile()
        return recall

    def test_finished_recall_closes_with_its_evidence_attached(self):
        recall = self.finished()
        self.assertEqual(recall.accounted_percent, 100.0)
        self.assertFalse(recall.open_points)
        self.assertEqual(recall.close(), [])
        self.assertEqual(recall.state, "closed")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "lot.recall"), ("res_id", "=", recall.id)]
        )
        self.assertEqual(
            sorted(files.mapped("mimetype")),
            [
                "application/pdf",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ],
        )
        self.env.cr.flush()
        told = self.env["lot.audit.event"].search(
            [("res_model", "=", "lot.recall"), ("res_id", "=", recall.id)]
        )
        self.assertIn('"sha256"', "".join(told.mapped("body")))

    def test_what_is_open_blocks_and_is_listed(self):
        recall = self.stopped()
        recall.reconcile()
        with self.assertRaises(UserError) as refused:
            recall.close()
        for part in (
            "2 deliveries on the road",
            "2 consignees have not answered",
            "2 lots do not come out even: 91.66 %",
            "neither released nor scrapped: MILK-BAD, CHEESE-1, CHEESE-2",
        ):
            self.assertIn(part, str(refused.exception))
        self.assertEqual(recall.state, "decided")

    def test_dialog_closes_it_all_the_same_with_a_reason(self):
        recall = self.stopped()
        wizard = Form(
            self.room["lot.recall.close.wizard"].with_context(default_recall_id=recall.id)
        )
        self.assertIn("have not answered", wizard.open_points)
        wizard.reason = "The authority has ended it"
        wizard.save().action_apply()
        self.assertEqual(recall.state, "closed")
        self.assertEqual(recall.close_reason, "The authority has ended it")
        with self.assertRaisesRegex(UserError, "is closed"):
            recall.title = "Something else"

    def test_closing_is_signed_where_the_firm_says_so(self):
        self.recaller.password = PASSWORD
        self.env.ref("lot_traceability_recall.step_recall_close").demanded = True
        recall = self.finished()
        with self.assertRaisesRegex(UserError, "has to be signed"):
            recall.close()
        self.room["lot.signature"].sign(
            "recall_close",
            recall._name,
            recall.ids,
            {"login": self.recaller.login, "password": PASSWORD},
            "approval",
            "",
            {"reason": ""},
        )
        self.assertEqual(recall.state, "closed")
        signature = self.env["lot.signature"].search([("res_model", "=", "lot.recall")])
        self.assertEqual(signature.meaning, "Approval")

    def test_corrective_action_of_a_recall_keeps_it_open_until_it_is_verified(self):
        recall = self.finished()
        action = self.laboratory["lot.corrective.action"].create(
            {
                "name": "Supplier audit",
                "lot_id": self.milk.id,
                "recall_id": recall.id,
                "owner_id": self.quality.id,
            }
        )
        self.assertIn("1 corrective actions", recall.open_points)
        action.write({"cause": "Dirty tank", "action": "Cleaned, and the supplier audited"})
        action.action_done()
        recall.invalidate_recordset()
        self.assertIn("1 corrective actions", recall.open_points)

    def test_quality_does_not_close_recalls(self):
        recall = self.finished()
        with self.assertRaises(AccessError):
            recall.with_env(self.laboratory).close()


@tagged("post_install", "-at_install")
class TestRecallReport(RecallCommon):
    """Reports to an authority, on any day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.stopped(
            hazard="Listeria monocytogenes",
            hazard_class="1",
            reason="Found in an own sample of 25 g",
            found_by="test",
        )
        cls.case.reconcile()

    def section(self, kind, title):
        report = self.case.report_data(kind)
        return next(one for one in report["sections"] if one["title"] == title)

    def test_status_report_has_what_21_cfr_7_53_asks_for(self):
        progress = dict(self.section("status", "Progress")["pairs"])
        self.assertEqual((progress["Consignees"], progress["Told"]), ("2", "0"))
        self.assertEqual(progress["Not answered"], "2")
        self.assertEqual(progress["Expected to be complete on"], "(not stated)")
        names = [row[0] for row in self.section("status", "Consignees")["rows"]]
        self.assertEqual(names, ["Café", "Shop"])
        silent = self.section("status", "Consignees that have not answered")["rows"]
        self.assertEqual([row[0] for row in silent], ["Café", "Shop"])

    def test_each_report_is_written_as_pdf_and_workbook(self):
        for kind in ("status", "termination", "rfr", "device", "brcgs", "evidence"):
            for file_format, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
                with self.subTest(kind=kind, file_format=file_format):
                    target = BytesIO()
                    self.case._write_report(kind, file_format, target)
                    self.assertTrue(target.getvalue().startswith(start))

    def test_what_is_not_known_is_shown_as_open(self):
        pairs = dict(self.section("rfr", "Report")["pairs"])
        self.assertEqual(pairs["Facility registration number"], "(not stated)")
        self.env.company.recall_registration = "12345678901"
        pairs = dict(self.section("rfr", "Report")["pairs"])
        self.assertEqual(pairs["Facility registration number"], "12345678901")
        codes = self.section("rfr", "Products and codes")["rows"]
        self.assertEqual([row[2] for row in codes], ["MILK-BAD", "CHEESE-1", "CHEESE-2"])

    def test_unknown_report_is_refused_and_strangers_get_none(self):
        with self.assertRaisesRegex(UserError, "Choose one of the reports"):
            self.case.report_data("novel")
        clerk = new_test_user(self.env, login="flow_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.case.with_user(clerk).report_data("status")
