"""Application identifiers: what each of the 541 codes is called and what its value looks like.

>>> lookup("10").title
'BATCH/LOT'
>>> lookup("3103").decimals, lookup("3103").unit
(3, 'kg')
>>> code_at("17261231", 0)
'17'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .ai_table import ROWS, Row

_COMPONENT = re.compile(r"([NXYZ])(\.\.)?([0-9]+)((?: \w+)*)")

# How a value is turned into a Python object; see :func:`.element.read`.
TEXT, DATE, TIME, DATE_RANGE = "text", "date", "time", "date_range"
NUMBER, DECIMAL, CURRENCY, TEMPERATURE = "number", "decimal", "currency", "temperature"

_COUNTS = frozenset({"30", "37", "8111"})
_DATE_RULES = frozenset({"date", "date_or_month", "long_date"})


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a value: ``minimum`` to ``maximum`` characters of ``character_set``."""

    character_set: str
    minimum: int
    maximum: int
    optional: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One application identifier.

    ``needs`` and ``excludes`` hold patterns in which ``n`` stands for any digit; one of the
    groups in ``needs`` must be present in full.  ``qualifiers`` is ``None`` unless the
    identifier is a GS1 Digital Link key; else the alternatives of identifiers, in order, that
    may follow it in the path.  ``fixed_length`` is 0 when the value has no single length.
    """

    code: str
    title: str
    components: tuple[Component, ...]
    kind: str
    fixed_length: int
    predefined: bool
    attribute: bool
    needs: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None
    decimals: int
    unit: str

    @property
    def is_key(self) -> bool:
        """Whether it is a primary key of a GS1 Digital Link."""
        return self.qualifiers is not None

    @property
    def has_check_digit(self) -> bool:
        """Whether its value carries a check digit that protects it."""
        return any("check_digit" in component.rules for component in self.components)

    @property
    def expected(self) -> str:
        """The length of its value in words, for messages.

        >>> lookup("10").expected, lookup("7007").expected, lookup("01").expected
        ('1 to 20 characters', '6 or 12 digits', '14 digits')
        """
        what = "digits" if all(c.character_set == "N" for c in self.components) else "characters"
        if self.fixed_length:
            return f"{self.fixed_length} {what}"
        lengths = [sum(c.maximum for c in self.components if not c.optional)]
        for component in self.components:
            if component.optional:
                lengths.append(lengths[-1] + component.maximum)
        last = self.components[-1]
        if last.minimum != last.maximum:
            shortest = sum(c.minimum for c in self.components if not c.optional)
            return f"{shortest} to {lengths[-1]} {what}"
        return " or ".join(map(str, lengths)) + f" {what}"


def _components(form: str) -> tuple[Component, ...]:
    components = []
    for text in form.split(" + "):
        match = _COMPONENT.fullmatch(text.strip("[]"))
        if match is None:
            raise ValueError(f"form {form!r}")
        charset, variable, length, rules = match.groups()
        size = int(length)
        components.append(
            Component(charset, 1 if variable else size, size, text[0] == "[", tuple(rules.split()))
        )
    return tuple(components)


def _kind(code: str, components: tuple[Component, ...], unit: str) -> str:
    first = components[0].rules
    if _DATE_RULES.intersection(first):
        if len(components) == 1:
            return DATE
        return DATE_RANGE if "date" in components[1].rules else TIME
    if "currency" in first:
        return CURRENCY
    if unit or code[:3] in ("390", "392", "394", "395"):
        return DECIMAL
    if "minus_sign" in components[-1].rules:
        return TEMPERATURE
    return NUMBER if code in _COUNTS else TEXT


def _codes(codes: str) -> Iterator[str]:
    first, _, last = codes.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield str(number).zfill(len(first))


def _expand(row: Row) -> Iterator[ApplicationIdentifier]:
    components = _components(row.form)
    is_fixed = all(not c.optional and c.minimum == c.maximum for c in components)
    needs = tuple(tuple(group.split("+")) for group in row.needs.split())
    excludes = tuple(row.excludes.split())
    qualifiers = None
    if row.qualifiers is not None:
        qualifiers = tuple(tuple(group.split()) for group in row.qualifiers.split("|"))
    for code in _codes(row.codes):
        digit = int(code[-1])
        kind = _kind(code, components, row.unit)
        yield ApplicationIdentifier(
            code=code,
            title=row.title.format(digit=digit, ordinal=digit + 1),
            components=components,
            kind=kind,
            fixed_length=sum(c.maximum for c in components) if is_fixed else 0,
            predefined=row.predefined,
            attribute=row.attribute,
            needs=needs,
            excludes=excludes,
            qualifiers=qualifiers,
            decimals=digit if kind in (DECIMAL, CURRENCY) else 0,
            unit=_TEMPERATURE_UNITS.get(code, row.unit),
        )


_TEMPERATURE_UNITS = {"4330": "°F", "4331": "°C", "4332": "°F", "4333": "°C"}

IDENTIFIERS: dict[str, ApplicationIdentifier] = {
    identifier.code: identifier for row in ROWS for identifier in _expand(row)
}

# The first two digits of a code tell how long it is.
_CODE_LENGTHS: dict[str, int] = {code[:2]: len(code) for code in IDENTIFIERS}


def lookup(code: str) -> ApplicationIdentifier | None:
    """Return the identifier with this code, or ``None`` when GS1 has not assigned it.

    >>> lookup("89") is None
    True
    """
    return IDENTIFIERS.get(code)


def code_at(text: str, position: int) -> str | None:
    """Return the code that starts at ``position`` of ``text``, or ``None``."""
    length = _CODE_LENGTHS.get(text[position : position + 2])
    if length is None:
        return None
    code = text[position : position + length]
    return code if code in IDENTIFIERS else None


def could_be_code(code: str) -> bool:
    """Tell whether ``code``, digits only, has the length of codes that begin like it.

    An unassigned code of that shape may be a new or misread one; any other number is none.

    >>> could_be_code("10"), could_be_code("89"), could_be_code("2024")
    (True, True, False)
    """
    return _CODE_LENGTHS.get(code[:2], len(code)) == len(code)
