"""Two months of work at the demo company, in cycles of five days.

On the first day of a cycle milk, lettuce and leaves come in and are made into
curd, washed salad and salad packs. On the second day cheese, ricotta, the deli
salads and the catering packs are made and the salads leave for the distribution
centre; on the third the cheese is packed and moved. Customers are served on the
second and the fourth day.

Cycle 10 is the one of the contaminated romaine: see ``contaminated.py``.
"""

import logging

from . import contaminated, events, quality
from .production import Order, produce, rework
from .products import CHEESE_PACKS, SALAD_PACKS
from .purchasing import Purchase, expect_romaine, receive
from .sales import Customers, sell, sell_whey, take_orders
from .transfers import arrive, ship
from .world import World

_logger = logging.getLogger(__name__)

CYCLES = 12
DAYS = 5  # of a cycle
_FARMS = ("farm1", "farm2", "farm3", "farm4")
_FROSTED = 5  # half of a spinach lot goes back to its grower
_WARM = 4  # a tanker of milk comes warm
_MISPRINTED = 8  # cups with wrong labels become bulk cheese again
_GROWERS = ("glenvarra", "saltmarsh")


def tell(world: World) -> None:
    """Let two months pass, up to yesterday evening."""
    customers = Customers(world)
    slices_by_subcontractor = events.prepare_subcontracting(world)
    slicing = None
    _stock_up(world)
    for cycle in range(CYCLES):
        first_day = DAYS * (cycle - CYCLES)
        _first_day(world, cycle, first_day)
        _second_day(world, cycle, first_day + 1)
        sell(world, customers, first_day + 1, _orders(cycle), invoice=cycle % 4 == 2)
        contaminated.returns(world, first_day + 1)
        if slicing:
            events.receive_slices(world, slicing)
        _third_day(world, cycle, first_day + 2)
        slices = slices_by_subcontractor and cycle % 4 == 3
        slicing = events.order_slicing(world, 1200) if slices else None
        _fourth_day(world, cycle, first_day + 3, customers)
        _logger.info("Demo company: cycle %s of %s told", cycle + 1, CYCLES)
    quality.find_slow_cheese(world)
    world.clock.at(-1, 22)
    take_orders(world, customers, 4)
    expect_romaine(world)
    quality.ask_for_shelf_life(world)


def _stock_up(world: World) -> None:
    """Buy what lasts long; one lot of citric acid serves both plants all the time."""
    world.clock.at(-DAYS * CYCLES - 2, 14)
    receive(
        world,
        [
            Purchase("P1", "acids", "CITR", 120, "BD-77120", age=60),
            Purchase("P1", "acids", "SALT", 400),
            Purchase("P1", "cultures", "CULT", 15, "LV-MO-5518", "culture", age=30),
            Purchase("P2", "acids", "SALT", 400),
            Purchase("P2", "oils", "VIN", 400, "PG-V-0917", age=40),
            Purchase("P2", "packs", "POUCH", 20000),
            Purchase("P2", "packs", "TUB", 40000),
        ],
    )
    quality.file_certificate(world)
    world.clock.at(-DAYS * CYCLES - 1, 14)
    arrive(ship(world, "P1", {"CITR": 60}, "P2"))


def _first_day(world: World, cycle: int, day: int) -> None:
    world.clock.at(day, 11)
    lines = receive(world, [*_milk(cycle), *contaminated.romaine(cycle, _GROWERS), *_leaves(cycle)])
    quality.measure_milk(world, cycle, lines)
    if cycle == _WARM:
        quality.judge_warm_milk(world, day)
    if cycle == _FROSTED:
        events.give_back_receipt(world, f"spinach {cycle}a", 0.5)
    world.clock.at(day, 14)
    orders = [Order("P1", "CURD", 300), *_washed(world, cycle)]
    if cycle % 2 == 0:
        orders.append(Order("P2", "DRB", 150))
    quality.measure(world, produce(world, orders))
    world.clock.at(day, 17)
    packs = [
        Order("P2", "R300", 300, {"CUTR": [(world.lots[f"cut {cycle}a"], 90)]}),
        Order("P2", "L200", 500),
    ]
    if cycle % 2 == 0:
        packs.append(Order("P2", "DRH", 150))
    quality.measure(world, produce(world, packs))


def _second_day(world: World, cycle: int, day: int) -> None:
    world.clock.at(day, 11)
    orders = [
        Order("P1", "SOFT", 300, key=f"cheese {cycle}"),
        *contaminated.catering_orders(world, cycle),
    ]
    if cycle % 2 == 0:
        orders.append(Order("P1", "RICO", 160))
    if cycle:  # the first cheese reaches plant 2 at the end of the first cycle
        orders.append(Order("P2", "DELI", 220, {"CUTR": contaminated.deli_romaine(world, cycle)}))
    if cycle % 2:
        orders.append(Order("P2", "PAST", 160))
    productions = quality.measure(world, produce(world, orders))
    if cycle == contaminated.CYCLE:
        contaminated.take_bags_apart(world, productions)
    world.clock.at(day, 14)
    packs = [Order("P2", "D250", 880, key=f"tubs {cycle}")] if cycle else []
    if cycle % 2:
        packs.append(Order("P2", "P400", 400))
    quality.measure(world, produce(world, packs))
    world.clock.at(day, 16)
    pickings = ship(world, "P2", world.available(SALAD_PACKS, "P2"), "DC")
    world.clock.at(day, 18)
    arrive(pickings)
    world.clock.at(day, 19)


def _third_day(world: World, cycle: int, day: int) -> None:
    world.clock.at(day, 12)
    orders = [Order("P1", "CHT", 1200, key=f"cups {cycle}")]
    if cycle % 2 == 0:
        orders.append(Order("P1", "RIT", 640))
    quality.measure(world, produce(world, orders))
    if cycle == _MISPRINTED:
        rework(world, "P1", "SOFT", 18, (world.lots[f"cups {cycle}"], 120))
    world.clock.at(day, 14)
    if cycle % 2:
        sell_whey(world)
    pickings = ship(world, "P1", {"SOFT": 80}, "P2")
    pickings |= ship(world, "P1", world.available(CHEESE_PACKS, "P1"), "DC")
    world.clock.at(day, 16)
    arrive(pickings)


def _fourth_day(world: World, cycle: int, day: int, customers: Customers) -> None:
    world.clock.at(day, 19)
    if cycle % 3 == 2:
        events.scrap_expired(world, "DC")
    sell(world, customers, day, _orders(cycle))
    contaminated.returns(world, day)
    if cycle in (3, 6):
        world.clock.at(day, 21)
        events.give_back(world, world.deliveries[day - 2][1], 0.5)


def _orders(cycle: int) -> int:
    """Return how many customers are served on a day: more since the contaminated cycle."""
    return 7 if cycle >= contaminated.CYCLE else 5


def _milk(cycle: int) -> list[Purchase]:
    farms = _FARMS[:2] if cycle % 2 else _FARMS[2:]
    purchases = [
        Purchase(
            "P1",
            farm,
            "MILK",
            300,
            f"T{401 + 6 * cycle + number}-{farm[-1]}",
            quality.WARM_MILK if (cycle, number) == (_WARM, 0) else "",
        )
        for number, farm in enumerate(farms * 3)
    ]
    if cycle % 2 == 0:
        mark = f"OF{2210 + 3 * cycle}"
        purchases += [Purchase("P1", "cream", "CREAM", 16, mark + letter) for letter in "AB"]
    return purchases


def _leaves(cycle: int) -> list[Purchase]:
    twice = 2 if cycle == _FROSTED else 1
    purchases = [
        Purchase("P2", "leaf", "SPI", 14 * twice, f"UL-S{310 + cycle}A", f"spinach {cycle}a"),
        *(Purchase("P2", "leaf", "SPI", 13, f"UL-S{310 + cycle}{letter}") for letter in "BC"),
        Purchase("P2", "leaf", "ICE", 14, f"UL-I{610 + cycle}A", age=1),
        *(Purchase("P2", "leaf", "ICE", 13, f"UL-I{610 + cycle}{mark}", age=1) for mark in "BC"),
    ]
    if cycle % 2 == 0:
        purchases += [
            *(Purchase("P2", "herbs", "CHIV", 3.75, f"TL{88 + cycle}-CH{n}") for n in (1, 2)),
            *(
                Purchase("P2", "eggs", "EGG", 6, f"WX{7400 + 17 * cycle + n}", age=2)
                for n in range(3)
            ),
        ]
    else:
        purchases += [
            Purchase("P2", "herbs", "CEL", 16, f"TL{88 + cycle}-CE{n}", age=1) for n in (1, 2)
        ]
    if cycle % 6 == 0:
        purchases.append(Purchase("P2", "oils", "OIL", 320, f"PG-O-{1003 + cycle}", age=45))
    if cycle % 7 == 1:
        purchases.append(Purchase("P2", "pasta", "NOOD", 290, f"MC{50 + cycle}18", age=80))
    return purchases


def _washed(world: World, cycle: int) -> list[Order]:
    romaine = world.lots[contaminated.first_wash(cycle)]
    second = contaminated.second_wash(world, cycle)
    return [
        Order("P2", "CUTR", 200, {"ROM": [(romaine, 236)]}, key=f"cut {cycle}a"),
        Order("P2", "LEAF", 100, {"ROM": [(romaine, 35)]}),
        Order("P2", "CUTR", 200, {"ROM": second}, key=f"cut {cycle}b"),
    ]
