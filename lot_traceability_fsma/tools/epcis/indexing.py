"""What is kept of an event beside its body, so that it is found: columns, and what it names.

>>> event = {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
...          "eventTime": "2026-11-26T10:00:00+01:00",
...          "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
...          "destinationList": [{"type": "owning_party", "destination": "urn:x:party"}]}
>>> columns(event)["event_time"].isoformat(), columns(event)["biz_step"]
('2026-11-26T09:00:00', 'shipping')
>>> sorted(named(event))
[('destination owning_party', 'urn:x:party'), ('epc', 'https://id.gs1.org/00/040123450000003338')]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from . import times, words
from .identifiers import canonical, read_link

# The field of an event, and what it is asked for as.
_THINGS = {
    "epcList": "epc",
    "childEPCs": "epc",
    "inputEPCList": "inputEPC",
    "outputEPCList": "outputEPC",
}
_CLASSES = {
    "quantityList": "epcClass",
    "childQuantityList": "epcClass",
    "inputQuantityList": "inputEPCClass",
    "outputQuantityList": "outputEPCClass",
}
_KINDS = (
    ("bizTransactionList", "bizTransaction", "transaction_type"),
    ("sourceList", "source", "party_type"),
    ("destinationList", "destination", "party_type"),
)
# What a condition on one of these fields looks for.
ROLES: dict[str, tuple[str, ...]] = {
    "epc": ("epc",),
    "parentID": ("parentID",),
    "inputEPC": ("inputEPC",),
    "outputEPC": ("outputEPC",),
    "anyEPC": ("epc", "parentID", "inputEPC", "outputEPC"),
    "epcClass": ("epcClass",),
    "inputEPCClass": ("inputEPCClass",),
    "outputEPCClass": ("outputEPCClass",),
    "anyEPCClass": ("epcClass", "inputEPCClass", "outputEPCClass"),
    "transformationID": ("transformationID",),
}


def one(identifier: str) -> str:
    """Return the one notation of an identifier, or itself where there is none."""
    return canonical(identifier) or identifier


def moment(text: str) -> datetime:
    """Return a time in UTC without its zone, as databases keep it; raises EpcisError."""
    found = times.read(text)
    return found.astimezone(timezone.utc).replace(tzinfo=None) if found.tzinfo else found


def _place(event: Mapping[str, Any], field: str) -> str | None:
    place = event.get(field)
    return one(place["id"]) if isinstance(place, Mapping) and place.get("id") else None


def columns(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a valid event; None for what it does not say."""
    return {
        "kind": event["type"],
        "event_time": moment(event["eventTime"]),
        "action": event.get("action"),
        "biz_step": words.short("bizStep", event.get("bizStep") or "") or None,
        "disposition": words.short("disposition", event.get("disposition") or "") or None,
        "read_point": _place(event, "readPoint"),
        "biz_location": _place(event, "bizLocation"),
        "declared": "errorDeclaration" in event,
    }


def named(event: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what an event names: role and identifier in its one notation."""
    return set(_named(event))


def _named(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, role in _THINGS.items():
        for epc in event.get(field) or ():
            yield role, one(epc)
    for field, role in _CLASSES.items():
        for element in event.get(field) or ():
            yield role, one(element["epcClass"])
    for field in ("parentID", "transformationID"):
        if event.get(field):
            yield field, one(event[field])
    for field, name, vocabulary in _KINDS:
        for element in event.get(field) or ():
            kind = words.short(vocabulary, element.get("type") or "")
            yield f"{name} {kind}".rstrip(), one(element[name])


def gln_of(identifier: str) -> str:
    """Return the GLN of a place or party; empty where it has none.

    >>> gln_of("urn:epc:id:sgln:0614141.12345.0"), gln_of("geo:47.5,11.1")
    ('0614141123452', '')
    """
    parts = dict(read_link(one(identifier)) or ())
    return parts.get("414") or parts.get("417") or ""


def told_at(event: Mapping[str, Any]) -> list[str]:
    """Return the GLNs of where it happened, then of where the things came from."""
    places = [event.get(field) for field in ("readPoint", "bizLocation")]
    names = [place["id"] for place in places if isinstance(place, Mapping) and place.get("id")]
    names += [element["source"] for element in event.get("sourceList") or ()]
    return [gln for gln in map(gln_of, names) if gln]
