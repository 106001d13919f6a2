"""Reads X12 856 ship notices into shipments.

Tolerant in what partners order differently (levels left out, dates and source of the lot code at
pack or item), strict in what identifies: SSCC, GTIN, lot, quantity.  Each error names its segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .errors import AsnError, shown
from .shipment import Line, Order, Pallet, Party, Shipment, gln, gtin, lot, quantity, sscc
from .values import read_date, read_decimal, read_time
from .x12_856 import PARTIES
from .x12_envelope import Interchange, Message, messages
from .x12_profile import Profile
from .x12_syntax import LIMIT, Segment

_LEVELS = frozenset("SOTPI")
_GTINS = frozenset({"UK", "UP", "EN", "UA", "UI"})
_LOTS = frozenset({"LT", "B8"})
_PRODUCTS = ("VN", "VP", "VC", "BP", "IN")
_SOURCES = frozenset({"MP", "MF"})
_ROLES = {code: role for role, code in PARTIES.items()}


@dataclass(slots=True)
class _Level:
    """One level of the hierarchy: its segments, and the level above."""

    segment: Segment
    code: str
    above: _Level | None = None
    segments: list[Segment] = field(default_factory=list)

    def up(self) -> Iterator[_Level]:
        """This level and all above it."""
        level: _Level | None = self
        while level is not None:
            yield level
            level = level.above


def read_856(
    text: str, *, profile: Profile | None = None, limit: int = LIMIT
) -> tuple[Interchange, list[Shipment]]:
    """Return the interchange and its shipments; raises :class:`AsnError` with the segment.

    Other messages in it are left alone; ``limit`` is the largest number of characters.
    """
    interchange, found = messages(text, limit=limit)
    shipments = [
        _Reader(profile or Profile()).shipment(message)
        for message in found
        if message.kind == "856"
    ]
    if not shipments:
        raise AsnError("no_message", wanted="ship notice (856)")
    return interchange, shipments


def _address(segment: Segment) -> dict[str, str]:
    """Return what one segment says of a party."""
    if segment.tag == "N1":
        number = segment.get(4) if segment.get(3) in ("UL", "FA") else ""
        return {"name": segment.get(2), "gln": gln(number, segment.place) if number else ""}
    if segment.tag == "N3":
        return {"street": " ".join(filter(None, (segment.get(1), segment.get(2))))}
    if segment.tag == "N4":
        return {
            "city": segment.get(1),
            "state": segment.get(2) or segment.get(6),
            "postcode": segment.get(3),
            "country": segment.get(4),
        }
    if segment.tag == "REF":
        return {"reference": segment.get(2)}
    if segment.tag == "PER":
        return {"phone": dict(segment.pairs(3)).get("TE", "")}
    return {}


class _Reader:
    """Reads one message."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._dates = profile.date_fields()
        self._head: dict[str, Any] = {}
        self._orders: dict[int, Order] = {}
        self._pallets: dict[int, dict[str, list[Line]]] = {}

    def shipment(self, message: Message) -> Shipment:
        levels = self._levels(message)
        for level in levels:
            if level.code == "S":
                self._shipment(level)
            elif level.code == "O":
                self._orders[id(level)] = self._order(level)
                self._pallets[id(level)] = {}
            elif level.code == "T":
                self._pallet_of(level)  # also a pallet without lines is told
            elif level.code == "I":
                self._item(level)
        if "number" not in self._head:
            raise AsnError("missing", place=f"message {message.number}", field="BSN")
        if "shipped" not in self._head:
            self._head["shipped"] = self._head.pop("noted")
        self._head.pop("noted", None)
        orders = tuple(
            replace(
                order,
                pallets=tuple(
                    Pallet(number, tuple(lines)) for number, lines in self._pallets[key].items()
                ),
            )
            for key, order in self._orders.items()
        )
        return Shipment(**self._head, orders=orders)

    def _levels(self, message: Message) -> list[_Level]:
        """Return the levels in their order; what stands before them and after is read here."""
        levels: list[_Level] = []
        by_number: dict[str, _Level] = {}
        for segment in message.segments:
            if segment.tag == "HL":
                level = self._level(segment, by_number)
                levels.append(level)
            elif segment.tag == "CTT":
                said = segment.need(1)
                if not said.isdigit() or int(said) != len(levels):
                    raise AsnError(
                        "count", place=segment.place, name="CTT01", said=shown(said),
                        counted=str(len(levels)),
                    )  # fmt: skip
            elif levels:
                levels[-1].segments.append(segment)
            elif segment.tag == "BSN":
                self._head["number"] = segment.need(2)
                self._head["noted"] = read_time(segment.need(3), segment.get(4), segment.place)
        return levels

    def _level(self, segment: Segment, by_number: dict[str, _Level]) -> _Level:
        number, parent, code = segment.need(1), segment.get(2), segment.need(3)
        if code not in _LEVELS:
            raise AsnError("level", place=segment.place, shown=shown(code))
        if number in by_number:
            raise AsnError("level_twice", place=segment.place, shown=shown(number))
        if parent and parent not in by_number:
            raise AsnError("level_parent", place=segment.place, shown=shown(parent))
        level = _Level(segment, code, by_number.get(parent))
        by_number[number] = level
        return level

    def _shipment(self, level: _Level) -> None:
        for segment in level.segments:
            if segment.tag == "DTM" and segment.get(1) in ("011", "017"):
                time = self._time(segment)
                self._head["shipped" if segment.get(1) == "011" else "expected"] = time
            elif segment.tag == "TD5":
                self._head["carrier"] = segment.get(5) or segment.get(3)
            elif segment.tag == "REF" and segment.get(1) == "BM":
                self._head["bill_of_lading"] = segment.need(2)
            elif segment.tag == "N1":
                break
        for code, party in self._parties(level):
            if code in _ROLES:
                self._head[_ROLES[code]] = party

    def _time(self, segment: Segment) -> datetime:
        return read_time(segment.need(2), segment.get(3), segment.place)

    def _order(self, level: _Level) -> Order:
        for segment in level.segments:
            if segment.tag == "PRF":
                day = segment.get(4)
                return Order(segment.need(1), read_date(day, segment.place) if day else None)
        return Order()

    def _parties(self, level: _Level) -> Iterator[tuple[str, Party]]:
        """The parties of a level: each N1 with what follows it."""
        values: dict[str, str] = {}
        code = ""
        for segment in level.segments:
            if segment.tag == "N1":
                if code:
                    yield code, Party(**values)
                code, values = segment.need(1), {}
            if code:
                values |= _address(segment)
        if code:
            yield code, Party(**values)

    def _pallet_of(self, level: _Level) -> list[Line]:
        """Return the lines of the pallet and the order that a level belongs to."""
        order = next((above for above in level.up() if above.code == "O"), None)
        if order is None:
            raise AsnError("outside", place=level.segment.place)
        number = ""
        # A pack with an SSCC of its own counts where no pallet has one.
        for above in level.up():
            if above.code in ("T", "P"):
                number = self._sscc(above) or number
        return self._pallets[id(order)].setdefault(number, [])

    def _sscc(self, level: _Level) -> str:
        for segment in level.segments:
            if segment.tag == "MAN" and segment.get(1) in ("GM", "AA"):
                return sscc(segment.need(2), segment.place)
        return ""

    def _item(self, level: _Level) -> None:
        values: dict[str, Any] = {}
        # What stands at the item goes before what stands at the pack above it.
        for above in [part for part in level.up() if part.code in ("I", "P")][::-1]:
            values |= self._values(above)
        for name in ("gtin", "lot", "quantity"):
            if name not in values:
                field_name = {"gtin": "The GTIN", "lot": "The lot", "quantity": "SN102"}[name]
                raise AsnError("missing", place=level.segment.place, field=field_name)
        self._pallet_of(level).append(Line(**values))

    def _values(self, level: _Level) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for segment in level.segments:
            if segment.tag == "LIN":
                values |= self._product(segment)
            elif segment.tag == "SN1":
                amount = read_decimal(segment.need(2), segment.place)
                values["quantity"] = quantity(amount, segment.place)
                values["unit"] = self._profile.unit(segment.need(3))
            elif segment.tag == "PID" and segment.get(5):
                values["description"] = segment.get(5)
            elif segment.tag == "DTM" and segment.get(1) in self._dates:
                values[self._dates[segment.get(1)]] = read_date(segment.need(2), segment.place)
        for code, party in self._parties(level):
            if code == self._profile.tlc_source or code in _SOURCES:
                values["tlc_source"] = party
        return values

    def _product(self, segment: Segment) -> dict[str, str]:
        values: dict[str, str] = {}
        known = dict(segment.pairs(2))
        for code, value in known.items():
            if code in _GTINS:
                values["gtin"] = gtin(value, segment.place)
            elif code in _LOTS:
                values["lot"] = lot(value, segment.place)
        product = next((known[code] for code in _PRODUCTS if code in known), "")
        if product:
            values["product_number"] = product
        if segment.get(1):
            values["order_line"] = segment.get(1)
        return values
