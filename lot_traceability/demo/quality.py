"""What quality knows: limits, critical control points, readings, and what was done where one
was missed."""

from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

from odoo.fields import Command

from .certificate import analysis_pdf
from .world import World

WARM_MILK = "warm milk"  # keys of `world.lots`
SLOW_CHEESE = "cheese 11"


class _Parameter(NamedTuple):
    """``rules`` are (product, step, least, most): None where there is no such limit."""

    name: str
    unit: str = ""
    decimals: int = 1
    bounds: tuple[float, float] | None = None
    rules: tuple[tuple[str, str, float | None, float | None], ...] = ()
    critical: bool = False
    values: dict[str, Any] = {}


_PARAMETERS = {
    "temperature": _Parameter(
        "Temperature", "°C", 1, (-40, 150), (("MILK", "receipt", None, 6),), critical=True
    ),
    "pasteurisation": _Parameter(
        "Pasteurisation temperature",
        "°C",
        1,
        (0, 150),
        (("CURD", "production", 72, 78),),
        critical=True,
    ),
    "ph": _Parameter(
        "pH",
        "",
        2,
        (0, 14),
        (("SOFT", "", 4.3, 4.8), ("DRH", "production", None, 4.2)),
        critical=True,
    ),
    "chlorine": _Parameter(
        "Free chlorine in the wash water",
        "ppm",
        0,
        (0, 1000),
        (("CUTR", "production", 50, 120), ("LEAF", "production", 50, 120)),
        critical=True,
    ),
    "metal": _Parameter("Metal detector found its test pieces", values={"kind": "yes_no"}),
    "fat": _Parameter(
        "Fat in dry matter",
        "%",
        1,
        (0, 100),
        (("SOFT", "", 45, 52),),
        values={"purpose": "test", "method": "Gerber-van Gulik, ISO 3433"},
    ),
    "plates": _Parameter(
        "Total plate count",
        "CFU/ml",
        0,
        (0, 1e9),
        (("MILK", "", None, 100_000),),
        values={"purpose": "test", "method": "ISO 4833-1, 30 °C"},
    ),
    "listeria": _Parameter(
        "Listeria monocytogenes",
        values={"purpose": "test", "kind": "choice", "method": "ISO 11290-1, in 25 g"},
    ),
}
_CLEAN, _FOUND = "Not detected", "Detected"

# What is measured of each lot that is made, and between which values it lies.
_MEASURED = {
    "CURD": {"pasteurisation": (73.2, 74.8)},
    "SOFT": {"ph": (4.42, 4.68), "fat": (47, 49.5)},
    "DRH": {"ph": (3.82, 4.04)},
    "CUTR": {"chlorine": (64, 96)},
    "LEAF": {"chlorine": (64, 96)},
    "CHT": {"metal": None},
    "D250": {"metal": None},
}
_ALLERGENS = {
    "MILK": "milk",
    "CREAM": "milk",
    "CULT": "milk",
    "EGG": "eggs",
    "DRB": "eggs",  # the kettle has no lots that could tell
    "CEL": "celery",
    "NOOD": "wheat",
}


def create_limits(world: World) -> None:
    """Create parameters with limits, allergens, and what a receipt of romaine has to tell."""
    for code, allergen in _ALLERGENS.items():
        world.products[code].allergen_ids = world.env.ref(f"lot_traceability.allergen_{allergen}")
    demands = ("supplier_lot", "harvest_date", "origin_place")
    world.products["ROM"].receipt_demand_ids = world.env["lot.field.demand"].search(
        [("field_name", "in", demands)]
    )
    parameters = world.env["lot.parameter"].create(
        [_parameter_values(world, item) for item in _PARAMETERS.values()]
    )
    world.parameters = dict(zip(_PARAMETERS, parameters, strict=True))
    listeria = world.parameters["listeria"]
    listeria.limit_ids = [Command.create({"choice_ids": [Command.link(listeria.choice_ids[0].id)]})]


def _parameter_values(world: World, item: _Parameter) -> dict[str, Any]:
    low, high = item.bounds or (0, 0)
    values = {
        "name": item.name,
        "unit": item.unit,
        "decimals": item.decimals,
        "bounded": bool(item.bounds),
        "lowest": low,
        "highest": high,
        "limit_ids": [
            Command.create(
                {
                    "product_tmpl_id": world.products[code].product_tmpl_id.id,
                    "step": step,
                    "has_minimum": least is not None,
                    "minimum": least or 0,
                    "has_maximum": most is not None,
                    "maximum": most or 0,
                    "critical": item.critical,
                    "owner_id": world.env.user.id if item.critical else False,
                }
            )
            for code, step, least, most in item.rules
        ],
        **item.values,
    }
    if values.get("kind") == "choice":
        values["choice_ids"] = [Command.create({"name": name}) for name in (_CLEAN, _FOUND)]
    if values.get("kind") == "yes_no":
        values["limit_ids"] = [Command.create({"wanted": "yes"})]
    return values


def measure(world: World, productions: Any) -> Any:
    """Take the readings of what these orders made, and return the orders."""
    values = [
        {
            "parameter_id": world.parameters[name].id,
            "lot_id": order.lot_producing_ids.id,
            "production_id": order.id,
            "step": "production",
            "value": _value(world, f"{order.name} {name}", name, between),
        }
        for order in productions
        for name, between in _MEASURED.get(order.product_id.default_code, {}).items()
        if (name, order.lot_producing_ids) != ("ph", world.lots.get(SLOW_CHEESE))
    ]
    world.env["lot.measurement"].create(values)
    return productions


def measure_milk(world: World, cycle: int, lines: Any) -> None:
    """Take the temperature of the milk that came with these lines."""
    milk = lines.filtered(lambda line: line.product_id == world.products["MILK"])
    warm = world.lots.get(WARM_MILK)
    world.env["lot.measurement"].create(
        [
            {
                "parameter_id": world.parameters["temperature"].id,
                "lot_id": line.lot_id.id,
                "picking_id": line.picking_id.id,
                "step": "receipt",
                "value": 7.4
                if line.lot_id == warm
                else _value(world, f"{cycle} {line.supplier_lot}", "temperature", (3.1, 4.9)),
            }
            for line in milk
        ]
    )


def _value(world: World, seed: str, name: str, between: tuple[float, float] | None) -> float | bool:
    """Return the same value for the same seed: the story's own chance is not asked."""
    if between is None:
        return True
    decimals = world.parameters[name].decimals
    return round(Random(seed).uniform(*between), decimals)  # noqa: S311 - the same story every time


def judge_warm_milk(world: World, day: int) -> None:
    """A tanker came warm: what was done about it, verified, and the milk released."""
    lot = world.lots[WARM_MILK]
    world.clock.at(day, 12)
    world.env["lot.measurement"].create(
        {
            "parameter_id": world.parameters["plates"].id,
            "lot_id": lot.id,
            "step": "receipt",
            "value": "42000",
        }
    )
    _answer(
        lot,
        "The cooling of the tanker had failed for the last 40 minutes of the way.",
        "Plate count taken, antibiotics negative, pasteurised at once. The haulier has had the "
        "cooling repaired and sends its record with each load.",
    )
    world.clock.at(day, 13)
    lot = lot.with_env(world.laboratory)
    lot.corrective_action_ids.action_verify()
    lot.set_status("released", "Plate count within its limit, pasteurised the same day")


def find_slow_cheese(world: World) -> None:
    """The last bulk cheese was not acid enough: it is on hold, and what was done about it waits
    for somebody else to verify it. See ``story.txt``."""
    lot = world.lots[SLOW_CHEESE]
    world.clock.at(-2, 21)
    _measure_cheese(world, lot, "5.10")
    world.clock.at(-1, 16)
    _measure_cheese(world, lot, "4.72")
    _answer(
        lot,
        "The ripening room had 17 °C overnight instead of 21 °C: its heating had tripped.",
        "Heating repaired, and an alarm set at 19 °C. The cheese ripened a day longer and was "
        "measured again: pH 4.72.",
    )


def _measure_cheese(world: World, lot: Any, value: str) -> None:
    world.env["lot.measurement"].create(
        {
            "parameter_id": world.parameters["ph"].id,
            "lot_id": lot.id,
            "production_id": lot.made_order_id.id,
            "step": "storage",
            "value": value,
        }
    )


def _answer(lot: Any, cause: str, action: str) -> None:
    action_of_lot = lot.corrective_action_ids
    action_of_lot.write({"cause": cause, "action": action})
    action_of_lot.action_done()


def file_certificate(world: World) -> None:
    """Keep the supplier's certificate of analysis with the lot of the starter culture."""
    env = world.laboratory
    lot = world.lots["culture"].with_env(env)
    rows = [("Listeria monocytogenes", "in 25 g", "not detected")]
    rows += [("Total plate count, foreign", "CFU/g", "< 10"), ("Activity", "pH after 6 h", "4.6")]
    certificate = env["ir.attachment"].create(
        {
            "name": f"Certificate of analysis {lot.supplier_lot}.pdf",
            "raw": analysis_pdf(lot.supplier_id.name, lot.product_id.name, lot.supplier_lot, rows),
            "mimetype": "application/pdf",
        }
    )
    result = env["lot.measurement"].create(
        {
            "parameter_id": world.parameters["listeria"].id,
            "lot_id": lot.id,
            "step": "receipt",
            "value": _CLEAN,
            "attachment_ids": [Command.link(certificate.id)],
        }
    )
    result.judge("pass", "By the certificate of the supplier")


def ask_for_shelf_life(world: World) -> None:
    """A hospital takes no goods that expire within the week."""
    hospital = world.env["res.partner"].search([("name", "=", "Cathedral Hill Hospital")])
    world.env["lot.shelf.life"].create(
        {
            "partner_id": hospital.id,
            "categ_id": world.products["CHT"].categ_id.id,
            "minimum_days": timedelta(weeks=1).days,
        }
    )
