"""An Odoo server of its own for a benchmark that goes through HTTP."""

from __future__ import annotations

import contextlib
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(database: str, workers: int = 0) -> Iterator[str]:
    """The address of a server on this database: one process with threads, or so many workers."""
    port = _free_port()
    command = [sys.executable, "-m", "odoo", "server"]
    command += shlex.split(os.environ.get("BENCH_ODOO_OPTIONS", ""))
    command += ["-d", database, f"--http-port={port}", "--http-interface=127.0.0.1"]
    command += ["--max-cron-threads=0", "--log-level=error", "--no-database-list"]
    if workers:
        command += [f"--workers={workers}", f"--gevent-port={_free_port()}"]
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
        child.wait(timeout=30)
