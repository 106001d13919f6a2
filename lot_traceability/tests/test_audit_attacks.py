import json
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import InsufficientPrivilege

from .audit_common import KEY, AuditCase


@tagged("post_install", "-at_install")
class TestAuditAttacks(AuditCase):
    """Somebody who owns the database, with the triggers off; each attack is found and named."""

    def setUp(self):
        super().setUp()
        self.lots = [self.received(self.curd, f"C-{number}", 5) for number in range(4)]
        self.seal()
        self.deliver({self.lots[0]: 2})
        self.deliver({self.lots[1]: 2})
        self.seal()
        self.sealed = self.events()
        self.assertTrue(self.verify()["valid"], self.verify())

    def block_of(self, event):
        self.env.cr.execute("SELECT id FROM lot_audit_block WHERE %s = ANY(event_ids)", [event.id])
        return self.env.cr.fetchone()[0]

    # -- without turning triggers off ----------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_update_delete_and_truncate_to_the_owner(self):
        for statement in (
            "UPDATE lot_audit_event SET body = '{}'",
            "DELETE FROM lot_audit_event",
            "TRUNCATE lot_audit_event",
            "UPDATE lot_audit_block SET digest = ''",
            "DELETE FROM lot_audit_block",
            "TRUNCATE lot_audit_block",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_odoo_refuses_even_the_superuser(self):
        event = self.sealed[0].sudo()
        for change in (
            lambda: event.write({"body": "{}"}),
            event.unlink,
            lambda: event.create({"body": "{}"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_change_of_a_lot_by_sql_becomes_an_event_by_itself(self):
        lot = self.lots[2]
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_lot SET supplier_lot = 'X' WHERE id = %s", [lot.id])
        event = self.events(("lot_id", "=", lot.id), ("kind", "=", "bypassed"))
        self.assertEqual(self.body(event)["changes"], {"supplier_lot": [None, "X"]})
        self.assertEqual(self.body(event)["from"]["via"], "sql")
        self.assertFound("bypassed", event=event.id)

    def test_change_of_a_done_line_by_sql_becomes_an_event_by_itself(self):
        line = self.env["stock.move.line"].search([("lot_id", "=", self.lots[2].id)])
        self.env.cr.execute("UPDATE stock_move_line SET quantity = 4 WHERE id = %s", [line.id])
        event = self.events(("res_model", "=", "stock.move.line"), ("kind", "=", "bypassed"))
        self.assertEqual(event.lot_id, self.lots[2])

    def test_change_through_odoo_is_not_taken_for_one_past_it(self):
        self.lots[2].with_user(self.quality).write({"supplier_lot": "S-7"})
        self.env.cr.flush()
        self.assertFalse(self.events(("kind", "=", "bypassed")))

    def test_sql_after_a_change_through_odoo_in_the_same_transaction_is_noticed(self):
        lot = self.lots[2]
        lot.with_user(self.quality).write({"supplier_lot": "S-7"})
        self.env.cr.flush()
        self.env.cr.execute("UPDATE stock_lot SET supplier_lot = 'X' WHERE id = %s", [lot.id])
        event = self.events(("lot_id", "=", lot.id), ("kind", "=", "bypassed"))
        self.assertEqual(self.body(event)["changes"], {"supplier_lot": ["S-7", "X"]})

    def test_sql_after_a_change_that_was_rolled_back_is_noticed(self):
        lot = self.lots[2]
        with self.assertRaises(RuntimeError), self.env.cr.savepoint():
            lot.with_user(self.quality).write({"supplier_lot": "S-7"})
            self.env.flush_all()
            raise RuntimeError
        self.env.cr.execute("DELETE FROM stock_quant WHERE lot_id = %s", [lot.id])
        self.env.cr.execute("UPDATE stock_lot SET ref = 'X' WHERE id = %s", [lot.id])
        self.assertTrue(self.events(("lot_id", "=", lot.id), ("kind", "=", "bypassed")))

    def test_corrections_and_deletions_through_odoo_are_not_taken_for_ones_past_it(self):
        line = self.env["stock.move.line"].search([("lot_id", "=", self.lots[2].id)])
        line.with_user(self.manager).quantity = 4
        spare = self.env["stock.lot"].create({"name": "Spare", "product_id": self.curd.id})
        self.env.cr.flush()
        spare.with_user(self.manager).unlink()
        self.env.cr.flush()
        self.assertFalse(self.events(("kind", "=", "bypassed")))
        self.assertTrue(self.events(("kind", "=", "corrected")))
        self.assertTrue(self.events(("kind", "=", "deleted")))

    def test_lot_deleted_by_sql_becomes_an_event_by_itself(self):
        lot = self.env["stock.lot"].create({"name": "Spare", "product_id": self.curd.id})
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM stock_lot WHERE id = %s", [lot.id])
        event = self.events(("res_id", "=", lot.id), ("kind", "=", "bypassed"))
        self.assertEqual(self.body(event)["data"], {"operation": "delete"})

    def test_upgrade_may_change_a_table_after_its_rows_in_one_transaction(self):
        self.lots[2].with_user(self.quality).write({"supplier_lot": "S-7"})
        self.env.cr.flush()
        self.env.cr.execute("UPDATE stock_lot SET ref = 'X'")
        self.env.cr.execute("ALTER TABLE stock_lot ADD COLUMN later integer")
        self.assertTrue(self.events(("kind", "=", "bypassed")))

    # -- with the triggers off -----------------------------------------------------------------

    def test_changed_field_is_named_with_its_event_and_block(self):
        event = self.sealed.filtered(lambda event: event.kind == "moved")[0]
        self.behind(
            "UPDATE lot_audit_event SET body = replace(body, '\"5\"', '\"3\"') WHERE id = %s",
            event.id,
        )
        self.assertFound("changed", event=event.id, block=self.block_of(event))

    def test_backdated_event_is_named(self):
        event = self.sealed[-1]
        self.behind("UPDATE lot_audit_event SET at = at - interval '1 day' WHERE id = %s", event.id)
        self.assertFound("changed", event=event.id)

    def test_event_deleted_in_the_middle_is_named(self):
        event = self.sealed[2]
        self.behind("DELETE FROM lot_audit_event WHERE id = %s", event.id)
        self.assertFound("missing", event=event.id, block=self.block_of(event))

    def test_deleted_tail_is_told_by_the_receipts(self):
        last = self.env["lot.audit.block"].search([], limit=1).id
        self.behind(
            "DELETE FROM lot_audit_event WHERE id = ANY("
            "(SELECT event_ids FROM lot_audit_block WHERE id = %s)::integer[])",
            last,
        )
        self.behind("DELETE FROM lot_audit_block WHERE id = %s", last)
        self.assertFound("truncated")

    def test_inserted_event_is_named(self):
        self.behind(
            "INSERT INTO lot_audit_event (body) "
            "SELECT body FROM lot_audit_event ORDER BY id LIMIT 1"
        )
        put = self.events()[-1].id
        self.assertFound("inserted", event=put)

    def test_event_put_into_the_queue_with_an_older_time_is_named_once_sealed(self):
        self.behind(
            "WITH new AS (INSERT INTO lot_audit_event (at, body) SELECT at - interval '3 days', "
            "body FROM lot_audit_event ORDER BY id LIMIT 1 RETURNING id) "
            "INSERT INTO lot_audit_pending SELECT id FROM new"
        )
        self.seal()
        self.assertFound("clock")

    def test_swapped_events_are_named(self):
        one, other = self.sealed.filtered(lambda event: event.kind == "moved")[:2]
        self.behind(
            "UPDATE lot_audit_event mine SET body = theirs.body, at = theirs.at "
            "FROM lot_audit_event theirs WHERE (mine.id, theirs.id) IN ((%s, %s), (%s, %s))",
            *(one.id, other.id, other.id, one.id),
        )
        found = self.verify()
        self.assertLessEqual(
            {(row["code"], row["event"]) for row in found["findings"]},
            {(code, event.id) for code in ("changed", "reordered") for event in (one, other)},
        )
        self.assertTrue(found["findings"])

    def test_chain_made_anew_without_the_key_is_named(self):
        self.behind("UPDATE lot_audit_event SET body = replace(body, 'C-0', 'C-9')")
        self.behind(
            "INSERT INTO lot_audit_pending SELECT id FROM lot_audit_event ON CONFLICT DO NOTHING"
        )
        self.behind("DELETE FROM lot_audit_block")
        with self.patch_key(""):
            self.env["lot.audit.sealer"]._seal()
        codes = {row["code"] for row in self.verify()["findings"]}
        self.assertIn("rewritten", codes)

    def test_chain_made_anew_with_another_key_is_named(self):
        self.behind(
            "INSERT INTO lot_audit_pending SELECT id FROM lot_audit_event ON CONFLICT DO NOTHING"
        )
        self.behind("DELETE FROM lot_audit_block")
        with self.patch_key("2026:" + "cd" * 32):
            self.env["lot.audit.sealer"]._seal()
        codes = {row["code"] for row in self.verify()["findings"]}
        self.assertTrue({"forged", "rewritten"} & codes, codes)

    def test_restored_backup_that_went_on_is_named(self):
        last = self.env["lot.audit.block"].search([], limit=1).id
        self.env.cr.execute("SELECT event_ids FROM lot_audit_block WHERE id = %s", [last])
        gone = self.env.cr.fetchone()[0]
        self.behind("DELETE FROM lot_audit_event WHERE id = ANY(%s)", gone)
        self.behind("DELETE FROM lot_audit_block WHERE id = %s", last)
        self.received(self.curd, "C-later", 5)
        with self.assertLogs("odoo.addons.lot_traceability.models.lot_audit_receipt_file") as logs:
            self.seal()
        self.assertIn("is not the one of its receipt", logs.output[0])
        codes = {row["code"] for row in self.verify()["findings"]}
        self.assertTrue({"rolled_back", "rewritten"} & codes, codes)

    def test_lot_changed_without_an_event_is_named(self):
        self.behind("UPDATE stock_lot SET supplier_lot = 'X' WHERE id = %s", self.lots[3].id)
        found = self.assertFound("changed", event=0)
        self.assertIn("C-3", found["text"])
        self.assertIn("Supplier's lot number is X", found["text"])

    def test_lot_made_or_removed_without_an_event_is_named(self):
        self.behind("INSERT INTO stock_lot (name, product_id) VALUES ('GHOST', %s)", self.curd.id)
        self.assertIn("GHOST", self.assertFound("inserted", event=0)["text"])

    def test_done_line_changed_without_an_event_is_named(self):
        line = self.env["stock.move.line"].search([("lot_id", "=", self.lots[3].id)])
        self.behind(
            "UPDATE stock_move_line SET quantity_product_uom = 4, quantity = 4 WHERE id = %s",
            line.id,
        )
        texts = [row["text"] for row in self.verify()["findings"]]
        self.assertTrue(any(f"Move line {line.id}" in text for text in texts), texts)
        # Nor does the stock add up any more.
        self.assertTrue(any("The stock of lot C-3" in text for text in texts), texts)

    def test_clock_set_back_is_named(self):
        self.received(self.curd, "C-clock", 5)
        self.env.cr.flush()
        self.behind(
            "UPDATE lot_audit_event SET at = at - interval '2 days' WHERE id IN "
            "(SELECT event_id FROM lot_audit_pending)"
        )
        self.seal()
        self.assertFound("clock")

    def test_changed_header_is_named(self):
        number = self.env["lot.audit.block"].search([], limit=1).id
        self.behind(
            "UPDATE lot_audit_block SET header = replace(header, 'count', 'c0unt') WHERE id = %s",
            number,
        )
        self.assertFalse(self.verify()["valid"])

    def patch_key(self, text):
        return patch.dict("os.environ", {"LOT_TRACEABILITY_AUDIT_KEYS": text})

    def test_rotated_key_is_told_and_both_verify(self):
        with self.patch_key(f"2027:{'cd' * 32},{KEY}"):
            self.received(self.curd, "C-new-key", 5)
            self.seal()
            self.seal()
            self.assertTrue(self.verify()["valid"], self.verify())
        event = self.events(("kind", "=", "key"))
        self.assertEqual(json.loads(event.body)["changes"], {"key": ["2026", "2027"]})
