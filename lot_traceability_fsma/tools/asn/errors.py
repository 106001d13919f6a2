"""The one exception of this package, and every sentence that it can say.

A sentence names what is wrong and the next step.  ``code`` and ``values`` stay apart from the
text, so that a user interface can translate it.
"""

from __future__ import annotations

_LONGEST_SHOWN = 60

MESSAGES: dict[str, str] = {
    # A message as a whole
    "too_large": "The message is larger than %(limit)s characters: send it in several parts.",
    "not_x12": "This is no X12 interchange: it must begin with a complete ISA segment.",
    "not_edifact": "This is no EDIFACT interchange: it must begin with UNA or UNB.",
    "syntax": "The message cannot be read (%(what)s): correct it and send it again.",
    "delimiters": "The delimiters %(shown)s are not four different signs: choose others.",
    "ended": "The message ends before %(wanted)s: send it completely.",
    "expected": "%(wanted)s is expected, not %(found)s: correct the order of the segments.",
    "count": "%(name)s says %(said)s but there are %(counted)s: send the message completely.",
    "control": "The control number %(shown)s is not %(wanted)s as at its start: correct it.",
    "no_message": "There is no %(wanted)s in this interchange: send one.",
    "version": "Version %(shown)s is not supported: use one of %(wanted)s.",
    # The hierarchy of an 856
    "level": "The level %(shown)s is none of S, O, T, P and I: use these levels.",
    "level_twice": "The level number %(shown)s occurs twice: number the levels without repeating.",
    "level_parent": "The parent level %(shown)s does not exist before this level: correct it.",
    "outside": "An item stands outside of any order: put it below one.",
    # One value
    "missing": "%(field)s is missing: add it.",
    "too_long": "%(field)s %(shown)s is longer than %(limit)s characters: shorten it.",
    "characters": (
        "%(field)s %(shown)s has signs that cannot be sent: use other delimiters or signs."
    ),
    "gtin": "%(shown)s is no GTIN: give 8, 12, 13 or 14 digits.",
    "sscc": "%(shown)s is no SSCC: give 18 digits.",
    "gln": "%(shown)s is no GLN: give 13 digits.",
    "check_digit": "The check digit of %(shown)s should be %(expected)s: correct the number.",
    "lot": "%(shown)s is no lot: give 1 to 20 letters, digits or signs.",
    "quantity": "%(shown)s is no quantity above zero: correct it.",
    "unit": "The unit %(shown)s is not known here: use another one, such as KGM or CS.",
    "date": "%(shown)s is no date that exists: correct it.",
    "sscc_twice": "The pallet %(shown)s occurs twice in one order: list its lines together.",
    "nothing": "The shipment holds no lines: add what is sent.",
}


def shown(value: object) -> str:
    """Return ``value`` fit for a sentence: quoted, printable, not too long.

    >>> shown("LOT\\x1d1")
    "'LOT\\\\x1d1'"
    """
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")


class AsnError(ValueError):
    """A shipment cannot be written, or a message cannot be read.

    ``code`` is a key of :data:`MESSAGES`, ``values`` fill its sentence.  ``place`` tells where,
    such as ``segment 12 (MAN)``, and is empty where there is none to tell.

    >>> print(AsnError("sscc", place="segment 12 (MAN)", shown="'1'"))
    segment 12 (MAN): '1' is no SSCC: give 18 digits.
    """

    def __init__(self, code: str, *, place: str = "", **values: str) -> None:
        self.code = code
        self.place = place
        self.values = values
        sentence = MESSAGES[code] % values
        super().__init__(f"{place}: {sentence}" if place else sentence)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.place, self.values))


def _rebuild(code: str, place: str, values: dict[str, str]) -> AsnError:
    return AsnError(code, place=place, **values)
