from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    figures_until = fields.Date(
        "Last day with figures", readonly=True, copy=False, prefetch="lot_settings"
    )
