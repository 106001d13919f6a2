from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import lot_name
from ..tools.lot_mask import Mask
from .stock_lot_status import listed


class StockLot(models.Model):
    """What a person who types a number is told before it is saved."""

    _inherit = "stock.lot"

    label_hint = fields.Char(
        compute="_compute_label_hint", help="What a GS1 label cannot carry of the lot number"
    )

    @api.depends("name")
    def _compute_label_hint(self):
        for lot in self:
            lot.label_hint = self._label_problem(lot.name or "")

    @api.onchange("name", "product_id")
    def _onchange_number(self):
        problems = self._number_warnings(
            self.product_id, self.company_id, self.name, mine=self._origin, existing=True
        )
        if problems:
            return {"warning": {"title": self.env._("Lot number"), "message": "\n".join(problems)}}
        return None

    @api.model
    def _label_problem(self, number: str) -> str:
        """What a GS1 label cannot carry of the number, or an empty text."""
        _ = self.env._
        too_many, signs = lot_name.beyond_label(number)
        problems = []
        if too_many:
            problems.append(
                _(
                    "A GS1 label carries %(most)s characters of a lot number, and this one has "
                    "%(length)s.",
                    most=lot_name.GS1_LENGTH,
                    length=lot_name.GS1_LENGTH + too_many,
                )
            )
        if signs:
            problems.append(_("A GS1 label cannot carry “%s”.", "” “".join(signs)))
        return " ".join(problems)

    @api.model
    def _number_warnings(self, product, company, number, *, mine=None, existing=False) -> list[str]:
        """What a person who types a number should know before saving it.

        :param mine: the lot that has the number
        :param existing: whether an existing lot of that number is a mistake
        """
        number = lot_name.clean(number or "")
        product = product._origin
        if not number or not product or (mine and mine.name == number):
            return []
        problems = [self._label_problem(number)]
        if product.lot_mask and not Mask.parse(product.lot_mask).fits(number):
            problems.append(self._mask_problem(product.display_name, product.lot_mask, [number]))
        owners = [False, (company or self.env.company).id]
        others = self.search(
            Domain("product_id", "=", product.id)
            & Domain("name_key", "=", lot_name.key(number))
            & Domain("company_id", "in", owners)
            & Domain("id", "not in", (mine or self).ids)
        ).mapped("name")  # fmt: skip
        if number in others:
            if existing:
                problems.append(self.env._("Lot %s of this product exists already.", number))
        elif others and (company or self.env.company).lot_lookalike != "off":
            problems.append(
                self.env._(
                    "%(number)s looks like a lot of this product that exists already. Did you "
                    "mean %(others)s?",
                    number=number,
                    others=listed(self.env, others),
                )
            )
        return [problem for problem in problems if problem]
