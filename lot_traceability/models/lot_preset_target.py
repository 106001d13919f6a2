from typing import Any, NamedTuple

from odoo import api, models

# What stands where several records that have to be alike are not, and where there is none.
MIXED, NONE = "mixed", "none"
_FLAGS = ("usable", "movable", "returnable", "reason_required")


class Scope(NamedTuple):
    """For whom settings are made: records of a company, and the categories that were chosen."""

    company: Any
    categories: Any


class LotPresetTarget(models.AbstractModel):
    """Reads and writes the settings of presets, each kind by methods that are named after it:

    - `_read_<kind>(scope, key)`: how it is now, as JSON; `MIXED` where records differ, `NONE`
      where there is nothing that could be set
    - `_write_<kind>(scope, key, value)`: make it so; a value that was read before puts it back
    - `_say_<kind>(key, value)`: how a person reads a value
    - `_usual_<kind>(scope, key)`: how it is where nobody has touched it
    - `_full_<kind>(value)`, where a preset may leave out what is usual: the value as it is read

    They run for an administrator of traceability, with the rights of the system.
    """

    _name = "lot.preset.target"
    _description = "Settings of industry presets"

    @api.model
    def _read(self, scope: Scope, kind: str, key: str) -> Any:
        return getattr(self, f"_read_{kind}")(scope, key)

    @api.model
    def _write(self, scope: Scope, kind: str, key: str, value: Any) -> None:
        getattr(self, f"_write_{kind}")(scope, key, value)

    @api.model
    def _usual(self, scope: Scope, kind: str, key: str) -> Any:
        return getattr(self, f"_usual_{kind}")(scope, key)

    @api.model
    def _full(self, kind: str, value: Any) -> Any:
        complete = getattr(self, f"_full_{kind}", None)
        return complete(value) if complete else value

    @api.model
    def _say(self, kind: str, key: str, value: Any) -> str:
        if value == MIXED:
            return self.env._("not everywhere the same")
        if value == NONE:
            return self.env._("there is none that could be set")
        say = getattr(self, f"_say_{kind}", None)
        return say(key, value) if say else self._say_plain(value)

    @api.model
    def _say_plain(self, value: Any) -> str:
        if value in (None, False):
            return self.env._("no")
        return self.env._("yes") if value is True else str(value)

    @api.model
    def _alike(self, values: list) -> Any:
        """The one value of all, or what says that there is none."""
        if not values:
            return NONE
        return values[0] if all(value == values[0] for value in values) else MIXED

    # -- settings of the company -------------------------------------------------------------

    @api.model
    def _read_company(self, scope, key):
        return scope.company[key]

    @api.model
    def _usual_company(self, scope, key):
        # A field without a default is empty, whatever empty is for it.
        company = self.env["res.company"]
        return company.default_get([key]).get(key, company[key])

    @api.model
    def _write_company(self, scope, key, value):
        scope.company[key] = value

    @api.model
    def _say_company(self, key, value):
        field = self.env["res.company"]._fields[key]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value) or self._say_plain(value)
        return str(value) if field.type in ("integer", "float") else self._say_plain(value)

    # -- demanded data: key is "receipt:FIELD" or "production:FIELD" ---------------------------

    @api.model
    def _demand(self, key):
        step, name = key.split(":")
        demand = self.env["lot.field.demand"].sudo()  # sudo: as said above
        return f"{step}_demand_ids", demand.search([("field_name", "=", name)], limit=1)

    @api.model
    def _read_demand(self, scope, key):
        field, demand = self._demand(key)
        return self._alike([demand in category[field] for category in scope.categories])

    @api.model
    def _usual_demand(self, scope, key):
        return False

    @api.model
    def _write_demand(self, scope, key, value):
        field, demand = self._demand(key)
        for category in scope.categories:
            if (demand in category[field]) != bool(value):
                category[field] = [(4 if value else 3, demand.id)]

    # -- operations of the company: key is "CODE:FIELD" -----------------------------------------

    @api.model
    def _operations(self, scope, code):
        types = self.env["stock.picking.type"].sudo()  # sudo: as said above
        return types.search([("company_id", "=", scope.company.id), ("code", "=", code)])

    @api.model
    def _read_operation(self, scope, key):
        code, field = key.split(":")
        return self._alike([one[field] for one in self._operations(scope, code)])

    @api.model
    def _usual_operation(self, scope, key):
        return False

    @api.model
    def _write_operation(self, scope, key, value):
        code, field = key.split(":")
        self._operations(scope, code).filtered(lambda one: one[field] != value)[field] = value

    # -- which lots go first: value is the method of a removal strategy, or None ----------------

    @api.model
    def _read_removal(self, scope, key):
        return self._alike([one.removal_strategy_id.method or None for one in scope.categories])

    @api.model
    def _usual_removal(self, scope, key):
        return None

    @api.model
    def _write_removal(self, scope, key, value):
        strategies = self.env["product.removal"].sudo()  # sudo: as said above
        found = strategies.search([("method", "=", value)], limit=1) if value else strategies
        scope.categories.removal_strategy_id = found

    @api.model
    def _say_removal(self, key, value):
        # sudo: what strategies there are is no secret
        found = self.env["product.removal"].sudo().search([("method", "=", value)], limit=1)
        return found.name if value and found else self.env._("as Odoo has it")

    # -- statuses of the firm's own: key is the code --------------------------------------------

    @api.model
    def _status(self, key):
        statuses = self.env["lot.status"].sudo()  # sudo: as said above
        return statuses.with_context(active_test=False).search([("code", "=", key)], limit=1)

    @api.model
    def _read_status(self, scope, key):
        status = self._status(key)
        if not status.active:
            return None
        return {"name": status.name, **{flag: status[flag] for flag in _FLAGS}}

    @api.model
    def _full_status(self, value):
        return value and {"reason_required": True, **dict.fromkeys(_FLAGS[:3], False), **value}

    @api.model
    def _usual_status(self, scope, key):
        return None

    @api.model
    def _write_status(self, scope, key, value):
        status = self._status(key)
        if not value:
            status.active = False
        elif status:
            status.write({"active": True, **value})
        else:
            quality = self.env.ref("lot_traceability.group_quality")
            status.create({"code": key, "leave_group_ids": [(4, quality.id)], **value})

    @api.model
    def _say_status(self, key, value):
        if not value:
            return self.env._("no such status")
        fields = self.env["lot.status"]._fields
        allowed = [fields[flag]._description_string(self.env) for flag in _FLAGS[:3] if value[flag]]
        return f"{value['name']}: " + (", ".join(allowed) or self.env._("nothing of it may move"))
