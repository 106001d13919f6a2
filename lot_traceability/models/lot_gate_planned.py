from odoo import api, models


class LotGate(models.AbstractModel):
    """What a document moves has no move yet where its app makes the move only as it is done, and
    what is refused is rolled back. The gate judges such lots by the move that they would get."""

    _inherit = "lot.gate"

    @api.model
    def _lines_to_judge(self, document):
        """The move lines that a document has still to move, with those that it will get only as it
        is done: these are never saved.

        An app's `_planned_<model>` gives [(product, lot, source, target)] of a document.
        """
        lines = self._lines_of(document)
        planned = getattr(self, f"_planned_{document._name.replace('.', '_')}", None)
        if planned is None or document.state in ("done", "cancel"):
            return lines
        for product, lot, source, target in planned(document):
            lines += self._line_for(document, product, lot, source, target)
        return lines

    @api.model
    def _line_for(self, document, product, lot, source, target):
        places = {"location_id": source.id, "location_dest_id": target.id}
        of_product = {"product_id": product.id, "company_id": document.company_id.id}
        partner = document.partner_id if "partner_id" in document else None
        move = self.env["stock.move"].new(
            {
                **places,
                **of_product,
                self.env["stock.move"]._field_of_document(document): document._origin.id,
                "partner_id": partner and partner.id,
            }
        )
        line = self.env["stock.move.line"].new({**places, **of_product, "lot_id": lot.id})
        line.move_id = move
        return line

    @api.model
    def _planned_mrp_unbuild(self, order) -> list[tuple]:
        """What is taken apart, and the by-products that were made with it."""
        made = order.mo_id.move_finished_ids.filtered(lambda move: move.state == "done")
        product = order.product_id.with_company(order.company_id)
        target = made[:1].location_id or product.property_stock_production
        rows = [(order.product_id, order.lot_id, order.location_id, target)]
        amount = order.product_uom_id._compute_quantity(
            order.product_qty, order.mo_id.product_uom_id or order.product_uom_id
        )
        for move in made.filtered(lambda move: move.product_id != order.product_id):
            wanted = move.quantity * amount / (order.mo_id.qty_produced or 1)
            for line in move.move_line_ids:
                if wanted > 0:
                    rows.append((move.product_id, line.lot_id, order.location_id, target))
                wanted -= line.quantity
        return [row for row in rows if row[1]]

    @api.model
    def _planned_repair_order(self, order) -> list[tuple]:
        """The item itself, where it goes back to another place."""
        if not order.lot_id:
            return []
        source, target = order.product_location_src_id, order.product_location_dest_id
        return [(order.product_id, order.lot_id, source, target)]
