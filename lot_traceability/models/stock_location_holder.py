from odoo import api, fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    lot_holder_id = fields.Many2one(
        "res.partner",
        "Held by",
        compute="_compute_lot_holder_id",
        store=True,
        readonly=False,
        recursive=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who keeps stock of ours here: a customer or hospital with a consignment, the driver "
        "of a van. The lots count as stock in the field. Places below take it over.",
    )

    @api.depends("location_id.lot_holder_id")
    def _compute_lot_holder_id(self):
        for place in self:
            place.lot_holder_id = place.location_id.lot_holder_id
