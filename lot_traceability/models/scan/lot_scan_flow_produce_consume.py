from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from .lot_scan_flow import RefusedError
from .lot_scan_goods import Goods


class LotScanFlowProduce(models.AbstractModel):
    """Components that are scanned into an order."""

    _inherit = "lot.scan.flow.produce"

    @api.model
    def _do_consume(self, command) -> dict[str, Any]:
        """{"document"; "line_id": of the component; "lot_id" or "product_id", or the text of the
        command; "quantity": what is still asked for unless told; "location_id" or the scanned
        "location"; "more": than the order asks for}."""
        order = self._open(command)
        goods, move = self._component(command, order)
        quantity = self._consumed_quantity(command, goods, move)
        line = self._consume(command, goods, move, quantity)
        self._refuse_by_gate(line)
        message = self.env._(
            "%(quantity)s of %(goods)s into %(order)s.",
            quantity=self._amount(quantity, goods.product),
            goods=goods.name,
            order=order.name,
        )
        for _line, taking in self.env["lot.fefo"]._reservations(line):
            message += " " + self.env._("%s is to be taken first.", taking.proposed.name)
        return {
            "message": message,
            "document": self._document(order),
            "lot": self.env["lot.scan.card"]._lot(goods.lot) if goods.lot else False,
        }

    @api.model
    def _do_undo(self, command) -> dict[str, Any]:
        """{"document"; "entry_id": of what was scanned, or "made": true to take back what was said
        to be made}."""
        order = self._open(command)
        if command.data.get("made"):
            return self._undo_made(order)
        entry = command.data.get("entry_id")
        scanned = self.env["stock.move.line"].union(
            *(self._scanned(move) for move in self._components(order))
        )
        line = scanned.filtered(lambda one: one.id == entry)
        if not line:
            raise UserError(self.env._("This was taken back already. Load the order again."))
        move, name = line.move_id, line.lot_id.name or line.product_id.display_name
        quantity = self._amount(line.quantity_product_uom, line.product_id)
        line.unlink()
        if not self._scanned(move):
            move.manual_consumption = move._is_manual_consumption()
        move._action_assign()
        return {
            "message": self.env._(
                "%(quantity)s of %(goods)s taken back.", quantity=quantity, goods=name
            ),
            "document": self._document(order),
        }

    # -- which component -------------------------------------------------------------------------

    @api.model
    def _component(self, command, order) -> tuple[Goods, Any]:
        """What is consumed, and for which component of the order.

        :raise UserError: when the order does not take it
        """
        moves = self._components(order)
        line_id = command.data.get("line_id")
        if line_id:
            moves = moves.filtered(lambda move: move.id == line_id)
            if not moves:
                raise UserError(
                    self.env._("%s has changed. Load it again, then scan again.", order.name)
                )
        named = command.text or command.data.get("lot_id") or command.data.get("product_id")
        if not named and len(moves) == 1 and moves.product_id.tracking == "none":
            goods = Goods(moves.product_id, None)
        else:
            goods = self._goods(command, moves.product_id)
        fitting = moves.filtered(lambda move: move.product_id == goods.product)
        if not fitting:
            raise UserError(
                self.env._(
                    "%(goods)s is %(product)s. %(order)s takes: %(products)s. Scan one of these.",
                    goods=goods.name,
                    product=goods.product.display_name,
                    order=order.name,
                    products=", ".join(moves.product_id.mapped("display_name")) or "–",
                )
            )
        return goods, next((move for move in fitting if self._missing(move) > 0), fitting[0])

    @api.model
    def _missing(self, move) -> float:
        """What is still asked for of a component, in the product's unit."""
        taken = sum(self._scanned(move).mapped("quantity_product_uom"))
        return max(move.product_id.uom_id.round(move.product_qty - taken), 0.0)

    @api.model
    def _consumed_quantity(self, command, goods: Goods, move) -> float:
        product, missing = goods.product, self._missing(move)
        quantity = self._quantity_of(command, goods)
        if quantity is None:
            if not missing:
                raise RefusedError(
                    self.env._("All of %s was taken already. How much more?", product.display_name),
                    [{**self._ask_quantity(product), "data": {"more": True}}],
                )
            return missing
        if product.uom_id.compare(quantity, missing) > 0 and not command.data.get("more"):
            choices = [
                self._choice(
                    "more",
                    self.env._("Take %s all the same", self._amount(quantity, product)),
                    {"quantity": quantity, "more": True},
                )
            ]
            if missing and product.tracking != "serial":
                choices.insert(
                    0,
                    self._choice(
                        "asked",
                        self.env._("Take %s", self._amount(missing, product)),
                        {"quantity": missing},
                    ),
                )
            raise RefusedError(
                self.env._(
                    "%(quantity)s of %(product)s is more than the %(missing)s still asked for.",
                    quantity=self._amount(quantity, product),
                    product=product.display_name,
                    missing=self._amount(missing, product),
                ),
                choices,
            )
        return quantity

    # -- the line --------------------------------------------------------------------------------

    @api.model
    def _consume(self, command, goods: Goods, move, quantity: float):
        """The line by which the order takes this, in place of what was reserved for it."""
        source, package, owner = move.location_id, False, False
        if goods.product.is_storable:
            quant = self._one_quant(command, goods, "location", within=move.location_id)
            self._refuse_more_than(quantity + self._taken_from(move, quant), quant)
            source, package, owner = quant.location_id, quant.package_id.id, quant.owner_id.id
        self._give_up(move, goods, quantity)
        (move.move_line_ids - self._scanned(move)).picked = False
        line = self.env["stock.move.line"].create(
            {
                "move_id": move.id,
                "product_id": goods.product.id,
                "product_uom_id": goods.product.uom_id.id,
                "quantity": quantity,
                "lot_id": goods.lot.id if goods.lot else False,
                "location_id": source.id,
                "location_dest_id": move.location_dest_id.id,
                "package_id": package,
                "owner_id": owner,
                "picked": True,
            }
        )
        # So that Odoo leaves it as it was scanned, whatever quantity is made.
        move.manual_consumption = True
        return line

    @api.model
    def _taken_from(self, move, quant) -> float:
        """What was scanned of this stock into the same order already.

        :raise UserError: when it is a serial number that is in it
        """
        components = self._components(move.raw_material_production_id)
        lines = self.env["stock.move.line"].union(*(self._scanned(one) for one in components))
        same = lines.filtered(
            lambda line: (
                line.product_id == quant.product_id
                and line.lot_id == quant.lot_id
                and line.location_id == quant.location_id
                and line.package_id == quant.package_id
                and line.owner_id == quant.owner_id
            )
        )
        if same and quant.product_id.tracking == "serial":
            raise UserError(
                self.env._("%s was scanned already. Go on with the next.", quant.lot_id.name)
            )
        return sum(same.mapped("quantity_product_uom"))

    @api.model
    def _give_up(self, move, goods: Goods, quantity: float) -> None:
        """What was reserved and is taken now, or is not asked for any more, is free again."""
        unit = goods.product.uom_id
        reserved = move.move_line_ids - self._scanned(move)
        free = quantity - max(
            self._missing(move) - sum(reserved.mapped("quantity_product_uom")), 0.0
        )
        # Of the same lot first, else of what is to be taken last.
        turns = reserved.sorted(self._turn, reverse=True)
        own = turns.filtered(lambda line: goods.lot and line.lot_id == goods.lot)
        for line in own + (turns - own):
            if unit.compare(free, 0) <= 0:
                break
            part = min(free, line.quantity_product_uom)
            free -= part
            if unit.compare(part, line.quantity_product_uom) >= 0:
                line.unlink()
            else:
                line.quantity -= unit._compute_quantity(part, line.product_uom_id)

    # -- the gate --------------------------------------------------------------------------------

    @api.model
    def _refuse_by_gate(self, line) -> None:
        """:raise RefusedError: when the gate refuses the lot: why, and which to take instead"""
        gate = self.env["lot.gate"]
        refusals = gate._refusals(line, leaves=True)
        if not refusals:
            return
        raise RefusedError(
            self.env._(
                "This lot may not be used:\n%s\nTake another one.",
                "\n".join(gate._refusal_rows(refusals)),
            ),
            [
                self._choice(
                    "other_lot",
                    self.env._(
                        "Take %(lot)s: %(place)s",
                        lot=quant.lot_id.name,
                        place=self._lies(quant),
                    ),
                    {
                        "lot_id": quant.lot_id.id,
                        "location_id": quant.location_id.id,
                        "package_id": quant.package_id.id,
                        "owner_id": quant.owner_id.id,
                    },
                )
                for quant in self._instead_of(line)
            ],
        )

    @api.model
    def _instead_of(self, line) -> list:
        """The stock that Odoo would take for this line, the first to be removed first."""
        move = line.move_id._with_terms()
        found = move.env["stock.quant"]._get_reserve_quantity(
            line.product_id, move.location_id, line.quantity_product_uom
        )
        return [quant for quant, _quantity in found if quant.lot_id][:3]
