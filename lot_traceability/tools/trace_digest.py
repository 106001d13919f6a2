"""A fingerprint of a trace, by which two copies of it can be compared.

The same records give the same fingerprint, whatever the order in which they were
read and the time that it took:

>>> one = {"origin": [1, 2], "lots": [{"id": 2}, {"id": 1}], "elapsed_ms": 3.0}
>>> two = {"lots": [{"id": 1}, {"id": 2}], "origin": [2, 1], "elapsed_ms": 9.0}
>>> trace_digest(one) == trace_digest(two)
True
>>> trace_digest(one) == trace_digest({**one, "lots": [{"id": 1}]})
False
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

#: What tells of the run and not of the records.
IGNORED = frozenset({"elapsed_ms"})


def trace_digest(trace: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a trace, as 64 hexadecimal digits.

    Canonical: UTF-8, keys sorted, no white space, no `elapsed_ms`, and the lists of
    the trace sorted by the canonical JSON of their entries. Anyone can compute it
    from the answer of `lot.trace.trace`; names and warnings are in the language of
    the user who asked.

    >>> import hashlib
    >>> trace_digest({"b": [2, 1], "a": "ž"}) == hashlib.sha256(
    ...     '{"a":"ž","b":[1,2]}'.encode()).hexdigest()
    True
    """
    digest = sha256()
    for piece in _pieces(trace):
        digest.update(piece.encode())
    return digest.hexdigest()


def _pieces(trace: dict[str, Any]) -> Iterator[str]:
    """The canonical JSON in pieces: that of a large trace is never in memory as a whole."""
    opening = "{"
    for key in sorted(trace.keys() - IGNORED):
        yield f"{opening}{_canonical(key)}:"
        opening = ","
        if isinstance(trace[key], list):
            yield "["
            for index, entry in enumerate(sorted(map(_canonical, trace[key]))):
                yield f",{entry}" if index else entry
            yield "]"
        else:
            yield _canonical(trace[key])
    yield "{}" if opening == "{" else "}"


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
