from odoo import models

from ..tools.gs1 import is_gtin

# What is scanned with one of these in front says of itself that it is GS1 data.
MARKS = ("]C1", "]e0", "]d2", "]Q3", "]J1", "\x1d")


class BarcodeNomenclature(models.Model):
    """Reads more identifiers of GS1 labels; a number that is none stays one."""

    _inherit = "barcode.nomenclature"

    def gs1_decompose_extended(self, barcode):
        """Core's reading by the rules, without the plain numbers that only rules of ours would
        take for a label: who scans a product's barcode means the product."""
        try:
            found = super().gs1_decompose_extended(barcode)
        except ValueError:
            # Core's reading of a date trips over month 13 with day 00.
            return None
        return None if found and self._lot_is_plain_number(barcode, found) else found

    def _lot_is_plain_number(self, barcode: str, found: list[dict]) -> bool:
        """A retail number such as 4006381333931 begins as an order number (AI 400) does. And many
        a lot number begins as something that is of no use to anybody here."""
        if barcode.startswith(MARKS):
            return False
        other = [one["type"] == "gs1_other" or one["ai"][:3] in ("323", "700") for one in found]
        return all(other) or (any(other) and is_gtin(barcode))
