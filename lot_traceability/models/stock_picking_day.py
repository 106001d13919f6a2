from odoo import models


class StockPicking(models.Model):
    """Before a transfer with lots that are too old core asks: here by the one rule of days, and
    of lots that are only being received as well."""

    _inherit = "stock.picking"

    def _check_expired_lots(self):
        return self.move_line_ids._lot_too_old().picking_id

    def _action_generate_expired_wizard(self):
        action = super()._action_generate_expired_wizard()
        lots = self.move_line_ids._lot_too_old().lot_id
        action["context"] = {**action["context"], "default_lot_ids": [(6, 0, lots.ids)]}
        return action
