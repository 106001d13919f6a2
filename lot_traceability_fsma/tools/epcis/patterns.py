"""What the MATCH parameters of the simple event query mean: one identifier, or a pattern of EPCs.

>>> match_of("urn:epc:id:sscc:4012345.0000000333").link
'https://id.gs1.org/00/040123450000003338'
>>> match_of("urn:epc:idpat:sgtin:4012345.012345.*").regex
'https://id\\\\.gs1\\\\.org/01/04012345123456/21/[^/]+'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..check_digits import check_digit
from .identifiers import ROOT, canonical

# Key, qualifier, and how many digits company prefix and the rest have together.
_SCHEMES = {
    "sgtin": ("01", "21", 13),
    "sscc": ("00", "", 17),
    "sgln": ("414", "254", 12),
    "grai": ("8003", "", 12),
    "gdti": ("253", "", 12),
    "giai": ("8004", "", 0),
}
_DIGITS = re.compile(r"[0-9]{6,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Match:
    """One value of a MATCH parameter.

    ``text`` is what was asked for.  ``link`` is the one notation to compare with (see
    :func:`.identifiers.canonical`), or ``regex`` what that notation must match as a whole.
    """

    text: str
    link: str = ""
    regex: str = ""

    def fits(self, identifier: str) -> bool:
        """Tell whether an identifier in any notation is meant."""
        link = canonical(identifier) or identifier
        return re.fullmatch(self.regex, link) is not None if self.regex else link == self.link


def match_of(text: str, *, classes: bool = False) -> Match | None:
    """Return what ``text`` matches, None for a pattern that no EPC can have.

    With ``classes``, a pattern names the class itself, not the things of that class.
    """
    if text[:14].lower() != "urn:epc:idpat:" or (classes and canonical(text)):
        return Match(text, link=canonical(text) or text)
    scheme, _colon, body = text[14:].partition(":")
    fields = body.split(".")
    known = _SCHEMES.get(scheme.lower())
    if known is None or not _DIGITS.fullmatch(fields[0]) or fields[-1] != "*":
        return None
    key, qualifier, total = known
    company, rest = fields[0], fields[1]
    wanted = 2 if scheme.lower() in ("sscc", "giai") else 3
    if len(fields) != wanted or (rest != "*" and not (rest.isascii() and rest.isdigit())):
        return None
    number = _number(scheme.lower(), company, rest, total)
    if number is None:
        return None
    tail = f"/{qualifier}/[^/]+" if qualifier == "21" else ""
    if qualifier == "254":
        tail = "(?:/254/[^/]+)?"  # extension 0 is the location itself
    return Match(text, regex=f"{re.escape(ROOT)}/{key}/{number}{tail}")


def _number(scheme: str, company: str, rest: str, total: int) -> str | None:
    """Return the regular expression for the number of a key."""
    if scheme == "giai":
        return f"{company}[^/]+" if rest == "*" else None
    digits = total - len(company)
    if rest != "*" and len(rest) != digits:
        return None
    if scheme in ("sgtin", "sscc"):
        if rest == "*":
            return rf"\d{company}\d{{{digits}}}"
        body = rest[:1] + company + rest[1:]
        return body + check_digit(body)
    if rest == "*":
        number = rf"{company}\d{{{digits + 1}}}"
    else:
        number = company + rest + check_digit(company + rest)
    return {"grai": f"0{number}[^/]*", "gdti": f"{number}[^/]*"}.get(scheme, number)
