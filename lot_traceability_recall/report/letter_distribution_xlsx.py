"""The distribution list of a recall as a workbook that can be sorted: one row for each lot of each
consignee, with whom to call; the FDA asks for it with the submission of a recall."""

from collections.abc import Iterator
from typing import IO, Any

import xlsxwriter
from odoo.tools import SQL

MAX_TEXT = 32_767
CHUNK = 5_000


def write_distribution(recall, target: IO[bytes]) -> int:
    """Write the list of a recall.

    :param recall: record of `lot.recall`; the user may read it
    :param target: a file open for writing bytes
    :return: the number of rows
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    book.set_properties({"title": f"{recall.name}", "author": recall.env.user.name})
    count = _Sheet(book, recall).write_out()
    book.close()
    return count


class _Sheet:
    """The one sheet of the list."""

    def __init__(self, book: xlsxwriter.Workbook, recall) -> None:
        self.recall = recall
        self.env = recall.env
        self.sheet = book.add_worksheet(self.env._("Distribution list")[:31])
        self.header = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E7E9ED"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self.number = book.add_format({"num_format": "0.######"})

    def _columns(self) -> list[tuple[str, int]]:
        _ = self.env._
        return [
            (_("Ship to"), 32),
            (_("Kind of consignee"), 16),
            (_("Street"), 28),
            (_("City"), 18),
            (_("State"), 16),
            (_("Zip"), 10),
            (_("Country"), 16),
            (_("Contact"), 22),
            (_("Phone"), 18),
            (_("Mail"), 28),
            (_("Bill to"), 28),
            (_("Product"), 32),
            (_("Product number"), 16),
            (_("GTIN"), 16),
            (_("Lot"), 20),
            (_("Expires"), 12),
            (_("First shipped"), 13),
            (_("Last shipped"), 13),
            (_("Documents"), 28),
            (_("Shipped"), 12),
            (_("Came back"), 12),
            (_("With the consignee"), 12),
            (_("Unit"), 10),
            (_("Certainty"), 12),
            (_("State of the consignee"), 16),
            (_("Told on"), 12),
        ]

    def write_out(self) -> int:
        columns = self._columns()
        for place, (title, width) in enumerate(columns):
            self.sheet.set_column(place, place, width)
            self.sheet.write_string(0, place, title, self.header)
        self.sheet.freeze_panes(1, 1)
        count = 0
        for count, row in enumerate(self._rows(), 1):
            for place, value in enumerate(row):
                self._cell(count, place, value)
        self.sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        return count

    def _cell(self, row: int, place: int, value: Any) -> None:
        if value is None or value is False or value == "":
            return
        if hasattr(value, "year"):
            local = value.astimezone(self.env.tz) if value.tzinfo else value
            self.sheet.write_datetime(row, place, local.replace(tzinfo=None), self.day)
        elif isinstance(value, str):
            # A text is text, even where it looks like a formula, a number or a link.
            self.sheet.write_string(row, place, value[:MAX_TEXT])
        else:
            self.sheet.write_number(row, place, float(value), self.number)

    def _rows(self) -> Iterator[list[Any]]:
        lines = self.env["lot.recall.consignee.lot"]
        lines.flush_model()
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT line.id FROM lot_recall_consignee_lot line
                      JOIN lot_recall_consignee consignee ON consignee.id = line.consignee_id
                      JOIN res_partner partner ON partner.id = consignee.partner_id
                     WHERE line.recall_id = %s AND line.active
                     ORDER BY partner.complete_name, line.product_id, line.lot_name, line.id
                    """,
                    self.recall.id,
                )
            )
        ]
        for start in range(0, len(ids), CHUNK):
            # sudo: the list is of all that the recall takes; the recall itself may be read
            for line in lines.sudo().browse(ids[start : start + CHUNK]):
                yield self._row(line)
            self.env.invalidate_all(flush=False)

    def _row(self, line) -> list[Any]:
        consignee = line.consignee_id
        partner, product = consignee.partner_id, line.product_id
        return [
            partner.display_name,
            self._label(consignee, "audience"),
            ", ".join(filter(None, (partner.street, partner.street2))),
            partner.city,
            partner.state_id.name,
            partner.zip,
            partner.country_id.name,
            consignee.contact_name,
            consignee.phone,
            consignee.email,
            consignee.bill_to_id.display_name,
            product.name,
            product.default_code,
            product.barcode,
            line.lot_name,
            line.expiration_date,
            line.first_date,
            line.last_date,
            line.documents,
            line.quantity,
            line.returned,
            line.net,
            line.uom_id.name,
            self._label(line, "certainty"),
            self._label(consignee, "state"),
            consignee.told_on,
        ]

    def _label(self, record, name: str) -> str:
        known = dict(record._fields[name]._description_selection(self.env))
        return known.get(record[name], "")
