from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    recall_id = fields.Many2one(
        "lot.recall",
        "Recall",
        index="btree_not_null",
        ondelete="restrict",
        help="The recall that brings these goods back or sends them on",
    )


class StockReturnPicking(models.TransientModel):
    """Core's return of a transfer, into the place for recalled goods."""

    _inherit = "stock.return.picking"

    recall_id = fields.Many2one("lot.recall")

    def _prepare_picking_default_values_based_on(self, picking):
        values = super()._prepare_picking_default_values_based_on(picking)
        if self.recall_id:
            values.update(self.recall_id._return_values())
        return values
