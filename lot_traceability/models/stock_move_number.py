from odoo import api, models
from odoo.exceptions import UserError

from ..tools import lot_name
from .lot_numbering_request import NUMBER_REQUEST, NumberRequest
from .stock_lot_status import listed


class StockMove(models.Model):
    """Odoo's dialogs that generate and import lot numbers count by the product's scheme."""

    _inherit = "stock.move"

    @api.model
    def next_lot_number(self, product_id: int, operation_type_id: int = 0) -> str:
        """Tell which number the next lot of a product gets, without taking it.

        :param product_id: id of a `product.product`
        :param operation_type_id: id of the `stock.picking.type` that receives or makes it, or 0
        :return: the number; empty when Odoo's own numbering counts, or when the number needs
            what is not known yet
        :raise AccessError: when the user may not read the product or the operation type
        """
        product = self.env["product.product"].browse(product_id)
        operation_type = self.env["stock.picking.type"].browse(operation_type_id or [])
        product.check_access("read")
        operation_type.check_access("read")
        company = operation_type.company_id or self.env.company
        return self.env["lot.numbering"]._offer(NumberRequest(product, company, operation_type))

    @api.model
    def action_generate_lot_line_vals(self, context_data, mode, first_lot, count, lot_text):
        product = self.env["product.product"].browse(context_data.get("default_product_id"))
        if mode == "import":
            self._refuse_repeated_serials(product, lot_text)
            return super().action_generate_lot_line_vals(
                context_data, mode, first_lot, count, lot_text
            )
        company = self.env["res.company"].browse(context_data.get("default_company_id"))
        operation_type = self.env["stock.picking.type"].browse(
            context_data.get("default_picking_type_id")
        )
        request = NumberRequest(product, company or self.env.company, operation_type)
        moves = self.with_context(**{NUMBER_REQUEST: request}) if product else self
        return super(StockMove, moves).action_generate_lot_line_vals(
            context_data, mode, first_lot, count, lot_text
        )

    def _generate_serial_numbers(self, next_serial, next_serial_count=False, location_id=False):
        request = NumberRequest(self.product_id, self.company_id, self.picking_type_id)
        moves = self.with_context(**{NUMBER_REQUEST: request})
        return super(StockMove, moves)._generate_serial_numbers(
            next_serial, next_serial_count, location_id
        )

    def _refuse_repeated_serials(self, product, lot_text: str) -> None:
        """A serial number is one item. (A lot may well come on two lines.)"""
        if product.tracking != "serial":
            return
        repeated = lot_name.repeated(line["lot_name"] for line in self.split_lots(lot_text))
        if repeated:
            raise UserError(
                self.env._(
                    "%(count)s serial numbers are in the list more than once, so none was taken "
                    "over. Correct the list: %(numbers)s.",
                    count=len(repeated),
                    numbers=listed(self.env, repeated),
                )
            )
