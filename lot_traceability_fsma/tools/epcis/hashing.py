"""The event hash: a name for an event that everybody computes alike (CBV 2.0, section 8.9).

The parts of an event are written in a fixed order in one notation each, all lists sorted, and the
text (the pre-hash) is hashed.  What does not make the event another one is left out: its id, when
it was recorded, certificates, and what was declared wrong about it afterwards.

>>> event = {"type": "ObjectEvent", "eventTime": "2020-03-04T11:00:30+01:00",
...          "eventTimeZoneOffset": "+01:00", "action": "OBSERVE", "bizStep": "departing",
...          "epcList": ["urn:epc:id:sscc:4012345.0000000333"]}
>>> pre_hash(event)[:76]
'eventType=ObjectEventeventTime=2020-03-04T10:00:30.000ZeventTimeZoneOffset=+'
>>> hash_id(event)
'ni:///sha-256;96b0b7ac9dae4038da6c2fefb84d62b5d920b23cfd70326fdda998ed377bc52a?ver=CBV2.0'
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from . import words
from .context import namespaces, spelled_out
from .identifiers import Canonical, canonical
from .times import canonical as canonical_time

# No part of what happened.
IGNORED = frozenset(
    "@context type eventID recordTime errorDeclaration certificationInfo rdfs:comment "
    "comment id".split()
)
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,2})?", re.ASCII)

_QUANTITY = (("epcClass", None), ("quantity", None), ("uom", None))
_METADATA = tuple(
    (name, None)
    for name in "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod "
    "bizRules".split()
)
_REPORT = tuple(
    (name, None)
    for name in "type exception deviceID deviceMetadata rawData dataProcessingMethod time "
    "microorganism chemicalSubstance value component stringValue booleanValue hexBinaryValue "
    "uriValue minValue maxValue meanValue sDev percRank percValue uom "
    "coordinateReferenceSystem".split()
)
_ID = (("id", None),)

# The order of the standard: a field, and that of the fields within it.
_ORDER: tuple[tuple[str, Any], ...] = (
    ("eventTime", None),
    ("eventTimeZoneOffset", None),
    ("epcList", "epc"),
    ("parentID", None),
    ("inputEPCList", "epc"),
    ("childEPCs", "epc"),
    ("quantityList", _QUANTITY),
    ("childQuantityList", _QUANTITY),
    ("inputQuantityList", _QUANTITY),
    ("outputEPCList", "epc"),
    ("outputQuantityList", _QUANTITY),
    ("action", None),
    ("transformationID", None),
    ("bizStep", None),
    ("disposition", None),
    ("persistentDisposition", (("set", None), ("unset", None))),
    ("readPoint", _ID),
    ("bizLocation", _ID),
    ("bizTransactionList", (("type", None), ("bizTransaction", None))),
    ("sourceList", (("type", None), ("source", None))),
    ("destinationList", (("type", None), ("destination", None))),
    ("sensorElementList", (("sensorMetadata", _METADATA), ("sensorReport", _REPORT))),
)
_ORDER_OF = dict(_ORDER)
_TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
# Which words the bare values of a field are, by the field and the list that it stands in.
_WORDS = {
    ("bizStep", ""): "bizStep",
    ("disposition", ""): "disposition",
    ("set", "persistentDisposition"): "disposition",
    ("unset", "persistentDisposition"): "disposition",
    ("type", "bizTransactionList"): "transaction_type",
    ("type", "sourceList"): "party_type",
    ("type", "destinationList"): "party_type",
    ("type", "sensorReport"): "measurement",
    ("exception", "sensorReport"): "exception",
    ("component", "sensorReport"): "component",
}
# How the elements of these lists are called in the pre-hash.
_ELEMENTS = {
    "quantityList": "quantityElement",
    "childQuantityList": "quantityElement",
    "inputQuantityList": "quantityElement",
    "outputQuantityList": "quantityElement",
    "sensorElementList": "sensorElement",
}
# Their own name stands before them; that of a list of sensor elements does not.
_UNNAMED = frozenset({"sensorElementList"})


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Writer:
    """Writes one event as a pre-hash."""

    def __init__(self, known: Mapping[str, str], translate: Canonical) -> None:
        self._known = known
        self._translate = translate

    def event(self, event: Mapping[str, Any]) -> str:
        kind = spelled_out(str(event.get("type", "")), self._known)
        text = f"eventType={kind}"
        for field, order in _ORDER:
            if event.get(field) not in (None, "", [], {}):
                text += self._field(field, event[field], order, "")
        rest = [self._rest(field, value) for field, value in event.items() if field not in IGNORED]
        return text + "".join(sorted(rest))

    def _field(self, field: str, value: object, order: Any, within: str) -> str:
        if order is None:
            return "".join(sorted(self._pair(field, v, within) for v in _listed(value)))
        if order == "epc":
            return field + "".join(sorted(f"epc={self._value(v)}" for v in _listed(value)))
        name = _ELEMENTS.get(field, "")
        elements = sorted(
            (name or (field if within else "")) + self._object(element, order, field)
            for element in _listed(value)
            if isinstance(element, Mapping)
        )
        start = "" if field in _UNNAMED or within else field
        return start + "".join(elements) if any(elements) else ""

    def _object(self, value: Mapping[str, Any], order: Any, within: str) -> str:
        return "".join(
            self._field(field, value[field], below, within)
            for field, below in order
            if value.get(field) not in (None, "", [], {})
        )

    def _pair(self, field: str, value: object, within: str) -> str:
        text = self._value(value)
        if field in _TIMES:
            text = canonical_time(text)
        word = _WORDS.get((field, within))
        if word:
            text = words.full(word, text)
        return f"{field}={text}" if text else ""

    def _value(self, value: object) -> str:
        """Return one value in the one notation of its kind."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if value is None:
            return ""
        text = str(value).strip()
        if _NUMBER.fullmatch(text):
            number = f"{Decimal(text):f}"
            number = number.rstrip("0").rstrip(".") if "." in number else number
            return "0" if number in ("-0", "") else number
        return self._translate(text) or words.web(text)

    def _rest(self, field: str, value: object) -> str:
        """Return what the order of the standard leaves over of a field: extensions and ILMD."""
        order = _ORDER_OF.get(field, field)
        if order is None or order == "epc":
            return ""
        if order == field:
            return self._extension(field, value)
        name = _ELEMENTS.get(field, field)
        return "".join(sorted(self._left_over(name, element, order) for element in _listed(value)))

    def _left_over(self, name: str, value: object, order: Any) -> str:
        if not isinstance(value, Mapping):
            return ""
        below = dict(order)
        parts = []
        for field, inner in value.items():
            if field not in below:
                parts.append(self._extension(field, inner))
            elif below[field] is not None:
                parts += [self._left_over(field, v, below[field]) for v in _listed(inner)]
        text = "".join(sorted(parts))
        return name + text if text else ""

    def _extension(self, field: str, value: object) -> str:
        if field in ("rdfs:comment", "comment") or field.startswith("@"):
            return ""
        name = spelled_out(field, self._known)
        texts = []
        for element in _listed(value):
            if isinstance(element, Mapping):
                # From XML: the text of an element that has attributes as well.
                text = self._value(element.get("#text"))
                inner = sorted(self._extension(f, v) for f, v in element.items() if f != "#text")
                texts.append(name + (f"={text}" if text else "") + "".join(inner))
            else:
                text = self._value(element)
                texts.append(f"{name}={text}" if text else name)
        return "".join(sorted(texts))


def pre_hash(
    event: Mapping[str, Any], context: object = None, *, translate: Canonical = canonical
) -> str:
    """Return the text that is hashed, to find out why two hashes differ.

    ``context`` is the ``@context`` of the document, where the event has none of its own.
    ``translate`` gives the GS1 Digital Link at id.gs1.org for an identifier, or None.
    """
    known = namespaces(context, event.get("@context"))
    return _Writer(known, translate).event(event)


def hash_id(
    event: Mapping[str, Any], context: object = None, *, translate: Canonical = canonical
) -> str:
    """Return ``ni:///sha-256;…?ver=CBV2.0`` for an event in JSON-LD form.

    The same for every notation of one event: EPC URN or GS1 Digital Link, other zone, other
    order, other prefix for a namespace, bare word or web address.  Arguments as in
    :func:`pre_hash`.
    """
    text = pre_hash(event, context, translate=translate)
    return f"ni:///sha-256;{hashlib.sha256(text.encode()).hexdigest()}?ver=CBV2.0"


def hash_ids(
    events: Iterable[Mapping[str, Any]],
    context: object = None,
    *,
    translate: Canonical = canonical,
) -> list[str]:
    """Return the hash id of each event, in their order."""
    return [hash_id(event, context, translate=translate) for event in events]
