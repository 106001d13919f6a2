"""Validating a receipt, a delivery and a manufacturing order, with our module and without.

Two databases with the same apps, one of them with the module, take the same documents in turn
in one process. A round is timed as a request is: a new cursor, the button, the commit.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from contextlib import contextmanager

from support import databases, results

SIDES = {"ours": "bench_write_with", "core": "bench_write_without"}
FLOWS = ("receipt", "delivery", "order")
# Even, as the side that goes first has what the preparation left PostgreSQL to do beside it.
ROUNDS = {1: 40, 100: 12, 1000: 6}


class Company:
    """One database and the documents that it takes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.serial = 0
        with self._environment() as env:
            self._create_products(env)

    @contextmanager
    def _environment(self):
        with databases.environment(self.name) as env:
            yield env(context=dict(env.context, skip_sms=True))

    def _create_products(self, env) -> None:
        common = {"is_storable": True, "tracking": "lot", "use_expiration_date": True}
        names = ("Curd", "Cheese")
        curd, cheese = env["product.product"].create(
            [dict(common, name=name, expiration_time=400, standard_price=2.0) for name in names]
        )
        self.curd, self.cheese = curd.id, cheese.id
        self.partner = env["res.partner"].create({"name": "Corner shop"}).id

    def _lots(self, count: int) -> list[str]:
        self.serial += 1
        return [f"L{self.serial:05d}-{number:05d}" for number in range(count)]

    def prepare(self, flow: str, count: int) -> int:
        """A document of `count` lots that only waits for its button; its id."""
        if flow == "receipt":
            return self._prepare_receipt(count)
        receipt = self._prepare_receipt(count)
        self.finish("receipt", receipt)
        with self._environment() as env:
            lots = env["stock.picking"].browse(receipt).move_line_ids.lot_id
            document = getattr(self, "_prepare_" + flow)(env, lots)
            lines = document.move_line_ids if flow == "delivery" else document.move_raw_ids
            lots_taken = lines.lot_id if flow == "delivery" else lines.move_line_ids.lot_id
            assert len(lots_taken) == count, f"{flow}: {len(lots_taken)} lots, not {count}"
            return document.id

    def _prepare_receipt(self, count: int) -> int:
        with self._environment() as env:
            kind = env["stock.picking.type"].search([("code", "=", "incoming")], limit=1)
            picking = self._create_picking(env, kind, count)
            move = picking.move_ids
            move.move_line_ids.unlink()
            env["stock.move.line"].create(
                [
                    dict(
                        move._prepare_move_line_vals(),
                        lot_name=name,
                        quantity=1.0,
                        picked=True,
                        picking_id=picking.id,
                    )
                    for name in self._lots(count)
                ]
            )
            return picking.id

    def _prepare_delivery(self, env, lots):
        kind = env["stock.picking.type"].search([("code", "=", "outgoing")], limit=1)
        picking = self._create_picking(env, kind, len(lots))
        picking.action_assign()
        picking.move_ids.picked = True
        return picking

    def _create_picking(self, env, kind, count):
        supplier = env.ref("stock.stock_location_suppliers")
        customer = env.ref("stock.stock_location_customers")
        incoming = kind.code == "incoming"
        places = {
            "location_id": (supplier if incoming else kind.default_location_src_id).id,
            "location_dest_id": (kind.default_location_dest_id if incoming else customer).id,
        }
        move = dict(places, product_id=self.curd, product_uom_qty=count)
        picking = env["stock.picking"].create(
            dict(
                places,
                picking_type_id=kind.id,
                partner_id=self.partner,
                move_ids=[(0, 0, move)],
            )
        )
        picking.action_confirm()
        return picking

    def _prepare_order(self, env, lots):
        component = {"product_id": self.curd, "product_uom_qty": len(lots)}
        order = env["mrp.production"].create(
            {
                "product_id": self.cheese,
                "product_qty": 1.0,
                "bom_id": False,
                "move_raw_ids": [(0, 0, component)],
            }
        )
        order.action_confirm()
        order.action_assign()
        order.lot_producing_ids = env["stock.lot"].create(
            {"name": self._lots(1)[0], "product_id": self.cheese}
        )
        order.qty_producing = 1.0
        order.move_raw_ids.picked = True
        return order

    def finish(self, flow: str, document_id: int) -> tuple[float, float, int]:
        """Press the button and commit: (milliseconds, milliseconds of processor time, queries)."""
        with self._environment() as env:
            clock = results.ProcessorTime(env.cr)
            before = env.cr.sql_log_count
            started = time.perf_counter()
            if flow == "order":
                document = env["mrp.production"].browse(document_id)
                document.button_mark_done()
            else:
                document = env["stock.picking"].browse(document_id)
                document.button_validate()
            env.cr.commit()
            elapsed = (time.perf_counter() - started) * 1000
            queries = env.cr.sql_log_count - before
            assert document.state == "done", f"{flow} is {document.state}"
            spent = clock.elapsed()
        return elapsed, spent, queries


def _measure(companies: dict[str, Company], flow: str, count: int, rounds: int) -> None:
    taken: dict[str, list[tuple]] = {side: [] for side in companies}
    for turn in range(rounds + 1):
        documents = {side: company.prepare(flow, count) for side, company in companies.items()}
        for side in list(companies)[:: 1 if turn % 2 else -1]:
            # What one side and the preparation left behind is not for the other to clear away.
            gc.collect()
            sample = companies[side].finish(flow, documents[side])
            if turn:
                taken[side].append(sample)
    # The processor's time is counted in steps of 10 ms: only its mean says something.
    times, processor, queries = (
        {side: middle(sample[part] for sample in found) for side, found in taken.items()}
        for part, middle in enumerate((statistics.median, statistics.fmean, statistics.median))
    )
    pairs = zip(taken["ours"], taken["core"], strict=True)
    results.report(
        "write",
        f"{flow}_{count}",
        times["ours"],
        {"core": times["core"]},
        n=count,
        # Of the two that follow one another: a machine that others slow down meanwhile slows both.
        ratio=round(statistics.median(o[0] / c[0] for o, c in pairs), 3),
        least={side: round(min(sample[0] for sample in found), 1) for side, found in taken.items()},
        processor_ms={side: round(value, 1) for side, value in processor.items()},
        queries={side: round(value) for side, value in queries.items()},
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench write", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, nargs="*", default=[1, 100, 1000])
    parser.add_argument("--flows", nargs="*", default=list(FLOWS), choices=FLOWS)
    parser.add_argument("--rounds", type=int, help="rounds of each case (default: by its size)")
    parser.add_argument("--keep", action="store_true", help="keep the two databases")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    databases.clone(databases.template_with(), SIDES["ours"])
    databases.clone(databases.template_without(), SIDES["core"])
    progress("databases")
    try:
        companies = {side: Company(name) for side, name in SIDES.items()}
        for count in options.lots:
            for flow in options.flows:
                _measure(companies, flow, count, options.rounds or ROUNDS.get(count, 6))
                progress(f"{flow} of {count} lots")
    finally:
        if not options.keep:
            for name in (*SIDES.values(), databases.WITH):
                databases.drop(name)


if __name__ == "__main__":
    main()
