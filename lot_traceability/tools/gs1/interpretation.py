"""What is this text?  One answer for everything that is scanned, typed or pasted.

>>> interpret("]d20109520123456788" + "10LOT-A").elements.lot
'LOT-A'
>>> interpret("https://example.com/01/09520123456788/10/LOT-A").kind
'digital_link'
>>> interpret("9520123456788").elements.gtin
'09520123456788'
>>> interpret("LOT-A") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from . import digital_link, epc_tag
from .ai import IDENTIFIERS, code_at
from .checks import has_check_digit, is_digits, is_gtin
from .codec import LONGEST, RETAIL, read_retail
from .doubled import is_doubled
from .element_string import GS1_SYMBOLOGIES, clean, parse, trim
from .elements import GS, ElementString, from_pairs
from .epc import Epc, parse_urn
from .errors import GS1Error

Kind = Literal["element_string", "digital_link", "epc_urn", "epc_tag", "gtin", "sscc", "text"]

_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{20,128}").fullmatch
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)")
_NOTHING = ElementString()


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a text means.

    ``certain`` is false when the text could as well be a plain name (bare digits of a GTIN, say):
    look for names too.  ``error`` is a sentence when the text is marked as GS1 data but broken;
    ``elements`` is then empty.  ``text`` is the text without margins and symbology identifier;
    kind ``text`` means a barcode that says of itself that it is not GS1 data, or (with an error) a
    code that was scanned twice.  ``epc`` and
    ``link`` hold what those forms tell beside the elements.
    """

    kind: Kind
    text: str
    elements: ElementString = _NOTHING
    certain: bool = True
    error: str = ""
    epc: Epc | None = None
    link: digital_link.DigitalLink | None = None

    @property
    def complete(self) -> bool:
        """Whether all of the text was understood."""
        return not self.error and self.elements.complete and (not self.epc or self.epc.complete)


def interpret(text: str, *, today: date | None = None) -> Interpretation | None:
    """Say what ``text`` is: GS1 element string (as scanned or in brackets), GS1 Digital Link,
    EPC URN or tag, GTIN, SSCC; ``None`` when it is plain text.

    Never raises for any text, and takes time in proportion to its length.  ``today`` decides the
    century of dates (default: the system's date).
    """
    if len(text) > LONGEST:
        return None
    data = trim(text)
    if is_doubled(data):
        return Interpretation("text", data, certain=False, error=str(GS1Error("scanned_twice")))
    symbology = data[:3]
    if not _SYMBOLOGY.match(symbology):
        return _interpret_data(data, today)
    rest = data[3:]
    if symbology in GS1_SYMBOLOGIES:
        return _element_string(data, rest, today)
    if symbology in RETAIL:
        return _retail(data, today)
    if not rest:
        return None
    # The scanner says that this is no GS1 symbol; links and the like are read all the same.
    return _interpret_data(rest, today) or Interpretation("text", rest)


def _marked(kind: Kind, text: str, read: Callable[[], Interpretation]) -> Interpretation:
    """Return what ``read`` gives, or its error when the text is marked as GS1 data."""
    try:
        return read()
    except GS1Error as error:
        return Interpretation(kind, text, error=str(error))


def _element_string(data: str, text: str, today: date | None) -> Interpretation:
    def read() -> Interpretation:
        elements = parse(data, today=today, strict=False)
        return Interpretation("element_string", text, elements)

    return _marked("element_string", text, read)


def _retail(data: str, today: date | None) -> Interpretation:
    def read() -> Interpretation:
        return Interpretation("gtin", data[3:], read_retail(data, today=today, strict=False))

    return _marked("gtin", data[3:], read)


def _interpret_data(data: str, today: date | None) -> Interpretation | None:
    if not data:
        return None
    start = data[:8].lower()
    if start.startswith(("http://", "https://")):
        return _link(data, today)
    if start == "urn:epc:":
        return _marked("epc_urn", data, lambda: _urn(data))
    bracketed = _BRACKETED.match(data)
    if GS in data or (bracketed and bracketed.group(1) in IDENTIFIERS):
        return _element_string(data, data, today)
    if is_digits(data):
        plain = _number(data)
        if plain:
            return plain
    return _unmarked(data, today) or _tag(data)


def _link(data: str, today: date | None) -> Interpretation | None:
    try:
        link = digital_link.parse(data, today=today, strict=False)
    except GS1Error as error:
        # Most addresses are no GS1 Digital Links at all.
        if error.code in ("link_syntax", "link_no_key", "link_percent"):
            return None
        return Interpretation("digital_link", data, error=str(error))
    return Interpretation("digital_link", data, link.elements, link=link)


def _urn(data: str) -> Interpretation:
    epc = parse_urn(data)
    return Interpretation("epc_urn", data, epc.elements, epc=epc)


def _number(data: str) -> Interpretation | None:
    if is_gtin(data):
        elements = from_pairs([("01", data.zfill(14))])
        return Interpretation("gtin", data, elements, certain=False)
    if len(data) == 18 and has_check_digit(data):
        return Interpretation("sscc", data, from_pairs([("00", data)]), certain=False)
    return None


def _unmarked(data: str, today: date | None) -> Interpretation | None:
    """Believe an element string without marks if a key with check digit comes first.

    A separator that a keyboard wedge spelt out ("Alt029") marks it nearly as well.
    """
    code = code_at(data, 0)
    if code is None:
        return None
    if not IDENTIFIERS[code].has_check_digit and GS not in clean(data):
        return None
    try:
        elements = parse(data, today=today, strict=False)
    except GS1Error:
        return None
    return Interpretation("element_string", data, elements, certain=False)


def _tag(data: str) -> Interpretation | None:
    if not _HEXADECIMAL(data) or not epc_tag.is_known_header(data):
        return None
    try:
        epc = epc_tag.decode(data)
    except GS1Error:
        return None
    return Interpretation("epc_tag", data, epc.elements, certain=False, epc=epc)
