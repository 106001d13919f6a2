from collections.abc import Iterable

from odoo import models

from ..tools.gs1 import ElementString, from_pairs


class StockPackage(models.Model):
    """What a label says of a package: its SSCC, and of its content what is the same for all."""

    _inherit = "stock.package"

    def _label_elements(
        self,
        identifiers: Iterable[str] = ("02", "37", "15", "17", "10", "00"),
        *,
        quantity: float = 0.0,
        document=None,
    ) -> ElementString:
        """What GS1 can say of this package, in the order asked for.

        The content (02, 37, 10 and dates) is told where all of it is of one product and lot, and
        can be counted.

        :param identifiers: as for a lot
        :raise GS1Error: the package has no SSCC, or its content has a number that GS1 refuses
        """
        self.ensure_one()
        told = {"00": self._sscc() or self.name}
        told |= self._label_content(quantity)
        pairs = [(ai, told[ai]) for ai in dict.fromkeys(identifiers) if told.get(ai)]
        return from_pairs(pairs, today=self.env["lot.calendar"]._today(self._label_company()))

    def _label_content(self, quantity: float) -> dict[str, str]:
        """{identifier: value} of the content, empty where it is mixed or is not counted."""
        lot, product = self._label_lot(), self._label_product()
        gtin = product._label_gtin() if product else ""
        count = quantity or self._label_quantity()
        if not gtin or product._label_is_weighed() or count != int(count) or count < 1:
            return {}
        told = {"02": gtin, "37": str(int(count))}
        if lot:
            of_lot = lot._label_elements(("11", "13", "15", "17", "10", "21", "422"))
            told |= {element.ai: element.value for element in of_lot}
        return told

    def _label_company(self):
        return self.company_id or self.env.company

    # -- what a label asks of whatever has one -----------------------------------------------

    def _label_lots(self):
        return self.contained_quant_ids.lot_id

    def _label_lot(self):
        """The one lot in it, if it is one and all of it has it."""
        quants = self.contained_quant_ids
        lots = quants.lot_id
        return lots if len(lots) == 1 and all(quants.mapped("lot_id")) else lots.browse()

    def _label_product(self):
        products = self.contained_quant_ids.product_id
        return products if len(products) == 1 else products.browse()

    def _label_quantity(self) -> float:
        return sum(self.contained_quant_ids.mapped("quantity"))

    def _label_title(self) -> str:
        products = self.contained_quant_ids.product_id
        if len(products) == 1:
            return products._label_name()
        if not products:
            return self.package_type_id.name or ""
        return self.env._("Mixed: %s products", len(products))

    def _label_number(self) -> str:
        return self.name
