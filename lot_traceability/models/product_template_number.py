from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.lot_mask import Mask, MaskError
from .lot_numbering_request import NumberRequest

MASK_HELP = (
    "The form that lot numbers must have. A is a letter, 9 a digit, X a letter or a digit, * any "
    "character, {3} or {2,5} behind one says how often, text in quotes stands for itself. "
    "For example AA-9999."
)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    lot_mask = fields.Char("Form of lot numbers", help=MASK_HELP)
    lot_scheme_id = fields.Many2one(
        "lot.numbering.scheme",
        "Numbering scheme",
        compute="_compute_lot_scheme",
        compute_sudo=True,
        help="The scheme that numbers the lots of this product. Empty: Odoo's own sequence does.",
    )
    lot_next_number = fields.Char(
        "Next lot number", compute="_compute_lot_scheme", compute_sudo=True
    )
    lot_mask_conflict = fields.Boolean(compute="_compute_lot_mask_conflict")

    @api.constrains("lot_mask")
    def _check_lot_mask(self):
        check_masks(self)

    @api.depends("lot_mask", "lot_next_number")
    def _compute_lot_mask_conflict(self):
        for template in self:
            number, mask = template.lot_next_number, template.lot_mask
            template.lot_mask_conflict = number and mask and not fits_mask(mask, number)

    @api.depends("lot_sequence_id", "categ_id", "tracking", "default_code")
    @api.depends_context("company")
    def _compute_lot_scheme(self):
        numbering = self.env["lot.numbering"]
        empty = self.env["stock.picking.type"]
        for template in self:
            product = template._origin.product_variant_ids[:1]
            request = NumberRequest(product, self.env.company, empty)
            tracked = product and template.tracking != "none"
            scheme = numbering._schemes([request])[0] if tracked else None
            template.lot_scheme_id = scheme
            template.lot_next_number = numbering._offer(request) if scheme else False


def fits_mask(mask: str, number: str) -> bool:
    """Whether a number has the form; a mask that cannot be read yet refuses nothing."""
    try:
        return Mask.parse(mask).fits(number)
    except MaskError:
        return True


def check_masks(records) -> None:
    """Refuse masks that cannot be read.

    :param records: with a field `lot_mask`
    """
    for record in records.filtered("lot_mask"):
        try:
            Mask.parse(record.lot_mask)
        except MaskError as error:
            raise ValidationError(
                record.env._(
                    "The form %(mask)s of lot numbers cannot be read from character %(position)s "
                    "on. Write it like AA-9999 or 'L'9{6,8}.",
                    mask=record.lot_mask,
                    position=error.position,
                )
            ) from error
