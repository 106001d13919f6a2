"""Was a code scanned twice in one go, or did two codes run together?

Nobody sees it in the text of a form, and the lot of the first code then swallows the second one.

>>> is_doubled("010952012345678810A" * 2), is_doubled("]d2010952012345678810A")
(True, False)
>>> is_doubled("https://a.b/01/09520123456788\\n" * 2), is_doubled("LOT-LOT-")
(True, False)
"""

from __future__ import annotations

import re

from .checks import has_check_digit, is_gtin

_MARKED = re.compile(
    r"\][A-Za-z][0-9].|\([0-9]{2,4}\).|https?://.|urn:epc:.", re.DOTALL | re.IGNORECASE
).match
_TAG = re.compile(r"(?:3[0-9A-F]|F[0-9A-F])[0-9A-F]{18,}", re.IGNORECASE).fullmatch
# A key whose check digit leaves no doubt, in front.
_KEY = re.compile(r"(?:\][A-Za-z][0-9])?\x1d*(01[0-9]{14}|00[0-9]{18})", re.ASCII)
_BETWEEN = " \t\r\n\x1d,;"


def half(text: str) -> str:
    """Return what ``text`` consists of twice, perhaps with one character between; else nothing.

    >>> half("A17A17"), half("A17\\nA17"), half("A17A18")
    ('A17', 'A17', '')
    """
    text = text.strip(_BETWEEN)
    middle, odd = divmod(len(text), 2)
    if not middle or text[:middle] != text[-middle:]:
        return ""
    return "" if odd and text[middle] not in _BETWEEN else text[:middle].rstrip(_BETWEEN)


def is_doubled(text: str) -> bool:
    """Tell whether ``text`` is a code twice, or begins with a key that comes in it once more."""
    once = half(text)
    if once:
        if _MARKED(once) or is_gtin(once) or (len(once) == 18 and has_check_digit(once)):
            return True
        if _TAG(once) and not once.isdigit():
            return True
    match = _KEY.match(text)
    if match is None:
        return False
    key = match.group(1)
    return has_check_digit(key[2:]) and key in text[match.end() :]
