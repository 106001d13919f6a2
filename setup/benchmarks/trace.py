"""A trace downstream and upstream in a database of any size, and other ways to answer the same.

Fills a scratch database, builds the genealogy with the full rebuild, and measures in turn in one
process. `--keep` leaves the database for the next run of the same size.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
from odoo.tools import SQL
from support import databases, peers, plant, results
from support.dataset import Dataset

# Seconds that one way of one case may take; then its median is of the rounds that it had.
BUDGET = 60.0


def _report_rebuild(told: dict) -> None:
    """The full rebuild of our own, as a manager of a database with history starts it."""
    rows = told["edges"] + told["movements"]
    results.report(
        "trace",
        "rebuild",
        told["seconds"],
        {},
        unit="s",
        n=told["lots"],
        agree=True,
        edges=told["edges"],
        movements=told["movements"],
        rows_per_second=round(rows / told["seconds"]),
    )


# -- our side --------------------------------------------------------------------------------


def _ours_sql(env, lot: int, backward: bool) -> peers.Answer:
    """The same as the recursive query of the peers, on our tables: the lots, with the times that
    decide whether the goods passed, and the transfers that delivered them."""
    engine = env["lot.trace.engine"]
    columns = SQL("e.parent_lot_id, e.child_lot_id, e.date, e.date_out")
    links = engine._rows(engine._walk_sql([lot], backward, columns))
    far = 0 if backward else 1
    lots = {lot} | {row[far] for row in links}
    if backward:
        return lots, set()
    rows = engine._rows(
        SQL(
            """SELECT lot_id, picking_id FROM lot_genealogy_movement
                WHERE lot_id = ANY(%s) AND kind = 'delivery' AND company_id = ANY(%s)""",
            list(lots),
            engine._companies(),
        )
    )
    return lots, {row[1] for row in rows}


def _ours_api(env, lot: int, backward: bool) -> peers.Answer:
    answer = env["lot.trace"].trace([lot], "upstream" if backward else "downstream")
    lots = {row["id"] for row in answer["lots"] if not row["before"]}
    if backward:
        return lots, set()
    return lots, {row["document"]["id"] for row in answer["deliveries"] if not row["before"]}


# -- cases -----------------------------------------------------------------------------------


class Cases:
    """All cases on one filled database."""

    def __init__(self, name: str, rounds: int, report_seconds: float, progress) -> None:
        self.name = name
        self.rounds = rounds
        self.report_seconds = report_seconds
        self.progress = progress
        with databases.environment(name) as env:
            self.memory = peers.Memory(env)
        progress("graph in memory")

    def run(self, case: str, lot: int, backward: bool = False) -> None:
        """The SQL case and the API case of one lot, with the same peers."""
        report = peers.Report(self.report_seconds)
        walk = report.upstream if backward else report.downstream
        sides: dict[str, Callable] = {
            "ours_sql": lambda env: _ours_sql(env, lot, backward),
            "ours_api": lambda env: _ours_api(env, lot, backward),
            "sql_indexed": lambda env: peers.recursive_sql(env, lot, backward),
            "memory": lambda _env: self.memory.trace(lot, backward),
            "report": lambda env: walk(env, lot),
        }
        if not backward:
            sides["core"] = sides["core_indexed"] = lambda env: peers.core(env, lot)
        taken, answers = self._measure(sides)
        times = {name: results.median(found) for name, found in taken.items()}
        agree = self._compare(answers, report, backward)
        peak = _peak(self.name, lot, backward)
        shared = {name: value for name, value in times.items() if not name.startswith("ours")}
        for kind in ("sql", "api"):
            results.report(
                "trace",
                f"{case}_{kind}",
                times[f"ours_{kind}"],
                shared,
                n=len(answers["ours_api"][0]),
                agree=agree,
                peak_mb=peak if kind == "api" else None,
                deliveries=len(answers["ours_api"][1]),
                # What the work takes where nothing else disturbs it.
                least=round(min(taken[f"ours_{kind}"]), 3),
            )
        self.progress(case)

    def _measure(self, sides: dict[str, Callable]) -> tuple[dict, dict]:
        times: dict[str, list[float]] = {name: [] for name in sides}
        answers: dict[str, peers.Answer] = {}
        for turn in range(self.rounds + 1):
            for name in list(sides)[:: 1 if turn % 2 else -1]:
                if turn and sum(times[name]) > BUDGET * 1000:
                    continue
                elapsed, answers[name] = self._once(name, sides[name])
                # The first turn warms caches; what takes a minute is not run twice for that.
                if turn or elapsed > BUDGET * 500:
                    times[name].append(elapsed)
        return times, answers

    def _once(self, name: str, side: Callable) -> tuple[float, peers.Answer]:
        """One call as a new request makes it: nothing is in Odoo's record cache."""
        with databases.environment(self.name) as env:
            if name == "core":
                peers.hide_lot_index(env)
            gc.collect()
            started = time.perf_counter()
            answer = side(env)
            elapsed = (time.perf_counter() - started) * 1000
            env.cr.rollback()
        return elapsed, answer

    def _compare(self, answers: dict, report: peers.Report, backward: bool) -> bool | str:
        wanted = answers["ours_api"]
        found = []
        for name, (lots, deliveries) in answers.items():
            if name == "report" and report.stopped:
                found.append(
                    f"report: stopped after {report.seconds:.0f} s with {len(lots)} of "
                    f"{len(wanted[0])} lots"
                )
            elif lots != wanted[0]:
                found.append(
                    f"{name}: {len(lots - wanted[0])} lots more, {len(wanted[0] - lots)} fewer"
                )
            elif not backward and deliveries != wanted[1]:
                found.append(f"{name}: {len(deliveries ^ wanted[1])} transfers differ")
        return "; ".join(found) or True


def _peak(name: str, lot: int, backward: bool) -> float | None:
    """Megabytes over the idle server that one API call takes, in a server of its own."""
    arguments = [sys.executable, __file__, "--peak", name, str(lot), str(int(backward))]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the memory of the trace could not be measured: {done.stderr[-2000:]}")
    value = done.stdout.strip().splitlines()[-1]
    return float(value) if value != "unknown" else None


def _print_peak(name: str, lot: int, backward: bool) -> None:
    """The peak of resident memory during a call, less what the idle server has."""
    with databases.environment(name) as env:
        env.cr.execute("SELECT MAX(id) FROM stock_lot")
        _ours_api(env, env.cr.fetchone()[0], backward)
    gc.collect()
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
        idle = psutil.Process().memory_info().rss
        with databases.environment(name) as env:
            _ours_api(env, lot, backward)
        with open("/proc/self/status", encoding="ascii") as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        print((peak * 1024 - idle) / 2**20)
    except OSError:
        print("unknown")  # no Linux


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench trace", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, default=100_000, help="10000, 100000, 1000000")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--report-seconds", type=float, default=30.0, help="bound of the report")
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    parser.add_argument("--rebuild", action="store_true", help="measure the rebuild of a kept one")
    parser.add_argument("--peak", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    databases.configure()
    if options.peak:
        _print_peak(options.peak[0], int(options.peak[1]), options.peak[2] == "1")
        return
    name = f"bench_trace_{options.lots}"
    progress = databases.Progress()
    dataset = Dataset(name, options.lots, progress)
    try:
        told = plant.prepare(name, dataset, progress)
        if not told and options.rebuild:
            told = plant.rebuild(name)
            progress("rebuild")
        if told:
            _report_rebuild(told)
        origins = dataset.origins
        cases = Cases(name, options.rounds, options.report_seconds, progress)
        cases.run("downstream_typical", origins.typical)
        cases.run("downstream_hub", origins.hub)
        cases.run("upstream", origins.finished, backward=True)
    finally:
        if not options.keep:
            databases.drop(name)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    main()
