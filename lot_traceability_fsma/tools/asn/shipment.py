"""What an advance ship notice says, whatever format it travels in.

>>> line = Line("04012345123456", "L1", Decimal(40), "CS", expiry=date(2027, 2, 28))
>>> shipment = Shipment("ASN1", datetime(2026, 11, 26, 10), orders=(
...     Order("PO1", pallets=(Pallet("040123450000003338", (line,)),)),))
>>> [found.lot for found in shipment.lines()]
['L1']
>>> check(shipment)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ..check_digits import check_digit
from .errors import AsnError, shown

_LOT = re.compile(r"[!-~](?:[ -~]{0,18}[!-~])?")
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


@dataclass(frozen=True, slots=True)
class Party:
    """Who or where: name, GLN, address, phone; ``country`` has two letters (ISO 3166).

    ``reference`` stands for the place in its stead, such as a food facility registration number
    or a web address.
    """

    name: str = ""
    gln: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How much of one lot of one product.

    ``gtin`` has 14 digits; ``lot`` is the traceability lot code; ``unit`` a unit of UN/CEFACT
    recommendation 20 (``CS`` case, ``KGM``, ``EA``); ``tlc_source`` the place that assigned the
    lot code; ``order_line`` the number of the line in the order.
    """

    gtin: str
    lot: str
    quantity: Decimal
    unit: str = "CS"
    description: str = ""
    product_number: str = ""
    order_line: str = ""
    expiry: date | None = None
    best_before: date | None = None
    production: date | None = None
    packed: date | None = None
    harvested: date | None = None
    tlc_source: Party | None = None


@dataclass(frozen=True, slots=True)
class Pallet:
    """A logistic unit by its SSCC of 18 digits and what is on it; without SSCC, loose goods."""

    sscc: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the receiver, and the pallets with what belongs to it."""

    number: str = ""
    date: date | None = None
    pallets: tuple[Pallet, ...] = ()


@dataclass(frozen=True, slots=True)
class Shipment:
    """One shipment; times are those of the place that it leaves, without zone, to the minute."""

    number: str
    shipped: datetime
    expected: datetime | None = None
    ship_from: Party = field(default_factory=Party)
    ship_to: Party = field(default_factory=Party)
    supplier: Party = field(default_factory=Party)
    buyer: Party = field(default_factory=Party)
    bill_of_lading: str = ""
    carrier: str = ""
    orders: tuple[Order, ...] = ()

    def lines(self) -> Iterator[Line]:
        """Yield every line."""
        for order in self.orders:
            for pallet in order.pallets:
                yield from pallet.lines

    def parties(self) -> dict[str, Party]:
        """Return the parties by their role."""
        return {
            "ship_from": self.ship_from,
            "ship_to": self.ship_to,
            "supplier": self.supplier,
            "buyer": self.buyer,
        }


def _number(code: str, number: str, lengths: frozenset[int], place: str) -> str:
    """Return a number with a check digit; raises :class:`AsnError` with ``code`` or the digit."""
    if len(number) not in lengths or not number.isascii() or not number.isdigit():
        raise AsnError(code, place=place, shown=shown(number))
    expected = check_digit(number[:-1])
    if number[-1] != expected:
        raise AsnError("check_digit", place=place, shown=shown(number), expected=expected)
    return number


def gtin(number: str, place: str = "") -> str:
    """Return a GTIN with 14 digits; raises :class:`AsnError`.

    >>> gtin("4012345123456")
    '04012345123456'
    """
    return _number("gtin", number, _GTIN_LENGTHS, place).zfill(14)


def sscc(number: str, place: str = "") -> str:
    """Return an SSCC of 18 digits, also from one with its identifier 00; raises AsnError."""
    if len(number) == 20 and number.startswith("00"):
        number = number[2:]
    return _number("sscc", number, frozenset({18}), place)


def gln(number: str, place: str = "") -> str:
    """Return a GLN; raises :class:`AsnError`."""
    return _number("gln", number, frozenset({13}), place)


def lot(text: str, place: str = "") -> str:
    """Return a lot of 1 to 20 signs; raises :class:`AsnError`."""
    if _LOT.fullmatch(text) is None:
        raise AsnError("lot", place=place, shown=shown(text))
    return text


def quantity(value: Decimal, place: str = "") -> Decimal:
    """Return a quantity above zero; raises :class:`AsnError`."""
    if not value.is_finite() or value <= 0 or len(format(value, "f")) > 15:
        raise AsnError("quantity", place=place, shown=shown(value))
    return value


def check(shipment: Shipment) -> None:
    """Raise :class:`AsnError` with the place for the first thing that is wrong."""
    if not shipment.number:
        raise AsnError("missing", field="The number of the shipment")
    for role, party in shipment.parties().items():
        if party.gln:
            gln(party.gln, role)
    count = 0
    for order in shipment.orders:
        seen: set[str] = set()
        for pallet in order.pallets:
            place = f"order {order.number}, pallet {pallet.sscc or 'without SSCC'}"
            if pallet.sscc in seen:
                raise AsnError("sscc_twice", place=place, shown=shown(pallet.sscc))
            seen.add(pallet.sscc)
            if pallet.sscc:
                sscc(pallet.sscc, place)
            for line in pallet.lines:
                count += 1
                _check_line(line, f"{place}, line {count}")
    if not count:
        raise AsnError("nothing")


def _check_line(line: Line, place: str) -> None:
    if len(line.gtin) != 14:
        raise AsnError("gtin", place=place, shown=shown(line.gtin))
    gtin(line.gtin, place)
    lot(line.lot, place)
    quantity(line.quantity, place)
    if not line.unit:
        raise AsnError("missing", place=place, field="The unit")
    if line.tlc_source and line.tlc_source.gln:
        gln(line.tlc_source.gln, place)
