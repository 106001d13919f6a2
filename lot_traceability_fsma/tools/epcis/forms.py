"""Checks of one value in an EPCIS document; each gives the sentences of what is wrong.

>>> list(uri("epcList"))
["'epcList' is no URI: write an EPC URN, a GS1 Digital Link or another full address."]
>>> list(word("bizStep")("shipping"))
[]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from . import times
from .errors import EpcisError
from .problems import sentence
from .words import VOCABULARIES

Check = Callable[[Any], Iterator[str]]

_CHAR = r"(?:[A-Za-z0-9_.~\-!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:"
    r"(?://(?:(?:[A-Za-z0-9_.~\-!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9_.~\-!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?"
    rf"(?:/{_CHAR}*)*|/?(?:{_CHAR}+(?:/{_CHAR}*)*)?)"
    rf"(?:\?(?:{_CHAR}|[/?])*)?(?:#(?:{_CHAR}|[/?])*)?",
    re.ASCII,
)
_CBV = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_VOC = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_UOM = re.compile(r"[A-Z0-9]{2,3}")
_HEX = re.compile(r"[A-Fa-f0-9]+")


def is_uri(text: object) -> bool:
    """Tell whether ``text`` is a URI with a scheme (RFC 3986)."""
    return isinstance(text, str) and _URI.fullmatch(text) is not None


def is_number(value: object) -> bool:
    """Tell whether ``value`` is a number of JSON."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield sentence("type", shown=value, wanted="text")


def text(value: object) -> Iterator[str]:
    """Any text."""
    yield from _text(value)


def uri(value: object) -> Iterator[str]:
    """A URI."""
    if not is_uri(value):
        yield sentence("uri", shown=value)


def number(value: object) -> Iterator[str]:
    """A number."""
    if not is_number(value):
        yield sentence("type", shown=value, wanted="number")


def boolean(value: object) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield sentence("type", shown=value, wanted="true or false")


def time(value: object) -> Iterator[str]:
    """A time with its zone that exists."""
    try:
        times.read(value if isinstance(value, str) else "")
    except EpcisError:
        yield sentence("time", shown=value)


def offset(value: object) -> Iterator[str]:
    """An offset from UTC."""
    if not isinstance(value, str) or not times.is_offset(value):
        yield sentence("offset", shown=value)


def _matching(pattern: re.Pattern[str], code: str) -> Check:
    def check(value: object) -> Iterator[str]:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            yield sentence(code, shown=value)

    return check


version = _matching(_VERSION, "version")
uom = _matching(_UOM, "uom")
hexadecimal = _matching(_HEX, "hex")


def word(field: str) -> Check:
    """Return the check for a word of the core business vocabulary, or a URI of another one."""
    words = VOCABULARIES[field].words
    theirs = _VOC if field in ("measurement", "exception") else _CBV

    def check(value: object) -> Iterator[str]:
        if not isinstance(value, str) or (value not in words and not is_uri(value)):
            yield sentence("word", shown=value, field=field.replace("_", " "))
        elif theirs.match(value):
            yield sentence("uri_cbv", shown=value)

    return check


def one_of(*words: str) -> Check:
    """Return the check for one of a few words."""

    def check(value: object) -> Iterator[str]:
        if value not in words:
            yield sentence("type", shown=value, wanted=" or ".join(words))

    return check
