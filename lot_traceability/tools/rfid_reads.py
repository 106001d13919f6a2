"""What the gateway of RFID readers posts: checked, and gathered to passages.

>>> body = b'{"reader": "dock-1", "batch": "b-1", "reads": [{"epc": "AB", "rssi": "loud"}]}'
>>> parse_batch(body, datetime(2026, 3, 2))
Traceback (most recent call last):
    ...
tools.rfid_reads.ReadsError: rssi is a number in dBm, such as -55.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from .rfid_tag import LONGEST, Tag, read_tag

MAX_BYTES = 8 * 1024 * 1024
MAX_READS = 10_000
# A clock that runs ahead would keep tags in the field that have long gone.
MAX_AHEAD = timedelta(minutes=10)
MAX_AGE = timedelta(days=30)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}").fullmatch
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?"
).fullmatch


class ReadsError(ValueError):
    """A batch that is not taken: why, where, and with which status of HTTP it is answered.

    ``pointer`` is the place in the body, as a JSON pointer.
    """

    def __init__(
        self, status: int, code: str, text: str, pointer: str = "", retry_after: int = 0
    ) -> None:
        self.status, self.code, self.pointer = status, code, pointer
        self.retry_after = retry_after
        super().__init__(text)


class Read(NamedTuple):
    """One time that a reader saw a tag; ``at`` is UTC without a zone."""

    epc: str
    at: datetime
    antenna: int
    rssi: float | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was posted at once; ``count`` is the id of a count that it belongs to, or 0."""

    reader: str
    name: str
    reads: list[Read]
    count: int = 0


@dataclass(slots=True)
class Sighting:
    """A tag that was in the field of a reader, from first to last without a break."""

    tag: Tag
    first_at: datetime
    last_at: datetime
    first_antenna: int
    last_antenna: int
    count: int
    best_rssi: float | None


def unpack(body: bytes, encoding: str) -> bytes:
    """The body as it was before it was compressed; raises :class:`ReadsError`.

    >>> import gzip
    >>> unpack(gzip.compress(b"{}"), "gzip")
    b'{}'
    """
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise ReadsError(415, "encoding", "Send the body as it is, or compressed with gzip.")
    # Not all at once: a few bytes may stand for a very long text.
    stream = zlib.decompressobj(wbits=31)
    try:
        data = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        raise ReadsError(400, "gzip", "The body is not gzip: compress it again.") from None
    if len(data) > MAX_BYTES:
        raise _too_large()
    if not stream.eof:
        raise ReadsError(400, "gzip", "The body is cut short: send it again.")
    return data


def _too_large() -> ReadsError:
    text = f"A batch has at most {MAX_READS} reads and {MAX_BYTES >> 20} MB: send smaller ones."
    return ReadsError(413, "too_large", text)


def parse_batch(body: bytes, now: datetime) -> Batch:
    """Read a batch; raises :class:`ReadsError` with the place of what is wrong.

    A tag that nobody can decode is not wrong here: it is kept and told.  ``now`` is the time of
    reads that bring none.

    >>> body = b'{"reader": "dock-1", "batch": "b-1", "reads": [{"epc": "AB", "antenna": 2}]}'
    >>> parse_batch(body, datetime(2026, 3, 2)).reads
    [Read(epc='AB', at=datetime.datetime(2026, 3, 2, 0, 0), antenna=2, rssi=None)]
    """
    if len(body) > MAX_BYTES:
        raise _too_large()
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise ReadsError(400, "json", "The body is no JSON text in UTF-8.") from None
    if not isinstance(data, dict):
        raise ReadsError(422, "object", "The body is an object with reader, batch and reads.")
    names = {}
    for key in ("reader", "batch"):
        names[key] = data.get(key)
        if not isinstance(names[key], str) or not _NAME(names[key]):
            text = f"{key} is 1 to 64 letters, digits and the signs . _ : -"
            raise ReadsError(422, "name", text, f"/{key}")
    count = data.get("count") or 0
    if type(count) is not int or not 0 <= count < 1 << 31:
        raise ReadsError(422, "count", "count is the id of a count.", "/count")
    reads = data.get("reads")
    if not isinstance(reads, list) or not reads:
        raise ReadsError(422, "reads", "reads is a list of at least one read.", "/reads")
    if len(reads) > MAX_READS:
        raise _too_large()
    moments: dict[str, datetime] = {}
    rows = [_read(row, place, now, moments) for place, row in enumerate(reads)]
    return Batch(names["reader"], names["batch"], rows, count)


def _read(row: Any, place: int, now: datetime, moments: dict[str, datetime]) -> Read:
    if not isinstance(row, dict):
        raise ReadsError(422, "read", "A read is an object with an epc.", f"/reads/{place}")
    epc, antenna, rssi, at = row.get("epc"), row.get("antenna"), row.get("rssi"), row.get("at")
    if not isinstance(epc, str) or not epc.strip() or len(epc) > LONGEST:
        text = f"epc is the EPC as hexadecimal digits or as a URN, of at most {LONGEST} signs."
        raise ReadsError(422, "epc", text, f"/reads/{place}/epc")
    if antenna is None:
        antenna = 0
    elif type(antenna) is not int or not 0 <= antenna < 1 << 15:
        text = "antenna is the number of the antenna, 0 or more."
        raise ReadsError(422, "antenna", text, f"/reads/{place}/antenna")
    if rssi is not None and (
        type(rssi) not in (int, float) or not math.isfinite(rssi) or abs(rssi) > 1000
    ):
        text = "rssi is a number in dBm, such as -55."
        raise ReadsError(422, "rssi", text, f"/reads/{place}/rssi")
    if at is None:
        return Read(epc, now, antenna, rssi)
    # Many reads of a batch have the same time.
    moment = moments.get(at) if isinstance(at, str) else None
    if moment is None:
        moment = moments[at] = _moment(at, place, now)
    return Read(epc, moment, antenna, rssi)


def _moment(text: Any, place: int, now: datetime) -> datetime:
    pointer = f"/reads/{place}/at"
    match = _MOMENT(text) if isinstance(text, str) else None
    try:
        if match is None:
            raise ValueError
        day, time, fraction, zone = match.groups()
        moment = datetime.fromisoformat(f"{day}T{time}.{(fraction or '0')[:6]:0<6}")
        if zone not in (None, "Z"):
            moment = moment.replace(tzinfo=datetime.fromisoformat(f"{day}T{time}{zone}").tzinfo)
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        example = "2026-03-02T06:00:00.250Z"
        raise ReadsError(422, "at", f"at is a time such as {example}.", pointer) from None
    if moment > now + MAX_AHEAD:
        raise ReadsError(422, "clock", "This time is to come: set the reader's clock.", pointer)
    if moment < now - MAX_AGE:
        text = f"This read is older than {MAX_AGE.days} days: set the clock, or leave it out."
        raise ReadsError(422, "clock", text, pointer)
    return moment


def sightings(reads: Iterable[Read], window: timedelta) -> Iterator[Sighting]:
    """Gather reads to the times that a tag was in the field: a tag that is not read for longer
    than ``window`` has left it.

    >>> start = datetime(2026, 3, 2)
    >>> reads = [Read("AB", start + timedelta(seconds=s), 1, None) for s in (0, 4, 30)]
    >>> [one.count for one in sightings(reads, timedelta(seconds=10))]
    [2, 1]
    """
    by_tag: dict[str, list[Read]] = defaultdict(list)
    tags: dict[str, Tag] = {}
    for read in reads:
        tag = read_tag(read.epc)
        tags.setdefault(tag.identity, tag)
        by_tag[tag.identity].append(read)
    for identity, same in by_tag.items():
        if len(same) > 1:
            same.sort(key=lambda read: read.at)
        tag, current = tags[identity], None
        for read in same:
            if current and read.at - current.last_at <= window:
                current.last_at, current.last_antenna = read.at, read.antenna
                current.count += 1
                current.best_rssi = stronger(current.best_rssi, read.rssi)
                continue
            if current:
                yield current
            current = Sighting(tag, read.at, read.at, read.antenna, read.antenna, 1, read.rssi)
        if current:
            yield current


def stronger(one: float | None, other: float | None) -> float | None:
    """The better of two signals.

    >>> stronger(-60, -55), stronger(None, -70)
    (-55, -70)
    """
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)
