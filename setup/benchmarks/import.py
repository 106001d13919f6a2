"""Moving in: lots and the links between them from two files of another system.

What is measured is all that a firm waits for: each file is uploaded, checked and written in
batches that commit (`lots_N`, N lots with five times as many links, in s). It runs in a process of
its own, whose peak of memory is `peak_mb`. Sampled lots are traced afterwards and compared with a
walk over the rows of the file.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import csv
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil
import xlsxwriter
from support import databases, results

DATABASE = "bench_import"
LINKS_PER_LOT = 5
SAMPLES = 20
STAGES = ("Raw", "Mix", "Pack")


def _lots(count: int) -> list[tuple[str, str]]:
    """(product, lot): four tenths raw, three tenths each of what is made of them in two steps."""
    bounds = (count * 4 // 10, count * 7 // 10)
    return [
        (STAGES[sum(number >= bound for bound in bounds)], f"L{number:07d}")
        for number in range(count)
    ]


def _links(count: int) -> list[tuple[int, int]]:
    """(parent, child) by the number of the lot; a batch of raw material is used for a while."""
    chance = random.Random(5)
    raw, mixed = count * 4 // 10, count * 7 // 10
    makers = count - raw
    found: set[tuple[int, int]] = set()
    while len(found) < count * LINKS_PER_LOT:
        child = raw + chance.randrange(makers)
        first, size = (0, raw) if child < mixed else (raw, mixed - raw)
        share = (
            (child - raw) / (mixed - raw) if child < mixed else (child - mixed) / (count - mixed)
        )
        around = int(share * size) + chance.randrange(-size // 20 - 8, size // 20 + 8)
        found.add((first + min(max(around, 0), size - 1), child))
    return sorted(found, key=lambda link: link[::-1])


def _write(path: Path, head: tuple, rows) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(head)
            writer.writerows(rows)
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((head, *rows)):
            sheet.write_row(number, 0, row)


def _files(folder: Path, count: int, extension: str) -> None:
    lots = _lots(count)
    _write(
        folder / f"lots.{extension}",
        ("Product", "Lot", "Supplier lot", "Production date", "Expiry"),
        (
            (product, lot, f"S-{number % 9973}", "2026-01-05", "2027-06-30")
            for number, (product, lot) in enumerate(lots)
        ),
    )
    _write(
        folder / f"links.{extension}",
        ("Date", "Document", "Input product", "Input lot", "Qty in", "Unit in", "Output product",
         "Output lot", "Qty out"),
        (
            ("2026-01-20" if lots[child][0] == "Mix" else "2026-01-25", f"WO{child}",
             *lots[parent], "2,5", "kg", *lots[child], "100")
            for parent, child in _links(count)
        ),
    )  # fmt: skip


def _run(folder: Path, extension: str) -> dict:
    """Import both files: seconds of each step and megabytes."""
    steps = {}
    with databases.environment(DATABASE) as env:
        gc.collect()
        idle = psutil.Process().memory_info().rss
        _forget_peak()
        clock = results.ProcessorTime(env.cr)
        for kind in ("lots", "links"):
            started = time.perf_counter()
            content = (folder / f"{kind}.{extension}").read_bytes()
            batch = env["lot.import"].create(
                {"kind": kind, "name": f"{kind}.{extension}", "file": base64.b64encode(content)}
            )
            del content
            env.cr.commit()
            batch.action_check()
            env.cr.commit()
            if batch.blocking_count:
                raise SystemExit(batch.problem_ids[0].text)
            steps[f"{kind}_check_s"] = round(time.perf_counter() - started, 1)
            started = time.perf_counter()
            batch.action_import()
            env.cr.commit()
            env["lot.import"]._cron_run()
            env.cr.commit()
            if batch.state != "done":
                raise SystemExit(batch.failure)
            steps[f"{kind}_write_s"] = round(time.perf_counter() - started, 1)
        spent = clock.elapsed() / 1000
    return {
        "steps": steps,
        "processor_s": round(spent, 1),
        "peak_mb": _peak() / 2**20,
        "idle_mb": round(idle / 2**20, 1),
    }


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # no Linux
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return psutil.Process().memory_info().rss


def _agrees(count: int) -> bool | str:
    """Whether sampled traces reach what a walk over the rows of the file reaches."""
    children: dict[int, list[int]] = defaultdict(list)
    for parent, child in _links(count):
        children[parent].append(child)
    with databases.environment(DATABASE) as env:
        env.cr.execute("SELECT id, name FROM stock_lot")
        number_of = {id_: int(name[1:]) for id_, name in env.cr.fetchall()}
        id_of = {number: id_ for id_, number in number_of.items()}
        for start in random.Random(9).sample(range(count), min(SAMPLES, count)):
            reached, left = {start}, [start]
            while left:
                fresh = [one for one in children[left.pop()] if one not in reached]
                reached.update(fresh)
                left += fresh
            trace = env["lot.trace"].trace([id_of[start]], "downstream")
            found = {number_of[row["id"]] for row in trace["lots"] if not row["before"]}
            if found != reached:
                return f"lot {start}: {len(found)} lots and not {len(reached)}"
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lots", type=int, default=100_000)
    parser.add_argument("--format", choices=("csv", "xlsx"), default="xlsx")
    parser.add_argument("--profile", metavar="FILE", help="where cProfile leaves what it saw")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    databases.configure()
    if arguments.run:
        print(json.dumps(_run(Path(arguments.run), arguments.format)))
        return
    progress = databases.Progress()
    databases.clone(databases.template_with(), DATABASE)
    with databases.environment(DATABASE) as env:
        kilogram = env.ref("uom.product_uom_kgm")
        common = {"is_storable": True, "tracking": "lot", "use_expiration_date": True}
        env["product.product"].create(
            [{**common, "name": name, "default_code": name, "uom_id": kilogram.id}
             for name in STAGES]
        )  # fmt: skip
        env.cr.commit()
    progress("database")
    with tempfile.TemporaryDirectory() as folder:
        _files(Path(folder), arguments.lots, arguments.format)
        progress("files")
        profiler = ["-m", "cProfile", "-o", arguments.profile] if arguments.profile else []
        command = [sys.executable, *profiler, __file__, "--run", folder]
        command += ["--format", arguments.format]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the import failed: {done.stderr[-3000:]}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    progress("import")
    agree = _agrees(arguments.lots)
    progress("comparison")
    databases.drop(DATABASE)
    results.report(
        "import",
        f"lots_{arguments.lots}",
        sum(found["steps"].values()),
        {},
        unit="s",
        n=arguments.lots * (1 + LINKS_PER_LOT),
        agree=agree,
        peak_mb=found["peak_mb"],
        idle_mb=found["idle_mb"],
        processor_s=found["processor_s"],
        format=arguments.format,
        **found["steps"],
    )


if __name__ == "__main__":
    main()
