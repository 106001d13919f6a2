"""The audit log's format: what is hashed, in which order, and how a hash is proved.

An event is one line of text, its leaf the hash of that line. Events are sealed in blocks; a
block's header holds the Merkle root of its leaves and the digest of the block before. The block
digests are leaves of a second tree, whose root each receipt carries out of the database.

>>> event = event_line(7, "2026-11-25T08:00:00.000000Z", '{"kind":"print"}')
>>> event
b'{"id":7,"at":"2026-11-25T08:00:00.000000Z","kind":"print"}'
>>> block_digest({"v": 1, "log": "a"})[:16]
'c6f5a9c6ed9c1e53'

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any, NamedTuple

VERSION = 1
TIME = r"\d{4}-(?:0[1-9]|1[0-2])-[0-3]\d[T](?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{6}Z"
#: The beginning of an event's line: its number and its time.
EVENT = re.compile(rb'\{"id":([1-9]\d{0,18}),"at":"(' + TIME.encode() + rb')",')
_TIME = re.compile(TIME, re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHORTEST_KEY = 16  # bytes
_TEXTS = ("log", "previous", "root", "first_at", "last_at", "sealed_at")
_NUMBERS = ("number", "count", "total", "first_id", "last_id")


class Block(NamedTuple):
    """A sealed block: its header, and what is kept beside it."""

    header: dict[str, Any]
    digest: str  # 64 hexadecimal digits
    seal: str | None  # the same, or None where no key was configured
    tree: str  # root over the digests of this block and all before
    ids: Sequence[int]  # the numbers of its events, ascending
    leaves: bytes  # their leaf hashes, 32 bytes each


class Receipt(NamedTuple):
    """What leaves the database when a block was sealed."""

    log: str
    number: int
    digest: str
    seal: str | None
    key: str | None
    tree: str
    total: int
    sealed_at: str
    v: int = VERSION


class State(NamedTuple):
    """Where a log stands after a block: all that the next block needs of those before."""

    number: int = 0
    digest: str = ""
    total: int = 0
    last_id: int = 0  # the highest number of an event so far
    last_at: str = ""  # the latest time of an event so far
    sealed_at: str = ""
    keyed: bool = False  # whether a block so far has a seal
    nodes: tuple[str, ...] = ()  # the frontier of the tree over the block digests


def canonical(value: Any) -> str:
    """JSON with sorted keys and no white space, not escaped to ASCII.

    >>> canonical({"b": "é", "a": None})
    '{"a":null,"b":"é"}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text. ValueError where it is none, or where a key occurs twice: two
    readers could see two values in it.

    >>> parse_json('{"count":1,"count":2}')
    Traceback (most recent call last):
    ValueError: key 'count' occurs twice
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise ValueError(f"key {key!r} occurs twice")
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def time_text(moment: datetime) -> str:
    """A time as the log writes it; without a time zone it is taken to be UTC.

    >>> time_text(datetime(2026, 11, 25, 8, 0))
    '2026-11-25T08:00:00.000000Z'
    """
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def seconds(at: str | bytes) -> float:
    """Seconds of a time of the log since 1970; minus infinity for a day that does not exist.

    >>> seconds("1970-01-02T00:00:00.500000Z")
    86400.5
    """
    text = at.decode() if isinstance(at, bytes) else at
    try:
        return datetime.fromisoformat(text[:-1] + "+00:00").timestamp()
    except ValueError:
        return float("-inf")


def event_line(number: int, at: str, body: str) -> bytes:
    """The line of an event, without its end: number and time in front of what the body has.

    `body` is the verbatim text of a JSON object with at least one key, as `check_body` wants it;
    `at` is in UTC as of `time_text`.
    """
    return f'{{"id":{number},"at":"{at}",{body[1:]}'.encode()


def check_body(body: str) -> None:
    """ValueError where a text cannot be the body of an event.

    >>> check_body('{"kind":"print","at":"noon"}')
    Traceback (most recent call last):
    ValueError: "at" is set by the log, a body cannot have it
    """
    value = parse_json(body)
    if not isinstance(value, dict) or not value:
        raise ValueError("a body is a JSON object with at least one key")
    if not body.startswith("{") or not body.endswith("}") or "\n" in body or "\r" in body:
        raise ValueError("a body is one line from its first brace to its last")
    for key in ("id", "at", "type"):
        if key in value:
            raise ValueError(f'"{key}" is set by the log, a body cannot have it')


def block_digest(header: dict[str, Any]) -> str:
    """Digest of a header, 64 hexadecimal digits; its version is part of what is hashed."""
    prefix = f"lot-audit-block/{header['v']}\n"
    return sha256((prefix + canonical(header)).encode()).hexdigest()


def seal_of(key: bytes, digest: str) -> str:
    """HMAC-SHA256 (RFC 2104) of a block's digest, 64 hexadecimal digits."""
    return hmac.new(key, bytes.fromhex(digest), sha256).hexdigest()


def parse_keys(text: str) -> dict[str, bytes]:
    """Keys by their id, the current one first, of `id:hex[,id:hex...]`.

    Keys of less than 16 bytes are refused: ValueError, which never shows a key.

    >>> list(parse_keys("2027:" + "0f" * 32 + ", 2026:" + "aa" * 32))
    ['2027', '2026']
    """
    keys: dict[str, bytes] = {}
    for place, part in enumerate(filter(None, map(str.strip, text.split(","))), 1):
        name, colon, digits = part.partition(":")
        if not colon or not _KEY_ID.fullmatch(name):
            raise ValueError(f"key {place} is not written as id:hexadecimal")
        if name in keys:
            raise ValueError(f"key id {name} occurs twice")
        try:
            keys[name] = bytes.fromhex(digits.strip())
        except ValueError:
            raise ValueError(f"key {name} is not hexadecimal") from None
        if len(keys[name]) < _SHORTEST_KEY:
            raise ValueError(f"key {name} is shorter than {_SHORTEST_KEY} bytes")
    return keys


def _is_number(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_hash(value: Any) -> bool:
    """Is it the text of a SHA-256 hash?"""
    return isinstance(value, str) and bool(_HEX.fullmatch(value))


def check_version(version: Any) -> None:
    """ValueError where a version is not the one that this program knows."""
    if type(version) is not int or version != VERSION:
        raise ValueError(f"version {version!r} of the format is not known to this program")


def check_header(header: Any) -> dict[str, Any]:
    """The same header; ValueError says what is wrong with its form."""
    if not isinstance(header, dict):
        raise ValueError("a header is no object")
    check_version(header.get("v"))
    wrong = [key for key in _TEXTS if not isinstance(header.get(key), str)]
    wrong += [key for key in _NUMBERS if not _is_number(header.get(key), 1)]
    wrong += [key for key in _TEXTS[3:] if key not in wrong and not _TIME.fullmatch(header[key])]
    if not is_hash(header.get("root")) or (
        header.get("previous") and not is_hash(header["previous"])
    ):
        wrong.append("root or previous")
    if not isinstance(header.get("key", 0), (str, type(None))):
        wrong.append("key")
    if wrong:
        raise ValueError(f"its header has no usable {', '.join(wrong)}")
    canonical(header).encode()  # a ValueError where a text in it is no Unicode
    return header


def block_of(data: Any) -> Block:
    """A block from the JSON object of an export; ValueError says what is wrong with its form."""
    header = check_header(data.get("header") if isinstance(data, dict) else None)
    ids, leaves = data.get("ids"), data.get("leaves")
    if not is_hash(data.get("digest")) or not is_hash(data.get("tree")):
        raise ValueError("its digest or tree is no hash")
    if data.get("seal") is not None and not is_hash(data["seal"]):
        raise ValueError("its seal is no hash")
    if not isinstance(ids, list) or not all(_is_number(number) for number in ids):
        raise ValueError("its list of events is no list of numbers")
    if not isinstance(leaves, str) or not re.fullmatch(r"(?:[0-9a-f]{64})*", leaves):
        raise ValueError("its list of fingerprints is no list of hashes")
    return Block(header, data["digest"], data.get("seal"), data["tree"], ids, bytes.fromhex(leaves))


def receipt_of(data: Any) -> Receipt:
    """A receipt from its JSON object; ValueError says what is wrong with its form."""
    if not isinstance(data, dict):
        raise ValueError("a receipt is a JSON object")
    check_version(data.get("v"))
    good = isinstance(data.get("log"), str) and _TIME.fullmatch(str(data.get("sealed_at")))
    good = good and is_hash(data.get("digest")) and is_hash(data.get("tree"))
    good = good and _is_number(data.get("number"), 1) and _is_number(data.get("total"), 1)
    good = good and (data.get("seal") is None or is_hash(data["seal"]))
    if not good or not isinstance(data.get("key"), (str, type(None))):
        raise ValueError("a receipt has log, number, digest, seal, key, tree, total and sealed_at")
    return Receipt(**{field: data.get(field) for field in Receipt._fields})


def state_of(data: Any) -> State:
    """Where a log stood, from the JSON object of an export; ValueError where it is none."""
    if not isinstance(data, dict):
        raise ValueError("where the log stood before is no object")
    good = all(_is_number(data.get(field)) for field in ("number", "total", "last_id"))
    for name in ("last_at", "sealed_at"):
        good = good and bool(_TIME.fullmatch(str(data.get(name))))
    nodes = data.get("nodes")
    good = good and is_hash(data.get("digest")) and isinstance(data.get("keyed"), bool)
    if not good or not isinstance(nodes, list) or not all(map(is_hash, nodes)):
        raise ValueError("it does not tell where the log stood before")
    if nodes and len(nodes) != bin(data["number"]).count("1"):
        raise ValueError("its tree before the first block is none")
    return State(**{**{name: data[name] for name in State._fields}, "nodes": tuple(nodes)})
