from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sscc_extension = fields.Selection(
        [(str(digit), str(digit)) for digit in range(10)],
        "SSCC extension digit",
        default="0",
        required=True,
        help="The first digit of the number of a pallet. Take the next one when the numbers of "
        "this one are used up.",
    )
