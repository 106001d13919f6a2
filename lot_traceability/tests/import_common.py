import base64
import csv
from io import BytesIO, StringIO

import openpyxl
from odoo.tests import new_test_user

from .common import LotTraceabilityCommon


class ImportCommon(LotTraceabilityCommon):
    """Files of an earlier system, imported by an administrator of traceability.

    - `batch(kind, rows)`: an import of a CSV file with these rows, the first of which are titles;
      `imported` checks and imports it, `problems` tells what the check found
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = new_test_user(
            cls.env,
            login="importer",
            groups="lot_traceability.group_administrator,stock.group_stock_manager",
        )
        cls.desk = cls.env(user=cls.importer)
        cls.milk = cls.product("Imported milk", default_code="IM-MILK")
        cls.cheese = cls.product("Imported cheese", default_code="IM-CHEESE")

    @classmethod
    def csv(cls, rows, delimiter=";"):
        text = StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        return text.getvalue().encode()

    @classmethod
    def xlsx(cls, rows):
        book, file = openpyxl.Workbook(), BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(file)
        return file.getvalue()

    @classmethod
    def batch(cls, kind, rows, user=None, **values):
        content = rows if isinstance(rows, bytes) else cls.csv(rows)
        return (
            cls.env["lot.import"]
            .with_user(user or cls.importer)
            .create(
                {
                    "kind": kind,
                    "name": "old.xlsx" if content[:2] == b"PK" else "old.csv",
                    "file": base64.b64encode(content),
                    **values,
                }
            )
        )

    @classmethod
    def imported(cls, kind, rows, **values):
        batch = cls.batch(kind, rows, **values)
        batch.action_check()
        assert not batch.blocking_count, batch.problem_ids.mapped("text")
        batch.action_import()
        assert batch.state == "done", batch.failure
        cls.env.cr.flush()
        return batch

    def problems(self, batch, severity="blocking"):
        """{(row, column): text} of what the check finds."""
        batch.action_check()
        return {
            (one.row, one.column): one.text for one in batch.problem_ids if one.severity == severity
        }

    @classmethod
    def lots(cls, *names, product=None):
        """Lots as an import makes them, one day after the other."""
        product = product or cls.milk
        cls.imported("lots", [["Product", "Lot"], *([product.default_code, n] for n in names)])
        found = cls.env["stock.lot"].search([("product_id", "=", product.id)])
        return [found.filtered(lambda lot, n=n: lot.name == n) for n in names]
