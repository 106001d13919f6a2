from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    lot_timezone = fields.Selection(
        _tz_get,
        "Time zone of lot dates",
        help="Tells on which day a lot expires: it may be used until that day ends there. "
        "Empty: as the company's working hours.",
    )
    lot_sparing = fields.Boolean(
        "Few lots per order",
        default=True,
        help="Among lots that expire on the same day, those are reserved that keep an order on few "
        "lots.",
    )
    lot_fefo_ask = fields.Boolean(
        "Ask why another lot is taken",
        default=True,
        help="Whoever takes a lot although an earlier expiring one is free is asked why.",
    )

    def write(self, vals):
        if "resource_calendar_id" in vals:
            # The zone of lot dates is kept in memory.
            self.env.registry.clear_cache()
        return super().write(vals)
