from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class LotExpiryAction(models.TransientModel):
    """Transfers that are prepared with the lots and left as drafts for whoever does them."""

    _inherit = "lot.expiry.action"

    # -- inside ------------------------------------------------------------------------------

    def _apply_transfer(self) -> dict:
        if not self.location_dest_id:
            raise UserError(self.env._("Choose where the lots go."))
        groups = self.line_ids.grouped(self._operation_type)
        pickings = self.env["stock.picking"].create(
            [
                self._prepare_transfer_vals(operation_type, lines)
                for operation_type, lines in groups.items()
            ]
        )
        for picking, lines in zip(pickings, groups.values(), strict=True):
            for move in picking.move_ids:
                self._fill(move, [(line, line.quantity) for line in lines if line._fits(move)])
        return self._show(pickings, self.env._("Transfers"))

    @api.model
    def _fill(self, move, shares: list[tuple]) -> None:
        """Put lots on a draft and reserve them for it. Odoo would take it for ready by that.

        :param shares: (line, quantity)
        """
        move.with_context(preserve_state=True).move_line_ids = [
            Command.create(line._prepare_move_line_vals(move) | {"quantity": quantity})
            for line, quantity in shares
        ]

    def _operation_type(self, line):
        warehouse = line.location_id.warehouse_id or self.location_dest_id.warehouse_id
        company = line.quant_id.company_id
        if warehouse.company_id != company:
            warehouse = self.env["stock.warehouse"].search(
                [("company_id", "=", company.id)], limit=1
            )
        return warehouse.int_type_id

    def _prepare_transfer_vals(self, operation_type, lines) -> dict:
        target = self.location_dest_id
        places = lines.location_id
        source = places if len(places) == 1 else operation_type.default_location_src_id
        moves = []
        for (product, place), part in lines.grouped(
            lambda line: (line.product_id, line.location_id)
        ).items():
            moves.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom": product.uom_id.id,
                        "product_uom_qty": sum(part.mapped("quantity")),
                        "location_id": place.id,
                        "location_dest_id": target.id,
                        "company_id": operation_type.company_id.id,
                        "picking_type_id": operation_type.id,
                    }
                )
            )
        return {
            "picking_type_id": operation_type.id,
            "location_id": source.id,
            "location_dest_id": target.id,
            "origin": self.env._("Expiry"),
            "move_ids": moves,
        }

    # -- to the supplier ---------------------------------------------------------------------

    def _apply_return(self) -> dict:
        wanted = defaultdict(list)  # receipt: [(line, move, quantity)]
        for line, shares in self.line_ids._receipts().items():
            for move, quantity in shares:
                wanted[move.picking_id].append((line, move, quantity))
        pickings = self.env["stock.picking"]
        for receipt, parts in wanted.items():
            pickings += self._return(receipt, parts)
        return self._show(pickings, self.env._("Returns to suppliers"))

    def _return(self, receipt, parts: list[tuple]):
        """A draft return of a receipt, as Odoo's own return makes it, with these lots on it.

        :param parts: (line, move of the receipt, quantity)
        """
        wizard = self.env["stock.return.picking"].create({"picking_id": receipt.id})
        values = wizard._prepare_picking_default_values()
        source = parts[0][0].location_id
        picking = receipt.copy(values | {"location_id": source.id, "user_id": False})
        by_move = defaultdict(list)
        for line, move, quantity in parts:
            by_move[move, line.location_id].append((line, quantity))
        for (move, place), shares in by_move.items():
            returned = wizard.product_return_moves.filtered(lambda row, m=move: row.move_id == m)
            total = sum(quantity for _line, quantity in shares)
            returned.quantity = move.product_id.uom_id._compute_quantity(total, returned.uom_id)
            before = picking.move_ids
            returned._process_line(picking)
            moved = picking.move_ids - before
            moved.location_id = place
            self._fill(moved, shares)
        return picking
