"""The Scan app in Chromium, from the scanner's last key to the answer on the screen, on the demo.

Starts an Odoo server of its own on a database with the demo company, opens the app as on a phone,
and scans labels of its lots with the keys of a wedge scanner, one after the other: up to the
thousandth the page must neither become slower nor keep more memory.
"""

from __future__ import annotations

import argparse
import statistics

from odoo.modules.registry import Registry
from support import databases, demo_server, results

DATABASE = "bench_scan"
PHONE = {"width": 360, "height": 740}
# From the key that ends a scan to the frame after the one in which the answer stands there.
STOPWATCH = """
() => {
    window.benchNext = (shown) => new Promise((resolve, reject) => {
        let started = 0;
        const failed = setTimeout(() => reject(new Error(`no answer: ${shown}`)), 10000);
        window.addEventListener("keydown", function onKey(event) {
            if (event.key !== "Enter") return;
            window.removeEventListener("keydown", onKey, true);
            started = event.timeStamp;
            const look = () => {
                if (!window.benchIsShown(shown)) return requestAnimationFrame(look);
                requestAnimationFrame(() => {
                    clearTimeout(failed);
                    resolve(performance.now() - started);
                });
            };
            look();
        }, true);
    });
}
"""
LOOKED_UP = """
() => { window.benchIsShown = (shown) =>
    document.querySelector(".o_scan_lot h2 bdi")?.textContent === shown; }
"""


def _labels(env, most: int) -> list[tuple[str, str]]:
    """(what the scanner sends, name of the lot) of lots in stock whose products have a GTIN."""
    quants = env["stock.quant"].search(
        [
            ("location_id.usage", "=", "internal"),
            ("quantity", ">", 0),
            ("lot_id", "!=", False),
            ("product_id.barcode", "!=", False),
        ],
        order="lot_id desc",
    )
    return [
        (f"]C101{lot.product_id.barcode.zfill(14)}10{lot.name}", lot.name)
        for lot in quants.lot_id[:most]
    ]


def _memory(page) -> float:
    """Megabytes that the page holds after the collector went through it."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used / 1024**2


def _scan(page, code: str, shown: str) -> float:
    """Milliseconds from the last key of this scan to its answer."""
    answered = page.evaluate_handle("(shown) => ({ done: window.benchNext(shown) })", shown)
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    try:
        return page.evaluate("(handle) => handle.done", answered)
    finally:
        # Else the page would keep all that was measured.
        answered.dispose()


def _look_up(page, url: str, labels: list[tuple[str, str]], scans: int):
    page.goto(f"{url}/lot_traceability/scan#look")
    page.wait_for_selector(".o_scan_look")
    page.evaluate(STOPWATCH)
    page.evaluate(LOOKED_UP)
    times, memory = [], []
    for turn in range(scans):
        times.append(_scan(page, *labels[turn % len(labels)]))
        if turn + 1 in (scans // 10, scans):
            memory.append(_memory(page))
    return times, memory


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench scan", description=__doc__.splitlines()[0])
    parser.add_argument("--database", help="a database with the demo company (default: build one)")
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--keep", action="store_true", help="keep the database that was built")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    database = options.database or DATABASE
    if not options.database:
        demo_server.prepare(database, progress)
    try:
        Registry(database)
        with databases.environment(database) as env:
            labels = _labels(env, 100)
        with demo_server.server(database) as url, demo_server.browser() as browser:
            page = browser.new_page(viewport=PHONE)
            demo_server.log_in(page, url)
            times, memory = _look_up(page, url, labels, options.scans)
        tenth = max(len(times) // 10, 1)
        results.report(
            "scan",
            "answer",
            results.median(times),
            {},
            n=len(times),
            p95=round(statistics.quantiles(times, n=20)[-1], 1),
            first_tenth=round(results.median(times[:tenth]), 1),
            last_tenth=round(results.median(times[-tenth:]), 1),
            page_mb=[round(value, 2) for value in memory],
            lots=len(labels),
        )
        progress("scans")
    finally:
        if not options.keep and not options.database:
            databases.drop(DATABASE)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    main()
