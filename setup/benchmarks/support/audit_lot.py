"""What the audit log costs and gives on the lots of the demo company: dossiers and traces."""

from __future__ import annotations

import io
import time

from odoo.modules.registry import Registry

from . import databases

NAME = "bench_demo"
SAMPLES = 5


def database(progress: databases.Progress) -> str:
    """A database with the demo company; made once and kept."""
    if not databases.exists(NAME):
        databases.clone(databases.template_with(), NAME)
        Registry(NAME)
        # Known once the module is loaded.
        from odoo.addons.lot_traceability.demo import company

        with databases.environment(NAME) as env:
            company.build(env)
        progress("demo company")
    return NAME


def _lots(env):
    """Finished lots with the longest history, and so the longest dossiers."""
    env.cr.execute(
        "SELECT lot_id FROM lot_genealogy_movement GROUP BY lot_id ORDER BY count(*) DESC, lot_id "
        f"LIMIT {SAMPLES}"
    )
    return env["stock.lot"].browse(row[0] for row in env.cr.fetchall())


def dossiers(name: str, file_format: str, rounds: int) -> tuple[list[float], int]:
    """(milliseconds of each dossier, bytes of the last one)."""
    samples, size = [], 0
    for _round in range(rounds):
        with databases.environment(name) as env:
            for lot in _lots(env):
                env.invalidate_all()
                target = io.BytesIO()
                started = time.perf_counter()
                env["lot.dossier"]._write_dossier(lot, file_format, target)
                samples.append((time.perf_counter() - started) * 1000)
                size = target.tell()
            env.cr.rollback()
    return samples, size


def traces(name: str, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each trace as a replica runs it, told in the log, and not told."""
    told, untold = [], []
    for _round in range(rounds):
        with databases.environment(name) as env:
            lots = _lots(env)
        for lot_id in lots.ids:
            for samples, method in ((told, "trace"), (untold, "_run")):
                with Registry(name).cursor(readonly=True) as cr:
                    tracer = lots.env(cr=cr)["lot.trace"]
                    started = time.perf_counter()
                    getattr(tracer, method)([lot_id], "both")
                    cr.commit()
                    samples.append((time.perf_counter() - started) * 1000)
    return told, untold
