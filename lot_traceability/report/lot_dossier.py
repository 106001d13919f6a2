"""The dossier of a lot, from raw materials to customers: what an inspector asks for first. Its
sections are the same on paper and in the workbook."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from odoo.fields import Domain
from odoo.tools import format_date

from .audit_rows import AuditRows
from .lot_dossier_files import DossierFiles
from .section import Cell, Section
from .trace_columns import COUNT, MOMENT, QUANTITY, Column, Table, TraceTables
from .trace_facts import TraceFacts


class LotDossier:
    """What is known of one lot, in the language and the time zone of its environment's user.

    The writers of files take any object with what is public here: other modules have documents of
    their own written by them. `files` may be None, `with_log` says whether the events follow, and
    `on_lot` that they are all of one lot.
    """

    with_log = True
    on_lot = True

    def __init__(self, lot) -> None:
        self.lot = lot
        self.env = lot.env
        # Not as a trace of its own: the log tells of the dossier.
        self.trace = self.env["lot.trace"]._run(lot.ids, "both")
        self.tables = TraceTables(self.env, self.trace)
        self.facts = TraceFacts(self.tables)
        self.events = AuditRows(self.env, Domain("lot_id", "=", lot.id), self.title())
        self.files = DossierFiles(lot, self.readings)

    def kind(self) -> str:
        """What kind of document it is."""
        return self.env._("Lot dossier")

    def log_title(self) -> str:
        """Stands over the events."""
        return self.env._("The log of this lot")

    def title(self) -> str:
        """Of which lot it is."""
        return self.env._(
            "Lot %(lot)s of %(product)s",
            lot=self.lot.name,
            product=self.lot.product_id.display_name,
        )

    @cached_property
    def readings(self):
        """Conditions and quality results of the lot, the struck out ones as well."""
        readings = self.env["lot.measurement"].with_context(active_test=False)
        return readings.search([("lot_id", "=", self.lot.id)], order="measured_on, id")

    def sections(self) -> Iterator[Section]:
        """All parts but the log itself, in the order of the file."""
        tables = {table.name: table for table in self.tables.tables()}
        yield self._identity()
        yield self._balance()
        yield self._conditions()
        yield self._readings("condition", self.env._("Conditions and control points"))
        yield self._readings("test", self.env._("Quality results"))
        yield self._attachments()
        yield self._actions()
        yield Section(
            self.env._("Genealogy"),
            pairs=[
                (self.env._("Completeness"), self.facts.completeness()),
                *((self.env._("Warning"), row["message"]) for row in self.trace["warnings"]),
            ],
        )
        for name in ("lots", "edges", "receipts", "suppliers", "customers", "deliveries"):
            yield self._traced(tables[name])
        for name in ("on_hand", "scrapped"):
            yield self._traced(tables[name])
        yield self._movements()
        yield self._told(
            self.env._("Status changes"), ("status",), self.env._("The status never changed.")
        )
        yield self._signatures()
        yield self._told(
            self.env._("Labels printed"),
            ("printed", "reprinted"),
            self.env._("No label of this lot was printed."),
        )
        yield Section(self.env._("The audit log and its receipt"), pairs=self.events.facts())

    # -- the lot -------------------------------------------------------------------------------

    def _identity(self) -> Section:
        _, lot = self.env._, self.lot
        product = lot.product_id
        names = (
            "name",
            "ref",
            "supplier_id",
            "supplier_lot",
            "origin_country_id",
            "origin_place",
            "production_date",
            "packing_date",
            "freezing_date",
            "harvest_date",
            "harvest_end_date",
            "use_date",
            "expiration_date",
            "removal_date",
            "opened_date",
            "thawed_date",
            "company_id",
            "create_date",
            "create_uid",
            "lot_import_note",
        )
        pairs = [(_("Product"), product.display_name), (_("Barcode"), product.barcode or "")]
        pairs += [(self._label(lot, name), self._value(lot, name)) for name in names]
        pairs += [
            (self._label(lot, "allergen_ids"), ", ".join(lot.allergen_ids.mapped("name"))),
            (self._label(lot, "status_id"), lot.status_id.name or ""),
            (self._label(lot, "status_reason"), lot.status_reason or ""),
            (self._label(lot, "status_user_id"), lot.status_user_id.name or ""),
            (self._label(lot, "status_date"), self._value(lot, "status_date")),
        ]
        return Section(_("Identity"), pairs=[pair for pair in pairs if pair[1]])

    def _balance(self) -> Section:
        _ = self.env._
        labels = {
            "received": _("Received"),
            "produced": _("Produced"),
            "returned": _("Returned by customers"),
            "adjusted": _("Adjusted by counts"),
            "consumed": _("Consumed"),
            "delivered": _("Delivered"),
            "scrapped": _("Scrapped"),
            "sent_back": _("Sent back to the supplier"),
            "transferred": _("Moved between companies"),
            "on_hand": _("On hand"),
            "difference": _("Not accounted for"),
        }
        found = self.env["lot.trace"].mass_balance(self.lot.ids)
        row = found[0] if found else {}
        return Section(
            _("Quantities"),
            pairs=[
                (label, f"{row[name]:g} {row['uom']}")
                for name, label in labels.items()
                if row and (row[name] or name in ("on_hand", "difference"))
            ],
        )

    def _conditions(self) -> Section:
        _, lot = self.env._, self.lot
        # sudo: names of who and what made the lot, for whoever may read the lot
        made = lot.sudo()
        order = made.made_order_id
        pairs = [
            (_("Order"), order.name or ""),
            (_("Work centres"), made.made_workcenters or ""),
            (_("Operators"), ", ".join(made.made_user_ids.mapped("name"))),
            (_("Bill of materials"), order.bom_id.display_name or ""),
            (_("Started"), self._moment(order.date_start)),
            (_("Finished"), self._moment(order.date_finished)),
        ]
        note = "" if order else _("No manufacturing order made this lot.")
        return Section(_("Manufacturing"), pairs=[p for p in pairs if order and p[1]], note=note)

    def _readings(self, purpose: str, title: str) -> Section:
        _ = self.env._
        readings = self.readings.filtered(lambda reading: reading.purpose == purpose)
        names = ("conformity", "verdict", "step")
        labels = {
            name: dict(readings._fields[name]._description_selection(self.env)) for name in names
        }

        def rows() -> Iterator[list[Cell]]:
            for reading in readings:
                struck = ""
                if not reading.active:
                    struck = _(
                        "Struck out by %(user)s: %(reason)s",
                        user=reading.struck_by.name,
                        reason=reading.struck_reason or "",
                    )
                imported = _("(imported)") if reading.lot_import_id else ""
                judged = ""
                if reading.judged_by:
                    judged = f"{reading.judged_by.name}, {self._moment(reading.judged_on)}"
                yield [
                    self._moment(reading.measured_on),
                    reading.parameter_id.name,
                    reading.shown or "",
                    reading.limit_text or "",
                    labels["conformity"].get(reading.conformity, ""),
                    labels["verdict"].get(reading.verdict, ""),
                    labels["step"].get(reading.step, ""),
                    reading.workcenter_id.name or reading.production_id.name or "",
                    reading.user_id.name,
                    judged,
                    " ".join(
                        part for part in (reading.method, reading.note, imported, struck) if part
                    ),
                ]

        columns = [
            (_("Measured on"), 17),
            (_("Parameter"), 20),
            (_("Result"), 12),
            (_("Limits"), 14),
            (_("Limits kept"), 12),
            (_("Verdict"), 9),
            (_("Step"), 12),
            (_("Where"), 14),
            (_("Measured by"), 16),
            (_("Judged by"), 18),
            (_("Method and remarks"), 24),
        ]
        return Section(title, columns=columns, rows=rows, empty=_("None is recorded."))

    def _attachments(self) -> Section:
        _ = self.env._
        columns = [
            (_("File"), 34),
            (_("Belongs to"), 34),
            (_("Size"), 10),
            ("SHA-256", 66),
            (_("In this file"), 16),
        ]
        return Section(
            _("Documents"),
            columns=columns,
            rows=self.files.rows,
            empty=_("No document is attached to this lot or to its readings."),
            note=_("Documents that can be printed follow at the end of the dossier, unchanged.")
            if self.files.printed
            else "",
        )

    def _actions(self) -> Section:
        _ = self.env._
        actions = self.env["lot.corrective.action"].search([("lot_id", "=", self.lot.id)])
        states = dict(actions._fields["state"]._description_selection(self.env))

        def rows() -> Iterator[list[Cell]]:
            for action in actions:
                yield [
                    action.name,
                    action.cause or "",
                    action.action or "",
                    action.owner_id.name,
                    format_date(self.env, action.deadline),
                    states.get(action.state, ""),
                    action.verified_by.name or "",
                ]

        columns = [
            (_("Deviation"), 34),
            (_("Cause"), 30),
            (_("What was done"), 34),
            (_("Owner"), 16),
            (_("Due"), 11),
            (_("State"), 11),
            (_("Verified by"), 16),
        ]
        return Section(_("Corrective actions"), columns=columns, rows=rows, empty=_("None."))

    # -- where it came from, where it went -----------------------------------------------------

    def _traced(self, table: Table) -> Section:
        columns = [column for column in table.columns if column.printed]

        def rows() -> Iterator[list[Cell]]:
            for row in table.rows():
                yield [self._cell(column, row) for column in columns]

        heads = [(column.title, column.width) for column in columns]
        return Section(table.title, columns=heads, rows=rows, empty=table.empty)

    def _cell(self, column: Column, row: dict) -> Cell:
        value = column.read(row)
        if column.kind == MOMENT:
            return f"{self.tables.local_time(value):%Y-%m-%d %H:%M}" if value else ""
        if column.kind in (QUANTITY, COUNT):
            return "" if value is None else value
        return value

    def _movements(self) -> Section:
        _ = self.env._
        moves = self.env["lot.trace"].history(self.lot.ids)
        unit = self.lot.product_uom_id.name

        def rows() -> Iterator[list[Cell]]:
            for move in moves:
                document = move["document"] or {}
                yield [
                    f"{self.tables.local_time(move['date']):%Y-%m-%d %H:%M}",
                    move["quantity"],
                    unit,
                    move["from"],
                    move["to"],
                    document.get("name") or "",
                ]

        columns = [
            (_("Date"), 17),
            (_("Quantity"), 12),
            (_("Unit"), 8),
            (_("From"), 36),
            (_("To"), 36),
            (_("Document"), 24),
        ]
        return Section(
            _("Movements"), columns=columns, rows=rows, empty=_("The lot was never moved.")
        )

    # -- who answers for it --------------------------------------------------------------------

    def _told(self, title: str, kinds: tuple[str, ...], empty: str) -> Section:
        """Events of the log of these kinds."""
        _ = self.env._
        text = self.events.text
        domain = Domain("lot_id", "=", self.lot.id) & Domain("kind", "in", kinds)
        found = AuditRows(self.env, domain, title)

        def rows() -> Iterator[list[Cell]]:
            for row in found.rows():
                yield [
                    text.moment(row.at),
                    text.who(row.event),
                    text.sentence(row.event, on_lot=True),
                    row.event.get("why") or "",
                    row.id,
                ]

        columns = [
            (_("Time"), 19),
            (_("User"), 22),
            (_("What happened"), 70),
            (_("Reason"), 34),
            (_("Event"), 9),
        ]
        return Section(title, columns=columns, rows=rows, empty=empty)

    def _signatures(self) -> Section:
        """With printed name, date, time and meaning, as 21 CFR 11.50 asks of each print."""
        _ = self.env._
        names = ("signed_local", "signer", "login", "meaning", "step_name", "record_name", "reason")
        known = "lot.signature" in self.env and self.env["lot.signature"]
        found = (
            known.search([("lot_id", "=", self.lot.id)], order="id") if known is not False else []
        )

        def rows() -> Iterator[list[Cell]]:
            for one in found:
                state = dict(one._fields["state"]._description_selection(self.env))[one.state]
                void = f"{state}. {one.difference}" if one.difference else state
                yield [*(one[name] or "" for name in names), void]

        columns = [
            (_("Signed on"), 24),
            (_("Signed by"), 20),
            (_("User name"), 18),
            (_("Meaning"), 16),
            (_("Step"), 20),
            (_("What was signed"), 24),
            (_("Reason"), 26),
            (_("Status"), 24),
        ]
        empty = _("Nothing of this lot was signed.")
        return Section(_("Signatures"), columns=columns, rows=rows, empty=empty)

    # -- values --------------------------------------------------------------------------------

    def _label(self, record, name: str) -> str:
        return record._fields[name]._description_string(self.env)

    def _value(self, record, name: str) -> str:
        value: Any = record[name]
        kind = record._fields[name].type
        if not value:
            return ""
        if kind == "many2one":
            # sudo: the name alone, for whoever may read the lot
            return value.sudo().display_name
        if kind == "datetime":
            return self._moment(value)
        if kind == "date":
            return format_date(self.env, value)
        return str(value)

    def _moment(self, value) -> str:
        return self.events.text.moment(value)[:16] if value else ""
