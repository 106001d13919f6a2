import json

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.signed_content import digest
from .signature_common import SignatureCommon


@tagged("post_install", "-at_install")
class TestSignatureRecord(SignatureCommon):
    """21 CFR 11.50 and 11.70: what a signature says, that it stays with its record, and that it
    is void when that is not any more what was signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demand("release")

    def signed(self, name):
        lot = self.quarantined(name)
        lot.write({"supplier_lot": "S-1", "supplier_id": self.dairy.id})
        return lot, self.release(lot)

    def commit(self):
        """What a commit does for the log."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()

    def test_name_time_meaning_and_zone_are_printed(self):
        _lot, signature = self.signed("PRINT-1")
        self.assertRegex(signature.signed_local, r"^2026-03-02 \d\d:00:00 Europe/Vienna$")
        local, utc = int(signature.signed_local[11:13]), signature.signed_on.hour
        self.assertEqual(local, utc + 1)
        html = self.env["ir.qweb"]._render("lot_traceability.signatures", {"signatures": signature})
        for part in ("Quinn Lee", "Approval", signature.signed_local, "UTC", "PRINT-1"):
            self.assertIn(part, html)
        self.assertNotIn("VOID", html)

    def test_signature_is_bound_to_what_was_signed(self):
        lot, signature = self.signed("BOUND-1")
        content = json.loads(signature.snapshot)
        self.assertEqual(content["of"], {"model": "stock.lot", "id": lot.id, "name": "BOUND-1"})
        self.assertEqual(content["facts"]["status_id"]["name"], "Released")
        self.assertEqual(content["facts"]["supplier_lot"], "S-1")
        self.assertEqual(content["said"]["signer"], "Quinn Lee")
        self.assertEqual(signature.digest, digest(signature.snapshot))
        self.assertTrue(signature.digest.startswith("$1$"))

    def test_audit_log_holds_the_digest(self):
        lot, signature = self.signed("LOG-1")
        event = self.events("signed", lot_id=lot.id)[-1]
        self.assertEqual(event["data"]["digest"], signature.digest)
        self.assertEqual(event["record"]["id"], signature.id)
        self.assertEqual(event["why"], "Results reviewed")
        self.assertEqual(event["who"]["login"], self.quality.login)

    def test_nobody_writes_or_deletes_a_signature(self):
        _lot, signature = self.signed("KEEP-1")
        for user in (self.quality, self.env.ref("base.user_admin"), self.env.user):
            with self.assertRaises(UserError):
                signature.with_user(user).write({"reason": "Other"})
            with self.assertRaises(UserError):
                signature.with_user(user).unlink()
        with self.assertRaises(UserError):
            signature.sudo().write({"reason": "Other"})
        with self.assertRaises(UserError):
            signature.sudo().unlink()
        with self.assertRaises(UserError):
            self.laboratory["lot.signature"].create({"signer": "Somebody"})

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_to_change_a_signature(self):
        _lot, signature = self.signed("KEEP-2")
        for query in (
            "UPDATE lot_signature SET signer = 'X' WHERE id = %s",
            "DELETE FROM lot_signature WHERE id = %s",
        ):
            with self.assertRaises(psycopg2.errors.InsufficientPrivilege):
                self.env.cr.execute(query, [signature.id])

    def past_the_guard(self, query, *args):
        """As the owner of the database who has turned the triggers off."""
        self.env.cr.execute("ALTER TABLE lot_signature DISABLE TRIGGER ALL")
        self.env.cr.execute(query, args)
        self.env.cr.execute("ALTER TABLE lot_signature ENABLE ALWAYS TRIGGER lot_signature_refuse")
        self.env.invalidate_all()

    def test_signature_that_was_moved_to_another_record_is_void(self):
        _lot, signature = self.signed("MOVE-1")
        other = self.quarantined("MOVE-2")
        self.past_the_guard(
            "UPDATE lot_signature SET res_id = %s, lot_id = %s WHERE id = %s",
            other.id,
            other.id,
            signature.id,
        )
        self.assertEqual(signature.state, "void")
        self.assertIn("does not belong to its text", signature.difference)

    def test_signature_with_another_name_time_or_meaning_is_void(self):
        for number, (column, value) in enumerate(
            (("signer", "Nobody"), ("signed_on", "2020-01-01"), ("meaning", "Review"))
        ):
            _lot, signature = self.signed(f"FORGED-{number}")
            self.past_the_guard(
                f"UPDATE lot_signature SET {column} = %s WHERE id = %s",  # of above
                value,
                signature.id,
            )
            self.assertEqual(signature.state, "void", column)

    def test_text_that_was_changed_with_its_digest_is_not_that_of_the_log(self):
        _lot, signature = self.signed("FORGED-9")
        text = signature.snapshot.replace('"S-1"', '"S-2"')
        self.past_the_guard(
            "UPDATE lot_signature SET snapshot = %s, digest = %s WHERE id = %s",
            text,
            digest(text),
            signature.id,
        )
        self.assertEqual(signature.state, "void")

    # -- a record that changes ---------------------------------------------------------------

    def test_signature_holds_as_long_as_nothing_changes(self):
        lot, signature = self.signed("VALID-1")
        self.deliver({lot: 3})
        self.commit()
        self.assertEqual(signature.state, "valid")
        self.assertFalse(self.events("signature_void"))

    def test_change_makes_it_void_with_the_difference_and_is_told_once(self):
        lot, signature = self.signed("VOID-1")
        lot.with_user(self.quality).write({"supplier_lot": "S-2"})
        self.commit()
        self.assertEqual(signature.state, "void")
        label = lot._signature_label("supplier_lot")
        self.assertEqual(signature.difference, f"{label}: S-1 → S-2")
        lot.with_user(self.quality).write({"supplier_lot": "S-3"})
        self.commit()
        events = self.events("signature_void", lot_id=lot.id)
        self.assertEqual(len(events), 1)
        self.assertEqual(events[0]["changes"], {"supplier_lot": ["S-1", "S-2"]})
        self.assertEqual(events[0]["record"]["id"], signature.id)

    def test_difference_over_the_api(self):
        lot, signature = self.signed("API-1")
        lot.with_user(self.quality).set_status("hold", "Suspicion")
        answer = signature.with_user(self.reader).differences()
        self.assertEqual(answer[0]["state"], "void")
        rows = {row["name"]: (row["signed"], row["present"]) for row in answer[0]["differences"]}
        self.assertEqual(rows["status_reason"], ("Results reviewed", "Suspicion"))
        self.assertEqual(rows["status_id"][1]["name"], "On hold")
        stranger = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            signature.with_user(stranger).differences()

    def test_record_that_is_as_signed_again_is_valid_again_and_both_are_in_the_log(self):
        lot, signature = self.signed("AGAIN-1")
        lot.with_user(self.quality).write({"origin_place": "Tyrol"})
        self.commit()
        self.assertEqual(signature.state, "void")
        lot.with_user(self.quality).write({"origin_place": False})
        self.commit()
        self.assertEqual(signature.state, "valid")
        self.assertEqual(len(self.events("signature_void", lot_id=lot.id)), 1)

    def test_other_name_of_the_supplier_is_no_change_of_the_lot(self):
        _lot, signature = self.signed("NAME-1")
        self.dairy.name = "Dairy and Sons"
        self.commit()
        self.assertEqual(signature.state, "valid")

    def test_allergens_are_part_of_what_is_signed(self):
        lot, signature = self.signed("ALLERGEN-1")
        lot.allergen_ids = self.env["lot.allergen"].search([], limit=1)
        self.commit()
        self.assertEqual(signature.state, "void")
        self.assertEqual(len(self.events("signature_void", lot_id=lot.id)), 1)

    def reading(self, lot, purpose, value="4"):
        parameter = self.env["lot.parameter"].create(
            {"name": f"{purpose} of {lot.name}", "purpose": purpose, "kind": "number"}
        )
        return self.floor["lot.measurement"].create(
            {"lot_id": lot.id, "parameter_id": parameter.id, "value": value}
        )

    def test_test_result_that_comes_later_makes_it_void(self):
        lot, signature = self.signed("TEST-1")
        self.reading(lot, "test")
        self.commit()
        self.assertEqual(signature.state, "void")
        self.assertEqual(len(self.events("signature_void", lot_id=lot.id)), 1)

    def test_condition_that_is_read_later_does_not(self):
        lot, signature = self.signed("CONDITION-1")
        self.reading(lot, "condition")
        self.commit()
        self.assertEqual(signature.state, "valid")

    def test_reading_that_was_signed_and_is_changed_makes_it_void(self):
        lot = self.quarantined("CONDITION-2")
        reading = self.reading(lot, "condition")
        signature = self.release(lot)
        reading.sudo().write({"value": "9"})
        self.commit()
        self.assertEqual(signature.state, "void")
        self.assertIn("9", signature.difference)

    def test_line_that_is_corrected_again_makes_the_first_signature_void(self):
        self.demand("correction")
        lot = self.quarantined("LINE-9")
        line = self.env["stock.move.line"].search([("lot_id", "=", lot.id)])
        given = {"user": self.operator, "meaning": "authorship"}
        first = self.sign(line, "correction", values={"quantity": 8}, **given)
        second = self.sign(line, "correction", values={"quantity": 7}, **given)
        self.commit()
        states = {
            signature.id: signature.state for signature in line.move_id.picking_id.signature_ids
        }
        self.assertEqual(states[first["signature_ids"][0]], "void")
        self.assertEqual(states[second["signature_ids"][0]], "valid")

    def test_lot_that_was_signed_cannot_be_deleted(self):
        lot = self.lot(self.milk, "DELETE-1")
        lot.sudo()._quarantine("To be judged")
        self.release(lot)
        with self.assertRaisesRegex(UserError, "has been signed"):
            lot.with_user(self.manager).unlink()

    def test_signature_of_another_company_is_not_read(self):
        _lot, signature = self.signed("COMPANY-1")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.reader.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            signature.with_user(self.reader).read(["signer"])
