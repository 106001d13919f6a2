from typing import Any

from odoo import api, models

from .lot_audit_tables import LINE_COLUMNS

# What a correction of a done line may touch.
_CORRECTED = {*LINE_COLUMNS, "product_uom_id", "date", "quant_id", "package_id"} | {
    "result_package_id"
}


class StockMoveLine(models.Model):
    """Each line that moves goods is told, and each correction of one that has."""

    _inherit = "stock.move.line"

    def _after_done(self):
        result = super()._after_done()
        self._tell_moved()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "done")._tell_moved()
        return lines

    def write(self, vals):
        done = self.browse()
        if _CORRECTED & vals.keys():
            done = self.filtered(lambda line: line.state == "done")
        before = {line: line._audited() for line in done}
        result = super().write(vals)
        for line, old in before.items():
            line._tell_corrected(old, line._audited())
        return result

    def unlink(self):
        for line in self.filtered(lambda line: line.state == "done"):
            line._tell_corrected(line._audited(), {})
        return super().unlink()

    def _tell_moved(self) -> None:
        record = self.env["lot.audit.event"]._record
        for line in self:
            uses = (line.location_id.usage, line.location_dest_id.usage)
            kind = "moved"
            if "production" in uses:
                kind = "produced" if uses[0] == "production" else "consumed"
            record(kind, **line._audit_details(), data=line._audited())

    def _tell_corrected(self, before: dict, after: dict) -> None:
        changes = {
            name: [before.get(name), after.get(name)]
            for name in {**before, **after}
            if before.get(name) != after.get(name)
        }
        if changes:
            record = self.env["lot.audit.event"]._record
            record("corrected", **self._audit_details(), changes=changes, data=after)

    def _audit_details(self) -> dict[str, Any]:
        return {
            "record": self,
            "lot": self.lot_id,
            "product": self.product_id,
            "company": self.company_id,
            "document": self.move_id._lot_document(),
        }

    def _audited(self) -> dict[str, Any]:
        """What a line says of the movement, as JSON values; the quantity in the product's unit."""
        self.ensure_one()
        # sudo: as in `_record`
        line = self.sudo()
        found = {
            "lot": line.lot_id and {"id": line.lot_id.id, "name": line.lot_id.name},
            "quantity": f"{line.quantity_product_uom:.10g}",
            "unit": line.product_id.uom_id.name,
            "from": {"id": line.location_id.id, "name": line.location_id.complete_name},
            "to": {"id": line.location_dest_id.id, "name": line.location_dest_id.complete_name},
            "package": line.result_package_id.name,
            "owner": line.owner_id.name,
            "partner": line.picking_id.partner_id.name,
        }
        return {name: value for name, value in found.items() if value}
