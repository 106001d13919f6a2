from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .signature_common import SignatureCommon


@tagged("post_install", "-at_install")
class TestSignatureDemand(SignatureCommon):
    """Which steps need a signature, and that there is no way around it."""

    def test_nothing_is_signed_until_the_firm_says_so(self):
        self.assertFalse(self.env["lot.signature.step"].search([("demanded", "=", True)]))
        lot = self.quarantined("FREE-1")
        lot.with_user(self.quality).set_status("released")
        self.assertEqual(lot.status_id.code, "released")
        self.assertFalse(lot.signature_ids)

    def test_release_is_refused_without_signature_whichever_way_it_is_tried(self):
        self.demand("release")
        lot = self.quarantined("WAYS-1").with_user(self.quality)
        released = self.env["lot.status"]._by_code("released")
        for way in (
            lambda: lot.set_status("released"),
            lambda: lot.write({"status_id": released.id}),
            # Nothing that comes over the wire is an act of signing.
            lambda: lot.with_context(lot_signing_act={"code": "release"}).set_status("released"),
            lambda: lot.with_context(lot_signing_act=True).set_status("released"),
        ):
            with self.assertRaisesRegex(UserError, "“Release from quarantine” of WAYS-1 has to be"):
                way()
        self.assertEqual(lot.status_id.code, "quarantine")

    def test_signed_release_is_done_in_the_name_of_the_signer(self):
        self.demand("release")
        lot = self.quarantined("SIGNED-1")
        signature = self.release(lot)
        self.assertEqual(lot.status_id.code, "released")
        self.assertEqual(lot.status_user_id, self.quality)
        self.assertEqual(lot.status_reason, "Results reviewed")
        self.assertEqual(lot.signature_ids, signature)
        self.assertEqual(
            (signature.signer, signature.meaning, signature.reason, signature.method),
            ("Quinn Lee", "Approval", "Results reviewed", "password"),
        )

    def test_hold_needs_no_signature_and_is_no_way_around_that_of_the_release(self):
        self.demand("release")
        lot = self.quarantined("AROUND-1")
        lot.with_user(self.quality).set_status("hold", "Suspicion")
        with self.assertRaisesRegex(UserError, "has to be signed"):
            lot.with_user(self.quality).set_status("released")
        self.release(lot)
        self.assertEqual(lot.status_id.code, "released")

    def test_end_of_a_hold_is_a_step_of_its_own(self):
        self.demand("end_hold")
        lot = self.quarantined("HOLD-1")
        lot.with_user(self.quality).set_status("released")
        lot.with_user(self.quality).set_status("hold", "Suspicion")
        with self.assertRaisesRegex(UserError, "“End of a hold or a rejection” of HOLD-1"):
            lot.with_user(self.quality).set_status("released")
        with self.assertRaisesRegex(UserError, "has to be signed"):
            lot.with_user(self.quality).set_status("quarantine", "Judged again")
        # What is worse than a hold does not end it.
        lot.with_user(self.quality).set_status("rejected", "Contaminated")
        self.sign(lot, "end_hold")
        self.assertEqual(lot.status_id.code, "released")

    def test_rule_that_holds_lots_signs_nothing(self):
        self.demand("release")
        self.demand("end_hold")
        self.milk.product_tmpl_id.lot_quarantine_receipt = True
        lot = self.received(self.milk, "RULE-1", 5)
        self.assertEqual(lot.status_id.code, "quarantine")
        self.assertFalse(lot.signature_ids)

    def test_operator_may_not_sign_what_is_for_quality(self):
        self.demand("release")
        lot = self.quarantined("GROUP-1")
        with self.assertRaisesRegex(AccessError, "You may not sign .* Ask somebody of: Quality"):
            self.sign(lot, user=self.operator)
        self.assertEqual(lot.status_id.code, "quarantine")

    def test_group_of_the_step_gives_no_right_to_do_it(self):
        self.demand("release", group_id=False)
        lot = self.quarantined("GROUP-2")
        with self.assertRaisesRegex(AccessError, "You may not (end|set) the status"):
            self.sign(lot, user=self.operator)

    def test_auditor_and_reader_sign_nothing(self):
        self.demand("release", group_id=False)
        lot = self.quarantined("READ-1")
        self.reader.password = "reader reader"
        with self.assertRaises(AccessError):
            self.sign(lot, user=self.reader, password="reader reader")

    def test_company_with_a_line_of_its_own_is_asked_by_that(self):
        self.demand("release")
        self.step("release").copy(
            {"company_id": self.env.company.id, "demanded": False, "code": "release"}
        )
        lot = self.quarantined("OWN-1")
        lot.with_user(self.quality).set_status("released")
        self.assertEqual(lot.status_id.code, "released")

    def test_second_line_of_one_company_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.step("release").copy({"code": "release"})

    def test_step_without_meaning_cannot_be_demanded(self):
        with self.assertRaisesRegex(UserError, "at least one meaning"):
            self.demand("release", meaning_ids=[(5, 0, 0)])

    def test_meaning_and_reason_are_asked_in_one_sentence(self):
        self.demand("release")
        lot = self.quarantined("ASK-1")
        told = self.refusal(self.sign, lot, meaning="authorship")
        self.assertIn("choose one of: Review (review), Approval (approval)", told)
        self.assertIn("needs a reason", self.refusal(self.sign, lot, reason=" "))
        self.step("release").reason_required = False
        self.sign(lot, reason="")

    def test_signing_what_needs_no_signature_is_refused(self):
        lot = self.quarantined("NONE-1")
        self.assertIn("needs no signature here", self.refusal(self.sign, lot))
        self.demand("release")
        signature = self.env["lot.signature"].with_user(self.quality)
        for model, ids, part in (
            ("res.users", self.quality.ids, "are not signed"),
            ("no.model", [1], "are not signed"),
            ("stock.lot", [2**31 - 1], "does not exist any more"),
            ("stock.lot", [], "does not exist any more"),
        ):
            told = self.refusal(signature.sign, "release", model, ids, {}, "approval")
            self.assertIn(part, told)

    def test_override_is_refused_without_signature_and_kept_with_it(self):
        self.demand("override")
        lot = self.quarantined("PASS-1")
        picking = self.picking(self.plant.out_type_id, {lot: 2}, target=self.customers)
        document = picking.with_user(self.quality)
        for way in (
            lambda: self.laboratory["lot.gate"]._let_pass(document, "Accepted"),
            lambda: self.laboratory["lot.gate.override"].create(
                {
                    "lot_id": lot.id,
                    "refused_for": "Quarantine",
                    "reason": "Accepted",
                    "res_model": "stock.picking",
                    "res_id": picking.id,
                    "document_name": picking.name,
                    "company_id": self.env.company.id,
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "“Letting a refused lot pass” of PLT/OUT"):
                way()
        answer = self.sign(picking, "override", reason="Deviation 7", values={})
        signature = self.env["lot.signature"].browse(answer["signature_ids"])
        self.assertEqual(signature.res_model, "lot.gate.override")
        self.assertEqual((signature.lot_id, signature.document_id), (lot, picking.id))
        self.assertEqual(picking.signature_ids, signature)
        self.validate(picking)

    def test_correction_of_a_done_line_is_signed_and_one_that_is_not_done_is_not(self):
        self.demand("correction")
        lot = self.quarantined("LINE-1")
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        floor = line.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "“Correction of a done line” of"):
            floor.write({"quantity": 8})
        floor.write({"quantity": line.quantity})  # Says nothing new.
        answer = self.sign(
            line,
            "correction",
            user=self.operator,
            values={"quantity": 8},
            meaning="authorship",
            reason="Counted wrong",
        )
        self.assertEqual(line.quantity, 8)
        signature = self.env["lot.signature"].browse(answer["signature_ids"])
        self.assertEqual((signature.signer, signature.lot_id), (self.operator.name, lot))
        self.assertEqual(signature.document_id, line.picking_id.id)

    def test_correction_writes_nothing_but_a_correction(self):
        self.demand("correction")
        lot = self.quarantined("LINE-2")
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        self.sign(
            line,
            "correction",
            user=self.operator,
            values={"quantity": 9, "company_id": 99, "state": "draft"},
            meaning="authorship",
        )
        self.assertEqual((line.quantity, line.state), (9, "done"))

    def test_step_of_another_app_is_refused_where_nothing_does_it(self):
        self.env["lot.signature.step"].create(
            {
                "name": "Bake",
                "code": "bake",
                "demanded": True,
                "meaning_ids": [(4, self.env.ref("lot_traceability.meaning_review").id)],
            }
        )
        lot = self.quarantined("BAKE-1")
        self.assertIn("is no step of", self.refusal(self.sign, lot, "bake", meaning="review"))

    def test_ordinary_transfer_asks_nothing_of_signatures(self):
        lot = self.received(self.milk, "LEAN-1", 10)
        picking = self.picking(self.plant.out_type_id, {lot: 2}, target=self.customers)
        self.env["lot.signature.step"]._demanded_ids()
        self.env["lot.signature"]._any()
        queries = []
        execute = type(self.env.cr).execute

        def spy(cr, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", spy)
        self.validate(picking)
        self.assertGreater(len(queries), 10)
        self.assertFalse([query for query in queries if "lot_signature" in query])
