"""Products of the demo company and what they are made of."""

from typing import Any, NamedTuple

from odoo.fields import Command
from odoo.tools.barcode import get_barcode_check_digit

from .masterdata import GS1_PREFIX
from .world import World


class _Item(NamedTuple):
    """One product: ``life`` is its shelf life in days, 0 when it is not tracked by lot.

    ``prefix`` begins the names of its lots.
    """

    name: str
    unit: str
    life: int
    cost: float
    price: float
    prefix: str


_BOUGHT = {
    "MILK": _Item("Raw cow's milk", "kg", 4, 0.42, 0, "RM"),
    "CREAM": _Item("Cream 38%", "kg", 12, 3.1, 0, "CM"),
    "CULT": _Item("Mesophilic starter culture", "kg", 180, 96, 0, "CT"),
    "CITR": _Item("Citric acid, food grade", "kg", 720, 2.9, 0, "CA"),
    "SALT": _Item("Salt, fine", "kg", 0, 0.35, 0, ""),
    "ROM": _Item("Romaine lettuce, whole heads", "kg", 14, 1.9, 0, "RL"),
    "ICE": _Item("Iceberg lettuce, whole heads", "kg", 12, 1.4, 0, "IL"),
    "SPI": _Item("Baby spinach", "kg", 9, 3.6, 0, "BS"),
    "CEL": _Item("Celery sticks", "kg", 14, 1.2, 0, "CS"),
    "CHIV": _Item("Chives, fresh", "kg", 10, 14, 0, "CH"),
    "OIL": _Item("Rapeseed oil", "kg", 360, 1.7, 0, "RO"),
    "EGG": _Item("Pasteurised egg yolk", "kg", 24, 5.2, 0, "EY"),
    "VIN": _Item("White wine vinegar", "kg", 720, 1.1, 0, "WV"),
    "NOOD": _Item("Fusilli, dry", "kg", 540, 1.5, 0, "FU"),
    "TUB": _Item("Salad tub with lid", "unit", 0, 0.11, 0, ""),
    "POUCH": _Item("Salad pouch, printed", "unit", 0, 0.05, 0, ""),
}
_MADE = {
    "CURD": _Item("Fresh curd", "kg", 5, 2.9, 0, "CU"),
    "WHEY": _Item("Sweet whey", "kg", 5, 0.04, 0.06, "WH"),
    "SOFT": _Item("Soft cheese, bulk", "kg", 35, 3.4, 0, "SB"),
    "RICO": _Item("Whey ricotta, bulk", "kg", 14, 1.6, 0, "RB"),
    "CUTR": _Item("Romaine, cut and washed", "kg", 12, 2.5, 0, "CR"),
    "LEAF": _Item("Leaf mix, washed", "kg", 9, 2.7, 0, "LM"),
    "DRB": _Item("Dressing base (kettle)", "kg", 0, 1.9, 0, ""),
    "DRH": _Item("Herb dressing", "kg", 21, 2.6, 0, "HD"),
    "DELI": _Item("Romaine and soft cheese salad, bulk", "kg", 9, 2.9, 0, "DS"),
    "PAST": _Item("Pasta salad, bulk", "kg", 10, 2.2, 0, "PB"),
    "CHT": _Item("Soft cheese 150 g", "unit", 30, 0.62, 2.35, "SC"),
    "RIT": _Item("Whey ricotta 250 g", "unit", 15, 0.55, 1.95, "WR"),
    "R300": _Item("Chopped romaine 300 g", "unit", 13, 0.85, 2.2, "R3"),
    "L200": _Item("Garden leaf mix 200 g", "unit", 12, 0.66, 1.95, "GL"),
    "RCAT": _Item("Chopped romaine 2.5 kg, catering", "unit", 13, 6.5, 13.8, "RC"),
    "D250": _Item("Romaine and soft cheese salad 250 g", "unit", 13, 0.9, 3.1, "DT"),
    "P400": _Item("Pasta salad 400 g", "unit", 14, 1.05, 3.4, "PT"),
    "SLC": _Item("Sliced soft cheese 120 g", "unit", 28, 0.7, 2.6, "SL"),
}
PLANTS = ("ROM", "ICE", "SPI", "CEL", "CHIV")
RETAIL = ("CHT", "RIT", "R300", "L200", "RCAT", "D250", "P400", "SLC")
SALAD_PACKS = ("R300", "L200", "RCAT", "D250", "P400")
CHEESE_PACKS = ("CHT", "RIT", "SLC")

# Recipes: quantity made, components by code.
_RECIPES = {
    "CURD": (100, {"MILK": 600, "CULT": 0.3, "CITR": 0.6}),
    "SOFT": (100, {"CURD": 100, "SALT": 1.5}),
    "RICO": (100, {"WHEY": 900, "CREAM": 20}),
    "CHT": (100, {"SOFT": 15}),
    "RIT": (100, {"RICO": 25}),
    "CUTR": (100, {"ROM": 118, "CITR": 0.4}),
    "LEAF": (100, {"ROM": 35, "ICE": 40, "SPI": 40, "CITR": 0.4}),
    "DRB": (100, {"OIL": 70, "EGG": 12, "VIN": 16, "SALT": 2, "CITR": 0.5}),
    "DRH": (100, {"DRB": 95, "CHIV": 5}),
    "DELI": (100, {"CUTR": 50, "SOFT": 25, "DRH": 25}),
    "PAST": (100, {"NOOD": 45, "CEL": 20, "SOFT": 15, "DRH": 20}),
    "R300": (100, {"CUTR": 30, "POUCH": 100}),
    "L200": (100, {"LEAF": 20}),
    "RCAT": (10, {"CUTR": 25}),
    "D250": (100, {"DELI": 25, "TUB": 100}),
    "P400": (100, {"PAST": 40}),
}
WHEY_PER_CURD = 4.8  # kg of whey drained from 1 kg of curd


def lot_prefix(code: str) -> str:
    """Return how the lot names of a product begin."""
    return (_BOUGHT.get(code) or _MADE[code]).prefix


def shelf_life(code: str) -> int:
    """Return the shelf life of a product in days."""
    return (_BOUGHT.get(code) or _MADE[code]).life


def create_products(world: World) -> None:
    """Create the products with their categories, barcodes and shelf lives."""
    env = world.env
    fefo = env.ref("product_expiry.removal_fefo").id
    category = {
        key: env["product.category"].create({"name": name, "removal_strategy_id": fefo}).id
        for key, name in (
            ("bought", "Ingredients and packaging"),
            ("made", "Work in progress"),
            ("sold", "Finished goods"),
        )
    }
    units = {"kg": env.ref("uom.product_uom_kgm").id, "unit": env.ref("uom.product_uom_unit").id}
    values = []
    for number, (code, item) in enumerate((_BOUGHT | _MADE).items(), start=1):
        kind = "bought" if code in _BOUGHT else "sold" if item.price else "made"
        values.append(
            {
                "name": item.name,
                "default_code": code,
                "barcode": _gtin(number),
                "type": "consu",
                "is_storable": True,
                "uom_id": units[item.unit],
                "categ_id": category[kind],
                "tracking": "lot" if item.life else "none",
                "standard_price": item.cost,
                "list_price": item.price or item.cost,
                "purchase_ok": kind == "bought",
                "sale_ok": kind == "sold",
                "invoice_policy": "delivery",
                "route_ids": [Command.clear()],
                **_expiry_values(item.life),
            }
        )
    products = env["product.product"].create(values)
    world.products = dict(zip((*_BOUGHT, *_MADE), products, strict=True))


def _expiry_values(life: int) -> dict[str, Any]:
    if not life:
        return {}
    return {
        "use_expiration_date": True,
        "expiration_time": life,
        "use_time": max(1, life // 10),
        "removal_time": 1,
        "alert_time": max(2, life // 5),
    }


def _gtin(number: int) -> str:
    """Return the GTIN-13 of the n-th product."""
    stem = f"{GS1_PREFIX}{number * 10:05d}"
    return f"{stem}{get_barcode_check_digit(stem + '0')}"


def create_recipes(world: World) -> None:
    """Create the bills of materials, with whey as a by-product of curd."""
    for code, (quantity, components) in _RECIPES.items():
        world.boms[code] = world.env["mrp.bom"].create(
            {
                **bom_values(world, code, quantity, components),
                "byproduct_ids": _whey(world, quantity) if code == "CURD" else [],
            }
        )


def bom_values(
    world: World, code: str, quantity: float, components: dict[str, float]
) -> dict[str, Any]:
    """Return the values of the bill of materials for ``quantity`` of a product."""
    product = world.products[code]
    return {
        "product_tmpl_id": product.product_tmpl_id.id,
        "product_qty": quantity,
        "product_uom_id": product.uom_id.id,
        "consumption": "flexible",
        "bom_line_ids": [
            Command.create({"product_id": world.products[component].id, "product_qty": amount})
            for component, amount in components.items()
        ],
    }


def _whey(world: World, curd: float) -> list[Any]:
    return [
        Command.create(
            {
                "product_id": world.products["WHEY"].id,
                "product_qty": curd * WHEY_PER_CURD,
                "cost_share": 3,
            }
        )
    ]
