from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, ormcache


class LotFsmaParagraph(models.Model):
    """A paragraph of 21 CFR 1.1305, in our own words, and what it does to the records."""

    _name = "lot.fsma.paragraph"
    _description = "Paragraph of exemptions"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    code = fields.Char("Paragraph", required=True)
    name = fields.Char("In short", required=True, translate=True)
    sequence = fields.Integer(default=100)
    keeps = fields.Selection(
        [("none", "Nothing"), ("receiving", "Records of receiving")],
        "Still to be kept",
        required=True,
        default="none",
    )
    retention_days = fields.Integer(
        help="Where the paragraph has a time of its own: 180 days for purchases from farms"
    )
    source = fields.Char(required=True)

    _code_unique = models.Constraint("UNIQUE(code)", "This paragraph is on the list already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        for paragraph in self:
            paragraph.display_name = f"{paragraph.code} {paragraph.name}"


class LotFsmaExemption(models.Model):
    """A product, or a firm, that the rule does not bind, for which reason, since when, and what
    proves it."""

    _name = "lot.fsma.exemption"
    _description = "Exemption from the rule"
    _inherit = ["mail.thread", "lot.audited", "lot.cached.rules"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Firm",
        index="btree_not_null",
        ondelete="restrict",
        help="A supplier, a farm, or our own firm",
    )
    paragraph_id = fields.Many2one("lot.fsma.paragraph", required=True, ondelete="restrict")
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_until = fields.Date("Until")
    note = fields.Text("Why it applies")
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    user_id = fields.Many2one(
        "res.users",
        "Decided by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    active = fields.Boolean(default=True)

    _days_in_order = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date_from)",
        "An exemption cannot end before it begins. Correct one of the two days.",
    )

    # The paragraph is always given: a record that names neither is looked at as well.
    @api.constrains("product_tmpl_id", "partner_id", "paragraph_id")
    def _check_subject(self):
        for exemption in self:
            if bool(exemption.product_tmpl_id) == bool(exemption.partner_id):
                raise ValidationError(
                    self.env._("Choose what is exempt: either a product or a firm.")
                )

    @api.depends("product_tmpl_id", "partner_id", "paragraph_id", "date_from")
    def _compute_display_name(self):
        for exemption in self:
            what = exemption.product_tmpl_id or exemption.partner_id
            exemption.display_name = self.env._(
                "%(what)s: %(paragraph)s since %(day)s",
                what=what.display_name or "",
                paragraph=exemption.paragraph_id.code or "",
                day=format_date(self.env, exemption.date_from) if exemption.date_from else "",
            )

    @api.model
    @ormcache("company_id")
    def _of_company(self, company_id: int) -> tuple[tuple, ...]:
        """(product template id, id of the firm, what is kept, from, until) of each."""
        # sudo: whether records are due does not depend on who moves the goods
        found = self.sudo().search([("company_id", "=", company_id)])
        return tuple(
            (
                one.product_tmpl_id.id,
                one.partner_id.commercial_partner_id.id,
                one.paragraph_id.keeps,
                one.date_from,
                one.date_until or None,
            )
            for one in found
        )

    @api.model
    def _in_force(self, company, day: date) -> tuple[dict[int, str], dict[int, str]]:
        """Who is exempt on a day: ({product template id: what is kept}, {id of the firm: what is
        kept}), "none" or "receiving"."""
        products, firms = {}, {}
        for template_id, firm_id, kept, start, end in self._of_company(company.id):
            if start <= day and (end is None or day <= end):
                (products if template_id else firms)[template_id or firm_id] = kept
        return products, firms
