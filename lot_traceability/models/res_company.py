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
