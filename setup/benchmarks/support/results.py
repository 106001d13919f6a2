"""One JSON line a case."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping

import psutil


def median(values: list[float]) -> float:
    """The middle one of some measurements."""
    return statistics.median(values)


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
