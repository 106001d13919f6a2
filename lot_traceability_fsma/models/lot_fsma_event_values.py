from collections.abc import Iterable, Mapping
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.event_elements import SPROUTS
from ..tools.events import Circumstances, completeness, missing

# Element: column. The rest of the elements is in the column of its own name.
PLACES = {
    "location": "location_place_id",
    "from_location": "from_place_id",
    "received_from": "from_place_id",
    "to_location": "to_place_id",
    "farm": "farm_place_id",
    "harvester": "harvester_place_id",
    "cooling_location": "cooling_place_id",
}
QUANTITIES = {
    "quantity": ("quantity", "uom"),
    "received_quantity": ("received_quantity", "received_uom"),
}
DETAILS = frozenset(element.code for element in SPROUTS)
# What an event says besides its elements; carried on by each version.
ORIGIN = (
    "commodity",
    "variety",
    "from_place_id",
    "farm_place_id",
    "field_name",
    "container_name",
    "harvester_place_id",
    "harvest_date",
    "harvest_end_date",
    "cooling_place_id",
    "cooling_date",
    "received_date",
    "received_quantity",
    "received_uom",
)
_NEW_VERSION = (
    "version",
    "replaced_by_id",
    "epcis_event_id",
    "reason",
    "missing",
    "completeness",
    "user_id",
    "told_by_id",
)


class LotFsmaEventValues(models.Model):
    """Registering events: what each one lacks is known when it is written, and what is learnt
    later makes a new version."""

    _inherit = "lot.fsma.event"

    # -- writing: the only way -------------------------------------------------------------------

    @api.model
    def _add(self, vals_list: list[dict]) -> "LotFsmaEventValues":
        """Record events, a dict of columns each; `input_ids` is a list of dicts. Three queries at
        most, however many there are."""
        if not vals_list:
            return self.browse()
        self._judge(vals_list)
        prepared = []
        for vals in vals_list:
            inputs = vals.get("input_ids") or []
            rows = [Command.create({**row, "company_id": vals["company_id"]}) for row in inputs]
            prepared.append({"user_id": self.env.uid, **vals, "input_ids": rows})
        # sudo: the record follows from what the user did, and is nobody's to make by hand
        return self.sudo().create(prepared).with_env(self.env)

    @api.model
    def _judge(self, vals_list: list[dict]) -> None:
        """Set what each of these lacks."""
        place_ids = {
            row[column]
            for vals in vals_list
            for row in (vals, *(vals.get("input_ids") or ()))
            for column in (*PLACES.values(), "source_place_id")
            if row.get(column)
        }
        snapshots = self.env["lot.fsma.place"]._snapshots(place_ids)
        for vals in vals_list:
            if vals.get("void"):
                # Nothing is asked about what did not take place.
                vals.update(missing=False, completeness=1.0)
                continue
            of = self._circumstances(vals)
            values = self._elements_of(vals, snapshots)
            values["inputs"] = [
                self._input_elements_of(row, snapshots) for row in vals.get("input_ids") or ()
            ]
            lacking = missing(vals["kind"], values, of)
            vals["missing"] = f",{','.join(lacking)}," if lacking else False
            vals["completeness"] = completeness(vals["kind"], lacking, of)

    @api.model
    def _circumstances(self, vals: Mapping[str, Any]) -> Circumstances:
        return Circumstances(
            exempt=bool(vals.get("exempt_source")),
            raw=bool(vals.get("raw_input")),
            applies=frozenset(
                name for name in ("produce", "aquaculture", "sprouts") if vals.get(name)
            ),
        )

    @api.model
    def _elements_of(self, vals: Mapping[str, Any], places: Mapping[int, dict]) -> dict[str, Any]:
        """{code of element: value}, as the pure rules take it, of one event's columns."""
        values: dict[str, Any] = {**(vals.get("details") or {})}
        values.update({name: value for name, value in vals.items() if name not in values})
        for code, column in PLACES.items():
            values[code] = places.get(vals.get(column) or 0)
        for code, (amount, unit) in QUANTITIES.items():
            values[code] = {"amount": vals.get(amount), "unit": vals.get(unit)}
        values["document"] = {
            "type": vals.get("document_type"),
            "number": vals.get("document_number"),
        }
        source = places.get(vals.get("source_place_id") or 0) or {}
        values["tlc_source"] = {**source, "reference": vals.get("source_reference")}
        # A product is described by its packaging as well (1.1310).
        described = vals.get("product_description") and vals.get("packaging")
        values["product_description"] = described and vals["product_description"]
        values["species"] = vals.get("species") or values["product_description"]
        return values

    @api.model
    def _input_elements_of(
        self, row: Mapping[str, Any], places: Mapping[int, dict]
    ) -> dict[str, Any]:
        values = self._elements_of(row, places)
        values["input_tlc"] = row.get("tlc")
        values["input_product_description"] = values["product_description"]
        values["input_quantity"] = values["quantity"]
        return values

    # -- correcting ------------------------------------------------------------------------------

    def _columns(self) -> dict[str, Any]:
        """What this version says, as values for a next one."""
        self.ensure_one()
        # sudo: a version carries on what the one before said
        event = self.sudo()
        names = [
            name
            for name, field in self._fields.items()
            if field.store
            and name not in (*_NEW_VERSION, *models.MAGIC_COLUMNS, "input_ids")
            and field.type != "one2many"
        ]
        vals = event._convert_to_write({name: event[name] for name in names})
        rows = []
        for row in event.input_ids:
            names = [name for name, field in row._fields.items() if field.store]
            kept = row._convert_to_write({name: row[name] for name in names})
            rows.append({name: kept[name] for name in kept if name not in ("id", "event_id")})
        return {**vals, "input_ids": rows}

    def _correct(self, values: dict[str, Any], reason: str) -> "LotFsmaEventValues":
        """A new version of this event.

        :param values: columns that are otherwise; `details` is added to what is known, and an
            origin goes to those lots used that say nothing
        :param reason: why, in words
        :raise UserError: without a reason, or when a later version has replaced it
        """
        self.ensure_one()
        self._check_correction(reason)
        vals = self._columns()
        details = {**(vals.get("details") or {}), **(values.get("details") or {})}
        changes = self._changes(vals, values)
        vals.update(values, details=details or False)
        if "input_ids" not in values:
            for row in vals["input_ids"]:
                row.update(
                    {name: values[name] for name in ORIGIN if values.get(name) and not row[name]}
                )
        vals.update(version=self.version + 1, reason=reason.strip())
        event = self._add([vals])
        # sudo: nobody may write on a recorded event; that it was replaced is all that changes
        self.sudo().replaced_by_id = event
        self.env["lot.audit.event"]._record(
            "fsma",
            record=event,
            lot=event.lot_id,
            company=event.company_id,
            document=event.picking_id or event.production_id or None,
            changes=changes,
            data={"step": self.env._("Event corrected"), "version": event.version},
            why=reason,
        )
        return event

    def _check_correction(self, reason: str) -> None:
        """:raise UserError: without a reason, or when a later version has replaced it"""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the event is corrected, in a few words."))
        self._check_current()

    def _changes(self, before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, list]:
        """{column: [before, after]} as the audit log takes it."""
        return {
            name: [self._plain(name, before.get(name)), self._plain(name, value)]
            for name, value in sorted(values.items())
            if name != "input_ids" and (before.get(name) or False) != (value or False)
        }

    def _plain(self, name: str, value: Any) -> Any:
        field = self._fields[name]
        if field.type == "many2one" and value:
            # sudo: the log names what is changed, whether or not it may be read
            record = self.env[field.comodel_name].sudo().browse(value)
            return {"id": record.id, "name": record.display_name}
        return value if isinstance(value, bool | int | float | str | dict) else str(value or "")

    def _pass_on_code(self, reason: str) -> None:
        """What was learnt of a lot's code is told by all events of it, each with a version: the
        deliveries that went out without it, and what the lot went into."""
        self.ensure_one()
        lots = self.code_id.lot_ids
        code = {name: self[name] for name in ("tlc", "source_reference")}
        code.update(code_id=self.code_id.id, source_place_id=self.source_place_id.id)
        others = self.search(
            [
                ("replaced_by_id", "=", False),
                ("void", "=", False),
                ("lot_id", "in", lots.ids),
                ("kind", "in", ("shipping", "receiving")),
                ("id", "!=", self.id),
            ]
        )
        for event in others:
            if event._changes(event._columns(), code):
                event._correct(code, reason)
        told = {name: code[name] for name in ("tlc", "code_id")}
        users = self.search([("replaced_by_id", "=", False), ("input_ids.lot_id", "in", lots.ids)])
        for event in users:
            rows = event._columns()["input_ids"]
            for row in rows:
                if row["lot_id"] in lots.ids:
                    row.update(told)
            event._correct({"input_ids": rows}, reason)

    # -- for those who export --------------------------------------------------------------------

    def _element_values(self) -> list[dict[str, Any]]:
        """The elements of each of these events: [{code: value as the pure rules take it}], the
        lots used under "inputs"."""
        found = []
        for event in self:
            vals = event._columns()
            rows: Iterable[dict] = (vals, *vals["input_ids"])
            ids = {
                row[column]
                for row in rows
                for column in (*PLACES.values(), "source_place_id")
                if row.get(column)
            }
            snapshots = self.env["lot.fsma.place"]._snapshots(ids)
            values = self._elements_of(vals, snapshots)
            values["inputs"] = [
                self._input_elements_of(row, snapshots) for row in vals["input_ids"]
            ]
            found.append(values)
        return found
