"""GS1 Digital Link URIs, uncompressed (URI syntax 1.6); compressed ones are refused by name.

>>> link = parse("https://example.com/01/9520123456788/10/LOT%2F1?17=261231&lang=en")
>>> link.elements.to_hri()
'(01)09520123456788(10)LOT/1(17)261231'
>>> link.domain, link.parameters
('https://example.com', (('lang', 'en'),))
>>> build(link.elements, "id.example.org")
'https://id.example.org/01/09520123456788/10/LOT%2F1?17=261231'
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from .ai import IDENTIFIERS
from .checks import is_digits
from .element import Element
from .elements import ElementString, Piece, collect
from .errors import GS1Error, shown

_URI = re.compile(
    r"(https?|HTTPS?)://([^/?#]+)((?:/[^?#]*)?)(?:\?([^#]*))?(?:#.*)?", re.ASCII | re.DOTALL
)
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+").fullmatch
_HOST = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?").fullmatch
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_SHORT_GTINS = frozenset({8, 12, 13})

# Names instead of numbers were withdrawn from the standard, but are in print.
_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017",
    "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402",
    "grai": "8003", "giai": "8004", "gmn": "8013", "cpv": "22", "lot": "10", "ser": "21",
    "cpsn": "8011", "glnx": "254",
}  # fmt: skip

# A compressed link ends in base 64, whose first eight bits are the first two digits of a key or
# stand for a usual set of identifiers that begins with one.
_COMPRESSED = re.compile(r"/([A-Za-z0-9_\-]{10,})$")
_COMPRESSED_EPC = re.compile(r"eh[0-9A-Fa-f]{20,}|ex[A-Za-z0-9_\-]{14,}").fullmatch
_COMPRESSED_STARTS = frozenset(
    {code[:2] for code, ai in IDENTIFIERS.items() if ai.is_key}
    | {f"{tens}{unit}" for tens in "01" for unit in "ABCDEF"}
    | {"9A", "9B", "9C", "9D"}
)


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A GS1 Digital Link: where it points, its elements, its other query parameters."""

    domain: str
    elements: ElementString
    parameters: tuple[tuple[str, str], ...] = ()


def _decode(text: str, *, in_query: bool) -> str:
    if in_query:
        text = text.replace("+", " ")
    if text.count("%") != len(_PERCENT.findall(text)):
        raise GS1Error("link_percent", shown=shown(text))
    return _PERCENT.sub(lambda match: chr(int(match.group(1), 16)), text)


def _padded(code: str, value: str) -> str:
    """A GTIN may be written with 8, 12 or 13 digits in a link."""
    if code == "01" and len(value) in _SHORT_GTINS and is_digits(value):
        return value.zfill(14)
    return value


def _fits(key: str, codes: list[str]) -> tuple[str, ...] | None:
    """Return the alternative of qualifiers of ``key`` that holds ``codes`` in order, if any."""
    for alternative in IDENTIFIERS[key].qualifiers or ():
        rest = iter(alternative)
        if all(code in rest for code in codes):
            return alternative
    return () if not codes else None


def _is_compressed(path: str) -> bool:
    """Tell whether a path without a key ends like a compressed link.

    >>> _is_compressed("/AQnYUc1gmg"), _is_compressed("/shop/soft-cheese-200g")
    (True, False)
    """
    match = _COMPRESSED.search(path)
    if match is None:
        return False
    last = match.group(1)
    if _COMPRESSED_EPC(last):
        return True
    try:
        first = urlsafe_b64decode(last[:4])[0]
    except binascii.Error:
        return False
    return f"{first:02X}" in _COMPRESSED_STARTS


def _read_path(path: str, start: int, uri: str, strict: bool) -> tuple[list[Piece], set[str]]:
    """Return the key and qualifiers at the end of ``path``, which begins at ``start`` in ``uri``,
    and what the query must not hold."""
    segments = path.split("/")
    pieces: list[Piece] = []
    end = start + len(path)
    for index in range(len(segments) - 2, 0, -2):
        code, text = segments[index], segments[index + 1]
        if not strict:
            code = _NAMES.get(code, code)
        identifier = IDENTIFIERS.get(code)
        if identifier is None:
            break
        end -= len(segments[index]) + len(text) + 2
        pieces.insert(0, Piece(code, _padded(code, _decode(text, in_query=False)), end + 1))
        # No link has more than a key and three qualifiers.
        if len(pieces) > 4:
            break
        if identifier.is_key:
            codes = [piece.ai for piece in pieces[1:]]
            alternative = _fits(code, codes)
            if alternative is None:
                raise GS1Error("link_qualifiers", key=code, ais=", ".join(codes))
            if codes:
                return pieces, set(alternative)
            every = identifier.qualifiers or ()
            return pieces, {qualifier for group in every for qualifier in group}
    if _is_compressed(path):
        raise GS1Error("link_compressed", shown=shown(uri))
    raise GS1Error("link_no_key", shown=shown(uri))


def parse(uri: str, *, today: date | None = None, strict: bool = True) -> DigitalLink:
    """Read an uncompressed GS1 Digital Link; raises :class:`GS1Error`.

    The path before the key is free; GTINs may have 8, 12, 13 or 14 digits.  Query parameters
    that are no identifiers are kept apart.  ``today`` and ``strict`` as in
    :func:`.element_string.parse`; ``strict=False`` also reads qualifiers from the query, the short
    names of earlier releases (``/gtin/``), and keeps unassigned numbers of the query as unknown.
    """
    match = _URI.fullmatch(uri)
    if match is None or not _ALLOWED(uri) or not _HOST(match.group(2)):
        raise GS1Error("link_syntax", shown=shown(uri))
    scheme, host, path, _query = match.groups()
    pieces, forbidden = _read_path(path, match.start(3), uri, strict)
    key = pieces[0].ai
    seen = {piece.ai for piece in pieces}
    parameters = []
    for name, value, position in _parameters(match):
        if not is_digits(name):
            parameters.append((name, value))
            continue
        identifier = IDENTIFIERS.get(name)
        if identifier is None and not strict:
            parameters.append((name, value))
            pieces.append(Piece("", name + value, position))
            continue
        misplaced = identifier is None or not identifier.attribute or name in forbidden
        # The lot in the query is a common slip that leaves no doubt.
        if name in seen or (misplaced and strict):
            raise GS1Error("link_ai", position=position, ai=name, key=key)
        seen.add(name)
        pieces.append(Piece(name, _padded(name, value), position))
    elements = collect(pieces, today=today, strict=strict)
    return DigitalLink(f"{scheme.lower()}://{host.lower()}", elements, tuple(parameters))


def _parameters(match: re.Match[str]) -> Iterator[tuple[str, str, int]]:
    """Yield name, value and place of each parameter of the query that has a value."""
    position = match.start(4)
    for parameter in (match.group(4) or "").split("&"):
        name, equals, text = parameter.partition("=")
        if equals:
            yield name, _decode(text, in_query=True), position
        position += len(parameter) + 1


def _segment(element: Element) -> str:
    return f"/{element.ai}/{quote(element.value, safe='')}"


def build(elements: ElementString, domain: str = "https://id.gs1.org", *, key: str = "") -> str:
    """Return the GS1 Digital Link URI for ``elements``; raises :class:`GS1Error`.

    The first key among ``elements`` (or ``key``) and its qualifiers make the path, in GS1's
    order; all else becomes a query of identifiers, those of predefined length first.
    ``domain`` may carry a scheme (default https) and a path.
    """
    scheme, _separator, rest = domain.rpartition("://")
    base = f"{scheme or 'https'}://{rest}".rstrip("/")
    match = _URI.fullmatch(base)
    if match is None or not _ALLOWED(base) or not _HOST(match.group(2)) or match.group(4):
        raise GS1Error("link_domain", shown=shown(domain))
    for one in elements.unknown:
        raise GS1Error("unknown_ai", shown=shown(one.text))
    keys = [element for element in elements if IDENTIFIERS[element.ai].is_key]
    if key:
        keys = [element for element in keys if element.ai == key]
    if not keys:
        ais = ", ".join(f"({element.ai})" for element in elements) or "none"
        raise GS1Error("link_build", ais=ais)
    first = keys[0]
    alternatives = IDENTIFIERS[first.ai].qualifiers or ()
    possible = {code for alternative in alternatives for code in alternative}
    present = {element.ai for element in elements} & possible
    chosen = next((a for a in alternatives if present <= set(a)), () if not present else None)
    if chosen is None:
        raise GS1Error("link_qualifiers", key=first.ai, ais=", ".join(sorted(present)))
    path = _segment(first)
    for code in chosen:
        element = elements.get(code)
        if element is not None:
            path += _segment(element)
    rest_of = [e for e in elements if e is not first and e.ai not in present]
    for element in rest_of:
        if not IDENTIFIERS[element.ai].attribute:
            raise GS1Error("link_ai", ai=element.ai, key=first.ai)
    rest_of.sort(key=lambda element: not IDENTIFIERS[element.ai].predefined)
    query = "&".join(f"{e.ai}={quote(e.value, safe='')}" for e in rest_of)
    return base + path + (f"?{query}" if query else "")
