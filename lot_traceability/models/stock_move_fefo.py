from odoo import models

from .lot_done_answers import fefo_answers


class StockMove(models.Model):
    """Measures first-expired-first-out: before the goods move, as only then is known what was
    free, and written once they have moved."""

    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        with self.env["stock.move.line"]._choosing():
            return super()._action_assign(force_qty)

    def _action_done(self, cancel_backorder=False):
        takings = self.env["lot.fefo"]._takings(self)
        told = self.move_line_ids._fefo_told() if takings else {}
        # What stays for a backorder keeps its lots: nobody chooses them.
        with self.env["stock.move.line"]._choosing():
            moves = super()._action_done(cancel_backorder=cancel_backorder)
        if takings:
            done = {move.id for move in moves if move.state == "done"}
            takings = [taking for taking in takings if taking.move.id in done]
            self.env["lot.fefo"]._record(takings, {**fefo_answers(self.env), **told})
        return moves
