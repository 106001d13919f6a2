from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import lot_separation

CRITERIA = [
    ("allergen", "Different allergens"),
    ("tag", "Product tags"),
    ("status", "Statuses"),
    ("lot", "Several lots of one product"),
]
SCOPES = ("in_production", "in_package", "in_location")
_APART = {
    "allergen": lot_separation.differ,
    "tag": lot_separation.opposed,
    "status": lot_separation.opposed,
    "lot": lot_separation.several_lots,
}


class LotSeparationRule(models.Model):
    """Lots that must not come together in one order, package or place."""

    _name = "lot.separation.rule"
    _description = "Batch separation rule"
    _inherit = ["lot.cached.rules", "lot.audited"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    action = fields.Selection(
        [("warn", "Warn"), ("block", "Block")],
        "When they meet",
        required=True,
        default="warn",
        help="A warning asks whoever validates, and is noted on the document; a block stops it.",
    )
    criterion = fields.Selection(CRITERIA, "Keep apart", required=True, default="tag")
    in_production = fields.Boolean("In one manufacturing order", help="As components.")
    in_package = fields.Boolean("In one package")
    in_location = fields.Boolean("In one place", default=True)
    tag_ids = fields.Many2many("product.tag", "lot_separation_tag_rel", string="Products with")
    other_tag_ids = fields.Many2many(
        "product.tag",
        "lot_separation_other_tag_rel",
        string="From products with",
        help="Empty: from all products without the tags above.",
    )
    status_ids = fields.Many2many("lot.status", "lot_separation_status_rel", string="Lots that are")
    other_status_ids = fields.Many2many(
        "lot.status",
        "lot_separation_other_status_rel",
        string="From lots that are",
        help="Empty: from lots of every other status.",
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product category",
        help="Only lots of this category and those below it. Empty: all.",
    )
    location_id = fields.Many2one(
        "stock.location",
        check_company=True,
        help="Only in this place and those below it. Empty: everywhere.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

    @api.constrains("criterion", "tag_ids", "status_ids", *SCOPES)
    def _check_complete(self):
        for rule in self:
            if not any(rule[scope] for scope in SCOPES):
                raise ValidationError(
                    self.env._("Say where the lots are kept apart: in one order, package or place.")
                )
            if rule.criterion == "tag" and not rule.tag_ids:
                raise ValidationError(self.env._("Choose the tags of the products to keep apart."))
            if rule.criterion == "status" and not rule.status_ids:
                raise ValidationError(self.env._("Choose the statuses of the lots to keep apart."))

    @api.model
    @ormcache("company_id")
    def _ids_of(self, company_id: int) -> tuple[int, ...]:
        # sudo: the firm's rules count for everybody
        return tuple(self.sudo().search([("company_id", "in", (company_id, False))]).ids)

    @api.model
    def _rules(self, company) -> "LotSeparationRule":
        """The rules that count in a company."""
        # sudo: the firm's rules count for everybody
        return self.sudo().browse(self._ids_of(company.id))

    # -- one rule ----------------------------------------------------------------------------

    def _covers(self, product) -> bool:
        category = self.categ_id
        path = product.categ_id.parent_path or ""
        return not category or path.startswith(category.parent_path)

    def _counts_in(self, location) -> bool:
        place = self.location_id
        return not place or (location.parent_path or "").startswith(place.parent_path)

    def _mark(self, product, lot, name: str) -> lot_separation.Mark:
        """What this rule wants to know of a lot.

        :param lot: empty when it will be made when the goods arrive
        """
        if self.criterion == "allergen":
            return frozenset(lot.allergen_ids.ids)
        if self.criterion == "lot":
            return product.id, name
        if self.criterion == "status":
            own, first, second = lot.status_id, self.status_ids, self.other_status_ids
        else:
            own, first, second = product.all_product_tag_ids, self.tag_ids, self.other_tag_ids
        is_first = bool(own & first)
        return is_first, bool(own & second) if second else not is_first

    def _meetings(self, arriving: list[tuple], present: list[tuple]) -> list[tuple]:
        """Pairs of (product, lot, name) that this rule keeps apart, the first of them arriving."""
        covered = [
            {item: self._mark(*item) for item in items if self._covers(item[0])}
            for items in (arriving, present)
        ]
        return lot_separation.meetings(
            covered[0],
            [pair for pair in covered[1].items() if pair[0] not in covered[0]],
            _APART[self.criterion],
        )
