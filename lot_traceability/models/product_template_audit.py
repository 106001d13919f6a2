from odoo import api, models

# Fields of Odoo's own.
_OF_ODOO = {
    "tracking",
    "use_expiration_date",
    "expiration_time",
    "use_time",
    "removal_time",
    "alert_time",
}


class ProductTemplate(models.Model):
    """What a product says of its lots is told when it changes."""

    _name = "product.template"
    _inherit = ["product.template", "lot.audited"]

    @api.model
    def _audited_fields(self):
        return super()._audited_fields() | _OF_ODOO
