"""X12 as such: delimiters, segments, and the envelopes around messages.

>>> delimiters = Delimiters()
>>> join([("BSN", "00", "ASN1", "", "")], delimiters)
'BSN*00*ASN1~'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .errors import AsnError, shown

LIMIT = 50_000_000
# The extended character set, without what is a delimiter in one message or another.
_ALLOWED = re.compile(r"[ -~]*")
_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The signs that end elements, components and segments, and the one for repeating."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str = "^"

    def __post_init__(self) -> None:
        signs = self.signs()
        usable = all(len(s) == 1 and s.isascii() and not s.isalnum() and s != " " for s in signs)
        if not usable or len(set(signs)) != 4:
            raise AsnError("delimiters", shown=shown("".join(signs)))

    def signs(self) -> tuple[str, str, str, str]:
        """Return the four of them."""
        return (self.element, self.component, self.segment, self.repetition)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment that was read: its number in the interchange from 1 on, tag and elements."""

    number: int
    tag: str
    elements: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it stands, for an error."""
        return f"segment {self.number} ({self.tag})"

    def get(self, index: int) -> str:
        """Return element ``index`` from 1 on, as in BSN02; nothing where it is not there."""
        return self.elements[index - 1].strip() if index <= len(self.elements) else ""

    def need(self, index: int) -> str:
        """Return an element that must be there; raises :class:`AsnError`."""
        value = self.get(index)
        if not value:
            raise AsnError("missing", place=self.place, field=f"{self.tag}{index:02d}")
        return value

    def pairs(self, start: int) -> Iterator[tuple[str, str]]:
        """Yield qualifiers and values that follow each other from element ``start`` on."""
        for index in range(start, len(self.elements), 2):
            if self.get(index) and self.get(index + 1):
                yield self.get(index), self.get(index + 1)


def plain(text: str, delimiters: Delimiters, limit: int) -> str:
    """Return free text fit for a message: no accents, no delimiters, not too long.

    >>> plain("Crème*fraîche", Delimiters(), 10)
    'Creme frai'
    """
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = "".join(" " if c in delimiters.signs() or not c.isprintable() else c for c in text)
    return " ".join(text.split())[:limit].strip()


def exact(field: str, text: str, delimiters: Delimiters, limit: int) -> str:
    """Return a code as it is; raises :class:`AsnError` where it cannot be sent unchanged."""
    if len(text) > limit:
        raise AsnError("too_long", field=field, shown=shown(text), limit=str(limit))
    if not _ALLOWED.fullmatch(text) or set(text) & set(delimiters.signs()) or text != text.strip():
        raise AsnError("characters", field=field, shown=shown(text))
    return text


def join(segments: Iterable[Sequence[str]], delimiters: Delimiters) -> str:
    """Return segments as text; empty elements at the end are left out."""
    texts = []
    for segment in segments:
        elements = list(segment)
        while len(elements) > 1 and not elements[-1]:
            elements.pop()
        texts.append(delimiters.element.join(elements) + delimiters.segment)
    return "".join(texts)


def delimiters_of(text: str) -> Delimiters:
    """Return the delimiters that an interchange declares by its ISA; raises AsnError."""
    if text[:3] != "ISA" or len(text) < 106:
        raise AsnError("not_x12")
    element, repetition, component, segment = text[3], text[82], text[104], text[105]
    widths = tuple(len(part) for part in text[4:105].split(element))
    if widths != _ISA_WIDTHS:
        raise AsnError("not_x12")
    # Up to version 4010 this element is the letter U: there is no repetition.
    if repetition.isalnum() or repetition in (element, component, segment):
        repetition = next(s for s in "^!|`" if s not in (element, component, segment))
    return Delimiters(element, component, segment, repetition)


def split(text: str, *, limit: int = LIMIT) -> Iterator[Segment]:
    """Yield the segments of an interchange; raises :class:`AsnError` with the segment."""
    if len(text) > limit:
        raise AsnError("too_large", limit=str(limit))
    text = text.lstrip("\ufeff \r\n\t")
    delimiters = delimiters_of(text)
    parts = text.split(delimiters.segment)
    if parts[-1].strip():
        number = len(parts)
        raise AsnError("ended", place=f"segment {number}", wanted="the end of its last segment")
    for number, part in enumerate(parts[:-1], start=1):
        # Line ends between segments are not part of them.
        tag, *elements = part.strip("\r\n").split(delimiters.element)
        if not _TAG.fullmatch(tag):
            what = f"{shown(tag)} is no name of a segment"
            raise AsnError("syntax", place=f"segment {number}", what=what)
        yield Segment(number, tag, tuple(elements))
