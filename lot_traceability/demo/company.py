"""Builds the demo company: a maker of soft cheese, cut salad and deli salad.

Everything is made through Odoo's own flows (purchase, manufacture, transfer,
sell, return, scrap), dated over the last two months, and always the same: what
``story.txt`` says about it holds on every day and in every database.
"""

import importlib
import importlib.util
import logging
from random import Random

from odoo.api import Environment
from odoo.exceptions import UserError

from . import masterdata, partners, products, quality, story
from .clock import story_time
from .world import STORY_CONTEXT, World

_logger = logging.getLogger(__name__)


def build(env: Environment) -> World:
    """Build the demo company in a database that has not been used yet.

    Nothing is committed. The process must do nothing else meanwhile, because it
    sees the time of the story.

    :param env: the superuser's environment of a database with this module and
        without Odoo's demo data; optional apps are used where installed
    :return: the company's records by short names
    :raise UserError: if the database already has transfers
    """
    if env["stock.picking"].search_count([], limit=1):
        raise UserError(env._("The demo company needs a database without any transfer."))
    env = env(context={**env.context, **STORY_CONTEXT})
    with story_time(env) as clock:
        world = World(env, env, clock, Random("Quillbrook Foods"))  # noqa: S311 - the same story every time
        clock.at(-story.DAYS * story.CYCLES - 5, 12)
        for step in (
            masterdata.create_company,
            masterdata.create_warehouses,
            masterdata.create_users,
            partners.create_partners,
            products.create_products,
            products.create_recipes,
            quality.create_limits,
            _prepare_other_modules,
        ):
            step(world)
            _logger.info("Demo company: %s", step.__name__.replace("_", " "))
        story.tell(world)
        _call_other_modules("finish", world)
    return world


def _prepare_other_modules(world: World) -> None:
    _call_other_modules("prepare", world)


def _call_other_modules(name_of_step: str, world: World) -> None:
    """Let our other modules that are installed add what they need before the story is told, by
    `demo.prepare(world)`, and what comes of it, by `demo.finish(world)`; either may be missing."""
    # Of the registry: what is on the disk and not installed has no tables.
    for name in sorted(world.env.registry._init_modules):
        package = f"odoo.addons.{name}.demo"
        if name.startswith("lot_traceability_") and importlib.util.find_spec(package):
            step = getattr(importlib.import_module(package), name_of_step, None)
            if step:
                step(world)
