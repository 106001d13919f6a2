"""One element: an application identifier with its value, checked and typed.

>>> element = read("3103", "001250")
>>> element.title, element.typed, element.unit
('NET WEIGHT (kg)', Decimal('1.250'), 'kg')
>>> read("17", "260200", today=date(2026, 1, 1)).typed
datetime.date(2026, 2, 28)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from . import checks
from .ai import (
    CURRENCY,
    DATE,
    DATE_RANGE,
    DECIMAL,
    IDENTIFIERS,
    NUMBER,
    TEMPERATURE,
    TEXT,
    TIME,
    ApplicationIdentifier,
    Component,
)
from .errors import GS1Error, shown

# date_range values are a pair; a single harvest date is a pair of equal dates.
Typed = str | int | Decimal | date | datetime | tuple[date, date]

_DATE_AND_TIME_RULES = frozenset({"date", "date_or_month", "long_date", "time", "hour"})
_WHAT = {
    "check_pair": "number (its check characters are wrong)",
    "company_prefix": "GS1 key (it begins with a company prefix)",
    "coupon": "coupon of this kind",
    "country": "ISO 3166 country number",
    "country_or_many": "ISO 3166 country number",
    "country_letters": "ISO 3166 country code",
    "currency": "ISO 4217 currency number",
    "iban": "IBAN",
    "offer_coupon": "coupon of this kind",
    "piece_of_total": "piece of a total",
}


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier and its value.

    ``value`` is the text as encoded.  ``typed`` is the same as a :class:`~datetime.date` (AIs 11
    to 17 and the like), :class:`~datetime.datetime` (7003, 8008...), pair of dates (7007),
    :class:`int` (counts), :class:`~decimal.Decimal` (measures, amounts, temperatures) or text.
    ``unit`` is the unit of a measure (kg, m, l, °C...) or the ISO 4217 number of a currency.
    ``warnings`` are sentences about rules that a reader may forgive.
    """

    ai: str
    title: str
    value: str
    typed: Typed
    unit: str = ""
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"({self.ai}){self.value}"


def _character_error(
    identifier: ApplicationIdentifier, component: Component, part: str
) -> GS1Error:
    where = {"ai": identifier.code, "title": identifier.title, "shown": shown(part)}
    if component.character_set == "N":
        return GS1Error("digits", **where)
    accepts = checks.CHARACTER_SETS[component.character_set]
    wrong = next((c for c in part if not accepts(c)), part[-1:])
    return GS1Error("characters", character=shown(wrong), **where)


def _check_part(
    identifier: ApplicationIdentifier, component: Component, part: str, strict: bool
) -> list[str]:
    """Raise on the first rule that ``part`` breaks; return sentences for those forgiven."""
    if not checks.CHARACTER_SETS[component.character_set](part):
        raise _character_error(identifier, component, part)
    forgiven = []
    for rule in component.rules:
        if rule == "check_digit":
            expected = checks.check_digit(part[:-1])
            if expected != part[-1]:
                raise GS1Error(
                    "check_digit",
                    ai=identifier.code,
                    title=identifier.title,
                    shown=part,
                    expected=expected,
                )
            continue
        check = checks.CHECKS.get(rule)
        if check is None or check(part):
            continue
        error = GS1Error(
            "content",
            ai=identifier.code,
            title=identifier.title,
            shown=shown(part),
            what=_WHAT.get(rule, rule.replace("_", " ")),
        )
        if strict or rule not in checks.FORGIVABLE:
            raise error
        forgiven.append(str(error))
    return forgiven


def _parts(identifier: ApplicationIdentifier, value: str) -> list[str]:
    """Cut ``value`` into its components; an absent optional component ends the list."""
    components = identifier.components
    parts: list[str] = []
    position, size = 0, len(value)
    for component in components:
        if position == size and component.optional:
            return parts
        end = position + component.maximum
        part = value[position:end]
        if len(part) < component.minimum:
            break
        parts.append(part)
        position = min(end, size)
    if len(parts) < len(components) or position < size:
        raise GS1Error(
            "length",
            ai=identifier.code,
            title=identifier.title,
            expected=identifier.expected,
            shown=f"{size}",
        )
    return parts


def _moment(parts: list[str], first: str, today: date | None) -> datetime:
    if first == "long_date":
        day = date(int(parts[0][:4]), int(parts[0][4:6]), int(parts[0][6:]))
    else:
        day = checks.date_of(parts[0], today=today, day_may_be_zero=first == "date_or_month")
    # General Specifications: a delivery time that does not matter is written 9999.
    digits = "".join(parts[1:]).replace("9999", "0000").ljust(6, "0")
    return datetime(
        day.year, day.month, day.day, int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    )


def _typed(
    identifier: ApplicationIdentifier, value: str, parts: list[str], today: date | None
) -> tuple[Typed, str]:
    """Return the typed value and its unit; :class:`ValueError` when a date is none."""
    kind, unit = identifier.kind, identifier.unit
    if kind in (DATE, TIME):
        first = next(r for r in identifier.components[0].rules if r in _DATE_AND_TIME_RULES)
        if kind == DATE and first != "long_date":
            zero = first == "date_or_month"
            return checks.date_of(value, today=today, day_may_be_zero=zero), ""
        moment = _moment(parts, first, today)
        return (moment.date(), "") if kind == DATE else (moment, "")
    if kind == DATE_RANGE:
        start, end = (
            checks.date_of(part, today=today, day_may_be_zero=False)
            for part in (parts[0], parts[-1])
        )
        return (start, end), ""
    if kind == NUMBER:
        return int(value), unit
    if kind == DECIMAL:
        return Decimal(value).scaleb(-identifier.decimals), unit
    if kind == CURRENCY:
        return Decimal(parts[1]).scaleb(-identifier.decimals), parts[0]
    if kind == TEMPERATURE:
        degrees = Decimal(parts[0]).scaleb(-2)
        return -degrees if len(parts) > 1 else degrees, unit
    return value, unit


def read(code: str, value: str, *, today: date | None = None, strict: bool = True) -> Element:
    """Check ``value`` for application identifier ``code`` and return the element.

    ``today`` decides the century of dates (default: the system's date).  With ``strict=False``,
    rules without weight for identity (an unknown country number, say) become ``warnings``.
    Raises :class:`GS1Error`.

    >>> read("01", "09520123456789")
    Traceback (most recent call last):
        ...
    tools.gs1.errors.GS1Error: The check digit of 09520123456789 in AI (01) GTIN should be 8: \
scan or type the number again.
    """
    identifier = IDENTIFIERS.get(code)
    if identifier is None:
        raise GS1Error("unknown_ai", shown=shown(code))
    if not value:
        raise GS1Error("missing_value", ai=code, title=identifier.title)
    parts = _parts(identifier, value)
    warnings: list[str] = []
    for component, part in zip(identifier.components, parts, strict=False):
        warnings += _check_part(identifier, component, part, strict)
    if identifier.kind == TEXT:
        return Element(code, identifier.title, value, value, identifier.unit, tuple(warnings))
    try:
        typed, unit = _typed(identifier, value, parts, today)
    except ValueError:
        raise GS1Error("date", ai=code, title=identifier.title, shown=shown(value)) from None
    return Element(code, identifier.title, value, typed, unit, tuple(warnings))
