"""What an event tells about amounts of a lot: how much somebody received, made or shipped.

>>> event = {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "quantityList": [
...     {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 5, "uom": "KGM"}]}
>>> for flow in flows(event):
...     print(flow.what, flow.epc, flow.quantity, flow.uom, flow.path)
shipped https://id.gs1.org/01/04012345123456/10/L1 5.0 KGM quantityList[0].quantity
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from . import words
from .identifiers import read_link
from .indexing import gln_of, one

RECEIVING = ("receiving", "accepting")
SHIPPING = "shipping"


class Flow(NamedTuple):
    """An amount of one class.

    ``what`` is received, made or shipped.  ``quantity`` is None where the event does not tell
    how much.  ``path`` is its place in the event.
    """

    what: str
    epc: str
    quantity: float | None
    uom: str
    path: str


def is_shipment(event: Mapping[str, Any]) -> bool:
    """Does this event tell that goods were shipped, and not that such an event was wrong?"""
    step = words.short("bizStep", event.get("bizStep") or "")
    return event["type"] == "ObjectEvent" and step == SHIPPING and "errorDeclaration" not in event


def flows(event: Mapping[str, Any]) -> list[Flow]:
    """Return what a valid event tells of amounts; what is on pallets is told elsewhere."""
    if event["type"] == "TransformationEvent":
        return list(_amounts("made", event, "outputQuantityList"))
    if event["type"] != "ObjectEvent" or event.get("action") == "DELETE":
        return []
    step = words.short("bizStep", event.get("bizStep") or "")
    found: list[Flow] = []
    if step in RECEIVING:
        found += _amounts("received", event, "quantityList")
    elif event.get("action") == "ADD":
        found += _amounts("made", event, "quantityList")
    if step == SHIPPING:
        found += _amounts("shipped", event, "quantityList")
    return found


def _amounts(what: str, event: Mapping[str, Any], field: str) -> Iterator[Flow]:
    for index, element in enumerate(event.get(field) or ()):
        yield amount(what, element, f"{field}[{index}].quantity")


def amount(what: str, element: Mapping[str, Any], path: str) -> Flow:
    """Return one element of a list of quantities."""
    quantity = element.get("quantity")
    told = None if quantity is None else float(quantity)
    return Flow(what, one(element["epcClass"]), told, element.get("uom") or "", path)


def pallets(event: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the pallets that an event names: their index in the list of things, and SSCC.

    >>> pallets({"epcList": ["urn:epc:id:sscc:4012345.0000000333", "urn:x:1"]})
    [(0, '040123450000003338')]
    """
    found = []
    for index, epc in enumerate(event.get("epcList") or ()):
        sscc = dict(read_link(one(epc)) or ()).get("00")
        if sscc:
            found.append((index, sscc))
    return found


def ends(event: Mapping[str, Any], side: str) -> list[str]:
    """Return the GLNs of where goods come from (``source``) or go to (``destination``).

    >>> ends({"sourceList": [{"type": "location", "source": "urn:epc:id:sgln:0614141.12345.0"}]},
    ...      "source")
    ['0614141123452']
    """
    uris = [element[side] for element in event.get(f"{side}List") or ()]
    return [gln for gln in map(gln_of, uris) if gln]
