from collections.abc import Iterable

from odoo import models

from ..tools.gs1 import ElementString, from_pairs
from ..tools.label.errors import LabelError
from ..tools.label.errors import mark as _


class StockLocation(models.Model):
    """What a label says of a place."""

    _inherit = "stock.location"

    def _label_elements(
        self,
        identifiers: Iterable[str] = ("414", "254"),
        *,
        quantity: float = 0.0,
        document=None,
    ) -> ElementString:
        """The GLN of this place, or that of the nearest place around it with its barcode as the
        extension (254).

        :param identifiers: as for a lot; quantity and document say nothing here
        :raise LabelError: neither it nor a place around it has a GLN
        """
        self.ensure_one()
        place, told = self, {}
        while place and not told:
            if place.gln:
                within = self.gln_extension if place == self else self.barcode or self.name
                told = {"414": place.gln, "254": within or ""}
            place = place.location_id
        if not told:
            raise LabelError(_("the place has no GLN"))
        pairs = [(ai, told[ai]) for ai in dict.fromkeys(identifiers) if told.get(ai)]
        return from_pairs(pairs)

    # -- what a label asks of whatever has one -----------------------------------------------

    def _label_lot(self):
        return self.env["stock.lot"]

    def _label_lots(self):
        return self.env["stock.lot"]

    def _label_product(self):
        return self.env["product.product"]

    def _label_quantity(self) -> float:
        return 0.0

    def _label_title(self) -> str:
        return ""

    def _label_number(self) -> str:
        return self.barcode or self.complete_name
