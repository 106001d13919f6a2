"""Sale orders, deliveries and invoices of the demo company."""

from typing import Any

from odoo.fields import Command

from .partners import FARM, KITCHEN, SHOP
from .products import RETAIL
from .world import World

_ASSORTMENT = {
    SHOP: ("CHT", "RIT", "R300", "L200", "D250", "P400", "SLC"),
    KITCHEN: ("RCAT", "D250", "P400", "CHT", "L200"),
}
_CASE = {"RCAT": 2, "CHT": 12, "SLC": 12}
_ORDERS_A_DAY = 5
_SHARE_OF_STOCK = 0.2  # what a customer takes of a product, on the average


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


def sell(world: World, customers: Customers, day: int, invoice: bool = False) -> None:
    """Sell and deliver a part of what the distribution centre has in stock."""
    orders = take_orders(world, customers, _ORDERS_A_DAY)
    pickings = orders.picking_ids
    pickings.button_validate()
    world.deliveries[day] = pickings
    if invoice:
        orders._create_invoices().action_post()


def take_orders(world: World, customers: Customers, count: int) -> Any:
    """Return new, confirmed sale orders that are reserved from stock."""
    free = world.available(RETAIL, "DC")
    share = {code: quantity * _SHARE_OF_STOCK for code, quantity in free.items()}
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
    """Return what a customer of this kind orders, and take it from what is free."""
    wanted = [code for code in _ASSORTMENT[kind] if free.get(code, 0) > 0]
    lines = {}
    for code in world.random.sample(wanted, min(len(wanted), world.random.randint(2, 4))):
        case = _CASE.get(code, 6)
        amount = case * max(1, round(share[code] * world.random.uniform(0.6, 1.4) / case))
        amount = min(amount, free[code])
        lines[code] = amount
        free[code] -= amount
    return lines


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
