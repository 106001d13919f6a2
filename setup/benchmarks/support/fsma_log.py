"""A database with very many critical tracking events, and exports of them in a process of its
own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from odoo.modules.registry import Registry
from odoo.tools import SQL

from . import databases

NAME = "bench_fsma"
MODULE = "lot_traceability_fsma"
_BATCH = 100_000
_PLACES = 500
_PRODUCTS = 200


def database(count: int, progress: databases.Progress) -> str:
    """A database with so many events; made once and kept."""
    noted = f"{count} events"
    if databases.exists(NAME) and databases.comment(NAME) == noted:
        return NAME
    databases.clone(databases.template_without(), NAME)
    Registry.new(NAME, update_module=True, install_modules=[MODULE])
    progress("database")
    with databases.environment(NAME) as env:
        masters = _masters(env)
        env.cr.commit()
        for start in range(0, count, _BATCH):
            _insert(env, start, min(_BATCH, count - start), masters)
            env.cr.commit()
        env.cr.execute(SQL("ANALYZE lot_fsma_event"))
        env.cr.execute(SQL("ANALYZE lot_fsma_event_input"))
        env.cr.commit()
        progress("events")
    databases.set_comment(NAME, noted)
    return NAME


def _masters(env) -> dict[str, int]:
    """Places, products and a lot: the first id of each."""
    america, state = env.ref("base.us"), env.ref("base.state_us_5")
    partners = env["res.partner"].create(
        [
            {
                "name": f"Fresh & Green Farm {number}",
                "is_company": True,
                "phone": f"+1 555 {number:04d}",
                "street": f"{number} Farm Road",
                "city": "Salinas",
                "zip": "93901",
                "state_id": state.id,
                "country_id": america.id,
            }
            for number in range(_PLACES)
        ]
    )
    places = sorted(env["lot.fsma.place"]._of(partners).values())
    products = env["product.product"].create(
        [
            {
                "name": f"Romaine hearts {number}",
                "is_storable": True,
                "tracking": "lot",
                "fsma_category_id": env.ref(f"{MODULE}.ftl_leafy_greens").id,
                "fsma_packaging_size": "12 × 1 lb",
                "fsma_packaging_style": "carton",
            }
            for number in range(_PRODUCTS)
        ]
    )
    if places != list(range(places[0], places[0] + _PLACES)):
        raise RuntimeError("the places have no numbers in a row")
    return {
        "place": places[0],
        "product": products[0].id,
        "category": env.ref(f"{MODULE}.ftl_leafy_greens").id,
        "company": env.company.id,
    }


def _insert(env, start: int, count: int, masters: dict[str, int]) -> None:
    """Events as a distributor with a packing line has them: of ten, five are shipped, four
    received, and one is transformed, from two lots."""
    env.cr.execute(
        SQL(
            """WITH new AS (INSERT INTO lot_fsma_event
                   (kind, date, moment, company_id, product_id, category_id, tlc, source_place_id,
                    product_description, packaging, quantity, uom, location_place_id, from_place_id,
                    to_place_id, document_type, document_number, version, completeness)
               SELECT CASE WHEN n %% 10 < 5 THEN 'shipping' WHEN n %% 10 < 9 THEN 'receiving'
                           ELSE 'transformation' END,
                      DATE '2025-01-01' + n %% 730, now() AT TIME ZONE 'UTC', %(company)s,
                      %(product)s + n %% %(products)s, %(category)s,
                      '(01)09506000134352(10)L' || n / 3, %(place)s + n %% 97,
                      'Fresh & Green Romaine hearts ' || n %% %(products)s, '12 × 1 lb carton',
                      (n %% 400) / 4.0 + 1, 'case', %(place)s + n %% 5,
                      CASE WHEN n %% 10 >= 5 THEN %(place)s + n %% %(places)s END,
                      CASE WHEN n %% 10 < 5 THEN %(place)s + n %% %(places)s END,
                      'bol', 'WH/OUT/' || n / 7, 1, 1.0
                 FROM generate_series(%(start)s, %(last)s) AS n
               RETURNING id, kind, tlc, company_id, product_id)
               INSERT INTO lot_fsma_event_input
                   (event_id, company_id, product_id, tlc, product_description, packaging,
                    quantity, uom)
               SELECT id, company_id, product_id, tlc || side, 'Romaine', '12 × 1 lb carton', 5,
                      'case'
                 FROM new, generate_series(1, 2) AS side WHERE kind = 'transformation'""",
            **masters,
            products=_PRODUCTS,
            places=_PLACES,
            start=start,
            last=start + count - 1,
        )
    )


def export() -> dict:
    """Answer a request for everything, in a process of its own.

    :return: {"seconds", "processor" (seconds of this process without the database), "peak_mb",
        "rows", "bytes", "valid"}
    """
    command = [sys.executable, "-m", "support.fsma_log"]
    folder = str(Path(__file__).resolve().parents[1])
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True, env=os.environ)
    return json.loads(run.stdout.splitlines()[-1])


def _export() -> dict:
    with databases.environment(NAME) as env, tempfile.TemporaryFile() as target:
        request = env["lot.fsma.request"].create({"asked_by": "bench"})
        told: list[int] = []
        started, busy = time.perf_counter(), time.process_time()
        answer = request._write_answer(target, told.append)
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = target.tell()
        expected = env["lot.fsma.event"].search_count(request._domain())
        # Each transformation has two lots used, and so a row more.
        made = env["lot.fsma.event"].search_count(
            [*request._domain(), ("kind", "=", "transformation")]
        )
        valid = answer["count"] == expected + made and told == sorted(told) and bool(told)
        env.cr.rollback()
    return {
        "seconds": seconds,
        "processor": busy,
        "peak_mb": peak,
        "rows": answer["count"],
        "bytes": size,
        "valid": valid,
    }


if __name__ == "__main__":
    databases.configure()
    print(json.dumps(_export()))
