"""Sale orders, deliveries and invoices of the demo company."""

from typing import Any

from odoo.fields import Command

from .partners import FARM, KITCHEN, SHOP
from .products import RETAIL
from .world import World

_ASSORTMENT = {
    SHOP: ("CHT", "RIT", "R300", "L200", "D250", "P400"),
    KITCHEN: ("RCAT", "D250", "P400", "CHT", "L200"),
}
_CASE = {"RCAT": 2, "CHT": 12, "SLC": 12}
# How often a day's customers could buy the stock of a product if all wanted it; not all
# do, and few want catering bags.
_APPETITE = 0.9
_APPETITE_FOR_BAGS = 3


class Customers:
    """Hands out customers in a shuffled order; each one comes up equally often."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._deck: list[tuple[str, Any]] = []

    def draw(self, count: int) -> list[tuple[str, Any]]:
        """Return the next (kind, customer) pairs, none of them twice."""
        drawn: list[tuple[str, Any]] = []
        while len(drawn) < count:
            if not self._deck:
                self._deck = [
                    (kind, customer)
                    for kind in (SHOP, KITCHEN)
                    for customer in self._world.customers[kind]
                ]
                self._world.random.shuffle(self._deck)
            card = self._deck.pop()
            if card not in drawn:
                drawn.append(card)
        return drawn


def sell(world: World, customers: Customers, day: int, count: int, invoice: bool = False) -> None:
    """Deliver a part of what the distribution centre has in stock to some customers."""
    orders = take_orders(world, customers, count)
    pickings = orders.picking_ids
    pickings.button_validate()
    world.deliveries[day] = pickings
    if invoice:
        orders._create_invoices().action_post()


def take_orders(world: World, customers: Customers, count: int) -> Any:
    """Return new, confirmed sale orders that are reserved from stock."""
    free = world.available(RETAIL, "DC")
    share = {
        code: quantity * (_APPETITE_FOR_BAGS if code == "RCAT" else _APPETITE) / count
        for code, quantity in free.items()
    }
    values = []
    for kind, customer in customers.draw(count):
        lines = _choose(world, kind, free, share)
        if lines:
            values.append(_order_values(world, customer, "DC", lines))
    orders = world.office["sale.order"].create(values)
    orders.action_confirm()
    return orders


def sell_whey(world: World) -> None:
    """Let the pig farm collect the whey that no ricotta is made of."""
    whey = world.available(["WHEY"], "P1")
    if not whey:
        return
    values = _order_values(world, world.customers[FARM], "P1", whey)
    order = world.office["sale.order"].create(values)
    order.action_confirm()
    order.picking_ids.button_validate()


def _choose(
    world: World, kind: str, free: dict[str, float], share: dict[str, float]
) -> dict[str, float]:
    """Return what a customer of this kind orders, and take it from what is free.

    Chance is asked as often whatever is in stock, and never for the slices, which
    are there only with a subcontractor: so the rest of the story stays the same.
    """
    assortment = _ASSORTMENT[kind]
    lines = {}
    for code in world.random.sample(assortment, world.random.randint(2, 4)):
        factor = world.random.uniform(0.6, 1.4)
        if code in free:
            lines[code] = _amount(code, share[code] * factor, free)
    if "SLC" in free and kind == SHOP:
        lines["SLC"] = _amount("SLC", share["SLC"], free)
    return {code: amount for code, amount in lines.items() if amount > 0}


def _amount(code: str, wanted: float, free: dict[str, float]) -> float:
    case = _CASE.get(code, 6)
    amount = min(case * max(1, round(wanted / case)), free[code])
    free[code] -= amount
    return amount


def _order_values(
    world: World, customer: Any, warehouse: str, lines: dict[str, float]
) -> dict[str, Any]:
    return {
        "partner_id": customer.id,
        "warehouse_id": world.warehouses[warehouse].id,
        "client_order_ref": f"PO-{world.random.randint(10000, 99999)}",
        "order_line": [
            Command.create({"product_id": world.products[code].id, "product_uom_qty": quantity})
            for code, quantity in lines.items()
        ],
    }
