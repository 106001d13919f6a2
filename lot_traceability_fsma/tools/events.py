"""The seven critical tracking events of 21 CFR part 1 subpart S and the data elements of each.

>>> [element.code for element in elements("receiving")][:4]
['tlc', 'quantity', 'product_description', 'from_location']
>>> missing("shipping", {"tlc": "A1", "date": "2026-03-02"})[:2]
['quantity', 'product_description']
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .event_elements import (
    COOLING,
    EXEMPT_PACKING,
    FIRST_RECEIVING,
    HARVESTING,
    PACKING,
    RAW_IN_TRANSFORMATION,
    RECEIVING,
    RECEIVING_EXEMPT,
    SHIPPING,
    SPROUTS,
    TRANSFORMATION,
    Element,
)
from .places import gaps

# In the order in which the rule names them (21 CFR 1.1310).
EVENTS = {
    "harvesting": "Harvesting",
    "cooling": "Cooling before initial packing",
    "initial_packing": "Initial packing",
    "first_receiving": "First land-based receiving",
    "shipping": "Shipping",
    "receiving": "Receiving",
    "transformation": "Transformation",
}
# Where a traceability lot code is given; receipt from an exempt source besides, if there is none.
ASSIGNING = frozenset({"initial_packing", "first_receiving", "transformation"})
# Before the initial packing there is no traceability lot code (1.1325).
WITHOUT_CODE = frozenset({"harvesting", "cooling"})
_PLAIN = {
    "harvesting": HARVESTING,
    "cooling": COOLING,
    "initial_packing": PACKING,
    "first_receiving": FIRST_RECEIVING,
    "shipping": SHIPPING,
    "receiving": RECEIVING,
    "transformation": TRANSFORMATION,
}


@dataclass(frozen=True)
class Circumstances:
    """What about an event decides which elements it needs.

    :param exempt: the goods came from a person whom the rule does not bind (1.1330(c), 1.1345(b))
    :param raw: a transformation used a raw commodity that was never packed (1.1350(b))
    :param applies: what is true of the food: "produce", "aquaculture", "sprouts"
    """

    exempt: bool = False
    raw: bool = False
    applies: frozenset[str] = frozenset()


PLAIN = Circumstances()


def elements(kind: str, of: Circumstances = PLAIN) -> tuple[Element, ...]:
    """Every data element of an event, in the order of its section.

    :raises KeyError: for a kind that is none of the seven

    >>> len(elements("initial_packing")), len(elements("initial_packing", Circumstances(True)))
    (18, 11)
    >>> [one.section for one in elements("receiving", Circumstances(exempt=True))][:2]
    ['1.1345(b)(1)', '1.1345(b)(2)']
    """
    found = _PLAIN[kind]
    if of.exempt and kind == "receiving":
        found = RECEIVING_EXEMPT
    elif of.exempt and kind == "initial_packing":
        found = EXEMPT_PACKING
    if of.raw and kind == "transformation":
        found += RAW_IN_TRANSFORMATION
    if "sprouts" in of.applies and (
        kind == "initial_packing" or (kind == "transformation" and of.raw)
    ):
        found += SPROUTS
    return found


def every_element() -> dict[str, Element]:
    """Each element once, by its code: as it is named where it comes first.

    >>> every_element()["to_location"].kind
    'place'
    """
    groups = (*_PLAIN.values(), EXEMPT_PACKING, RECEIVING_EXEMPT, RAW_IN_TRANSFORMATION, SPROUTS)
    found: dict[str, Element] = {}
    for group in groups:
        for element in group:
            found.setdefault(element.code, element)
    return found


def needed(kind: str, of: Circumstances = PLAIN) -> list[Element]:
    """The elements that an event cannot do without: those that always apply, and those whose
    condition is met."""
    return [one for one in elements(kind, of) if not one.when or one.when in of.applies]


def is_known(element: Element, value: Any) -> bool:
    """Does this value say what the rule asks for?

    A quantity is {"amount", "unit"}, a place as `places.gaps` takes it, a document {"type",
    "number"}, several inputs or origins a list of {code: value}; the rest is text or a date.

    >>> quantity = every_element()["quantity"]
    >>> is_known(quantity, {"amount": 4}), is_known(quantity, {"amount": 4, "unit": "kg"})
    (False, True)
    """
    if element.kind == "quantity":
        return bool(value and value.get("unit") and (value.get("amount") or 0) > 0)
    if element.kind == "document":
        return bool(value and value.get("type") and value.get("number"))
    if element.kind == "place":
        return bool(value) and not gaps(value)
    if element.kind == "contact":
        return bool(value and value.get("name") and value.get("phone"))
    if element.kind == "source":
        # A reference stands for the place (1.1340(a)(7)).
        return bool(value) and (bool(value.get("reference")) or not gaps(value))
    return bool(str(value).strip()) if value else False


def missing(kind: str, values: Mapping[str, Any], of: Circumstances = PLAIN) -> list[str]:
    """The codes of the needed elements that are not known, in the order of the section.

    :param values: {code: value as `is_known` takes it}; "inputs" is a list of such mappings, and
        what each of them lacks is missing

    >>> missing("cooling", {"commodity": "Kale", "quantity": {"amount": 2, "unit": "bin"}})
    ['to_location', 'location', 'date', 'farm', 'document']
    >>> missing("transformation", {"inputs": [{"input_tlc": "A"}]})[:3]
    ['input_product_description', 'input_quantity', 'tlc']
    """
    inputs: Collection[Mapping[str, Any]] = values.get("inputs") or ()
    found = []
    for element in needed(kind, of):
        rows = (values,)
        if element.of_input:
            # Foods that are not on the list go in without any of this; what came in to be packed
            # is told of the event itself where there is no row.
            rows = inputs or (() if element.code.startswith("input_") else (values,))
        if not all(is_known(element, row.get(element.code)) for row in rows):
            found.append(element.code)
    return found


def completeness(kind: str, lacking: Collection[str], of: Circumstances = PLAIN) -> float:
    """The share of the needed elements that are known, from 0 to 1.

    >>> completeness("receiving", ["tlc", "tlc_source"])
    0.75
    """
    all_needed = {element.code for element in needed(kind, of)}
    return 1 - len(all_needed & set(lacking)) / len(all_needed)
