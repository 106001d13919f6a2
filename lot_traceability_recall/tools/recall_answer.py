"""What a consignee answers of one lot, read and checked: figures alone, no Odoo.

>>> read_amount("2.5"), read_amount(" "), read_amount("1,5")
(2.5, 0.0, 1.5)
>>> findings(LotAnswer(received=6, found=4, quarantined=3, destroyed=2))
['disposed']
>>> findings(LotAnswer(received=6, found=4, sold_on=3))
['larger']
>>> findings(LotAnswer(received=6, found=4, sent_back=4, consumed=2))
[]
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

AMOUNTS = ("found", "quarantined", "sent_back", "destroyed", "sold_on", "consumed")
# Of what was found: where nothing was found, there is none of these.
IN_STOCK = ("found", "quarantined", "sent_back", "destroyed")
_LARGEST = 1e12
_DIGITS = 6
# "1,234" may be a thousand or one and a bit: nobody knows, so it is asked.
_EITHER = re.compile(r"\d{1,3}([.,]\d{3})*,\d{3}")
_NUMBER = re.compile(r"\d{1,15}([.,]\d{1,9})?")


@dataclass(frozen=True)
class LotAnswer:
    """Figures of one lot, all in the product's unit.

    `found` is what was there when the goods were looked for; what was set aside, sent back and
    destroyed is part of it. What was sold or eaten before comes on top.
    """

    received: float
    found: float = 0.0
    quarantined: float = 0.0
    sent_back: float = 0.0
    destroyed: float = 0.0
    sold_on: float = 0.0
    consumed: float = 0.0

    @property
    def disposed(self) -> float:
        """What has become of the goods that were found."""
        return self.quarantined + self.sent_back + self.destroyed

    @property
    def accounted(self) -> float:
        """Of how much the consignee knows where it is."""
        return self.found + self.sold_on + self.consumed


def findings(answer: LotAnswer) -> list[str]:
    """What does not fit: "disposed" when more was dealt with than found, "larger" when more is
    accounted for than was received."""
    found = []
    if _more(answer.disposed, answer.found):
        found.append("disposed")
    if _more(answer.accounted, answer.received):
        found.append("larger")
    return found


def _more(first: float, second: float) -> bool:
    return round(first - second, _DIGITS) > 0


def read_amount(text: str | float | int | None) -> float:
    """A quantity as somebody typed it, nothing for an empty text.

    >>> read_amount(3)
    3.0
    >>> read_amount("-1")
    Traceback (most recent call last):
    ValueError: -1
    >>> read_amount("1,234")
    Traceback (most recent call last):
    ValueError: 1,234
    >>> read_amount(float("nan"))
    Traceback (most recent call last):
    ValueError: nan

    :raise ValueError: for what is no quantity
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        if not 0 <= text <= _LARGEST:
            raise ValueError(str(text)[:40])
        amount = float(text)
    else:
        text = (text or "").strip() if isinstance(text, str) or not text else str(text)
        if not text:
            return 0.0
        if _EITHER.fullmatch(text) or not _NUMBER.fullmatch(text):
            raise ValueError(text)
        amount = float(text.replace(",", "."))
        if amount > _LARGEST:
            raise ValueError(text)
    return amount


def digest(content: dict[str, Any]) -> str:
    """The SHA-256 of an answer: the same figures and words give the same, in any order.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
