from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_lot_move_lines_for_sanity_check(self, none_done_picking_ids, separate_pickings=True):
        """Nobody has to type the numbers that a scheme will give."""
        lines = super()._get_lot_move_lines_for_sanity_check(
            none_done_picking_ids, separate_pickings
        )
        return lines - lines._numbered_when_done()
