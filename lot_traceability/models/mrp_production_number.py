from odoo import models

from .lot_numbering_request import NumberRequest


class MrpProduction(models.Model):
    """What an order makes is numbered by the scheme of its product."""

    _inherit = "mrp.production"

    def _prepare_stock_lot_values(self):
        values = super()._prepare_stock_lot_values()
        number = self.env["lot.numbering"]._next_numbers([self._number_request()])[0]
        return values | {"name": number} if number else values

    def _number_request(self) -> NumberRequest:
        return NumberRequest(
            self.product_id, self.company_id, self.picking_type_id, values=self._number_values()
        )

    def _number_values(self) -> dict:
        """What the order adds to what the number of its lots may say; others add to it."""
        # The line is where the product leaves the plant.
        # sudo: whoever closes an order need not be allowed to read its work centres
        lines = self.sudo().workorder_ids.workcenter_id.filtered("code")
        return {"line": lines[-1:].code or ""}
