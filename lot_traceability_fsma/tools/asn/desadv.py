"""Writes shipments as EDIFACT DESADV, despatch advice, in directory D.96A or D.01B (EANCOM).

Each pallet is a packing level (CPS) with its SSCC (GIN), each lot a line (LIN) with its batch
number (PIA) and the order that it belongs to (RFF).  The source of a lot code stands at a place
of the line (LOC, NAD), its phone and reference in a free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .edifact_syntax import exact, join, pieces, plain
from .errors import AsnError, shown
from .shipment import Line, Order, Pallet, Party, Shipment, check
from .values import decimal_text

DIRECTORIES = {"96A": "EAN005", "01B": "EAN007"}
PARTIES = {"ship_from": "SF", "ship_to": "DP", "supplier": "SU", "buyer": "BY"}
# Data element 2005, by the field of `shipment.Line`.  There is none for harvesting.
DATES = {
    "expiry": "36",
    "best_before": "361",
    "production": "94",
    "packed": "365",
    "harvested": "ZZZ",
}
# Begins the free text with what a place of a line has no segments for.
SOURCE_TEXT = "TLCS"
_LONGEST_NUMBER = 15

Body = list[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom (GLN each), when, and the reference of the interchange (14 signs)."""

    sender: str
    receiver: str
    reference: str
    created: datetime
    directory: str = "01B"
    test: bool = False


def _day(code: str, day: date) -> tuple[Any, ...]:
    return ("DTM", (code, f"{day:%Y%m%d}", "102"))


def _time(code: str, time: datetime) -> tuple[Any, ...]:
    return ("DTM", (code, f"{time:%Y%m%d%H%M}", "203"))


class _Writer:
    """Writes one shipment as the body of a message."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._segments: Body = []
        self._levels = 0
        self._lines = 0

    def _add(self, *elements: Any) -> None:
        self._segments.append(elements)

    def body(self, shipment: Shipment, created: datetime) -> Body:
        number = exact("The number of the shipment", shipment.number, 35)
        self._add("BGM", "351", number, "9")
        self._segments.append(_time("137", created))
        self._segments.append(_time("11", shipment.shipped))
        if shipment.expected:
            self._segments.append(_time("17", shipment.expected))
        if shipment.bill_of_lading:
            bill = exact("The bill of lading", shipment.bill_of_lading, 35)
            self._add("RFF", ("BM", bill))
        for role, party in shipment.parties().items():
            self._party(PARTIES[role], party)
        if shipment.carrier:
            name = plain(shipment.carrier, 35)
            self._add("TDT", "20", "", "", "", ("", "", "", name))
        self._level(1)
        for order in shipment.orders:
            for pallet in order.pallets:
                self._pallet(order, pallet)
        self._add("CNT", ("2", str(self._lines)))
        return self._segments

    def _level(self, parent: int) -> None:
        self._levels += 1
        self._add("CPS", str(self._levels), str(parent) if self._levels > 1 else "")

    def _name_and_address(self, code: str, party: Party) -> None:
        if not party.name and not party.gln:
            raise AsnError("missing", place=code, field="The name or the GLN of a party")
        self._add(
            "NAD",
            code,
            (party.gln, "", "9") if party.gln else "",
            "",
            pieces(plain(party.name, 175), 35, 5),
            pieces(plain(party.street, 105), 35, 3),
            plain(party.city, 35),
            plain(party.state, 9),
            plain(party.postcode, 9),
            plain(party.country, 3),
        )

    def _party(self, code: str, party: Party) -> None:
        if party == Party():
            return
        self._name_and_address(code, party)
        if party.reference:
            self._add("RFF", ("GN", exact("The reference", party.reference, 35)))
        if party.phone:
            self._add("CTA", "IC")
            self._add("COM", (plain(party.phone, 70), "TE"))

    def _pallet(self, order: Order, pallet: Pallet) -> None:
        self._level(1)
        self._add("PAC", "1", "", ("201", "", "9"))
        if pallet.sscc:
            self._add("PCI", "33E")
            self._add("GIN", "BJ", pallet.sscc)
        for line in pallet.lines:
            self._line(order, line)

    def _line(self, order: Order, line: Line) -> None:
        self._lines += 1
        kind = "EN" if self._directory == "96A" else "SRV"
        self._add("LIN", str(self._lines), "", (line.gtin, kind))
        self._add("PIA", "1", (exact("The lot", line.lot, 35), "NB"))
        if line.product_number:
            number = exact("The product number", line.product_number, 35)
            self._add("PIA", "5", (number, "SA"))
        if line.description:
            text = pieces(plain(line.description, 70), 35, 2)
            self._add("IMD", "F", "", ("", "", "", *text))
        amount = decimal_text(line.quantity)
        if len(amount) > _LONGEST_NUMBER:
            limit = str(_LONGEST_NUMBER)
            raise AsnError("too_long", field="The quantity", shown=shown(amount), limit=limit)
        self._add("QTY", ("12", amount, exact("The unit", line.unit, 3)))
        for field, code in DATES.items():
            day = getattr(line, field)
            if day is not None:
                self._segments.append(_day(code, day))
        self._source_text(line.tlc_source)
        if order.number:
            number = exact("The order", order.number, 35)
            self._add("RFF", ("ON", number, exact("The line", line.order_line, 6)))
            if order.date:
                self._segments.append(_day("171", order.date))
        elif line.order_line:
            raise AsnError("missing", field="The number of the order of a line")
        if line.tlc_source is not None:
            self._add("LOC", "ZZZ", (line.tlc_source.gln, "", "9") if line.tlc_source.gln else "")
            self._name_and_address("MF", line.tlc_source)

    def _source_text(self, source: Party | None) -> None:
        if source is not None and (source.phone or source.reference):
            phone = plain(source.phone, 70)
            reference = exact("The reference", source.reference, 70)
            self._add("FTX", "ZZZ", "3", "", (SOURCE_TEXT, phone, reference))


def write_desadv(shipments: Iterable[Shipment], envelope: Envelope) -> str:
    """Return shipments as one interchange of DESADV messages; raises :class:`AsnError`.

    Names, addresses and descriptions are cut and kept to Latin-1, in which the text is to be
    encoded; codes never.
    """
    association = DIRECTORIES.get(envelope.directory)
    if association is None:
        wanted = ", ".join(DIRECTORIES)
        raise AsnError("version", shown=shown(envelope.directory), wanted=wanted)
    created = envelope.created
    reference = exact("The reference of the interchange", envelope.reference, 14)
    test = ("", "", "", "", "", "1") if envelope.test else ()
    segments: Body = [
        (
            "UNB", ("UNOC", "3"), (exact("The sender", envelope.sender, 35), "14"),
            (exact("The receiver", envelope.receiver, 35), "14"),
            (f"{created:%y%m%d}", f"{created:%H%M}"), reference, *test,
        ),
    ]  # fmt: skip
    count = 0
    for shipment in shipments:
        check(shipment)
        count += 1
        body = _Writer(envelope.directory).body(shipment, created)
        kind = ("DESADV", "D", envelope.directory, "UN", association)
        segments += [("UNH", str(count), kind), *body, ("UNT", str(len(body) + 2), str(count))]
    if not count:
        raise AsnError("nothing")
    segments.append(("UNZ", str(count), reference))
    return join(segments, una=True)
