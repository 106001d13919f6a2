"""Any form to elements, and elements to the two forms that are printed.

>>> parse("]C1010952012345678810LOT-A").lot, parse("https://a.b/01/09520123456788/10/LOT-A").lot
('LOT-A', 'LOT-A')
>>> parse("urn:epc:id:sgtin:9506000.013435.5").serial, parse("3066C4409047E140075BCD15").serial
('5', '123456789')
>>> build({"01": "09520123456788", "10": "LOT-A", "17": "261231"})
'010952012345678810LOT-A\\x1d17261231'
>>> to_digital_link({"01": "09520123456788", "10": "LOT-A"}, "id.example.com")
'https://id.example.com/01/09520123456788/10/LOT-A'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from . import digital_link, element_string, epc_tag
from .doubled import is_doubled
from .elements import GS, ElementString, from_pairs
from .epc import parse_urn
from .errors import GS1Error, shown

Elements = ElementString | Mapping[str, str] | Iterable[tuple[str, str]]

# No symbol holds more; QR code has the most, 7,089 digits.
LONGEST = 8192

# EAN-13 (UPC is sent as 13 digits) and EAN-8, and how many digits they have.
RETAIL = {"]E0": 13, "]E4": 8}

_COMPOSITE = "|]e0"
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_TAG = re.compile(r"[0-9A-Fa-f]{20,128}").fullmatch


def parse(text: str, *, today: date | None = None, strict: bool = True) -> ElementString:
    """Read any form of GS1 data, recognised by its looks: an element string as scanned (with or
    without symbology identifier, with separators or what a keyboard wedge made of them) or as
    printed in brackets, a GS1 Digital Link, an EPC URN or the hexadecimal content of a tag; also
    an EAN or UPC whose symbology identifier (``]E0``) says so.

    ``today`` decides the century of dates (default: the system's date).  ``strict=False`` reads
    other people's labels as far as it can: see :func:`.element_string.parse`.  Raises
    :class:`GS1Error`, and takes time in proportion to the length.
    """
    if not isinstance(text, str):
        raise GS1Error("not_text", kind=type(text).__name__)
    if len(text) > LONGEST:
        raise GS1Error("too_long", shown=str(len(text)))
    data = element_string.trim(text)
    if is_doubled(data):
        raise GS1Error("scanned_twice")
    if data.startswith(tuple(RETAIL)):
        return read_retail(data, today=today, strict=strict)
    # What a scanner says of the symbol (QR code, say) tells nothing of a link or a URN in it.
    bare = data[3:] if _SYMBOLOGY.match(data) else data
    start = bare[:8].lower()
    if start.startswith(("http://", "https://")):
        return digital_link.parse(bare, today=today, strict=strict).elements
    if start == "urn:epc:":
        return parse_urn(bare).elements
    is_tag = _TAG(bare) and epc_tag.is_known_header(bare)
    try:
        return element_string.parse(text, today=today, strict=strict)
    except GS1Error:
        if not is_tag:
            raise
    return epc_tag.decode(bare).elements


def read_retail(text: str, *, today: date | None = None, strict: bool = True) -> ElementString:
    """Read an EAN or UPC symbol with its symbology identifier, perhaps with a composite component.

    >>> read_retail("]E402345673|]e010A").to_hri()
    '(01)00000002345673(10)A'
    """
    digits, composite, more = text[3:].partition(_COMPOSITE)
    size = RETAIL[text[:3]]
    if len(digits) != size:
        raise GS1Error(
            "length", ai="01", title="GTIN", expected=f"{size} digits", shown=str(len(digits))
        )
    pairs = [("01", digits.zfill(14))]
    if composite:
        elements = element_string.parse(more, today=today, strict=strict)
        pairs += [(element.ai, element.value) for element in elements]
    return from_pairs(pairs, today=today, strict=strict)


def _checked(elements: Elements) -> ElementString:
    if isinstance(elements, ElementString):
        for one in elements.unknown:
            raise GS1Error("unknown_ai", shown=shown(one.text))
        return elements
    return from_pairs(elements.items() if isinstance(elements, Mapping) else elements)


def build(elements: Elements) -> str:
    """Return the element string for elements, {identifier: value} or pairs of these, in their
    order: what goes into a GS1 symbol behind its first FNC1.  Raises :class:`GS1Error`.

    >>> build({"10": "SALT<GS>1"})
    '10SALT<GS>1\\x1d'
    """
    text = _checked(elements).to_element_string()
    # A value that looks like a spelt separator is safe beside a real one.
    return text if element_string.clean(text) == text else text + GS


def to_digital_link(elements: Elements, domain: str) -> str:
    """Return the GS1 Digital Link at ``domain`` for the same; raises :class:`GS1Error`."""
    return digital_link.build(_checked(elements), domain)
