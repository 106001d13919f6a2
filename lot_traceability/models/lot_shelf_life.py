from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .lot_gate import Share

USES = [
    ("delivery", "Delivery to a customer"),
    ("production", "Use as a component"),
    ("receipt", "Receipt from a supplier"),
]


class LotShelfLife(models.Model):
    """How long a lot must still last when somebody gets it. Of the rules that fit, the one that
    says most about who and what counts: the partner before the partner's category, the product
    before its category."""

    _name = "lot.shelf.life"
    _description = "Minimum remaining shelf life"
    _inherit = ["lot.cached.rules", "lot.audited"]
    _order = "use, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    use = fields.Selection(USES, "For", required=True, default="delivery")
    partner_id = fields.Many2one(
        "res.partner", index=True, help="Counts for the addresses below it as well."
    )
    partner_category_id = fields.Many2one("res.partner.category", "Partner category")
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", index=True, check_company=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category", "Product category", help="Counts for the categories below it as well."
    )
    minimum_days = fields.Integer("Days left")
    minimum_share = fields.Float(
        "Share left",
        help="Of the lot's life from its production to its expiry, as a part of one: two thirds "
        "are 0.67. Where the day of production is not known, the product's days count.",
    )
    accept_quarantine = fields.Boolean(
        "Accept into quarantine",
        help="At receipt: a lot that does not last long enough comes into quarantine instead of "
        "being refused.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

    @api.constrains("minimum_days", "minimum_share", "use")
    def _check_minimum(self):
        for rule in self:
            if rule.minimum_days < 0 or not 0 <= rule.minimum_share <= 1:
                raise ValidationError(
                    self.env._("Days left cannot be negative, and a share lies between 0 and 1.")
                )

    @api.depends("use", "partner_id", "partner_category_id", "product_tmpl_id", "categ_id")
    def _compute_display_name(self):
        for rule in self:
            who = rule.partner_id.display_name or rule.partner_category_id.display_name
            what = rule.product_tmpl_id.display_name or rule.categ_id.display_name
            use = dict(self._fields["use"]._description_selection(self.env)).get(rule.use, "")
            rule.display_name = ": ".join(
                part for part in (use, ", ".join(filter(None, (who, what)))) if part
            )

    @api.model
    @ormcache("use", "company_id")
    def _rules(self, use: str, company_id: int) -> tuple[int, ...]:
        # sudo: the firm's rules count for everybody
        domain = [("use", "=", use), ("company_id", "in", (company_id, False))]
        return tuple(self.sudo().search(domain).ids)

    @api.model
    def _rule(self, product, partner, use: str, company) -> "LotShelfLife":
        """The rule that counts for a product and a partner; empty when there is none."""
        # sudo: the firm's rules count for everybody
        rules = self.sudo().browse(self._rules(use, company.id))
        return max(
            (rule for rule in rules if rule._fits(product, partner)),
            key=LotShelfLife._weight,
            default=self.browse(),
        )

    @api.model
    def _rule_of(self, move, use: str) -> "LotShelfLife":
        """The rule that counts for a move; empty when nothing is asked of its lots."""
        if not move.product_id.use_expiration_date:
            return self.browse()
        return self._rule(move.product_id, move._consignee(), use, move.company_id)

    def _fit_from(self, arrives, company):
        """The instant before which no lot may expire that arrives then; None: nothing is asked."""
        if not self.minimum_days:
            return None
        return self.env["lot.calendar"]._expired_before(company, arrives, self.minimum_days)

    def _share(self, product, arrives, company) -> Share | None:
        """The part of their lives that lots must have left which arrive then."""
        if not self.minimum_share:
            return None
        calendar = self.env["lot.calendar"]
        return Share(
            self.minimum_share,
            calendar._day(arrives, company),
            calendar._zone(company),
            product.expiration_time,
        )

    def _weight(self) -> tuple:
        return (
            bool(self.partner_id),
            bool(self.partner_category_id),
            bool(self.product_tmpl_id),
            len((self.categ_id.parent_path or "").split("/")),
            bool(self.company_id),
            self.id,
        )

    def _fits(self, product, partner) -> bool:
        if self.product_tmpl_id and self.product_tmpl_id != product.product_tmpl_id:
            return False
        path = product.categ_id.parent_path or ""
        if self.categ_id and not path.startswith(self.categ_id.parent_path):
            return False
        family = partner | partner.commercial_partner_id | partner.parent_id
        if self.partner_id and self.partner_id not in family:
            return False
        return not self.partner_category_id or self.partner_category_id in family.category_id
