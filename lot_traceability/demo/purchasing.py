"""Receipts: purchase orders that are confirmed and received with the suppliers' lots."""

from datetime import timedelta
from typing import Any, NamedTuple

from odoo.fields import Command

from .products import PLANTS, lot_prefix, shelf_life
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


def receive(world: World, purchases: list[Purchase]) -> Any:
    """Order and receive goods, one purchase order a supplier and plant; return the move lines."""
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
        if purchase.key:
            world.lots[purchase.key] = move_line.lot_id
    return orders.picking_ids.move_line_ids


def expect_romaine(world: World) -> None:
    """Order romaine that arrives today: its lots are typed in, and most that is demanded of them
    is still missing."""
    arrival = world.clock.moment(0, 15)
    lines = [
        Purchase("P2", "saltmarsh", "ROM", 271, "SM928R", age=1),
        Purchase("P2", "saltmarsh", "ROM", 136, age=1),
    ]
    values = _order_values(world, "P2", "saltmarsh", lines)
    for _command, _id, line in values["order_line"]:
        line["date_planned"] = arrival
    order = world.env["purchase.order"].create(values)
    order.button_confirm()
    for purchase, order_line in zip(lines, order.order_line, strict=True):
        told = _lot_values(world, purchase)
        order_line.move_ids.move_line_ids.write(
            {
                name: told[name]
                for name in ("lot_name", "expiration_date", "supplier_lot")
                if told.get(name)
            }
        )


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
    """What the delivery note tells of a lot."""
    supplier = world.suppliers[purchase.supplier]
    day = "harvest_date" if purchase.code in PLANTS else "production_date"
    return {
        "lot_name": world.new_lot_name(lot_prefix(purchase.code)),
        "expiration_date": world.clock.now
        + timedelta(days=shelf_life(purchase.code) - purchase.age),
        "supplier_lot": purchase.supplier_lot,
        day: (world.clock.now - timedelta(days=purchase.age)).date(),
        "origin_country_id": supplier.country_id.id,
        "origin_place": f"{supplier.city}, {supplier.state_id.code}",
    }
