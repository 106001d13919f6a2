from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaEvent(FsmaCommon):
    """Events stay as they were; what is learnt later makes a version."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.received = cls.bought(cls.lettuce, "L1", 10)
        cls.event = cls.events(cls.received)
        cls.hand = new_test_user(
            cls.env, login="fsma_hand", groups="lot_traceability.group_operator"
        )

    def entry(self, event=None, user=None, **values):
        context = {"default_event_id": event.id} if event else {}
        return (
            self.env["lot.fsma.entry"]
            .with_user(user or self.hand)
            .with_context(**context)
            .create(values)
        )

    def test_events_are_not_changed_or_deleted_by_anybody(self):
        for env, error in (
            (self.env, UserError),
            (self.env(su=True), UserError),
            (self.env(user=self.quality), UserError),
        ):
            event = self.event.with_env(env)
            with self.assertRaisesRegex(error, "not changed"):
                event.quantity = 99
        with self.assertRaisesRegex(UserError, "not deleted"):
            self.event.sudo().unlink()
        with self.assertRaises(AccessError):
            self.event.with_user(self.quality).unlink()
        with self.assertRaises(UserError):
            self.event.from_place_id.sudo().write({"street": "Elsewhere"})
        with self.assertRaises(UserError):
            self.event.from_place_id.sudo().unlink()
        self.assertEqual(self.event.quantity, 10)

    def test_nobody_makes_events_past_the_rules(self):
        values = {"kind": "receiving", "company_id": self.env.company.id}
        with self.assertRaises(AccessError):
            self.env["lot.fsma.event"].with_user(self.quality).create(values)
        with self.assertRaises(UserError):
            self.env["lot.fsma.place"].sudo().create({"digest": "x"})

    def test_inputs_are_kept_as_well(self):
        lot = self.coded(self.lettuce, "L2", 10)
        order = self.make(self.lot(self.listed("Cut"), "C1"), 5, {lot: 5})
        row = self.events(order).input_ids
        with self.assertRaises(UserError):
            row.sudo().quantity = 1
        with self.assertRaises(UserError):
            row.sudo().unlink()

    def test_an_operator_completes_an_event_with_a_version(self):
        entry = self.entry(
            self.event, tlc="T-9", source_id=self.grower.id, reason="Found on the bill of lading"
        )
        action = entry.action_save()
        later = self.events(self.received)
        self.assertEqual(action["res_id"], later.id)
        self.assertEqual((later.version, later.tlc), (2, "T-9"))
        self.assertFalse(later.missing)
        self.assertEqual(later.completeness, 1.0)
        self.assertEqual(later.user_id, self.hand)
        self.assertEqual(self.event.replaced_by_id, later)
        self.assertEqual(self.event.missing, ",tlc,tlc_source,")
        self.assertEqual(later.replaces_ids, self.event)
        lot = self.received.move_line_ids.lot_id
        self.assertEqual(lot.fsma_code_id.code, "T-9")
        # And what is shipped from now on says it.
        shipped = self.events(self.deliver({lot.with_env(self.env): 1}, self.market))
        self.assertFalse(shipped.missing)

    def test_a_code_that_is_learnt_is_told_by_all_events_of_its_lot(self):
        lot = self.received.move_line_ids.lot_id.with_env(self.env)
        shipment = self.deliver({lot: 1}, self.market)
        order = self.make(self.lot(self.listed("Cut"), "C1"), 5, {lot: 5})
        self.assertEqual(self.events(order).missing, ",input_tlc,")
        self.entry(
            self.event, tlc="T-9", source_id=self.grower.id, reason="Bill of lading"
        ).action_save()
        shipped, made = self.events(shipment), self.events(order)
        self.assertEqual((shipped.tlc, shipped.version, shipped.missing), ("T-9", 2, False))
        self.assertEqual(shipped.source_place_id.name, "Green Farm")
        self.assertEqual((made.input_ids.tlc, made.tlc, made.missing), ("T-9", "C1", False))

    def test_the_audit_log_tells_of_a_version(self):
        self.entry(
            self.event, tlc="T-9", source_id=self.grower.id, reason="Found on the bill of lading"
        ).action_save()
        told = self.env["lot.audit.event"].search([("kind", "=", "fsma")], limit=1)
        self.assertIn("Found on the bill of lading", told.body)
        self.assertIn("T-9", told.body)
        self.assertEqual(told.lot_id, self.received.move_line_ids.lot_id)

    def test_a_version_needs_a_reason_and_a_change(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.entry(self.event, tlc="T-9", reason=" ").action_save()
        with self.assertRaisesRegex(UserError, "Nothing was changed"):
            self.entry(self.event, reason="No change").action_save()
        self.assertEqual(self.events(self.received), self.event)
        self.assertFalse(self.received.move_line_ids.lot_id.fsma_code_id)

    def test_only_the_present_version_is_corrected(self):
        self.entry(self.event, quantity=9, reason="Counted again").action_save()
        with self.assertRaisesRegex(UserError, "later version"):
            self.event.with_user(self.hand).action_correct()
        with self.assertRaisesRegex(UserError, "later version"):
            self.entry(self.event, quantity=8, reason="Again").action_save()

    def test_the_form_fills_in_what_is_known(self):
        action = self.event.with_user(self.operator).action_correct()
        form = Form(
            self.env["lot.fsma.entry"].with_user(self.operator).with_context(**action["context"])
        )
        self.assertEqual(form.quantity, 10)
        self.assertEqual(form.from_id, self.distributor)
        form.quantity = 9
        form.reason = "Counted again"
        form.save().action_save()
        later = self.events(self.received)
        self.assertEqual((later.quantity, later.from_place_id), (9, self.event.from_place_id))

    def test_an_event_that_did_not_take_place_is_taken_back(self):
        self.entry(self.event, void=True, reason="Typed twice").action_save()
        later = self.events(self.received)
        self.assertTrue(later.void)
        self.assertFalse(later.missing)

    def test_harvesting_is_entered_by_hand(self):
        area = self.env["lot.fsma.area"].create({"name": "North 3", "farm_id": self.grower.id})
        raw = self.listed("Field lettuce", fsma_stage="raw")
        form = Form(self.env["lot.fsma.entry"].with_user(self.operator))
        form.product_id = raw
        form.quantity = 40
        form.date = "2026-03-01"
        form.farm_id = self.grower
        form.area_id = area
        form.to_id = self.env.company.partner_id
        form.document_type = "field_tag"
        form.document_number = "TAG-1"
        action = form.save().action_save()
        event = self.env["lot.fsma.event"].browse(action["res_id"])
        self.assertEqual(
            (event.kind, event.commodity, event.uom), ("harvesting", "Romaine lettuce", "kg")
        )
        self.assertEqual(event.field_name, "North 3")
        self.assertFalse(event.missing)

    def test_cooling_is_entered_by_hand_and_says_what_is_missing(self):
        entry = self.entry(
            kind="cooling",
            product_id=self.lettuce.id,
            quantity=4,
            uom="bin",
            location_id=self.grower.id,
            commodity="Romaine",
        )
        event = self.env["lot.fsma.event"].browse(entry.action_save()["res_id"])
        self.assertEqual(event.missing, ",to_location,farm,document,")

    def test_what_documents_tell_is_not_entered_by_hand(self):
        with self.assertRaisesRegex(UserError, "entered by hand"):
            self.entry(kind="shipping", product_id=self.lettuce.id, quantity=4).action_save()
        with self.assertRaisesRegex(UserError, "above zero"):
            self.entry(kind="cooling", product_id=self.lettuce.id, quantity=0).action_save()

    def test_what_is_learnt_of_a_raw_lot_is_asked_once(self):
        raw = self.listed("Field lettuce", fsma_stage="raw")
        lot = self.bought(raw, "R1", 20, self.grower).move_line_ids.lot_id.with_env(self.env)
        first = self.events(self.make(self.lot(self.lettuce, "P1"), 5, {lot: 5}))
        self.assertIn(",harvest_date,", first.missing)
        self.entry(
            first,
            harvest_date="2026-03-01",
            farm_id=self.grower.id,
            harvester_id=self.grower.id,
            field_name="North 3",
            reason="Harvest sheet",
        ).action_save()
        self.assertFalse(self.events(self.lot_named("P1")).missing)
        lot.invalidate_recordset()
        self.assertEqual(lot.fsma_farm_id, self.grower)
        second = self.events(self.make(self.lot(self.lettuce, "P2"), 5, {lot: 5}))
        self.assertNotIn("harvest_date", second.missing or "")

    def test_readers_read_and_do_not_correct(self):
        event = self.event.with_user(self.reader)
        self.assertEqual(event.kind, "receiving")
        self.assertTrue(event.missing_text)
        with self.assertRaises(AccessError):
            self.entry(self.event, user=self.reader, quantity=9, reason="Mine")

    def test_whoever_has_no_right_sees_nothing(self):
        nobody = new_test_user(self.env, login="fsma_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.event.with_user(nobody).read(["tlc"])

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            login="fsma_stranger",
            groups="lot_traceability.group_quality",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        events = self.env["lot.fsma.event"].with_user(stranger)
        self.assertFalse(events.search([("id", "=", self.event.id)]))
        with self.assertRaises(AccessError):
            self.event.with_user(stranger).read(["tlc"])

    def test_the_values_of_events_are_given_as_elements(self):
        (values,) = self.event._element_values()
        self.assertEqual(values["quantity"], {"amount": 10, "unit": "kg"})
        self.assertEqual(values["from_location"]["name"], "Fresh Distribution")
        self.assertEqual(values["document"]["number"], self.received.name)

    def lot_named(self, name):
        return self.env["stock.lot"].search([("name", "=", name)], limit=1)
