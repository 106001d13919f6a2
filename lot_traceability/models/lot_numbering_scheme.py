from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import lot_numbering, lot_numbering_periods
from ..tools.lot_numbering import Codes, NumberingError, Template
from .lot_numbering_request import NumberRequest

RESETS = [
    ("never", "Never"),
    ("day", "Each day"),
    ("week", "Each week (ISO)"),
    ("month", "Each month"),
    ("year", "Each year"),
]
# What a counter of its own may be kept for, and the token that has to say it in the number.
# Numbers are unique by product: two products may have the same one.
COUNTED_BY = {
    "per_product": ("product", False),
    "per_plant": ("plant", "{plant}"),
    "per_line": ("line", "{line}"),
    "per_shift": ("shift", "{shift}"),
    "per_supplier_lot": ("supplier_lot", "{supplier_lot}"),
}


class LotNumberingScheme(models.Model):
    """How the lots of some products, made or received somewhere, are numbered."""

    _name = "lot.numbering.scheme"
    _description = "Lot numbering scheme"
    _inherit = ["mail.thread", "lot.cached.rules", "lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10, help="The first one is taken of two that fit alike.")
    template = fields.Char(required=True, default="{date:%Y%m%d}-{seq:03}", tracking=True)
    reset = fields.Selection(
        RESETS, "Counter starts over", required=True, default="day", tracking=True
    )
    per_product = fields.Boolean("Per product", tracking=True)
    per_plant = fields.Boolean("Per plant", tracking=True)
    per_line = fields.Boolean("Per line", tracking=True)
    per_shift = fields.Boolean("Per shift", tracking=True)
    per_supplier_lot = fields.Boolean("Per supplier's lot", tracking=True)
    gap_free = fields.Boolean(
        "Without gaps",
        tracking=True,
        help="Numbers are given when the lots are recorded, one document after the other. Others "
        "wait meanwhile, and dialogs that prepare numbers beforehand cannot take them.",
    )
    on_receipt = fields.Boolean(
        "Number receipts by itself",
        tracking=True,
        help="A line of a receipt that has no lot number when it is validated gets one. Leave "
        "this off where the supplier's lot number has to be kept: validation then asks for it.",
    )
    product_ids = fields.Many2many("product.template", string="Products")
    category_ids = fields.Many2many(
        "product.category", string="Product categories", help="With all categories below them"
    )
    picking_type_ids = fields.Many2many("stock.picking.type", string="Operation types")
    company_id = fields.Many2one("res.company", help="Empty: all companies, with one counter")
    year_codes = fields.Char(
        required=True,
        default=lot_numbering.YEAR_CODES,
        help="The characters of {year_code}, from 2010 on; after the last one they start over.",
    )
    month_codes = fields.Char(
        required=True,
        default=lot_numbering.MONTH_CODES,
        help="The characters of {month_code}, January to December",
    )
    preview = fields.Char("Next three numbers", compute="_compute_preview")
    preview_problem = fields.Char(compute="_compute_preview")

    # -- checks ------------------------------------------------------------------------------

    @api.constrains("template", "reset", "year_codes", "month_codes", *COUNTED_BY)
    def _check_template(self):
        for scheme in self:
            problem = scheme._problem()
            if problem:
                raise ValidationError(problem)

    def _parsed(self) -> Template:
        """
        :raises NumberingError: when the template cannot be used
        """
        return Template.parse(
            self.template or "", Codes(self.year_codes or "", self.month_codes or "")
        )

    def _problem(self) -> str:
        """Why the template cannot be used, or an empty text."""
        _ = self.env._
        try:
            template = self._parsed()
        except NumberingError as error:
            return self._translated(error)
        for field, (_value, token) in COUNTED_BY.items():
            if self[field] and token and token[1:-1] not in template.tokens:
                return _(
                    "The counter is kept “%(field)s”, but the number does not say it, so two of "
                    "them would give the same number. Add %(token)s to the template.",
                    field=self._fields[field]._description_string(self.env),
                    token=token,
                )
        repetition = lot_numbering_periods.twice(template, self.reset)
        if repetition:
            return _(
                "The template would give the same number twice: %(number)s for %(first)s and again "
                "for %(second)s. Add what is missing of the date, or let the counter start over "
                "less often.",
                number=repetition.number,
                first=repetition.first,
                second=repetition.second,
            )
        return ""

    def _translated(self, error: NumberingError) -> str:
        # The texts are marked for translators where the error is made.
        return self.env._(error.text, **error.details)

    # -- preview -----------------------------------------------------------------------------

    @api.depends(
        "template", "reset", "year_codes", "month_codes", "product_ids", "company_id", *COUNTED_BY
    )
    def _compute_preview(self):
        for scheme in self:
            scheme.preview = False
            scheme.preview_problem = scheme._problem()
            if not scheme.preview_problem:
                template = scheme._parsed()
                values = scheme._sample_values(template)
                try:
                    first = self.env["lot.numbering.counter"]._peek(
                        scheme._origin.id, scheme._counter_key(template, values)
                    )
                    scheme.preview = ", ".join(
                        template.render(values, first + number) for number in range(3)
                    )
                except NumberingError as error:
                    scheme.preview_problem = scheme._translated(error)

    def _sample_values(self, template: Template) -> dict:
        company = self.company_id or self.env.company
        product = self.product_ids._origin.product_variant_ids[:1]
        general = self.env["lot.numbering"]._general_values(company)
        samples = {"plant": "WH", "line": "L1", "shift": "A", "supplier_lot": "5678"}
        samples |= {"product": "1234", "product_id": 0, "expiry": general["date"]}
        if product:
            request = NumberRequest(product, company, self.picking_type_ids._origin[:1])
            general = self.env["lot.numbering"]._values(request, general)
        return samples | {name: value for name, value in general.items() if value}

    # -- choice ------------------------------------------------------------------------------

    @api.model
    def _candidates(self, companies):
        """All schemes that may serve in these companies.

        sudo: whoever makes a lot has it numbered, without being shown the configuration.
        """
        ids = (id_ for company in (False, *companies.ids) for id_ in self._ids_of(company))
        return self.sudo().browse(ids)

    @api.model
    @ormcache("company_id")
    def _ids_of(self, company_id: int | bool) -> tuple[int, ...]:
        # sudo: as in `_candidates`
        return tuple(self.sudo().search([("company_id", "=", company_id)]).ids)

    def _best_for(self, request):
        """The scheme among these that fits a lot most closely: by product, then by the nearest
        category, then by operation type, then by company."""
        fitting = [(scheme._closeness(request), scheme) for scheme in self]
        fitting = [entry for entry in fitting if entry[0]]
        if not fitting:
            return self.browse()
        return max(fitting, key=lambda entry: (entry[0], -entry[1].sequence, -entry[1].id))[1]

    def _closeness(self, request) -> tuple | None:
        """How closely the scheme fits; None when it does not."""
        product = request.product.sudo()  # sudo: as in `_candidates`
        categories = [int(part) for part in (product.categ_id.parent_path or "").split("/") if part]
        depth = max(
            (categories.index(id_) + 1 for id_ in self.category_ids.ids if id_ in categories),
            default=0,
        )
        if (
            (self.company_id and self.company_id != request.company)
            or (self.product_ids and product.product_tmpl_id not in self.product_ids)
            or (self.category_ids and not depth)
            or (self.picking_type_ids and request.operation_type not in self.picking_type_ids)
        ):
            return None
        return (
            bool(self.product_ids),
            depth,
            bool(self.picking_type_ids),
            bool(self.company_id),
        )

    # -- counter -----------------------------------------------------------------------------

    def _counter_key(self, template: Template, values: dict) -> str:
        """In which period, and for what, a lot with these values is counted."""
        name = lot_numbering_periods.counting_date(template, self.reset)
        parts = []
        if name:
            if not values.get(name):
                raise lot_numbering.MissingValueError(name)
            parts.append(lot_numbering_periods.period(self.reset, values[name]))
        for field, (value, token) in COUNTED_BY.items():
            if self[field]:
                part = values.get(value if token else "product_id")
                parts.append(f"{self._fields[field].name[4:]} {part}")
        return " · ".join(parts) or "-"

    @api.ondelete(at_uninstall=False)
    def _unlink_counters(self):
        # sudo: whoever may delete a scheme deletes what it has counted
        counters = self.env["lot.numbering.counter"].sudo()
        counters.search([("scheme_id", "in", self.ids)]).unlink()
