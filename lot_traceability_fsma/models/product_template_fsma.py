from odoo import api, fields, models
from odoo.addons.lot_traceability.tools.gs1.checks import is_gtin

STAGES = [
    ("packed", "Packed or processed"),
    ("raw", "Raw commodity before its initial packing"),
]


class ProductTemplate(models.Model):
    """Which foods are on the Food Traceability List, and how the rule wants them described."""

    _inherit = "product.template"

    fsma_category_id = fields.Many2one(
        "lot.fsma.category",
        "On the Food Traceability List as",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    fsma_listed = fields.Boolean(
        "Traced under FSMA 204",
        compute="_compute_fsma_listed",
        store=True,
        recursive=True,
        help="On the list itself, or made with a listed food that keeps its listed form",
    )
    fsma_stage = fields.Selection(
        STAGES,
        "Stage",
        default="packed",
        required=True,
        help="Before its initial packing a commodity has no traceability lot code: it is neither "
        "shipped nor received under the rule (21 CFR 1.1340(c), 1.1345(c)).",
    )
    fsma_farmed = fields.Boolean(
        "Farmed", help="Fish and shellfish of aquaculture: the pond, tank or cage is asked for"
    )
    fsma_seed = fields.Boolean(
        "Seeds for sprouting",
        help="What 21 CFR 1.1330(b) asks of seeds is kept with their lots, and told by each "
        "initial packing of sprouts that grew of them",
    )
    fsma_brand = fields.Char("Brand")
    fsma_commodity = fields.Char("Commodity", help="Or species, or the market name of seafood")
    fsma_variety = fields.Char("Variety")
    fsma_packaging_size = fields.Char("Packaging size", help="Such as 12 × 1 lb")
    fsma_packaging_style = fields.Char("Packaging style", help="Such as clamshell, carton or bin")
    fsma_exemption_ids = fields.One2many(
        "lot.fsma.exemption", "product_tmpl_id", "Exemptions", groups="base.group_user"
    )

    @api.depends(
        "fsma_category_id",
        "bom_ids.active",
        "bom_ids.bom_line_ids.fsma_keeps_form",
        "bom_ids.bom_line_ids.product_tmpl_id.fsma_listed",
    )
    def _compute_fsma_listed(self):
        for template in self:
            # sudo: what a product is made of decides, whoever may read its bills
            lines = template.sudo().bom_ids.filtered("active").bom_line_ids
            template.fsma_listed = bool(template.fsma_category_id) or any(
                line.fsma_keeps_form and line.product_tmpl_id.fsma_listed for line in lines
            )

    def _fsma_description(self) -> str:
        """Brand, name, variety, packaging size and style, as far as they are known."""
        self.ensure_one()
        parts = (self.fsma_brand, self.name, self.fsma_variety, self._fsma_packaging())
        return ", ".join(filter(None, parts))

    def _fsma_packaging(self) -> str:
        """Size and style of the packaging; empty unless both are known."""
        if not (self.fsma_packaging_size and self.fsma_packaging_style):
            return ""
        return f"{self.fsma_packaging_size} {self.fsma_packaging_style}"


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _fsma_gtin(self) -> str:
        """The GTIN of this product in 14 digits; empty when its barcode is none."""
        self.ensure_one()
        code = (self.barcode or "").strip()
        if not (code.isdecimal() and len(code) in (8, 12, 13, 14)):
            return ""
        return code.zfill(14) if is_gtin(code.zfill(14)) else ""

    def _fsma_applies(self) -> dict[str, bool]:
        """Which conditions of data elements this food meets, as columns of an event."""
        category = self.fsma_category_id
        told = category._conditions().get(category.id, {})
        return {**told, "aquaculture": told.get("aquaculture", False) or self.fsma_farmed}

    def _fsma_told(self) -> dict:
        """How an event describes this product, as columns."""
        template = self.product_tmpl_id
        return {
            "product_id": self.id,
            "product_description": template._fsma_description(),
            "packaging": template._fsma_packaging(),
            "commodity": template.fsma_commodity or template.name,
            "variety": template.fsma_variety,
        }
