from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    """Core's return of a transfer, into the place for recalled goods."""

    _inherit = "stock.return.picking"

    recall_id = fields.Many2one("lot.recall")

    def _prepare_picking_default_values_based_on(self, picking):
        values = super()._prepare_picking_default_values_based_on(picking)
        if self.recall_id:
            values.update(self.recall_id._return_values())
        return values
