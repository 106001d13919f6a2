from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.clean_up import lot_finding_run
from .clean_up_common import CleanUpCommon


@tagged("post_install", "-at_install")
class TestCleanUpAccess(CleanUpCommon):
    """Who sees and does what, and that each company has its own faults."""

    def test_quality_fixes_and_does_not_start_the_search(self):
        self.undated("M-1")
        with self.assertRaises(AccessError):
            self.look(self.quality)
        self.look()
        finding = self.found("no_date")
        finding.action_fix()
        finding.ignore("Known")

    def test_auditor_reads_and_decides_nothing(self):
        self.undated("M-1")
        self.look()
        auditor = new_test_user(
            self.env, login="clean_up_auditor", groups="lot_traceability.group_auditor"
        )
        finding = self.found("no_date").with_user(auditor)
        self.assertIn("M-1", finding.text)
        for act in (
            finding.action_fix,
            finding.action_check,
            finding.action_take_up,
            finding.action_delete_lot,
            finding.action_look,
            lambda: finding.ignore("No"),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_operator_does_not_read_findings(self):
        self.undated("M-1")
        self.look()
        with self.assertRaises(AccessError):
            self.found("no_date").with_user(self.operator).read(["text"])

    def test_nobody_writes_findings_by_hand(self):
        self.undated("M-1")
        self.look()
        finding = self.found("no_date").with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "written by the search"):
            finding.write({"state": "fixed"})
        with self.assertRaises(AccessError):
            finding.unlink()
        with self.assertRaises(AccessError):
            self.env["lot.finding"].with_user(self.keeper).create(
                {"kind": "expired", "key": "1", "product_id": self.milk.id}
            )

    def test_each_company_sees_its_own(self):
        other = self.env["res.company"].create({"name": "Sister"})
        sister = new_test_user(
            self.env,
            login="clean_up_sister",
            groups="lot_traceability.group_administrator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        product = self.product("Old shared", use_expiration_date=True)
        lots = self.env["stock.lot"].create(
            [
                {"name": f"SH-{name}", "product_id": product.id, "company_id": company}
                for name, company in ((1, self.env.company.id), (2, other.id), (3, False))
            ]
        )
        lots.expiration_date = False
        self.look()
        seen = self.env["lot.finding"].with_user(sister).search([("product_id", "=", product.id)])
        self.assertEqual(seen.lot_id.ids, lots[2].ids)
        self.assertEqual(set(self.found("no_date").lot_id.ids), {lots[0].id, lots[2].id})
        self.look(sister)
        seen = self.env["lot.finding"].with_user(sister).search([("product_id", "=", product.id)])
        self.assertEqual(set(seen.lot_id.ids), set(lots[1:].ids))

    def test_a_search_of_one_company_fixes_nothing_of_another(self):
        lots = self._fault_same_number()
        self.look()
        mine = self.found("same_number")
        self.assertEqual(mine.lot_id.ids, lots[0].ids)
        sister = new_test_user(
            self.env,
            login="clean_up_sister",
            groups="lot_traceability.group_administrator",
            company_id=lots[1].company_id.id,
            company_ids=[(6, 0, lots[1].company_id.ids)],
        )
        self.look(sister)
        theirs = self.env["lot.finding"].with_user(sister).search([("kind", "=", "same_number")])
        self.assertEqual(theirs.lot_id.ids, lots[1].ids)
        self.assertNotIn(lots[0].company_id.name, theirs.text)
        self.assertEqual(mine.state, "open")

    def test_a_transfer_between_companies_explains_the_same_number(self):
        lots = self._fault_same_number()
        self.env.cr.execute(
            """INSERT INTO lot_genealogy_edge (parent_lot_id, child_lot_id, kind, certainty,
                      res_model, res_id, date, date_out, company_id)
               VALUES (%s, %s, 'transfer', 'recorded', 'stock.picking', 0, now(), now(), %s)""",
            [lots[0].id, lots[1].id, self.env.company.id],
        )
        self.look()
        self.assertFalse(self.found("same_number"))

    def test_many_lots_are_searched_in_the_background(self):
        self.undated("M-1")
        self.patch(lot_finding_run, "AT_ONCE", 0)
        answer = self.look()
        self.assertIn("background", answer["params"]["message"])
        self.assertFalse(self.found("no_date"))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=1) as told:
            self.env["lot.finding.run"]._cron_look()
        # Nothing is left to do: else Odoo would run the job again at once, and so on.
        self.assertEqual(told.call_args.kwargs, {"remaining": 0})
        self.assertTrue(self.found("no_date"))
        run = self.env["lot.finding.run"].search([], limit=1)
        self.assertEqual((run.state, run.user_id), ("done", self.keeper))
        self.assertGreaterEqual(run.new_count, 1)

    def test_a_search_goes_on_where_it_was_interrupted(self):
        self.undated("M-1")
        self._fault_negative()
        run = self.env["lot.finding.run"].create({"company_ids": [(6, 0, self.env.company.ids)]})
        run._step()
        self.assertTrue(self.found("no_date"))
        self.assertFalse(self.found("negative"))
        while run._step():
            pass
        self.assertTrue(self.found("negative"))
        self.assertEqual(run.state, "done")
