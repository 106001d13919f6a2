"""The search for faults to clean up, over all lots of a generated plant.

One case a kind of fault (`negative_N`), the first search on a database in which one lot in a
hundred has a fault, and all of them together (`all_N`); then once more with nothing new
(`again_N`).
`--plan KIND` prints PostgreSQL's plan of one kind instead. `--keep` leaves the database for the
next run of the same size.
"""

from __future__ import annotations

import argparse
import sys
import time

from odoo.tools import SQL
from support import databases, plant, results
from support.dataset import Dataset

# Faults past the ORM, each for one lot, line or quant in a hundred.
_FAULTS = (
    # Else each is told in the audit log as a change past Odoo.
    "ALTER TABLE stock_lot DISABLE TRIGGER USER",
    "UPDATE stock_lot SET create_date = create_date - INTERVAL '60 days'",
    "UPDATE product_template SET use_expiration_date = TRUE WHERE tracking <> 'none'",
    """UPDATE stock_lot SET expiration_date = NOW() - INTERVAL '1 day',
              production_date = CURRENT_DATE WHERE id %% 100 = 1""",
    "UPDATE stock_lot SET expiration_date = NOW() + INTERVAL '90 days' WHERE id %% 100 > 1",
    """INSERT INTO stock_lot (name, product_id, company_id, name_key, create_date)
       SELECT LOWER(name) || ' ', product_id, company_id, name_key, create_date
         FROM stock_lot WHERE id %% 100 = 2""",
    """UPDATE stock_move_line SET lot_id = NULL
        WHERE id %% 1000 = 3 AND state = 'done' AND lot_id IS NOT NULL""",
    """DELETE FROM stock_move_line_consume_rel WHERE consume_line_id IN (
              SELECT id FROM stock_move_line WHERE id %% 100 = 4)""",
    "UPDATE stock_quant SET quantity = -quantity WHERE id %% 100 = 5",
    "ALTER TABLE stock_lot ENABLE TRIGGER USER",
)


def _fill(name: str) -> None:
    with databases.environment(name) as env:
        for statement in _FAULTS:
            env.cr.execute(SQL(statement))
        env.cr.execute("ANALYZE stock_lot, stock_move_line, stock_quant")
        env.cr.commit()


def _search(name: str) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds of each kind with its commit, and how many faults of it are open then."""
    seconds = {}
    with databases.environment(name) as env:
        search, companies = env["lot.finding.search"], env["res.company"].search([]).ids
        for kind in search._kinds():
            started = time.perf_counter()
            search._look(kind, companies)
            env.cr.commit()
            seconds[kind] = time.perf_counter() - started
        groups = env["lot.finding"]._read_group([("state", "=", "open")], ["kind"], ["__count"])
    return seconds, dict(groups)


def _plan(name: str, kind: str) -> None:
    from odoo.addons.lot_traceability.models.clean_up.lot_finding_search import Scope

    with databases.environment(name) as env:
        search = env["lot.finding.search"]
        scope = Scope(env["res.company"].search([]).ids, None)
        found = getattr(search, f"_found_{kind}")(scope)
        env.cr.execute(SQL("EXPLAIN (ANALYZE, BUFFERS) %s", found))
        print("\n".join(row[0] for row in env.cr.fetchall()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench cleanup", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    parser.add_argument("--plan", metavar="KIND", help="print the plan of one kind")
    options = parser.parse_args()
    databases.configure()
    name = f"bench_cleanup_{options.lots}"
    progress = databases.Progress()
    try:
        told = plant.prepare(name, Dataset(name, options.lots, progress), progress)
        if told:
            _fill(name)
            progress("faults")
        if options.plan:
            _plan(name, options.plan)
            return
        with databases.environment(name) as env:
            env.cr.execute("TRUNCATE lot_finding CASCADE")
            env.cr.commit()
        for case in ("all", "again"):
            seconds, found = _search(name)
            if case == "all":
                for kind, taken in seconds.items():
                    results.report(
                        "cleanup",
                        f"{kind}_{options.lots}",
                        taken,
                        {},
                        unit="s",
                        n=found.get(kind, 0),
                    )
            results.report(
                "cleanup",
                f"{case}_{options.lots}",
                sum(seconds.values()),
                {},
                unit="s",
                n=sum(found.values()),
            )
    finally:
        if not options.keep:
            databases.drop(name)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    sys.exit(main())
