"""Reads EPCIS documents that others send: JSON-LD and XML, large ones without holding them.

An event comes as a plain JSON-LD object that stands alone: the document's ``@context`` is in it.
XML is read without entities, network and document type; what is too large is refused.

>>> [event["type"] for event in read(b'[{"type": "ObjectEvent", "eventTime": "2026-01-01"}]')]
['ObjectEvent']
>>> list(read(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"))  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
    ...
EpcisError: The XML holds a DOCTYPE, which is refused for safety: \
send it without one.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from lxml import etree

from .context import merged
from .depth import too_deep
from .errors import EpcisError, shown
from .json_stream import JsonText, Limited
from .xml_events import event_of, header_of, local_name

LIMIT = 100 * 1024 * 1024
_IN_MEMORY = 1024 * 1024
_KINDS = frozenset(
    "ObjectEvent AggregationEvent AssociationEvent TransactionEvent TransformationEvent "
    "QuantityEvent".split()
)


class Reading:
    """One document that is being read.

    Iterating gives the events.  ``header`` holds all else: type, version, creation date, sender,
    receiver, master data; it is complete when the events are through, and holds the context from
    the first event on.  ``place`` tells where the last event stands, ``kind`` is json or xml.
    """

    def __init__(self, source: Any, limit: int = LIMIT) -> None:
        self.header: dict[str, Any] = {}
        self.place = ""
        self.kind = "json"
        self._limit = limit
        self._number = 0
        self._has_list = False
        self._merged: tuple[object, list[Any]] | None = None
        self._plain = source if isinstance(source, (Mapping, list)) else None
        self._file: BinaryIO = io.BytesIO()
        if self._plain is None:
            self._file = _seekable(source, limit)
            self.kind = _kind(self._file)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._number = 0
        if self._plain is not None:
            found = self._from_plain(self._plain)
        else:
            self._file.seek(0)
            found = self._from_xml() if self.kind == "xml" else self._from_json()
        yield from found
        # An empty list of events is an answer, such as to a query.
        if not self._number and not self._has_list:
            raise EpcisError("no_events")

    def _event(self, event: Any, place: str = "") -> dict[str, Any]:
        self._number += 1
        self.place = f"event {self._number}, {place}" if place else f"event {self._number}"
        if not isinstance(event, Mapping):
            raise EpcisError("not_an_event", place=self.place, shown=shown(event))
        if too_deep(event):
            raise EpcisError("nested", place=self.place)
        context = self._context(event.get("@context"))
        return {"@context": context, **{k: v for k, v in event.items() if k != "@context"}}

    def _context(self, own: object) -> list[Any]:
        """Return the context of an event: that of the document, with its own behind it."""
        outer = self.header.get("@context")
        if own:
            return merged(outer, own)
        # Most events have none of their own, and take the one list of the document.
        if self._merged is None or self._merged[0] is not outer:
            self._merged = (outer, merged(outer, None))
        return self._merged[1]

    def _from_plain(self, document: Any) -> Iterator[dict[str, Any]]:
        """The events of a document that was read already."""
        if isinstance(document, list):
            yield from (self._event(event) for event in document)
            return
        body = document.get("epcisBody")
        self.header |= {name: value for name, value in document.items() if name != "epcisBody"}
        if not isinstance(body, Mapping):
            if "eventTime" in document:
                yield self._event(document)
            return
        self._has_list = True
        for name in ("queryResults", "resultsBody"):
            inner = body.get(name)
            body = inner if isinstance(inner, Mapping) else body
        if "event" in body:
            yield self._event(body["event"])
        events = body.get("eventList")
        yield from (self._event(event) for event in (events if isinstance(events, list) else ()))

    def _from_json(self) -> Iterator[dict[str, Any]]:
        text = JsonText(self._file, self._limit)
        if text.peek() == "[":
            for event in text.elements():
                yield self._event(event, text.place)
        else:
            for event in self._in_json(text):
                # The context may stand behind the events; without it they mean nothing.
                if not self._number and "@context" not in self.header:
                    self._look_ahead()
                yield self._event(event, text.place)
            if not self._has_list and "eventTime" in self.header:
                yield self._event(self.header, text.place)
        text.end()

    def _look_ahead(self) -> None:
        """Read the rest once for what is not events, then go back to where we were."""
        position = self._file.tell()
        self._file.seek(0)
        for _event in self._in_json(JsonText(self._file, self._limit)):
            pass
        self._file.seek(position)

    def _in_json(self, text: JsonText) -> Iterator[Any]:
        """The events of a document; all else goes to the header."""
        for key in text.fields():
            if key == "epcisBody":
                self._has_list = True
                yield from self._in_body(text)
            else:
                self.header[key] = text.value()

    def _in_body(self, text: JsonText) -> Iterator[Any]:
        for key in text.fields():
            if key == "eventList":
                yield from text.elements()
            elif key == "event":
                yield text.value()
            elif key in ("queryResults", "resultsBody"):
                yield from self._in_body(text)
            else:
                self.header[key] = text.value()

    def _from_xml(self) -> Iterator[dict[str, Any]]:
        parsing = etree.iterparse(
            cast(BinaryIO, Limited(self._file, self._limit)),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        path: list[str] = []
        try:
            for what, element in parsing:
                if what == "start":
                    if not path:
                        self._root(element)
                    path.append(local_name(element))
                else:
                    path.pop()
                    yield from self._ended(element, path)
        except etree.XMLSyntaxError as error:
            what = (error.msg or "it is no XML").partition(", line")[0]
            raise EpcisError("xml", place=f"line {error.lineno or 1}", what=what) from None

    def _root(self, element: etree._Element) -> None:
        information = element.getroottree().docinfo
        if information.doctype or information.internalDTD is not None:
            raise EpcisError("xml_doctype")
        self.header["type"] = local_name(element)
        for name in ("schemaVersion", "creationDate"):
            if element.get(name):
                self.header[name] = element.get(name)

    def _ended(self, element: etree._Element, path: list[str]) -> Iterator[dict[str, Any]]:
        """An element was read: an event, the header, or a part that is of no interest."""
        name = local_name(element)
        if name == "EPCISHeader":
            self.header |= header_of(element)
        elif name == "EventList":
            self._has_list = True
        elif self._is_event(name, path):
            yield self._event(event_of(element), f"line {element.sourceline}")
        else:
            return
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]

    def _is_event(self, name: str, path: list[str]) -> bool:
        if not path or "EPCISHeader" in path:
            return name in _KINDS and not path
        around = [step for step in path if step != "extension"]
        return around[-1] == "EventList" and name != "extension"


def _seekable(source: Any, limit: int) -> BinaryIO:
    """Return a file that can be read twice, of text, bytes or a stream."""
    if isinstance(source, str):
        source = source.encode()
    if isinstance(source, (bytes, bytearray)):
        if len(source) > limit:
            raise EpcisError("too_large", limit=str(limit))
        return io.BytesIO(source)
    if getattr(source, "seekable", lambda: False)():
        return cast(BinaryIO, source)
    # A stream from the network comes once only; beyond a megabyte it is kept on disk.
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (read later on)
    limited = Limited(source, limit)
    while data := limited.read(_IN_MEMORY):
        copy.write(data)
    copy.seek(0)
    return cast(BinaryIO, copy)


def _kind(file: BinaryIO) -> str:
    """Return json or xml by how the document begins."""
    start = file.read(1024)
    file.seek(0)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise EpcisError("encoding")
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise EpcisError("empty")
    return "xml" if start[:1] == b"<" else "json"


def open_document(source: Any, *, limit: int = LIMIT) -> Reading:
    """Return a :class:`Reading` of bytes, text, a binary stream, or a document read already.

    ``limit`` is the largest size in bytes; more raises :class:`EpcisError` ``too_large``.
    """
    return Reading(source, limit)


def read(source: Any, *, limit: int = LIMIT) -> Iterator[dict[str, Any]]:
    """Yield the events of a document, one at a time; raises :class:`EpcisError` with the place.

    A document, a query document, one event or a list of events; arguments as in
    :func:`open_document`.  An error may come after events were given: nothing of the document
    should be kept then.
    """
    yield from open_document(source, limit=limit)
