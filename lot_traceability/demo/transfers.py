"""Goods between the warehouses, through the transit location."""

from typing import Any

from .world import World


def ship(world: World, source: str, goods: dict[str, float], target: str) -> Any:
    """Send goods from one warehouse to another and return the receiving transfers.

    :param goods: quantity in the product's unit by product code
    """
    if not goods:
        return world.env["stock.picking"]
    route = world.warehouses[target].resupply_route_ids.filtered(
        lambda route: route.supplier_wh_id == world.warehouses[source]
    )
    reference = world.env["stock.reference"].create(
        {"name": f"{source} to {target} {world.clock.now:%d %b}"}
    )
    rule = world.env["stock.rule"]
    rule.run([_procurement(world, goods, target, route, reference, code) for code in goods])
    moves = reference.move_ids
    outgoing = moves.filtered(lambda move: move.location_id == world.stock(source)).picking_id
    outgoing.action_assign()
    outgoing.button_validate()
    return (moves.picking_id | outgoing.move_ids.move_dest_ids.picking_id) - outgoing


def _procurement(
    world: World, goods: dict[str, float], target: str, route: Any, reference: Any, code: str
) -> Any:
    product = world.products[code]
    return world.env["stock.rule"].Procurement(
        product,
        goods[code],
        product.uom_id,
        world.stock(target),
        reference.name,
        reference.name,
        world.company,
        {
            "route_ids": route,
            "warehouse_id": world.warehouses[target],
            "date_planned": world.clock.now,
            "reference_ids": reference,
        },
    )


def arrive(pickings: Any) -> None:
    """Receive what was sent."""
    pickings.action_assign()
    pickings.button_validate()
