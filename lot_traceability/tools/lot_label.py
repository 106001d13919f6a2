"""What the label on a lot says about it: the facts in a GS1 element string.

>>> from .gs1 import parse
>>> label = parse("(01)09520123456788(10)A17(11)260301(17)260401(422)276", today=date(2026, 3, 2))
>>> for name, value in facts(label).items():
...     print(name, value)
lot_name A17
production_date 2026-03-01
expiration_date 2026-04-01
origin_country DE
"""

from __future__ import annotations

from datetime import date, datetime

from .gs1 import ElementString, interpret
from .gs1.countries import letters

Fact = str | date | datetime

# The first of the identifiers that is present counts.
_DATES = {
    "production_date": ("11",),
    "packing_date": ("13",),
    # Moments: a lot that is best before a day, and says no more, is not to be sold after it.
    "expiration_date": ("7003", "17", "15", "16"),
    "use_date": ("15", "16"),
}
# Grown and made in one country (426), else the country of origin.
_COUNTRIES = ("422", "426")
# A shorter text is never taken for a label, whatever its digits say by chance.
_KINDS = frozenset({"element_string", "digital_link", "epc_urn"})


def read(text: str, *, today: date | None = None) -> tuple[ElementString | None, str]:
    """The element string in a text that was scanned or typed where a lot number belongs.

    :return: the elements, or ``None`` when the text is an ordinary lot number; and a sentence
        when the text is marked as a GS1 code but cannot be read

    >>> read("A17")
    (None, '')
    >>> label, sentence = read("]C111261399" + "10A17")
    >>> label is None, sentence.split()[0], sentence[-1]
    (True, 'AI', '.')
    >>> read("]C110A17" * 2)[1].partition(",")[0]
    'This code was scanned twice'
    """
    meaning = interpret(text, today=today)
    if meaning and meaning.kind == "text" and meaning.error:
        return None, meaning.error
    if meaning is None or meaning.kind not in _KINDS:
        return None, ""
    if meaning.error:
        return None, meaning.error
    if not (meaning.elements.lot or meaning.elements.serial or meaning.certain):
        return None, ""
    return meaning.elements, ""


def facts(label: ElementString, serial: bool = False) -> dict[str, Fact]:
    """What a label tells of its lot.

    :param serial: the product has serial numbers, so AI 21 is what names it
    :return: of ``lot_name``, ``production_date``, ``packing_date``, ``freezing_date``,
        ``harvest_date``, ``harvest_end_date`` (days), ``expiration_date`` (a day, or a moment
        from AI 7003), ``use_date`` (a day), ``origin_country`` (two letters) and
        ``origin_place`` those that it tells. The ways to write a date range:

    >>> from .gs1 import parse
    >>> found = facts(parse("(01)09520123456788(10)A(7007)260301260303", today=date(2026, 3, 9)))
    >>> found["harvest_date"], found["harvest_end_date"]
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 3))
    """
    found: dict[str, Fact] = {}
    name = label.serial if serial else label.lot
    if name:
        found["lot_name"] = name
    for field, identifiers in _DATES.items():
        value = label.typed(*identifiers)
        if isinstance(value, date):
            found[field] = value
    frozen = label.typed("7006")
    if isinstance(frozen, date):
        found["freezing_date"] = frozen
    harvest = label.typed("7007")
    if isinstance(harvest, tuple):
        found["harvest_date"] = harvest[0]
        if harvest[1] != harvest[0]:
            found["harvest_end_date"] = harvest[1]
    country = letters(label.value(*_COUNTRIES) or "")
    if country:
        found["origin_country"] = country
    place = label.value("427")
    if place:
        found["origin_place"] = place
    return found
