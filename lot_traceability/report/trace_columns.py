"""The tables of a trace as its exports show them: the same columns in each kind of file, in
the user's language. What a file format does with them is for `trace_xlsx` and `trace_pdf`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from odoo.api import Environment

from ..tools.trace_tables import each_row

TEXT, QUANTITY, COUNT, MOMENT = "text", "quantity", "count", "moment"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `read` gives the cell's value for a row: `str` for TEXT, `float` or `None` for QUANTITY,
    `int` or `None` for COUNT, ISO 8601 or `False` for MOMENT. `width` is in characters;
    `printed` is whether it is worth the space on paper; `key` names what may have a total.
    """

    title: str
    read: Callable[[dict], Any]
    kind: str = TEXT
    width: int = 16
    printed: bool = True
    key: str = ""


@dataclass(frozen=True)
class Table:
    """One table: `rows` reads it anew each time; `empty` is the sentence for a table without
    rows; `note` says on paper what the reader has to know of all its rows."""

    name: str
    title: str
    empty: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[dict]]
    note: str = ""


class TraceTables:
    """The tables of one trace, in the language of the environment's user."""

    def __init__(self, env: Environment, trace: dict) -> None:
        self.env = env
        self.trace = trace
        self._lots = {row["id"]: row for row in trace["lots"]}
        self._model_names: dict[str, str] = {}
        self._zone = env.tz
        #: A time of the trace (ISO 8601 with offset, or `False`) in the user's zone, or `None`.
        self.local_time = lru_cache(maxsize=16_384)(self._local_time)

    # -- what the files share ----------------------------------------------------------------

    def tables(self) -> list[Table]:
        """All tables, in the order of the file."""
        return [
            self._lots_table(),
            self._links_table(),
            self._receipts_table(),
            self._deliveries_table(),
            self._partners_table("customers"),
            self._partners_table("suppliers"),
            self._stock_table(),
            self._scrapped_table(),
            self._timeline_table(),
            *self.more_tables(),
            self._warnings_table(),
        ]

    def more_tables(self) -> list[Table]:
        """The tables of what other modules have added to the trace."""
        return self.env["lot.trace"]._more_tables(self)

    def lot_names(self, lot_ids: Iterable[int], limit: int = 0) -> str:
        """The lots by name, in order; of more than `limit` (0: none) the number of the rest."""
        names = sorted(self._lots[lot]["name"] for lot in lot_ids if lot in self._lots)
        if limit and len(names) > limit:
            rest = self.env._("and %s more", len(names) - limit)
            return f"{', '.join(names[:limit])} {rest}"
        return ", ".join(names)

    def _local_time(self, value: str | bool) -> datetime | None:
        if not value:
            return None
        when = datetime.fromisoformat(value)
        try:
            return when.astimezone(self._zone)
        except OverflowError:  # the last day of the calendar stands for "never expires"
            return when

    # -- labels ------------------------------------------------------------------------------

    def _certainty(self, row: dict) -> str:
        labels = []
        if row.get("certainty") == "inferred":
            labels.append(self.env._("Inferred"))
        if row.get("before"):
            labels.append(self.env._("Left before: not affected"))
        return ", ".join(labels) or self.env._("Recorded")

    def _document(self, row: dict) -> str:
        """The document's name; where it has none for this user, what it is and its id."""
        document = row.get("document")
        if not document:
            return ""
        return document["name"] or f"{self._model_name(document['model'])} {document['id']}"

    def _model_name(self, model: str) -> str:
        if model not in self._model_names:
            # sudo: the name of a kind of document is no secret
            found = self.env["ir.model"].sudo()._get(model)
            self._model_names[model] = found.name or model
        return self._model_names[model]

    def _kinds(self) -> dict[str, str]:
        _ = self.env._
        kinds = dict(
            self.env["lot.genealogy.edge"]._fields["kind"]._description_selection(self.env)
        )
        return kinds | {
            "receipt": _("Receipt"),
            "delivery": _("Delivery"),
            "scrap": _("Scrap"),
        }

    # -- columns that several tables have ----------------------------------------------------

    def _moment(self, title: str, key: str = "date", printed: bool = True) -> Column:
        return Column(title, lambda row: row[key], MOMENT, 17, printed)

    def _quantity(self, title: str, key: str = "quantity", printed: bool = True) -> Column:
        return Column(title, lambda row: row[key], QUANTITY, 13, printed, key)

    def _lot_columns(self) -> tuple[Column, ...]:
        _ = self.env._
        return (
            Column(_("Lot"), lambda row: row["lot"], width=22),
            Column(_("Product"), lambda row: row["product"], width=34),
        )

    def _unit(self) -> Column:
        return Column(self.env._("Unit"), lambda row: row["uom"], width=8)

    def _document_column(self) -> Column:
        return Column(self.env._("Document"), self._document, width=20)

    def _sure(self) -> Column:
        return Column(self.env._("Certainty"), self._certainty, width=15)

    def _company(self) -> tuple[Column, ...]:
        """The company, where the user sees several."""
        names = {company.id: company.name for company in self.env.companies}
        if len(names) < 2:
            return ()
        return (Column(self.env._("Company"), lambda row: names.get(row["company_id"], "")),)

    # -- tables ------------------------------------------------------------------------------

    def _table(self, name: str, title: str, empty: str, *columns: Column) -> Table:
        return Table(name, title, empty, columns, lambda: each_row(self.trace, name))

    def _lots_table(self) -> Table:
        _ = self.env._
        sides = {
            "origin": _("Traced lot"),
            "upstream": _("Upstream"),
            "downstream": _("Downstream"),
            "both": _("Upstream and downstream"),
        }
        return self._table(
            "lots",
            _("Lots"),
            _("No lots."),
            Column(_("Side"), lambda row: sides[row["side"]], width=14),
            Column(_("Generation"), lambda row: row["level"], COUNT, 11),
            Column(_("Lot"), lambda row: row["name"], width=22),
            Column(_("Product"), lambda row: row["product"], width=34),
            Column(_("Supplier's lot"), lambda row: row["supplier_lot"] or "", width=18),
            self._quantity(_("On hand"), "on_hand"),
            self._unit(),
            Column(_("Status"), lambda row: row["status"], width=12),
            self._moment(_("Expires"), "expiration_date"),
            self._moment(_("Remove by"), "removal_date", printed=False),
            self._moment(_("Reached on"), "reached", printed=False),
            self._sure(),
            *self._company(),
        )

    def _links_table(self) -> Table:
        _ = self.env._
        kinds = self._kinds()
        return self._table(
            "edges",
            _("Links"),
            _("These lots were made of nothing tracked, and nothing was made of them."),
            Column(_("Lot that went in"), lambda row: row["parent"]["lot"], width=22),
            Column(_("Product that went in"), lambda row: row["parent"]["product"], width=30),
            self._quantity(_("Quantity in"), "parent_quantity"),
            Column(_("Unit in"), lambda row: row["parent"]["uom"], width=8),
            Column(_("Lot that came out"), lambda row: row["child"]["lot"], width=22),
            Column(_("Product that came out"), lambda row: row["child"]["product"], width=30),
            self._quantity(_("Quantity out"), "child_quantity"),
            Column(_("Unit out"), lambda row: row["child"]["uom"], width=8),
            Column(_("Kind"), lambda row: kinds.get(row["kind"], row["kind"]), width=20),
            self._moment(_("Date")),
            self._document_column(),
            self._sure(),
        )

    def _receipts_table(self) -> Table:
        _ = self.env._
        return self._table(
            "receipts",
            _("Receipts"),
            _("No receipt is recorded for these lots or what went into them."),
            self._moment(_("Date")),
            Column(_("Supplier"), lambda row: row["partner"] or "", width=30),
            *self._lot_columns(),
            Column(_("Supplier's lot"), self._supplier_lot, width=18),
            self._quantity(_("Received")),
            self._unit(),
            self._document_column(),
        )

    def _supplier_lot(self, row: dict) -> str:
        return self._lots.get(row["lot_id"], {}).get("supplier_lot") or ""

    def _deliveries_table(self) -> Table:
        _ = self.env._
        return self._table(
            "deliveries",
            _("Deliveries"),
            _("Nothing of these lots or of what was made of them was delivered."),
            self._moment(_("Date")),
            Column(_("Customer"), lambda row: row["partner"] or "", width=30),
            *self._lot_columns(),
            self._quantity(_("Delivered")),
            self._quantity(_("Returned"), "returned"),
            self._quantity(_("Net"), "net"),
            self._unit(),
            self._document_column(),
            self._sure(),
        )

    def _partners_table(self, name: str) -> Table:
        """One row for each partner and unit; what left before the suspect goods entered does
        not count."""
        _ = self.env._
        customers = name == "customers"
        unnamed = _("No customer recorded") if customers else _("No supplier recorded")
        amounts = [self._quantity(_("Delivered") if customers else _("Received"))]
        if customers:
            amounts += [self._quantity(_("Returned"), "returned"), self._quantity(_("Net"), "net")]
        columns = (
            Column(
                _("Customer") if customers else _("Supplier"),
                lambda row: row["name"] or unnamed,
                width=34,
            ),
            Column(_("Lots"), lambda row: row["lots"], COUNT, 8),
            Column(
                _("Deliveries") if customers else _("Receipts"),
                lambda row: row["deliveries"],
                COUNT,
                11,
            ),
            *amounts,
            self._unit(),
            self._moment(_("Last delivery") if customers else _("Last receipt"), "last_date"),
            Column(_("Phone"), lambda row: row["phone"], width=18, printed=False),
            Column(_("Email"), lambda row: row["email"], width=28, printed=False),
            Column(_("Address"), lambda row: row["address"], width=40, printed=False),
        )
        title = _("Customers") if customers else _("Suppliers")
        empty = (
            _("No customer received these lots or what was made of them.")
            if customers
            else _("No supplier is recorded for these lots or what went into them.")
        )
        return Table(name, title, empty, columns, lambda: self._partner_rows(name))

    def _partner_rows(self, name: str) -> Iterator[dict]:
        partners = list(each_row(self.trace, name))
        found = self.env["res.partner"].browse(row["id"] for row in partners if row["id"])
        contacts = {partner.id: partner for partner in found._filtered_access("read")}
        for row in partners:
            contact = contacts.get(row["id"])
            reached = {
                "phone": (contact and contact.phone) or "",
                "email": (contact and contact.email) or "",
                "address": (contact and contact.contact_address_inline) or "",
            }
            for amount in row["quantities"]:
                yield row | reached | amount

    def _stock_table(self) -> Table:
        _ = self.env._
        value = ()
        if any(row["value"] for row in self.trace["on_hand"]):
            currencies = {c.id: c.currency_id.name for c in self.env.companies}
            value = (
                Column(_("Value"), lambda row: row["value"], QUANTITY, 13, printed=False),
                Column(
                    _("Currency"),
                    lambda row: currencies.get(row["company_id"], ""),
                    width=9,
                    printed=False,
                ),
            )
        return self._table(
            "on_hand",
            _("Stock on hand"),
            _("Nothing of these lots is in stock."),
            *self._lot_columns(),
            Column(_("Location"), lambda row: row["location"], width=30),
            Column(_("Package"), lambda row: row.get("package") or "", width=16),
            self._quantity(_("Quantity")),
            self._quantity(_("Reserved"), "reserved"),
            self._unit(),
            *value,
            *self._company(),
        )

    def _scrapped_table(self) -> Table:
        _ = self.env._
        return self._table(
            "scrapped",
            _("Scrapped"),
            _("Nothing of these lots was scrapped."),
            self._moment(_("Date")),
            *self._lot_columns(),
            self._quantity(_("Quantity")),
            self._unit(),
            self._document_column(),
        )

    def _timeline_table(self) -> Table:
        _ = self.env._
        kinds = self._kinds()
        return self._table(
            "timeline",
            _("Timeline"),
            _("Nothing is recorded yet."),
            self._moment(_("Date")),
            Column(_("Event"), lambda row: kinds.get(row["kind"], row["kind"]), width=18),
            *self._lot_columns(),
            self._quantity(_("Quantity")),
            self._unit(),
            Column(_("With whom"), lambda row: row["partner"] or "", width=30),
            self._document_column(),
            self._sure(),
        )

    def _warnings_table(self) -> Table:
        _ = self.env._
        yes, no = _("Yes"), _("No")
        return Table(
            "warnings",
            _("Warnings"),
            _("Nothing is in doubt."),
            (
                Column(_("Warning"), lambda row: row["message"], width=100),
                Column(
                    _("Makes the trace incomplete"),
                    lambda row: yes if row["incomplete"] else no,
                    width=26,
                ),
                Column(_("Number of lots"), lambda row: len(row["lot_ids"]), COUNT, 14),
                Column(_("Lots"), lambda row: self.lot_names(row["lot_ids"]), width=60),
            ),
            lambda: self.trace["warnings"],
        )
