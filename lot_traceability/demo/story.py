"""Two months of work at the demo company, in cycles of three days.

On the first day of a cycle milk, lettuce and leaves come in, are made into curd
and washed salad, and the salad packs leave for the distribution centre. On the
second day cheese, ricotta and the deli salads are made; on the third the cheese
is packed and moved. Customers are served on the second and the third day.

Cycle 17 is the one of the contaminated romaine: see ``contaminated.py``.
"""
import logging
from typing import Any

from . import contaminated, events
from .production import Order, produce, rework
from .products import CHEESE_PACKS, SALAD_PACKS
from .purchasing import Purchase, receive
from .sales import Customers, sell, sell_whey, take_orders
from .transfers import arrive, ship
from .world import World

_logger = logging.getLogger(__name__)

CYCLES = 20
_FARMS = ("farm1", "farm2", "farm3", "farm4")
_GROWERS = ("glenvarra", "saltmarsh")


def tell(world: World) -> None:
    """Let two months pass, up to yesterday evening."""
    customers = Customers(world)
    slices_by_subcontractor = events.prepare_subcontracting(world)
    slicing = None
    _stock_up(world)
    for cycle in range(CYCLES):
        first_day = 3 * (cycle - CYCLES)
        _first_day(world, cycle, first_day)
        _second_day(world, cycle, first_day + 1, customers)
        if slicing:
            events.receive_slices(world, slicing)
            slicing = None
        _third_day(world, cycle, first_day + 2, customers)
        if slices_by_subcontractor and cycle % 5 == 3:
            slicing = events.order_slicing(world, 1200)
        _logger.info("Demo company: cycle %s of %s told", cycle + 1, CYCLES)
    world.clock.at(-1, 21)
    take_orders(world, customers, 4)


def _stock_up(world: World) -> None:
    """Buy what lasts long; one lot of citric acid serves both plants all the time."""
    world.clock.at(-3 * CYCLES - 2, 14)
    dry = [("acids", "SALT", 400), ("packs", "TUB", 40000)]
    receive(
        world,
        "P1",
        [
            Purchase("acids", "CITR", 150, "BD-77120", key="citric acid", age=60),
            Purchase("cultures", "CULT", 24, "LV-MO-5518", age=30),
            Purchase("cultures", "RENN", 12, "LV-RN-2043", age=20),
            Purchase("packs", "CUP", 40000),
            *(Purchase(*row) for row in dry),
        ],
    )
    receive(
        world,
        "P2",
        [
            Purchase("oils", "VIN", 400, "PG-V-0917", age=40),
            Purchase("packs", "POUCH", 40000),
            Purchase("packs", "BAG", 4000),
            *(Purchase(*row) for row in dry),
        ],
    )
    world.clock.at(-3 * CYCLES - 1, 14)
    arrive(ship(world, "P1", {"CITR": 70}, "P2"))


def _first_day(world: World, cycle: int, day: int) -> None:
    world.clock.at(day, 11)
    receive(world, "P1", _plant1_purchases(cycle))
    receive(world, "P2", _plant2_purchases(cycle))
    if cycle == 5:
        events.give_back_receipt(world, "spinach 5", 0.5)
    world.clock.at(day, 14)
    orders = [Order("P1", "CURD", 300), *_washed(world, cycle)]
    if cycle % 2 == 0:
        orders.append(Order("P2", "DRB", 150))
    produce(world, orders)
    world.clock.at(day, 17)
    packs = [
        Order("P2", "R300", 300, {"CUTR": [(world.lots[f"cut {cycle}a"], 90)]}),
        Order("P2", "L200", 500),
    ]
    if cycle % 2 == 0:
        packs.append(Order("P2", "DRH", 150))
    produce(world, packs)
    _send_salads(world, day, 20)


def _second_day(world: World, cycle: int, day: int, customers: Customers) -> None:
    world.clock.at(day, 12)
    orders = [Order("P1", "SOFT", 300, key=f"cheese {cycle}"), *_second_wash(world, cycle)]
    if cycle % 2 == 0:
        orders.append(Order("P1", "RICO", 160))
    if cycle:
        orders.append(Order("P2", "DELI", 220, {"CUTR": contaminated.deli_romaine(world, cycle)}))
    if cycle % 2:
        orders.append(Order("P2", "PAST", 160))
    produce(world, orders)
    world.clock.at(day, 15)
    packs = contaminated.catering_orders(world, cycle)
    if cycle:
        packs.append(Order("P2", "D250", 880))
    if cycle % 2:
        packs.append(Order("P2", "P400", 400))
    productions = produce(world, packs)
    if cycle == contaminated.CYCLE:
        contaminated.take_bags_apart(world, productions)
    _send_salads(world, day, 16)
    world.clock.at(day, 19)
    sell(world, customers, day, invoice=cycle % 3 == 0)


def _third_day(world: World, cycle: int, day: int, customers: Customers) -> None:
    world.clock.at(day, 12)
    orders = [Order("P1", "CHT", 1200, key=f"cups {cycle}")]
    if cycle % 2 == 0:
        orders.append(Order("P1", "RIT", 640))
    produce(world, orders)
    if cycle == 8:
        rework(world, "P1", "SOFT", 18, (world.lots["cups 8"], 120))
    world.clock.at(day, 14)
    if cycle % 2:
        sell_whey(world)
    pickings = ship(world, "P1", {"SOFT": 80}, "P2")
    pickings |= ship(world, "P1", world.available(CHEESE_PACKS, "P1"), "DC")
    world.clock.at(day, 16)
    arrive(pickings)
    world.clock.at(day, 19)
    if cycle % 3 == 2:
        events.scrap_expired(world, "DC")
    sell(world, customers, day, invoice=cycle % 4 == 0)
    contaminated.returns(world, day)
    if cycle in (4, 12):
        world.clock.at(day, 21)
        events.give_back(world, world.deliveries[day - 1][1], 0.5)


def _plant1_purchases(cycle: int) -> list[Purchase]:
    milk = [
        Purchase(farm, "MILK", 900, f"T{401 + 2 * cycle + number}-{farm[-1]}")
        for number, farm in enumerate((_FARMS[cycle % 4], _FARMS[(cycle + 1) % 4]))
    ]
    if cycle % 2 == 0:
        milk.append(Purchase("cream", "CREAM", 32, f"OF{2210 + 3 * cycle}"))
    return milk


def _plant2_purchases(cycle: int) -> list[Purchase]:
    purchases = [
        *contaminated.romaine(cycle, _GROWERS),
        Purchase("leaf", "ICE", 40, f"UL-I{610 + cycle}", age=1),
        Purchase("leaf", "SPI", 80 if cycle == 5 else 40, f"UL-S{310 + cycle}", f"spinach {cycle}"),
    ]
    if cycle % 2 == 0:
        purchases.append(Purchase("herbs", "CHIV", 7.5, f"TL{88 + cycle}-CH"))
        purchases.append(Purchase("eggs", "EGG", 18, f"WX{7400 + 17 * cycle}", age=2))
    else:
        purchases.append(Purchase("herbs", "CEL", 32, f"TL{88 + cycle}-CE", age=1))
    if cycle % 6 == 0:
        purchases.append(Purchase("oils", "OIL", 320, f"PG-O-{1003 + cycle}", age=45))
    if cycle % 7 == 1:
        purchases.append(Purchase("pasta", "NOOD", 290, f"MC{50 + cycle}18", age=80))
    return purchases


def _washed(world: World, cycle: int) -> list[Order]:
    romaine = world.lots[contaminated.first_wash(cycle)]
    return [
        Order("P2", "CUTR", 200, {"ROM": [(romaine, 236)]}, key=f"cut {cycle}a"),
        Order("P2", "LEAF", 100, {"ROM": [(romaine, 35)]}),
    ]


def _second_wash(world: World, cycle: int) -> list[Order]:
    lots = contaminated.second_wash(world, cycle)
    return [Order("P2", "CUTR", 200, {"ROM": lots}, key=f"cut {cycle}b")]


def _send_salads(world: World, day: int, hour: int) -> None:
    world.clock.at(day, hour)
    pickings = ship(world, "P2", world.available(SALAD_PACKS, "P2"), "DC")
    world.clock.at(day, hour + 2)
    arrive(pickings)
