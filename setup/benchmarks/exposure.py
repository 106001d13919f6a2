"""What a recall of each lot would take, for all lots of a generated plant.

The batch of a night on a database without any figures (`all_N`), and once more after nothing has
changed (`again_N`); sampled lots are compared with the exact trace. Each batch runs in a process
of its own, whose peak of memory less that of the idle server is `peak_mb`. `--keep` leaves the
database for the next run of the same size.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time

import psutil
from odoo.tools import SQL
from support import databases, plant, results
from support.dataset import Dataset

MODULE = "lot_traceability_recall"
FIGURES = ("lots", "customers", "units", "on_hand_value", "shipped_value")
# Of three thousand figures with a standard deviation of 6 %, none further off.
BOUND = 0.3
MEAN_BOUND = 0.09


def _batch(name: str) -> None:
    """One batch with its commit: seconds and megabytes, as JSON on stdout."""
    with databases.environment(name) as env:
        company = env.company
        gc.collect()
        idle = psutil.Process().memory_info().rss
        _forget_peak()
        clock = results.ProcessorTime(env.cr)
        started = time.perf_counter()
        count = env["lot.exposure"]._refresh(company)
        env.cr.commit()
        seconds, spent = time.perf_counter() - started, clock.elapsed() / 1000
    peak = _peak()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "processor_s": spent,
                "lots": count,
                "peak_mb": peak and (peak - idle) / 2**20,
            }
        )
    )


def _forget_peak() -> None:
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass  # no Linux


def _peak() -> int | None:
    """Bytes; the process holds nothing else than the batch and the server."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) * 1024
    except OSError:
        return None


def _run_batch(name: str) -> dict:
    arguments = [sys.executable, __file__, "--batch", name]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the batch failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _empty(name: str) -> None:
    with databases.environment(name) as env:
        env.cr.execute("TRUNCATE lot_exposure")
        env.cr.commit()


def _set_costs(name: str) -> None:
    """Products of very different worth, past the ORM, which would value the whole history anew."""
    with databases.environment(name) as env:
        env.cr.execute(
            SQL(
                """UPDATE product_product
                      SET standard_price = jsonb_build_object(
                          %s::text,
                          ROUND(EXP(2 + 1.5 * hashint4(id) / 2147483647.0)::numeric, 2))""",
                str(env.company.id),
            )
        )


def _compare(name: str, count: int) -> dict:
    """Sampled lots, most of them far upstream: (mean error, worst error, exact ones that differ)"""
    with databases.environment(name) as env:
        rows = env["lot.exposure"]
        env.cr.execute(
            SQL(
                """(SELECT lot_id FROM lot_exposure WHERE estimated
                     ORDER BY hashint4(lot_id) LIMIT %s)
                   UNION (SELECT lot_id FROM lot_exposure WHERE NOT estimated
                     ORDER BY hashint4(lot_id) LIMIT %s)
                   UNION (SELECT lot_id FROM lot_exposure ORDER BY lots DESC LIMIT %s)""",
                count,
                count,
                count // 10,
            )
        )
        lots = [row[0] for row in env.cr.fetchall()]
        stored = {row.lot_id.id: row for row in rows.search([("lot_id", "in", lots)])}
        errors: list[float] = []
        wrong = 0
        started = time.perf_counter()
        exact = rows.exact(lots)
        seconds = time.perf_counter() - started
        for found in exact:
            row = stored[found["lot_id"]]
            if not row.estimated:
                wrong += any(abs(row[name] - found[name]) > 0.02 for name in FIGURES)
                continue
            errors += [
                abs(row[name] / found[name] - 1) if found[name] else float(row[name] != 0)
                for name in FIGURES
            ]
    return {
        "compared": len(lots),
        "mean_error": round(statistics.fmean(errors), 4),
        "worst_error": round(max(errors), 3),
        "exact_wrong": wrong,
        "exact_ms": round(seconds * 1000 / len(lots), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench exposure", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, default=1_000_000, help="10000, 100000, 1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=300, help="lots that are compared")
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    parser.add_argument("--batch", help=argparse.SUPPRESS)
    options = parser.parse_args()
    databases.configure()
    if options.batch:
        _batch(options.batch)
        return
    name = f"bench_exposure_{options.lots}"
    progress = databases.Progress()
    try:
        plant.prepare(name, Dataset(name, options.lots, progress), progress, [MODULE])
        _set_costs(name)
        runs: dict[str, list[dict]] = {"all": [], "again": []}
        for _turn in range(options.rounds):
            _empty(name)
            for case, found in runs.items():
                found.append(_run_batch(name))
                progress(case)
        compared = _compare(name, options.sample)
        progress("compare")
        within = (
            not compared["exact_wrong"]
            and compared["mean_error"] <= MEAN_BOUND
            and compared["worst_error"] <= BOUND
        )
        for case, found in runs.items():
            taken = [run["seconds"] for run in found]
            peaks = [run["peak_mb"] for run in found if run["peak_mb"]]
            results.report(
                "exposure",
                f"{case}_{options.lots}",
                results.median(taken),
                {},
                unit="s",
                n=found[0]["lots"],
                agree=within or f"outside its bounds: {compared}",
                peak_mb=max(peaks, default=None),
                least=round(min(taken), 3),
                processor_s=round(results.median([run["processor_s"] for run in found]), 1),
                **(compared if case == "all" else {}),
            )
    finally:
        if not options.keep:
            databases.drop(name)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    main()
