"""The answer to a request of the FDA for everything, with very many critical tracking events.

`export_*` writes the whole file (sortable spreadsheet, plan) in a process of its own, from a
database. It agrees when each event has its rows and the progress was told.
"""

from __future__ import annotations

import argparse
import statistics

from support import databases, fsma_log, results


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench fsma", description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    fsma_log.database(options.events, progress)
    found = [fsma_log.export() for _round in range(options.rounds)]
    progress(f"{options.rounds} exports")
    results.report(
        "fsma",
        f"export_{options.events}",
        statistics.median(one["seconds"] for one in found),
        {},
        unit="s",
        n=options.events,
        agree=all(one["valid"] for one in found),
        peak_mb=max(one["peak_mb"] for one in found),
        processor_s=round(statistics.median(one["processor"] for one in found), 1),
        rows=found[0]["rows"],
        megabytes=round(found[0]["bytes"] / 1e6),
    )


if __name__ == "__main__":
    main()
