"""Reserving one move first-expired-first-out, with our module and without.

Two databases with the same apps and the same random stock, one of them with the module, reserve
the same moves in turn in one process. A round is timed as a request is, and rolled back, so that
both sides always choose from the same stock. Both must choose the same lots; where ours spares lots
it must take as much of each day as core does, from no more lots.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from datetime import datetime, timedelta

from odoo.tools import SQL
from support import databases, results

SIDES = {"ours": "bench_fefo_with", "core": "bench_fefo_without"}
ROUNDS = {10: 41, 1000: 31, 10000: 15, 100000: 5}
# Sparing lots is a rule of ours: measured apart, as core has no opinion among lots of a day.
SPARING = 10000
TODAY = datetime.now().replace(microsecond=0)


class Company:
    """One database with a product in very many quants."""

    def __init__(self, name: str, count: int, sparing: bool = False) -> None:
        self.name = name
        with databases.environment(name) as env:
            if "lot_sparing" in env.company._fields:
                env.company.write({"lot_sparing": sparing, "lot_timezone": "UTC"})
            category = env["product.category"].create(
                {
                    "name": f"Fresh {count}",
                    "removal_strategy_id": env.ref("product_expiry.removal_fefo").id,
                }
            )
            product = env["product.product"].create(
                {
                    "name": f"Curd {count}",
                    "is_storable": True,
                    "tracking": "lot",
                    "use_expiration_date": True,
                    "expiration_time": 60,
                    "removal_time": 5,
                    "categ_id": category.id,
                }
            )
            self.product = product.id
            self.kind = env["stock.picking.type"].search([("code", "=", "outgoing")], limit=1).id
            shelves = env["stock.location"].create(
                [
                    {"name": f"Shelf {number}", "location_id": self._source(env).id}
                    for number in range(20)
                ]
            )
            env.flush_all()
            self._fill(env, shelves.ids, count)
            self.move = self._picking(env).move_ids.id

    def _source(self, env):
        return env["stock.picking.type"].browse(self.kind).default_location_src_id

    def _fill(self, env, shelves: list[int], count: int) -> None:
        """Random lots and quants, the same at each call: some expired, some reserved in part or
        whole, some in two places."""
        dice = random.Random(count)
        status = "status_id" in env["stock.lot"]._fields
        released = env.ref("lot_traceability.status_released").id if status else None
        lots, quants = [], []
        for number in range(count):
            # None in these hours: core ends a day where the clock stands, we where the day ends.
            day = dice.choice((*range(-5, -1), *range(2, 90)))
            removal = TODAY + timedelta(days=day, seconds=dice.randrange(86400))
            lots.append((f"L{number:06d}", removal, removal + timedelta(days=5)))
            quantity = dice.randrange(1, 40)
            reserved = dice.choice((0, 0, 0, quantity, dice.randrange(quantity)))
            when = TODAY - timedelta(seconds=dice.randrange(86400 * 30))
            quants.append((dice.choice(shelves), quantity, reserved, when))
        cr, company = env.cr, env.company.id
        extra = SQL(", status_id") if status else SQL()
        value = SQL(", %s", released) if status else SQL()
        cr.execute(
            SQL(
                """INSERT INTO stock_lot (name, product_id, removal_date, expiration_date,
                       use_date, alert_date%s)
                   SELECT name, %s, removal::timestamp, expiry::timestamp, removal::timestamp,
                          removal::timestamp%s
                     FROM unnest(%s, %s, %s) AS lot (name, removal, expiry) RETURNING id""",
                extra,
                self.product,
                value,
                *([row[part] for row in lots] for part in range(3)),
            )
        )
        ids = [row[0] for row in cr.fetchall()]
        cr.execute(
            SQL(
                """INSERT INTO stock_quant (product_id, company_id, lot_id, location_id, quantity,
                       reserved_quantity, in_date, removal_date, expiration_date)
                   SELECT %s, %s, lot.id, place, quantity, reserved, since, removal_date,
                          expiration_date
                     FROM unnest(%s, %s, %s, %s, %s) AS row (lot, place, quantity, reserved, since)
                     JOIN stock_lot lot ON lot.id = row.lot""",
                self.product,
                company,
                ids,
                *([row[part] for row in quants] for part in range(4)),
            )
        )
        cr.commit()
        cr.execute("ANALYZE stock_quant")
        cr.execute("ANALYZE stock_lot")

    def _picking(self, env):
        kind = env["stock.picking.type"].browse(self.kind)
        places = {
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        picking = env["stock.picking"].create(
            dict(
                places,
                picking_type_id=kind.id,
                partner_id=env["res.partner"].create({"name": "Corner shop"}).id,
                move_ids=[(0, 0, dict(places, product_id=self.product, product_uom_qty=1.0))],
            )
        )
        picking.action_confirm()
        picking.do_unreserve()
        return picking

    def assign(self, quantity: float) -> tuple[float, float, int, list[tuple]]:
        """Reserve the move: (milliseconds, processor milliseconds, queries, lots chosen)."""
        with databases.environment(self.name) as env:
            move = env["stock.move"].browse(self.move)
            move.product_uom_qty = quantity
            move._do_unreserve()
            env.flush_all()
            env.invalidate_all()
            clock = results.ProcessorTime(env.cr)
            before = env.cr.sql_log_count
            started = time.perf_counter()
            move._action_assign()
            env.flush_all()
            elapsed = (time.perf_counter() - started) * 1000
            queries = env.cr.sql_log_count - before
            spent = clock.elapsed()
            chosen = sorted(
                (line.lot_id.removal_date.date().isoformat(), line.lot_id.name, line.quantity)
                for line in move.move_line_ids
            )
            env.cr.rollback()
        return elapsed, spent, queries, chosen


def _same_days(ours: list[tuple], core: list[tuple]) -> bool:
    """Do both take as much of each day, and ours no more lots?"""
    days: list[dict[str, float]] = []
    for chosen in (ours, core):
        total: dict[str, float] = {}
        for day, _lot, quantity in chosen:
            total[day] = total.get(day, 0.0) + quantity
        days.append(total)
    lots = [len({lot for _day, lot, _quantity in chosen}) for chosen in (ours, core)]
    return days[0] == days[1] and lots[0] <= lots[1]


def _measure(count: int, rounds: int, sparing: bool = False) -> None:
    companies = {side: Company(name, count, sparing) for side, name in SIDES.items()}
    taken: dict[str, list[tuple]] = {side: [] for side in companies}
    agree = True
    for turn in range(rounds + 1):
        # The first ones ask for as little as most orders do; each tenth one for very many lots.
        quantity = (5.0, 30.0, 120.0)[turn % 3] if turn % 10 else 1500.0
        found = {}
        for side in list(companies)[:: 1 if turn % 2 else -1]:
            found[side] = companies[side].assign(quantity)
            if turn and turn % 10:
                taken[side].append(found[side])
        ours, core = found["ours"][3], found["core"][3]
        agree = agree and bool(ours) and (_same_days(ours, core) if sparing else ours == core)
    # The processor's time is counted in steps of 10 ms: only its mean says something.
    times, processor, queries = (
        {side: middle(sample[part] for sample in found) for side, found in taken.items()}
        for part, middle in enumerate((statistics.median, statistics.fmean, statistics.median))
    )
    results.report(
        "fefo",
        f"{'sparing' if sparing else 'assign'}_{count}",
        times["ours"],
        {"core": times["core"]},
        n=count,
        agree=agree,
        ratio=round(times["ours"] / times["core"], 3),
        processor_ms={side: round(value, 1) for side, value in processor.items()},
        queries={side: round(value) for side, value in queries.items()},
        lots={
            side: round(statistics.mean(len(sample[3]) for sample in samples), 1)
            for side, samples in taken.items()
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench fefo", description=__doc__.splitlines()[0])
    parser.add_argument("--quants", type=int, nargs="*", default=list(ROUNDS))
    parser.add_argument("--rounds", type=int, help="rounds of each case (default: by its size)")
    parser.add_argument("--keep", action="store_true", help="keep the two databases")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    databases.clone(databases.template_with(), SIDES["ours"])
    databases.clone(databases.template_without(), SIDES["core"])
    progress("databases")
    try:
        for count in options.quants:
            _measure(count, options.rounds or ROUNDS.get(count, 5))
            progress(f"{count} quants")
            if count == SPARING:
                _measure(count, options.rounds or ROUNDS[count], sparing=True)
                progress(f"{count} quants, lots spared")
    finally:
        if not options.keep:
            for name in (*SIDES.values(), databases.WITH):
                databases.drop(name)


if __name__ == "__main__":
    main()
