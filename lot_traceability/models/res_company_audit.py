from odoo import models


class ResCompany(models.Model):
    """The settings of lots of a company are told when they change."""

    _name = "res.company"
    _inherit = ["res.company", "lot.audited"]
