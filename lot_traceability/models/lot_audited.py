from typing import Any

from odoo import api, models
from odoo.tools import ormcache

# Kept by Odoo itself, or no rule of anything.
_NOT_AUDITED = {
    "id",
    "display_name",
    "create_date",
    "create_uid",
    "write_date",
    "write_uid",
    "parent_path",
}


class LotAudited(models.AbstractModel):
    """Configuration whose changes the audit log tells: before and after of each field, and who.

    Annex 11 §9 and §10: what rules say is changed in a controlled way and leaves a trace.
    """

    _name = "lot.audited"
    _description = "Configuration that is audited"

    @api.model
    @ormcache()
    def _audited_fields(self) -> frozenset[str]:
        """The fields whose changes are told: of our models all that are kept, of Odoo's own those
        that are ours. Extend it by what else a model's rules are made of."""
        ours = _is_ours(self._original_module)
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and name not in _NOT_AUDITED
            and field.type not in ("one2many", "binary")
            and not name.startswith(("message_", "activity_"))
            and (ours or (_is_ours(field._module) and not field.readonly))
        )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        names = self._audited_fields()
        for record, vals in zip(records, vals_list, strict=True):
            if record._sets_up(vals):
                changes = {
                    name: [None, value]
                    for name, value in record._audited_values(names).items()
                    if value
                }
                record._tell_configured("created", changes)
        return records

    def write(self, vals):
        names = self._audited_fields() & vals.keys()
        if not names:
            return super().write(vals)
        before = {record: record._audited_values(names) for record in self}
        result = super().write(vals)
        for record, old in before.items():
            new = record._audited_values(names)
            changes = {
                name: [old.get(name), new.get(name)]
                for name in sorted(names)
                if old.get(name) != new.get(name)
            }
            if changes:
                record._tell_configured("changed", changes)
        return result

    def unlink(self):
        names = self._audited_fields()
        for record in self:
            values = record._audited_values(names)
            changes = {name: [value, None] for name, value in values.items() if value}
            if record._sets_up(values):
                record._tell_configured("deleted", changes)
        return super().unlink()

    @api.model
    def _sets_up(self, values: dict[str, Any]) -> bool:
        """Do these values set up a rule of ours? A record of Odoo's own may say nothing of lots."""
        return _is_ours(self._original_module) or any(
            values.get(name)
            and _is_ours(self._fields[name]._module)
            and not self._says_nothing(name, values[name])
            for name in self._audited_fields() & values.keys()
        )

    @api.model
    def _says_nothing(self, name: str, value: Any) -> bool:
        """Whether every record has this value of a choice unless somebody says otherwise."""
        field = self._fields[name]
        return field.type == "selection" and bool(field.default) and field.default(self) == value

    def _tell_configured(self, operation: str, changes: dict[str, list]) -> None:
        # sudo: the event belongs to the record's company, whoever may read that
        company = "company_id" in self._fields and self.sudo().company_id
        if self._name == "res.company":
            company = self
        self.env["lot.audit.event"]._record(
            "configured",
            record=self,
            company=company or None,
            product=self if self._name == "product.product" else None,
            changes=changes,
            data={"operation": operation},
        )

    def _audited_values(self, names) -> dict[str, Any]:
        """{field: value as JSON}; records by name and id: an id alone says nothing to a reader."""
        # sudo: the log names what the user changes, whether or not it may be read
        record = self.sudo()
        return {name: record._audited_value(name) for name in sorted(names)}

    def _audited_value(self, name: str) -> Any:
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            return {"id": value.id, "name": value.display_name} if value else None
        if field.relational:
            return sorted(value.mapped("display_name"))
        if field.type in ("boolean", "integer", "char", "text", "selection", "json"):
            return value
        if field.type in ("float", "monetary"):
            return f"{value:.10g}"
        return str(value) if value else None


def _is_ours(module: str | None) -> bool:
    return (module or "").startswith("lot_traceability")
