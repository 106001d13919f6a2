from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.scan_choice import choice
from .lot_scan_flow import RefusedError
from .lot_scan_flow_receive import Arrival


class LotScanFlowReceive(models.AbstractModel):
    """What is not received without somebody saying so, and what not at all."""

    _inherit = "lot.scan.flow.receive"

    @api.model
    def _refuse_arrival(self, arrival: Arrival, data: dict[str, Any]) -> None:
        """:raise UserError: it is here already, was not ordered, or is not what it should be"""
        self._refuse_repeated(arrival)
        if data.get("differs") is not True:
            self._refuse_other_day(arrival)
        if data.get("expired") is not True:
            self._refuse_expired(arrival)
        if data.get("short") is not True:
            self._refuse_short_lived(arrival)
        if any(move.product_qty for move in self._moves(arrival.picking)):
            self._refuse_not_ordered(arrival, data)

    @api.model
    def _refuse_repeated(self, arrival: Arrival) -> None:
        """A piece, or a pallet, arrives once."""
        reading, lines = arrival.reading, arrival.picking.move_line_ids.filtered("picked")
        package = reading.packages[:1] if reading and reading.elements.sscc else None
        if package and (package.quant_ids or package in lines.result_package_id):
            raise UserError(
                self.env._("The pallet %s was received already. Scan the next one.", package.name)
            )
        if arrival.product.tracking != "serial" or not arrival.number:
            return
        same = lines.filtered(
            lambda line: (
                line.product_id == arrival.product
                and arrival.number in (line.lot_id.name, line.lot_name)
            )
        )
        if same:
            raise UserError(
                self.env._(
                    "%s was scanned on this receipt already. Scan the next piece.", arrival.number
                )
            )
        # sudo: a piece is where it is, whatever one may read
        quants = arrival.lot and arrival.lot.sudo().quant_ids.filtered(
            lambda quant: (
                quant.quantity > 0
                and quant.location_id.usage in ("internal", "transit", "customer")
            )
        )
        if quants:
            raise UserError(
                self.env._(
                    "%(serial)s is in %(place)s already. Check the label; what a customer sends "
                    "back is a return.",
                    serial=arrival.number,
                    place=quants[0].location_id.display_name,
                )
            )

    @api.model
    def _refuse_other_day(self, arrival: Arrival) -> None:
        """The label of a lot that is known says another day than the lot does."""
        calendar, company = self.env["lot.calendar"], arrival.picking.company_id
        known = arrival.lot and arrival.lot.expiration_date
        told = arrival.facts.get("expiration_date")
        if not known or not told:
            return
        here, there = calendar._day(known, company), calendar._day(told, company)
        if here != there:
            raise RefusedError(
                self.env._(
                    "Lot %(lot)s expires on %(here)s, but this label says %(there)s.",
                    lot=arrival.number,
                    here=fields.Date.to_string(here),
                    there=fields.Date.to_string(there),
                ),
                [choice("differs", self.env._("It is the same lot"), differs=True)],
            )

    @api.model
    def _refuse_expired(self, arrival: Arrival) -> None:
        company = arrival.picking.company_id
        expiry = self._expiry(arrival)
        if expiry and expiry < self.env["lot.calendar"]._expired_before(company):
            raise RefusedError(
                self.env._(
                    "This expired on %s.",
                    fields.Date.to_string(self.env["lot.calendar"]._day(expiry, company)),
                ),
                [choice("expired", self.env._("Receive it all the same"), expired=True)],
            )

    @api.model
    def _expiry(self, arrival: Arrival):
        return (arrival.lot and arrival.lot.expiration_date) or arrival.facts.get("expiration_date")

    @api.model
    def _as_lot(self, arrival: Arrival):
        """The lot, as it will be once it is received."""
        if arrival.lot:
            return arrival.lot
        return self.env["stock.lot"].new(
            {
                "product_id": arrival.product.id,
                "name": arrival.number or arrival.supplier_lot or "?",
                "create_date": fields.Datetime.now(),
                "expiration_date": arrival.facts.get("expiration_date"),
                "production_date": arrival.facts.get("production_date"),
            }
        )

    @api.model
    def _refuse_short_lived(self, arrival: Arrival) -> None:
        """A lot that would be stopped at the end is stopped before it is unloaded."""
        if not arrival.moves or not self._expiry(arrival):
            return
        gate, move = self.env["lot.gate"], arrival.moves[0]
        terms = gate._terms(move, leaves=True)
        lot = self._as_lot(arrival)
        code = terms and gate._refusal(terms, lot)
        if code:
            raise RefusedError(
                self.env._(
                    "%(product)s %(lot)s %(why)s. Leave it with the driver, or ask Quality.",
                    product=arrival.product.display_name,
                    lot=lot.name,
                    why=gate._reason(lot, code, terms, move.company_id),
                ),
                [choice("short", self.env._("Scan it all the same"), short=True)],
            )

    @api.model
    def _refuse_not_ordered(self, arrival: Arrival, data: dict[str, Any]) -> None:
        product, unit = arrival.product, arrival.product.uom_id
        quantity = self._shown(arrival.quantity, product)
        if not arrival.moves and data.get("unordered") is not True:
            raise RefusedError(
                self.env._(
                    "%(product)s is not on %(document)s.",
                    product=product.display_name,
                    document=arrival.picking.name,
                ),
                [choice("unordered", self.env._("Receive it all the same"), unordered=True)],
            )
        if not arrival.moves or data.get("more") is True:
            return
        left = self._left(arrival.moves)
        if unit.compare(arrival.quantity, left) > 0:
            rest = self.env._("Receive %s", self._shown(left, product))
            all_of_it = self.env._("Receive %s all the same", quantity)
            raise RefusedError(
                self.env._(
                    "Only %(left)s of %(product)s are still to come, not %(quantity)s.",
                    left=self._shown(left, product),
                    product=product.display_name,
                    quantity=quantity,
                ),
                [
                    *([choice("rest", rest, quantity=left)] if unit.compare(left, 0) > 0 else []),
                    choice("more", all_of_it, more=True, quantity=arrival.quantity),
                ],
            )

    # -- quarantine by rule ----------------------------------------------------------------------

    @api.model
    def _quarantine(self, arrival: Arrival, line) -> str:
        """Why the lot will wait for quality once it is received; empty where it will not."""
        if arrival.product.tracking == "none" or line.location_id.usage != "supplier":
            return ""
        move = line.move_id
        reason = line._quarantine_reason(move, arrival.product, False)
        if reason:
            return reason
        lot = self._as_lot(arrival)
        return self.env["lot.gate"]._arrival_reasons(move, lot).get(lot.id, "")
