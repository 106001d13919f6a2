"""One document of each kind, made by Odoo itself.

The data set copies these records: whatever column it does not set has the value that Odoo gave,
so that its rows are as valid as Odoo's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = 6
PRODUCTS_PER_LEVEL = 20


@dataclass
class Samples:
    """Ids of the records to copy: `line` and `move` by kind of movement."""

    line: dict[str, int] = field(default_factory=dict)
    move: dict[str, int] = field(default_factory=dict)
    picking: dict[str, int] = field(default_factory=dict)
    order: int = 0
    lot: int = 0
    quant: int = 0
    partner: int = 0
    products: list[int] = field(default_factory=list)  # by level, then by number


def create_samples(env) -> Samples:
    """Master data and one receipt, two transfers, an order, a delivery and a return."""
    samples = Samples()
    products = env["product.product"].create(
        [
            {
                "name": f"Level {level} product {number:02d}",
                "is_storable": True,
                "tracking": "lot",
                "standard_price": 1.0 + level,
            }
            for level in range(LEVELS)
            for number in range(PRODUCTS_PER_LEVEL)
        ]
    )
    samples.products = products.ids
    samples.partner = env["res.partner"].create({"name": "Sample partner"}).id
    warehouse = env["stock.warehouse"].search([], limit=1)
    stock = warehouse.lot_stock_id
    dock = env["stock.location"].create({"name": "Dock", "location_id": stock.location_id.id})
    line = env["stock.location"].create({"name": "Plant", "location_id": stock.location_id.id})
    suppliers = env.ref("stock.stock_location_suppliers")
    customers = env.ref("stock.stock_location_customers")
    raw, made = products[0], products[PRODUCTS_PER_LEVEL]
    lots = env["stock.lot"].create(
        [{"name": f"SAMPLE-{product.id}", "product_id": product.id} for product in (raw, made)]
    )
    samples.lot = lots[0].id

    def transfer(kind, picking_type, product, lot, source, target, quantity, returned=None):
        picking = env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "partner_id": samples.partner,
                "location_id": source.id,
                "location_dest_id": target.id,
            }
        )
        move = env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "picking_id": picking.id,
                "origin_returned_move_id": returned and returned.id,
            }
        )
        picking.action_confirm()
        move.move_line_ids.unlink()
        move_line = env["stock.move.line"].create(
            dict(move._prepare_move_line_vals(), lot_id=lot.id, quantity=quantity, picked=True)
        )
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        assert picking.state == "done", f"{kind}: {picking.state}"
        samples.picking[kind] = picking.id
        _note(samples, kind, move_line)
        return move

    transfer("receipt", warehouse.in_type_id, raw, lots[0], suppliers, dock, 10.0)
    transfer("store", warehouse.int_type_id, raw, lots[0], dock, line, 10.0)
    transfer("feed", warehouse.int_type_id, raw, lots[0], line, stock, 10.0)
    order = _create_order(env, raw, made, lots)
    samples.order = order.id
    _note(samples, "consume", order.move_raw_ids.move_line_ids)
    _note(samples, "produce", order.move_finished_ids.move_line_ids)
    out = warehouse.out_type_id
    delivery = transfer("delivery", out, made, lots[1], stock, customers, 5.0)
    back = warehouse.in_type_id
    transfer("return", back, made, lots[1], customers, stock, 1.0, returned=delivery)
    samples.quant = (
        env["stock.quant"].search([("lot_id", "=", lots[1].id), ("location_id", "=", stock.id)]).id
    )
    env.flush_all()
    return samples


def _create_order(env, raw, made, lots):
    order = env["mrp.production"].create(
        {
            "product_id": made.id,
            "product_qty": 10.0,
            "bom_id": False,
            "move_raw_ids": [(0, 0, {"product_id": raw.id, "product_uom_qty": 10.0})],
        }
    )
    order.action_confirm()
    order.action_assign()
    order.lot_producing_ids = lots[1]
    order.qty_producing = 10.0
    order.move_raw_ids.picked = True
    order.button_mark_done()
    assert order.state == "done", f"order: {order.state}"
    return order


def _note(samples: Samples, kind: str, move_line) -> None:
    assert len(move_line) == 1, f"{kind}: {len(move_line)} lines"
    samples.line[kind] = move_line.id
    samples.move[kind] = move_line.move_id.id
