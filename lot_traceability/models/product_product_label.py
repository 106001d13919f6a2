from odoo import models

from ..tools.gs1 import is_gtin


class ProductProduct(models.Model):
    """What labels say of a product."""

    _inherit = "product.product"

    def _label_gtin(self) -> str:
        """The 14 digits of its barcode, or nothing where that is none of GS1."""
        code = self.barcode or ""
        return code.zfill(14) if is_gtin(code) else ""

    def _label_name(self) -> str:
        """The name without the reference, which stands on a label by itself; with what makes a
        variant."""
        return self.with_context(display_default_code=False).display_name or ""

    def _label_is_weighed(self) -> bool:
        """Whether its unit is one of weight."""
        return self.uom_id._has_common_reference(self.env.ref("uom.product_uom_kgm"))

    def _label_kilograms(self, quantity: float) -> float:
        """A quantity in its own unit as kilograms."""
        kilogram = self.env.ref("uom.product_uom_kgm")
        return self.uom_id._compute_quantity(quantity, kilogram, round=False)
