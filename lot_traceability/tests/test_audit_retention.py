import gzip
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import InsufficientPrivilege

from ..models.lot_audit_archiver import LotAuditArchiver
from ..models.lot_audit_text import AuditText
from ..tools.audit_reader import verify_file
from .audit_reading_common import AuditCommon

LOGGER = "odoo.addons.lot_traceability.models.lot_audit_archiver"


@tagged("post_install", "-at_install")
class TestAuditRetention(AuditCommon):
    """What has expired goes to a file that verifies; what is held or in doubt stays."""

    def setUp(self):
        super().setUp()
        # Events have the time of PostgreSQL, which does not stand still.
        self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
        self.today = self.env.cr.fetchone()[0] + timedelta(days=1)
        self.clock.move_to(self.today)
        self.milk = self.product("Milk")
        self.old = self.received(self.milk, "OLD-1", 100)
        self.seal()
        self.first = self.env["lot.audit.block"]._receipt().number
        self.new = self.received(self.milk, "NEW-1", 10)
        self.seal()
        self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress"))

    def rule(self, years=1, kind=False, **values):
        return self.env["lot.audit.retention"].create({"years": years, "kind": kind, **values})

    def archive(self, years=2):
        self.clock.move_to(self.today + timedelta(days=366 * years))
        self.env.flush_all()
        self.env["lot.audit.archiver"]._cron_archive()
        return self.env["lot.audit.archive"].search([], order="id")

    def left(self, lot):
        return self.events(("lot_id", "=", lot.id), ("kind", "in", ("created", "moved")))

    # -- what goes -----------------------------------------------------------------------------

    def test_without_a_rule_all_stays(self):
        self.assertFalse(self.archive(100))
        self.assertEqual(len(self.left(self.old)), 2)

    def test_expired_blocks_go_to_a_file_that_verifies_without_odoo(self):
        self.rule()
        archive = self.archive()
        self.assertEqual(len(archive), 1)
        self.assertFalse(self.left(self.old) | self.left(self.new))
        with archive._path().open("rb") as file:
            report = verify_file(file, self.env["lot.audit.block"]._keys())
        self.assertEqual(report.findings, [])
        self.assertEqual(report.summary.events, archive.events)
        with gzip.open(archive._path()) as file:
            self.assertIn(b"OLD-1", file.read())

    def test_archive_is_an_event_with_file_hash_and_blocks(self):
        self.rule()
        archive = self.archive()
        (event,) = self.told("archived")
        self.assertEqual(event["data"]["file"], archive.file_name)
        self.assertEqual(event["data"]["sha256"], archive.sha256)
        self.assertEqual(event["data"]["last_block"], archive.last_block)

    def test_what_is_not_expired_keeps_its_whole_block(self):
        self.rule(years=1, kind="moved")
        self.assertFalse(self.archive())
        self.rule(years=5)
        self.assertFalse(self.archive(2))
        self.assertTrue(self.archive(7))

    def test_rule_of_a_company_goes_before_the_rule_of_all(self):
        self.rule(years=1)
        self.rule(years=50, company_id=self.env.company.id)
        self.assertFalse(self.archive())

    def test_legal_hold_keeps_a_lot_and_its_release_lets_it_go(self):
        self.rule()
        hold = self.env["lot.audit.hold"].with_user(self.quality)
        held = hold.create({"lot_id": self.old.id, "reason": "Case 12/2026"})
        archives = self.archive()
        self.assertTrue(self.left(self.old))
        self.assertFalse(self.left(self.new))
        self.assertNotIn(self.first, range(archives[0].first_block, archives[0].last_block + 1))
        held.action_release()
        self.archive()
        self.assertFalse(self.left(self.old))

    def test_legal_hold_on_a_product_keeps_all_of_its_lots(self):
        self.rule()
        self.env["lot.audit.hold"].create({"product_id": self.milk.id, "reason": "Case"})
        self.archive()
        self.assertTrue(self.left(self.old) and self.left(self.new))

    def test_unsealed_events_stay(self):
        self.rule()
        self.seal()
        waiting = self.received(self.milk, "WAIT-1", 1)
        self.archive()
        self.assertEqual(len(self.left(waiting)), 2)

    # -- afterwards ----------------------------------------------------------------------------

    def test_log_and_records_verify_after_an_archive(self):
        self.rule()
        self.archive()
        self.seal()
        self.old.with_user(self.quality).set_status("hold", "Later")
        self.deliver({self.new: 1})
        self.seal()
        found = self.verify()
        self.assertEqual(found["findings"], [])
        self.assertTrue(found["valid"])

    def test_archived_lot_that_is_changed_past_odoo_is_still_found(self):
        self.rule()
        self.archive()
        self.seal()
        self.behind("UPDATE stock_lot SET ref = 'FORGED' WHERE id = %s", self.old.id)
        self.assertFound("changed")

    def test_archived_line_that_is_changed_past_odoo_is_still_found(self):
        self.rule()
        self.archive()
        self.seal()
        self.behind(
            "UPDATE stock_move_line SET date = date - interval '1 day' WHERE lot_id = %s",
            self.old.id,
        )
        self.assertFound("changed")

    def test_archive_is_read_back_and_verified_from_the_screen(self):
        self.rule()
        archive = self.archive().with_user(self.auditor)
        self.assertEqual(archive.action_verify()["params"]["type"], "success")
        self.assertTrue(archive.checked_valid)
        self.assertEqual(self.told("verified")[-1]["data"], {"scope": "archive", "valid": True})

    def test_archive_that_was_changed_or_is_gone_is_found(self):
        self.rule()
        archive = self.archive()
        path = archive._path()
        lines = gzip.decompress(path.read_bytes()).replace(b"OLD-1", b"OLD-2")
        path.write_bytes(gzip.compress(lines))
        archive.with_user(self.auditor).action_verify()
        self.assertFalse(archive.checked_valid)
        self.assertTrue(archive.checked_problem)
        path.unlink()
        with self.assertRaisesRegex(UserError, "Put the file back"):
            archive.with_user(self.auditor).action_verify()

    def test_block_is_covered_by_its_archive_alone(self):
        self.rule()
        archive = self.archive()
        covers = self.env["lot.audit.archive"].with_user(self.reader)._covers
        self.assertEqual(covers(archive.first_block), archive)
        self.assertFalse(covers(archive.last_block + 1))

    # -- what is in doubt ----------------------------------------------------------------------

    def test_nothing_is_removed_when_the_file_does_not_verify(self):
        self.rule()
        self.behind(
            "UPDATE lot_audit_event SET body = replace(body, 'OLD-1', 'OLD-9') WHERE id IN "
            "(SELECT id FROM lot_audit_event WHERE lot_id = %s AND kind = 'moved')",
            self.old.id,
        )
        with mute_logger(LOGGER):
            self.assertFalse(self.archive())
            self.assertFalse(self.env["lot.audit.archiver"]._archive(self.first, self.first))
        self.assertTrue(self.left(self.old))

    def test_nothing_is_archived_while_records_differ_from_the_log(self):
        self.rule()
        self.behind("UPDATE stock_lot SET ref = 'FORGED' WHERE id = %s", self.old.id)
        with mute_logger(LOGGER):
            self.assertFalse(self.archive())
        self.assertTrue(self.left(self.old))

    def test_events_are_not_deleted_any_other_way(self):
        self.rule()
        with patch.object(LotAuditArchiver, "_remove"):
            self.archive()
        refused = self.assertRaisesRegex(InsufficientPrivilege, "evidence")
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM lot_audit_event")

    # -- who may -------------------------------------------------------------------------------

    def test_rules_are_for_administrators_and_told(self):
        rule = self.rule(years=10)
        with self.assertRaises(AccessError):
            rule.with_user(self.quality).years = 1
        rule.years = 12
        told = self.told("configured", res_model="lot.audit.retention")
        changes = [event["changes"] for event in told]
        self.assertEqual(changes, [{"years": [None, 10]}, {"years": [10, 12]}])

    def test_holds_are_for_quality_and_never_deleted(self):
        values = {"lot_id": self.old.id, "reason": "Case"}
        holds = self.env["lot.audit.hold"]
        for user in (self.reader, self.operator, self.auditor):
            with self.assertRaises(AccessError):
                holds.with_user(user).create(values)
        hold = holds.with_user(self.quality).create(values)
        with self.assertRaisesRegex(UserError, "release it"):
            hold.reason = "Other"
        with self.assertRaisesRegex(UserError, "release it"):
            hold.sudo().unlink()
        hold.action_release()
        name = self.old.name
        tell = AuditText(self.env).sentence
        held, let_go = (tell(event) for event in self.told("configured", lot_id=self.old.id)[-2:])
        self.assertIn(f"put lot {name}", held)
        self.assertIn("on legal hold", held)
        self.assertIn(f"released lot {name}", let_go)
        with self.assertRaisesRegex(UserError, "one lot or one product"):
            holds.with_user(self.quality).create({"reason": "Case"})

    def test_archives_are_written_by_nobody(self):
        self.rule()
        archive = self.archive()
        for user in (self.auditor, self.quality):
            with self.assertRaisesRegex(UserError, "evidence"):
                archive.with_user(user).write({"sha256": "0"})
            self.assertFalse(archive.with_user(user).has_access("create"))
        with self.assertRaisesRegex(UserError, "evidence"):
            archive.sudo().unlink()
