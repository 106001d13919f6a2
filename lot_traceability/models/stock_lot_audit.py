from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from .lot_audit_tables import through_odoo, watch_tables

# What a transaction has changed of lots and not yet told.
TOUCHED = "lot_traceability.audit.lots"
# Kept by Odoo or by us from other records, or told by the event itself.
_NOT_AUDITED = {
    "id",
    "create_date",
    "create_uid",
    "write_date",
    "write_uid",
    "location_id",
    "name_key",
    "status_user_id",
    "status_date",
    "product_expiry_reminded",
    "standard_price",
    "avg_cost",
    "total_value",
    "message_main_attachment_id",
}
# Many2many fields have no column: they are compared where they are written.
_LINKED = ("allergen_ids",)


class StockLot(models.Model):
    """What changes of a lot is told by the values that reach the database, whichever way they took
    there through Odoo: typed, imported, computed, written by another module."""

    _inherit = "stock.lot"

    audit_event_ids = fields.One2many("lot.audit.event", "lot_id", "Audit log", readonly=True)

    def init(self):
        result = super().init()
        watch_tables(self.env.cr, self._audited_columns())
        return result

    @api.model
    @ormcache()
    def _audited_columns(self) -> tuple[str, ...]:
        return tuple(
            name
            for name, field in sorted(self._fields.items())
            if field.store and field.column_type and name not in _NOT_AUDITED
        )

    # -- what reaches the database -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lots = super().create(vals_list)
        actor = self.env["lot.audit.event"]._actor()
        self._touched()["actors"].update(dict.fromkeys(lots.ids, actor))
        return lots

    def _create(self, data_list):
        lots = super()._create(data_list)
        new, names = self._touched()["new"], self._audited_columns()
        for lot_id, data in zip(lots.ids, data_list, strict=True):
            stored = data["stored"]
            # What the row was inserted with; what is written later is added to it.
            new[lot_id] = new.get(lot_id, {}) | {
                name: _plain(
                    self._fields[name].convert_to_column_insert(stored[name], self, stored)
                )
                for name in names
                if name in stored
            }
        return lots

    def _made_here(self) -> "StockLot":
        """Those of these lots that this transaction has made."""
        new = self.env.cr.precommit.data.get(TOUCHED, {}).get("new", ())
        return self.browse(lot_id for lot_id in self.ids if lot_id in new)

    def _write_multi(self, vals_list):
        audited = set(self._audited_columns())
        touched = self._touched()
        changing = []
        for lot_id, vals in zip(self.ids, vals_list, strict=True):
            told = {name: vals[name] for name in audited & vals.keys()}
            if lot_id in touched["new"]:
                row = {name: _plain(value) for name, value in told.items()}
                touched["new"][lot_id].update(row)
            elif told:
                changing.append((lot_id, told))
        unknown = [lot_id for lot_id, _vals in changing if lot_id not in touched["rows"]]
        if unknown:
            touched["rows"].update(self.env["stock.lot"]._audited_rows(unknown))
        for lot_id, vals in changing:
            row = touched["rows"].get(lot_id, {})
            changes = touched["changes"].setdefault(lot_id, {})
            for name, value in vals.items():
                new = _plain(value)
                if row.get(name) != new:
                    changes.setdefault(name, [row.get(name), None])[1] = new
                    row[name] = new
        if not any(audited & vals.keys() for vals in vals_list):
            return super()._write_multi(vals_list)
        with through_odoo(self):
            return super()._write_multi(vals_list)

    def unlink(self):
        # Told by `_unlink_told`.
        with through_odoo(self, "delete"):
            return super().unlink()

    def write(self, vals):
        linked = [name for name in _LINKED if name in vals]
        # sudo: the log names what the user changes, whether or not it may be read
        before = {lot: lot._audited_links(linked) for lot in self.sudo()} if linked else {}
        # Known now; whoever flushes may be somebody else.
        actor = self.env["lot.audit.event"]._actor()
        self._touched()["actors"].update(dict.fromkeys(self.ids, actor))
        result = super().write(vals)
        for lot, old in before.items():
            new = lot._audited_links(linked)
            changes = {name: [old[name], new[name]] for name in linked if old[name] != new[name]}
            if changes and lot.id not in self._touched()["new"]:
                self._touched()["changes"].setdefault(lot.id, {}).update(changes)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_told(self):
        touched = self._touched()
        for lot_id, row in self._audited_rows(self.ids).items():
            # Told here and now; nothing is left to tell of it in the end.
            for part in touched.values():
                part.pop(lot_id, None)
            lot = self.browse(lot_id)
            changes = {name: [value, None] for name, value in row.items() if value is not None}
            self.env["lot.audit.event"]._record("deleted", lot=lot, changes=changes)

    def _audited_links(self, names: list[str]) -> dict[str, list[str]]:
        return {name: sorted(self[name].mapped("display_name")) for name in names}

    @api.model
    def _audited_rows(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        """What the database says of these lots, by column."""
        columns = self._audited_columns()
        self.env.cr.execute(
            SQL(
                "SELECT id, %s FROM stock_lot WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, columns)),
                list(ids),
            )
        )
        return {
            row[0]: dict(zip(columns, map(_plain, row[1:]), strict=True))
            for row in self.env.cr.fetchall()
        }

    # -- telling it ----------------------------------------------------------------------------

    @api.model
    def _touched(self) -> dict[str, dict]:
        data = self.env.cr.precommit.data
        if TOUCHED not in data:
            data[TOUCHED] = {"new": {}, "rows": {}, "changes": {}, "actors": {}}
            self.env.cr.precommit.add(self._tell_touched)
        return data[TOUCHED]

    @api.model
    def _tell_touched(self) -> None:
        """Record what this transaction has done to lots."""
        touched = self.env.cr.precommit.data.pop(TOUCHED, None)
        if not touched:
            return
        told = touched["new"]
        changed = {lot_id: changes for lot_id, changes in touched["changes"].items() if changes}
        for lot in self.browse([*told, *changed]).sudo():  # sudo: as in `_record`
            actor = touched["actors"].get(lot.id)
            if lot.id in told:
                lot._tell("created", lot._first_changes(told[lot.id]), actor)
            else:
                lot._tell(_kind_of(changed[lot.id]), changed[lot.id], actor)

    def _first_changes(self, row: dict[str, Any]) -> dict[str, list]:
        """All that a lot says, as changes of nothing."""
        changes = {name: [None, value] for name, value in row.items() if value is not None}
        links = self._audited_links([name for name in _LINKED if self[name]])
        return changes | {name: [None, names] for name, names in links.items()}

    def _tell(
        self,
        kind: str,
        changes: dict[str, list],
        actor: dict | None = None,
        record: dict | None = None,
    ) -> None:
        why = self.status_reason if "status_id" in changes else ""
        changes = self._with_names(changes)
        self.env["lot.audit.event"]._record(
            kind, record=record, lot=self, changes=changes, why=why, actor=actor
        )

    def _with_names(self, changes: dict[str, list]) -> dict[str, list]:
        """The same, with what ids stand for: an id alone says nothing to a reader, and another
        record could be put in its place."""
        result = {}
        for name, values in changes.items():
            field = self._fields.get(name)
            if field is not None and field.type == "many2one":
                named, model = self.env["lot.audit.event"]._named, field.comodel_name
                values = [value and named(model, value) for value in values]
            result[name] = values
        return result


def _kind_of(changes: dict[str, list]) -> str:
    if "status_id" in changes:
        return "status"
    return "renamed" if "name" in changes else "changed"


def _plain(value: Any) -> Any:
    """A value of a column as JSON has it; the same whether read or about to be written."""
    if value is None or value is False:
        return None
    if hasattr(value, "adapted"):  # psycopg2's Json
        value = value.adapted
    if isinstance(value, (bool, int, str, dict, list)):
        return value
    if isinstance(value, float):
        return f"{value:.10g}"
    if hasattr(value, "isoformat"):
        return value.isoformat(" ") if hasattr(value, "hour") else value.isoformat()
    return str(value)
