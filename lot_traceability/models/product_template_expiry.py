from odoo import api, fields, models
from odoo.exceptions import ValidationError

EXPIRY_RULES = [
    ("production", "Days after production"),
    ("components", "Earliest of the components"),
    ("earliest", "Earliest of both"),
]
INHERITING = ("components", "earliest")


class ProductTemplate(models.Model):
    """How long lots of a product last that are made here, opened or thawed."""

    _inherit = "product.template"

    lot_expiry_rule = fields.Selection(
        EXPIRY_RULES,
        "Lots made here expire",
        help="Set when an order is finished, and again when its components are corrected. Empty: "
        "so many days after the lot got its number. A date that somebody has set is kept.",
    )
    lot_days_opened = fields.Integer(
        "Days after opening", help="How long an opened lot may be used. 0: opening changes nothing."
    )
    lot_days_thawed = fields.Integer(
        "Days after thawing", help="How long a thawed lot may be used. 0: thawing changes nothing."
    )

    @api.constrains("lot_days_opened", "lot_days_thawed")
    def _check_lot_days(self):
        if any(product.lot_days_opened < 0 or product.lot_days_thawed < 0 for product in self):
            raise ValidationError(
                self.env._("Days after opening or thawing cannot be negative: enter 0 for none.")
            )

    @api.constrains("lot_expiry_rule")
    def _check_expiry_circle(self):
        """Products that inherit their expiry from each other would have none of their own."""
        inheriting = self.filtered(lambda product: product.lot_expiry_rule in INHERITING)
        for product in inheriting:
            circle = product._expiry_circle()
            if circle:
                raise ValidationError(
                    self.env._(
                        "These products would inherit their expiry from each other: %s. Let one of "
                        "them expire so many days after production.",
                        " → ".join(circle.mapped("display_name")),
                    )
                )

    def _expiry_circle(self) -> "ProductTemplate":
        """The way from this product over components that inherit as well and back to it; empty
        when there is none."""
        self.ensure_one()
        came_from, waiting = {}, self
        while waiting:
            found = self.browse()
            for product in waiting:
                for part in product._expiry_components() - self.browse(came_from):
                    came_from[part.id] = product
                    found |= part
            if self in found:
                circle, step = self, came_from[self.id]
                while step != self:
                    circle, step = step + circle, came_from[step.id]
                return self + circle
            waiting = found
        return self.browse()

    def _expiry_components(self) -> "ProductTemplate":
        """Components of this product, main product or by-product, that inherit their expiry."""
        # sudo: a circle is one whoever sees the bills of materials
        boms = self.env["mrp.bom"].sudo()
        found = boms.search(
            [
                "|",
                ("product_tmpl_id", "=", self.id),
                ("byproduct_ids.product_id.product_tmpl_id", "=", self.id),
            ]
        )
        parts = found.bom_line_ids.product_tmpl_id
        return parts.filtered(lambda part: part.lot_expiry_rule in INHERITING).sudo(self.env.su)
