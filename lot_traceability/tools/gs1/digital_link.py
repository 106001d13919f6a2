"""GS1 Digital Link URIs, uncompressed (URI syntax 1.6).

>>> link = parse("https://example.com/01/9520123456788/10/LOT%2F1?17=261231&lang=en")
>>> link.elements.to_hri()
'(01)09520123456788(10)LOT/1(17)261231'
>>> link.domain, link.parameters
('https://example.com', (('lang', 'en'),))
>>> build(link.elements, "id.example.org")
'https://id.example.org/01/09520123456788/10/LOT%2F1?17=261231'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from .ai import IDENTIFIERS
from .checks import is_digits
from .element import Element
from .element_string import ElementString, from_pairs
from .errors import GS1Error, shown

_URI = re.compile(
    r"(https?|HTTPS?)://([^/?#]+)((?:/[^?#]*)?)(?:\?([^#]*))?(?:#.*)?", re.ASCII | re.DOTALL
)
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+").fullmatch
_HOST = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?").fullmatch
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_SHORT_GTINS = frozenset({8, 12, 13})

Pairs = list[tuple[str, str]]


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


def _read_path(path: str, uri: str) -> tuple[Pairs, set[str]]:
    """Return the key and qualifiers at the end of ``path``, and what the query must not hold."""
    segments = path.split("/")
    pairs: Pairs = []
    for index in range(len(segments) - 2, 0, -2):
        code = segments[index]
        identifier = IDENTIFIERS.get(code)
        if identifier is None:
            break
        pairs.insert(0, (code, _padded(code, _decode(segments[index + 1], in_query=False))))
        # No link has more than a key and three qualifiers.
        if len(pairs) > 4:
            break
        if identifier.is_key:
            codes = [pair[0] for pair in pairs[1:]]
            alternative = _fits(code, codes)
            if alternative is None:
                raise GS1Error("link_qualifiers", key=code, ais=", ".join(codes))
            if codes:
                return pairs, set(alternative)
            every = identifier.qualifiers or ()
            return pairs, {qualifier for group in every for qualifier in group}
    raise GS1Error("link_no_key", shown=shown(uri))


def parse(uri: str, *, today: date | None = None, strict: bool = True) -> DigitalLink:
    """Read an uncompressed GS1 Digital Link; raises :class:`GS1Error`.

    The path before the key is free; GTINs may have 8, 12, 13 or 14 digits.  Query parameters
    that are no identifiers are kept apart.  ``today`` and ``strict`` as in
    :func:`.element_string.parse`; ``strict=False`` also reads qualifiers from the query and
    leaves unassigned numbers there alone.
    """
    match = _URI.fullmatch(uri)
    if match is None or not _ALLOWED(uri) or not _HOST(match.group(2)):
        raise GS1Error("link_syntax", shown=shown(uri))
    scheme, host, path, query = match.groups()
    pairs, forbidden = _read_path(path, uri)
    key = pairs[0][0]
    seen = {code for code, _value in pairs}
    parameters = []
    for parameter in (query or "").split("&"):
        name, equals, text = parameter.partition("=")
        if not equals:
            continue
        value = _decode(text, in_query=True)
        if not is_digits(name):
            parameters.append((name, value))
            continue
        identifier = IDENTIFIERS.get(name)
        if identifier is None and not strict:
            parameters.append((name, value))
            continue
        misplaced = identifier is None or not identifier.attribute or name in forbidden
        # The lot in the query is a common slip that leaves no doubt.
        if name in seen or (misplaced and strict):
            raise GS1Error("link_ai", ai=name, key=key)
        seen.add(name)
        pairs.append((name, _padded(name, value)))
    elements = from_pairs(pairs, today=today, strict=strict)
    return DigitalLink(f"{scheme.lower()}://{host.lower()}", elements, tuple(parameters))


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
