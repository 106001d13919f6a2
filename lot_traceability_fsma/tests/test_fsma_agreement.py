import base64
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import FsmaCommon

# One pixel.
SIGNATURE = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
        "gg=="
    )
)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02")
class TestFsmaAgreement(FsmaCommon):
    """Agreements that exemptions rest on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = new_test_user(
            cls.env, login="fsma_agrees", groups="lot_traceability.group_quality"
        )

    def agreement(self, **values):
        return (
            self.env["lot.fsma.agreement"]
            .with_user(self.quality)
            .create(
                {
                    "name": "A-1",
                    "partner_id": self.market.id,
                    "product_tmpl_ids": [(4, self.lettuce.product_tmpl_id.id)],
                    "effective_date": "2026-03-01",
                    "our_name": "Ann Packer",
                    "their_name": "Bob Cook",
                    "our_signature": SIGNATURE,
                    "their_signature": SIGNATURE,
                    "substance": "The soup kitchen cooks it at 74 °C.",
                    **values,
                }
            )
        )

    def test_an_agreement_in_force_stays_as_it_was_signed(self):
        agreement = self.agreement()
        agreement.action_in_force()
        self.assertEqual(agreement.state, "in_force")
        self.assertEqual(agreement.renew_by, date(2029, 3, 1))
        with self.assertRaisesRegex(UserError, "as it was signed"):
            agreement.substance = "Raw"
        agreement.note = "Filed in the office"
        told = self.env["lot.audit.event"].search(
            [("res_model", "=", agreement._name), ("res_id", "=", agreement.id)], limit=1
        )
        self.assertIn("Bob Cook", told.body)

    def test_what_is_missing_is_named(self):
        agreement = self.agreement(their_signature=False, substance=" ", our_name=False)
        with self.assertRaisesRegex(UserError, "name of who signs for us.*signatures.*substance"):
            agreement.action_in_force()
        self.assertEqual(agreement.state, "draft")

    def test_a_signed_paper_does_instead_and_is_kept(self):
        papers = self.env["ir.attachment"].with_user(self.quality)
        paper = papers.create({"name": "signed.pdf", "raw": b"%PDF"})
        agreement = self.agreement(
            our_signature=False, their_signature=False, attachment_ids=[(4, paper.id)]
        )
        agreement.action_in_force()
        # Whoever reads the agreement reads its paper.
        self.assertEqual((paper.res_model, paper.res_id), (agreement._name, agreement.id))
        with self.assertRaisesRegex(UserError, "record under FSMA 204"):
            paper.unlink()

    def test_renewing_is_asked_for_once_in_time(self):
        agreement = self.agreement()
        agreement.action_in_force()
        agreements = self.env["lot.fsma.agreement"]
        with freeze_time("2028-12-30"):
            agreements._cron_remind()
            self.assertFalse(agreement.activity_ids)
        with freeze_time("2028-12-31"):
            agreements._cron_remind()
            agreements._cron_remind()
        (activity,) = agreement.activity_ids
        self.assertEqual(activity.date_deadline, agreement.renew_by)
        self.assertEqual(activity.user_id, self.quality)
        with freeze_time("2029-03-02"):
            agreement.invalidate_recordset(["overdue"])
            self.assertTrue(agreement.overdue)

    def test_a_renewal_ends_the_one_before_which_is_kept(self):
        first = self.agreement()
        first.action_in_force()
        second = first.browse(first.action_renew()["res_id"])
        self.assertEqual(
            (second.state, second.effective_date, second.renews_id), ("draft", False, first)
        )
        self.assertFalse(second.our_signature)
        self.assertEqual(first.action_renew()["res_id"], second.id)
        second.write(
            {
                "effective_date": "2026-03-02",
                "our_signature": SIGNATURE,
                "their_signature": SIGNATURE,
            }
        )
        second.action_in_force()
        self.assertEqual((first.state, second.state), ("ended", "in_force"))
        for agreement in (first, second):
            with self.assertRaisesRegex(UserError, "are kept"):
                agreement.unlink()

    def test_the_plan_names_agreements_in_effect(self):
        self.agreement().action_in_force()
        content = self.env["lot.fsma.plan"]._generated(self.env.company)
        (part,) = [one for one in content if one["code"] == "agreements"]
        self.assertEqual([row[0] for row in part["rows"]], ["A-1"])

    def test_readers_agree_to_nothing(self):
        reader = new_test_user(
            self.env, login="fsma_agreement_reader", groups="lot_traceability.group_reader"
        )
        agreement = self.agreement()
        self.assertEqual(agreement.with_user(reader).their_name, "Bob Cook")
        with self.assertRaises(AccessError):
            agreement.with_user(reader).action_in_force()
