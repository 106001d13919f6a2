from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.scan_choice import choice
from .lot_scan_flow import RefusedError
from .lot_scan_flow_pick import Picked

_ALTERNATIVES = 3


class LotScanFlowPick(models.AbstractModel):
    """Why something is not taken, and what to take instead."""

    _inherit = "lot.scan.flow.pick"

    # -- how much --------------------------------------------------------------------------------

    @api.model
    def _quantity_of(self, command, wish: Picked, labelled: float) -> float:
        """How much is taken: what was typed, else what the label says; asked where neither does.

        :raise UserError: when it is more than is asked for and nobody said so
        """
        product, unit = wish.product, wish.product.uom_id
        quantity = self._read_quantity(command) or labelled
        if product.tracking == "serial":
            quantity = quantity or 1.0
        left = self._left(wish.move)
        if not quantity:
            raise RefusedError(
                self.env._("How much of %s is taken?", wish.lot.name or product.display_name),
                [*self._offered(self._usual(wish, left), product), self._ask_quantity(product)],
            )
        self._check_quantity(quantity, product)
        if unit.compare(quantity, left) > 0 and command.data.get("more") is not True:
            raise RefusedError(
                self.env._(
                    "Only %(left)s of %(product)s are still asked for, not %(quantity)s.",
                    left=self._shown(left, product),
                    product=product.display_name,
                    quantity=self._shown(quantity, product),
                ),
                [
                    *self._offered(left, product),
                    choice(
                        "more",
                        self.env._("Take %s all the same", self._shown(quantity, product)),
                        more=True,
                        quantity=quantity,
                    ),
                ],
            )
        return quantity

    @api.model
    def _usual(self, wish: Picked, left: float) -> float:
        """What is taken most likely: what is kept there for the transfer, or the whole package."""
        kept = sum(self._reserved(wish, wish.location).mapped("quantity_product_uom"))
        there = sum(self._quants(wish, wish.location).mapped("quantity"))
        return min(kept or there, left or there)

    @api.model
    def _offered(self, quantity: float, product) -> list[dict[str, Any]]:
        if product.uom_id.compare(quantity, 0) <= 0:
            return []
        label = self.env._("Take %s", self._shown(quantity, product))
        return [choice("quantity", label, quantity=quantity)]

    # -- not twice -------------------------------------------------------------------------------

    @api.model
    def _refuse_twice(self, wish: Picked) -> None:
        """A piece is taken once."""
        if wish.product.tracking != "serial":
            return
        # sudo: a piece in the hand of somebody else is taken, whatever one may read
        taken = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("lot_id", "=", wish.lot.id),
                    ("picked", "=", True),
                    ("state", "not in", ("done", "cancel")),
                    ("quantity", ">", 0),
                ],
                limit=1,
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(serial)s was scanned for %(document)s already. Scan the next piece.",
                    serial=wish.lot.name,
                    document=taken.move_id.reference or taken.move_id._lot_document().display_name,
                )
            )

    # -- not enough there ------------------------------------------------------------------------

    @api.model
    def _refuse_short(self, wish: Picked, quants, kept, data: dict[str, Any]) -> float:
        """Stop where there is not so much, or where others count on it.

        :return: how much of it is kept for others, where somebody chose to take it all the same
        """
        product, unit = wish.product, wish.product.uom_id
        if not product.is_storable:
            return 0.0
        there = sum(quants.mapped("quantity"))
        in_hands = self._in_hands(wish)
        if unit.compare(wish.quantity, there - in_hands) > 0:
            raise RefusedError(
                self.env._(
                    "There are only %(left)s of %(what)s in %(place)s.",
                    left=self._shown(max(there - in_hands, 0.0), product),
                    what=wish.lot.name or product.display_name,
                    place=wish.location.display_name,
                ),
                [*self._offered(there - in_hands, product), *self._others(wish)],
            )
        free = there - sum(quants.mapped("reserved_quantity"))
        free += sum(kept.mapped("quantity_product_uom"))
        lacking = wish.quantity - free
        if unit.compare(lacking, 0) > 0 and data.get("reserved") is not True:
            raise RefusedError(
                self.env._(
                    "%(quantity)s of %(what)s are kept for another order.",
                    quantity=self._shown(lacking, product),
                    what=wish.lot.name or product.display_name,
                ),
                [
                    *self._offered(free, product),
                    *self._others(wish),
                    choice("reserved", self.env._("Take it all the same"), reserved=True),
                ],
            )
        return max(lacking, 0.0)

    @api.model
    def _in_hands(self, wish: Picked) -> float:
        """What was taken from there and has not left yet, by whomever."""
        domain = (
            Domain("product_id", "=", wish.product.id)
            & Domain("lot_id", "=", wish.lot.id)
            & Domain("location_id", "child_of", wish.location.id)
            & Domain("picked", "=", True)
            & Domain("state", "not in", ("done", "cancel"))
        )
        if wish.package:
            domain &= Domain("package_id", "=", wish.package.id)
        # sudo: what somebody else has in hand is gone, whatever one may read
        lines = self.env["stock.move.line"].sudo()
        return lines._read_group(domain, [], ["quantity_product_uom:sum"])[0][0] or 0.0

    # -- the gate --------------------------------------------------------------------------------

    @api.model
    def _refuse_gate(self, wish: Picked, data: dict[str, Any]) -> None:
        """A lot that may not go is not taken; says why, and which one may."""
        gate, move = self.env["lot.gate"], wish.move
        terms = wish.lot and gate._terms(move, source=wish.location, leaves=True)
        code = terms and gate._refusal(terms, wish.lot)
        if code:
            raise RefusedError(
                self.env._(
                    "%(lot)s may not go: %(why)s.",
                    lot=wish.lot.name,
                    why=gate._reason(wish.lot, code, terms, move.company_id),
                ),
                self._others(wish),
            )

    @api.model
    def _others(self, wish: Picked) -> list[dict[str, Any]]:
        """Which lots to take instead: those that are kept for the transfer, then those that Odoo
        would reserve."""
        move, lot, gate = wish.move, wish.lot, self.env["lot.gate"]
        if not lot:
            return []
        terms = gate._terms(move, leaves=True)
        found: dict[tuple, float] = {}
        for line in move.move_line_ids:
            if line.picked or not line.lot_id or line.lot_id == lot:
                continue
            if not terms or not gate._refusal(terms, line.lot_id):
                key = (line.lot_id, line.location_id)
                found[key] = found.get(key, 0.0) + line.quantity_product_uom
        if len(found) < _ALTERNATIVES:
            free = self._would_reserve(move, max(self._left(move), 1.0))
            for quant, part in free:
                if quant.lot_id and quant.lot_id != lot:
                    found.setdefault((quant.lot_id, quant.location_id), part)
        return [
            self._other(other, place, part, wish.product)
            for (other, place), part in list(found.items())[:_ALTERNATIVES]
        ]

    @api.model
    def _other(self, lot, place, quantity: float, product) -> dict[str, Any]:
        return choice(
            "other_lot",
            self.env._(
                "Take %(lot)s from %(place)s (%(quantity)s)",
                lot=lot.name,
                place=place.display_name,
                quantity=self._shown(quantity, product),
            ),
            lot_id=lot.id,
            location_id=place.id,
            number=False,
        )

    # -- first expired, first out ----------------------------------------------------------------

    @api.model
    def _refuse_later(self, wish: Picked, lines, data: dict[str, Any]) -> None:
        """Another lot is to go first: taken all the same with a reason, which stays with it."""
        fefo, told = self.env["lot.fefo"], lines.fefo_reason_id
        asks = self.env.company.lot_fefo_ask
        if told or (not asks and isinstance(data.get("fefo"), dict)):
            return
        taking = next(
            (one for one in fefo._deviations(wish.move) if one.lot.id == wish.lot.id), None
        )
        if not taking:
            return
        lot = taking.proposed.with_env(self.env)
        place = self._places_of(lot, wish.move)[:1]
        others = [self._other(lot, place, wish.quantity, wish.product)] if place else []
        raise RefusedError(
            self.env._(
                "%(other)s expires %(days)s days before %(lot)s. Take it first.",
                other=lot.name,
                days=taking.days,
                lot=wish.lot.name,
            )
            if taking.days
            else self.env._(
                "%(other)s goes before %(lot)s. Take it first.", other=lot.name, lot=wish.lot.name
            ),
            [*others, self._ask_exception()],
        )

    @api.model
    def _places_of(self, lot, move):
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "=", lot.id),
                ("location_id", "child_of", move.location_id.id),
                ("quantity", ">", 0),
            ],
            order="in_date, id",
        )
        return quants.location_id
