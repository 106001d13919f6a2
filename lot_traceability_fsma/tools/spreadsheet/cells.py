"""Cells as people fill them in: days, quantities and documents in the ways that are met.

What can be read in one way only is read; how it was told apart is said in a note. What cannot is a
`CellError` with what to do about it.

>>> {day(told) for told in (46000, "251209", "12/09/2025", "2025-12-09", "20251209")}
{(datetime.date(2025, 12, 9), '')}
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

FIRST_DAY = date(1899, 12, 30)
# Of days that records of food tell; as a serial number and as six digits.
_SERIALS = (36526, 73051)  # 2000 to 2100
# In the words that are met: (as they are kept).
DOCUMENT_WORDS = {
    "bol": "bol",
    "billoflading": "bol",
    "po": "po",
    "purchaseorder": "po",
    "asn": "asn",
    "advanceshipnotice": "asn",
    "invoice": "invoice",
    "inv": "invoice",
    "workorder": "work_order",
    "wo": "work_order",
    "databaserecord": "record",
    "record": "record",
    "batchlog": "batch_log",
    "productionlog": "production_log",
    "fieldtag": "field_tag",
    "catchcertificate": "catch_certificate",
    "receipt": "receipt",
    "other": "other",
}


class CellError(ValueError):
    """What is wrong with a cell, and what to do."""


def words(text: str) -> str:
    """What is left of a title or a word when spelling does not matter.

    >>> words("(4) Ship-To Location*"), words("Unit of Measure (UOM)")
    ('shiptolocation', 'unitofmeasureuom')
    """
    text = re.sub(r"^\s*(\([a-z]?\d*\)\s*)+", "", text.lower())
    return re.sub(r"[^a-z0-9]", "", text.replace("&", "and"))


def text(value: Any) -> str:
    """
    >>> text(12.0), text(None), text("  A  ")
    ('12', '', 'A')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def day(value: Any) -> tuple[date | None, str]:
    """A day, and a note where it was told in a way that had to be guessed at.

    Serial numbers of spreadsheets, YYMMDD and YYYYMMDD of labels, ISO, and month/day/year; day
    first where there is no such month.

    :raises CellError: for what is no day

    >>> day("25/12/2025")
    (datetime.date(2025, 12, 25), 'Read with the day first: 2025-12-25.')
    """
    if value is None or value == "":
        return None, ""
    if isinstance(value, datetime):
        return value.date(), ""
    if isinstance(value, date):
        return value, ""
    told = text(value)
    try:
        found, note = _read_day(told)
    except ValueError:
        found, note = None, ""
    if found is None or not 2000 <= found.year < 2100:
        raise CellError(f"“{told}” is no day. Write it as 2025-12-09.")
    return found, note and note % found


def _read_day(told: str) -> tuple[date | None, str]:
    """The day that a text tells, and the note.

    :raises ValueError: for one that does not exist
    """
    if re.fullmatch(r"\d{5}(\.\d+)?", told) and _SERIALS[0] <= float(told) <= _SERIALS[1]:
        return FIRST_DAY + timedelta(days=int(float(told))), ""
    if re.fullmatch(r"\d{6}", told):
        return date(2000 + int(told[:2]), int(told[2:4]), int(told[4:])), ""
    if re.fullmatch(r"\d{8}", told):
        return date(int(told[:4]), int(told[4:6]), int(told[6:])), ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", told):
        return date.fromisoformat(told[:10]), ""
    parts = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", told)
    if not parts:
        return None, ""
    month, number_of_day, year = map(int, parts.groups())
    note = ""
    if month > 12 >= number_of_day:
        month, number_of_day = number_of_day, month
        note = "Read with the day first: %s."
    return date(year + 2000 if year < 100 else year, month, number_of_day), note


def number(value: Any) -> float | None:
    """
    :raises CellError: for what is no number

    >>> number("1,200.5"), number(""), number(4)
    (1200.5, None, 4.0)
    """
    if value is None or value == "":
        return None
    try:
        return float(value if isinstance(value, int | float) else text(value).replace(",", ""))
    except ValueError:
        raise CellError(f"“{text(value)}” is no number. Write the quantity alone.") from None


def is_number(value: Any) -> bool:
    try:
        return number(value) is not None
    except CellError:
        return False


def quantity(amount: Any, unit: Any) -> tuple[float | None, str, str]:
    """(amount, unit, note) of two cells, or of one in which both stand.

    >>> quantity("40 cases", None)
    (40.0, 'cases', '')
    >>> quantity("kg", 12)
    (12.0, 'kg', 'Quantity and unit were the wrong way round.')
    """
    note = ""
    if not is_number(amount) and is_number(unit) and text(amount):
        amount, unit, note = unit, amount, "Quantity and unit were the wrong way round."
    elif not text(unit) and (parts := re.fullmatch(r"([\d.,]+)\s*([^\d\s].*)", text(amount))):
        amount, unit = parts.groups()
    return number(amount), text(unit), note


def document(kind: Any, told: Any) -> tuple[str, str, str]:
    """(type, number, note) of a reference document from two cells, or from one in which both
    stand.

    >>> document("Bill of Lading", "B-1"), document("B-1", "BOL")[2]
    (('bol', 'B-1', ''), 'Type and number of the document were the wrong way round.')
    >>> document("PO 4711", "")
    ('po', '4711', '')
    """
    first, second = text(kind), text(told)
    if known := DOCUMENT_WORDS.get(words(first)):
        return known, second, ""
    if first and (known := DOCUMENT_WORDS.get(words(second))):
        return known, first, "Type and number of the document were the wrong way round."
    if not second and (parts := re.fullmatch(r"(.*?)[\s:#]+(\S*\d\S*)", first)):
        known = DOCUMENT_WORDS.get(words(parts[1]))
        if known:
            return known, parts[2], ""
    if not first:
        return "", second, ""
    return ("other", second, "") if second else ("", first, "")
