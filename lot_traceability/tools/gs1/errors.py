"""The one exception of this package, and every sentence that it can say.

A sentence names what is wrong and the next step.  ``code`` and ``values`` stay apart from the
text, so that a user interface can translate it.
"""

from __future__ import annotations

_LONGEST_SHOWN = 60

MESSAGES: dict[str, str] = {
    # What was read as a whole
    "too_long": (
        "This text has %(shown)s characters, more than any barcode holds: scan one code at a time."
    ),
    "scanned_twice": (
        "This code was scanned twice, or two codes run together: "
        "clear the field and scan one code once."
    ),
    "empty": "There is no GS1 data in this text: scan or type the code again.",
    "not_text": "GS1 data is text, not %(kind)s: pass the characters that the scanner sent.",
    "unknown_ai": (
        "%(shown)s%(at)s does not begin with a GS1 application identifier: "
        "scan the code again or type the lot by hand."
    ),
    "missing_value": "AI (%(ai)s) %(title)s%(at)s has no value: scan the code again.",
    "repeated_ai": (
        "AI (%(ai)s) %(title)s%(at)s occurs twice, as %(first)s and %(second)s: "
        "scan one label at a time, or type the right value."
    ),
    "brackets": (
        "The brackets in %(shown)s can be read in more than one way: scan the code, "
        "or write \\( for a bracket that belongs to a value."
    ),
    # One value
    "length": "AI (%(ai)s) %(title)s%(at)s takes %(expected)s, not %(shown)s: scan the code again.",
    "digits": "AI (%(ai)s) %(title)s%(at)s takes digits only, not %(shown)s: scan the code again.",
    "characters": (
        "AI (%(ai)s) %(title)s%(at)s cannot hold the character %(character)s of %(shown)s: "
        "correct the value or scan the code again."
    ),
    "date": (
        "AI (%(ai)s) %(title)s%(at)s holds %(shown)s, which is no date or time: "
        "check the label and type the date by hand."
    ),
    "check_digit": (
        "The check digit of %(shown)s in AI (%(ai)s) %(title)s%(at)s should be %(expected)s: "
        "scan or type the number again."
    ),
    "content": (
        "AI (%(ai)s) %(title)s%(at)s holds %(shown)s, which is no valid %(what)s: "
        "check the label and scan it again."
    ),
    # GS1 Digital Link
    "link_syntax": "%(shown)s is no web address: copy the whole GS1 Digital Link.",
    "link_no_key": (
        "%(shown)s holds no GS1 key such as /01/ followed by a GTIN: "
        "use the address that is printed in the code."
    ),
    "link_compressed": (
        "%(shown)s is a compressed GS1 Digital Link, which is not read here: "
        "open it in a browser and copy the long address, or scan another code of the label."
    ),
    "link_percent": "%(shown)s holds a broken %% sequence: copy the whole GS1 Digital Link.",
    "link_ai": (
        "AI (%(ai)s) cannot stand in the query of a GS1 Digital Link with key (%(key)s): "
        "put it in the path or leave it out."
    ),
    "link_qualifiers": (
        "AIs %(ais)s cannot qualify key (%(key)s) together: keep the ones that belong together."
    ),
    "link_domain": "%(shown)s is no domain: give one such as id.example.com.",
    "link_build": "There is no GS1 key among AIs %(ais)s: add a GTIN, an SSCC or a GLN.",
    # EPC
    "epc_urn": "%(shown)s is no EPC URN of the form %(form)s: copy the whole URN.",
    "epc_scheme": (
        "EPC scheme %(scheme)s is not supported: use one of SGTIN, LGTIN, SSCC or SGLN."
    ),
    "epc_hex": "%(shown)s is no EPC in hexadecimal digits: read the tag again.",
    "epc_header": "The EPC header %(header)s is not supported: read a tag with a GS1 EPC.",
    "epc_bits": "The EPC %(shown)s is damaged%(at)s (%(what)s): read the tag again.",
    "epc_data": (
        "%(scheme)s cannot hold a lot or dates behind the number: use SGTIN+, DSGTIN+ or SSCC+."
    ),
    "epc_needs": "%(scheme)s needs AI (%(ai)s): add it.",
    "epc_serial": (
        "%(scheme)s cannot hold the serial %(shown)s: use %(instead)s, or a serial of digits "
        "without leading zero that is small enough."
    ),
    "epc_prefix": (
        "A GS1 company prefix has 6 to 12 digits, not %(shown)s: "
        "look up the length in your GS1 licence."
    ),
    "epc_filter": "An EPC filter value is a number from 0 to 7, not %(shown)s: choose one.",
}


def shown(text: str) -> str:
    """Return ``text`` fit for a sentence: quoted, printable, not too long.

    >>> shown("LOT\\x1d1")
    "'LOT\\\\x1d1'"
    """
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")


class GS1Error(ValueError):
    """What was read or asked for is no valid GS1 or EPC data.

    ``code`` is a key of :data:`MESSAGES`, ``values`` fill its sentence.  ``position`` is the place
    (from 0) in the text where the faulty element begins, ``None`` when the text as a whole is
    meant; ``ai`` is the application identifier that is meant, if one is.

    >>> error = GS1Error("missing_value", ai="10", title="BATCH/LOT", position=16)
    >>> error.ai, error.position
    ('10', 16)
    >>> raise error
    Traceback (most recent call last):
        ...
    tools.gs1.errors.GS1Error: AI (10) BATCH/LOT at character 17 has no value: scan the code again.
    """

    def __init__(self, code: str, *, position: int | None = None, **values: str) -> None:
        self.code = code
        self.values = values
        self.position = position
        # People count from 1.
        at = "" if position is None else f" at character {position + 1}"
        super().__init__(MESSAGES[code] % {**values, "at": at})

    @property
    def ai(self) -> str | None:
        """The application identifier that the error is about."""
        return self.values.get("ai")

    def at(self, position: int | None) -> GS1Error:
        """Return the same error about this place."""
        return GS1Error(self.code, position=position, **self.values)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.position, self.values))


def _rebuild(code: str, position: int | None, values: dict[str, str]) -> GS1Error:
    return GS1Error(code, position=position, **values)
