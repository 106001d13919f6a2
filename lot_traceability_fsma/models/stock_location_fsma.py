from odoo import api, fields, models
from odoo.tools import ormcache


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
        return self.env["res.partner"].browse(self._fsma_address_of(self.id) or [])

    @api.model
    @ormcache("location_id")
    def _fsma_address_of(self, location_id: int) -> int | bool:
        # sudo: where a place is does not depend on who moves the goods
        place = self.sudo().browse(location_id)
        warehouse = place.warehouse_id
        company = place.company_id or warehouse.company_id
        address = place.fsma_address_id or warehouse.partner_id or company.partner_id
        return address.id

    def write(self, vals):
        if {"fsma_address_id", "location_id", "company_id", "warehouse_id"} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def write(self, vals):
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)


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
