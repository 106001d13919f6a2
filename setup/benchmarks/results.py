"""Timing in turn, and one JSON line a case."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Mapping

import psutil


def in_turn(
    sides: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 1
) -> dict[str, float]:
    """Median milliseconds of each side; each round runs every side once, in changing order, so
    that whatever else the machine does meets them alike."""
    names = list(sides)
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(warm_up + rounds):
        for name in names[:: 1 if turn % 2 else -1]:
            gc.collect()
            started = time.perf_counter()
            sides[name]()
            elapsed = (time.perf_counter() - started) * 1000
            if turn >= warm_up:
                times[name].append(elapsed)
    return {name: statistics.median(values) for name, values in times.items()}


def report(
    bench: str,
    case: str,
    ours: float,
    peers: Mapping[str, float],
    unit: str = "ms",
    n: int = 0,
    agree: bool | str = True,
    peak_mb: float | None = None,
    **extra: object,
) -> None:
    """Print one case. `agree` is true, or says in words where the peers differ and why."""
    line: dict[str, object] = {
        "bench": bench,
        "case": case,
        "ours": _round(ours),
        "peers": {name: _round(value) for name, value in peers.items()},
        "unit": unit,
        "n": n,
        "agree": agree,
        "peak_mb": peak_mb if peak_mb is None else round(peak_mb, 1),
    }
    print(json.dumps(line | extra), flush=True)


def _round(value: float) -> float:
    return round(value, 3) if value < 100 else round(value, 1)


class ProcessorTime:
    """Processor time of this process and of its database session: what the work costs, whatever
    else the machine does. Without the session's part where the database is on another machine."""

    def __init__(self, cr) -> None:
        cr.execute("SELECT pg_backend_pid()")
        processes = [psutil.Process()]
        pid = cr.fetchone()[0]
        if psutil.pid_exists(pid) and psutil.Process(pid).name().startswith("postgres"):
            processes.append(psutil.Process(pid))
        self._processes = processes
        self._start = self._total()

    def elapsed(self) -> float:
        """Milliseconds since the start."""
        return (self._total() - self._start) * 1000

    def _total(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self._processes)
