from odoo import api, fields, models


class StockMove(models.Model):
    """What a receipt has to tell of its lots is asked for where the lots are typed in."""

    _inherit = "stock.move"

    lot_demands = fields.Char(
        "To be entered",
        compute="_compute_lot_demands",
        help="What must be known of each lot before the receipt is validated",
    )
    lot_demand_fields = fields.Char(compute="_compute_lot_demands")

    @api.depends("product_id", "location_id")
    def _compute_lot_demands(self):
        for move in self:
            demands = self.env["lot.field.demand"]
            if move.location_id.usage == "supplier" and move.has_tracking != "none":
                # sudo: who receives goods need not be allowed to read what products demand
                demands = move.product_id.sudo()._lot_demands("receipt")
            move.lot_demands = ", ".join(demands.mapped("name"))
            # Each name between commas, so that a view finds none within another.
            move.lot_demand_fields = f",{','.join(demands.mapped('field_name'))}," * bool(demands)
