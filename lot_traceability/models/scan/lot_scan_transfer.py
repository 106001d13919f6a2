from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import scan_data
from ...tools.scan_choice import ask, choice
from .lot_scan_flow import RefusedError

# A person with gloves chooses from no more.
MOST_CHOICES = 8


class LotScanTransfer(models.AbstractModel):
    """What is common to all work on transfers: which are open, what a device has to know of one,
    what was scanned into it, and taking that back.

    What was scanned are the picked move lines. What is only reserved, or only expected, is not
    picked; Odoo leaves it behind when the transfer is done.
    """

    _name = "lot.scan.transfer"
    _description = "Work on transfers"
    _inherit = "lot.scan.flow"

    @api.model
    def _models(self):
        return ["stock.picking"]

    @api.model
    def _available(self):
        return all(self.env[name].has_access("write") for name in ("stock.picking", "stock.move"))

    @api.model
    def _kind(self) -> Domain:
        """Which transfers this work is about."""
        raise NotImplementedError

    # -- reading what a command says -------------------------------------------------------------

    @api.model
    def _read_quantity(self, command) -> float | None:
        """:raise UserError: when it is no quantity"""
        try:
            return scan_data.number(command.data.get("quantity"))
        except scan_data.DataError as error:
            raise UserError(
                self.env._("“%s” is no quantity. Type a number above 0.", error)
            ) from error

    @api.model
    def _shown(self, quantity: float, product) -> str:
        return f"{quantity:.10g} {product.uom_id.name}"

    @api.model
    def _ask_quantity(self, product) -> dict[str, Any]:
        label = self.env._("Quantity in %s", product.uom_id.name)
        return choice("quantity", self.env._("Type the quantity"), ask("quantity", label, "number"))

    @api.model
    def _check_quantity(self, quantity: float, product) -> None:
        """:raise UserError: there cannot be so much, or not so exactly"""
        unit = product.uom_id
        if quantity > 1e9:
            raise UserError(
                self.env._(
                    "A quantity of %s cannot be meant. Was it a barcode? Type it again.",
                    f"{quantity:,.0f}",
                )
            )
        if unit.compare(unit.round(quantity), quantity) or unit.is_zero(quantity):
            raise UserError(
                self.env._(
                    "%(quantity)s is finer than %(unit)s is counted. Type a rounder quantity.",
                    quantity=f"{quantity:.10g}",
                    unit=unit.name,
                )
            )
        if product.tracking == "serial" and unit.compare(quantity, 1):
            raise UserError(self.env._("A serial number is one piece. Scan each piece by itself."))

    # -- the transfer that is worked on ----------------------------------------------------------

    @api.model
    def _open(self, command) -> "models.BaseModel":
        """The transfer that a command names, where there is still something to be done with it.

        :raise UserError: it is done or cancelled meanwhile, or is other work
        """
        picking = self._record(command.data.get("document"))
        self._check_here(picking)
        if picking.state == "cancel":
            raise UserError(
                self.env._(
                    "%s was cancelled meanwhile. Put the goods back to where they were.",
                    picking.name,
                )
            )
        if picking.state == "done":
            raise RefusedError(
                self.env._("%s was finished meanwhile. Nothing was added to it.", picking.name),
                [
                    choice(
                        "document",
                        self.env._("Do it on %s", other.name),
                        document={"model": other._name, "id": other.id},
                        line_id=False,
                    )
                    for other in picking.backorder_ids.filtered_domain(
                        [("state", "not in", ("done", "cancel"))]
                    )
                ],
            )
        if picking.state == "draft":
            picking.action_confirm()
        return picking

    @api.model
    def _check_here(self, picking) -> None:
        if picking.company_id != self.env.company:
            raise UserError(
                self.env._(
                    "%(document)s is of %(company)s. Change to that company first.",
                    document=picking.name,
                    company=picking.company_id.name,
                )
            )
        if not picking.filtered_domain(self._kind()):
            raise UserError(
                self.env._(
                    "%(document)s is no work of “%(flow)s”. Go back and choose another one.",
                    document=picking.name,
                    flow=self._label(),
                )
            )

    @api.model
    def _moves(self, picking) -> "models.BaseModel":
        return picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    @api.model
    def _taken(self, move) -> float:
        return sum(move.move_line_ids.filtered("picked").mapped("quantity_product_uom"))

    @api.model
    def _left(self, moves) -> float:
        """What is still asked of these moves of one product, in its unit."""
        return sum(max(move.product_qty - self._taken(move), 0.0) for move in moves)

    @api.model
    def _move_of(self, moves, line_id: object):
        """Of these moves of one product the one that a command names, else the first one that is
        not complete."""
        named = moves.filtered(lambda move: move.id == line_id)
        return named or max(moves, key=lambda move: (self._left(move) > 0, -move.id))

    @api.model
    def _release(self, lines, quantity: float) -> float:
        """Let go of so much of what these lines only reserve or expect, in product units.

        :return: what they did not have
        """
        gone = lines.browse()
        for line in lines:
            unit, have = line.product_id.uom_id, line.quantity_product_uom
            if unit.compare(quantity, 0) <= 0:
                break
            if unit.compare(have, quantity) <= 0:
                gone |= line
                quantity -= have
            else:
                line.quantity = unit._compute_quantity(
                    have - quantity, line.product_uom_id, rounding_method="HALF-UP"
                )
                quantity = 0.0
        gone.unlink()
        return quantity

    @api.model
    def _make_room(self, move, quantity: float) -> None:
        """Let go of what the move would reserve or expect too much once so much more is taken:
        what was reserved last first."""
        waiting = move.move_line_ids.filtered(lambda line: not line.picked)
        much = self._taken(move) + sum(waiting.mapped("quantity_product_uom")) + quantity
        self._release(waiting.sorted("id", reverse=True), much - move.product_qty)

    # -- taking back -----------------------------------------------------------------------------

    @api.model
    def _do_undo(self, command) -> dict[str, Any]:
        """{"document", "entry_id": id of an entry; or "take": UUID of the command that made it}."""
        picking = self._open(command)
        line = self._entry_of(command, picking.move_line_ids)
        entry = line.id
        text = self._put_back(line)
        return {"message": text, "document": self._document(picking), "entry": entry}

    @api.model
    def _entry_of(self, command, lines):
        """:raise UserError: there is no such entry (any more)"""
        wanted = command.data.get("entry_id")
        if command.data.get("take"):
            made = self.env["lot.scan"].search(
                [("uid", "=", scan_data.text(command.data["take"])), ("state", "=", "done")]
            )
            wanted = (made.answer or {}).get("entry")
        line = lines.filtered(lambda line: line.id == wanted and line.picked)
        if not line or line.state in ("done", "cancel"):
            raise UserError(self.env._("This was taken back already, or is not there any more."))
        return line

    @api.model
    def _put_back(self, lines) -> str:
        """Take back what was scanned; what the transfer lacks then is reserved again.

        :return: a sentence
        """
        rows = [
            f"{self._shown(line.quantity_product_uom, line.product_id)} "
            f"{line.lot_id.name or line.lot_name or line.product_id.display_name}"
            for line in lines
        ]
        moves = lines.move_id
        # What came for this transfer alone stays reserved for it.
        brought = lines.filtered(
            lambda line: (
                line.move_id.move_orig_ids and not line.move_id._should_bypass_reservation()
            )
        )
        brought.picked = False
        (lines - brought).unlink()
        for move in moves:
            if not move.move_line_ids.filtered("picked"):
                move.picked = False
            if move.product_uom.is_zero(move.product_uom_qty) and not move.move_line_ids:
                # It was there for this entry alone.
                move._action_cancel()
                move.unlink()
            else:
                self._expect(move)
        return self.env._("Taken back: %s.", ", ".join(rows))

    @api.model
    def _expect(self, move) -> None:
        """Reserve, or expect, what a move lacks; its picked lines stay as they are."""
        product = move.product_id
        waiting = move.move_line_ids.filtered(lambda line: not line.picked)
        have = self._taken(move) + sum(waiting.mapped("quantity_product_uom"))
        missing = move.product_qty - have
        if product.uom_id.compare(missing, 0) <= 0:
            return
        if not move.picked:
            move._action_assign()
        elif move._should_bypass_reservation():
            vals = move._prepare_move_line_vals(quantity=missing)
            waiting.create({**vals, "picked": False})
        else:
            # In lines of their own.
            found = self._would_reserve(move, missing)
            waiting.create(
                [
                    {
                        **move._prepare_move_line_vals(quantity=part, reserved_quant=quant),
                        "picked": False,
                    }
                    for quant, part in found
                ]
            )

    @api.model
    def _would_reserve(self, move, quantity: float) -> list[tuple]:
        """What Odoo would reserve for a move now, through the gate: (quant, quantity)."""
        terms = move._with_terms().env.context
        return (
            self.env["stock.quant"]
            .with_context(**terms)
            ._get_reserve_quantity(move.product_id, move.location_id, quantity, strict=False)
        )
