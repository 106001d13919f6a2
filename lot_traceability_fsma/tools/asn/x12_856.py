"""Writes shipments as X12 856, ship notice: shipment, order, tare, pack, item (S-O-T-P-I).

The pallet's SSCC stands at the tare (MAN), lot code and GTIN at the item (LIN), dates and the
source of the lot code at the pack (DTM, N1).
"""

from __future__ import annotations

from collections.abc import Iterable

from .errors import AsnError, shown
from .shipment import Line, Order, Pallet, Party, Shipment, check
from .values import decimal_text
from .x12_envelope import Interchange, wrap
from .x12_profile import Profile
from .x12_syntax import Delimiters, exact, plain

PARTIES = {"ship_from": "SF", "ship_to": "ST", "supplier": "SU", "buyer": "BY"}
_LONGEST_NUMBER = 10

Body = list[tuple[str, ...]]


class _Writer:
    """Writes one shipment as the body of a message."""

    def __init__(self, delimiters: Delimiters, profile: Profile) -> None:
        self._delimiters = delimiters
        self._profile = profile
        self._segments: Body = []
        self._levels = 0

    def _add(self, *elements: str) -> None:
        self._segments.append(elements)

    def _plain(self, text: str, limit: int) -> str:
        return plain(text, self._delimiters, limit)

    def _exact(self, field: str, text: str, limit: int) -> str:
        return exact(field, text, self._delimiters, limit)

    def _level(self, parent: int, code: str) -> int:
        self._levels += 1
        self._add("HL", str(self._levels), str(parent or ""), code)
        return self._levels

    def body(self, shipment: Shipment) -> Body:
        number = self._exact("The number of the shipment", shipment.number, 30)
        created = shipment.shipped
        # 0001: shipment, order, packaging, item
        self._add("BSN", "00", number, f"{created:%Y%m%d}", f"{created:%H%M}", "0001")
        top = self._level(0, "S")
        if shipment.carrier:
            self._add("TD5", "", "", "", "", self._plain(shipment.carrier, 35))
        if shipment.bill_of_lading:
            bill = self._exact("The bill of lading", shipment.bill_of_lading, 30)
            self._add("REF", "BM", bill)
        self._add("DTM", "011", f"{created:%Y%m%d}", f"{created:%H%M}")
        if shipment.expected:
            self._add("DTM", "017", f"{shipment.expected:%Y%m%d}", f"{shipment.expected:%H%M}")
        for role, party in shipment.parties().items():
            self._party(PARTIES[role], party)
        for order in shipment.orders:
            self._order(top, order)
        self._add("CTT", str(self._levels))
        return self._segments

    def _party(self, code: str, party: Party) -> None:
        if party == Party():
            return
        name = self._plain(party.name, 60)
        if not name and not party.gln:
            raise AsnError("missing", place=code, field="The name or the GLN of a party")
        self._add("N1", code, name, *(("UL", party.gln) if party.gln else ()))
        if party.street:
            self._add("N3", self._plain(party.street, 55))
        # Only states of two letters have a code of their own.
        short = party.state if len(party.state) == 2 and party.state.isalnum() else ""
        long = () if short or not party.state else ("SP", self._plain(party.state, 30))
        if party.city or party.state or party.postcode or party.country:
            self._add(
                "N4",
                self._plain(party.city, 30),
                short,
                self._plain(party.postcode, 15),
                self._plain(party.country, 3),
                *long,
            )
        if party.reference:
            self._add("REF", "ZZ", self._exact("The reference", party.reference, 50))
        if party.phone:
            self._add("PER", "IC", "", "TE", self._plain(party.phone, 80))

    def _order(self, parent: int, order: Order) -> None:
        level = self._level(parent, "O")
        day = f"{order.date:%Y%m%d}" if order.date else ""
        if order.number:
            self._add("PRF", self._exact("The order", order.number, 22), "", "", day)
        for pallet in order.pallets:
            self._pallet(level, pallet)

    def _pallet(self, parent: int, pallet: Pallet) -> None:
        level = self._level(parent, "T")
        if pallet.sscc:
            self._add("MAN", "GM", pallet.sscc)
        for line in pallet.lines:
            self._line(level, line)

    def _line(self, parent: int, line: Line) -> None:
        pack = self._level(parent, "P")
        self._add("MAN", "UC", line.gtin)
        for field, code in self._profile.dates.items():
            day = getattr(line, field)
            if day is not None:
                self._add("DTM", code, f"{day:%Y%m%d}")
        if line.tlc_source is not None:
            self._party(self._profile.tlc_source, line.tlc_source)
        self._level(pack, "I")
        item = [self._exact("The line of the order", line.order_line, 20), "UK", line.gtin]
        item += ["LT", self._exact("The lot", line.lot, 48)]
        if line.product_number:
            item += ["VN", self._exact("The product number", line.product_number, 48)]
        self._add("LIN", *item)
        amount = decimal_text(line.quantity)
        if len(amount.replace(".", "")) > _LONGEST_NUMBER:
            limit = str(_LONGEST_NUMBER)
            raise AsnError("too_long", field="The quantity", shown=shown(amount), limit=limit)
        unit = self._profile.units.get(line.unit, line.unit)
        if len(unit) != 2 or (unit == line.unit and self._profile.unit(unit) != unit):
            raise AsnError("unit", shown=shown(line.unit))
        self._add("SN1", "", amount, self._exact("The unit", unit, 2))
        if line.description:
            self._add("PID", "F", "", "", "", self._plain(line.description, 80))


def write_856(
    shipments: Iterable[Shipment], interchange: Interchange, *, profile: Profile | None = None
) -> str:
    """Return shipments as one interchange of 856 messages; raises :class:`AsnError`.

    Names, addresses and descriptions are cut and rid of accents to fit; codes never: where a lot
    holds a delimiter, choose other delimiters.
    """
    bodies = []
    for shipment in shipments:
        check(shipment)
        bodies.append(_Writer(interchange.delimiters, profile or Profile()).body(shipment))
    if not bodies:
        raise AsnError("nothing")
    return wrap(bodies, interchange, message="856", group="SH")
