"""What an administrator waits for in a database with a long history: installing the modules on it,
building the genealogy, updating the modules, each scheduled action, and whether partitions would
make anything faster.

Fills a scratch database that has none of our modules with the history of a plant, and does each
step in a process of its own, whose peak of memory is told. PostgreSQL's own memory is not in it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from contextlib import closing

from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import SQL
from support import databases, partitions, results
from support.dataset import VERSION, Dataset

DATABASE = "bench_scale"
MODULES = ["lot_traceability", "lot_traceability_recall", "lot_traceability_fsma"]


# -- the steps, each in a process of its own ---------------------------------------------------


def _install(name: str) -> None:
    Registry.new(name, update_module=True, install_modules=MODULES)


def _update(name: str) -> None:
    Registry.new(name, update_module=True, upgrade_modules=MODULES)


def _rebuild(name: str) -> None:
    """What the installation has put off: it goes on in the background of a server."""
    with databases.environment(name) as env:
        rebuilds = env["lot.genealogy.rebuild"].sudo()
        run = rebuilds.search([("state", "=", "running")], limit=1) or rebuilds.create({})
        while run._step():
            env.cr.commit()


def _job(name: str, job: str) -> None:
    with databases.environment(name) as env:
        env.ref(job).sudo().method_direct_trigger()
        env.cr.commit()


def _step(name: str, step: str) -> None:
    """Do one step, and print {"seconds", "peak_mb"}."""
    if step not in ("install", "update"):
        Registry(name)
    started = time.perf_counter()
    if ":" in step:
        _job(name, step.partition(":")[2])
    else:
        {"install": _install, "update": _update, "rebuild": _rebuild}[step](name)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}), flush=True)


# -- all of them -------------------------------------------------------------------------------


def _measure(step: str, lots: int, **extra: object) -> None:
    command = [sys.executable, __file__, "--step", step]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    told = {"seconds": 0.0, "peak_mb": 0.0}
    if not done.returncode:
        told = json.loads(done.stdout.splitlines()[-1])
    agree = True if not done.returncode else f"it ended with code {done.returncode}"
    results.report(
        "scale", step.rpartition(".")[2], told["seconds"], {}, unit="s", n=lots, agree=agree,
        peak_mb=told["peak_mb"], **extra,
    )  # fmt: skip


def _jobs() -> list[str]:
    """External ids of the scheduled actions of our modules."""
    with databases.environment(DATABASE) as env:
        env.cr.execute(
            SQL(
                "SELECT module || '.' || name FROM ir_model_data "
                "WHERE model = 'ir.cron' AND module = ANY(%s) ORDER BY 1",
                MODULES,
            )
        )
        return [row[0] for row in env.cr.fetchall()]


def _sizes() -> dict[str, float]:
    """Megabytes of the largest tables with their indexes, and of the database."""
    with databases.environment(DATABASE) as env:
        env.cr.execute(
            """SELECT relname, pg_total_relation_size(oid) / 1048576.0 FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                ORDER BY 2 DESC LIMIT 8"""
        )
        sizes = {name: round(float(size), 1) for name, size in env.cr.fetchall()}
        env.cr.execute("SELECT pg_database_size(current_database()) / 1048576.0")
        return {**sizes, "database": round(float(env.cr.fetchone()[0]), 1)}


def _counts() -> dict[str, int]:
    with databases.environment(DATABASE) as env:
        env.cr.execute(
            """SELECT (SELECT count(*) FROM stock_lot), (SELECT count(*) FROM stock_move_line),
                      (SELECT count(*) FROM lot_genealogy_edge),
                      (SELECT count(*) FROM lot_genealogy_movement)"""
        )
        names = ("lots_in_all", "move_lines", "links", "movements")
        return dict(zip(names, env.cr.fetchone(), strict=True))


def _fill(history: str, lots: int) -> None:
    """The history before our modules come, unless an earlier run has kept it."""
    complete = f"history of {lots} lots, version {VERSION}"
    if databases.comment(history) == complete:
        return
    databases.clone(databases.template_without(), history)
    Dataset(history, lots, databases.Progress()).fill()
    databases.set_comment(history, complete)


def _partitions(lots: int) -> None:
    """Whether partitions of the movements would help."""
    with closing(db_connect(DATABASE).cursor()) as cr:
        cr._cnx.autocommit = True
        partitions.compare(cr, lots)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench scale", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the database")
    parser.add_argument(
        "--keep-history", action="store_true", help="keep the history, and use it the next time"
    )
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    databases.configure()
    if options.step == "partitions":
        _partitions(options.lots)
        return
    if options.step:
        _step(DATABASE, options.step)
        return
    history = f"{DATABASE}_{options.lots}"
    _fill(history, options.lots)
    databases.clone(history, DATABASE)
    try:
        _measure("install", options.lots)
        _measure("rebuild", options.lots)
        _measure("update", options.lots, **_counts(), sizes_mb=_sizes())
        for job in _jobs():
            _measure(f"job:{job}", options.lots)
        _partitions(options.lots)
    finally:
        if not options.keep:
            databases.drop(DATABASE)
        if not options.keep_history:
            databases.drop(history)


if __name__ == "__main__":
    main()
