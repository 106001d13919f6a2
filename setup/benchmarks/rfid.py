"""Tags that RFID readers send through HTTP, each read twice, as fast as the server takes them; and
the comparison of a count of ten thousand tags with the stock.

Starts an Odoo server of its own with workers; two gateways post for portals of theirs at the same
time. Every tag has to be there afterwards, and counted as often as it was sent. What is then done
with the passages by the scheduled action is timed as well, as it shares the machine.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from odoo.modules.registry import Registry
from odoo.tools import SQL
from support import databases, demo_server, results

DATABASE = "bench_rfid"
ROUTE = "/lot_traceability/rfid/v1/reads"
BATCH = 500  # tags; twice as many reads
READS_OF_TAG = 2
GTIN = "9506000134352"
# SGTIN-96 of that GTIN without a serial number, which are the last 38 bits: making tags must not
# cost what reading them does.
SGTIN = 0x30364433400D1EC000000000
COMPARED = 10_000


@dataclass
class Gateway:
    """Sends for one reader, a batch after the other."""

    url: str
    reader: str
    key: str
    number: int
    tags: int = 0
    seconds: list[float] = field(default_factory=list)
    failure: str = ""

    def run(self, until: float, rate: float) -> None:
        """Send until that time of the clock, at most `rate` tags a second where that is given."""
        began = time.monotonic()
        try:
            while time.monotonic() < until:
                if rate and self.tags > rate * (time.monotonic() - began):
                    time.sleep(0.01)
                    continue
                self._send()
        except OSError as error:
            self.failure = str(error)

    def _send(self) -> None:
        now = datetime.now(timezone.utc)
        reads = [
            {"epc": self._epc(self.tags + n), "antenna": n % 4 + 1, "rssi": -55.5, "at": at}
            for part in range(READS_OF_TAG)
            for at in [f"{now - timedelta(seconds=1 - part / 2):%Y-%m-%dT%H:%M:%S.%f}Z"]
            for n in range(BATCH)
        ]
        name = f"{self.number}-{self.tags}"
        body = json.dumps({"reader": self.reader, "batch": name, "reads": reads}).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        started = time.perf_counter()
        request = urllib.request.Request(self.url + ROUTE, body, headers)
        with urllib.request.urlopen(request, timeout=120) as reply:
            answer = json.load(reply)
        self.seconds.append(time.perf_counter() - started)
        assert answer["taken"] == BATCH * READS_OF_TAG and answer["new"] == BATCH, answer
        self.tags += BATCH

    def _epc(self, serial: int) -> str:
        return f"{SGTIN | self.number << 32 | serial:024X}"


def _prepare(gateways: int) -> list[str]:
    """Readers `door-N` with unlimited reads, and the key of a gateway for each."""
    databases.clone(databases.template_with(), DATABASE)
    keys = []
    with databases.environment(DATABASE) as env:
        env["ir.config_parameter"].sudo().set_param(
            "lot_traceability.rfid_reads_per_minute", "100000000"
        )
        warehouse = env["stock.warehouse"].search([], limit=1)
        yard = env["stock.location"].create(
            {"name": "Yard", "usage": "internal", "location_id": warehouse.view_location_id.id}
        )
        env["product.product"].create(
            {"name": "Drill", "is_storable": True, "tracking": "serial", "barcode": GTIN}
        )
        for number in range(gateways):
            user = env["res.users"].create(
                {
                    "name": f"Gateway {number}",
                    "login": f"gateway-{number}",
                    "group_ids": [(6, 0, env.ref("lot_traceability.group_rfid_gateway").ids)],
                }
            )
            env["lot.rfid.reader"].create(
                {
                    "name": f"Door {number}",
                    "code": f"door-{number}",
                    "user_id": user.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": yard.id,
                }
            )
            until = datetime.now() + timedelta(days=1)
            keys.append(env["res.users.apikeys"].with_user(user)._generate(None, "bench", until))
        env.cr.commit()
    return keys


def _measure_tags(options, keys: list[str], progress) -> None:
    workers = (f"--workers={options.workers}", f"--gevent-port={_free_port()}")
    with demo_server.server(DATABASE, *workers) as url:
        gateways = [Gateway(url, f"door-{number}", key, number) for number, key in enumerate(keys)]
        for gateway in gateways:  # The first request of each worker loads the registry.
            gateway._send()
        sent_before = sum(gateway.tags for gateway in gateways)
        began = time.monotonic()
        until = began + options.minutes * 60
        rate = options.rate / len(gateways)
        threads = [threading.Thread(target=one.run, args=(until, rate)) for one in gateways]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elapsed = time.monotonic() - began
        progress("reads")
        settled = _settle()
        progress("settled")
    sent = sum(gateway.tags for gateway in gateways)
    failures = [gateway.failure for gateway in gateways if gateway.failure]
    with databases.environment(DATABASE) as env:
        env.cr.execute("SELECT count(*), coalesce(sum(reads), 0) FROM lot_rfid_passage")
        passages, reads = env.cr.fetchone()
    agree = passages == sent and reads == sent * READS_OF_TAG
    seconds = sorted(value for gateway in gateways for value in gateway.seconds)
    results.report(
        "rfid",
        "tags",
        (sent - sent_before) / elapsed,
        {},
        unit="tags/s",
        n=sent,
        agree=agree or f"{sent} tags were sent, {passages} are there with {reads} reads",
        minutes=options.minutes,
        reads_per_second=round((sent - sent_before) * READS_OF_TAG / elapsed),
        batch_ms=round(statistics.median(seconds) * 1000, 1),
        batch_ms_95=round(seconds[int(len(seconds) * 0.95)] * 1000, 1),
        settled_per_second=round(sent / settled),
        failures=failures,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _settle() -> float:
    """Find out what all passages are, as the scheduled action does; in seconds."""
    began = time.perf_counter()
    for reader_id in _reader_ids():
        more = True
        while more:
            with databases.environment(DATABASE) as env:
                env = env(su=True)
                reader = env["lot.rfid.reader"].browse(reader_id)
                more = env["lot.rfid.settlement"]._settle(reader, at_once=True)
                env.cr.commit()
    return time.perf_counter() - began


def _reader_ids() -> list[int]:
    with databases.environment(DATABASE) as env:
        return env["lot.rfid.reader"].search([]).ids


def _measure_count(rounds: int, progress) -> None:
    """A shelf of ten thousand serial numbers, of which the wand has read all but ten."""
    gateway = Gateway("", "", "", 60)
    with databases.environment(DATABASE) as env:
        product = env["product.product"].search([("barcode", "=", GTIN)])
        place = env["stock.warehouse"].search([], limit=1).lot_stock_id
        first = gateway.number << 32
        env.cr.execute(
            SQL(
                """WITH lot AS (
                   INSERT INTO stock_lot (product_id, name, create_date)
                   SELECT %s, (%s + n)::text, now() FROM generate_series(0, %s) AS n RETURNING id)
                   INSERT INTO stock_quant (product_id, lot_id, location_id, company_id, quantity,
                                            reserved_quantity, in_date)
                   SELECT %s, id, %s, %s, 1, 0, now() FROM lot""",
                *(product.id, first, COMPARED - 1, product.id, place.id, env.company.id),
            )
        )
        count = env["lot.rfid.count"].create({"location_id": place.id})
        count.add([gateway._epc(n) for n in range(COMPARED - 10)])
        env.cr.commit()
        count_id = count.id
    progress("a shelf")
    times = []
    for _turn in range(rounds):
        with databases.environment(DATABASE) as env:
            count = env["lot.rfid.count"].browse(count_id)
            began = time.perf_counter()
            count.action_compare()
            env.cr.commit()
            times.append((time.perf_counter() - began) * 1000)
            found = (count.right, count.missing)
    agree = found == (COMPARED - 10, 10)
    results.report(
        "rfid", "count", results.median(times), {}, n=COMPARED, agree=agree or f"{found}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench rfid", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument(
        "--rate", type=float, default=0, help="tags a second (default: all it takes)"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--gateways", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5, help="of the comparison")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    keys = _prepare(options.gateways)
    Registry(DATABASE)
    progress("database")
    try:
        _measure_tags(options, keys, progress)
        _measure_count(options.rounds, progress)
    finally:
        if not options.keep:
            databases.drop(DATABASE)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    main()
