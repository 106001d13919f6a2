import re
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain


class LotScanTransfer(models.AbstractModel):
    """Which transfers are open, and what a device has to know of one to go on without a link."""

    _inherit = "lot.scan.transfer"

    @api.model
    def _documents(self, query, limit):
        ready = Domain("state", "in", ("confirmed", "assigned"))
        here = Domain("company_id", "=", self.env.company.id)
        pickings = self.env["stock.picking"].search(
            self._kind() & ready & here & self._matching(query),
            order="priority desc, scheduled_date, id",
            limit=limit,
        )
        of_these = Domain("picking_id", "in", pickings.ids)
        asked = {
            picking: (quantity, products)
            for picking, quantity, products in self.env["stock.move"]._read_group(
                of_these & Domain("state", "!=", "cancel"),
                ["picking_id"],
                ["product_qty:sum", "product_id:count_distinct"],
            )
        }
        taken = dict(
            self.env["stock.move.line"]._read_group(
                of_these & Domain("picked", "=", True),
                ["picking_id"],
                ["quantity_product_uom:sum"],
            )
        )
        return [
            self._row(picking, *asked.get(picking, (0.0, 0)), taken.get(picking, 0.0))
            for picking in pickings
        ]

    @api.model
    def _matching(self, query: str) -> Domain:
        """Transfers that a typed or scanned text may mean."""
        if not query:
            return Domain.TRUE
        literal = re.sub(r"([\\%_])", r"\\\1", query)
        domain = Domain.OR(
            Domain(name, "ilike", literal) for name in ("name", "origin", "partner_id.name")
        )
        reading = self.env["lot.scan.reading"]._reading(query)
        products = reading.products | reading.lots.product_id
        return domain | Domain("move_ids.product_id", "in", products.ids) if products else domain

    @api.model
    def _row(self, picking, asked: float, products: int, taken: float) -> dict[str, Any]:
        late = picking.scheduled_date and picking.scheduled_date < fields.Datetime.now()
        detail = self.env._("1 product") if products == 1 else self.env._("%s products", products)
        return {
            "model": picking._name,
            "id": picking.id,
            "name": picking.name,
            "partner": picking.partner_id.display_name or "",
            "date": f"{picking.scheduled_date.isoformat()}Z" if picking.scheduled_date else "",
            "detail": " · ".join(part for part in (picking.origin, detail) if part),
            "progress": round(min(taken / asked, 1.0), 3) if asked else 0.0,
            "warning": self._warning(picking) or (self.env._("Late.") if late else ""),
        }

    @api.model
    def _warning(self, picking) -> str:
        """What should be known before one begins with a transfer."""
        return ""

    @api.model
    def _document(self, record):
        moves = record.move_ids.filtered(lambda move: move.state != "cancel")
        lines = sorted((self._line(move) for move in moves), key=lambda line: line.pop("walk"))
        return {
            "model": record._name,
            "id": record.id,
            "name": record.name,
            "partner": record.partner_id.display_name or "",
            "state": record.state,
            "done": record.state == "done",
            "detail": record.origin or "",
            "lines": lines,
        }

    @api.model
    def _line(self, move) -> dict[str, Any]:
        product = move.product_id
        picked = move.move_line_ids.filtered("picked")
        reserved = (move.move_line_ids - picked).filtered(
            lambda line: (
                line.quantity_product_uom
                and (line.lot_id or not line.location_id.should_bypass_reservation())
            )
        )
        last = fields.Datetime.to_datetime("9999-12-31")
        reserved = reserved.sorted(lambda line: (line.lot_id.removal_date or last, line.id))
        places = (reserved or picked).location_id.filtered(
            lambda place: not place.should_bypass_reservation()
        )
        return {
            "id": move.id,
            "product": self.env["lot.scan.card"]._product(product),
            "asked": move.product_qty,
            "taken": sum(picked.mapped("quantity_product_uom")),
            "uom": product.uom_id.name,
            "allocated": [self._allocated(line) for line in reserved],
            "entries": [self._entry(line) for line in picked.sorted("id")],
            "walk": (places[:1].complete_name or "", move.sequence, move.id),
        }

    @api.model
    def _allocated(self, line) -> dict[str, Any]:
        lot, calendar = line.lot_id, self.env["lot.calendar"]
        day = lot.expiration_date and calendar._day(lot.expiration_date, line.company_id)
        return {
            "lot_id": lot.id,
            "lot": lot.name or "",
            "location_id": line.location_id.id,
            "location": line.location_id.display_name,
            "quantity": line.quantity_product_uom,
            "expiry": fields.Date.to_string(day) if day else "",
        }

    @api.model
    def _entry(self, line) -> dict[str, Any]:
        return {
            "id": line.id,
            "lot_id": line.lot_id.id,
            "lot": line.lot_id.name or line.lot_name or line.supplier_lot or "",
            "quantity": line.quantity_product_uom,
        }
