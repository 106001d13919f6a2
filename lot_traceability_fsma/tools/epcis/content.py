"""What no schema looks at: identifiers, check digits, dates, quantities and namespaces.

>>> event = {"type": "ObjectEvent", "action": "OBSERVE", "quantityList": [
...     {"epcClass": "urn:epc:class:lgtin:4012345.12345.L1", "quantity": -1}]}
>>> for problem in problems_of_content("", event):
...     print(*problem, sep=": ")
quantityList[0].epcClass: 'urn:epc:class:lgtin:4012345.12345.L1' is no EPC URN of the form \
urn:epc:class:lgtin:COMPANY.ITEM.LOT: correct it.
quantityList[0].quantity: The quantity '-1' is less than zero: give what was moved or counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .context import namespaces
from .errors import EpcisError
from .forms import is_number
from .identifiers import read_link, read_urn, wrong_check_digit
from .problems import Problem, joined, sentence

_THINGS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_AMOUNTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?", re.ASCII)
# What the EPCIS context declares besides `context.KNOWN`, and schemes of URIs that are whole names.
_ALWAYS = frozenset(
    "dcterms dct owl rdf rdfs schema sdo skos xsd http https urn ni geo did".split()
)
_OWN_FIELDS = frozenset({"@context", "id", "type"})


def problems_of_content(
    path: str, event: Mapping[str, Any], context: object = None
) -> list[Problem]:
    """Return what is wrong in an event beyond its form; ``context`` is that of its document."""
    problems = [*_things(path, event), *_amounts(path, event), *_places(path, event)]
    problems += _parent(path, event)
    prefixes = _ALWAYS | set(namespaces(context, event.get("@context")))
    for field, value in event.items():
        if field != "@context":
            problems += _names(joined(path, field), field, value, prefixes)
    ilmd = event.get("ilmd")
    if isinstance(ilmd, Mapping):
        problems += _dates(joined(path, "ilmd"), ilmd)
    return problems


def _listed(event: Mapping[str, Any], field: str) -> Iterator[tuple[int, Any]]:
    value = event.get(field)
    yield from enumerate(value if isinstance(value, list) else ())


def _identifier(path: str, text: object, *, level: str = "") -> Iterator[Problem]:
    """What is wrong with one identifier; ``level`` is class or instance where only one fits."""
    if not isinstance(text, str):
        return
    if text[:8].lower() == "urn:epc:":
        try:
            pairs = read_urn(text)
        except EpcisError as error:
            yield Problem(path, sentence("urn", shown=text, form=error.values["form"]))
            return
        found = "instance" if text[8:11].lower() == "id:" else "class"
    else:
        pairs = read_link(text) or []
        if not pairs:
            return
        found = _level_of_link(pairs)
        expected = wrong_check_digit(text)
        if expected:
            yield Problem(path, sentence("check_digit", shown=text, expected=expected))
    if level and found and found != level:
        yield Problem(path, sentence(found, shown=text))


def _level_of_link(pairs: list[tuple[str, str]]) -> str:
    """Return class or instance; nothing where a link does not tell."""
    key, qualifiers = pairs[0][0], {qualifier for qualifier, _value in pairs[1:]}
    if key in ("01", "8006"):
        return "instance" if qualifiers & {"21", "235"} else "class"
    return "instance" if key in ("00", "402", "8004", "8017", "8018") else ""


def _things(path: str, event: Mapping[str, Any]) -> Iterator[Problem]:
    for field in _THINGS:
        for index, text in _listed(event, field):
            yield from _identifier(joined(joined(path, field), index), text, level="instance")
    yield from _identifier(joined(path, "parentID"), event.get("parentID"))
    yield from _identifier(joined(path, "transformationID"), event.get("transformationID"))


def _amounts(path: str, event: Mapping[str, Any]) -> Iterator[Problem]:
    for field in _AMOUNTS:
        for index, element in _listed(event, field):
            if not isinstance(element, Mapping):
                continue
            place = joined(joined(path, field), index)
            name = element.get("epcClass")
            yield from _identifier(joined(place, "epcClass"), name, level="class")
            amount = element.get("quantity")
            if is_number(amount) and not math.isfinite(amount):
                yield Problem(joined(place, "quantity"), sentence("not_finite", shown=amount))
            elif is_number(amount) and amount < 0:
                yield Problem(joined(place, "quantity"), sentence("negative", shown=amount))


def _places(path: str, event: Mapping[str, Any]) -> Iterator[Problem]:
    for field in ("readPoint", "bizLocation"):
        place = event.get(field)
        if isinstance(place, Mapping):
            yield from _identifier(joined(joined(path, field), "id"), place.get("id"))
    for field, name in (
        ("bizTransactionList", "bizTransaction"),
        ("sourceList", "source"),
        ("destinationList", "destination"),
    ):
        for index, element in _listed(event, field):
            if isinstance(element, Mapping):
                inner = joined(joined(joined(path, field), index), name)
                yield from _identifier(inner, element.get(name))


def _parent(path: str, event: Mapping[str, Any]) -> Iterator[Problem]:
    if (
        event.get("type") == "AggregationEvent"
        and event.get("action") in ("ADD", "DELETE")
        and "parentID" not in event
    ):
        yield Problem(path, sentence("parent"))


def _names(path: str, field: str, value: object, prefixes: frozenset[str]) -> Iterator[Problem]:
    """Fields without a namespace, or with a prefix that stands for nothing."""
    prefix, colon, _local = field.partition(":")
    if colon and prefix.lower() not in prefixes and prefix not in prefixes:
        yield Problem(path, sentence("prefix", shown=field))
    if isinstance(value, Mapping):
        extended = colon or field in ("readPoint", "bizLocation", "ilmd")
        for name, inner in value.items():
            if extended and ":" not in name and name not in _OWN_FIELDS and name[:1] not in "@#":
                yield Problem(joined(path, name), sentence("namespace", shown=name))
            yield from _names(joined(path, name), name, inner, prefixes)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            if isinstance(element, Mapping):
                for name, inner in element.items():
                    yield from _names(joined(joined(path, index), name), name, inner, prefixes)


def _dates(path: str, ilmd: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in ilmd.items():
        if not name.startswith(("cbvmda:", "gdst:")) or not name.endswith("Date"):
            continue
        match = _DATE.fullmatch(value) if isinstance(value, str) else None
        try:
            if match is None:
                raise ValueError
            date(*(int(part) for part in match.groups()))
        except ValueError:
            yield Problem(joined(path, name), sentence("date", shown=value))
