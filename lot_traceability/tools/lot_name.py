"""Lot numbers as people type them: what is the same number, what only looks like it, and what a
label can carry.

>>> clean("  LOT\u20111 "), same_number("lot-1", "LOT\u20111"), look_alike("L0T-1", "LOT-I")
('LOT\u20111', True, True)
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from .gs1.checks import CHARACTER_SETS

GS1_LENGTH = 20

_HYPHENS = "\u00ad\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u207b\ufe58\ufe63\uff0d"
_TO_HYPHEN = str.maketrans(dict.fromkeys(_HYPHENS, "-"))
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"))
# Each character and the one that it is taken for, after capitals are made of all letters.
LOOK_ALIKES = ("OILSBZ", "011582")
_TO_LOOK = str.maketrans(*LOOK_ALIKES)
_PLAIN = re.compile(r"[ -~]*")


def clean(number: str) -> str:
    """Return the number without blanks and invisible characters around it.

    >>> clean(" A\u00a01\t\ufeff")
    'A\\xa01'
    """
    return number.strip(" \t\r\n\v\f\u00a0\u2007\u202f\u3000\u200b\u200c\u200d\u2060\ufeff")


def canonical(number: str) -> str:
    """Return the form that all ways to type one number share: capitals, one width of characters,
    one hyphen, one blank.

    >>> canonical("ｌｏｔ－１"), canonical(" lot – 1 ")
    ('LOT-1', 'LOT - 1')
    """
    number = unicodedata.normalize("NFKC", number.translate(_INVISIBLE).translate(_TO_HYPHEN))
    return " ".join(number.translate(_TO_HYPHEN).upper().split())


def key(number: str) -> str:
    """Return the form that all numbers share which the eye may take for one another.

    >>> key("l0t-5B"), key("LOT-S8")
    ('10T-58', '10T-58')
    """
    return canonical(number).translate(_TO_LOOK)


def is_plain(number: str) -> bool:
    """Tell whether the number is of ASCII characters alone, for which `key` is so simple that a
    database works it out alike."""
    return bool(_PLAIN.fullmatch(number))


def same_number(one: str, other: str) -> bool:
    """Tell whether two numbers differ only in case, width, blanks or kind of hyphen.

    >>> same_number("a1", "A1 "), same_number("A1", "AI")
    (True, False)
    """
    return canonical(one) == canonical(other)


def look_alike(one: str, other: str) -> bool:
    """Tell whether two numbers may be taken for one another by the eye."""
    return key(one) == key(other)


def repeated(numbers: Iterable[str]) -> list[str]:
    """Return the numbers that occur more than once, as first typed, in their order.

    >>> repeated(["A1", "A2", "a1 ", "A3", "A2"])
    ['A1', 'A2']
    """
    numbers = [clean(number) for number in numbers]
    counts = Counter(map(canonical, numbers))
    first: dict[str, str] = {}
    for number in numbers:
        first.setdefault(canonical(number), number)
    return [number for form, number in first.items() if counts[form] > 1]


def beyond_label(number: str) -> tuple[int, str]:
    """Return what a GS1 label cannot carry: by how many characters the number is too long, and
    the characters that are not in GS1's set 82.

    >>> beyond_label("LOT-1"), beyond_label("Crème/2025-01-15/00012")
    ((0, ''), (2, 'è'))
    """
    wrong = "".join(dict.fromkeys(sign for sign in number if not CHARACTER_SETS["X"](sign)))
    return max(0, len(number) - GS1_LENGTH), wrong
