from dataclasses import dataclass
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import OrderedSet

from ...tools import scan_data
from ...tools.scan_choice import ask, choice
from .lot_scan_flow import RefusedError
from .lot_scan_transfer import MOST_CHOICES


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "pick"]


@dataclass(slots=True)
class Picked:
    """What somebody wants to take, and for which move."""

    move: Any
    lot: Any
    quantity: float
    location: Any
    package: Any

    @property
    def product(self):
        return self.move.product_id


class LotScanFlowPick(models.AbstractModel):
    """Take goods from stock for a transfer. The gate decides which lots may go, and first expired,
    first out which one goes first; where somebody takes another one, the reason stays with it."""

    _name = "lot.scan.flow.pick"
    _description = "Pick goods"
    _inherit = "lot.scan.transfer"
    _sequence = 30

    @api.model
    def _label(self):
        return self.env._("Pick")

    @api.model
    def _kind(self):
        return Domain("picking_type_id.code", "in", ("outgoing", "internal"))

    @api.model
    def _warning(self, picking):
        reserved = all(
            move.state in ("assigned", "done", "cancel") or not move.product_qty
            for move in picking.move_ids
        )
        return "" if reserved else self.env._("Not everything is in stock.")

    @api.model
    def _do_take(self, command) -> dict[str, Any]:
        """{"document"; "line_id"; "lot_id", or "number" or the text of the command; "quantity";
        "location_id"; "more": True to take more than asked; "reserved": True to take what is kept
        for others; "fefo": {"reason_id", "note"} why another lot goes before the first to expire}.

        Answers with "entry", the id of what was taken.
        """
        picking = self._open(command)
        wish = self._wish(command, picking)
        self._refuse_twice(wish)
        self._refuse_gate(wish, command.data)
        lines = self._take(wish, command.data)
        self._refuse_later(wish, lines, command.data)
        left = self._left(wish.move)
        return {
            "message": self._text_of_taken(wish, left),
            "document": self._document(picking),
            "lot": self.env["lot.scan.card"]._lot(wish.lot) if wish.lot else False,
            "entry": lines[:1].id,
        }

    @api.model
    def _text_of_taken(self, wish: Picked, left: float) -> str:
        what = wish.lot.name or wish.product.display_name
        taken = self._shown(wish.quantity, wish.product)
        if left > 0:
            return self.env._(
                "%(quantity)s of %(what)s taken, %(left)s to go.",
                quantity=taken,
                what=what,
                left=self._shown(left, wish.product),
            )
        return self.env._(
            "%(quantity)s of %(what)s taken. That is all of it.", quantity=taken, what=what
        )

    # -- what is wanted --------------------------------------------------------------------------

    @api.model
    def _wish(self, command, picking) -> Picked:
        """:raise UserError: what was scanned is not asked for, or is not clear"""
        moves = self._moves(picking)
        named = moves.filtered(lambda move: move.id == command.data.get("line_id"))
        product, lot, package, labelled = self._identified(command, picking, named or moves)
        move = self._move_of(
            moves.filtered(lambda move: move.product_id == product), command.data.get("line_id")
        )
        location = self._place_named(command, move)
        wish = Picked(move, lot, 0.0, location, package)
        wish.location = location or self._place(wish)
        wish.quantity = self._quantity_of(command, wish, labelled)
        return wish

    @api.model
    def _identified(self, command, picking, moves) -> tuple:
        """(product, lot, package, quantity on the label) of what was scanned."""
        reader, products = self.env["lot.scan.reading"], moves.product_id
        package = self.env["stock.package"]
        text = scan_data.text(command.data.get("number")) or command.text
        if scan_data.identity(command.data.get("lot_id")):
            lot = self._lot(command)
            self._refuse_product(lot.product_id, moves, picking, lot)
            reading = reader._reading(text) if text else None
            return lot.product_id, lot, package, self._label_says(reading, lot.product_id)
        reading = reader._reading(text, products)
        if reading.error:
            raise UserError(reading.error)
        package = reading.packages[:1]
        lots = reading.lots
        if package and not lots:
            lots = package.quant_ids.filtered(
                lambda quant: quant.product_id in products and quant.quantity > 0
            ).lot_id
        if lots:
            lot = reader._one_lot(reading) if not package else self._one_in(package, lots)
            return lot.product_id, lot, package, self._label_says(reading, lot.product_id)
        product = reading.products[:1]
        if product:
            self._refuse_product(product, moves, picking)
            if product.tracking == "none":
                return product, lots, package, self._label_says(reading, product)
            if not reading.number:
                raise RefusedError(
                    self.env._(
                        "%s has lots. Scan the label that names the lot.", product.display_name
                    ),
                    [
                        choice(
                            "number",
                            self.env._("Scan or type the lot"),
                            ask("number", self.env._("Lot number"), "scan"),
                        )
                    ],
                )
        self._refuse_unknown(reading, moves, picking)
        raise UserError(self._nothing_known(reading))

    @api.model
    def _nothing_known(self, reading) -> str:
        if reading.locations:
            return self.env._(
                "This is the place %s. Scan the goods.", reading.locations[:1].display_name
            )
        if reading.packages:
            return self.env._(
                "Nothing that is asked for is in %s. Scan the right goods.",
                reading.packages[:1].name,
            )
        return self.env._(
            "There is no lot %s of what is asked for. Check the label, or scan other goods.",
            reading.number or reading.text[:80],
        )

    @api.model
    def _one_in(self, package, lots):
        if len(lots) > 1:
            raise RefusedError(
                self.env._("%s holds several lots. Scan one of them.", package.name),
                [choice("lot", lot.name, lot_id=lot.id) for lot in lots[:MOST_CHOICES]],
            )
        return lots

    @api.model
    def _label_says(self, reading, product) -> float:
        return self.env["lot.scan.reading"]._quantity(reading, product) if reading else 0.0

    @api.model
    def _refuse_product(self, product, moves, picking, lot=None) -> None:
        if product not in moves.product_id:
            raise UserError(
                self.env._(
                    "%(product)s is not asked for on %(document)s%(asked)s. Put it back.",
                    product=f"{product.display_name} ({lot.name})" if lot else product.display_name,
                    document=picking.name,
                    asked=f" ({moves.product_id.display_name})" if len(moves) == 1 else "",
                )
            )

    @api.model
    def _refuse_unknown(self, reading, moves, picking) -> None:
        """The number is that of a lot of something else: say of what."""
        if reading.products or not reading.number:
            return
        known = self.env["lot.scan.reading"]._reading(reading.text)
        for lot in known.lots[:1]:
            self._refuse_product(lot.product_id, moves, picking, lot)

    # -- where it lies -----------------------------------------------------------------------------

    @api.model
    def _place_named(self, command, move):
        wanted = scan_data.identity(command.data.get("location_id"))
        place = self.env["stock.location"].browse(wanted).exists()
        if wanted and not place:
            raise UserError(self.env._("This place is not there any more. Scan it again."))
        if place and not place._child_of(move.location_id):
            raise UserError(
                self.env._(
                    "%(place)s is not in %(area)s, where this is taken from. Go to another place.",
                    place=place.display_name,
                    area=move.location_id.display_name,
                )
            )
        return place

    @api.model
    def _quants(self, wish: Picked, place=None):
        """What there is of it in the place, and in the places below."""
        domain = (
            Domain("product_id", "=", wish.product.id)
            & Domain("lot_id", "=", wish.lot.id)
            & Domain("location_id", "child_of", (place or wish.move.location_id).id)
            & Domain("quantity", ">", 0)
        )
        if wish.package:
            domain &= Domain("package_id", "=", wish.package.id)
        owner = wish.move.restrict_partner_id
        if owner:
            domain &= Domain("owner_id", "=", owner.id)
        return self.env["stock.quant"].search(domain, order="in_date, id")

    @api.model
    def _reserved(self, wish: Picked, place=None):
        """The lines that keep it for this transfer and were not taken yet."""
        return wish.move.move_line_ids.filtered(
            lambda line: (
                not line.picked
                and line.lot_id == wish.lot
                and (not place or line.location_id._child_of(place))
                and (not wish.package or line.package_id == wish.package)
            )
        )

    @api.model
    def _place(self, wish: Picked):
        """Where it is taken from: where it is kept for this transfer, else where it lies.

        :raise UserError: it lies nowhere here, or in several places
        """
        kept = self._reserved(wish).location_id
        if len(kept) == 1:
            return kept
        if not wish.product.is_storable:
            return wish.move.location_id
        quants = self._quants(wish)
        places = kept or quants.location_id
        if not places:
            what = wish.lot.name or wish.product.display_name
            raise RefusedError(
                self.env._(
                    "There is nothing of %(what)s in %(place)s. Count it, or take another one.",
                    what=what,
                    place=wish.move.location_id.display_name,
                ),
                self._others(wish),
            )
        if len(places) > 1:
            raise RefusedError(
                self.env._(
                    "%s lies in several places. Say where you are.",
                    wish.lot.name or wish.product.display_name,
                ),
                [
                    choice("place", place.display_name, location_id=place.id)
                    for place in places[:MOST_CHOICES]
                ],
            )
        return places

    # -- taking it -------------------------------------------------------------------------------

    @api.model
    def _take(self, wish: Picked, data: dict[str, Any]):
        """Write what is taken on the transfer: out of what is kept for it, else out of what is
        free, else, where that was chosen, out of what is kept for others.

        :return: the lines of the entry
        """
        kept = self._reserved(wish, wish.location)
        whole = kept.filtered(
            lambda line: not wish.product.uom_id.compare(line.quantity_product_uom, wish.quantity)
        )[:1]
        if whole:
            whole.write({"picked": True, **self._exception(data)})
            return whole
        quants = self._quants(wish, wish.location)
        lacking = self._refuse_short(wish, quants, kept, data)
        self._release(kept, wish.quantity)
        self._make_room(wish.move, wish.quantity)
        lines = kept.create(self._lines_of(wish, quants, data))
        if wish.product.is_storable and lacking > 0:
            # Others look for something else at once, and their devices see it.
            lines[0]._free_reservation(
                wish.product,
                lines[0].location_id,
                lacking,
                lot_id=lines[0].lot_id,
                package_id=lines[0].package_id,
                owner_id=lines[0].owner_id,
                ml_ids_to_ignore=OrderedSet(lines.ids),
            )
        if wish.move.location_dest_id.usage == "internal":
            lines._apply_putaway_strategy()
        return lines

    @api.model
    def _lines_of(self, wish: Picked, quants, data: dict[str, Any]) -> list[dict]:
        """One line for each quant that gives something."""
        told = {"picked": True, **self._exception(data)}
        unit, need, parts = wish.product.uom_id, wish.quantity, []
        for quant in quants:
            free = min(quant.quantity - quant.reserved_quantity, need)
            if unit.compare(free, 0) > 0:
                parts.append([quant, free])
                need -= free
        if unit.compare(need, 0) > 0:
            if parts:
                parts[0][1] += need
            else:
                parts.append([quants[:1], need])
        return [
            {
                **wish.move._prepare_move_line_vals(quantity=part, reserved_quant=quant),
                "lot_id": wish.lot.id,
                "location_id": (quant.location_id or wish.location).id,
                **told,
            }
            for quant, part in parts
        ]

    @api.model
    def _exception(self, data: dict[str, Any]) -> dict[str, Any]:
        reason, note = self._reason_given(data)
        return {"fefo_reason_id": reason.id, "fefo_note": note or False} if reason else {}
