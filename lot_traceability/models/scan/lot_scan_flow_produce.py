from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Orders in which something can be consumed or made.
_OPEN = ("confirmed", "progress", "to_close")


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "produce"]


class LotScanFlowProduce(models.AbstractModel):
    """A manufacturing order: components are scanned into it, lots come out of it. What a device
    sees of it stands here; what is done, in `lot_scan_flow_produce_consume`, `_make` and
    `_finish`."""

    _name = "lot.scan.flow.produce"
    _description = "Produce"
    _inherit = "lot.scan.flow"
    _sequence = 40

    @api.model
    def _label(self):
        return self.env._("Produce")

    @api.model
    def _available(self):
        return self.env["mrp.production"].has_access("write")

    @api.model
    def _models(self):
        return ["mrp.production"]

    @api.model
    def _open(self, command):
        """The order that a command names, to be worked on.

        :raise UserError: when it is none, or done
        """
        order = self._record(command.data.get("document"))
        if order.state not in _OPEN:
            raise UserError(
                self.env._(
                    "%(order)s is %(state)s. Choose another order.",
                    order=order.name,
                    state=dict(order._fields["state"]._description_selection(self.env))[
                        order.state
                    ],
                )
            )
        return order

    # -- the list --------------------------------------------------------------------------------

    @api.model
    def _documents(self, query, limit):
        domain = Domain("state", "in", _OPEN) & Domain("company_id", "=", self.env.company.id)
        if query:
            domain &= self._found_by(query)
        orders = self.env["mrp.production"].search_fetch(
            domain,
            [
                "name",
                "origin",
                "date_start",
                "product_id",
                "product_uom_id",
                "product_qty",
                "qty_producing",
                "reservation_state",
            ],
            limit=limit,
            order="priority desc, date_start, id",
        )
        return [self._summary(order) for order in orders]

    @api.model
    def _found_by(self, query: str) -> Domain:
        """Orders of that number or origin, of a product of that name, or that make or take what
        was scanned."""
        found = Domain("name", "ilike", query) | Domain("origin", "ilike", query)
        reading = self.env["lot.scan.reading"]._reading(query)
        products = reading.products | reading.lots.product_id
        if products:
            found |= Domain("product_id", "in", products.ids)
            found |= Domain("move_raw_ids.product_id", "in", products.ids)
        return found | Domain("product_id.name", "ilike", query)

    @api.model
    def _summary(self, order) -> dict[str, Any]:
        missing = order.reservation_state in ("confirmed", "waiting")
        return {
            "model": order._name,
            "id": order.id,
            "name": order.name,
            "partner": order.origin or "",
            "date": f"{order.date_start.isoformat()}Z" if order.date_start else "",
            "detail": f"{order.product_id.display_name}: {order.product_qty:.10g} "
            f"{order.product_uom_id.name}",
            "progress": min(order.qty_producing / order.product_qty, 1.0)
            if order.product_qty
            else 0.0,
            "warning": self.env._("Components are missing.") if missing else "",
        }

    # -- one order -------------------------------------------------------------------------------

    @api.model
    def _document(self, record):
        """As in `lot.scan.document`, with "made": {"product": as in `identify`, "asked", "taken",
        "uom", "lots": [{"lot_id", "lot", "expiry"}]}: what the order makes, in the product's
        unit."""
        order, product = record, record.product_id
        lots, moves = order.lot_producing_ids, self._components(record)
        # At once, however many components there are.
        lines = moves.move_line_ids
        lines.fetch(["lot_id", "location_id", "quantity", "quantity_product_uom", "picked"])
        lines.lot_id.fetch(["name", "expiration_date", "removal_date", "company_id"])
        lines.location_id.mapped("display_name")
        return {
            "model": order._name,
            "id": order.id,
            "name": order.name,
            "partner": order.origin or "",
            "state": order.state,
            "done": order.state in ("done", "cancel"),
            "detail": product.display_name,
            "lines": [self._line(move) for move in moves],
            "made": {
                "product": self.env["lot.scan.card"]._product(product),
                "asked": order.product_uom_id._compute_quantity(order.product_qty, product.uom_id),
                "taken": self._made_so_far(order),
                "uom": product.uom_id.name,
                "lots": [
                    {"lot_id": lot.id, "lot": lot.name, "expiry": self._expiry(lot)} for lot in lots
                ],
            },
        }

    @api.model
    def _components(self, order):
        """What is still to be consumed or can be taken back."""
        return order.move_raw_ids.filtered(lambda move: move.state not in ("done", "cancel"))

    @api.model
    def _made_so_far(self, order) -> float:
        """In the product's unit."""
        unit = order.product_id.uom_id
        return unit.round(order.product_uom_id._compute_quantity(order.qty_producing, unit))

    @api.model
    def _expiry(self, lot) -> str:
        if not lot.expiration_date:
            return ""
        company = lot.company_id or self.env.company
        return fields.Date.to_string(self.env["lot.calendar"]._day(lot.expiration_date, company))

    @api.model
    def _line(self, move) -> dict[str, Any]:
        product = move.product_id
        scanned = self._scanned(move)
        return {
            "id": move.id,
            "product": self.env["lot.scan.card"]._product(product),
            "asked": move.product_qty,
            "taken": product.uom_id.round(sum(scanned.mapped("quantity_product_uom"))),
            "uom": product.uom_id.name,
            "allocated": [
                {
                    "lot_id": line.lot_id.id,
                    "lot": line.lot_id.name or "",
                    "location_id": line.location_id.id,
                    "location": line.location_id.display_name,
                    "quantity": line.quantity_product_uom,
                    "expiry": self._expiry(line.lot_id),
                }
                for line in (move.move_line_ids - scanned).sorted(self._turn)
                if line.quantity
            ],
            "entries": [
                {
                    "id": line.id,
                    "lot_id": line.lot_id.id,
                    "lot": line.lot_id.name or "",
                    "quantity": line.quantity_product_uom,
                }
                for line in scanned
            ],
        }

    @api.model
    def _scanned(self, move):
        """What somebody has put into this order, and not Odoo by itself."""
        if not move.manual_consumption:
            return move.move_line_ids.browse()
        return move.move_line_ids.filtered("picked")

    @api.model
    def _turn(self, line) -> tuple:
        """What is to be taken first comes first."""
        due = line.lot_id.removal_date
        return not due, due or fields.Datetime.now(), line.id
