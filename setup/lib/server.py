"""A running Odoo server on 127.0.0.1."""

import contextlib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import front, paths, process
from .environment import Environment
from .errors import SetupError
from .progress import step

ENTRY = Path(__file__).parent / "inside" / "odoo_report.py"


def free_port(port: int) -> int:
    """The port if it is free on 127.0.0.1, or any free one for 0.

    :raises SetupError: when it is busy.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise SetupError(
                f"port {port} is busy: ./setup/demo --port N takes another one."
            ) from None
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Running:
    """A server that answers at `url`, and its process."""

    url: str
    child: subprocess.Popen


def log_file(label: str) -> Path:
    """Where the server's log goes."""
    return process.log_path(f"server-{label}")


@contextlib.contextmanager
def serving(
    env: Environment,
    databases: Iterable[str],
    *,
    label: str,
    port: int = 0,
    workers: int = 0,
    report: Path | None = None,
    crons: bool = True,
    more: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Serve these databases alone for the block.

    :param report: file that takes the warnings of the server's log as JSON lines
    :param crons: run scheduled actions; one that is under way when the server ends complains
    :param more: more variables of its environment
    :raises SetupError: when Odoo does not start, or has ended by itself meanwhile
    """
    names = list(databases)
    port = free_port(port)
    # Worker processes leave websockets to a port of their own.
    inner, gevent = free_port(0) if workers else port, free_port(0)
    arguments = [
        *("-d", ",".join(names), f"--db-filter=^({'|'.join(names)})$", "--no-database-list"),
        *("--http-port", str(inner), "--gevent-port", str(gevent), "--workers", str(workers)),
        *(() if crons else ("--max-cron-threads=0",)),
    ]
    variables = {
        **env.odoo.env,
        **({"LOT_TRACEABILITY_REPORT": str(report)} if report else {}),
        **(more or {}),
    }
    url = f"http://127.0.0.1:{port}"
    with log_file(label).open("w") as log:
        child = subprocess.Popen(
            env.odoo.command(*arguments, entry=ENTRY if report else None),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=variables,
            cwd=paths.folder("run"),
            start_new_session=True,
        )
        try:
            with front.joining(port, inner, gevent) if workers else contextlib.nullcontext():
                with step("Starting Odoo"):
                    wait_until_ready(child, f"{url}/web/health", log_file(label))
                    if workers:
                        wait_until_ready(child, f"{url}/websocket/health", log_file(label))
                yield Running(url, child)
            if child.poll() is not None:
                raise SetupError(
                    f"Odoo ended by itself with code {child.returncode}. Details: {log_file(label)}"
                )
        finally:
            process.end(child)


def wait_until_ready(child: subprocess.Popen, url: str, log: Path, patience: float = 180) -> None:
    """Wait until a server answers.

    :raises SetupError: when it ends before, or does not answer in time
    """
    end = time.monotonic() + patience
    while time.monotonic() < end and child.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    cause = process.explain(log.read_text(errors="replace")[-8000:])
    raise SetupError(f"Odoo did not start{': ' + cause if cause else ''}. Details: {log}")
