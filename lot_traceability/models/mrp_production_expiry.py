from odoo import models


class MrpProduction(models.Model):
    """When an order is finished its components are known, and so is what limits its lots."""

    _inherit = "mrp.production"

    def _post_inventory(self, cancel_backorder=False):
        result = super()._post_inventory(cancel_backorder=cancel_backorder)
        self._limit_lots()
        return result

    def _limit_lots(self) -> None:
        """What these orders made may last as long as what they used allows."""
        if self:
            self._finished_lots()._inherit_expiry()

    def _finished_lots(self):
        """The lots that came out of these orders, by-products as well."""
        return self.move_finished_ids.move_line_ids.filtered(
            lambda line: line.state == "done"
        ).lot_id
