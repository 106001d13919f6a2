"""EPC URNs and GS1 Digital Links as EPCIS uses them, brought to one notation.

An event may name the same thing as ``urn:epc:class:lgtin:4012345.012345.L1`` or as
``https://example.com/01/04012345123456/10/L1``.  To compare events, both become the Digital Link
at ``id.gs1.org`` with the finest qualifier alone, which is what the event hash is made of.

>>> canonical("urn:epc:class:lgtin:4012345.012345.L1")
'https://id.gs1.org/01/04012345123456/10/L1'
>>> canonical("https://example.com/gtin/4012345123456/lot/L1?17=261231")
'https://id.gs1.org/01/04012345123456/10/L1'
>>> canonical("geo:47.5,11.1") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from ..check_digits import check_digit
from .errors import EpcisError, shown

ROOT = "https://id.gs1.org"
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_REFERENCE = re.compile(r"(?:[A-Za-z0-9\-._~!$'()*+,;=:@]|%[0-9A-Fa-f]{2})+", re.ASCII)
_CPI = re.compile(r"(?:[0-9A-Z\-]|%23|%2[Ff])+", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_LINK = re.compile(r"https?://[^/?#\s]+((?:/[^/?#\s]*)+)(?:[?#]\S*)?", re.ASCII | re.IGNORECASE)

# What turns one EPC into key and qualifier: pairs of identifier and value.
Pairs = list[tuple[str, str]]

FORMS: dict[str, str] = {
    "id:sgtin": "urn:epc:id:sgtin:COMPANY.ITEM.SERIAL",
    "id:sscc": "urn:epc:id:sscc:COMPANY.SERIAL",
    "id:sgln": "urn:epc:id:sgln:COMPANY.LOCATION.EXTENSION",
    "id:pgln": "urn:epc:id:pgln:COMPANY.PARTY",
    "id:grai": "urn:epc:id:grai:COMPANY.ASSET.SERIAL",
    "id:giai": "urn:epc:id:giai:COMPANY.ASSET",
    "id:gsrn": "urn:epc:id:gsrn:COMPANY.SERVICE",
    "id:gsrnp": "urn:epc:id:gsrnp:COMPANY.SERVICE",
    "id:gdti": "urn:epc:id:gdti:COMPANY.DOCUMENT.SERIAL",
    "id:cpi": "urn:epc:id:cpi:COMPANY.PART.SERIAL",
    "id:sgcn": "urn:epc:id:sgcn:COMPANY.COUPON.SERIAL",
    "id:ginc": "urn:epc:id:ginc:COMPANY.CONSIGNMENT",
    "id:gsin": "urn:epc:id:gsin:COMPANY.SHIPMENT",
    "id:itip": "urn:epc:id:itip:COMPANY.ITEM.PIECE.TOTAL.SERIAL",
    "id:upui": "urn:epc:id:upui:COMPANY.ITEM.SERIAL",
    "class:lgtin": "urn:epc:class:lgtin:COMPANY.ITEM.LOT",
    "idpat:sgtin": "urn:epc:idpat:sgtin:COMPANY.ITEM.*",
    "idpat:grai": "urn:epc:idpat:grai:COMPANY.ASSET.*",
    "idpat:gdti": "urn:epc:idpat:gdti:COMPANY.DOCUMENT.*",
    "idpat:sgcn": "urn:epc:idpat:sgcn:COMPANY.COUPON.*",
    "idpat:cpi": "urn:epc:idpat:cpi:COMPANY.PART.*",
    "idpat:itip": "urn:epc:idpat:itip:COMPANY.ITEM.PIECE.TOTAL.*",
    "idpat:upui": "urn:epc:idpat:upui:COMPANY.ITEM.*",
}
# How many digits company prefix and the rest have together, where that is fixed.
_LENGTHS = {
    "sgtin": 13, "lgtin": 13, "upui": 13, "itip": 13, "sscc": 17, "sgln": 12, "pgln": 12,
    "grai": 12, "gdti": 12, "sgcn": 12, "gsrn": 17, "gsrnp": 17, "gsin": 16,
}  # fmt: skip

# Keys, their other names in a link, and their qualifiers, the finest first.
_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "sscc": "00", "gln": "414", "party": "417",
    "gsrnp": "8017", "gsrn": "8018", "gcn": "255", "gdti": "253", "ginc": "401", "gsin": "402",
    "grai": "8003", "giai": "8004", "cpv": "22", "lot": "10", "ser": "21", "tpx": "235",
    "cpsn": "8011", "glnx": "254",
}  # fmt: skip
_KEYS: dict[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "00": ((), re.compile(r"\d{18}", re.ASCII)),
    "01": (("21", "235", "10", "22"), re.compile(r"\d{8}|\d{12,14}", re.ASCII)),
    "253": ((), re.compile(r"\d{13}.{0,17}", re.ASCII)),
    "255": ((), re.compile(r"\d{13,25}", re.ASCII)),
    "401": ((), re.compile(r".{1,30}", re.ASCII)),
    "402": ((), re.compile(r"\d{17}", re.ASCII)),
    "414": (("254",), re.compile(r"\d{13}", re.ASCII)),
    "417": ((), re.compile(r"\d{13}", re.ASCII)),
    "8003": ((), re.compile(r"\d{14}.{0,16}", re.ASCII)),
    "8004": ((), re.compile(r".{1,30}", re.ASCII)),
    "8006": (("21", "10", "22"), re.compile(r"\d{18}", re.ASCII)),
    "8010": (("8011",), re.compile(r".{1,30}", re.ASCII)),
    "8017": ((), re.compile(r"\d{18}", re.ASCII)),
    "8018": ((), re.compile(r"\d{18}", re.ASCII)),
}
# Which digits of a key are checked by the one that ends them.
_CHECKED = {
    "00": slice(0, 18), "01": slice(0, 14), "253": slice(0, 13), "255": slice(0, 13),
    "402": slice(0, 17), "414": slice(0, 13), "417": slice(0, 13), "8003": slice(0, 14),
    "8006": slice(0, 14), "8017": slice(0, 18), "8018": slice(0, 18),
}  # fmt: skip


class _WrongFormError(Exception):
    """A part of a URN is not as its scheme wants it."""


def _unescaped(text: str) -> str:
    return _PERCENT.sub(lambda match: chr(int(match[1], 16)), text)


def _trade_item(company: str, item: str) -> str:
    digits = item[:1] + company + item[1:]
    return digits + check_digit(digits)


def _checked(company: str, rest: str) -> str:
    return company + rest + check_digit(company + rest)


def _reference(text: str, pattern: re.Pattern[str] = _REFERENCE) -> str:
    if pattern.fullmatch(text) is None:
        raise _WrongFormError
    return _unescaped(text)


def _instance(scheme: str, fields: list[str]) -> Pairs:
    """Return key and qualifier of an EPC that names one thing, or of an LGTIN."""
    company, rest, last = fields[0], fields[1], fields[-1]
    if scheme in ("sgtin", "lgtin", "upui"):
        code = {"sgtin": "21", "lgtin": "10", "upui": "235"}[scheme]
        return [("01", _trade_item(company, rest)), (code, _reference(last))]
    if scheme == "itip":
        return [*_item_pieces(fields), ("21", _reference(last))]
    if scheme == "sscc":
        return [("00", _trade_item(company, rest))]
    if scheme == "sgln":
        extension = _reference(last)
        pairs = [("414", _checked(company, rest))]
        # Extension 0 means the location itself.
        return pairs if extension == "0" else [*pairs, ("254", extension)]
    if scheme == "cpi":
        if not _DIGITS.fullmatch(last):
            raise _WrongFormError
        return [("8010", company + _reference(rest, _CPI)), ("8011", last)]
    codes = {
        "pgln": "417", "gsrn": "8018", "gsrnp": "8017", "gsin": "402", "giai": "8004",
        "ginc": "401", "gdti": "253", "grai": "8003", "sgcn": "255",
    }  # fmt: skip
    if scheme in ("giai", "ginc"):
        return [(codes[scheme], company + _reference(rest))]
    number = _checked(company, rest)
    if scheme in ("gdti", "grai", "sgcn"):
        number = ("0" if scheme == "grai" else "") + number + _reference(last)
    return [(codes[scheme], number)]


def _item_pieces(fields: list[str]) -> Pairs:
    pieces = fields[2] + fields[3]
    if len(fields[2]) != 2 or len(fields[3]) != 2 or not _DIGITS.fullmatch(pieces):
        raise _WrongFormError
    return [("8006", _trade_item(fields[0], fields[1]) + pieces)]


def _pattern(scheme: str, fields: list[str]) -> Pairs:
    """Return the key of a class: all things of one kind."""
    if fields[-1] != "*":
        raise _WrongFormError
    company, rest = fields[0], fields[1]
    if scheme in ("sgtin", "upui"):
        return [("01", _trade_item(company, rest))]
    if scheme == "itip":
        return _item_pieces(fields)
    if scheme == "cpi":
        return [("8010", company + _reference(rest, _CPI))]
    code = {"grai": "8003", "gdti": "253", "sgcn": "255"}[scheme]
    return [(code, ("0" if scheme == "grai" else "") + _checked(company, rest))]


def read_urn(urn: str) -> Pairs:
    """Return key and qualifier of an EPC URN; raises :class:`EpcisError`.

    >>> read_urn("urn:epc:id:sgln:0614141.12345.0")
    [('414', '0614141123452')]
    >>> read_urn("urn:epc:class:lgtin:4012345.12345.L1")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    EpcisError: 'urn:epc:class:lgtin:4012345.12345.L1' is no EPC URN \
of the form urn:epc:class:lgtin:COMPANY.ITEM.LOT: correct it.
    """
    parts = urn.split(":", 4)
    name = ":".join(parts[2:4]).lower()
    form = FORMS.get(name, "")
    try:
        if len(parts) != 5 or not form or [p.lower() for p in parts[:2]] != ["urn", "epc"]:
            raise _WrongFormError
        return _read_body(name, parts[4], form.count(".") + 1)
    except _WrongFormError:
        form = form or "urn:epc:id:SCHEME:COMPANY.NUMBER"
        raise EpcisError("urn", shown=shown(urn), form=form) from None


def _read_body(name: str, body: str, count: int) -> Pairs:
    """Return key and qualifier of what follows the name of the scheme, ``count`` fields."""
    kind, _colon, scheme = name.partition(":")
    fields = body.split(".", count - 1)
    if len(fields) != count or not _DIGITS.fullmatch(fields[0]) or not 6 <= len(fields[0]) <= 12:
        raise _WrongFormError
    wanted = _LENGTHS.get(scheme)
    if wanted is not None and (
        len(fields[0]) + len(fields[1]) != wanted or not _DIGITS.fullmatch(fields[0] + fields[1])
    ):
        raise _WrongFormError
    return (_pattern if kind == "idpat" else _instance)(scheme, fields)


def _read_link(path: str) -> Pairs | None:
    """Return key and qualifiers at the end of the path of a link, if they are there."""
    segments = path.split("/")
    pairs: Pairs = []
    for index in range(len(segments) - 2, 0, -2):
        code = _NAMES.get(segments[index].lower(), segments[index])
        pairs.insert(0, (code, _unescaped(segments[index + 1])))
        if code in _KEYS:
            qualifiers, form = _KEYS[code]
            value = pairs[0][1]
            known = all(qualifier in qualifiers and text for qualifier, text in pairs[1:])
            return pairs if known and form.fullmatch(value) else None
        if len(pairs) > 3:
            break
    return None


def read_link(link: str) -> Pairs | None:
    """Return key and qualifiers of a GS1 Digital Link, GTINs with 14 digits; None for no link.

    >>> read_link("http://example.com/01/001122334455/21/A%2F1?17=261231")
    [('01', '00001122334455'), ('21', 'A/1')]
    """
    match = _LINK.fullmatch(link)
    pairs = _read_link(match[1].rstrip("/")) if match is not None else None
    if pairs and pairs[0][0] == "01":
        pairs[0] = ("01", pairs[0][1].zfill(14))
    return pairs


def canonical(identifier: str) -> str | None:
    """Return the one notation of an EPC URN or a GS1 Digital Link; None for anything else."""
    pairs: Pairs | None
    if identifier[:8].lower() == "urn:epc:":
        try:
            pairs = read_urn(identifier)
        except EpcisError:
            return None
    else:
        pairs = read_link(identifier)
    if not pairs:
        return None
    key, value = pairs[0]
    rest = dict(pairs[1:])
    link = f"{ROOT}/{key}/{quote(value, safe='')}"
    for qualifier in _KEYS[key][0]:
        # A variant (22) is no identity of its own.
        if qualifier in rest and qualifier != "22" and (qualifier, rest[qualifier]) != ("254", "0"):
            return f"{link}/{qualifier}/{quote(rest[qualifier], safe='')}"
    return link


# Brings an identifier to one notation, or gives None where it knows none.
Canonical = Callable[[str], "str | None"]


def wrong_check_digit(identifier: str) -> str:
    """Return the right check digit where that of a GS1 Digital Link is wrong, else nothing.

    >>> wrong_check_digit("https://id.gs1.org/01/04012345123457")
    '6'
    """
    pairs = read_link(identifier)
    if not pairs or pairs[0][0] not in _CHECKED:
        return ""
    digits = pairs[0][1][_CHECKED[pairs[0][0]]]
    right = check_digit(digits[:-1])
    return "" if right == digits[-1] else right
