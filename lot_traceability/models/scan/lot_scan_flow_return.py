from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import scan_data
from ...tools.scan_choice import ask, choice
from .lot_scan_flow import RefusedError
from .lot_scan_transfer import MOST_CHOICES


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "return"]


class LotScanFlowReturn(models.AbstractModel):
    """Take back what customers return: onto a return of the delivery with which they got it. All
    that is scanned in one session and belongs to one delivery comes onto one return.

    Where the goods go: to the place that the operation has for returns; where it has none of its
    own, into the warehouse's quarantine; where there is none, to where goods are received.
    """

    _name = "lot.scan.flow.return"
    _description = "Take goods back"
    _inherit = "lot.scan.transfer"
    _sequence = 80

    @api.model
    def _label(self):
        return self.env._("Return")

    @api.model
    def _kind(self):
        return Domain("location_id.usage", "=", "customer")

    @api.model
    def _do_take(self, command) -> dict[str, Any]:
        """{"session", or "document" of a return that is expected; "lot_id", or "number" or the text
        of the command; "delivery": {"model": "stock.picking", "id"} where it went to several;
        "quantity"; "reason"}.

        Answers with "entry", the id of what came back, and "to": the place to put it.
        """
        lot = self._lot_returned(command)
        expected = self._open(command) if command.data.get("document") else None
        delivery, most = self._delivery(command, lot, expected)
        reason = scan_data.text(command.data.get("reason"))
        if not reason:
            raise RefusedError(self.env._("Why does %s come back?", lot.name), [self._ask_reason()])
        quantity = self._quantity_back(command, lot, most)
        if expected:
            move = self._move_expected(expected, lot, quantity)
        else:
            move = self._move_back(self._session(command), delivery, lot, quantity)
        line = self._come_back(move, lot, quantity)
        picking = line.picking_id
        picking.message_post(
            body=self.env._(
                "%(quantity)s of %(lot)s come back: %(reason)s",
                quantity=self._shown(quantity, lot.product_id),
                lot=lot.name,
                reason=reason,
            )
        )
        return {
            "message": self.env._(
                "%(quantity)s of %(lot)s from %(customer)s. Put it into %(place)s.",
                quantity=self._shown(quantity, lot.product_id),
                lot=lot.name,
                customer=picking.partner_id.display_name or picking.origin or picking.name,
                place=line.location_dest_id.display_name,
            ),
            "document": self._document(picking),
            "lot": self.env["lot.scan.card"]._lot(lot),
            "entry": line.id,
            "to": {"id": line.location_dest_id.id, "name": line.location_dest_id.display_name},
        }

    @api.model
    def _do_undo(self, command):
        """{"session" or "document"; "entry_id", or "take": UUID of the command that made it}."""
        pickings = self._pickings(command)
        line = self._entry_of(command, pickings.move_line_ids)
        picking = line.picking_id
        entry = line.id
        text = self._put_back(line)
        return {"message": text, "document": self._document(picking), "entry": entry}

    @api.model
    def _do_finish(self, command):
        """{"session" or "document"; the answers to what Odoo asks as in other transfers}."""
        pickings = self._pickings(command).filtered(
            lambda picking: any(picking.move_line_ids.mapped("picked"))
        )
        if not pickings:
            raise UserError(self.env._("Nothing has come back yet. Scan the goods first."))
        answers = [self._finished(picking, command.data) for picking in pickings]
        return {
            "message": " ".join(answer["message"] for answer in answers),
            "document": answers[-1]["document"],
            "lots": [lot for answer in answers for lot in answer.get("lots", ())],
        }

    @api.model
    def _session(self, command) -> str:
        session = scan_data.text(command.data.get("session"))
        if not session:
            raise UserError(self.env._("Choose a return first, or begin a new one."))
        return session

    @api.model
    def _pickings(self, command):
        """The open returns that a command is about."""
        if command.data.get("document"):
            return self._open(command)
        return self._pickings_of(self._session(command))

    @api.model
    def _pickings_of(self, session: str):
        made = self.env["lot.scan"]._of_session(session, "take")
        made = made.filtered(lambda scan: scan.flow == "return" and scan.res_id)
        pickings = self.env["stock.picking"].browse(dict.fromkeys(made.mapped("res_id"))).exists()
        return pickings.filtered(lambda picking: picking.state not in ("done", "cancel"))

    # -- what, and from whom ---------------------------------------------------------------------

    @api.model
    def _lot_returned(self, command):
        """:raise UserError: it is none that is known, or several"""
        if scan_data.identity(command.data.get("lot_id")):
            return self._lot(command)
        text = scan_data.text(command.data.get("number")) or command.text
        reader = self.env["lot.scan.reading"]
        reading = reader._reading(text)
        if reading.error:
            raise UserError(reading.error)
        if reading.products and not reading.number and not reading.lots:
            raise RefusedError(
                self.env._(
                    "Which lot of %s comes back? Scan the label that names it.",
                    reading.products[:1].display_name,
                ),
                [
                    choice(
                        "number",
                        self.env._("Scan or type the lot"),
                        ask("number", self.env._("Lot number"), "scan"),
                    )
                ],
            )
        return reader._one_lot(reading)

    @api.model
    def _delivered(self, lot) -> dict:
        """What customers have of a lot, by the transfer with which they got it.

        :return: {transfer: quantity that has not come back}, the latest first
        """
        lines = self.env["stock.move.line"]
        of_lot = Domain("lot_id", "=", lot.id) & Domain("company_id", "=", self.env.company.id)
        went = lines._read_group(
            of_lot
            & Domain("state", "=", "done")
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("location_id.usage", "!=", "customer")
            & Domain("picking_id", "!=", False),
            ["picking_id"],
            ["quantity_product_uom:sum"],
        )
        left = dict(went)
        back = lines.search(
            of_lot
            & Domain("location_id.usage", "=", "customer")
            & Domain("move_id.origin_returned_move_id.picking_id", "in", [one.id for one in left])
            & (
                Domain("state", "=", "done")
                | Domain("picked", "=", True) & Domain("state", "!=", "cancel")
            )
        )
        for line in back:
            left[line.move_id.origin_returned_move_id.picking_id] -= line.quantity_product_uom
        latest = sorted(left, key=lambda one: (one.date_done, one.id), reverse=True)
        return {picking: left[picking] for picking in latest}

    @api.model
    def _delivery(self, command, lot, expected) -> tuple:
        """(transfer, how much of the lot can come back of it).

        :raise UserError: it went to nobody, or to several
        """
        origin = expected and (
            expected.return_id or expected.move_ids.origin_returned_move_id.picking_id[:1]
        )
        if expected and not origin:
            return None, None
        delivered, unit = self._delivered(lot), lot.product_id.uom_id
        told = command.data.get("delivery")
        wanted = origin.id if expected else isinstance(told, dict) and told.get("id")
        if wanted:
            found = [one for one in delivered if one.id == wanted]
            if not found:
                raise UserError(
                    self.env._(
                        "%s did not go out with this delivery. Check the label, or choose another "
                        "delivery.",
                        lot.name,
                    )
                )
        else:
            found = [one for one in delivered if unit.compare(delivered[one], 0) > 0]
        if len(found) > 1:
            raise RefusedError(
                self.env._("%s went to several customers. Say who sends it back.", lot.name),
                [
                    choice(
                        "delivery",
                        self._delivery_text(one, delivered[one], lot),
                        delivery={"model": one._name, "id": one.id},
                    )
                    for one in found[:MOST_CHOICES]
                ],
            )
        if not found or unit.compare(delivered[found[0]], 0) <= 0:
            raise UserError(
                self.env._("All of %s has come back already. Check the label.", lot.name)
                if delivered
                else self.env._(
                    "%s was never delivered to anybody. Check the label; set the goods apart and "
                    "ask Quality.",
                    lot.name,
                )
            )
        return found[0], delivered[found[0]]

    @api.model
    def _delivery_text(self, picking, quantity: float, lot) -> str:
        calendar = self.env["lot.calendar"]
        day = picking.date_done and calendar._day(picking.date_done, picking.company_id)
        parts = (
            picking.partner_id.display_name,
            picking.name,
            fields.Date.to_string(day) if day else "",
            self._shown(quantity, lot.product_id),
        )
        return " · ".join(part for part in parts if part)

    @api.model
    def _quantity_back(self, command, lot, most: float | None) -> float:
        product = lot.product_id
        quantity = self._read_quantity(command) or (1.0 if product.tracking == "serial" else 0.0)
        if not quantity:
            asked = self._ask_quantity(product)
            whole = self.env._("All of it: %s", self._shown(most or 0.0, product))
            raise RefusedError(
                self.env._("How much of %s comes back?", lot.name),
                [choice("rest", whole, quantity=most), asked] if most else [asked],
            )
        self._check_quantity(quantity, product)
        if most is not None and product.uom_id.compare(quantity, most) > 0:
            raise RefusedError(
                self.env._(
                    "They have only %(most)s of %(lot)s, not %(quantity)s.",
                    most=self._shown(most, product),
                    lot=lot.name,
                    quantity=self._shown(quantity, product),
                ),
                [
                    choice(
                        "rest",
                        self.env._("Take %s back", self._shown(most, product)),
                        quantity=most,
                    )
                ],
            )
        return quantity

    # -- the return ------------------------------------------------------------------------------

    @api.model
    def _move_expected(self, picking, lot, quantity: float):
        moves = self._moves(picking).filtered(lambda move: move.product_id == lot.product_id)
        if not moves:
            raise UserError(
                self.env._(
                    "%(product)s is not expected with %(document)s. Begin a new return for it.",
                    product=lot.product_id.display_name,
                    document=picking.name,
                )
            )
        move = self._move_of(moves, False)
        self._release(move.move_line_ids.filtered(lambda line: not line.picked), quantity)
        return move

    @api.model
    def _move_back(self, session: str, delivery, lot, quantity: float):
        """The move of the session's return on which this lot comes back."""
        picking = self._pickings_of(session).filtered(lambda one: one.return_id == delivery)[:1]
        went = delivery.move_ids.filtered(
            lambda move: move.state == "done" and lot in move.move_line_ids.lot_id
        )[:1]
        move = self._moves(picking).filtered(lambda move: move.origin_returned_move_id == went)
        unit = went.product_id.uom_id
        more = unit._compute_quantity(quantity, went.product_uom, rounding_method="HALF-UP")
        if move:
            move.product_uom_qty += more
            return move
        dialog = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        row = dialog.product_return_moves.filtered(lambda row: row.move_id == went)
        row.quantity = more
        if picking:
            row._process_line(picking)
            picking.action_confirm()
        else:
            result = dialog.action_create_returns()
            picking = self.env["stock.picking"].browse(result["res_id"])
        move = self._moves(picking).filtered(lambda move: move.origin_returned_move_id == went)
        # Which lot comes back is what was scanned, and not what Odoo would expect.
        move.move_line_ids.unlink()
        return move

    @api.model
    def _come_back(self, move, lot, quantity: float):
        place = self._place_for(move)
        return self.env["stock.move.line"].create(
            {
                **move._prepare_move_line_vals(quantity=quantity),
                "lot_id": lot.id,
                "location_dest_id": place.id,
                "picked": True,
            }
        )

    @api.model
    def _place_for(self, move):
        """Where goods go that come back; see the class."""
        usual, operation = move.location_dest_id, move.picking_type_id
        warehouse = operation.warehouse_id
        if usual._in_quarantine() or usual != warehouse.in_type_id.default_location_dest_id:
            return usual
        quarantine = self.env["stock.location"].search(
            [
                ("lot_quarantine", "=", True),
                ("usage", "=", "internal"),
                ("id", "child_of", warehouse.view_location_id.id),
            ],
            limit=1,
        )
        return quarantine or usual

    @api.model
    def _expect(self, move):
        """Of a return that was scanned nothing more is expected than what was scanned."""
        picking = move.picking_id
        scanned = self.env["lot.scan"].search_count(
            [
                ("res_model", "=", picking._name),
                ("res_id", "=", picking.id),
                ("flow", "=", "return"),
                ("session", "!=", False),
            ],
            limit=1,
        )
        if not scanned:
            return super()._expect(move)
        taken = self._taken(move)
        if taken:
            move.product_uom_qty = move.product_id.uom_id._compute_quantity(
                taken, move.product_uom, rounding_method="HALF-UP"
            )
            return None
        move._action_cancel()
        return None
