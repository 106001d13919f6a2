"""EPCIS events in XML (1.2 and 2.0) as JSON-LD events.

Words become bare, quantities numbers, what stood in ``extension`` elements stands where EPCIS 2.0
has it.  Fields of other namespaces keep their prefix, which the event's ``@context`` declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from . import words
from .context import CBVMDA, EPCIS_CONTEXT
from .elements import number

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Namespaces of EPCIS itself: what is in them has no prefix in JSON.
_OURS = ("", "urn:epcglobal:epcis:xsd:1", "urn:epcglobal:epcis:xsd:2")
_WRAPPERS = frozenset({"extension", "baseExtension"})
# Schemes of URIs cannot be prefixes.
_NO_PREFIXES = frozenset("http https urn ni geo did cbv epcis gs1".split())

_EPCS = frozenset({"epcList", "childEPCs", "inputEPCList", "outputEPCList"})
_QUANTITIES = frozenset(
    {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
)
_PAIRS = {
    "bizTransactionList": ("bizTransaction", "transaction_type"),
    "sourceList": ("source", "party_type"),
    "destinationList": ("destination", "party_type"),
}
_REPORT_NUMBERS = frozenset("value minValue maxValue meanValue sDev percRank percValue".split())


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """The children of an element, those in wrappers as if they stood there themselves."""
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child)
        if (name.namespace or "") in _OURS and name.localname in _WRAPPERS:
            yield from _children(child)
        else:
            yield child


def text_of(element: etree._Element) -> str:
    """Return the text of an element without the space around it."""
    return (element.text or "").strip()


def _number(text: str) -> Any:
    try:
        value = Decimal(text)
        return number(value) if value.is_finite() else text
    except InvalidOperation:
        return text


class _Converter:
    """Converts one event and gathers the prefixes that it needs."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self._prefix_of: dict[str, str] = {}

    def name(self, element: etree._Element) -> str:
        """Return the name of a field, with the prefix of its namespace."""
        return self._named(element, etree.QName(element))

    def _named(self, element: etree._Element, name: etree.QName) -> str:
        address = name.namespace or ""
        if address in _OURS:
            return name.localname
        if address in self._prefix_of:
            return f"{self._prefix_of[address]}:{name.localname}"
        prefix = "cbvmda" if address.rstrip(":") == CBVMDA else element.prefix
        if not prefix or prefix in self.prefixes or prefix.lower() in _NO_PREFIXES:
            prefix = f"ns{len(self.prefixes) + 1}"
        self.prefixes[prefix] = address
        self._prefix_of[address] = prefix
        return f"{prefix}:{name.localname}"

    def event(self, element: etree._Element) -> dict[str, Any]:
        result: dict[str, Any] = {"type": self.name(element)}
        for child in _children(element):
            self._put(result, self.name(child), self._field(child))
        context: list[Any] = [EPCIS_CONTEXT]
        if self.prefixes:
            context.append(dict(self.prefixes))
        return {"@context": context, **result}

    def _put(self, result: dict[str, Any], name: str, value: Any) -> None:
        """Add a field; one that is there already becomes a list."""
        if name not in result:
            result[name] = value
        elif isinstance(result[name], list) and not isinstance(value, list):
            result[name].append(value)
        else:
            old = result[name] if isinstance(result[name], list) else [result[name]]
            result[name] = old + (value if isinstance(value, list) else [value])

    def _field(self, element: etree._Element) -> Any:
        if (etree.QName(element).namespace or "") not in _OURS:
            return self.extension(element)
        name = local_name(element)
        if name in _EPCS:
            return [text_of(child) for child in _children(element)]
        if name in _QUANTITIES:
            return [self._quantity(child) for child in _children(element)]
        if name in _PAIRS:
            return [self._pair(child, *_PAIRS[name]) for child in _children(element)]
        if name in words.VOCABULARIES:
            return words.short(name, text_of(element))
        special: dict[str, Callable[[etree._Element], Any]] = {
            "errorDeclaration": self._error_declaration,
            "persistentDisposition": self._persistent_disposition,
            "sensorElementList": self._sensor_elements,
        }
        convert = special.get(name)
        return convert(element) if convert else self.extension(element)

    def _quantity(self, element: etree._Element) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for child in _children(element):
            value = text_of(child)
            name = self.name(child)
            result[name] = _number(value) if name == "quantity" else value
        return result

    def _pair(self, element: etree._Element, name: str, field: str) -> dict[str, Any]:
        kind = element.get("type")
        start = {"type": words.short(field, kind.strip())} if kind else {}
        return {**start, name: text_of(element)}

    def _error_declaration(self, element: etree._Element) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for child in _children(element):
            name = self.name(child)
            if name == "correctiveEventIDs":
                result[name] = [text_of(inner) for inner in _children(child)]
            elif name == "reason":
                result[name] = words.short("reason", text_of(child))
            else:
                self._put(result, name, self.extension(child))
        return result

    def _persistent_disposition(self, element: etree._Element) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for child in _children(element):
            word = words.short("disposition", text_of(child))
            result.setdefault(self.name(child), []).append(word)
        return result

    def _sensor_elements(self, element: etree._Element) -> list[dict[str, Any]]:
        result = []
        for sensor in _children(element):
            converted: dict[str, Any] = {}
            for child in _children(sensor):
                name = self.name(child)
                if name == "sensorReport":
                    converted.setdefault(name, []).append(self._report(child))
                elif name == "sensorMetadata":
                    converted[name] = self._attributes(child)
                else:
                    self._put(converted, name, self.extension(child))
            result.append(converted)
        return result

    def _attributes(self, element: etree._Element) -> dict[str, Any]:
        return {
            self._named(element, etree.QName(name)): value.strip()
            for name, value in element.attrib.items()
            if etree.QName(name).namespace != _XSI
        }

    def _report(self, element: etree._Element) -> dict[str, Any]:
        report = self._attributes(element)
        for name, value in report.items():
            if name in _REPORT_NUMBERS:
                report[name] = _number(value)
            elif name == "booleanValue":
                report[name] = value.lower() in ("true", "1")
            elif name == "type":
                report[name] = words.short("measurement", value)
            elif name in ("exception", "component"):
                report[name] = words.short(name, value)
        return report

    def extension(self, element: etree._Element) -> Any:
        """Return text, or an object where there are elements or attributes within."""
        result: dict[str, Any] = {}
        for child in _children(element):
            self._put(result, self.name(child), self.extension(child))
        attributes = self._attributes(element)
        if not result and not attributes:
            # An empty ILMD has no text, it is an object without fields.
            return {} if local_name(element) == "ilmd" else text_of(element)
        text = text_of(element)
        own = {f"@{name}": value for name, value in attributes.items()}
        return {**own, **({"#text": text} if text else {}), **result}


def event_of(element: etree._Element) -> dict[str, Any]:
    """Return the event in ``element`` as JSON-LD that stands alone, with its ``@context``."""
    return _Converter().event(element)


def header_of(element: etree._Element) -> dict[str, Any]:
    """Return what the header says: both sides, the document's id, and the master data."""
    result: dict[str, Any] = {}
    for name, field in (("Sender", "sender"), ("Receiver", "receiver")):
        found = [text_of(e) for e in element.iterfind(f".//{{*}}{name}/{{*}}Identifier")]
        if found and found[0]:
            result[field] = found[0]
    instance = element.find(".//{*}DocumentIdentification/{*}InstanceIdentifier")
    if instance is not None and text_of(instance):
        result["instanceIdentifier"] = text_of(instance)
    vocabularies = [
        {
            "type": vocabulary.get("type", ""),
            "vocabularyElementList": [
                _vocabulary_element(item) for item in vocabulary.iterfind(".//{*}VocabularyElement")
            ],
        }
        for vocabulary in element.iterfind(".//{*}Vocabulary")
    ]
    if vocabularies:
        result["epcisHeader"] = {"epcisMasterData": {"vocabularyList": vocabularies}}
    return result


def _vocabulary_element(element: etree._Element) -> dict[str, Any]:
    result: dict[str, Any] = {"id": element.get("id", "")}
    converter = _Converter()
    attributes = [
        {"id": attribute.get("id", ""), "attribute": _attribute(converter, attribute)}
        for attribute in element.iterfind("{*}attribute")
    ]
    children = [text_of(child) for child in element.iterfind("{*}children/{*}id")]
    if attributes:
        result["attributes"] = attributes
    if children:
        result["children"] = children
    return result


def _attribute(converter: _Converter, element: etree._Element) -> Any:
    inside = {converter.name(child): converter.extension(child) for child in _children(element)}
    return inside or text_of(element)
