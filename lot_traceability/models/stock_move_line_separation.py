from odoo import api, models

# What changes with what a lot of a done line lies together.
_GUARDED = {"lot_id", "location_dest_id", "result_package_id"}


class StockMoveLine(models.Model):
    """Lots that must be kept apart do not come together, by whatever way the goods move."""

    _inherit = "stock.move.line"

    def _after_done(self):
        result = super()._after_done()
        self.env["lot.separation"]._check(self)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines._done()
        if done:
            self.env["lot.separation"]._check(done)
        return lines

    def write(self, vals):
        guarded = self.browse()
        if _GUARDED & vals.keys():
            guarded = self._done()
        result = super().write(vals)
        if guarded:
            self.env["lot.separation"]._check(guarded)
        return result
