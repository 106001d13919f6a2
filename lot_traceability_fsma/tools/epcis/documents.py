"""Documents that carry events and master data, and the results of queries.

>>> from datetime import datetime, timezone
>>> now = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
>>> place = MasterData("location", "urn:epc:id:sgln:0614141.12345.0", {"name": "Plant 1"})
>>> written = document([], created=now, master_data=[place])
>>> written["epcisHeader"]["epcisMasterData"]["vocabularyList"][0]["type"]
'urn:epcglobal:epcis:vtype:Location'
>>> written["@context"]
['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .context import EPCIS_CONTEXT
from .elements import TLC_NAMESPACE
from .events import Event
from .times import write

VOCABULARY_TYPES: dict[str, str] = {
    "class": "urn:epcglobal:epcis:vtype:EPCClass",
    "location": "urn:epcglobal:epcis:vtype:Location",
    "party": "urn:epcglobal:epcis:vtype:Party",
    "read_point": "urn:epcglobal:epcis:vtype:ReadPoint",
}
_MDA = "urn:epcglobal:cbv:mda#"
# `cbvmda` is not among them: the context of EPCIS defines it, and protects it from being redefined.
_NAMESPACES = {
    "gdst": "https://traceability-dialogue.org/epcis",
    "tlc": TLC_NAMESPACE,
}


@dataclass(frozen=True, slots=True)
class MasterData:
    """What is known of one product, place or party that events name.

    ``kind`` is a key of :data:`VOCABULARY_TYPES`.  ``attributes`` go by the names of the core
    business vocabulary (``descriptionShort``, ``streetAddressOne``, ``countryCode``) or by URIs.
    """

    kind: str
    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the vocabulary element."""
        attributes = [
            {"id": name if ":" in name else _MDA + name, "attribute": value}
            for name, value in self.attributes.items()
            if value not in (None, "")
        ]
        result: dict[str, Any] = {"id": self.id}
        if attributes:
            result["attributes"] = attributes
        if self.children:
            result["children"] = list(self.children)
        return result


def vocabulary_list(master_data: Iterable[MasterData]) -> list[dict[str, Any]]:
    """Return the master data by kind; what is given twice is written once, the last one wins."""
    kinds: dict[str, dict[str, MasterData]] = {}
    for item in master_data:
        kinds.setdefault(item.kind, {})[item.id] = item
    return [
        {
            "type": VOCABULARY_TYPES[kind],
            "vocabularyElementList": [item.to_dict() for item in items.values()],
        }
        for kind, items in kinds.items()
    ]


def context(*parts: object, extensions: Mapping[str, str] | None = None) -> list[Any]:
    """Return the ``@context`` for what ``parts`` use: EPCIS's own and the prefixes in them.

    ``extensions`` are further prefixes and their namespaces.
    """
    used = {name.partition(":")[0] for name in _names(parts)}
    known = {**_NAMESPACES, **(extensions or {})}
    found: list[Any] = [EPCIS_CONTEXT]
    found += [
        {prefix: address}
        for prefix, address in known.items()
        if prefix in used or prefix in (extensions or {})
    ]
    return found


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if ":" in name:
                yield name
            yield from _names(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _names(inner)


def _written(events: Iterable[Event | Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [event.to_dict() if isinstance(event, Event) else dict(event) for event in events]


def document(
    events: Iterable[Event | Mapping[str, Any]],
    *,
    created: datetime,
    master_data: Iterable[MasterData] = (),
    sender: str = "",
    receiver: str = "",
    instance: str = "",
    extensions: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an EPCIS document as JSON-LD.

    ``events`` are typed or JSON-LD already; ``created`` knows its zone; ``sender``, ``receiver``
    and ``instance`` identify both sides and the document; ``extensions`` as in :func:`context`.
    """
    body = _written(events)
    result: dict[str, Any] = {
        "@context": context(body, extensions=extensions),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": write(created),
    }
    named = {"sender": sender, "receiver": receiver, "instanceIdentifier": instance}
    result |= {name: value for name, value in named.items() if value}
    vocabularies = vocabulary_list(master_data)
    if vocabularies:
        result["epcisHeader"] = {"epcisMasterData": {"vocabularyList": vocabularies}}
    result["epcisBody"] = {"eventList": body}
    return result


def query_document(
    events: Iterable[Event | Mapping[str, Any]],
    *,
    created: datetime,
    query_name: str = "SimpleEventQuery",
    subscription_id: str = "",
    extensions: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the answer to a query as JSON-LD; arguments as in :func:`document`."""
    body = _written(events)
    results: dict[str, Any] = {"queryName": query_name}
    if subscription_id:
        results["subscriptionID"] = subscription_id
    results["resultsBody"] = {"eventList": body}
    return {
        "@context": context(body, extensions=extensions),
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": write(created),
        "epcisBody": {"queryResults": results},
    }
