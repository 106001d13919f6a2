"""Electronic Product Codes (EPC) as URNs: SGTIN, LGTIN, SSCC, SGLN and classes of items.

A URN separates the GS1 company prefix from the rest of the number; to write one, the length of
the prefix must be known (it stands in the GS1 licence).

>>> epc = parse_urn("urn:epc:class:lgtin:4012345.012345.998877")
>>> epc.elements.to_hri(), epc.company_prefix_length
('(01)04012345123456(10)998877', 7)
>>> to_urn(epc.elements, 7)
'urn:epc:class:lgtin:4012345.012345.998877'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from .checks import check_digit, is_digits
from .elements import ElementString, from_pairs
from .errors import GS1Error, shown

_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_TAG_SIZES = {"sgtin-96", "sgtin-198", "sscc-96", "sgln-96", "sgln-195"}

# How many digits company prefix and the rest have together.
_DIGITS = {"sgtin": 13, "lgtin": 13, "sscc": 17, "sgln": 12}
_FORMS = {
    "sgtin": "urn:epc:id:sgtin:COMPANY.ITEM.SERIAL",
    "lgtin": "urn:epc:class:lgtin:COMPANY.ITEM.LOT",
    "sscc": "urn:epc:id:sscc:COMPANY.SERIAL",
    "sgln": "urn:epc:id:sgln:COMPANY.LOCATION.EXTENSION",
    "idpat": "urn:epc:idpat:sgtin:COMPANY.ITEM.*",
}
# In the tag data standard only these characters of CSET 82 are escaped in a URN.
_UNESCAPED = "!'()*+,-.:;=_"


@dataclass(frozen=True, slots=True)
class Epc:
    """An EPC with what its form tells beside the elements.

    ``scheme`` is sgtin, lgtin, sscc, sgln, sgtin-class or, from a tag, sgtin-96, sgtin+ and so
    on.  ``company_prefix_length`` is 0 where the form does not tell it.  ``filter_value`` is 0
    to 7, from tags only.  ``complete`` is false when a tag holds more data than was understood.
    """

    scheme: str
    elements: ElementString
    company_prefix_length: int = 0
    filter_value: int | None = None
    complete: bool = True


def number_of(scheme: str, company: str, rest: str) -> str:
    """Return GTIN-14, SSCC or GLN from company prefix and the rest, with its check digit.

    >>> number_of("sgtin", "4012345", "012345")
    '04012345123456'
    """
    digits = company + rest if scheme == "sgln" else rest[:1] + company + rest[1:]
    return digits + check_digit(digits)


def split_number(scheme: str, number: str, company_prefix_length: int) -> tuple[str, str]:
    """Return company prefix and the rest of a GTIN-14, SSCC or GLN; raises :class:`GS1Error`.

    >>> split_number("sscc", "095201234567891235", 7)
    ('9520123', '0456789123')
    """
    if not 6 <= company_prefix_length <= 12:
        raise GS1Error("epc_prefix", shown=str(company_prefix_length))
    body = number[:-1]
    if scheme == "sgln":
        return body[:company_prefix_length], body[company_prefix_length:]
    end = 1 + company_prefix_length
    return body[1:end], body[0] + body[end:]


def _unescape(text: str, urn: str, form: str) -> str:
    if not text or text.count("%") != len(_PERCENT.findall(text)):
        raise GS1Error("epc_urn", shown=shown(urn), form=form)
    return _PERCENT.sub(lambda match: chr(int(match.group(1), 16)), text)


def _escape(text: str) -> str:
    return quote(text, safe=_UNESCAPED)


def _read_body(scheme: str, body: str, urn: str, *, pattern: bool = False) -> tuple[Epc, str]:
    """Return the EPC of ``COMPANY.REST[.LAST]``; the scheme's last field is also returned."""
    form = _FORMS["idpat" if pattern else scheme]
    wanted = 1 if scheme == "sscc" else 2
    fields = body.split(".", wanted)
    if len(fields) != wanted + 1:
        raise GS1Error("epc_urn", shown=shown(urn), form=form)
    company, rest = fields[0], fields[1]
    if (
        not is_digits(company + rest)
        or not 6 <= len(company) <= 12
        or len(company) + len(rest) != _DIGITS[scheme]
    ):
        raise GS1Error("epc_urn", shown=shown(urn), form=form)
    number = number_of(scheme, company, rest)
    if scheme == "sscc":
        return Epc(scheme, from_pairs([("00", number)]), len(company)), ""
    last = fields[2]
    if pattern:
        if last != "*":
            raise GS1Error("epc_urn", shown=shown(urn), form=form)
        return Epc("sgtin-class", from_pairs([("01", number)]), len(company)), last
    value = _unescape(last, urn, form)
    if scheme == "sgln":
        # Extension 0 means the location itself.
        pairs = [("414", number)] + ([("254", value)] if value != "0" else [])
    else:
        pairs = [("01", number), ("21" if scheme == "sgtin" else "10", value)]
    return Epc(scheme, from_pairs(pairs), len(company)), value


def parse_urn(urn: str) -> Epc:
    """Read ``urn:epc:id:``, ``:class:``, ``:idpat:``, ``:tag:`` or ``:raw:``.

    Raises :class:`GS1Error`.

    >>> parse_urn("urn:epc:id:sgln:0614141.12345.0").elements.to_hri()
    '(414)0614141123452'
    >>> parse_urn("urn:epc:tag:sgtin-96:3.0614141.812345.6789").filter_value
    3
    """
    fields = urn.split(":", 4)
    if len(fields) < 4 or [f.lower() for f in fields[:2]] != ["urn", "epc"]:
        raise GS1Error("epc_urn", shown=shown(urn), form=_FORMS["sgtin"])
    kind = fields[2].lower()
    if kind == "raw":
        return _parse_raw(fields[3], urn)
    scheme = fields[3].lower()
    body = fields[4] if len(fields) == 5 else ""
    if kind == "id" and scheme in ("sgtin", "sscc", "sgln"):
        return _read_body(scheme, body, urn)[0]
    if kind == "class" and scheme == "lgtin":
        return _read_body(scheme, body, urn)[0]
    if kind == "idpat" and scheme == "sgtin":
        return _read_body(scheme, body, urn, pattern=True)[0]
    if kind == "tag" and scheme in _TAG_SIZES:
        filter_text, _dot, body = body.partition(".")
        if len(filter_text) != 1 or filter_text not in "01234567":
            raise GS1Error("epc_filter", shown=shown(filter_text))
        epc, _last = _read_body(scheme.partition("-")[0], body, urn)
        return Epc(scheme, epc.elements, epc.company_prefix_length, int(filter_text))
    raise GS1Error("epc_scheme", scheme=shown(f"{kind}:{scheme}"))


def _parse_raw(text: str, urn: str) -> Epc:
    from .epc_tag import decode  # that module needs this one

    match = re.fullmatch(r"[0-9]{1,4}\.[xX]([0-9A-Fa-f]+)", text)
    if match is None:
        raise GS1Error("epc_urn", shown=shown(urn), form="urn:epc:raw:96.xHEXADECIMAL")
    return decode(match.group(1))


def to_urn(elements: ElementString, company_prefix_length: int) -> str:
    """Return the pure identity URN of the item, lot, logistic unit or location.

    An SSCC wins over a GTIN, a serial over a lot; a GTIN alone gives the pattern for all its
    items.  Raises :class:`GS1Error` when there is nothing to name.

    >>> from .element_string import parse
    >>> to_urn(parse("(01)09506000134352(21)32a/b"), 7)
    'urn:epc:id:sgtin:9506000.013435.32a%2Fb'
    >>> to_urn(parse("(01)09506000134352"), 7)
    'urn:epc:idpat:sgtin:9506000.013435.*'
    """
    if elements.sscc:
        company, rest = split_number("sscc", elements.sscc, company_prefix_length)
        return f"urn:epc:id:sscc:{company}.{rest}"
    gtin = elements.value("01")
    if gtin:
        company, rest = split_number("sgtin", gtin, company_prefix_length)
        if elements.serial:
            return f"urn:epc:id:sgtin:{company}.{rest}.{_escape(elements.serial)}"
        if elements.lot:
            return f"urn:epc:class:lgtin:{company}.{rest}.{_escape(elements.lot)}"
        return f"urn:epc:idpat:sgtin:{company}.{rest}.*"
    if elements.gln:
        company, rest = split_number("sgln", elements.gln, company_prefix_length)
        return f"urn:epc:id:sgln:{company}.{rest}.{_escape(elements.gln_extension or '0')}"
    raise GS1Error("epc_needs", scheme="An EPC", ai="01")


def to_tag_urn(
    scheme: str, elements: ElementString, company_prefix_length: int, filter_value: int = 0
) -> str:
    """Return the tag URI of sgtin-96, sgtin-198, sscc-96, sgln-96 or sgln-195.

    Raises :class:`GS1Error` for what such a tag cannot hold.

    >>> from .element_string import parse
    >>> to_tag_urn("sgtin-96", parse("(01)80614141123458(21)6789"), 7, 3)
    'urn:epc:tag:sgtin-96:3.0614141.812345.6789'
    """
    from .epc_tag import encode  # that module needs this one

    scheme = scheme.lower()
    if scheme not in _TAG_SIZES:
        raise GS1Error("epc_scheme", scheme=shown(scheme))
    # Whatever does not fit the tag is refused by its encoding.
    encode(scheme, elements, filter_value=filter_value, company_prefix_length=company_prefix_length)
    base = scheme.partition("-")[0]
    keys = {"sgtin": ("01", "21"), "sscc": ("00",), "sgln": ("414", "254")}[base]
    pairs = [(e.ai, e.value) for e in elements if e.ai in keys]
    identity = to_urn(from_pairs(pairs), company_prefix_length)
    return f"urn:epc:tag:{scheme}:{filter_value}.{identity.split(':', 4)[4]}"
