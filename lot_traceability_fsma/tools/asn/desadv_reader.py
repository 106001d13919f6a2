"""Reads EDIFACT DESADV (D.96A, D.01B) into shipments; each error names its segment.

Lots are read from PIA (batch number) and from the numbers of a line (GIN with BX), dates from the
line or the packing level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from .desadv import DATES, PARTIES, SOURCE_TEXT, Envelope
from .edifact_syntax import LIMIT, Segment, split
from .errors import AsnError, shown
from .shipment import Line, Order, Pallet, Party, Shipment, gln, gtin, lot, quantity, sscc
from .values import read_decimal, read_time

_ROLES = {code: role for role, code in PARTIES.items()} | {"ST": "ship_to", "SH": "ship_from"}
_FIELDS = {code: name for name, code in DATES.items()}
_LENGTHS = {"101": 6, "102": 8, "203": 12, "204": 14}


def _time(segment: Segment) -> datetime:
    """Return what a DTM says."""
    text, form = segment.need(1, 2), segment.get(1, 3) or "102"
    if form not in _LENGTHS or len(text) != _LENGTHS[form]:
        raise AsnError("date", place=segment.place, shown=shown(text))
    if form == "101":
        text = "20" + text
    return read_time(text[:8], text[8:12], segment.place)


def _day(segment: Segment) -> date:
    return _time(segment).date()


def _party(segment: Segment) -> Party:
    """Return what a NAD says."""
    number = segment.get(2)
    is_gln = number and segment.get(2, 3) in ("9", "")
    return Party(
        name=" ".join(segment.all(4)),
        gln=gln(number, segment.place) if is_gln else "",
        street=" ".join(segment.all(5)),
        city=segment.get(6),
        state=segment.get(7),
        postcode=segment.get(8),
        country=segment.get(9),
    )


@dataclass(slots=True)
class _Line:
    """A line that is being read, and its order."""

    segment: Segment
    values: dict[str, Any] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    order: str = ""
    order_date: date | None = None


class _Reader:
    """Reads one message, a segment at a time."""

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._sscc = ""
        self._level: dict[str, Any] = {}
        self._line: _Line | None = None
        self._role = ""
        self._orders: dict[str, date | None] = {}
        self._pallets: dict[str, dict[str, list[Line]]] = {}
        self._count = 0

    def take(self, segment: Segment) -> None:
        """Read the next segment of the message."""
        if segment.tag == "CPS":
            self._end_line()
            self._sscc, self._level, self._role = "", {}, ""
        elif segment.tag == "LIN":
            self._end_line()
            self._count += 1
            self._line = _Line(segment, dict(self._level))
            if segment.get(3):
                self._line.values["gtin"] = gtin(segment.get(3), segment.place)
        elif segment.tag == "CNT":
            self._end_line()
            self._check_count(segment)
        elif self._line is not None:
            self._in_line(self._line, segment)
        elif segment.tag == "GIN" and segment.get(1) == "BJ":
            self._sscc = sscc(segment.need(2), segment.place)
        elif segment.tag == "DTM" and self._is_item_date(segment):
            self._level[_FIELDS[segment.get(1)]] = _day(segment)
        else:
            self._in_head(segment)

    def _is_item_date(self, segment: Segment) -> bool:
        """Is it a date of goods, which a packing level may have for all its lines?"""
        return segment.get(1) in _FIELDS and "levels" in self._head

    def _check_count(self, segment: Segment) -> None:
        said = segment.get(1, 2)
        if segment.get(1) == "2" and said != str(self._count):
            raise AsnError(
                "count", place=segment.place, name="CNT", said=shown(said),
                counted=str(self._count),
            )  # fmt: skip

    def _in_head(self, segment: Segment) -> None:
        if segment.tag == "BGM":
            self._head["number"] = segment.need(2)
        elif segment.tag == "DTM":
            names = {"11": "shipped", "17": "expected", "137": "noted", "132": "expected"}
            if segment.get(1) in names:
                self._head.setdefault(names[segment.get(1)], _time(segment))
        elif segment.tag == "NAD":
            self._role = _ROLES.get(segment.need(1), "")
            if self._role:
                self._head[self._role] = _party(segment)
        elif segment.tag == "RFF":
            self._reference(segment)
        elif segment.tag == "COM" and self._role and segment.get(1, 2) == "TE":
            self._add_to_party("phone", segment.need(1))
        elif segment.tag == "TDT":
            self._head["carrier"] = segment.get(5, 4) or segment.get(5)

    def _reference(self, segment: Segment) -> None:
        if segment.get(1) == "GN" and self._role:
            self._add_to_party("reference", segment.need(1, 2))
        elif segment.get(1) == "BM":
            self._head["bill_of_lading"] = segment.need(1, 2)
        elif segment.get(1) == "ON" and not self._role:
            self._head["order"] = segment.need(1, 2)

    def _add_to_party(self, name: str, value: str) -> None:
        self._head[self._role] = replace(self._head[self._role], **{name: value})

    def _in_line(self, line: _Line, segment: Segment) -> None:
        if segment.tag == "PIA":
            self._numbers(line, segment)
        elif segment.tag == "GIN" and segment.get(1) == "BX":
            line.values.setdefault("lot", lot(segment.need(2), segment.place))
        elif segment.tag == "QTY" and segment.get(1) == "12":
            amount = read_decimal(segment.need(1, 2).replace(",", "."), segment.place)
            line.values["quantity"] = quantity(amount, segment.place)
            line.values["unit"] = segment.get(1, 3) or "EA"
        elif segment.tag == "DTM":
            if segment.get(1) in _FIELDS:
                line.values[_FIELDS[segment.get(1)]] = _day(segment)
            elif segment.get(1) == "171" and line.order:
                line.order_date = _day(segment)
        else:
            self._about_line(line, segment)

    def _about_line(self, line: _Line, segment: Segment) -> None:
        """What is said of a line in words, its order and its source."""
        if segment.tag == "IMD":
            text = " ".join(segment.all(3, 4))
            if text:
                line.values["description"] = text
        elif segment.tag == "RFF" and segment.get(1) == "ON":
            line.order = segment.need(1, 2)
            line.values["order_line"] = segment.get(1, 3)
        elif segment.tag == "FTX" and segment.get(4) == SOURCE_TEXT:
            line.source = {"phone": segment.get(4, 2), "reference": segment.get(4, 3)}
        elif segment.tag == "NAD" and segment.get(1) == "MF":
            line.values["tlc_source"] = _party(segment)

    def _numbers(self, line: _Line, segment: Segment) -> None:
        for index in range(2, len(segment.elements) + 1):
            value, kind = segment.get(index), segment.get(index, 2)
            if kind == "NB":
                line.values["lot"] = lot(value, segment.place)
            elif kind == "SA":
                line.values["product_number"] = value
            elif kind in ("EN", "SRV", "UP") and "gtin" not in line.values:
                line.values["gtin"] = gtin(value, segment.place)

    def _end_line(self) -> None:
        """A line is complete: it goes to its order and its pallet."""
        self._head.setdefault("levels", True)
        line, self._line = self._line, None
        if line is None:
            return
        for name, words in (("gtin", "The GTIN"), ("lot", "The lot"), ("quantity", "QTY with 12")):
            if name not in line.values:
                raise AsnError("missing", place=line.segment.place, field=words)
        source = line.values.get("tlc_source")
        if source is not None and line.source:
            line.values["tlc_source"] = replace(source, **line.source)
        number = line.order or self._head.get("order", "")
        self._orders[number] = self._orders.get(number) or line.order_date
        pallets = self._pallets.setdefault(number, {})
        pallets.setdefault(self._sscc, []).append(Line(**line.values))

    def end(self, place: str) -> Shipment:
        """Return the shipment; the message is through."""
        self._end_line()
        head = {k: v for k, v in self._head.items() if k not in ("levels", "order", "noted")}
        if "number" not in head:
            raise AsnError("missing", place=place, field="The number in BGM")
        if "shipped" not in head:
            if "noted" not in self._head:
                raise AsnError("missing", place=place, field="The date of shipping (DTM with 11)")
            head["shipped"] = self._head["noted"]
        orders = tuple(
            Order(
                number,
                self._orders[number],
                tuple(Pallet(unit, tuple(lines)) for unit, lines in pallets.items()),
            )
            for number, pallets in self._pallets.items()
        )
        return Shipment(**head, orders=orders)


def read_desadv(text: str, *, limit: int = LIMIT) -> tuple[Envelope, list[Shipment]]:
    """Return the envelope and the shipments; raises :class:`AsnError` with the segment.

    Other messages in the interchange are left alone; ``limit`` is the largest number of
    characters.
    """
    envelope: Envelope | None = None
    directory = ""
    shipments: list[Shipment] = []
    for message in _messages(text, limit):
        if isinstance(message, Envelope):
            envelope = message
            continue
        head, body, last = message
        if head.get(2) == "DESADV":
            directory = head.get(2, 3)
            reader = _Reader()
            for segment in body:
                reader.take(segment)
            shipments.append(reader.end(last.place))
    if envelope is None or not shipments:
        raise AsnError("no_message", wanted="despatch advice (DESADV)")
    return replace(envelope, directory=directory), shipments


def _messages(text: str, limit: int) -> Iterator[Envelope | tuple[Segment, list[Segment], Segment]]:
    """Yield the envelope, then each message with its ends; counts and numbers are checked."""
    unb: Segment | None = None
    head: Segment | None = None
    body: list[Segment] = []
    count = 0
    last: Segment | None = None
    for last in split(text, limit=limit):
        if unb is None:
            _expect(last, "UNB")
            unb = last
            yield _envelope(last)
        elif last.tag == "UNZ":
            if head is not None:
                raise AsnError("expected", place=last.place, wanted="UNT", found="UNZ")
            _closed(last, str(count), "UNZ", unb.get(5))
        elif head is None:
            if last.tag not in ("UNG", "UNE"):
                _expect(last, "UNH")
                head, body = last, []
        elif last.tag == "UNT":
            _closed(last, str(len(body) + 2), "UNT", head.get(1))
            count += 1
            yield head, body, last
            head = None
        else:
            body.append(last)
    if last is None or last.tag != "UNZ":
        raise AsnError("ended", place=last.place if last else "", wanted="its last segment, UNZ")


def _expect(segment: Segment, tag: str) -> None:
    if segment.tag != tag:
        raise AsnError("expected", place=segment.place, wanted=tag, found=segment.tag)


def _closed(segment: Segment, counted: str, name: str, number: str) -> None:
    """Check what the end of a message or an interchange says."""
    said = segment.need(1)
    if said.lstrip("0") != counted.lstrip("0"):
        raise AsnError("count", place=segment.place, name=name, said=shown(said), counted=counted)
    if segment.need(2) != number:
        found, wanted = shown(segment.get(2)), shown(number)
        raise AsnError("control", place=segment.place, shown=found, wanted=wanted)


def _envelope(unb: Segment) -> Envelope:
    day, time = unb.need(4), unb.get(4, 2)
    created = read_time(day if len(day) == 8 else f"20{day}", time, unb.place)
    return Envelope(unb.need(2), unb.need(3), unb.need(5), created, test=unb.get(11) == "1")
