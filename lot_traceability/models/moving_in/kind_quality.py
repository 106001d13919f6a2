"""Quality results and conditions of an earlier system."""

from __future__ import annotations

from typing import Any

from odoo.exceptions import ValidationError

from .kind import Kind
from .rows import Row


class Quality(Kind):
    """Creates readings, as somebody of quality would type them: limits and statuses follow."""

    batch_size = 200

    def __init__(self, batch, problems, rows, writing):
        super().__init__(batch, problems, rows, writing)
        # sudo: what can be measured is no secret
        parameters = self.env["lot.parameter"].sudo().search([])
        self._parameters = {one.name.casefold(): one for one in parameters}

    def check(self, rows):
        self.load(rows, ("product", "lot"))
        found = []
        for row in rows:
            before = self.problems.blocking
            vals = self._values(row)
            if vals and row.good and self.problems.blocking == before:
                found.append(vals)
        return found

    def apply(self, found):
        readings = self.env["lot.measurement"].with_context(tracking_disable=True)
        readings.create([{**vals, "lot_import_id": self.batch.id} for vals in found])

    def _values(self, row: Row) -> dict[str, Any] | None:
        _ = self.env._
        lot = self.lot(row, "product", "lot") if row.get("lot") else None
        told = row.get("parameter")
        parameter = self._parameters.get(told.casefold())
        if told and not parameter:
            self.bad(
                row, "parameter",
                _("There is no such parameter."),
                _("Create it first under Configuration, Parameters, or give its exact name."),
            )  # fmt: skip
        elif parameter and row.get("value"):
            try:
                parameter._read(row.get("value"))
            except ValidationError as error:
                self.bad(row, "value", str(error), _("Correct the value."))
        if not lot or not parameter or "measured_on" not in row.values:
            return None
        if not self.in_past(row, "measured_on"):
            return None
        vals = {
            "lot_id": lot.id,
            "company_id": self.company.id,
            "parameter_id": parameter.id,
            "value": row.get("value"),
            # A reading of today, of which no hour is known, is not ahead.
            "measured_on": min(self.instant(row.values["measured_on"]), self.now),
        }
        if row.get("method"):
            vals["method"] = row.get("method")
        note = [row.get("note"), row.get("measured_by") and _("By %s", row.get("measured_by"))]
        if any(note):
            vals["note"] = ". ".join(filter(None, note))
        return vals
