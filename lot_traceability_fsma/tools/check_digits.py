"""The check digit of GS1 numbers, for the rooms that read what others send."""

from __future__ import annotations


def check_digit(digits: str) -> str:
    """Return the GS1 modulo-10 check digit for ``digits``.

    >>> check_digit("0401234512345"), check_digit("09520123456789123")
    ('6', '5')
    """
    odd = sum(map(int, digits[-1::-2]))
    even = sum(map(int, digits[-2::-2]))
    return str(-(3 * odd + even) % 10)
