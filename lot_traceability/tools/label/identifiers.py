"""Values of application identifiers as they are encoded.

>>> measure_pair("310", 12.5)
('3103', '012500')
>>> measure_pair("310", 4321.5)
('3102', '432150')
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .errors import LabelError
from .errors import mark as _

_DIGITS = 6
_MOST_DECIMALS = 3
_SEPARATORS = re.compile(r"[\s,;()]+")


def date_text(day: date | None) -> str:
    """Six digits, or nothing.

    >>> date_text(date(2026, 12, 31)), date_text(None)
    ('261231', '')
    """
    return day.strftime("%y%m%d") if day else ""


def measure_pair(prefix: str, value: float) -> tuple[str, str]:
    """Identifier and value of a measure, with as many decimals as six digits allow.

    :raise LabelError: the value is too large
    """
    number = Decimal(repr(value))
    for decimals in range(_MOST_DECIMALS, -1, -1):
        scaled = number.scaleb(decimals).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        if scaled < 10**_DIGITS:
            return f"{prefix}{decimals}", f"{scaled:06}"
    raise LabelError(
        _("%(value)s is too much for AI (%(prefix)sn): six digits are all that it has."),
        value=f"{value:g}",
        prefix=prefix,
    )


def read_list(text: str) -> tuple[str, ...]:
    """The identifiers in a text, however they are written down.

    >>> read_list("(01)(17) (10), 310n")
    ('01', '17', '10', '310')
    """
    parts = (part for part in _SEPARATORS.split(text) if part)
    return tuple(dict.fromkeys(part.removesuffix("n") for part in parts))
