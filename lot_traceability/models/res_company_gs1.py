from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    gs1_prefix = fields.Char(
        "GS1 company prefix",
        help="6 to 12 digits, from the licence of your GS1 organisation. Numbers of pallets "
        "(SSCC) and of RFID tags begin with it.",
    )

    @api.constrains("gs1_prefix")
    def _check_gs1_prefix(self):
        for company in self:
            prefix = company.gs1_prefix
            if prefix and not (prefix.isascii() and prefix.isdigit() and 6 <= len(prefix) <= 12):
                raise ValidationError(
                    self.env._(
                        "A GS1 company prefix has 6 to 12 digits and nothing else, not “%s”. Look "
                        "it up in the licence of your GS1 organisation.",
                        prefix,
                    )
                )
