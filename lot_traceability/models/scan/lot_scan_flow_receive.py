from dataclasses import dataclass, field
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import scan_data

_MOST_SUPPLIERS = 200


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "receive"]


@dataclass(slots=True)
class Arrival:
    """What arrives, as far as it is known."""

    picking: Any
    product: Any
    reading: Any
    moves: Any
    """The moves that ask for this product; none where it was not ordered."""
    number: str = ""
    supplier_lot: str = ""
    numbered: bool = False
    """A scheme gives the number of the lot, once it is received."""
    lot: Any = None
    """The lot with this number, where there is one already."""
    facts: dict[str, Any] = field(default_factory=dict)
    quantity: float = 0.0
    package: Any = None


class LotScanFlowReceive(models.AbstractModel):
    """Receive goods, with or without an order. What the label does not say is asked for, and
    nothing else; what was not ordered is received only where somebody says so."""

    _name = "lot.scan.flow.receive"
    _description = "Receive goods"
    _inherit = "lot.scan.transfer"
    _sequence = 20

    @api.model
    def _label(self):
        return self.env._("Receive")

    @api.model
    def _kind(self):
        incoming = Domain("picking_type_id.code", "=", "incoming")
        return incoming & Domain("location_id.usage", "!=", "customer")

    @api.model
    def _matching(self, query):
        domain = super()._matching(query)
        if query and self.env["purchase.order"].has_access("read"):
            domain |= Domain("move_ids.purchase_line_id.order_id.partner_ref", "ilike", query)
        return domain

    @api.model
    def _do_take(self, command) -> dict[str, Any]:
        """{"document", or "session" and "partner_id" for goods without an order; "line_id",
        "product_id" or "product" (a barcode) where the text of the command names none; "number" of
        the lot; "supplier_lot"; "expiry", "use_date", "production_date", "packing_date",
        "freezing_date", "harvest_date", "harvest_end_date" (days); "origin_country" (two letters);
        "origin_place"; "quantity"; "more": True to take more than ordered; "unordered": True to
        take what was not ordered; "differs": True to take a label that says something else of a
        known lot; "expired": True to take an expired lot; "short": True to take what does not last
        as long as is asked}.

        Answers with "entry", the id of what was received, and "quarantine": why it waits for
        quality, or "".
        """
        picking = self._open(command)
        arrival = self._arrival(command, picking)
        self._refuse_arrival(arrival, command.data)
        line = self._receive(arrival)
        if picking.state == "draft":
            picking.action_confirm()
        quarantine = self._quarantine(arrival, line)
        return {
            "message": self._text_of_received(arrival, quarantine),
            "document": self._document(picking),
            "lot": self.env["lot.scan.card"]._lot(arrival.lot) if arrival.lot else False,
            "entry": line.id,
            "quarantine": quarantine,
        }

    @api.model
    def _text_of_received(self, arrival: Arrival, quarantine: str) -> str:
        lot = arrival.number or arrival.supplier_lot
        expiry = arrival.facts.get("expiration_date")
        day = expiry and self.env["lot.calendar"]._day(expiry, self.env.company)
        parts = [
            f"{self._shown(arrival.quantity, arrival.product)} {arrival.product.display_name}",
            lot and self.env._("lot %s", lot),
            day and self.env._("expires %s", fields.Date.to_string(day)),
        ]
        text = ", ".join(part for part in parts if part)
        return self.env._("%s. Put it into quarantine.", text) if quarantine else f"{text}."

    # -- the receipt -----------------------------------------------------------------------------

    @api.model
    def _open(self, command):
        """The receipt that is named, else that of the session: all that is scanned in one session
        without an order comes onto one receipt."""
        if command.data.get("document"):
            return super()._open(command)
        session = scan_data.text(command.data.get("session"))
        if not session:
            raise UserError(self.env._("Choose a receipt first, or receive without an order."))
        picking = self._picking_of(session)
        if picking:
            if not picking.partner_id and self._partner(command):
                picking.partner_id = self._partner(command)
            return picking
        if command.action != "take":
            raise UserError(self.env._("Nothing has been received yet. Scan the goods first."))
        return self._new_receipt(command)

    @api.model
    def _picking_of(self, session: str):
        """The open receipt of a session; none before the first goods, or once it was finished."""
        made = self.env["lot.scan"]._of_session(session, "take")
        made = made.filtered(lambda scan: scan.flow == "receive" and scan.res_id)
        pickings = self.env["stock.picking"].browse(made.mapped("res_id")).exists()
        return pickings.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]

    @api.model
    def _new_receipt(self, command):
        warehouse = self.env.user._get_default_warehouse_id()
        operation = warehouse.in_type_id
        if not operation:
            raise UserError(
                self.env._("There is no warehouse in %s to receive into.", self.env.company.name)
            )
        source = operation.default_location_src_id or self.env.ref("stock.stock_location_suppliers")
        return self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "location_id": source.id,
                "location_dest_id": operation.default_location_dest_id.id,
                "partner_id": self._partner(command).id,
                "origin": self.env._("Scanned without an order"),
            }
        )

    @api.model
    def _partner(self, command):
        partner_id = scan_data.identity(command.data.get("partner_id"))
        return self.env["res.partner"].browse(partner_id).exists()

    # -- writing it ------------------------------------------------------------------------------

    @api.model
    def _receive(self, arrival: Arrival):
        """Write what arrived on the receipt.

        :return: the line of the entry
        """
        picking, product = arrival.picking, arrival.product
        move = arrival.moves and self._move_of(arrival.moves, False)
        if move:
            self._release(
                move.move_line_ids.filtered(lambda line: not line.picked), arrival.quantity
            )
            where = move._prepare_move_line_vals(quantity=arrival.quantity)
        else:
            where = {
                "picking_id": picking.id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "quantity": arrival.quantity,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        lots = {"lot_id": arrival.lot.id} if arrival.lot else {"lot_name": arrival.number or False}
        line = self.env["stock.move.line"].create(
            {
                **where,
                **(lots if product.tracking != "none" else {}),
                **arrival.facts,
                "supplier_lot": arrival.supplier_lot or False,
                "result_package_id": self._package(arrival).id,
                "picked": True,
            }
        )
        line._apply_putaway_strategy()
        self._check_numbers(arrival, line)
        return line

    @api.model
    def _package(self, arrival: Arrival):
        """The logistic unit with this SSCC; made where it comes for the first time."""
        sscc = arrival.reading and arrival.reading.elements.sscc
        if not sscc:
            return self.env["stock.package"]
        return arrival.reading.packages[:1] or self.env["stock.package"].create({"name": sscc})

    @api.model
    def _check_numbers(self, arrival: Arrival, line) -> None:
        """Say now, and not only at the end, that a number cannot be right."""
        if not line.lot_name or line.lot_id:
            return
        line._check_supplier_masks()
        self.env["stock.lot"].browse()._check_new_numbers([(arrival.product, {}, line.lot_name)])
        if arrival.reading and arrival.reading.elements:
            line._tell_scanned(arrival.reading.text, arrival.product, line.lot_name)


class LotScan(models.Model):
    _inherit = "lot.scan"

    @api.model
    def _choices(self):
        """With "suppliers", [[id, name]]: those whose goods may come without an order."""
        partners = self.env["res.partner"].search(
            [("supplier_rank", ">", 0), ("parent_id", "=", False)],
            order="supplier_rank desc, complete_name",
            limit=_MOST_SUPPLIERS,
        )
        return {
            **super()._choices(),
            "suppliers": [[partner.id, partner.display_name] for partner in partners],
        }
