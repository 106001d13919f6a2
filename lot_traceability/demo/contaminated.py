"""The contaminated romaine, supplier lot GV-2291-B, and where it went.

It arrives ten days ago, in cycle 10. All that uses romaine asks here which lots
to take, so that the figures of ``story.txt`` do not depend on chance.
"""

from typing import Any

from . import events
from .production import Order, unbuild
from .purchasing import Purchase
from .world import World

CYCLE = 10
SUPPLIER_LOT = "GV-2291-B"
_BAGS_APART = 8


def romaine(cycle: int, growers: tuple[str, str]) -> list[Purchase]:
    """Return the romaine that is bought in a cycle: as much as is used, but once."""
    if cycle == CYCLE:
        return [
            Purchase("P2", "glenvarra", "ROM", 160, "GV-2291-A", "romaine 10a", age=1),
            Purchase("P2", "glenvarra", "ROM", 400, SUPPLIER_LOT, "romaine 10b", age=1),
        ]
    marks = {"glenvarra": f"GV-{2261 + 3 * cycle}-A", "saltmarsh": f"SM{915 + cycle}R"}
    first, second = growers if cycle % 2 else growers[::-1]
    return [
        Purchase("P2", first, "ROM", 271, marks[first], f"romaine {cycle}a", age=1),
        Purchase("P2", second, "ROM", 136, marks[second], f"romaine {cycle}b", age=1),
        Purchase("P2", second, "ROM", 100, marks[second] + "2", f"romaine {cycle}c", age=1),
    ]


def first_wash(cycle: int) -> str:
    """Return the romaine lot of a cycle's first wash and its leaf mix."""
    return f"romaine {cycle}{'b' if cycle == CYCLE else 'a'}"


def second_wash(world: World, cycle: int) -> list[tuple[Any, float]]:
    """Return the romaine lots of a cycle's second wash: once they were mixed."""
    if cycle == CYCLE:
        return [(world.lots["romaine 10a"], 160), (world.lots["romaine 10b"], 76)]
    return [(world.lots[f"romaine {cycle}b"], 136), (world.lots[f"romaine {cycle}c"], 100)]


def deli_romaine(world: World, cycle: int) -> list[tuple[Any, float]]:
    """Return the cut romaine of a cycle's deli salad."""
    own = world.lots[f"cut {cycle}a"]
    if cycle == CYCLE + 1:  # what came back from the bags that were taken apart
        return [(world.lots["cut 10b"], 20), (own, 90)]
    return [(own, 110)]


def catering_orders(world: World, cycle: int) -> list[Order]:
    """Return the orders for catering bags.

    In cycle 10 the first bags fill up the lot of the cycle before, of which
    customers already had some: those have nothing of the contaminated romaine.
    """
    cut = world.lots[f"cut {cycle}b"]
    if cycle == CYCLE:
        return [
            Order("P2", "RCAT", 24, {"CUTR": [(cut, 60)]}, lot=world.lots["bags 9"]),
            Order("P2", "RCAT", 40, {"CUTR": [(cut, 100)]}, key="bags 10"),
        ]
    return [Order("P2", "RCAT", 80, {"CUTR": [(cut, 200)]}, key=f"bags {cycle}")]


def take_bags_apart(world: World, productions: Any) -> None:
    """Unbuild some bags of the contaminated cycle: they were under weight."""
    bags = productions.filtered(lambda order: order.lot_producing_ids == world.lots["bags 10"])
    unbuild(world, bags, _BAGS_APART)


def returns(world: World, day: int) -> None:
    """Scrap and take back some of what is contaminated, before anyone knows."""
    if day == -7:
        romaine = world.lots[first_wash(CYCLE)]
        events.scrap(world, romaine, 8, world.stock("P2"), "Wilted heads sorted out")
        tubs = world.lots[f"tubs {CYCLE}"]
        events.scrap(world, tubs, 6, world.stock("DC"), "Case dropped")
    if day == -4:
        world.clock.at(day, 21)
        tubs = world.lots[f"tubs {CYCLE}"]
        first, second = world.deliveries[-9].filtered(
            lambda picking: tubs in picking.move_line_ids.lot_id
        )[:2]
        events.give_back(world, first)
        events.give_back(world, second, 0.5)
