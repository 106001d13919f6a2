"""The trace page in Chromium, from Enter to drawn, on the demo company's data.

Starts an Odoo server of its own on a database with the demo company, opens the Traceability app,
types the story's supplier lot, presses Enter, and takes the time in the page itself: from the key
to the frame after the one in which the graph is there.
"""

from __future__ import annotations

import argparse

from odoo.modules.registry import Registry
from support import databases, demo_server, results

DATABASE = "bench_demo"
DRAWN = ".o_lot_trace_page[aria-busy='false'] [data-key^='lot:']"
STOPWATCH = """
(drawn) => {
    window.benchDone = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error("nothing was drawn within a minute")), 60000);
        window.addEventListener("keydown", (event) => {
            if (event.key !== "Enter") return;
            const started = event.timeStamp;
            const look = () => {
                if (!document.querySelector(drawn)) return requestAnimationFrame(look);
                requestAnimationFrame(() => resolve({
                    ms: performance.now() - started,
                    nodes: document.querySelectorAll("[data-key]").length,
                }));
            };
            look();
        }, {capture: true, once: true});
    });
}
"""


def _measure(url: str, code: str, rounds: int) -> tuple[list[float], int]:
    times, nodes = [], 0
    with demo_server.browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        demo_server.log_in(page, url)
        for turn in range(rounds + 1):
            page.goto(f"{url}/odoo/traceability")
            box = page.wait_for_selector(".o_lot_trace_home .o_lot_trace_input", timeout=60_000)
            box.fill(code)
            page.evaluate(STOPWATCH, DRAWN)
            box.press("Enter")
            done = page.evaluate("window.benchDone")
            # The first turn warms the server's caches and the browser's.
            if turn:
                times.append(done["ms"])
                nodes = done["nodes"]
    return times, nodes


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench demo", description=__doc__.splitlines()[0])
    parser.add_argument("--database", help="a database with the demo company (default: build one)")
    parser.add_argument("--code", help="what to type (default: the story's supplier lot)")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keep", action="store_true", help="keep the database that was built")
    options = parser.parse_args()
    databases.configure()
    progress = databases.Progress()
    if not options.database:
        demo_server.prepare(DATABASE, progress)
    database = options.database or DATABASE
    try:
        Registry(database)
        from odoo.addons.lot_traceability.demo.contaminated import SUPPLIER_LOT

        with databases.environment(database) as env:
            env.cr.execute("SELECT count(*) FROM stock_lot")
            lots = env.cr.fetchone()[0]
        with demo_server.server(database) as url:
            times, nodes = _measure(url, options.code or SUPPLIER_LOT, options.rounds)
        results.report("demo", "trace_page", results.median(times), {}, n=lots, nodes=nodes)
        progress("trace page")
    finally:
        if not options.keep and not options.database:
            databases.drop(DATABASE)
            databases.drop(databases.WITH)


if __name__ == "__main__":
    main()
