from odoo import api, models

# Fields of Odoo's own.
_OF_ODOO = {"removal_strategy_id"}


class ProductCategory(models.Model):
    """What a category demands of its lots is told when it changes."""

    _name = "product.category"
    _inherit = ["product.category", "lot.audited"]

    @api.model
    def _audited_fields(self):
        return super()._audited_fields() | _OF_ODOO
