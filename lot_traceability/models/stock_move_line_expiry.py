from odoo import api, models


class StockMoveLine(models.Model):
    """A component that is corrected afterwards may limit the lots that were made of it."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._consuming_orders()._limit_lots()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"lot_id", "quantity"} & vals.keys():
            self._consuming_orders()._limit_lots()
        return result

    def unlink(self):
        if not self:
            return super().unlink()
        orders = self._consuming_orders()
        result = super().unlink()
        orders._limit_lots()
        return result

    def _consuming_orders(self):
        """The orders that consumed what these done lines took."""
        done = self._done()
        if not done:
            return self.env["mrp.production"]
        return done.filtered("lot_id").move_id.raw_material_production_id
