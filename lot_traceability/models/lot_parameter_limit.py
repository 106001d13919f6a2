from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import lot_values

STEPS = [
    ("receipt", "Receipt"),
    ("production", "Production"),
    ("storage", "Storage"),
    ("packing", "Packing"),
    ("delivery", "Delivery"),
]


class LotParameterLimit(models.Model):
    """What a parameter may be: of a product or the products of a category, at one step or at all.
    A critical one is a critical control point (HACCP)."""

    _name = "lot.parameter.limit"
    _description = "Limits of a parameter"
    _inherit = ["lot.audited"]
    _order = "parameter_id, sequence, id"
    _check_company_auto = True

    parameter_id = fields.Many2one("lot.parameter", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="parameter_id.kind")
    unit = fields.Char(related="parameter_id.unit")
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    categ_id = fields.Many2one(
        "product.category", "Category", index="btree_not_null", ondelete="cascade"
    )
    step = fields.Selection(STEPS, help="Empty: at each step")
    has_minimum = fields.Boolean("At least")
    minimum = fields.Float(digits=False)
    has_maximum = fields.Boolean("At most")
    maximum = fields.Float(digits=False)
    wanted = fields.Selection([("yes", "Yes"), ("no", "No")], "Must be")
    choice_ids = fields.Many2many(
        "lot.parameter.choice",
        string="Must be one of",
        domain="[('parameter_id', '=', parameter_id)]",
    )
    critical = fields.Boolean(
        "Critical control point",
        help="A value out of these limits puts the lot on hold and demands a corrective action.",
    )
    owner_id = fields.Many2one(
        "res.users",
        "Corrective action by",
        help="Empty: the person responsible for the product, else whoever took the reading",
    )
    days = fields.Integer("Within days", default=1, help="Deadline of the corrective action")
    text = fields.Char("Limits", compute="_compute_text")
    company_id = fields.Many2one("res.company", index="btree_not_null")

    @api.depends(
        "kind", "unit", "has_minimum", "minimum", "has_maximum", "maximum", "wanted", "choice_ids"
    )
    def _compute_text(self):
        wanted = dict(self._fields["wanted"]._description_selection(self.env))
        for limit in self:
            if limit.kind == "number":
                limit.text = lot_values.limits_shown(
                    *limit._range(), limit.parameter_id.decimals, limit.unit or ""
                )
            elif limit.kind == "yes_no":
                limit.text = wanted.get(limit.wanted, "")
            elif limit.kind == "choice":
                limit.text = ", ".join(limit.choice_ids.mapped("name"))
            else:
                limit.text = ""

    @api.depends("parameter_id", "text")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = f"{limit.parameter_id.name or ''} {limit.text or ''}".strip()

    @api.constrains(
        "parameter_id",
        "has_minimum",
        "minimum",
        "has_maximum",
        "maximum",
        "wanted",
        "choice_ids",
        "days",
    )
    def _check_sense(self):
        for limit in self:
            lowest, highest = limit._range()
            if not limit.text:
                raise ValidationError(
                    self.env._("Enter what %s may be.", limit.parameter_id.name)
                    if limit.kind != "text"
                    else self.env._("A text has no limits: judge it by its verdict.")
                )
            if lowest is not None and highest is not None and lowest > highest:
                raise ValidationError(
                    self.env._(
                        "The limits of %s cross: at least must not be above at most.",
                        limit.parameter_id.name,
                    )
                )
            if not 0 <= limit.days <= 365:
                raise ValidationError(self.env._("Give a deadline of 0 to 365 days."))

    @api.constrains("product_tmpl_id", "categ_id")
    def _check_one_place(self):
        if any(limit.product_tmpl_id and limit.categ_id for limit in self):
            raise ValidationError(
                self.env._("Limits are of a product or of a category: empty one of the two.")
            )

    def _range(self) -> tuple[float | None, float | None]:
        return (
            self.minimum if self.has_minimum else None,
            self.maximum if self.has_maximum else None,
        )

    def _is_broken_by(self, measurement) -> bool:
        if self.kind == "number":
            return lot_values.outside(lot_values.number(measurement.value) or 0, *self._range())
        if self.kind == "yes_no":
            return (measurement.value == "Yes") != (self.wanted == "yes")
        return measurement.value_choice_id not in self.choice_ids

    @api.model
    def _for(self, parameters, products, companies):
        """All limits that may concern readings of these, to be chosen from by `_choose`."""
        # sudo: the limits are the firm's, whoever takes the reading
        return self.sudo().search(
            Domain("parameter_id", "in", parameters.ids)
            & Domain("company_id", "in", [False, *companies.ids])
            & Domain("product_tmpl_id", "in", [False, *products.product_tmpl_id.ids])
            & Domain("categ_id", "in", [False, *products.categ_id._with_parents().ids])
        )

    def _choose(self, parameter, product, step, company):
        """The one of these limits that counts: the product's before its category's, the nearest
        category's first, those of a step before those of all, the company's before the shared."""
        above = product.categ_id._with_parents()
        depth = {category.id: place for place, category in enumerate(above)}
        candidates = self.filtered(
            lambda one: (
                one.parameter_id == parameter
                and one.step in (False, step)
                and one.company_id in (company, company.browse())
                and one.product_tmpl_id
                in (product.product_tmpl_id, product.product_tmpl_id.browse())
                and (not one.categ_id or one.categ_id.id in depth)
            )
        )
        return candidates.sorted(
            lambda one: (
                0 if one.product_tmpl_id else 1 if one.categ_id else 2,
                depth.get(one.categ_id.id, 0),
                not one.step,
                not one.company_id,
                one.sequence,
                one.id,
            )
        )[:1]
