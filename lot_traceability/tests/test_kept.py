import csv
import io
import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from zipfile import ZipFile

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from .common import LotTraceabilityCommon

MODULE = "lot_traceability"
QUIET = (
    "odoo.addons.lot_traceability.models.lot_audit_log",
    "odoo.addons.lot_traceability.models.lot_kept_back",
)


@tagged("post_install", "-at_install")
class TestKept(LotTraceabilityCommon):
    """What is written out when the module goes is taken back when it comes again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk", lot_days_opened=5)
        cls.held = cls.received(cls.milk, "HELD", 10)
        cls.held.write({"supplier_lot": "S-77", "production_date": "2026-03-01"})
        cls.allergen = cls.env["lot.allergen"].create({"name": "Lupin", "code": "X1"})
        cls.held.allergen_ids = cls.allergen
        cls.held.set_status("hold", "Glass found")
        cls.judged = cls.received(cls.milk, "JUDGED", 10)
        cls.env["lot.status"].create({"name": "Dispute", "code": "dispute", "usable": False})
        cls.judged.set_status("dispute", "The supplier says otherwise")
        cls.whole = cls.received(cls.milk, "WHOLE", 10)
        cls.part = cls.operate("split", cls.whole, parts=[("PART", 4)])

    @contextmanager
    def folder(self):
        with (
            tempfile.TemporaryDirectory() as folder,
            patch.dict(config.options, {"lot_audit_folder": folder}),
            mute_logger(*QUIET),
        ):
            yield Path(folder)

    def forget(self):
        """As if the module were new in this database."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE stock_move SET lot_operation_id = NULL;
               DELETE FROM lot_operation;
               DELETE FROM lot_allergen_stock_lot_rel;
               UPDATE stock_lot SET status_id = NULL, status_reason = NULL, supplier_lot = NULL,
                      production_date = NULL, lot_import_id = NULL;
               UPDATE product_template SET lot_days_opened = NULL;
               DELETE FROM lot_status WHERE code = 'dispute';
               DELETE FROM lot_allergen WHERE code = 'X1'"""
        )
        self.env.ref("lot_traceability.sequence_lot_operation").number_next_actual = 1
        self.env.invalidate_all()

    def table(self, archive, name):
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))

    def test_all_tables_files_and_messages_are_in_the_archive(self):
        operation = self.env["lot.operation"].search([("product_id", "=", self.milk.id)])
        operation.message_post(body="Two pallets")
        self.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"glass",
                "res_model": operation._name,
                "res_id": operation.id,
            }
        )
        with self.folder():
            path = self.env["lot.kept"]._write_out(MODULE)
            self.assertEqual(path.stat().st_mode & 0o077, 0)
            with ZipFile(path) as archive:
                names = set(archive.namelist())
                lots = self.table(archive, "columns/stock_lot.csv")
                statuses = self.table(archive, "tables/lot_status.csv")
                messages = self.table(archive, "messages.csv")
                about = json.loads(archive.read("about.json"))
                [photo] = [name for name in names if name.endswith("photo.txt")]
                self.assertEqual(archive.read(photo), b"glass")
        self.assertEqual(about["module"], MODULE)
        [held] = [row for row in lots if row["id"] == str(self.held.id)]
        self.assertEqual(held["supplier_lot"], "S-77")
        self.assertIn("dispute", [row["code"] for row in statuses])
        self.assertTrue([row for row in messages if "Two pallets" in row["body"]])
        # They have a file of their own, or are derived.
        self.assertFalse({"tables/lot_audit_event.csv", "tables/lot_genealogy_edge.csv"} & names)

    def test_statuses_facts_and_settings_are_taken_back(self):
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.forget()
            self.assertTrue(self.env["lot.kept"]._take_back(MODULE))
        self.assertEqual(self.held.status_id.code, "hold")
        self.assertEqual(self.held.status_reason, "Glass found")
        self.assertEqual(self.held.supplier_lot, "S-77")
        self.assertEqual(str(self.held.production_date), "2026-03-01")
        self.assertEqual(self.held.allergen_ids.mapped("code"), ["X1"])
        self.assertEqual(self.judged.status_id.code, "dispute")
        self.assertFalse(self.judged.status_id.usable)
        self.assertEqual(self.milk.lot_days_opened, 5)
        self.assertFalse(self.part.status_id.code == "hold")

    def test_what_follows_from_the_record_is_as_it_is_now(self):
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.forget()
            self.held.name = "RENAMED"
            self.env["lot.kept"]._take_back(MODULE)
        self.env.flush_all()
        self.assertIn("RENAMED", self.held.name_key)

    def test_lots_that_a_second_module_takes_back_are_told_in_the_log(self):
        """The log has begun by then."""
        before = self.held._audited_rows(self.held.ids)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_lot SET status_reason = 'Other' WHERE id = %s", [self.held.id]
        )
        self.env["lot.kept"]._tell_lots(self.held, before)
        self.env.cr.flush()
        [event] = self.env["lot.audit.event"].search(
            [("lot_id", "=", self.held.id), ("kind", "=", "changed")], limit=1
        )
        self.assertIn("Other", event.body)

    def test_what_is_held_stays_held(self):
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.forget()
            self.env["lot.kept"]._take_back(MODULE)
        self.env["stock.lot"]._release_unjudged()
        with self.assertRaisesRegex(UserError, "HELD"):
            self.deliver({self.held: 1})

    def test_links_of_lot_operations_are_as_before(self):
        def edges():
            self.env["lot.genealogy.rebuild"]._rebuild_at_install()
            self.env.cr.execute(
                "SELECT kind, parent_lot_id, child_lot_id, parent_quantity, child_quantity, date "
                "FROM lot_genealogy_edge WHERE parent_lot_id = %s",
                [self.whole.id],
            )
            return self.env.cr.fetchall()

        before = edges()
        self.assertEqual(len(before), 1)
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.forget()
            self.assertFalse(edges())
            self.env["lot.kept"]._take_back(MODULE)
        self.assertEqual(edges(), before)

    def test_no_number_is_given_twice(self):
        names = set(self.env["lot.operation"].search([]).mapped("name"))
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.forget()
            self.env["lot.kept"]._take_back(MODULE)
        self.assertNotIn(self.env["ir.sequence"].next_by_code("lot.operation"), names)

    def test_another_record_with_the_same_id_takes_nothing(self):
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.forget()
            self.env.cr.execute(
                "UPDATE stock_lot SET create_date = create_date + interval '1 s' WHERE id = %s",
                [self.held.id],
            )
            self.env["lot.kept"]._take_back(MODULE)
        self.assertFalse(self.held.status_id)
        self.assertEqual(self.judged.status_id.code, "dispute")

    def test_an_archive_of_another_database_is_left_alone(self):
        with self.folder():
            self.env["lot.kept"]._write_out(MODULE)
            self.env["ir.config_parameter"].set_param("database.uuid", "another")
            self.forget()
            self.assertFalse(self.env["lot.kept"]._take_back(MODULE))
        self.assertFalse(self.held.status_id)

    def test_a_broken_archive_does_not_stop_the_installation(self):
        with self.folder():
            path = self.env["lot.kept"]._write_out(MODULE)
            with ZipFile(path, "a") as archive:
                about = archive.read("about.json")
            with ZipFile(path, "w") as archive:
                archive.writestr("about.json", about)
                row = f"{self.held.id},{self.held.create_date},yesterday noon"
                archive.writestr("columns/stock_lot.csv", f"id,create_date,status_date\n{row}\n")
            self.forget()
            with mute_logger("odoo.sql_db"):
                self.assertFalse(self.env["lot.kept"]._take_back(MODULE))
        # What was done before is not undone.
        self.assertFalse(self.held.status_id)

    def test_records_that_cannot_be_written_stop_the_uninstallation(self):
        with (
            tempfile.NamedTemporaryFile() as file,
            patch.dict(config.options, {"lot_audit_folder": file.name}),
            self.assertRaisesRegex(UserError, "uninstall again"),
        ):
            self.env["lot.kept"]._write_out(MODULE)

    def test_receipts_of_an_earlier_log_are_put_aside(self):
        blocks, file = self.env["lot.audit.block"], self.env["lot.audit.receipt.file"]
        name = blocks._log_id()
        with self.folder():
            file._path().parent.mkdir(parents=True)
            file._begin_log()
            self.assertEqual(blocks._log_id(), name)
            file._path().write_text("{}\n")
            file._begin_log()
            self.assertFalse(file._path().exists())
            self.assertEqual(len(list(file._folder().glob("receipts-until-*.jsonl"))), 1)
            self.assertNotEqual(blocks._log_id(), name)

    def test_lots_from_before_are_released_without_an_alarm(self):
        self.forget()
        self.env["stock.lot"]._release_unjudged()
        self.assertEqual(self.held.status_id.code, "released")
        query = "SELECT COUNT(*) FROM lot_audit_event WHERE kind = 'bypassed' AND lot_id = %s "
        self.env.cr.execute(query + "AND body LIKE '%%[null, %%'", [self.held.id])
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        # And what comes afterwards past Odoo is noticed.
        self.env.cr.execute(query, [self.held.id])
        before = self.env.cr.fetchone()[0]
        self.env.cr.execute("UPDATE stock_lot SET name = 'X' WHERE id = %s", [self.held.id])
        self.env.cr.execute(query, [self.held.id])
        self.assertEqual(self.env.cr.fetchone()[0], before + 1)
