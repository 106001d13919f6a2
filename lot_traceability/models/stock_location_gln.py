from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.gs1 import GS1Error, from_pairs


class StockLocation(models.Model):
    """The number that a place has outside this company."""

    _inherit = "stock.location"

    gln = fields.Char(
        "Global location number",
        copy=False,
        index="btree_not_null",
        help="The 13 digits of AI (414) on the place's GS1 label. Places inside it may have the "
        "same number with an extension of their own.",
    )
    gln_extension = fields.Char(
        "Location number extension",
        copy=False,
        help="What stands behind AI (254) on the label: the room, rack or shelf.",
    )

    _lot_gln_unique = models.UniqueIndex(
        "(gln, COALESCE(gln_extension, ''), COALESCE(company_id, 0)) WHERE gln IS NOT NULL",
        "Another place has this global location number with the same extension. Give this one an "
        "extension of its own.",
    )

    @api.constrains("gln", "gln_extension")
    def _check_gln(self):
        for place in self:
            if place.gln_extension and not place.gln:
                raise ValidationError(
                    self.env._("An extension needs the global location number itself.")
                )
            pairs = [("414", place.gln), ("254", place.gln_extension)]
            try:
                from_pairs((ai, value) for ai, value in pairs if value)
            except GS1Error as error:
                raise ValidationError(str(error)) from error
