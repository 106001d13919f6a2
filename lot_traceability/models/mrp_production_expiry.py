from odoo import models


class MrpProduction(models.Model):
    """When an order is finished its components are known, and so is what limits its lots."""

    _inherit = "mrp.production"

    def _post_inventory(self, cancel_backorder=False):
        result = super()._post_inventory(cancel_backorder=cancel_backorder)
        self._finished_lots()._inherit_expiry()
        return result

    def _finished_lots(self):
        """The lots that came out of these orders, by-products as well."""
        return self.move_finished_ids.move_line_ids.filtered(
            lambda line: line.state == "done"
        ).lot_id
