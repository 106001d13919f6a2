"""What was read: elements in their order, and by what they mean.

>>> label = from_pairs([("01", "09520123456788"), ("10", "LOT-A/1"), ("17", "261231")])
>>> label.gtin, label.lot, label.expiry
('09520123456788', 'LOT-A/1', datetime.date(2026, 12, 31))
>>> label.to_element_string()
'010952012345678810LOT-A/1\\x1d17261231'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .ai import IDENTIFIERS
from .element import Element, Typed, read
from .errors import GS1Error, shown

GS = "\x1d"
"""The separator (FNC1) as scanners transmit it."""


class Piece(NamedTuple):
    """An identifier and its value as cut out of a text, and the place where it begins there.

    Without an identifier, the value is what was not understood.
    """

    ai: str
    value: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a scan holds beside its known elements: ``text`` begins with an identifier that is not
    in the table (of a newer release, say), ``position`` is its place in the text."""

    text: str
    position: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ElementString:
    """Elements in the order in which they were read, each identifier once.

    Properties return ``None`` where the element is absent.  ``unknown`` holds what stands beside
    them under identifiers that are not in the table; only lenient reading lets it in.
    """

    elements: tuple[Element, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    def __iter__(self) -> Iterator[Element]:
        return iter(self.elements)

    def __len__(self) -> int:
        return len(self.elements)

    def __contains__(self, ai: str) -> bool:
        return any(element.ai == ai for element in self.elements)

    def get(self, *ais: str) -> Element | None:
        """Return the element of the first of ``ais`` that is present."""
        for ai in ais:
            for element in self.elements:
                if element.ai == ai:
                    return element
        return None

    def value(self, *ais: str) -> str | None:
        """Return the text of the first of ``ais`` that is present."""
        element = self.get(*ais)
        return element.value if element else None

    def typed(self, *ais: str) -> Typed | None:
        """Return the typed value of the first of ``ais`` that is present."""
        element = self.get(*ais)
        return element.typed if element else None

    @property
    def complete(self) -> bool:
        """Whether all of the text was understood."""
        return not self.unknown

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was forgiven in ``strict=False`` reading."""
        return tuple(warning for element in self.elements for warning in element.warnings)

    # -- identity --------------------------------------------------------------------------

    @property
    def gtin(self) -> str | None:
        """The 14 digits of the trade item: AI 01, 03, or the GTIN inside 8006."""
        value = self.value("01", "03", "8006")
        return value[:14] if value else None

    @property
    def content_gtin(self) -> str | None:
        """The 14 digits of the trade items inside a logistic unit: AI 02 or inside 8026."""
        value = self.value("02", "8026")
        return value[:14] if value else None

    @property
    def sscc(self) -> str | None:
        """The 18 digits of the logistic unit: AI 00."""
        return self.value("00")

    @property
    def gln(self) -> str | None:
        """The 13 digits of the physical location: AI 414."""
        return self.value("414")

    @property
    def gln_extension(self) -> str | None:
        """The place within the location: AI 254."""
        return self.value("254")

    @property
    def lot(self) -> str | None:
        """The batch or lot: AI 10."""
        return self.value("10")

    @property
    def serial(self) -> str | None:
        """The serial number: AI 21."""
        return self.value("21")

    @property
    def variant(self) -> str | None:
        """The two digits of the internal product variant: AI 20."""
        return self.value("20")

    @property
    def order_number(self) -> str | None:
        """The customer's purchase order: AI 400."""
        return self.value("400")

    # -- dates -----------------------------------------------------------------------------

    def _date(self, *ais: str) -> date | None:
        typed = self.typed(*ais)
        if isinstance(typed, datetime):
            return typed.date()
        return typed if isinstance(typed, date) else None

    @property
    def production_date(self) -> date | None:
        """AI 11, else the day of 8008."""
        return self._date("11", "8008")

    @property
    def packaging_date(self) -> date | None:
        """AI 13."""
        return self._date("13")

    @property
    def best_before(self) -> date | None:
        """AI 15."""
        return self._date("15")

    @property
    def sell_by(self) -> date | None:
        """AI 16."""
        return self._date("16")

    @property
    def expiry(self) -> date | None:
        """The use-by or expiry date: AI 17, else the day of 7003."""
        return self._date("17", "7003")

    @property
    def first_freeze_date(self) -> date | None:
        """AI 7006."""
        return self._date("7006")

    @property
    def harvest_dates(self) -> tuple[date, date] | None:
        """First and last day of harvest: AI 7007."""
        typed = self.typed("7007")
        return typed if isinstance(typed, tuple) else None

    # -- quantities ------------------------------------------------------------------------

    @property
    def count(self) -> int | None:
        """The number of items: AI 37 in a logistic unit, AI 30 in a variable count item."""
        typed = self.typed("37", "30")
        return typed if isinstance(typed, int) else None

    @property
    def net_weight(self) -> tuple[Decimal, str] | None:
        """Net weight and its unit (kg, lb, ozt): AI 310n, 320n or 356n."""
        for prefix in ("310", "320", "356"):
            for element in self.elements:
                if element.ai[:3] == prefix and isinstance(element.typed, Decimal):
                    return element.typed, element.unit
        return None

    # -- other forms -----------------------------------------------------------------------

    def to_element_string(self, *, symbology: str = "") -> str:
        """Return the data of a GS1 symbol: separators only after values of variable length.

        ``symbology`` (``]d2``...) is put in front as scanners do.  What is unknown comes last.
        """
        text = ""
        separator = ""
        for element in self.elements:
            text += separator + element.ai + element.value
            separator = "" if IDENTIFIERS[element.ai].predefined else GS
        return symbology + GS.join(filter(None, (text, *(one.text for one in self.unknown))))

    def to_hri(self, *, escape: bool = False) -> str:
        """Return the human readable interpretation, identifiers in brackets.

        With ``escape``, brackets inside values are written ``\\(``, so that :func:`parse` always
        reads the same elements again.
        """
        text = ""
        for element in self.elements:
            value = element.value.replace("(", "\\(") if escape else element.value
            text += f"({element.ai}){value}"
        return text

    def to_digital_link(self, domain: str = "https://id.gs1.org") -> str:
        """Return the uncompressed GS1 Digital Link; see :func:`.digital_link.build`."""
        from .digital_link import build  # that module needs this one

        return build(self, domain)


def from_pairs(
    pairs: Iterable[tuple[str, str]], *, today: date | None = None, strict: bool = True
) -> ElementString:
    """Return the elements of (identifier, value) pairs, checked; raises :class:`GS1Error`.

    An identifier may come twice only with the same value.

    >>> from_pairs([("01", "09520123456788"), ("10", "A")]).to_hri()
    '(01)09520123456788(10)A'
    """
    return collect((Piece(ai, value) for ai, value in pairs), today=today, strict=strict)


def collect(
    pieces: Iterable[Piece], *, today: date | None = None, strict: bool = True
) -> ElementString:
    """Return the elements of the pieces of a text; errors tell the place of their piece."""
    found: dict[str, Element] = {}
    unknown: list[Unknown] = []
    for ai, value, position in pieces:
        if not ai:
            unknown.append(Unknown(value, position))
            continue
        earlier = found.get(ai)
        if earlier is None:
            try:
                found[ai] = read(ai, value, today=today, strict=strict)
            except GS1Error as error:
                raise error.at(position) from None
        elif earlier.value != value:
            raise GS1Error(
                "repeated_ai",
                position=position,
                ai=ai,
                title=earlier.title,
                first=shown(earlier.value),
                second=shown(value),
            )
    if unknown and not found:
        raise GS1Error("unknown_ai", position=unknown[0].position, shown=shown(unknown[0].text))
    return ElementString(tuple(found.values()), tuple(unknown))
