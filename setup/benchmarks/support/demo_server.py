"""A database with the demo company and a server of its own on it, for measurements in a browser."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from odoo.modules.registry import Registry
from playwright.sync_api import Browser, Page, sync_playwright

from . import databases

# Workers start a process of their own by the name of the program, which "-m odoo" has not.
_ENTRY = Path(__file__).parents[2] / "lib" / "inside" / "run_odoo.py"


def prepare(database: str, progress: databases.Progress) -> None:
    """Build the demo company in a new database."""
    databases.clone(databases.template_with(), database)
    Registry(database)
    from odoo.addons.lot_traceability.demo import company  # known once the module is loaded

    with databases.environment(database) as env:
        company.build(env)
    progress("demo company")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(database: str, *options: str) -> Iterator[str]:
    """The address of a server on this database."""
    port = free_port()
    command = [sys.executable, str(_ENTRY), "server"]
    command += shlex.split(os.environ.get("BENCH_ODOO_OPTIONS", ""))
    command += ["-d", database, f"--http-port={port}", "--http-interface=127.0.0.1"]
    command += ["--max-cron-threads=0", "--log-level=error", "--no-database-list", *options]
    child = subprocess.Popen(command, stdout=sys.stderr)
    url = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/web/health", timeout=1).close()
                break
            if child.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.2)
        yield url
    finally:
        child.terminate()
        # Workers end what they are at first.
        child.wait(timeout=180)


def warm(url: str, workers: int) -> None:
    """Have each worker load the registry, so that the first user does not wait for it."""
    with ThreadPoolExecutor(workers * 2) as pool:
        for answer in pool.map(lambda _turn: _page(url), range(workers * 4)):
            assert answer == 200


def _page(url: str) -> int:
    with urllib.request.urlopen(f"{url}/web/login", timeout=300) as answer:
        return answer.status


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """The browser that the set-up found."""
    path = os.environ.get("BENCH_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        yield chromium
        chromium.close()


def log_in(page: Page, url: str) -> None:
    """As the demo's administrator."""
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_web_client", timeout=180_000)
