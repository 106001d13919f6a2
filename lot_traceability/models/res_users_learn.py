from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    lot_learn_only = fields.Boolean(
        "Takes a traceability tour",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Odoo's own tours stay off: they were off before this one began.",
    )
