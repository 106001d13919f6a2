"""Receipts: purchase orders that are confirmed and received with the suppliers' lots."""

from datetime import timedelta
from typing import Any, NamedTuple

from odoo.fields import Command

from .products import lot_prefix, shelf_life
from .world import World


class Purchase(NamedTuple):
    """One line to buy for a plant: one lot of one product from one supplier.

    ``supplier_lot`` is the supplier's own number; ``key`` keeps our lot in
    ``world.lots``. ``age`` is the lot's age in days when it arrives.
    """

    plant: str
    supplier: str
    code: str
    quantity: float
    supplier_lot: str = ""
    key: str = ""
    age: int = 0


def receive(world: World, purchases: list[Purchase]) -> None:
    """Order and receive goods: one purchase order a supplier and plant."""
    groups: dict[tuple[str, str], list[Purchase]] = {}
    for purchase in purchases:
        groups.setdefault((purchase.plant, purchase.supplier), []).append(purchase)
    orders = world.env["purchase.order"].create(
        [_order_values(world, *place, lines) for place, lines in groups.items()]
    )
    orders.button_confirm()
    lines = [line for group in groups.values() for line in group]
    move_lines = [order_line.move_ids.move_line_ids for order_line in orders.order_line]
    for purchase, move_line in zip(lines, move_lines, strict=True):
        if shelf_life(purchase.code):
            move_line.write(_lot_values(world, purchase))
    orders.picking_ids.button_validate()
    for purchase, move_line in zip(lines, move_lines, strict=True):
        if purchase.supplier_lot:
            _write_supplier_lot(world, purchase, move_line.lot_id)
        if purchase.key:
            world.lots[purchase.key] = move_line.lot_id


def _order_values(world: World, plant: str, supplier: str, lines: list[Purchase]) -> dict[str, Any]:
    return {
        "partner_id": world.suppliers[supplier].id,
        "picking_type_id": world.warehouses[plant].in_type_id.id,
        "order_line": [
            Command.create(
                {
                    "product_id": world.products[line.code].id,
                    "product_qty": line.quantity,
                    "price_unit": world.products[line.code].standard_price,
                    "date_planned": world.clock.now,
                }
            )
            for line in lines
        ],
    }


def _lot_values(world: World, purchase: Purchase) -> dict[str, Any]:
    return {
        "lot_name": world.new_lot_name(lot_prefix(purchase.code)),
        "expiration_date": world.clock.now
        + timedelta(days=shelf_life(purchase.code) - purchase.age),
    }


def _write_supplier_lot(world: World, purchase: Purchase, lot: Any) -> None:
    lot.write(
        {
            "supplier_lot": purchase.supplier_lot,
            "supplier_id": world.suppliers[purchase.supplier].id,
        }
    )
