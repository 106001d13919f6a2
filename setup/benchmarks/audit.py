"""The stand-alone verifier of the audit log, on an export of very many events.

`verify` writes a log of realistic events, sealed in blocks as a server seals them, and verifies it
in a process of its own, as an auditor does: with the key and with receipts. It agrees when the log
is valid, and when one event changed in the middle is the one finding.

`export_*` write the whole log, or some lots of it with a proof for each event, in each format from
a database, each in a process of its own. JSON lines agree when they verify.

`dossier_*` write the dossiers of the demo company's lots with the longest history; `trace_told`
traces them on a read-only cursor, with the event in the log and without.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from support import audit_log, audit_lot, databases, results

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lot_traceability"))
from tools import audit_bundle, audit_format, audit_proof

LOG = "6f1c5a50-8f0e-4a53-9d3c-0c8e8d2f7a11"
KEY = ("2026", bytes(range(32)))
KINDS = ("lot_moved", "lot_created", "lot_changed", "lot_consumed", "scan_received")

# A process begins with the memory of the one that starts it, as far as the peak goes: so a small
# one starts the verifier, and tells what it took.
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print([usage.ru_utime + usage.ru_stime, usage.ru_maxrss], file=sys.stderr)
"""


def _bodies(count: int) -> Iterator[str]:
    """Bodies of events as a busy warehouse makes them, about 400 bytes a line."""
    dice = random.Random(count)
    for number in range(count):
        kind, lot = dice.choice(KINDS), dice.randrange(200_000)
        quantity, done = dice.randrange(1, 400) / 4, dice.randrange(1, 900_000)
        yield (
            f'{{"kind":"{kind}","model":"stock.move.line","res":{number + 17},'
            f'"name":"WH/OUT/{done:07d}","lot":[{lot},"L2026-{lot:06d}"],'
            f'"product":[{lot % 900},"Crème fraîche {lot % 900}"],"company":1,'
            f'"user":[{done % 40 + 2},"operator{done % 40 + 2}"],"address":"10.0.3.{done % 250}",'
            f'"client":"handheld","zone":"Europe/Vienna","values":{{"quantity":[0.0,{quantity}],'
            f'"location":["WH/Stock/A-{lot % 60:02d}","WH/Output"],"state":["assigned","done"]}}}}'
        )


def _blocks(
    count: int, receipts: list[audit_format.Receipt]
) -> Iterator[tuple[audit_format.Block, list[bytes]]]:
    """The sealed blocks, of some hundred to some thousand events."""
    dice = random.Random(1)
    state, bodies = audit_format.State(), _bodies(count)
    now, number = datetime(2026, 11, 1), 0
    while number < count:
        rows = []
        for body in islice(bodies, dice.randrange(200, 4000)):
            number += 1
            now += timedelta(microseconds=dice.randrange(40_000))
            rows.append((number, audit_format.time_text(now), body))
        sealed_at = audit_format.time_text(now + timedelta(seconds=1))
        block, state = audit_proof.seal_block(state, LOG, rows, sealed_at, KEY)
        receipts.append(audit_proof.receipt_for(block))
        yield block, [audit_format.event_line(*row) for row in rows]


class Export:
    """An exported log in a folder, with its receipts, its key and the verifier."""

    def __init__(self, folder: Path, count: int) -> None:
        self.log, self.changed = folder / "log.jsonl", folder / "changed.jsonl"
        self.receipts, self.keys = folder / "receipts.jsonl", folder / "keys"
        self.verifier = folder / "audit_verify.py"
        self.count, self.victim = count, count // 2
        receipts: list[audit_format.Receipt] = []
        exported_at = audit_format.time_text(datetime(2026, 11, 25))
        with self.log.open("wb") as log, self.changed.open("wb") as changed:
            for line in audit_proof.export_log(LOG, exported_at, _blocks(count, receipts)):
                log.write(line)
                if line.startswith(b'{"id":%d,' % self.victim):
                    line = line.replace(b'"quantity":[0.0,', b'"quantity":[0.0,1')
                changed.write(line)
        self.receipts.write_bytes(b"".join(map(audit_proof.receipt_line, receipts)))
        self.keys.write_text(f"{KEY[0]}:{KEY[1].hex()}")
        self.verifier.write_text(audit_bundle.stand_alone())

    def verify(self, log: Path) -> tuple[float, float, float, dict]:
        """(seconds, processor seconds, peak MB, what it answered) of the verifier's process."""
        command = [sys.executable, "-I", str(self.verifier), str(log), "--json"]
        command += ["--receipts", str(self.receipts), "--keys", str(self.keys)]
        started = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-I", "-c", LAUNCHER, *command], capture_output=True, check=True
        )
        elapsed = time.perf_counter() - started
        spent, peak = json.loads(run.stderr)
        return elapsed, spent, peak / 1024, json.loads(run.stdout)

    def agrees(self, valid: dict, changed: dict) -> bool:
        """Is the log valid, and is the planted change the one thing found in the other?"""
        found = [(finding["code"], finding["event"]) for finding in changed["findings"]]
        summary = valid["summary"]
        return (
            valid["valid"] is True
            and (summary["events"], summary["seals"]) == (self.count, summary["blocks"])
            and summary["receipts"] == summary["blocks"]
            and found == [("changed", self.victim)]
        )


def _verify(count: int, rounds: int) -> None:
    progress = databases.Progress()
    with tempfile.TemporaryDirectory() as folder:
        export = Export(Path(folder), count)
        progress(f"{count} events")
        samples = [export.verify(export.log) for _round in range(rounds)]
        changed = export.verify(export.changed)
        progress(f"{rounds + 1} verifications")
        size = export.log.stat().st_size
    results.report(
        "audit",
        "verify",
        count / statistics.median(sample[0] for sample in samples),
        {},
        unit="events/s",
        n=count,
        agree=export.agrees(samples[-1][3], changed[3]),
        peak_mb=max(sample[2] for sample in [*samples, changed]),
        per_core=round(count / statistics.median(sample[1] for sample in samples)),
        blocks=samples[-1][3]["summary"]["blocks"],
        bytes_an_event=round(size / count),
    )


def _export(count: int) -> None:
    progress = databases.Progress()
    audit_log.database(count, progress)
    cases = [("xlsx", 0), ("csv", 0), ("pdf", 0), ("jsonl", 0), ("jsonl", 10)]
    for file_format, lots in cases:
        found = audit_log.export(file_format, lots)
        progress(f"{file_format}, {lots or 'all'} lots")
        what = f"lots_{lots}" if lots else count
        results.report(
            "audit",
            f"export_{what}_{file_format}",
            found["seconds"],
            {},
            unit="s",
            n=found["count"],
            agree=found["valid"],
            peak_mb=found["peak_mb"],
            megabytes=round(found["bytes"] / 1e6),
        )


def _dossier(name: str, rounds: int) -> None:
    for file_format in ("pdf", "xlsx"):
        samples, size = audit_lot.dossiers(name, file_format, rounds)
        results.report(
            "audit",
            f"dossier_{file_format}",
            statistics.median(samples),
            {},
            n=len(samples),
            slowest=round(max(samples)),
            kilobytes=round(size / 1000),
        )


def _trace(name: str, rounds: int) -> None:
    told, untold = audit_lot.traces(name, max(rounds, 9))
    results.report(
        "audit",
        "trace_told",
        statistics.median(told),
        {"not told": statistics.median(untold)},
        n=len(told),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench audit", description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("verify", "export", "dossier", "trace"))
    parser.add_argument("--database", help="with the demo company, for dossiers and traces")
    options = parser.parse_args()
    databases.configure()
    if options.only in (None, "verify"):
        _verify(options.events, options.rounds)
    if options.only in (None, "export"):
        _export(options.events)
    if options.only in (None, "dossier", "trace"):
        name = options.database or audit_lot.database(databases.Progress())
        if options.only != "trace":
            _dossier(name, options.rounds)
        if options.only != "dossier":
            _trace(name, options.rounds)


if __name__ == "__main__":
    main()
