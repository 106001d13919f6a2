"""A generated plant with its genealogy, kept between runs of the same size."""

from __future__ import annotations

import json
import time

from odoo.modules.registry import Registry

from . import databases
from .bulk import vacuum
from .dataset import VERSION, Dataset

DERIVED = ("lot_genealogy_edge", "lot_genealogy_movement")


def prepare(name: str, dataset: Dataset, progress, modules=(databases.MODULE,)) -> dict | None:
    """Fill the database and build its genealogy, unless it is there.

    :param modules: what has to be installed in it
    :return: as `rebuild` where it was filled now
    """
    stamp = json.dumps({"dataset": VERSION, "lots": dataset.level_size})
    told = None
    if databases.comment(name) != stamp:
        databases.clone(databases.template_with(), name)
        progress("empty database")
        dataset.fill()
        told = rebuild(name)
        progress("rebuild")
        databases.set_comment(name, stamp)
    others = [module for module in modules if module != databases.MODULE]
    if told is None or others:
        Registry.new(
            name,
            update_module=True,
            install_modules=others,
            upgrade_modules=list(modules),
        )
        progress("modules brought up to date")
    return told


def rebuild(name: str) -> dict:
    """The full rebuild of our own, as a manager of a database with history starts it.

    :return: {"seconds", "edges", "movements", "lots"}
    """
    started = time.perf_counter()
    with databases.environment(name) as env:
        run = env["lot.genealogy.rebuild"].create({})
        while run._step():
            env.cr.commit()
    seconds = time.perf_counter() - started
    with databases.environment(name) as env:
        counted = (*DERIVED, "stock_lot")
        env.cr.execute(f"SELECT {', '.join(f'(SELECT count(*) FROM {t})' for t in counted)}")
        edges, movements, lots = env.cr.fetchone()
        vacuum(env.cr, DERIVED)
    return {"seconds": seconds, "edges": edges, "movements": movements, "lots": lots}
