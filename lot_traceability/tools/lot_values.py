"""Values that people read off an instrument and type in, and the limits that they must keep.

>>> number("4,2"), number(" -18 "), number("abc")
(Decimal('4.2'), Decimal('-18'), None)
>>> outside(Decimal("9"), 2, 8), outside(Decimal("8"), 2, 8), outside(Decimal("9"), 2, None)
(True, False, False)
"""

from __future__ import annotations

import re
from decimal import Decimal

# What no instrument of a plant shows.
LARGEST = 10**12

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)").fullmatch
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})


def number(text: str) -> Decimal | None:
    """A number written with a point or a comma; ``None`` when it is none that can be meant.

    >>> number("1e5"), number("nan"), number("1.234,5"), number("9" * 13)
    (None, None, None, None)
    >>> number("−1,5")
    Decimal('-1.5')
    """
    plain = text.strip().replace("−", "-").replace("\u00a0", "")
    if not _NUMBER(plain):
        return None
    value = Decimal(plain.replace(",", "."))
    return value if abs(value) < LARGEST else None


def yes_or_no(text: str, yes: str = "yes", no: str = "no") -> bool | None:
    """Whether a text says yes, in English or in the words given; ``None`` when it says neither.

    >>> yes_or_no("Yes"), yes_or_no("0"), yes_or_no("ja", "Ja", "Nein"), yes_or_no("perhaps")
    (True, False, True, None)
    """
    word = text.strip().lower()
    if word in _YES | {yes.lower()}:
        return True
    if word in _NO | {no.lower()}:
        return False
    return None


def shown(value: Decimal | float, decimals: int) -> str:
    """A number as it is kept and shown: never fewer decimals than were measured.

    >>> shown(Decimal("4.2"), 1), shown(Decimal("4.25"), 1), shown(7.0, 2), shown(-0.0, 1)
    ('4.2', '4.25', '7.00', '0.0')
    """
    exact = Decimal(str(value)).normalize()
    exponent = exact.as_tuple().exponent
    places = max(decimals, -exponent if isinstance(exponent, int) else 0)
    return f"{exact + 0:.{places}f}"


def outside(value: Decimal | float, lowest: float | None, highest: float | None) -> bool:
    """Whether a value breaks its limits; a limit itself is still within."""
    exact = Decimal(str(value))
    return (lowest is not None and exact < Decimal(str(lowest))) or (
        highest is not None and exact > Decimal(str(highest))
    )


def limits_shown(lowest: float | None, highest: float | None, decimals: int, unit: str = "") -> str:
    """Limits in words of signs.

    >>> limits_shown(2, 8, 1, "°C"), limits_shown(72, None, 0, "°C"), limits_shown(None, 4.6, 1)
    ('2.0–8.0 °C', '≥ 72 °C', '≤ 4.6')
    >>> limits_shown(-22, -18, 0, "°C")
    '-22 to -18 °C'
    """
    if lowest is None and highest is None:
        return ""
    if lowest is None:
        text = f"≤ {shown(highest, decimals)}"
    elif highest is None:
        text = f"≥ {shown(lowest, decimals)}"
    else:
        join = " to " if min(lowest, highest) < 0 else "–"
        text = f"{shown(lowest, decimals)}{join}{shown(highest, decimals)}"
    return f"{text} {unit}".strip()
