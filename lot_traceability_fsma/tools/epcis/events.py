"""The five kinds of EPCIS events, typed, and as JSON-LD.

>>> from datetime import datetime, timezone
>>> event = ObjectEvent(
...     datetime(2026, 11, 26, 10, tzinfo=timezone.utc), action="OBSERVE", biz_step="shipping",
...     epc_list=("urn:epc:id:sscc:4012345.0000000333",),
...     sources=(Party("owning_party", "urn:epc:id:pgln:4012345.00000"),))
>>> sorted(event.to_dict())
['action', 'bizStep', 'epcList', 'eventTime', 'eventTimeZoneOffset', 'sourceList', 'type']
>>> event.to_dict()["sourceList"]
[{'type': 'owning_party', 'source': 'urn:epc:id:pgln:4012345.00000'}]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from .elements import ErrorDeclaration, Ilmd, Party, Place, Quantity, Transaction
from .hashing import hash_id
from .times import offset_of, write


def _quantities(quantities: tuple[Quantity, ...]) -> list[dict[str, Any]]:
    return [quantity.to_dict() for quantity in quantities]


@dataclass(frozen=True, slots=True)
class Event:
    """What all events have in common.

    ``time`` knows its zone; ``offset`` is that of the place of the event, by default that of
    ``time``.  Identifiers are URIs: EPC URNs or GS1 Digital Links.  Words of the core business
    vocabulary are bare (``shipping``).  ``extensions`` are fields with a namespace; ``event_id``
    may be empty, then :meth:`with_hash_id` gives one.
    """

    KIND: ClassVar[str] = ""

    time: datetime
    offset: str = ""
    event_id: str = ""
    biz_step: str = ""
    disposition: str = ""
    read_point: Place | None = None
    biz_location: Place | None = None
    transactions: tuple[Transaction, ...] = ()
    sources: tuple[Party, ...] = ()
    destinations: tuple[Party, ...] = ()
    sensor_elements: tuple[Mapping[str, Any], ...] = ()
    certification_info: tuple[str, ...] = ()
    error_declaration: ErrorDeclaration | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def _what(self) -> dict[str, Any]:
        """Return the fields of this kind of event."""
        return {}

    def to_dict(self, context: object = None) -> dict[str, Any]:
        """Return the event as JSON-LD, only what is known; with ``context`` it stands alone."""
        result: dict[str, Any] = {"@context": context} if context else {}
        result |= {
            "type": self.KIND,
            "eventID": self.event_id,
            "eventTime": write(self.time),
            "eventTimeZoneOffset": self.offset or offset_of(self.time),
            "certificationInfo": list(self.certification_info),
            **self._what(),
            "bizStep": self.biz_step,
            "disposition": self.disposition,
            "readPoint": self.read_point.to_dict() if self.read_point else None,
            "bizLocation": self.biz_location.to_dict() if self.biz_location else None,
            "bizTransactionList": [transaction.to_dict() for transaction in self.transactions],
            "sourceList": [party.to_dict("source") for party in self.sources],
            "destinationList": [party.to_dict("destination") for party in self.destinations],
            "sensorElementList": [dict(element) for element in self.sensor_elements],
            **self.extensions,
        }
        if self.error_declaration is not None:
            result["errorDeclaration"] = self.error_declaration.to_dict()
        return {name: value for name, value in result.items() if value not in (None, "", [])}

    def with_hash_id(self, context: object = None) -> dict[str, Any]:
        """Return the event as JSON-LD, with the hash of what happened as its id if it has none."""
        event = self.to_dict()
        return {"eventID": hash_id(event, context), **event}


def _disposed(kept: tuple[str, ...], dropped: tuple[str, ...]) -> dict[str, Any]:
    words = {"set": list(kept), "unset": list(dropped)}
    present = {name: value for name, value in words.items() if value}
    return {"persistentDisposition": present} if present else {}


@dataclass(frozen=True, slots=True)
class ObjectEvent(Event):
    """Something happened to things: they were made (ADD), seen (OBSERVE) or ended (DELETE)."""

    KIND: ClassVar[str] = "ObjectEvent"

    action: str = "OBSERVE"
    epc_list: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    ilmd: Ilmd | None = None
    dispositions_set: tuple[str, ...] = ()
    dispositions_unset: tuple[str, ...] = ()

    def _what(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "epcList": list(self.epc_list),
            "quantityList": _quantities(self.quantities),
            **_disposed(self.dispositions_set, self.dispositions_unset),
            "ilmd": (self.ilmd.to_dict() or None) if self.ilmd else None,
        }


@dataclass(frozen=True, slots=True)
class _ParentEvent(Event):
    """A parent and its children."""

    action: str = "ADD"
    parent_id: str = ""
    child_epcs: tuple[str, ...] = ()
    child_quantities: tuple[Quantity, ...] = ()

    def _what(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "parentID": self.parent_id,
            "childEPCs": list(self.child_epcs),
            "childQuantityList": _quantities(self.child_quantities),
        }


@dataclass(frozen=True, slots=True)
class AggregationEvent(_ParentEvent):
    """Things were put together, such as cases on a pallet, or taken apart (DELETE)."""

    KIND: ClassVar[str] = "AggregationEvent"


@dataclass(frozen=True, slots=True)
class AssociationEvent(_ParentEvent):
    """Things were joined to an asset or a place, such as a sensor to a container."""

    KIND: ClassVar[str] = "AssociationEvent"


@dataclass(frozen=True, slots=True)
class TransactionEvent(Event):
    """Things became, or are no longer, part of a business transaction."""

    KIND: ClassVar[str] = "TransactionEvent"

    action: str = "ADD"
    parent_id: str = ""
    epc_list: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    def _what(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "parentID": self.parent_id,
            "epcList": list(self.epc_list),
            "quantityList": _quantities(self.quantities),
        }


@dataclass(frozen=True, slots=True)
class TransformationEvent(Event):
    """Inputs were used up and outputs came to be; what one lot went into."""

    KIND: ClassVar[str] = "TransformationEvent"

    transformation_id: str = ""
    input_epcs: tuple[str, ...] = ()
    input_quantities: tuple[Quantity, ...] = ()
    output_epcs: tuple[str, ...] = ()
    output_quantities: tuple[Quantity, ...] = ()
    ilmd: Ilmd | None = None
    dispositions_set: tuple[str, ...] = ()
    dispositions_unset: tuple[str, ...] = ()

    def _what(self) -> dict[str, Any]:
        return {
            "transformationID": self.transformation_id,
            "inputEPCList": list(self.input_epcs),
            "inputQuantityList": _quantities(self.input_quantities),
            "outputEPCList": list(self.output_epcs),
            "outputQuantityList": _quantities(self.output_quantities),
            **_disposed(self.dispositions_set, self.dispositions_unset),
            "ilmd": (self.ilmd.to_dict() or None) if self.ilmd else None,
        }
