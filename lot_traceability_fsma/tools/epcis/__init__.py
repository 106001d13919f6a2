"""EPCIS 2.0: events and documents written, read, judged, named by their hash, and asked for.

>>> event = {"type": "ObjectEvent", "eventTime": "2026-11-26T10:00:00Z", "action": "OBSERVE",
...          "eventTimeZoneOffset": "+01:00", "epcList": ["urn:epc:id:sscc:4012345.0000000333"]}
>>> [found["action"] for found in read(event)], validate_event(event)
(['OBSERVE'], [])
"""

from .context import EPCIS_CONTEXT, namespaces
from .documents import MasterData, context, document, query_document, vocabulary_list
from .elements import (
    ErrorDeclaration,
    Ilmd,
    Party,
    Place,
    Quantity,
    Transaction,
    traceability,
)
from .errors import EpcisError
from .events import (
    AggregationEvent,
    AssociationEvent,
    Event,
    ObjectEvent,
    TransactionEvent,
    TransformationEvent,
)
from .hashing import hash_id, pre_hash
from .identifiers import canonical
from .patterns import Match
from .problems import Problem
from .query import Condition, EventQuery
from .query import parse as parse_query
from .reading import LIMIT, Reading, open_document, read
from .validation import validate, validate_event

__all__ = [
    "EPCIS_CONTEXT",
    "LIMIT",
    "AggregationEvent",
    "AssociationEvent",
    "Condition",
    "EpcisError",
    "ErrorDeclaration",
    "Event",
    "EventQuery",
    "Ilmd",
    "MasterData",
    "Match",
    "ObjectEvent",
    "Party",
    "Place",
    "Problem",
    "Quantity",
    "Reading",
    "Transaction",
    "TransactionEvent",
    "TransformationEvent",
    "canonical",
    "context",
    "document",
    "hash_id",
    "namespaces",
    "open_document",
    "parse_query",
    "pre_hash",
    "query_document",
    "read",
    "traceability",
    "validate",
    "validate_event",
    "vocabulary_list",
]
