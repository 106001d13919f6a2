from odoo import api, fields, models

from .product_template_number import MASK_HELP, check_masks


class ResPartner(models.Model):
    _inherit = "res.partner"

    lot_mask = fields.Char("Form of their lot numbers", help=MASK_HELP)

    @api.constrains("lot_mask")
    def _check_lot_mask(self):
        check_masks(self)
