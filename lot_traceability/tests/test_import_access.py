import base64
from io import BytesIO

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install", "moving_in")
class TestImportAccess(ImportCommon):
    """Only an administrator of traceability imports, and only in the own company."""

    ROWS = (("Product", "Lot"), ("IM-MILK", "A"))

    def test_administrator_of_traceability_imports_lots(self):
        plain = new_test_user(
            self.env, login="plain_admin", groups="lot_traceability.group_administrator"
        )
        batch = self.batch("lots", list(self.ROWS), user=plain)
        batch.action_check()
        batch.action_import()
        self.assertEqual(batch.state, "done")

    def test_stock_needs_the_administrator_of_the_inventory_as_well(self):
        self.lots("A")
        plain = new_test_user(
            self.env, login="plain_admin", groups="lot_traceability.group_administrator"
        )
        batch = self.batch(
            "stock", [["Lot", "Location", "Qty"], ["A", self.stock.complete_name, 1]], user=plain
        )
        with self.assertRaisesRegex(UserError, "administrator of the inventory"):
            batch.action_check()

    def test_quality_and_operators_do_not_import(self):
        for user in (self.quality, self.operator, self.reader, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.batch("lots", list(self.ROWS), user=user)

    def test_auditor_reads_imports_and_changes_none(self):
        auditor = new_test_user(
            self.env, login="import_auditor", groups="lot_traceability.group_auditor"
        )
        batch = self.imported("lots", list(self.ROWS))
        seen = batch.with_user(auditor)
        self.assertEqual(seen.applied_count, 1)
        for attempt in (
            seen.action_check,
            seen.action_import,
            seen.action_go_on,
            seen.action_undo,
            lambda: seen.write({"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(batch.state, "done")

    def test_reader_sees_history_and_not_the_file(self):
        self.imported("lots", list(self.ROWS))
        self.imported(
            "receipts", [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "A", "1"]]
        )
        history = self.env["lot.history.movement"].with_user(self.reader).search([])
        self.assertEqual(len(history), 1)
        with self.assertRaises(AccessError):
            self.env["lot.import"].with_user(self.reader).search([])
        history.get_views([(False, "form"), (False, "list")])

    def test_import_of_another_company_is_neither_seen_nor_run(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        batch = self.batch("lots", list(self.ROWS))
        self.importer.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            batch.with_context(allowed_company_ids=other.ids).action_check()


@tagged("post_install", "-at_install", "moving_in")
class TestImportTemplates(HttpCase):
    """Templates are downloaded by those who import."""

    def test_each_template_reads_back_without_a_choice_to_make(self):
        new_test_user(
            self.env,
            login="template_admin",
            password="template_admin",
            groups="lot_traceability.group_administrator",
        )
        self.env["product.product"].create(
            {
                "name": "With a property",
                "tracking": "lot",
                "lot_properties_definition": [
                    {
                        "name": "class",
                        "string": "Template class",
                        "type": "selection",
                        "selection": [["a", "Class A"]],
                    }
                ],
            }
        )
        self.authenticate("template_admin", "template_admin")
        for kind in ("lots", "stock", "quality", "receipts", "links", "shipments"):
            for extension in ("xlsx", "csv"):
                with self.subTest(kind=kind, extension=extension):
                    answer = self.url_open(f"/lot_traceability/import/template/{kind}/{extension}")
                    self.assertEqual(answer.status_code, 200)
                    batch = (
                        self.env["lot.import"]
                        .create(
                            {
                                "kind": kind,
                                "name": f"{kind}.{extension}",
                                "file": base64.b64encode(answer.content),
                            }
                        )
                    )  # fmt: skip
                    self.assertFalse(batch.missing)
                    targets = self.env["lot.import.target"].search([("kind", "=", kind)])
                    self.assertEqual(batch.column_ids.target_id, targets)
                    if kind == "lots":
                        told = batch.column_ids.filtered(
                            lambda one: one.target_id.code == "property"
                        )
                        self.assertEqual(told.mapped("header"), ["Template class"])
                        self.assertEqual(told.sample, "Class A")
                    if extension == "xlsx":
                        book = openpyxl.load_workbook(BytesIO(answer.content))
                        notes = list(book.worksheets[1].values)
                        self.assertEqual(len(notes), len(targets) + 1)

    def test_template_is_refused_without_the_role_and_for_an_unknown_kind(self):
        new_test_user(
            self.env, login="no_admin", password="no_admin_pw", groups="stock.group_stock_user"
        )
        self.authenticate("no_admin", "no_admin_pw")
        self.assertEqual(
            self.url_open("/lot_traceability/import/template/lots/xlsx").status_code, 403
        )
        self.assertEqual(
            self.url_open("/lot_traceability/import/template/people/xlsx").status_code, 404
        )
