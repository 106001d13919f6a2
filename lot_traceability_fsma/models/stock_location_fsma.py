from odoo import api, fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    fsma_address_id = fields.Many2one(
        "res.partner",
        "Address",
        compute="_compute_fsma_address_id",
        store=True,
        readonly=False,
        recursive=True,
        ondelete="restrict",
        help="Where this place is when it is not at the address of its warehouse: an outside cold "
        "store, another building in another street. Places below take it over.",
    )

    @api.depends("location_id.fsma_address_id")
    def _compute_fsma_address_id(self):
        for place in self:
            place.fsma_address_id = place.location_id.fsma_address_id

    def _fsma_address(self):
        """The contact that tells where this place is."""
        self.ensure_one()
        warehouse = self.warehouse_id
        company = self.company_id or warehouse.company_id
        return self.fsma_address_id or warehouse.partner_id or company.partner_id


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    fsma_event = fields.Selection(
        [
            ("harvesting", "Harvesting"),
            ("cooling", "Cooling before initial packing"),
            ("initial_packing", "Initial packing"),
            ("first_receiving", "First land-based receiving"),
            ("receiving", "Receiving"),
            ("transformation", "Transformation"),
            ("none", "None"),
        ],
        "Critical tracking event",
        help="What this operation is under FSMA 204. Empty: receipts are receiving (the first on "
        "land when a vessel brings seafood), deliveries shipping, orders transformation or initial "
        "packing.",
    )
