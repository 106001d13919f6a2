"""Fifty people at once: scans, receipts, deliveries, orders and traces, while the log is sealed.

Starts an Odoo server of its own with workers, and Locust with users who are logged in and pause
between what they do. Afterwards everything that was answered as done has to be there, once: the
stock of each lot, each document, each number; and the audit log has to verify.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
from odoo.modules.registry import Registry
from support import databases, demo_server, results
from support.load_stock import differences, prepare

DATABASE = "bench_load"
KINDS = ("scan", "receipt", "delivery", "order", "trace")
_USERS = Path(__file__).parent / "support" / "load_users.py"
# What Odoo notes when it does something again, by itself.
_RETRY = re.compile(r"tries left, try again in")
_COUNTED = "--log-handler=odoo.service.model:INFO"


# Between the second and the last third of the time the processes may grow by this share: what
# each of them keeps by intent (views, registries, prepared templates) it has kept by then.
_GROWTH = 0.05


def _memory() -> float:
    """Megabytes of the server's processes together; what several of them share counts once."""
    found = 0.0
    for child in psutil.Process().children(recursive=True):
        # A process may end while it is looked at.
        with contextlib.suppress(psutil.Error):
            if any("run_odoo" in part for part in child.cmdline()):
                found += child.memory_full_info().pss / 1024**2
    return round(found, 1)


class _Watched:
    """The memory of the server, looked at every quarter of a minute, as long as this is open."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watched:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(15):
            self.samples.append(_memory())

    def by_minute(self) -> list[float]:
        """The last sample of each minute."""
        return self.samples[3::4]

    def growth(self) -> float:
        """By what share the last third of the time takes more than the second."""
        third = len(self.samples) // 3
        if not third:
            return 0.0
        middle, last = self.samples[third : 2 * third], self.samples[-third:]
        return round(statistics.median(last) / statistics.median(middle) - 1, 3)


def _locust(options, url: str, folder: Path) -> int:
    """Let the users work; how many requests failed."""
    summary = folder / "locust"
    command = [os.environ["BENCH_LOCUST"], "-m", "locust", "-f", str(_USERS), "--headless"]
    command += ["--host", url, "--users", str(options.users), "--spawn-rate", "1"]
    # One comes a second, for to log in is made costly on purpose; then all of them are there.
    seconds = round(options.minutes * 60) + options.users
    command += ["--run-time", f"{seconds}s", "--stop-timeout", "60"]
    command += ["--csv", str(summary), "--only-summary", "--loglevel", "ERROR"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env |= {"LOAD_PLAN": str(folder / "plan.json"), "LOAD_DONE": str(folder / "done.jsonl")}
    subprocess.run(command, env=env, stdout=sys.stderr, check=False)
    failures = Path(f"{summary}_failures.csv").read_text(encoding="utf-8").splitlines()[1:]
    exceptions = Path(f"{summary}_exceptions.csv").read_text(encoding="utf-8").splitlines()[1:]
    for line in [*failures, *exceptions]:
        print(f"  {line}", file=sys.stderr)
    return len(failures) + len(exceptions)


def _report(options, done: list[dict], told: dict) -> None:
    by_kind = {kind: [row["ms"] for row in done if row["kind"] == kind] for kind in KINDS}
    for kind, times in by_kind.items():
        if len(times) < 2:
            told["agree"] = f"nobody did {kind}"
            continue
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        results.report(
            "load",
            kind,
            results.median(times),
            {},
            n=len(times),
            p95=round(p95, 1),
            most=max(times),
        )
    seconds = options.minutes * 60 + options.users
    results.report(
        "load",
        "all",
        len(done) / seconds,
        {},
        unit="documents/s",
        n=len(done),
        users=options.users,
        workers=options.workers,
        minutes=options.minutes,
        **told,
    )


def _work(options, folder: Path, progress) -> None:
    plan = prepare(DATABASE, options.pause)
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (folder / "done.jsonl").touch()
    progress("goods and people")
    log = folder / "server.log"
    server = (f"--workers={options.workers}", "--max-cron-threads=1", f"--logfile={log}", _COUNTED)
    with demo_server.server(DATABASE, *server, f"--gevent-port={demo_server.free_port()}") as url:
        demo_server.warm(url, options.workers)
        before = _memory()
        with _Watched() as memory:
            failed = _locust(options, url, folder)
        progress("work")
    text = log.read_text(encoding="utf-8", errors="replace")
    lines = (folder / "done.jsonl").read_text(encoding="utf-8").splitlines()
    done = [json.loads(line) for line in lines]
    wrong = differences(DATABASE, plan, done)
    progress("everything counted")
    errors = Counter(re.findall(r" (?:ERROR|CRITICAL) \S+ (\S+):", text))
    # Odoo notes as an error what it then does again, by itself, and that it does.
    if errors["odoo.sql_db"] <= len(_RETRY.findall(text)):
        del errors["odoo.sql_db"]
    if errors:
        wrong.append(f"errors in the server's log: {dict(errors)}")
    if failed:
        wrong.append(f"{failed} kinds of requests failed")
    # In less time the caches of the workers are still filling.
    if options.minutes >= 10 and memory.growth() > _GROWTH:
        wrong.append(f"memory grew by {memory.growth():.0%} between the second and last third")
    _report(
        options,
        done,
        {
            "agree": "; ".join(wrong) or True,
            "retries": len(_RETRY.findall(text)),
            "server_mb_before": before,
            "server_mb_by_minute": memory.by_minute(),
            "growth": memory.growth(),
        },
    )
    if options.keep:
        (Path.cwd() / "bench-load-server.log").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench load", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pause", type=float, default=10, help="seconds between two documents")
    parser.add_argument("--keep", action="store_true", help="keep the database and the log")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    databases.clone(databases.template_with(), DATABASE)
    Registry(DATABASE)
    progress("database")
    started = time.time()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _work(options, Path(folder), progress)
    finally:
        print(f"  {time.time() - started:.0f} s in all", file=sys.stderr)
        if not options.keep:
            with contextlib.suppress(Exception):
                databases.drop(DATABASE)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    main()
