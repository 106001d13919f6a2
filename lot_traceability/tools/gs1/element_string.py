"""GS1 element strings: what a GS1 barcode carries, and the text printed below it.

>>> label = parse("]d20109520123456788" + "10LOT-A/1" + GS + "17261231")
>>> label.gtin, label.lot, label.expiry
('09520123456788', 'LOT-A/1', datetime.date(2026, 12, 31))
>>> label.to_hri()
'(01)09520123456788(10)LOT-A/1(17)261231'
>>> label.to_element_string()
'010952012345678810LOT-A/1\\x1d17261231'
>>> parse("(01)09520123456788(10)LOT(1)").lot
'LOT(1)'

Nothing in the data tells that a separator was lost on the way (``10LOT121SER1`` is the good lot
``LOT121SER1``): show the fields before acting on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .ai import IDENTIFIERS, code_at, could_be_code
from .element import Element, Typed, read
from .errors import GS1Error, shown

GS = "\x1d"
"""The separator (FNC1) as scanners transmit it."""

# Symbology identifiers of symbols that carry GS1 element strings: GS1-128, GS1 DataMatrix,
# GS1 QR Code, GS1 DataBar and composites, GS1 DotCode.
GS1_SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0", "]J1")

# Keyboard wedges type the separator as Alt+029 or Ctrl+]; U+241D is its visible picture.
_SEPARATORS = re.compile("Alt0?029|Control\\]|\u241d")
# str.strip() would take the separator as white space.
_MARGIN = " \t\r\n\v\f\0\u00a0"
# Invisible marks that come along when text is copied from documents of mixed direction.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_BRACKETS = re.compile(r"\\[()\\]|\(([0-9]{2,4})\)")
_ESCAPED = re.compile(r"\\([()\\])")


def trim(text: str) -> str:
    """Return ``text`` without margins and invisible marks.

    >>> trim(" \u200e10A\\r\\n")
    '10A'
    """
    text = text.strip(_MARGIN)
    return text if text.isascii() else _INVISIBLE.sub("", text).strip(_MARGIN)


def clean(text: str) -> str:
    """Return ``text`` trimmed, with every known separator as :data:`GS`.

    >>> clean("10AAlt02921B")
    '10A\\x1d21B'
    """
    text = trim(text)
    # A scanner sends one kind of separator: beside a real one, and where brackets do its work,
    # "Alt029" is part of a lot.
    if GS in text or text[:1] == "(":
        return text
    return _SEPARATORS.sub(GS, text)


@dataclass(frozen=True, slots=True)
class ElementString:
    """Elements in the order in which they were read, each identifier once.

    Properties return ``None`` where the element is absent.
    """

    elements: tuple[Element, ...] = ()

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

        ``symbology`` (``]d2``...) is put in front as scanners do.
        """
        text = symbology
        last = len(self.elements) - 1
        for index, element in enumerate(self.elements):
            text += element.ai + element.value
            if index != last and not IDENTIFIERS[element.ai].predefined:
                text += GS
        return text

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
    found: dict[str, Element] = {}
    for ai, value in pairs:
        earlier = found.get(ai)
        if earlier is None:
            found[ai] = read(ai, value, today=today, strict=strict)
        elif earlier.value != value:
            raise GS1Error(
                "repeated_ai",
                ai=ai,
                title=earlier.title,
                first=shown(earlier.value),
                second=shown(value),
            )
    return ElementString(tuple(found.values()))


def _pairs_of_data(data: str) -> Iterator[tuple[str, str]]:
    position, size = 0, len(data)
    while position < size:
        if data[position] == GS:
            # Superfluous separators are harmless.
            position += 1
            continue
        code = code_at(data, position)
        if code is None:
            raise GS1Error("unknown_ai", shown=shown(data[position:]))
        position += len(code)
        end = data.find(GS, position)
        if end < 0:
            end = size
        identifier = IDENTIFIERS[code]
        if identifier.predefined:
            end = min(end, position + identifier.fixed_length)
        yield code, data[position:end]
        position = end


def _pairs_of_brackets(text: str) -> list[tuple[str, str]]:
    """Cut bracketed text at every bracket that holds an assigned identifier.

    Other brackets belong to values, unless their number has the shape of an identifier.
    """
    marks: list[tuple[str, int, int]] = []
    for match in _BRACKETS.finditer(text):
        code = match.group(1)
        if code is None:
            continue
        if code in IDENTIFIERS:
            marks.append((code, match.start(), match.end()))
        elif marks and could_be_code(code):
            raise GS1Error("brackets", shown=shown(text))
    if not marks or marks[0][1] != 0:
        raise GS1Error("unknown_ai", shown=shown(text))
    ends = [start for _code, start, _end in marks[1:]] + [len(text)]
    return [
        (code, _ESCAPED.sub(r"\1", text[end:stop].strip(_MARGIN)))
        for (code, _start, end), stop in zip(marks, ends, strict=False)
    ]


def _read_brackets(text: str, today: date | None, strict: bool) -> ElementString:
    pairs = _pairs_of_brackets(text)
    try:
        return from_pairs(pairs, today=today, strict=strict)
    except GS1Error as error:
        # "(10)LOT(11)A": the bracket after a text value may belong to that value.
        ambiguous = error.code in ("missing_value", "length", "digits", "date", "repeated_ai")
        wrong = next((i for i, pair in enumerate(pairs) if pair[0] == error.values["ai"]), 0)
        if error.code == "repeated_ai":
            wrong = len(pairs) - 1
        if ambiguous and wrong and _may_hold_brackets(pairs[wrong - 1][0]):
            raise GS1Error("brackets", shown=shown(text)) from None
        raise


def _may_hold_brackets(code: str) -> bool:
    last = IDENTIFIERS[code].components[-1]
    return last.character_set == "X" and last.maximum > 2


def parse(text: str, *, today: date | None = None, strict: bool = True) -> ElementString:
    """Read an element string as scanned, or as printed in brackets.

    Accepted in front: a symbology identifier (``]C1 ]d2 ]Q3 ]e0 ]J1``), then separators.
    Accepted as separator: 0x1D and what keyboard wedges make of it (``Alt029``, ``Alt0029``,
    ``Control]``).  In bracketed text, brackets around anything but an identifier belong to the
    value; where that cannot be told, the text is refused rather than cut short.

    ``today`` decides the century of dates (default: the system's date).  ``strict=False``
    forgives rules without weight for identity; see :attr:`ElementString.warnings`.
    Raises :class:`GS1Error` with one sentence that says what is wrong and what to do.

    >>> parse("(10)LOT(89)X")
    Traceback (most recent call last):
        ...
    tools.gs1.errors.GS1Error: The brackets in '(10)LOT(89)X' can be read in more than one way: \
scan the code, or write \\( for a bracket that belongs to a value.
    """
    if not isinstance(text, str):
        raise GS1Error("not_text", kind=type(text).__name__)
    data = clean(text)
    if data.startswith(GS1_SYMBOLOGIES):
        data = data[3:]
    data = data.lstrip(GS)
    if not data:
        raise GS1Error("empty")
    if data[0] == "(":
        return _read_brackets(data.rstrip(GS), today, strict)
    return from_pairs(_pairs_of_data(data), today=today, strict=strict)
