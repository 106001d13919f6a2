from typing import Any

from odoo import models

# What a correction of a done line may say.
_CORRECTED = (
    "lot_id",
    "quant_id",
    "quantity",
    "product_uom_id",
    "location_id",
    "location_dest_id",
    "owner_id",
    "package_id",
    "result_package_id",
)


class StockMoveLine(models.Model):
    """The correction of a done line, as a step that is signed."""

    _name = "stock.move.line"
    _inherit = ["stock.move.line", "lot.signable"]

    def write(self, vals):
        if not vals.keys().isdisjoint((*_CORRECTED, "date")):
            demanded = not self.env.su and self.env["lot.signature.step"]._demanded_ids()
            if demanded or self.env["lot.signature"]._any():
                self._before_correction(vals)
        return super().write(vals)

    def _before_correction(self, vals: dict[str, Any]) -> None:
        done = self._done()
        if not done:
            return
        changing = done.filtered(lambda line: line._changes(vals))
        if changing:
            values = {name: _plain(vals[name]) for name in _CORRECTED if name in vals}
            self.env["lot.signing"]._demand("correction", changing, values)
        self.env["lot.signature"]._mark_changed(self._name, done.ids)

    def _changes(self, vals: dict[str, Any]) -> bool:
        """Does this say anything else than the line does?"""
        for name in _CORRECTED:
            if name not in vals:
                continue
            new = _plain(vals[name])
            if name == "quant_id":
                if new:
                    return True
            elif name == "quantity":
                if self.product_uom_id.compare(self.quantity, new or 0.0):
                    return True
            elif (self[name].id or False) != (new or False):
                return True
        return False

    def _signed_correction(self, values: dict[str, Any]):
        self.write({name: values[name] for name in _CORRECTED if name in values})
        return self

    def _signature_summary(self, code, values):
        rows = []
        for line in self:
            parts = [
                f"{line._signature_label(name)}: {line._named(name, line[name])} → "
                f"{line._named(name, values[name])}"
                for name in _CORRECTED
                if name in values and line._changes({name: values[name]})
            ]
            document = line.move_id.reference or ""
            rows.append(f"{document} {line.product_id.display_name}: {'; '.join(parts)}".strip())
        return "\n".join(rows)

    def _named(self, name: str, value: Any) -> str:
        if name == "quantity":
            return f"{value:g} {self.product_uom_id.name}"
        record = value if isinstance(value, models.BaseModel) else None
        if record is None:
            comodel = self._fields[name].comodel_name
            record = self.env[comodel].browse(value or [])
        return record.display_name or "–"

    def _signature_facts(self):
        product = {"id": self.product_id.id, "name": self.product_id.display_name}
        return super()._signature_facts() | self._audited()[self.id] | {"product_id": product}

    def _signature_place(self):
        return {
            "lot": self.lot_id,
            "document": self.move_id._lot_document(),
            "company": self.company_id,
        }

    def _signature_label(self, name):
        words = {
            "lot": self.env._("Lot"),
            "unit": self.env._("Unit"),
            "from": self.env._("From"),
            "to": self.env._("To"),
            "package": self.env._("Package"),
            "owner": self.env._("Owner"),
            "partner": self.env._("Partner"),
        }
        return words.get(name) or super()._signature_label(name)


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, models.BaseModel) else value
