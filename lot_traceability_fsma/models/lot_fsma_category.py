from odoo import api, fields, models
from odoo.tools import ormcache

from ..tools.propose import Rule, words

FARMING = [
    ("produce", "Grown on fields"),
    ("aquaculture", "Aquaculture"),
    ("vessel", "Caught by vessels"),
    ("other", "Other"),
]


class LotFsmaEdition(models.Model):
    """An edition of the Food Traceability List, and where it was published."""

    _name = "lot.fsma.edition"
    _description = "Edition of the Food Traceability List"
    _inherit = ["lot.audited"]
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    date = fields.Date("Published", required=True)
    checked_on = fields.Date("Last compared", help="When it was last compared with its source")
    source = fields.Char(required=True)
    url = fields.Char("Web address")
    category_ids = fields.One2many("lot.fsma.category", "edition_id", "Categories")


class LotFsmaCategory(models.Model):
    """A food of the Food Traceability List, in the form that the list names."""

    _name = "lot.fsma.category"
    _description = "Category of the Food Traceability List"
    _inherit = ["lot.audited", "lot.cached.rules"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How programs and exchange files name it")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    edition_id = fields.Many2one("lot.fsma.edition", required=True, ondelete="restrict")
    form = fields.Char(
        "Form on the list", translate=True, help="In which form it is on the list: fresh, frozen, …"
    )
    included = fields.Char("Among others", translate=True)
    excluded = fields.Char("Not on the list", translate=True)
    keywords = fields.Char(help="Words in the name of a product that speak for it, with commas")
    against = fields.Char("Words against", help="Words that speak against it, with commas")
    farming = fields.Selection(
        FARMING,
        "Comes from",
        default="other",
        required=True,
        help="Decides which elements are asked for: the field, the pond, or the area of the catch",
    )
    sprouts = fields.Boolean(help="Records of the seeds are kept as well: 21 CFR 1.1330(b)")
    product_ids = fields.One2many("product.template", "fsma_category_id", "Products")

    _code_unique = models.Constraint("UNIQUE(code)", "Another category has this code already.")

    @api.model
    @ormcache()
    def _conditions(self) -> dict[int, dict[str, bool]]:
        """Which conditions of data elements each category meets, as columns of an event."""
        # sudo: which elements are due does not depend on who moves the goods
        every = self.sudo().with_context(active_test=False).search([("code", "!=", False)])
        return {
            category.id: {
                "produce": category.farming == "produce",
                "aquaculture": category.farming == "aquaculture",
                "sprouts": category.sprouts,
            }
            for category in every
        }

    @api.model
    def _rules(self) -> list[Rule]:
        """The categories as the proposal of a category takes them."""
        return [
            Rule(category.id, words(category.keywords or ""), words(category.against or ""))
            for category in self.search([("code", "!=", False)])
        ]
