"""The events of a sortable spreadsheet, read straight from the database and in steps, so that
memory does not grow with their number."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from odoo.api import Environment
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.lot_fsma_event import DOCUMENTS
from ..models.lot_fsma_event_values import PLACES
from ..tools.spreadsheet import sheets
from ..tools.spreadsheet.sheets import SHEETS, Sheet, Told
from ..tools.spreadsheet.workbook import DATE, NUMBER, TEXT, Column

FETCH = 5_000
# As Excel counts days.
FIRST_DAY = "1899-12-30"
_CURSOR = SQL.identifier("lot_fsma_export")
_TABLES = {
    "event": "lot_fsma_event",
    "used": "used",
    "code": "code",
    "used_code": "used_code",
}
_OF_USED = ("from_place_id", "farm_place_id", "harvester_place_id", "cooling_place_id")


class FsmaRows:
    """The events that a domain picks and the user may read, in English, as the FDA reads them.

    :param domain: of `lot.fsma.event`
    """

    def __init__(self, env: Environment, domain: Domain) -> None:
        self.env = env(context={**env.context, "lang": "en_US"})
        self.domain = domain
        self.events = self.env["lot.fsma.event"]

    # -- figures ---------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many events there are of each kind."""
        found = dict(self.events._read_group(self.domain, ["kind"], ["__count"]))
        return {kind: found.get(kind, 0) for kind in SHEETS}

    # -- events ----------------------------------------------------------------------------------

    def columns(self, sheet: Sheet) -> list[Column]:
        """The columns of a sheet, as the workbook takes them."""
        lookups = {
            sheets.PLACE: self.place_texts,
            sheets.CONTACT: self.contact_texts,
            sheets.DOCUMENT: dict(DOCUMENTS),
            "category": self.category_names,
            "yes": {True: "Yes"},
        }
        kinds = {sheets.NUMBER: NUMBER, sheets.DATE: DATE}
        return [
            Column(told.title, told.width, kinds.get(told.kind, TEXT), lookups.get(told.kind))
            for told in sheet.columns
        ]

    def rows(self, kind: str) -> Iterator[tuple]:
        """The events of a kind by their day, a cell for each column of its sheet."""
        sheet = SHEETS[kind]
        # The search applies the rights of the user.
        query = self.events._search(self.domain & Domain("kind", "=", kind))
        cells = SQL(", ").join(self._cell(told) for told in sheet.columns)
        statement = SQL(
            "SELECT %s FROM %s %s WHERE %s ORDER BY lot_fsma_event.date, lot_fsma_event.id",
            cells,
            query.from_clause,
            self._joins(sheet),
            query.where_clause or SQL("TRUE"),
        )
        yield from self._stream(statement)

    def _stream(self, statement: SQL) -> Iterator[tuple]:
        """The rows of a statement, from a cursor on the server."""
        cr = self.env.cr
        # All rows are wanted, and not the first ones soon.
        cr.execute(SQL("SET LOCAL cursor_tuple_fraction = 1"))
        cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", _CURSOR, statement))
        try:
            while True:
                cr.execute(SQL("FETCH %s FROM %s", FETCH, _CURSOR))
                found = cr.fetchall()
                yield from found
                if len(found) < FETCH:
                    break
        finally:
            if not cr.closed:
                cr.execute(SQL("CLOSE %s", _CURSOR))

    def _joins(self, sheet: Sheet) -> SQL:
        """What the columns of a sheet are read from, besides the event."""
        joins = [
            SQL("LEFT JOIN lot_fsma_code AS code ON code.id = lot_fsma_event.code_id"),
        ]
        if sheet.with_used:
            joins += [
                SQL("LEFT JOIN lot_fsma_event_input AS used ON used.event_id = lot_fsma_event.id"),
                SQL("LEFT JOIN lot_fsma_code AS used_code ON used_code.id = used.code_id"),
            ]
        return SQL(" ").join(joins)

    def _cell(self, told: Told) -> SQL:
        """What a column shows."""
        if told.of == "details":
            return SQL("lot_fsma_event.details ->> %s", told.name)
        if told.name == "missing":
            return SQL("replace(trim(BOTH ',' FROM lot_fsma_event.missing), ',', ', ')")
        if told.of == "origin":
            cell = SQL(
                "COALESCE(%s, %s)",
                SQL.identifier("used", told.name),
                SQL.identifier("lot_fsma_event", told.name),
            )
        else:
            cell = SQL.identifier(_TABLES[told.of], told.name)
        if told.kind == sheets.DATE:
            return SQL("%s - DATE %s", cell, FIRST_DAY)
        return cell

    # -- what stands for the keys ----------------------------------------------------------------

    @cached_property
    def _known_places(self) -> dict[int, dict[str, Any]]:
        """Each location description that these events name, by its id, with the "text" that
        stands for it in their rows."""
        ids = self._distinct([*dict.fromkeys(PLACES.values()), "source_place_id"], _OF_USED)
        found = self.env["lot.fsma.place"]._snapshots(sorted(ids))
        # sudo: a place is read with the event that names it
        named = self.env["lot.fsma.place"].sudo().browse(sorted(ids))
        known, taken = {}, {}
        for place in named:
            text = place.display_text or ""
            # The same address with another phone number is another description.
            taken[text] = taken.get(text, 0) + 1
            if taken[text] > 1:
                text = f"{text} ({taken[text]})"
            known[place.id] = {**found[place.id], "text": text}
        return known

    @cached_property
    def place_texts(self) -> dict[int, str]:
        """The text that stands for each place."""
        return {one: place["text"] for one, place in self._known_places.items()}

    @cached_property
    def contact_texts(self) -> dict[int, str]:
        """Business name and phone of each place."""
        return {
            one: ", ".join(filter(None, (place.get("name"), place.get("phone"))))
            for one, place in self._known_places.items()
        }

    @cached_property
    def category_names(self) -> dict[int, str]:
        """The categories of the list by their ids."""
        every = self.env["lot.fsma.category"].with_context(active_test=False).search([])
        return {category.id: category.name for category in every}

    def locations(self) -> list[Mapping[str, Any]]:
        """The location descriptions of these events, by their text."""
        return sorted(self._known_places.values(), key=lambda place: place["text"])

    def products(self):
        """The products of these events and of the lots used in them."""
        ids = self._distinct(["product_id"], ("product_id",))
        # sudo: what a product is called is read with the event that names it
        return self.env["product.product"].sudo().browse(sorted(ids))

    def units(self) -> dict[str, str]:
        """What each unit stands for in which these events tell quantities, by its name."""
        columns = ("uom", "received_uom")
        names = sorted(self._distinct(columns, columns))
        # sudo: units are everybody's
        known = self.env["uom.uom"].sudo().with_context(active_test=False)
        found = {unit.name: unit for unit in known.search([("name", "in", names)])}
        return {name: self._meaning(found.get(name)) for name in names}

    def _meaning(self, unit) -> str:
        if unit and unit.relative_uom_id:
            return f"Unit of measure: {unit.relative_factor:.10g} {unit.relative_uom_id.name}"
        return "Unit of measure"

    def lots(self, limit: int) -> list[int]:
        """The lots of these events, and no more of them than a limit and one."""
        domain = self.domain & Domain("lot_id", "!=", False)
        query = self.events._search(domain)
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT lot_fsma_event.lot_id FROM %s WHERE %s LIMIT %s",
                    query.from_clause,
                    query.where_clause or SQL("TRUE"),
                    limit + 1,
                )
            )
        ]

    def _distinct(self, of_events, of_used) -> set[int]:
        """The ids that these columns have in the events, and in the lots used."""
        query = self.events._search(self.domain)
        where = query.where_clause or SQL("TRUE")
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT unnest(ARRAY[%s]) FROM %s WHERE %s",
                self._names("lot_fsma_event", of_events),
                query.from_clause,
                where,
            )
        ) + self.env.execute_query(
            SQL(
                "SELECT DISTINCT unnest(ARRAY[%s]) FROM %s JOIN lot_fsma_event_input AS used "
                "ON used.event_id = lot_fsma_event.id WHERE %s",
                self._names("used", of_used),
                query.from_clause,
                where,
            )
        )
        return {row[0] for row in found if row[0]}

    def _names(self, table: str, columns) -> SQL:
        return SQL(", ").join(SQL.identifier(table, column) for column in columns)
