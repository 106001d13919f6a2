"""The one exception of this package, and every sentence that it can say.

A sentence names what is wrong and the next step.  ``code`` and ``values`` stay apart from the
text, so that a user interface can translate it.
"""

from __future__ import annotations

_LONGEST_SHOWN = 60

MESSAGES: dict[str, str] = {
    # A document as a whole
    "too_large": "The document is larger than %(limit)s bytes: send it in several parts.",
    "empty": "The document is empty: send an EPCIS document with events.",
    "encoding": "The document is not UTF-8 text: save it as UTF-8 and send it again.",
    "json": "The JSON cannot be read (%(what)s): correct it and send it again.",
    "xml": "The XML cannot be read (%(what)s): correct it and send it again.",
    "xml_doctype": "The XML holds a DOCTYPE, which is refused for safety: send it without one.",
    "repeated_key": "The key %(shown)s occurs twice in one object: keep one of them.",
    "nested": "The document is nested too deeply: send plain EPCIS events.",
    "no_events": "There are no EPCIS events in this document: send one with an event list.",
    "not_an_event": "%(shown)s is no EPCIS event: send objects with a type and an event time.",
    # One value
    "time": "%(shown)s is no time with a time zone: write it like 2026-11-26T10:00:00+01:00.",
    "urn": "%(shown)s is no EPC URN of the form %(form)s: correct it.",
    # The simple event query
    "query_name": "%(shown)s is no parameter of the simple event query: check its spelling.",
    "query_value": "%(name)s cannot be %(shown)s: give %(wanted)s.",
    "query_repeated": "%(name)s is given twice: give it once, its values in one list.",
    "query_unsupported": "The store cannot search by %(shown)s: leave it out and filter yourself.",
    "query_complex": (
        "More than %(most)s events would have to be looked through: name a lot, a step or a time "
        "as well."
    ),
    "query_prefix": (
        "The prefix of %(shown)s is not known: declare it in the header GS1-Extensions, as "
        "ext=https://example.com/ext/."
    ),
    "query_many": "More than %(most)s events fit: ask for less, or page with perPage.",
    "query_pair": "%(name)s needs %(other)s as well: give both or none.",
}


def shown(value: object) -> str:
    """Return ``value`` fit for a sentence: quoted, printable, not too long.

    >>> shown("LOT\\x1d1")
    "'LOT\\\\x1d1'"
    """
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")


class EpcisError(ValueError):
    """What was read or asked for is no valid EPCIS data.

    ``code`` is a key of :data:`MESSAGES`, ``values`` fill its sentence.  ``place`` tells where it
    was found, such as ``event 3, line 12``, and is empty where there is none to tell.

    >>> print(EpcisError("too_large", limit="100"))
    The document is larger than 100 bytes: send it in several parts.
    >>> print(EpcisError("no_events", place="line 2"))
    line 2: There are no EPCIS events in this document: send one with an event list.
    """

    def __init__(self, code: str, *, place: str = "", **values: str) -> None:
        self.code = code
        self.place = place
        self.values = values
        sentence = MESSAGES[code] % values
        super().__init__(f"{place}: {sentence}" if place else sentence)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.place, self.values))


def _rebuild(code: str, place: str, values: dict[str, str]) -> EpcisError:
    return EpcisError(code, place=place, **values)
