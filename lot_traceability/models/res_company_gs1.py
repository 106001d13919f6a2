from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    gs1_prefix = fields.Char(
        "GS1 company prefix", help="6 to 12 digits, as they stand in the GS1 licence"
    )

    @api.constrains("gs1_prefix")
    def _check_gs1_prefix(self):
        for company in self.filtered("gs1_prefix"):
            prefix = company.gs1_prefix
            if not (prefix.isascii() and prefix.isdigit() and 6 <= len(prefix) <= 12):
                raise ValidationError(
                    self.env._(
                        "“%s” is no GS1 company prefix: it has 6 to 12 digits, and stands in your "
                        "GS1 licence.",
                        prefix,
                    )
                )
