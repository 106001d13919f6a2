"""Check characters that a lot number may end with.

>>> mod10("20250115-001"), mod37("20250115-001")
('1', '9')
"""

from __future__ import annotations

_VALUES = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*")
}
_CHARACTERS = "".join(_VALUES)


def _bare(text: str) -> str:
    """The text without the blanks and signs that only make it easier to read."""
    return "".join(sign for sign in text if sign not in " -./_").upper()


def mod10(text: str) -> str:
    """Return the GS1 modulo-10 check digit (GS1 General Specifications, section 7.9).

    :raises ValueError: when something else than digits is in the text

    >>> mod10("0952012345678")
    '8'
    >>> mod10("A1")
    Traceback (most recent call last):
    ...
    ValueError: A
    """
    digits = _bare(text)
    for sign in digits:
        if sign not in "0123456789":
            raise ValueError(sign)
    odd = sum(map(int, digits[-1::-2]))
    even = sum(map(int, digits[-2::-2]))
    return str(-(3 * odd + even) % 10)


def mod37(text: str) -> str:
    """Return the ISO 7064 mod 37-2 check character: a digit, a letter or `*`.

    :raises ValueError: when something else than digits and unaccented letters is in the text

    The example is the one of ISBT 128, which uses it for blood donations.

    >>> mod37("G123498654321")
    'H'
    >>> mod37("g1234-986-54321")
    'H'
    """
    total = 0
    for sign in _bare(text):
        if sign not in _VALUES or sign == "*":
            raise ValueError(sign)
        total = (total + _VALUES[sign]) * 2 % 37
    return _CHARACTERS[(1 - total) % 37]
