"""A database with a large, sealed audit log, and exports of it, each in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from odoo.tools import SQL

from . import databases

NAME = "bench_audit"
LOT = "BENCH-LOT"
_BATCH = 50_000


def database(count: int, progress: databases.Progress) -> str:
    """A database whose log has so many events, sealed; made once and kept."""
    noted = f"{count} events"
    if databases.exists(NAME) and databases.comment(NAME) == noted:
        return NAME
    databases.clone(databases.template_with(), NAME)
    progress("database")
    with databases.environment(NAME) as env:
        product = env["product.product"].create(
            {"name": "Crème fraîche", "is_storable": True, "tracking": "lot"}
        )
        lots = env["stock.lot"].create(
            [{"name": f"{LOT}-{number:03d}", "product_id": product.id} for number in range(500)]
        )
        env.cr.commit()
        for start in range(0, count, _BATCH):
            env.cr.execute(_insert(min(_BATCH, count - start), lots[0].id, product, env))
            env.cr.commit()
        progress("events")
        env["lot.audit.sealer"]._seal()
        env.cr.commit()
        progress("sealed")
    databases.set_comment(NAME, noted)
    return NAME


def _insert(count: int, first_lot: int, product, env) -> SQL:
    """Movements as a busy warehouse makes them."""
    return SQL(
        """WITH new AS (INSERT INTO lot_audit_event (body) SELECT json_build_object(
               'kind', 'moved',
               'who', json_build_object('id', 2, 'login', 'admin', 'name', 'Mitchell Admin'),
               'from', json_build_object('via', 'web', 'address', '10.0.3.' || n %% 250,
                                         'client', 'Mozilla/5.0 (Android 14)'),
               'zone', 'Europe/Vienna',
               'company', json_build_object('id', %(company)s::int, 'name', 'My Company'),
               'lot', json_build_object('id', %(lot)s::int + n %% 500,
                                        'name', 'BENCH-LOT-' || lpad((n %% 500)::text, 3, '0')),
               'product', json_build_object('id', %(product)s::int, 'name', 'Crème fraîche'),
               'record', json_build_object('model', 'stock.move.line', 'id', n,
                                           'name', 'WH/OUT/' || n),
               'document', json_build_object('model', 'stock.picking', 'id', n / 7,
                                             'name', 'WH/OUT/' || n / 7),
               'data', json_build_object('quantity', (n %% 400)::text, 'unit', 'kg',
                   'from', json_build_object('id', 8, 'name', 'WH/Stock/A-' || n %% 60),
                   'to', json_build_object('id', 5, 'name', 'Customers'))
           )::text FROM generate_series(1, %(count)s) AS n RETURNING id)
           INSERT INTO lot_audit_pending SELECT id FROM new""",
        company=env.company.id,
        lot=first_lot,
        product=product.id,
        count=count,
    )


def export(file_format: str, lots: int = 0) -> dict:
    """Export the log (or so many of its lots) in a process of its own.

    :return: {"seconds", "peak_mb", "count", "bytes", "valid"}
    """
    command = [sys.executable, "-m", "support.audit_log", file_format, str(lots)]
    folder = str(Path(__file__).resolve().parents[1])
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True, env=os.environ)
    return json.loads(run.stdout.splitlines()[-1])


def _export(file_format: str, lots: int) -> dict:
    from odoo.addons.lot_traceability.tools.audit_reader import verify_file
    from odoo.fields import Domain

    with databases.environment(NAME) as env, tempfile.TemporaryFile() as target:
        domain = Domain.TRUE
        if lots:
            found = env["stock.lot"].search([("name", "like", LOT)], limit=lots)
            domain = Domain("lot_id", "in", found.ids)
        started = time.perf_counter()
        count = env["lot.audit.export"]._write_export(
            domain, file_format, target, "bench", by_period=not lots
        )
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = target.tell()
        valid = True
        if file_format == "jsonl":
            target.seek(0)
            valid = not verify_file(target).findings
        env.cr.rollback()
    return {"seconds": seconds, "peak_mb": peak, "count": count, "bytes": size, "valid": valid}


if __name__ == "__main__":
    databases.configure()
    print(json.dumps(_export(sys.argv[1], int(sys.argv[2]))))
