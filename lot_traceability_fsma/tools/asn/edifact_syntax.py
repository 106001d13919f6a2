"""EDIFACT as such: segments of an interchange, read and written with pydifact's tokenizer.

>>> text = join([("LIN", "1", "", ("04012345123456", "EN")), ("FTX", "AAA", ("it's",))])
>>> text
"LIN+1++04012345123456:EN'FTX+AAA+it?'s'"
>>> [segment.get(3, 2) for segment in split("UNA:+.? '" + text)]
['EN', '']
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydifact.control import Characters
from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.segments import Segment as PlainSegment
from pydifact.serializer import Serializer
from pydifact.tokenizer import Tokenizer

from .errors import AsnError, shown

LIMIT = 50_000_000
_DEFAULT = "UNA:+.? '"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment that was read: its number in the interchange from 1 on, tag and elements."""

    number: int
    tag: str
    elements: tuple[tuple[str, ...], ...]

    @property
    def place(self) -> str:
        """Where it stands, for an error."""
        return f"segment {self.number} ({self.tag})"

    def get(self, element: int, component: int = 1) -> str:
        """Return a component of an element, both from 1 on; nothing where it is not there."""
        if element > len(self.elements) or component > len(self.elements[element - 1]):
            return ""
        return self.elements[element - 1][component - 1].strip()

    def all(self, element: int, start: int = 1) -> tuple[str, ...]:
        """Return the components of an element from ``start`` on that hold something."""
        found = self.elements[element - 1][start - 1 :] if element <= len(self.elements) else ()
        return tuple(part.strip() for part in found if part.strip())

    def need(self, element: int, component: int = 1) -> str:
        """Return a component that must be there; raises :class:`AsnError`."""
        value = self.get(element, component)
        if not value:
            name = f"element {element}, component {component} of {self.tag}"
            raise AsnError("missing", place=self.place, field=name)
        return value


def join(segments: Iterable[Sequence[Any]], *, una: bool = False) -> str:
    """Return segments as text; what is a delimiter in a value is released by a question mark."""
    plain = [
        PlainSegment(
            tag, *(list(part) if isinstance(part, (list, tuple)) else part for part in elements)
        )
        for tag, *elements in (_without_end(segment) for segment in segments)
    ]
    return Serializer(Characters(decimal_point=".")).serialize(plain, with_una_header=una)


def _without_end(segment: Sequence[Any]) -> list[Any]:
    """A segment without the empty elements at its end."""
    elements = list(segment)
    while len(elements) > 1 and not (
        any(elements[-1]) if isinstance(elements[-1], (list, tuple)) else elements[-1]
    ):
        elements.pop()
    return elements


def split(text: str, *, limit: int = LIMIT) -> Iterator[Segment]:
    """Yield the segments of an interchange; raises :class:`AsnError` with the segment."""
    if len(text) > limit:
        raise AsnError("too_large", limit=str(limit))
    text = text.lstrip("\ufeff \r\n\t")
    if text[:3] not in ("UNA", "UNB") or len(text) < len(_DEFAULT):
        raise AsnError("not_edifact")
    head, body = (text[:9], text[9:]) if text[:3] == "UNA" else (_DEFAULT, text)
    characters = _characters(head)
    number = 0
    # Only its tokens are used: the parser as a whole looks for further service advices in values.
    tokens = Tokenizer().get_tokens(body.lstrip("\r\n "), characters)
    raw = Parser().convert_tokens_to_raw_segments(tokens)
    while True:
        try:
            tag, *elements = next(raw)
        except StopIteration:
            return
        except EDISyntaxError:
            place = f"segment {number + 1}"
            raise AsnError("ended", place=place, wanted="the end of its last segment") from None
        number += 1
        if not isinstance(tag, str) or len(tag) != 3 or not tag.isalnum() or not tag.isupper():
            what = f"{shown(tag)} is no name of a segment"
            raise AsnError("syntax", place=f"segment {number}", what=what)
        parts = ((part,) if isinstance(part, str) else tuple(part) for part in elements)
        yield Segment(number, tag, tuple(parts))


def _characters(head: str) -> Characters:
    """Return the delimiters that a service advice declares."""
    component, element, _point, release, _reserved, segment = head[3:9]
    signs = (component, element, release, segment)
    # A space for the release sign means that there is none.
    if len(set(signs)) != 4 or any(sign.isalnum() for sign in signs):
        raise AsnError("delimiters", shown=shown(head[3:9]))
    return Characters.from_str(head)


def plain(text: str, limit: int) -> str:
    """Return free text fit for character set UNOC (Latin-1), not too long.

    >>> plain("Crème  fraîche – bio", 14)
    'Crème fraîche'
    """
    text = "".join(c if c.isprintable() else " " for c in text)
    kept = "".join(
        c if ord(c) < 256 else unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
        for c in text
    )
    return " ".join(kept.split())[:limit].strip()


def pieces(text: str, size: int, most: int) -> list[str]:
    """Return text cut in up to ``most`` components of ``size`` characters.

    >>> pieces("Sunny Valley Farms and Packing House of Western Texas", 35, 2)
    ['Sunny Valley Farms and Packing', 'House of Western Texas']
    """
    words, lines = text.split(), [""]
    for word in words:
        while word:
            space = " " if lines[-1] else ""
            if len(lines[-1]) + len(space) + len(word) <= size:
                lines[-1] += space + word
                break
            if lines[-1]:
                lines.append("")
            elif len(word) > size:
                lines[-1], word = word[:size], word[size:]
                lines.append("")
    return [line for line in lines if line][:most]


def exact(field: str, text: str, limit: int) -> str:
    """Return a code as it is; raises :class:`AsnError` where it cannot be sent unchanged."""
    if len(text) > limit:
        raise AsnError("too_long", field=field, shown=shown(text), limit=str(limit))
    if not text.isprintable() or any(ord(c) > 255 for c in text) or text != text.strip():
        raise AsnError("characters", field=field, shown=shown(text))
    return text
