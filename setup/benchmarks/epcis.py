"""Events of one lot or one pallet, found among a million EPCIS events: the first page of them, as
the REST interface asks for it, with the bodies of the events.

The events are made in the database: each names one lot, one pallet and two parties. A lot has five
events, a pallet one; one hub lot has a thousand.
"""

from __future__ import annotations

import argparse
import json
import random
import time

from odoo.modules.registry import Registry
from odoo.tools import SQL
from support import databases, results

DATABASE = "bench_epcis"
LOTS_OF = 5
HUB = 1000
ROUNDS = 200
PER_PAGE = 30
GTIN = "09520123456788"


def _lot(number: int) -> str:
    return f"https://id.gs1.org/01/{GTIN}/10/L{number}"


def _pallet(number: int) -> str:
    return f"https://id.gs1.org/00/{number:018d}"


def _fill(env, count: int) -> None:
    """Make the events and what they name."""
    body = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTime": "2026-03-01T10:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "readPoint": {"id": "https://id.gs1.org/414/0614141000005"},
        "quantityList": [{"epcClass": _lot(1), "quantity": 5, "uom": "KGM"}],
    }
    env.cr.execute(
        SQL(
            """INSERT INTO lot_epcis_event (company_id, told, event_id, event_hash, kind,
                      event_time, record_time, action, biz_step, disposition, read_point,
                      declared, body)
               SELECT %s, TRUE, 'ni:///bench-' || n, 'ni:///bench-' || n, 'ObjectEvent',
                      timestamp '2026-01-01' + n * interval '20 seconds',
                      timestamp '2026-01-01' + n * interval '20 seconds', 'OBSERVE', 'shipping',
                      'in_transit', 'https://id.gs1.org/414/0614141000005', FALSE, %s::jsonb
                 FROM generate_series(1, %s) n""",
            env.company.id,
            json.dumps(body),
            count,
        )
    )
    env.cr.execute(
        SQL(
            """INSERT INTO lot_epcis_identifier (event_id, role, epc)
               SELECT event.id, named.role, named.epc
                 FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
                         FROM lot_epcis_event) event,
              LATERAL (VALUES
                      ('epcClass', %s || CASE WHEN n <= %s THEN 0 ELSE n / %s END),
                      ('epc', %s || lpad(n::text, 18, '0')),
                      ('source owning_party', 'https://id.gs1.org/417/0614141000005'),
                      ('destination owning_party', 'https://id.gs1.org/417/4012345000009')
                      ) named(role, epc)""",
            _lot(0)[:-1],
            HUB,
            LOTS_OF,
            _pallet(0)[:-18],
        )
    )
    env.cr.commit()


def _analyze(name: str) -> None:
    with Registry(name).cursor() as cr:
        cr.execute("ANALYZE lot_epcis_event")
        cr.execute("ANALYZE lot_epcis_identifier")
        cr.commit()


def _ask(env, parameters: dict[str, str], expected: int) -> tuple[float, bool]:
    """Milliseconds of one question, and whether the answer has as many events as it should."""
    from odoo.addons.lot_traceability_fsma.tools.epcis import parse_query  # once it is loaded

    seen = SQL("event.company_id = ANY(%s)", env.companies.ids)
    env.invalidate_all()
    started = time.perf_counter()
    page = env["lot.epcis.query"]._page(parse_query(parameters), seen)
    bodies = env["lot.epcis.event"].browse(page.ids)._told_bodies()
    return (time.perf_counter() - started) * 1000, len(bodies) == expected


def _measure(env, count: int) -> None:
    drawn = random.Random(7)
    numbers = [drawn.randrange(HUB // LOTS_OF + 1, count // LOTS_OF) for _n in range(ROUNDS)]
    cases = {
        "query_class": [({"MATCH_anyEPCClass": _lot(n)}, LOTS_OF) for n in numbers],
        "query_epc": [({"MATCH_anyEPC": _pallet(n)}, 1) for n in numbers],
        "query_hub": [({"MATCH_anyEPCClass": _lot(0), "perPage": str(PER_PAGE)}, PER_PAGE)] * 20,
    }
    for case, questions in cases.items():
        _ask(env, *questions[0])
        answers = [_ask(env, *question) for question in questions]
        taken = [milliseconds for milliseconds, _right in answers]
        results.report(
            "epcis",
            case,
            results.median(taken),
            {},
            n=count,
            agree=all(right for _milliseconds, right in answers),
            most=round(max(taken), 3),
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench epcis", description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the database for another look")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    try:
        databases.clone(databases.template_without(), DATABASE)
        modules = [databases.MODULE, "lot_traceability_fsma"]
        Registry.new(DATABASE, update_module=True, install_modules=modules)
        progress("install")
        with databases.environment(DATABASE) as env:
            _fill(env, options.events)
        _analyze(DATABASE)
        progress("events")
        with databases.environment(DATABASE) as env:
            _measure(env, options.events)
    finally:
        if not options.keep:
            databases.drop(DATABASE)


if __name__ == "__main__":
    main()
