"""What an RFID tag says of itself, in the few words by which goods are found.

>>> tag = read_tag("3066c4409047e140075bcd15")
>>> tag.identity, tag.gtin, tag.serial
('(01)09506000134352(21)123456789', '09506000134352', '123456789')
>>> read_tag("urn:epc:tag:sgtin-96:3.9506000.013435.123456789").identity == tag.identity
True
>>> read_tag("E28011052000").problem
'The EPC header E2 is not supported: read a tag with a GS1 EPC.'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .gs1 import decode_tag, parse_urn

LONGEST = 512
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+").fullmatch
_SEPARATORS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag by what it says.

    ``identity`` is the same however the tag is read or written (hexadecimal or URN, padded or
    not); where the tag could not be read it is the text itself, and ``problem`` says why.
    """

    identity: str
    epc: str
    scheme: str = ""
    gtin: str = ""
    serial: str = ""
    lot: str = ""
    sscc: str = ""
    problem: str = ""


# A tag that stays before an antenna is read hundreds of times.
@lru_cache(maxsize=65536)
def read_tag(epc: str) -> Tag:
    """Read an EPC, in hexadecimal digits or as a URN.  Never raises."""
    text = clean(epc)
    try:
        found = decode_tag(text) if _HEXADECIMAL(text) else parse_urn(text)
    except ValueError as error:
        return Tag(text, text, problem=str(error))
    elements = found.elements
    gtin, serial = elements.value("01") or "", elements.serial or ""
    if elements.sscc:
        return Tag(f"(00){elements.sscc}", text, found.scheme, sscc=elements.sscc)
    if gtin and serial:
        identity = f"(01){gtin}(21){serial}"
        return Tag(identity, text, found.scheme, gtin, serial, elements.lot or "")
    return Tag(text, text, found.scheme, problem="This EPC names no single item or pallet.")


def clean(text: str) -> str:
    """The text of an EPC as it is kept: one spelling, and nothing that a database refuses.

    >>> clean(" 3066c4409047e140075bcd15\\n")
    '3066C4409047E140075BCD15'
    >>> clean("ab\\x00\\ud800")
    'ab??'
    """
    text = text.strip()[:LONGEST]
    if _HEXADECIMAL(text):
        return text.upper()
    return "".join(sign if " " <= sign < "\x7f" else "?" for sign in text)


def split_epcs(text: str) -> list[str]:
    """The EPCs in a text that was pasted, or typed by a reader that acts as a keyboard.

    >>> split_epcs("3066C4409047E140075BCD15, 3074257BF7194E4000001A85\\n")
    ['3066C4409047E140075BCD15', '3074257BF7194E4000001A85']
    """
    return [part for part in _SEPARATORS.split(text) if part]
