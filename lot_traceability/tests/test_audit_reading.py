from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.lot_audit_text import AuditText
from .audit_reading_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditReading(AuditCommon):
    """Who may read which event, and what it says to those who do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_lot = cls.received(cls.milk, "M-1", 100)
        cls.log = cls.env["lot.audit.event"]

    def latest(self, kind, user=None):
        return self.log.with_user(user or self.reader).search([("kind", "=", kind)], limit=1)

    # -- who sees what -------------------------------------------------------------------------

    def test_reader_sees_what_happened_to_lots(self):
        moved = self.latest("moved")
        self.assertEqual(moved.lot_id, self.milk_lot)

    def test_reader_does_not_see_what_is_about_no_lot(self):
        self.tell("configured", company=self.env.company, data={"text": "Limit"})
        self.assertFalse(self.latest("configured"))
        for user in (self.auditor, self.quality):
            self.assertTrue(self.latest("configured", user), user.login)

    def test_reader_cannot_open_by_number_what_he_does_not_find(self):
        event = self.tell("rights", company=self.env.company)
        with self.assertRaises(AccessError):
            event.with_user(self.reader).read(["body"])
        self.assertTrue(event.with_user(self.auditor).body)

    def test_whoever_has_nothing_to_do_with_lots_reads_no_log(self):
        stranger = new_test_user(self.env, login="log_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.log.with_user(stranger).search([])

    def test_events_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other"})
        event = self.tell("changed", lot=self.milk_lot, company=other)
        for user in (self.reader, self.auditor):
            self.assertNotIn(event, self.log.with_user(user).search([]))
            with self.assertRaises(AccessError):
                event.with_user(user).read(["body"])

    # -- what it says --------------------------------------------------------------------------

    def test_movement_is_told_in_a_sentence_with_its_document(self):
        moved = self.latest("moved")
        picking = self.env["stock.picking"].search([("name", "=", moved.document)])
        self.assertEqual(picking.partner_id, self.dairy)
        self.assertEqual(
            moved.summary,
            "flow_operator moved 100 kg of lot M-1 (Milk) from Vendors to "
            f"PLT/Stock ({picking.name})".replace("flow_operator", self.operator.name),
        )

    def test_status_is_told_with_before_after_and_reason(self):
        self.milk_lot.with_user(self.quality).set_status("hold", "Listeria suspected")
        event = self.latest("status")
        self.assertIn("Released → On hold", event.summary)
        self.assertIn("Reason: Listeria suspected", event.summary)
        self.assertIn("<del>Released</del>", event.change_table)
        self.assertEqual(event.reason, "Listeria suspected")

    def test_change_is_shown_by_label_with_times_in_the_zone_of_the_reader(self):
        self.milk_lot.expiration_date = datetime(2026, 7, 1, 22, 0)
        self.milk_lot.supplier_id = self.mill
        event = self.latest("changed").with_context(tz="Europe/Berlin")
        changes = {
            change["label"]: (change["before"], change["after"])
            for change in AuditText(event.env).changes(AuditText.parse(event.body))
        }
        self.assertEqual(changes["Expiration Date"][1][:12], "07/02/2026 1")
        self.assertEqual(changes["Supplier"], ("Dairy", "Mill"))

    def test_name_kept_in_the_event_outlives_the_record(self):
        lot = self.lot(self.milk, "GONE-1")
        self.env.flush_all()
        lot.unlink()
        event = self.latest("deleted")
        self.assertEqual(event.lot_name, "GONE-1")
        found = event.web_read(
            {"lot_name": {}, "summary": {}, "change_table": {}, "lot_id": {}, "block_number": {}}
        )
        self.assertIn("GONE-1", found[0]["summary"])
        groups = self.log.with_user(self.reader).formatted_read_group(
            [("kind", "=", "deleted")], ["lot_id"], ["__count"]
        )
        self.assertEqual(groups[0]["__count"], 1)

    def test_event_says_whether_it_is_sealed(self):
        event = self.latest("moved")
        self.assertEqual((event.seal_state, event.block_number), ("waiting", 0))
        self.seal()
        event.invalidate_recordset()
        self.assertEqual(event.seal_state, "sealed")
        block = self.env["lot.audit.block"].browse(event.block_number)
        self.assertTrue(block.first_id <= event.id <= block.last_id)
        # Events far apart from each other are looked up one by one.
        with patch("odoo.addons.lot_traceability.models.lot_audit_event_shown.DENSE", 0):
            self.assertEqual(self.log._block_numbers(event.ids), {event.id: block.id})

    def test_each_kind_has_a_sentence_for_an_event_that_tells_nothing_else(self):
        text = AuditText(self.env)
        for kind in text.kinds:
            self.assertTrue(text.sentence({"kind": kind}), kind)

    # -- on the lot ----------------------------------------------------------------------------

    def test_lot_shows_its_latest_events_and_opens_all_of_them(self):
        lot = self.milk_lot.with_user(self.reader)
        self.assertEqual(lot.audit_event_count, 2)
        self.assertEqual(lot.recent_event_ids.mapped("kind"), ["moved", "created"])
        action = lot.action_audit_log()
        self.assertEqual(self.log.search_count(action["domain"]), 2)

    def test_log_is_found_by_user_document_kind_and_day(self):
        moved = self.latest("moved")
        for domain in (
            [("user_id", "=", self.operator.id)],
            [("document", "ilike", moved.document)],
            [("kind", "in", ["moved"])],
            [("at", ">=", "2000-01-01")],
            [("body", "ilike", "vendors")],
        ):
            self.assertIn(moved, self.log.with_user(self.reader).search(domain))
        groups = self.log.with_user(self.reader).formatted_read_group(
            [("lot_id", "=", self.milk_lot.id)], ["at:day"], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in groups), 2)

    def test_event_leads_to_its_document_or_says_that_it_is_gone(self):
        moved = self.latest("moved", self.operator)
        self.assertEqual(moved.action_open_record()["res_model"], "stock.picking")
        told = moved.with_user(self.reader).action_open_record()
        self.assertIn("You may not open", told["params"]["message"])
        self.assertEqual(moved.action_open_lot()["res_id"], self.milk_lot.id)
        lot = self.lot(self.milk, "GONE-2")
        self.env.flush_all()
        lot.unlink()
        self.assertEqual(self.latest("deleted").action_open_lot()["tag"], "display_notification")
