"""What a letter of a recall may and may not say, and the digest by which it is known.

>>> promotional_words("New product at 20% discount, special offer!")
['discount', 'new product', 'special offer']
>>> promotional_words("Stop the sale of these lots. We offer no excuse.")
[]
>>> content_digest(["a", ["b", 1.0]]) == content_digest(["a", ["b", 1.0]])
True
>>> content_digest(["ab"]) == content_digest(["a", "b"])
False
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

#: 21 CFR 7.49(c)(2): no qualification, promotional material or anything that detracts.
_PROMOTIONAL = (
    "best seller",
    "bestseller",
    "bonus",
    "coupon",
    "discount",
    "exclusive deal",
    "free gift",
    "loyal customer",
    "new and improved",
    "new product",
    "our quality",
    "special offer",
    "special price",
    "voucher",
    "world class",
)
_FOUND = re.compile(r"\b(" + "|".join(map(re.escape, _PROMOTIONAL)) + r")s?\b", re.IGNORECASE)

VERSION = "v1"


def promotional_words(text: str) -> list[str]:
    """Words in a text that sell rather than warn, each once, sorted."""
    return sorted({found.lower() for found in _FOUND.findall(text or "")})


def content_digest(parts: Iterable[Any]) -> str:
    """A digest of JSON values: the version, "$" and 64 hexadecimal digits (SHA-256)."""
    text = json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{VERSION}${hashlib.sha256(text.encode()).hexdigest()}"
