from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

OPERATIONS = [("split", "Split"), ("merge", "Merge"), ("relabel", "Relabel")]
# The kinds of event that the audit log has for them.
TOLD_AS = {"split": "split", "merge": "merged", "relabel": "relabelled"}


class LotOperation(models.Model):
    """A change of lot identity that is no production: the stock leaves the old lots and enters
    the new ones through two ordinary stock moves, so that quants, valuation and genealogy agree."""

    _name = "lot.operation"
    _description = "Lot operation"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: self.env._("New")
    )
    kind = fields.Selection(OPERATIONS, required=True, readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    move_ids = fields.One2many("stock.move", "lot_operation_id", "Moves", readonly=True)
    move_line_ids = fields.One2many(
        "stock.move.line", compute="_compute_move_line_ids", string="Product moves"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)

    @api.depends("move_ids.move_line_ids")
    def _compute_move_line_ids(self):
        for operation in self:
            operation.move_line_ids = operation.move_ids.move_line_ids

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "name" not in vals:
                vals["name"] = self.env["ir.sequence"].next_by_code("lot.operation")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.move_ids.filtered(lambda move: move.state == "done"):
            raise UserError(
                self.env._(
                    "A lot operation that moved stock is part of the lots' history and cannot be "
                    "deleted. Make another operation that undoes it."
                )
            )

    def _transfer(self, taken: list[tuple], given: list[tuple]) -> None:
        """Move stock out of lots and into lots.

        :param taken: (quant, quantity) with quantities in the product's unit
        :param given: (quant to take place, package and owner from, lot, quantity)
        """
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        place = product.property_stock_production
        for lines in (
            [
                {
                    "location_id": quant.location_id.id,
                    "location_dest_id": place.id,
                    "lot_id": quant.lot_id.id,
                    "package_id": quant.package_id.id,
                    "owner_id": quant.owner_id.id,
                    "quantity": quantity,
                }
                for quant, quantity in taken
            ],
            [
                {
                    "location_id": place.id,
                    "location_dest_id": quant.location_id.id,
                    "lot_id": lot.id,
                    "result_package_id": quant.package_id.id,
                    "owner_id": quant.owner_id.id,
                    "quantity": quantity,
                }
                for quant, lot, quantity in given
            ],
        ):
            move = self.env["stock.move"].create(self._prepare_move_vals(lines))
            move._action_confirm(merge=False)
            move.picked = True
            move._action_done()
        self._tell_operation(taken, given)

    def _tell_operation(self, taken: list[tuple], given: list[tuple]) -> None:
        """On the history of each lot: which lots became which, and how much of each."""
        sources: dict = defaultdict(float)
        targets: dict = defaultdict(float)
        for quant, quantity in taken:
            sources[quant.lot_id] += quantity
        for _quant, lot, quantity in given:
            targets[lot] += quantity
        unit = self.product_id.uom_id.name
        told = {
            side: [
                {"id": lot.id, "name": lot.name, "quantity": f"{quantity:.10g} {unit}"}
                for lot, quantity in lots.items()
            ]
            for side, lots in (("from", sources), ("to", targets))
        }
        for lot in {**sources, **targets}:
            self.env["lot.audit.event"]._record(
                TOLD_AS[self.kind],
                lot=lot,
                company=self.company_id,
                document=self,
                data=told,
                why=self.reason,
            )

    def _prepare_move_vals(self, lines: list[dict]) -> dict:
        product = self.product_id
        common = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "company_id": self.company_id.id,
        }
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": sum(line["quantity"] for line in lines),
            "location_id": lines[0]["location_id"],
            "location_dest_id": lines[0]["location_dest_id"],
            "company_id": self.company_id.id,
            "origin": self.name,
            "lot_operation_id": self.id,
            "move_line_ids": [(0, 0, line | common) for line in lines],
        }
