from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "lot.reading.document"]

    def _reading_link(self) -> str:
        return "picking_id"

    def _reading_lots(self):
        return self.move_line_ids.lot_id

    def _reading_step(self) -> str:
        steps = {"incoming": "receipt", "outgoing": "delivery"}
        return steps.get(self.picking_type_code, "storage")
