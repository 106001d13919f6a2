from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _number_values(self) -> dict:
        """A number may speak of what the line tells of its lot."""
        values = super()._number_values()
        if self.supplier_lot:
            values["supplier_lot"] = self.supplier_lot
        if self.production_date:
            values["production_date"] = self.production_date
        return values
