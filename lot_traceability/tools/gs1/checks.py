"""Check digits, character sets and the other rules for the content of one value.

GS1 General Specifications, sections 7.9 (check digit and check pair), 7.11 (character sets) and
7.12 (century of a date).

>>> check_digit("0952012345678")
'8'
>>> date_of("280200", today=date(2026, 1, 1))
datetime.date(2028, 2, 29)
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from .code_lists import COUNTRIES, COUNTRY_LETTERS, CURRENCIES
from .coupons import is_coupon, is_offer_coupon

# N digits, X CSET 82, Y CSET 39, Z CSET 64 (file-safe, URI-safe base 64)
CHARACTER_SETS: dict[str, Callable[[str], object]] = {
    "N": re.compile(r"[0-9]+").fullmatch,
    "X": re.compile(r"[!\"%-?A-Z_a-z]+").fullmatch,
    "Y": re.compile(r"[#\-/0-9A-Z]+").fullmatch,
    "Z": re.compile(r"[\-0-9A-Z_a-z]+={0,2}").fullmatch,
}

_CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_LEADING_PREFIX = re.compile(r"[0-9]{4}").match
_PERCENT = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*").fullmatch
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def is_digits(text: str) -> bool:
    """Tell whether ``text`` is one or more of 0 to 9 (``str.isdigit`` also takes other scripts).

    >>> is_digits("0123"), is_digits("٠١"), is_digits("²"), is_digits("")
    (True, False, False, False)
    """
    return text.isascii() and text.isdigit()


def check_digit(digits: str) -> str:
    """Return the GS1 modulo-10 check digit for ``digits`` (without their check digit).

    >>> check_digit("09520123456789123")
    '5'
    """
    odd = sum(map(int, digits[-1::-2]))
    even = sum(map(int, digits[-2::-2]))
    return str(-(3 * odd + even) % 10)


def has_check_digit(number: str) -> bool:
    """Tell whether the last digit of ``number`` is its right GS1 check digit.

    >>> has_check_digit("09520123456788"), has_check_digit("09520123456789")
    (True, False)
    >>> has_check_digit("LOT-1")
    False
    """
    return len(number) > 1 and is_digits(number) and check_digit(number[:-1]) == number[-1]


def is_gtin(text: str) -> bool:
    """Tell whether ``text`` is a GTIN-8, -12, -13 or -14 with the right check digit.

    >>> is_gtin("9520123456788"), is_gtin("02345673"), is_gtin("123")
    (True, True, False)
    """
    return len(text) in _GTIN_LENGTHS and has_check_digit(text)


def check_pair(text: str) -> str:
    """Return the two check characters for ``text`` (at most 23 characters of CSET 82).

    >>> check_pair("1987654Ad4X4bL5ttr2310c")
    '2K'
    """
    total = (
        sum(_CSET_82.index(c) * prime for c, prime in zip(reversed(text), _PRIMES, strict=False))
        % 1021
    )
    return _CSET_32[total >> 5] + _CSET_32[total & 31]


def century_year(two_digits: int, today: date) -> int:
    """Return the year with the last ``two_digits`` that is nearest to ``today``.

    General Specifications 7.12: 51 or more years ahead means the last century, 50 or more years
    back the next one.

    >>> [century_year(y, date(2026, 1, 1)) for y in (26, 76, 77, 99)]
    [2026, 2076, 1977, 1999]
    >>> century_year(10, date(2070, 1, 1))
    2110
    """
    difference = two_digits - today.year % 100
    century = today.year // 100
    if difference >= 51:
        century -= 1
    elif difference <= -50:
        century += 1
    return century * 100 + two_digits


def date_of(yymmdd: str, *, today: date | None = None, day_may_be_zero: bool = True) -> date:
    """Return the date of six digits; day 00 means the last day of the month.

    Raises :class:`ValueError` when there is no such day.

    >>> date_of("260231", today=date(2026, 1, 1))
    Traceback (most recent call last):
        ...
    ValueError: day is out of range for month
    """
    if len(yymmdd) != 6 or not is_digits(yymmdd):
        raise ValueError("a date has six digits")
    year = century_year(int(yymmdd[:2]), today or date.today())
    month, day = int(yymmdd[2:4]), int(yymmdd[4:])
    if day == 0 and day_may_be_zero and 1 <= month <= 12:
        day = monthrange(year, month)[1]
    return date(year, month, day)


def _check_pair_is_right(value: str) -> bool:
    return 2 < len(value) <= 25 and check_pair(value[:-2]) == value[-2:]


def _is_iban(value: str) -> bool:
    if not 11 <= len(value) <= 34 or value[:2] not in COUNTRY_LETTERS:
        return False
    if not (value.isascii() and value.isalnum() and value.upper() == value):
        return False
    return int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1


def _is_piece_of_total(value: str) -> bool:
    return 0 < int(value[:2]) <= int(value[2:])


def _is_position_in_sequence(value: str) -> bool:
    return bool(re.fullmatch(r"[1-9]/[1-9]", value)) and value[0] <= value[2]


# The rule names that the table of application identifiers uses.  Dates and check digits are not
# here: reading a date gives a value, a wrong check digit its own message.
CHECKS: dict[str, Callable[[str], bool]] = {
    "check_pair": _check_pair_is_right,
    "company_prefix": lambda value: bool(_LEADING_PREFIX(value)),
    "coupon": is_coupon,
    "country": COUNTRIES.__contains__,
    "country_or_many": lambda value: value == "999" or value in COUNTRIES,
    "country_letters": COUNTRY_LETTERS.__contains__,
    "currency": CURRENCIES.__contains__,
    "has_letter": lambda value: not is_digits(value),
    "iban": _is_iban,
    "importer_index": lambda value: value.isascii() and (value.isalnum() or value in "-_"),
    "latitude": lambda value: int(value) <= 1_800_000_000,
    "longitude": lambda value: int(value) <= 3_600_000_000,
    "media_type": lambda value: 1 <= int(value) <= 10 or 80 <= int(value) <= 99,
    "minus_sign": lambda value: value == "-",
    "offer_coupon": is_offer_coupon,
    "no_leading_zero": lambda value: value == "0" or value[0] != "0",
    "non_zero": lambda value: int(value) != 0,
    "percent_encoded": lambda value: bool(_PERCENT(value)),
    "piece_of_total": _is_piece_of_total,
    "position_in_sequence": _is_position_in_sequence,
    "sex": lambda value: value in "0129",
    "winding": lambda value: value in "019",
    "yes_no": lambda value: value in "01",
    "zero": lambda value: value == "0",
}

# What a reader may forgive on somebody else's label, because no identity depends on it and the
# lists behind some of them grow: reported as a warning, not as an error, unless asked otherwise.
FORGIVABLE: frozenset[str] = frozenset(
    """
    company_prefix country country_or_many country_letters coupon currency iban importer_index
    latitude longitude media_type offer_coupon percent_encoded position_in_sequence sex winding
    yes_no
    """.split()
)
