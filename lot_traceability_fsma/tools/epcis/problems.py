"""What can be wrong in a document: the place and one sentence, which ends with the next step."""

from __future__ import annotations

from typing import NamedTuple

from .errors import shown

SENTENCES: dict[str, str] = {
    "missing": "%(field)s is missing: add it.",
    "type": "%(shown)s is no %(wanted)s: give one.",
    "uri": "%(shown)s is no URI: write an EPC URN, a GS1 Digital Link or another full address.",
    "uri_cbv": (
        "%(shown)s is a word of the core business vocabulary written out: "
        "give the bare word, such as shipping."
    ),
    "word": "%(shown)s is none of the words for %(field)s: choose one of them or give a URI.",
    "time": "%(shown)s is no time with a time zone: write it like 2026-11-26T10:00:00+01:00.",
    "date": "%(shown)s is no date that exists: write it like 2026-11-26.",
    "offset": "%(shown)s is no offset from UTC: write it like +01:00.",
    "version": "%(shown)s is no version number: write 2.0.",
    "uom": "%(shown)s is no unit of UN/CEFACT: give two or three capitals or digits, such as KGM.",
    "hex": "%(shown)s has other characters than hexadecimal digits: correct it.",
    "field": "%(shown)s is no field of %(kind)s: remove it, or give it a namespace.",
    "repeated": "%(shown)s occurs twice: keep it once.",
    "few": "This list is empty: give at least one or leave it out.",
    "what": "The event does not say what it is about: %(wanted)s.",
    "ilmd": "Master data of a lot (ilmd) stands only with action ADD: move it there.",
    "nested": "The document is nested too deeply: send plain EPCIS events.",
    "document": "%(shown)s is no EPCIS document or event: give an object with a known type.",
    # What GS1's schema does not look at
    "urn": "%(shown)s is no EPC URN of the form %(form)s: correct it.",
    "check_digit": "The check digit of %(shown)s should be %(expected)s: correct the number.",
    "class": "%(shown)s names a class, not one thing: move it to the list of quantities.",
    "instance": "%(shown)s names one thing, not a class: move it to the list of EPCs.",
    "negative": "The quantity %(shown)s is less than zero: give what was moved or counted.",
    "not_finite": "%(shown)s is no number that can be counted: give a quantity.",
    "namespace": "%(shown)s has no namespace: give it a prefix that @context declares.",
    "prefix": "The prefix of %(shown)s is not declared: add it to @context.",
    "parent": "parentID is missing: it may be left out with action OBSERVE only.",
}


class Problem(NamedTuple):
    """Where something is wrong (``epcisBody.eventList[3].action``) and what.

    >>> Problem("action", sentence("missing", field="action")).sentence
    'action is missing: add it.'
    """

    path: str
    sentence: str


def sentence(code: str, **values: object) -> str:
    """Return the sentence of ``code``; ``shown`` is quoted and cut."""
    texts = {
        name: shown(value) if name == "shown" else str(value) for name, value in values.items()
    }
    return SENTENCES[code] % texts


def joined(path: str, field: str | int) -> str:
    """Return the path of a field or of an element of a list below ``path``.

    >>> joined(joined("", "epcList"), 0)
    'epcList[0]'
    """
    if isinstance(field, int):
        return f"{path}[{field}]"
    return f"{path}.{field}" if path else field
