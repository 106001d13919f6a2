"""A recorded shift of RFID readers, and how it is played to an Odoo server as a gateway does it.

A recording has one read a line: `{"at": seconds since the shift began, "reader": "dock-1",
"epc": "3066...", "antenna": 1, "rssi": -58}`.
"""

import gzip
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .errors import SetupError

ROUTE = "/lot_traceability/rfid/v1/reads"
MOST = 1000
_TRIES = 5


@dataclass
class Told:
    """What the server said to all batches together."""

    batches: int = 0
    reads: int = 0
    passages: int = 0
    unread: int = 0
    weak: int = 0
    seconds: list[float] = field(default_factory=list)


def load(path: Path) -> list[dict]:
    """The reads of a recording, in the order of time.

    :raises SetupError: names the first line that is none
    """
    reads = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            reads.append(read | {"at": float(read["at"]), "reader": read["reader"]})
        except (ValueError, KeyError, TypeError):
            raise SetupError(
                f"{path}, line {number} is no read: it needs at (seconds), reader and epc."
            ) from None
    if not reads:
        raise SetupError(f"{path} holds no reads.")
    return sorted(reads, key=lambda read: read["at"])


def batches(reads: Iterable[dict], seconds: float) -> list[tuple[float, str, list[dict]]]:
    """Gather reads as a gateway sends them: what each reader saw in so many seconds.

    :return: (when it is sent, reader, reads)

    >>> rows = [{"at": t, "reader": "a", "epc": "E"} for t in (0.1, 0.9, 1.2)]
    >>> [(at, reader, len(same)) for at, reader, same in batches(rows, 1.0)]
    [(1.0, 'a', 2), (2.0, 'a', 1)]
    """
    slots: dict[tuple[int, str], list[dict]] = {}
    for read in reads:
        slots.setdefault((int(read["at"] // seconds), read["reader"]), []).append(read)
    found = []
    for (slot, reader), same in sorted(slots.items()):
        for start in range(0, len(same), MOST):
            found.append(((slot + 1) * seconds, reader, same[start : start + MOST]))
    return found


def play(
    reads: list[dict],
    url: str,
    key: str,
    *,
    speed: float,
    on_batch: Callable[[float, Told], None] = lambda at, told: None,
) -> Told:
    """Send a shift to the server, `speed` times as fast as it was.

    The times that are sent lie before now, as far apart as they were: so what is one passage in
    the warehouse is one here.

    :raises SetupError: the server refuses a batch
    """
    told = Told()
    length = reads[-1]["at"]
    began, first = time.monotonic(), datetime.now(timezone.utc) - timedelta(seconds=length + 1)
    for at, reader, same in batches(reads, max(1.0, speed / 4)):
        time.sleep(max(0.0, began + min(at, length) / speed - time.monotonic()))
        body = {
            "reader": reader,
            "batch": str(uuid.uuid4()),
            "reads": [_sent(read, first) for read in same],
        }
        sent = time.monotonic()
        answer = _post(url, key, body)
        told.seconds.append(time.monotonic() - sent)
        told.batches += 1
        told.reads += answer["taken"]
        told.passages += answer["new"]
        told.unread += answer["unread"]
        told.weak += answer["weak"]
        on_batch(at, told)
    return told


def _sent(read: dict, first: datetime) -> dict:
    moment = first + timedelta(seconds=read["at"])
    sent = {name: read[name] for name in ("epc", "antenna", "rssi") if name in read}
    return sent | {"at": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"}


def _post(url: str, key: str, body: dict) -> dict:
    """Send a batch until it is taken: as it has a name, it is taken once however often it comes."""
    request = urllib.request.Request(
        url.rstrip("/") + ROUTE,
        data=gzip.compress(json.dumps(body).encode(), 1),
        headers={
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        },
    )
    for left in reversed(range(_TRIES)):
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if left and error.code in (429, 500, 502, 503):
                time.sleep(float(error.headers.get("Retry-After") or 1))
                continue
            raise SetupError(f"the server refuses a batch: {_refusal(error)}") from None
        except OSError as error:
            if not left:
                raise SetupError(f"{url} does not answer: {error}") from None
            time.sleep(1)
    raise AssertionError("unreachable")


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.loads(error.read())
        return f"{problem['detail']} ({error.code}{problem.get('pointer', '')})"
    except (ValueError, KeyError):
        return f"{error.code} {error.reason}"
