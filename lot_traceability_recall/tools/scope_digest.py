"""The digest of a frozen scope: what was decided cannot be changed afterwards without showing.

>>> digest({"recall": "RC1"}, [{"lot": 2}, {"lot": 1}])[:9]
'v1$677689'
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

VERSION = "v1"


def digest(head: dict[str, Any], lots: Iterable[dict[str, Any]]) -> str:
    """SHA-256 over the head and the lots, each on a line of its own as JSON with sorted keys; the
    lots in the order of their "lot". The version of this form stands before it.

    :param head: what the scope is about, who froze it and when
    :param lots: {"lot": id, …} each
    :return: "v1$" and 64 hexadecimal digits
    """
    seen = hashlib.sha256(VERSION.encode())
    for row in (head, *sorted(lots, key=lambda row: row["lot"])):
        text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        seen.update(b"\n" + text.encode())
    return f"{VERSION}${seen.hexdigest()}"
