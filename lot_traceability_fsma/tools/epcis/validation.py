"""Says what is wrong in an EPCIS document, event or query document: every place, one sentence.

Two rooms: the form, which GS1's schema describes as well, and the content, which no schema looks
at (identifiers, check digits, dates, quantities, namespaces).

>>> event = {"type": "ObjectEvent", "eventTime": "2026-02-30T10:00:00Z", "action": "OBSERVE",
...          "eventTimeZoneOffset": "+01:00", "epcList": [], "bizStep": "cooking"}
>>> for problem in validate({"@context": "https://ref.gs1.org/standards/epcis/", **event}):
...     print(*problem, sep=": ")
eventTime: '2026-02-30T10:00:00Z' is no time with a time zone: write it like \
2026-11-26T10:00:00+01:00.
bizStep: 'cooking' is none of the words for bizStep: choose one of them or give a URI.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from . import forms, shapes
from .content import problems_of_content
from .depth import too_deep
from .problems import Problem, joined, sentence
from .shapes import ListOf, Shape

_DOCUMENTS = {"EPCISDocument": shapes.DOCUMENT, "EPCISQueryDocument": shapes.QUERY_DOCUMENT}
_ABOUT = {
    "ObjectEvent": "give an epcList, a quantityList, or a readPoint with sensor elements",
    "AggregationEvent": "give childEPCs or a childQuantityList, or action DELETE",
    "AssociationEvent": "give childEPCs or a childQuantityList, or action DELETE",
    "TransactionEvent": "give an epcList or a quantityList, or action DELETE",
    "TransformationEvent": "give inputs and outputs, or one of them and a transformationID",
}


def validate(document: object, *, content: bool = True) -> list[Problem]:
    """Return every problem of a document, a query document or an event that stands alone.

    Empty means valid.  ``content=False`` looks at the form alone, as GS1's schema does.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("type"), str):
        return [Problem("", sentence("document", shown=_brief(document)))]
    if too_deep(document):
        return [Problem("", sentence("nested"))]
    shape = _DOCUMENTS.get(document["type"])
    if shape is None:
        return validate_event(document, content=content, alone=True)
    problems = list(_object("", document, shape))
    if content:
        for path, event in _events(document):
            problems += problems_of_content(path, event, document.get("@context"))
    return problems


def validate_event(
    event: object,
    context: object = None,
    *,
    path: str = "",
    content: bool = True,
    alone: bool = False,
) -> list[Problem]:
    """Return every problem of one event, for documents that are read event by event.

    ``context`` is the ``@context`` of its document; ``alone`` means that it must bring its own.
    """
    if too_deep(event):
        return [Problem(path, sentence("nested"))]
    problems = list(_event(path, event))
    if isinstance(event, Mapping):
        if alone and "@context" not in event:
            problems.append(Problem(path, sentence("missing", field="@context")))
        if content:
            problems += problems_of_content(path, event, context)
    return problems


def _brief(value: object) -> str:
    return str(value.get("type", "{…}")) if isinstance(value, Mapping) else str(value)


def _events(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The events of a document that can be looked at, each with its path."""
    path = "epcisBody"
    below: object = document.get(path)
    for field in ("queryResults", "resultsBody"):
        if isinstance(below, Mapping) and field in below:
            path, below = joined(path, field), below[field]
    events = below.get("eventList") if isinstance(below, Mapping) else None
    for index, event in enumerate(events if isinstance(events, list) else ()):
        if isinstance(event, Mapping):
            yield joined(joined(path, "eventList"), index), event


def _value(path: str, value: object, wanted: Any) -> Iterator[Problem]:
    """What is wrong with a value, whatever is wanted there."""
    if isinstance(wanted, Shape):
        yield from _object(path, value, wanted)
    elif isinstance(wanted, ListOf):
        yield from _list(path, value, wanted)
    elif wanted == shapes.EVENT:
        yield from _event(path, value)
    elif wanted == shapes.CONTEXT:
        yield from _context(path, value)
    elif wanted == shapes.CERTIFICATES:
        yield from _value(path, value, ListOf(forms.uri) if isinstance(value, list) else forms.uri)
    elif wanted == "attribute":
        if not (forms.is_number(value) or isinstance(value, (str, Mapping))):
            yield Problem(path, sentence("type", shown=value, wanted="number, text or object"))
    else:
        for text in wanted(value):
            yield Problem(path, text)


def _object(path: str, value: object, shape: Shape) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path, sentence("type", shown=value, wanted=f"object for {shape.name}"))
        return
    for field in shape.required:
        if field not in value:
            yield Problem(path, sentence("missing", field=field))
    for field, inner in value.items():
        wanted = shape.fields.get(field)
        if wanted is not None:
            yield from _value(joined(path, field), inner, wanted)
        elif shape.others == "none" or (shape.others == "uri" and not forms.is_uri(field)):
            yield Problem(joined(path, field), sentence("field", shown=field, kind=shape.name))
    if shape is shapes.PERSISTENT_DISPOSITION and not {"set", "unset"} & set(value):
        yield Problem(path, sentence("missing", field="set or unset"))


def _list(path: str, value: object, wanted: ListOf) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(path, sentence("type", shown=value, wanted="list"))
        return
    if len(value) < wanted.at_least:
        yield Problem(path, sentence("few"))
    seen = set()
    for index, element in enumerate(value):
        yield from _value(joined(path, index), element, wanted.element)
        if wanted.unique and isinstance(element, str):
            if element in seen:
                yield Problem(joined(path, index), sentence("repeated", shown=element))
            seen.add(element)


def _context(path: str, value: object) -> Iterator[Problem]:
    parts = value if isinstance(value, list) else [value]
    seen: set[str] = set()
    for index, part in enumerate(parts):
        place = joined(path, index) if isinstance(value, list) else path
        if not isinstance(part, Mapping):
            yield from _value(place, part, forms.uri)
        key = json.dumps(part, sort_keys=True, default=str)
        if key in seen:
            yield Problem(place, sentence("repeated", shown=part))
        seen.add(key)


def _event(path: str, event: object) -> Iterator[Problem]:
    if not isinstance(event, Mapping):
        yield Problem(path, sentence("type", shown=event, wanted="object for an event"))
        return
    kind = event.get("type")
    shape = shapes.EVENTS.get(kind) if isinstance(kind, str) else None
    if shape is None:
        yield from _object(path, event, shapes.OTHER_EVENT)
        if "type" in event and not forms.is_uri(kind):
            yield Problem(joined(path, "type"), sentence("uri", shown=kind))
        return
    yield from _object(path, event, shape)
    if not _says_what(str(kind), event):
        yield Problem(path, sentence("what", wanted=_ABOUT[str(kind)]))
    if kind == "ObjectEvent" and "ilmd" in event and event.get("action", "ADD") != "ADD":
        yield Problem(joined(path, "ilmd"), sentence("ilmd"))


def _filled(event: Mapping[str, Any], *fields: str) -> bool:
    return any(isinstance(event.get(field), list) and event[field] for field in fields)


def _says_what(kind: str, event: Mapping[str, Any]) -> bool:
    """Does the event name what it is about?"""
    if kind == "TransformationEvent":
        inputs = _filled(event, "inputEPCList", "inputQuantityList")
        outputs = _filled(event, "outputEPCList", "outputQuantityList")
        return (inputs and outputs) or ((inputs or outputs) and "transformationID" in event)
    if kind in ("AggregationEvent", "AssociationEvent"):
        found = _filled(event, "childEPCs", "childQuantityList")
    else:
        found = isinstance(event.get("epcList"), list) or _filled(event, "quantityList")
    if kind == "ObjectEvent":
        measured = _filled(event, "sensorElementList") and "readPoint" in event
        return found or measured
    # Without an action, which is a problem of its own, the schema takes it for DELETE.
    return found or event.get("action", "DELETE") == "DELETE"
