from collections.abc import Iterable

from odoo import fields, models

from ..tools.gs1 import ElementString, from_pairs
from ..tools.gs1.countries import digits
from ..tools.label.identifiers import date_text, measure_pair


class StockLot(models.Model):
    """What a label, a Digital Link or a tag says of a lot: from here, wherever it is written."""

    _inherit = "stock.lot"

    label_count = fields.Integer(
        "Labels", compute="_compute_label_count", groups="lot_traceability.group_reader"
    )

    def _compute_label_count(self):
        # sudo: how often a lot was labelled is part of what is known of it, whoever printed
        totals = self.env["lot.label.line"].sudo()._totals("stock.lot", self.ids)
        for lot in self:
            lot.label_count = totals.get(lot.id, 0)

    def action_label_prints(self) -> dict:
        """Open the prints of labels of this lot.

        :return: an action
        """
        self.ensure_one()
        return self.env["lot.label.line"]._action_of(self)

    def _label_elements(
        self,
        identifiers: Iterable[str] = ("01", "17", "10", "21"),
        *,
        quantity: float = 0.0,
        document=None,
    ) -> ElementString:
        """What GS1 can say of this lot, in the order asked for; what is not known is left out.

        :param identifiers: application identifiers of which those are given that are known; a
            measure by its first three digits (310 for kilograms), AI 10 becomes 21 for a serial
        :param quantity: in the product's unit, for AI 30 and 310
        :param document: with which the label is printed, for AI 400
        :raise GS1Error: the lot's number, or the product's GTIN, is none that GS1 allows
        """
        self.ensure_one()
        serial = self.product_id.tracking == "serial"
        wanted = dict.fromkeys("21" if ai == "10" and serial else ai for ai in identifiers)
        pairs = []
        for identifier in wanted:
            pair = self._label_pair(identifier, serial, quantity, document)
            if pair and pair[1]:
                pairs.append(pair)
        return from_pairs(pairs, today=self.env["lot.calendar"]._today(self._lot_company()))

    def _label_pair(self, identifier: str, serial: bool, quantity: float, document):
        """(identifier, value) of one, or nothing; extend it by what else a lot can say."""
        product = self.product_id
        days = {"11": self.production_date, "13": self.packing_date}
        days |= {"15": self._lot_day("use_date"), "17": self._lot_day("expiration_date")}
        if identifier in days:
            return identifier, date_text(days[identifier])
        if identifier == "01":
            return identifier, product._label_gtin()
        if identifier in ("10", "21"):
            return identifier, self.name if serial == (identifier == "21") else ""
        if identifier == "7006":
            return identifier, date_text(self.freezing_date)
        if identifier == "422":
            return identifier, digits(self.origin_country_id.code or "")
        if identifier == "30":
            whole = quantity and quantity == int(quantity) and not product._label_is_weighed()
            return identifier, str(int(quantity)) if whole else ""
        if identifier == "310" and quantity and product._label_is_weighed():
            return measure_pair("310", product._label_kilograms(quantity))
        if identifier == "240":
            return identifier, product.default_code or ""
        if identifier == "400" and document is not None and document._name == "purchase.order":
            return identifier, document.name
        return None

    # -- what a label asks of whatever has one -----------------------------------------------

    def _label_lot(self):
        return self

    def _label_lots(self):
        return self

    def _label_product(self):
        return self.product_id

    def _label_quantity(self) -> float:
        """A label of a lot tells what it is printed for, not what is left of it."""
        return 0.0

    def _label_title(self) -> str:
        return self.product_id._label_name()

    def _label_number(self) -> str:
        return self.name
