"""The simple event query: names and values of its parameters become one typed filter.

>>> query = parse({"EQ_bizStep": "shipping,urn:epcglobal:cbv:bizstep:receiving",
...                "GE_eventTime": "2026-11-01T00:00:00Z", "perPage": "50"})
>>> [(c.field, c.operator, c.values) for c in query.conditions][:1]
[('bizStep', 'in', ('shipping', 'receiving'))]
>>> query.per_page
50
>>> parse({"EQ_colour": "red"})  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
EpcisError: 'EQ_colour' is no parameter of the simple event query: \
check its spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from . import times, words
from .context import namespaces, spelled_out
from .errors import EpcisError, shown
from .identifiers import canonical
from .patterns import Match, match_of

DEFAULT_PER_PAGE = 30
MOST_PER_PAGE = 1000
_MOST_VALUES = 1000
EVENT_TYPES = (
    "ObjectEvent",
    "AggregationEvent",
    "AssociationEvent",
    "TransactionEvent",
    "TransformationEvent",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What one parameter asks of an event; an event must meet all conditions.

    ``field``: the field of the event, for extensions its name with the namespace spelled out,
    ``{namespace}name``.  ``within`` is ``ilmd`` where the field stands in the lot's master data,
    or the kind of a business transaction, source or destination.

    ``operator``: ``in`` (one of ``values``), ``ge``, ``gt``, ``le``, ``lt`` (one value), ``match``
    (one of the :class:`.patterns.Match`), ``below`` (the place or one within it), ``exists``.

    Times are datetimes in UTC, numbers decimals, words of the vocabulary bare, identifiers in the
    one notation of :func:`.identifiers.canonical` where they have it.
    """

    field: str
    operator: str
    values: tuple[Any, ...]
    within: str = ""


@dataclass(frozen=True, slots=True)
class EventQuery:
    """All that was asked: conditions, order, and how much of the answer.

    ``limit`` ends the answer there; more than ``refuse_beyond`` events are an error.  Both are 0
    where they were not given.
    """

    conditions: tuple[Condition, ...] = ()
    order_by: str = ""
    descending: bool = True
    limit: int = 0
    refuse_beyond: int = 0
    per_page: int = DEFAULT_PER_PAGE
    page_token: str = ""


def _wrong(name: str, value: object, wanted: str) -> EpcisError:
    return EpcisError("query_value", name=name, shown=shown(value), wanted=wanted)


def _texts(name: str, value: object) -> tuple[str, ...]:
    """A list of texts; as one text its parts are separated by commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not parts or len(parts) > _MOST_VALUES:
        raise _wrong(name, value, f"a list of 1 to {_MOST_VALUES} texts")
    texts = tuple(part.strip() if isinstance(part, str) else "" for part in parts)
    if not all(texts):
        raise _wrong(name, value, "texts that are not empty")
    return texts


def _one(name: str, value: object) -> str:
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wrong(name, value, "one value")
    return str(value).strip()


def _time(name: str, value: object) -> datetime:
    # A plus in the query of a web address arrives as a space when the caller did not escape it.
    text = re.sub(r" (?=\d\d:\d\d$)", "+", _one(name, value))
    try:
        return times.read(text)
    except EpcisError:
        raise _wrong(name, value, "a time with a zone, like 2026-11-26T10:00:00Z") from None


def _number(name: str, value: object) -> Decimal:
    try:
        number = Decimal(_one(name, value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise _wrong(name, value, "a number")
    return number


def _count(name: str, value: object, most: int | None = None) -> int:
    text = _one(name, value)
    if not (text.isascii() and text.isdigit()) or not int(text[:12]) > 0 or len(text) > 12:
        raise _wrong(name, value, "a whole number from 1 on")
    return min(int(text), most) if most else int(text)


def _yes(name: str, value: object) -> bool:
    if value in (True, "true", ""):
        return True
    raise _wrong(name, value, "true, or leave it out")


def _words(field: str) -> Callable[[str, Any], tuple[str, ...]]:
    return lambda name, value: tuple(words.short(field, text) for text in _texts(name, value))


def _identifiers(name: str, value: object) -> tuple[str, ...]:
    return tuple(canonical(text) or text for text in _texts(name, value))


def _choice(*known: str) -> Callable[[str, Any], tuple[str, ...]]:
    def read(name: str, value: object) -> tuple[str, ...]:
        texts = _texts(name, value)
        if not set(texts) <= set(known):
            raise _wrong(name, value, "one or more of " + ", ".join(known))
        return texts

    return read


def _matches(name: str, value: object) -> tuple[Match, ...]:
    found = [match_of(text, classes=name.endswith("Class")) for text in _texts(name, value)]
    if None in found:
        raise _wrong(name, value, "EPCs, or patterns that end in *")
    return tuple(match for match in found if match is not None)


def _single(read: Callable[[str, Any], Any]) -> Callable[[str, Any], tuple[Any, ...]]:
    return lambda name, value: (read(name, value),)


# Field, operator, and how its values are read.
_PARAMETERS: dict[str, tuple[str, str, Callable[[str, Any], tuple[Any, ...]]]] = {
    "eventType": ("type", "in", _choice(*EVENT_TYPES)),
    "EQ_action": ("action", "in", _choice("OBSERVE", "ADD", "DELETE")),
    "EQ_bizStep": ("bizStep", "in", _words("bizStep")),
    "EQ_disposition": ("disposition", "in", _words("disposition")),
    "EQ_persistentDisposition_set": ("persistentDisposition.set", "in", _words("disposition")),
    "EQ_persistentDisposition_unset": ("persistentDisposition.unset", "in", _words("disposition")),
    "EQ_readPoint": ("readPoint", "in", _identifiers),
    "WD_readPoint": ("readPoint", "below", _identifiers),
    "EQ_bizLocation": ("bizLocation", "in", _identifiers),
    "WD_bizLocation": ("bizLocation", "below", _identifiers),
    "EQ_transformationID": ("transformationID", "in", _identifiers),
    "EQ_eventID": ("eventID", "in", _texts),
    # Not in the standard: the unit that a quantity is in.
    "EQ_uom": ("uom", "in", _texts),
    "EXISTS_errorDeclaration": ("errorDeclaration", "exists", _single(_yes)),
    "EQ_errorReason": ("errorDeclaration.reason", "in", _words("reason")),
    "EQ_correctiveEventID": ("errorDeclaration.correctiveEventIDs", "in", _texts),
}
for _kind in ("epc", "parentID", "inputEPC", "outputEPC", "anyEPC"):
    _PARAMETERS[f"MATCH_{_kind}"] = (_kind, "match", _matches)
for _kind in ("epcClass", "inputEPCClass", "outputEPCClass", "anyEPCClass"):
    _PARAMETERS[f"MATCH_{_kind}"] = (_kind, "match", _matches)
for _kind, _field in (
    ("eventTime", "eventTime"),
    ("recordTime", "recordTime"),
    ("errorDeclarationTime", "errorDeclaration.declarationTime"),
):
    for _operator in ("GE", "LT"):
        _PARAMETERS[f"{_operator}_{_kind}"] = (_field, _operator.lower(), _single(_time))
for _operator in ("EQ", "GT", "GE", "LT", "LE"):
    _name = _operator.lower().replace("eq", "in")
    _PARAMETERS[f"{_operator}_quantity"] = ("quantity", _name, _single(_number))

# Parameters that go on with a kind: EQ_bizTransaction_po, EQ_source_owning_party.
_KINDS = {
    "EQ_bizTransaction_": ("bizTransaction", "transaction_type"),
    "EQ_source_": ("source", "party_type"),
    "EQ_destination_": ("destination", "party_type"),
}
# Parameters for fields of other namespaces, which have a colon in their name.
_EXTENSION = re.compile(r"(EQ|GT|GE|LT|LE|EXISTS)_(?:(INNER)_)?(?:(ILMD)_)?([^:]+:.+)")
# What says how to answer, not which events.
_SETTINGS = frozenset(
    "orderBy orderDirection eventCountLimit maxEventCount perPage nextPageToken".split()
)


def _extension(name: str, value: object, known: Mapping[str, str]) -> Condition | None:
    match = _EXTENSION.fullmatch(name)
    if match is None:
        return None
    operator, inner, ilmd, field = match.groups()
    within = ("inner " if inner else "") + ("ilmd" if ilmd else "")
    spelled = spelled_out(field, known)
    if spelled == field and "#" in field:
        # A full address instead of a prefix.
        address, _hash, local = field.rpartition("#")
        spelled = f"{{{address}#}}{local}"
    if operator == "EXISTS":
        return Condition(spelled, "exists", (_yes(name, value),), within.strip())
    if operator == "EQ":
        return Condition(spelled, "in", _texts(name, value), within.strip())
    return Condition(spelled, operator.lower(), (_measure(name, value),), within.strip())


def _measure(name: str, value: object) -> datetime | Decimal:
    """What can be more or less: a number or a time."""
    try:
        return _number(name, value)
    except EpcisError:
        return _time(name, value)


def _condition(name: str, value: object, known: Mapping[str, str]) -> Condition:
    if name in _PARAMETERS:
        field, operator, read = _PARAMETERS[name]
        return Condition(field, operator, read(name, value))
    for start, (field, vocabulary) in _KINDS.items():
        if name.startswith(start) and len(name) > len(start):
            kind = words.short(vocabulary, name[len(start) :])
            return Condition(field, "in", _identifiers(name, value), kind)
    condition = _extension(name, value, known)
    if condition is None:
        raise EpcisError("query_name", shown=shown(name))
    return condition


def _settings(given: Mapping[str, Any]) -> EventQuery:
    query = EventQuery()
    if "orderBy" in given:
        (field,) = _choice("eventTime", "recordTime")("orderBy", given["orderBy"])[:1]
        query = replace(query, order_by=field)
    if "orderDirection" in given:
        (way,) = _choice("ASC", "DESC")("orderDirection", given["orderDirection"])[:1]
        query = replace(query, descending=way == "DESC")
    if "eventCountLimit" in given:
        if "orderBy" not in given:
            raise EpcisError("query_pair", name="eventCountLimit", other="orderBy")
        query = replace(query, limit=_count("eventCountLimit", given["eventCountLimit"]))
    if "maxEventCount" in given:
        if "eventCountLimit" in given:
            what = "one of eventCountLimit and maxEventCount"
            raise _wrong("maxEventCount", given["maxEventCount"], what)
        query = replace(query, refuse_beyond=_count("maxEventCount", given["maxEventCount"]))
    if "perPage" in given:
        query = replace(query, per_page=_count("perPage", given["perPage"], MOST_PER_PAGE))
    if "nextPageToken" in given:
        query = replace(query, page_token=_one("nextPageToken", given["nextPageToken"]))
    return query


def parse(
    parameters: Mapping[str, Any] | Iterable[tuple[str, Any]], context: object = None
) -> EventQuery:
    """Return the filter for the parameters of a simple event query; raises :class:`EpcisError`.

    ``parameters`` are names and values, as JSON gives them (lists, numbers) or as the query of a
    web address does (texts, lists separated by commas).  ``context`` declares prefixes of
    extensions.  Unknown, repeated and contradicting parameters are errors.
    """
    pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
    known = namespaces(context)
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise EpcisError("query_repeated", name=shown(name))
        given[name] = value
    conditions = [
        _condition(name, value, known) for name, value in given.items() if name not in _SETTINGS
    ]
    settings = {name: value for name, value in given.items() if name in _SETTINGS}
    return replace(_settings(settings), conditions=tuple(conditions))
