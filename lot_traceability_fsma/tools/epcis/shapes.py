"""What an EPCIS 2.0 document looks like: its objects, their fields, and what each field holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import forms
from .forms import Check


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list: what its elements are, how few there may be, whether one may occur twice."""

    element: Any
    at_least: int = 0
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its name for a sentence, its fields, those it must have.

    ``others`` says which further fields it may have: ``uri`` those with a namespace, ``any`` all,
    ``none`` none.  A field holds a check, a shape or a list of them.
    """

    name: str
    fields: Mapping[str, Any]
    required: tuple[str, ...] = ()
    others: str = "uri"


QUANTITY = Shape(
    "a quantity element",
    {"epcClass": forms.uri, "quantity": forms.number, "uom": forms.uom},
    ("epcClass",),
    "none",
)
PLACE = Shape("a place", {"id": forms.uri}, ("id",), "any")
TRANSACTION = Shape(
    "a business transaction",
    {"type": forms.word("transaction_type"), "bizTransaction": forms.uri},
    ("bizTransaction",),
    "none",
)
SOURCE = Shape(
    "a source",
    {"type": forms.word("party_type"), "source": forms.uri},
    ("type", "source"),
    "none",
)
DESTINATION = Shape(
    "a destination",
    {"type": forms.word("party_type"), "destination": forms.uri},
    ("type", "destination"),
    "none",
)
ERROR_DECLARATION = Shape(
    "an error declaration",
    {
        "declarationTime": forms.time,
        "reason": forms.word("reason"),
        "correctiveEventIDs": ListOf(forms.uri),
    },
    ("declarationTime",),
)
_DISPOSITIONS = ListOf(forms.word("disposition"), at_least=1, unique=True)
PERSISTENT_DISPOSITION = Shape(
    "a persistent disposition", {"set": _DISPOSITIONS, "unset": _DISPOSITIONS}, (), "none"
)
_URIS = "deviceID deviceMetadata rawData dataProcessingMethod bizRules".split()
METADATA = Shape(
    "sensor metadata",
    {
        **dict.fromkeys(("time", "startTime", "endTime"), forms.time),
        **dict.fromkeys(_URIS, forms.uri),
    },
)
_REPORT_URIS = "microorganism chemicalSubstance coordinateReferenceSystem uriValue".split()
_NUMBERS = "value minValue maxValue meanValue sDev percRank percValue".split()
REPORT = Shape(
    "a sensor report",
    {
        "type": forms.word("measurement"),
        "exception": forms.word("exception"),
        "component": forms.word("component"),
        "time": forms.time,
        "stringValue": forms.text,
        "booleanValue": forms.boolean,
        "hexBinaryValue": forms.hexadecimal,
        "uom": forms.text,
        **dict.fromkeys([*_URIS, *_REPORT_URIS], forms.uri),
        **dict.fromkeys(_NUMBERS, forms.number),
    },
    ("type",),
)
SENSOR_ELEMENT = Shape(
    "a sensor element",
    {"sensorMetadata": METADATA, "sensorReport": ListOf(REPORT, at_least=1)},
    ("sensorReport",),
)
ILMD = Shape("master data of a lot", {})

# An EPCIS context may be an address, an object, or a list of those; see `validation`.
CONTEXT = "context"
CERTIFICATES = "certificates"
_COMMON: dict[str, Any] = {
    "@context": CONTEXT,
    "type": forms.text,
    "eventTime": forms.time,
    "recordTime": forms.time,
    "eventTimeZoneOffset": forms.offset,
    "eventID": forms.uri,
    "certificationInfo": CERTIFICATES,
    "errorDeclaration": ERROR_DECLARATION,
}
_SITUATION: dict[str, Any] = {
    "bizStep": forms.word("bizStep"),
    "disposition": forms.word("disposition"),
    "readPoint": PLACE,
    "bizLocation": PLACE,
    "bizTransactionList": ListOf(TRANSACTION),
    "sourceList": ListOf(SOURCE),
    "destinationList": ListOf(DESTINATION),
    "sensorElementList": ListOf(SENSOR_ELEMENT),
}
_ACTION: dict[str, Check] = {"action": forms.one_of("OBSERVE", "ADD", "DELETE")}
_EPCS = ListOf(forms.uri)
_EPC_SET = ListOf(forms.uri, unique=True)
_QUANTITIES = ListOf(QUANTITY)
_ALWAYS = ("type", "eventTime", "eventTimeZoneOffset")


def _event(name: str, required: tuple[str, ...], **fields: Any) -> Shape:
    return Shape(f"an {name}", {**_COMMON, **_SITUATION, **fields}, (*_ALWAYS, *required))


_PARENT = {
    "parentID": forms.uri,
    "childEPCs": _EPCS,
    "childQuantityList": _QUANTITIES,
    **_ACTION,
}

EVENTS: dict[str, Shape] = {
    "ObjectEvent": _event(
        "ObjectEvent",
        ("action",),
        epcList=_EPC_SET,
        quantityList=_QUANTITIES,
        persistentDisposition=PERSISTENT_DISPOSITION,
        ilmd=ILMD,
        **_ACTION,
    ),
    "AggregationEvent": _event("AggregationEvent", ("action",), **_PARENT),
    "AssociationEvent": _event("AssociationEvent", ("action", "parentID"), **_PARENT),
    "TransactionEvent": _event(
        "TransactionEvent",
        ("action", "bizTransactionList"),
        parentID=forms.uri,
        epcList=_EPCS,
        quantityList=_QUANTITIES,
        **{**_ACTION, "bizTransactionList": ListOf(TRANSACTION, at_least=1)},
    ),
    "TransformationEvent": _event(
        "TransformationEvent",
        (),
        inputEPCList=_EPC_SET,
        inputQuantityList=_QUANTITIES,
        outputEPCList=_EPC_SET,
        outputQuantityList=_QUANTITIES,
        transformationID=forms.uri,
        persistentDisposition=PERSISTENT_DISPOSITION,
        ilmd=ILMD,
    ),
}
OTHER_EVENT = Shape("an event", _COMMON, _ALWAYS, "any")

# Elements that are events are looked at apart.
EVENT = "event"
_ATTRIBUTE = Shape("an attribute", {"id": forms.uri, "attribute": "attribute"}, ("id",), "any")
_ELEMENT = Shape(
    "a vocabulary element",
    {"id": forms.uri, "attributes": ListOf(_ATTRIBUTE), "children": ListOf(forms.uri)},
    ("id",),
    "any",
)
_VOCABULARY = Shape(
    "a vocabulary",
    {"type": forms.uri, "vocabularyElementList": ListOf(_ELEMENT)},
    ("type",),
    "any",
)
_MASTER_DATA = Shape("master data", {"vocabularyList": ListOf(_VOCABULARY)}, (), "any")
_HEADER = Shape("the header", {"epcisMasterData": _MASTER_DATA})
_DOCUMENT: dict[str, Any] = {
    "@context": CONTEXT,
    "id": forms.uri,
    "type": forms.text,
    "schemaVersion": forms.version,
    "creationDate": forms.time,
}
DOCUMENT = Shape(
    "an EPCIS document",
    {
        **_DOCUMENT,
        "instanceIdentifier": forms.text,
        "sender": forms.text,
        "receiver": forms.text,
        "epcisHeader": _HEADER,
        "epcisBody": Shape("the body", {"eventList": ListOf(EVENT)}, ("eventList",), "any"),
    },
    ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
)
_RESULTS = Shape(
    "query results",
    {
        "queryName": forms.text,
        "subscriptionID": forms.text,
        "resultsBody": Shape(
            "the body of the results",
            {"eventList": ListOf(EVENT), "vocabularyList": ListOf(_VOCABULARY)},
            ("eventList",),
        ),
    },
    ("queryName", "resultsBody"),
)
QUERY_DOCUMENT = Shape(
    "an EPCIS query document",
    {**_DOCUMENT, "epcisBody": Shape("the body", {"queryResults": _RESULTS}, ("queryResults",))},
    ("@context", "type", "epcisBody"),
)
