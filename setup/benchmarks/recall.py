"""Stopping all lots of a recall: `hold_10000`.

One raw lot went into 10,000 others of twenty products, which lie in the stock; some hundred
transfers have reserved them, and as many wait for stock. `stop` puts all into the status
"recalled", frees the reservations and tells those who answer for them; it is timed with its commit,
which writes the audit log. Each round takes a fresh copy of the prepared database. `one_by_one`
sets the same status lot by lot, as a person or a script would, on a part of the lots, and is scaled
up.
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime, timedelta

from odoo.modules.registry import Registry
from odoo.tools import SQL
from support import databases, results

PREPARED, ROUND = "bench_recall", "bench_recall_round"
MODULE = "lot_traceability_recall"
PRODUCTS = 20
TRANSFERS = 300
ONE_BY_ONE = 50


def _prepare(count: int) -> int:
    """The database with a frozen recall; its id."""
    databases.clone(databases.template_with(), PREPARED)
    Registry.new(PREPARED, update_module=True, install_modules=[MODULE])
    with databases.environment(PREPARED) as env:
        env.user.group_ids += env.ref("lot_traceability.group_recall_manager")
        products = env["product.product"].create(
            [
                {"name": f"Cheese {n}", "is_storable": True, "tracking": "lot", "standard_price": 8}
                for n in range(PRODUCTS)
            ]
        )
        raw = env["stock.lot"].create({"name": "MILK", "product_id": products[0].id})
        env.flush_all()
        kind = env["stock.picking.type"].search([("code", "=", "outgoing")], limit=1)
        _fill(env, products.ids, raw.id, kind.default_location_src_id.id, count)
        _reserve(env, products, kind)
        recall = env["lot.recall"].start([raw.id], {"title": "Listeria"}, "downstream")["id"]
        env["lot.recall"].browse(recall).draft_scope_id.freeze()
        env.cr.commit()
    return recall


def _fill(env, products: list[int], raw: int, place: int, count: int) -> None:
    """Lots with their stock, and that they were made of the raw lot."""
    now = datetime.now().replace(microsecond=0)
    env.cr.execute(
        SQL(
            """
            WITH made AS (
                INSERT INTO stock_lot (name, product_id, status_id, create_date)
                SELECT 'C' || LPAD(n::text, 6, '0'), (%(products)s)[n %% %(kinds)s + 1], %(free)s,
                       %(now)s
                  FROM GENERATE_SERIES(0, %(count)s - 1) n RETURNING id, product_id
            ), stocked AS (
                INSERT INTO stock_quant (product_id, company_id, lot_id, location_id, quantity,
                                         reserved_quantity, in_date)
                SELECT product_id, %(company)s, id, %(place)s, 10, 0, %(now)s FROM made
            )
            INSERT INTO lot_genealogy_edge (parent_lot_id, child_lot_id, kind, certainty,
                   parent_quantity, child_quantity, res_model, res_id, date, date_out, company_id)
            SELECT %(raw)s, id, 'production', 'recorded', 1, 10, 'mrp.production', id, %(now)s,
                   %(now)s, %(company)s FROM made
            """,
            products=products,
            kinds=PRODUCTS,
            free=env.ref("lot_traceability.status_released").id,
            now=now - timedelta(days=1),
            count=count,
            company=env.company.id,
            place=place,
            raw=raw,
        )
    )
    env.cr.execute("ANALYZE stock_lot, stock_quant, lot_genealogy_edge")
    env.invalidate_all()


def _reserve(env, products, kind) -> None:
    """Half of the transfers have reserved, half wait for stock."""
    places = {
        "location_id": kind.default_location_src_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    shop = env["res.partner"].create({"name": "Corner shop"})
    transfers = env["stock.picking"].create(
        [
            dict(
                places,
                picking_type_id=kind.id,
                partner_id=shop.id,
                user_id=env.uid,
                move_ids=[
                    (0, 0, dict(places, product_id=products[n % PRODUCTS].id, product_uom_qty=8.0))
                ],
            )
            for n in range(TRANSFERS * 2)
        ]
    )
    transfers.action_confirm()
    transfers[:TRANSFERS].action_assign()
    transfers[TRANSFERS:].do_unreserve()
    env.flush_all()


def _stop(recall: int) -> tuple[float, float, dict, bool]:
    """Seconds of the stop with its commit, those of the processor, what it says, and whether the
    database agrees."""
    databases.clone(PREPARED, ROUND)
    with databases.environment(ROUND) as env:
        clock = results.ProcessorTime(env.cr)
        started = time.perf_counter()
        done = env["lot.recall"].browse(recall).stop()
        env.cr.commit()
        seconds, spent = time.perf_counter() - started, clock.elapsed() / 1000
        env.cr.execute(
            """SELECT (SELECT COUNT(*) FROM stock_lot lot JOIN lot_status s ON s.id = lot.status_id
                        WHERE s.code = 'recalled'),
                      (SELECT COUNT(*) FROM stock_quant WHERE reserved_quantity > 0),
                      (SELECT COUNT(*) FROM lot_audit_event WHERE kind = 'status')"""
        )
        recalled, reserved, told = env.cr.fetchone()
        agree = done["lots"] == recalled == told and not reserved
    return seconds, spent, done, agree


def _one_by_one(count: int) -> float:
    """Seconds for all, from those that a part takes."""
    databases.clone(PREPARED, ROUND)
    with databases.environment(ROUND) as env:
        lots = env["stock.lot"].search([("name", "like", "C0%")], limit=ONE_BY_ONE)
        started = time.perf_counter()
        for lot in lots:
            lot.set_status("recalled", "Listeria")
            env.cr.commit()
        return (time.perf_counter() - started) * count / ONE_BY_ONE


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench recall", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    try:
        recall = _prepare(options.lots)
        progress("database")
        taken, processor, agreed, done = [], [], True, {}
        for turn in range(options.rounds):
            seconds, spent, done, agree = _stop(recall)
            processor.append(spent)
            taken.append(seconds)
            agreed = agreed and agree
            progress(f"round {turn + 1}, {seconds:.1f} s of it")
        scaled = _one_by_one(options.lots)
        progress("one by one")
        results.report(
            "recall",
            f"hold_{options.lots}",
            results.median(taken),
            {"one_by_one": scaled},
            unit="s",
            n=done["lots"],
            agree=agreed or "lots, reservations or events are missing",
            least=round(min(taken), 3),
            processor_s=round(results.median(processor), 3),
            documents=done["documents"],
        )
    finally:
        if not options.keep:
            for name in (ROUND, PREPARED, databases.WITH):
                databases.drop(name)


if __name__ == "__main__":
    main()
