"""Manufacturing orders of the story, done through Odoo's own buttons."""

from datetime import timedelta
from typing import Any, NamedTuple

from odoo.exceptions import UserError
from odoo.fields import Command

from .products import lot_prefix, shelf_life
from .world import World


class Order(NamedTuple):
    """What to make: ``quantity`` of a product at a plant.

    ``uses`` names the lots that the operator takes, as {component: [(lot,
    quantity)]}; of the others Odoo takes what expires first. ``lot`` is an
    existing lot that is topped up; otherwise a new one is made. ``key`` keeps
    the order's lot in ``world.lots``.
    """

    plant: str
    code: str
    quantity: float
    uses: dict[str, list[tuple[Any, float]]] = {}
    lot: Any = None
    key: str = ""


def produce(world: World, orders: list[Order]) -> Any:
    """Make the orders' products now and return the manufacturing orders."""
    productions = world.env["mrp.production"].create(
        [_production_values(world, order) for order in orders]
    )
    productions.action_confirm()
    for order, production in zip(orders, productions, strict=True):
        for code, lots in order.uses.items():
            _take_lots(production, world.products[code], lots)
    _make_by_product_lots(world, productions)
    for production in productions:
        production.qty_producing = production.product_qty
        if production.reservation_state != "assigned":
            raise UserError(world.env._("Components are missing for %s.", production.display_name))
    productions.move_raw_ids.picked = True
    productions.button_mark_done()
    for order, production in zip(orders, productions, strict=True):
        if order.key:
            world.lots[order.key] = production.lot_producing_ids
    return productions


def new_lot(world: World, code: str) -> Any:
    """Create the lot of what is made now."""
    return world.env["stock.lot"].create(
        {
            "name": world.new_lot_name(lot_prefix(code)),
            "product_id": world.products[code].id,
            "expiration_date": world.clock.now + timedelta(days=shelf_life(code)),
        }
    )


def rework(world: World, plant: str, code: str, quantity: float, source: Any) -> Any:
    """Put a lot back into production: an order without a recipe.

    :param source: (lot, quantity) that is worked up again
    """
    lot, amount = source
    production = world.env["mrp.production"].create(
        {
            **_production_values(world, Order(plant, code, quantity)),
            "bom_id": False,
            "origin": "Rework: misprinted labels",
            "move_raw_ids": [
                Command.create({"product_id": lot.product_id.id, "product_uom_qty": amount})
            ],
        }
    )
    production.action_confirm()
    _take_lots(production, lot.product_id, [(lot, amount)])
    production.qty_producing = quantity
    production.move_raw_ids.picked = True
    production.button_mark_done()
    return production


def unbuild(world: World, production: Any, quantity: float) -> Any:
    """Take apart a part of what a manufacturing order made."""
    order = world.env["mrp.unbuild"].create(
        {
            "product_id": production.product_id.id,
            "mo_id": production.id,
            "product_qty": quantity,
            "product_uom_id": production.product_uom_id.id,
            "lot_id": production.lot_producing_ids.id,
            "location_id": production.location_dest_id.id,
            "location_dest_id": production.location_dest_id.id,
        }
    )
    order.action_validate()
    return order


def _production_values(world: World, order: Order) -> dict[str, Any]:
    warehouse = world.warehouses[order.plant]
    values = {
        "product_id": world.products[order.code].id,
        "product_qty": order.quantity,
        "picking_type_id": warehouse.manu_type_id.id,
        "bom_id": world.boms[order.code].id,
        "date_start": world.clock.now,
    }
    if shelf_life(order.code):
        lot = order.lot or new_lot(world, order.code)
        values["lot_producing_ids"] = [Command.set(lot.ids)]
    return values


def _take_lots(production: Any, product: Any, lots: list[tuple[Any, float]]) -> None:
    """Replace what Odoo reserved of a component by the lots that were taken."""
    move = production.move_raw_ids.filtered(lambda move: move.product_id == product)
    if [(line.lot_id, line.quantity) for line in move.move_line_ids] == lots:
        return
    move._do_unreserve()
    for lot, quantity in lots:
        production.env["stock.move.line"].create(
            move._prepare_move_line_vals(quantity=0) | {"lot_id": lot.id, "quantity": quantity}
        )


def _make_by_product_lots(world: World, productions: Any) -> None:
    for move in productions.move_byproduct_ids:
        lot = new_lot(world, move.product_id.default_code)
        quantity = move.product_uom_qty
        move._do_unreserve()
        world.env["stock.move.line"].create(
            move._prepare_move_line_vals(quantity=0) | {"lot_id": lot.id, "quantity": quantity}
        )
        move.picked = True
