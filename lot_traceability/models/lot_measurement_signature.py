from typing import Any

from odoo import api, models


class LotMeasurement(models.Model):
    """Readings are part of what is signed of their lot."""

    _inherit = "lot.measurement"

    @api.model_create_multi
    def create(self, vals_list):
        readings = super().create(vals_list)
        self.env["lot.signature"]._mark_changed("stock.lot", readings.lot_id.ids)
        return readings

    def _write_multi(self, vals_list):
        lots = self.env["lot.signature"]._any() and self.lot_id
        self.env["lot.signature"]._mark_changed("stock.lot", lots and lots.ids)
        return super()._write_multi(vals_list)

    def _fact(self) -> dict[str, Any]:
        """A reading as it is signed; struck out it is no fact any more."""
        return {
            "id": self.id,
            "name": f"{self.parameter_id.name}: {self.shown or '–'}",
            "conformity": self.conformity or "",
            "verdict": self.verdict or "",
        }
