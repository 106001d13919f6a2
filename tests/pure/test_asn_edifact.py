"""EDIFACT DESADV: shipments written and read again, and messages of others, right and wrong."""

import random
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from asn_support import HERBS, MANY, NOW, SHIPMENT, TOMATOES, shipments
from fsma_tools.asn import (
    AsnError,
    Envelope,
    Order,
    Pallet,
    Party,
    Shipment,
    read_desadv,
    write_desadv,
)
from hypothesis import given
from hypothesis import strategies as st

ENVELOPE = Envelope("4012345000009", "4023333000000", "REF17", NOW)
SIGNS = "ABCXYZabcxyz0129!\"&'()+,-./:;?=%@[]_{}\\|<#$*~"
TEXT = write_desadv([SHIPMENT], ENVELOPE)
# What a partner sends: no service advice, line ends, lot by GIN, dates for a whole pallet.
THEIRS = """UNB+UNOA:2+5412345000013:14+4012345000009:14+261126:0800+77'
UNH+1+DESADV:D:96A:UN:EAN005'
BGM+351+D1+9'
DTM+137:20261126:102'
DTM+11:202611260730:203'
RFF+ON:PO7'
NAD+SU+5412345000013::9'
NAD+ST+++Store 1'
CPS+1'
PAC+1'
CPS+2+1'
PAC+1++201'
PCI+33E'
DTM+361:20261231:102'
GIN+BJ+00040123450000003338'
LIN+1++4012345123456:EN'
PIA+1+TOM:SA'
IMD+F++:::Tomatoes:on the vine'
QTY+12:5,5:KGM'
PCI+36E'
GIN+BX+LOT9'
CNT+2:1'
UNT+22+1'
UNZ+1+77'
"""


def wrong(what, other):
    """The message with one thing changed that must be there."""
    assert what in TEXT
    return TEXT.replace(what, other, 1)


def refused(text):
    with pytest.raises(AsnError) as error:
        read_desadv(text)
    return str(error.value)


@pytest.mark.parametrize("directory", ["96A", "01B"])
def test_shipment_is_read_as_it_was_written(directory):
    envelope = replace(ENVELOPE, directory=directory, test=True)
    assert read_desadv(write_desadv([SHIPMENT], envelope)) == (envelope, [SHIPMENT])


def test_pallets_lots_and_orders_stand_where_partners_look():
    assert TEXT.startswith("UNA:+.? 'UNB+UNOC:3+4012345000009:14+4023333000000:14+261126:1230+")
    assert "UNH+1+DESADV:D:01B:UN:EAN007'BGM+351+ASN1099+9'" in TEXT
    assert "CPS+2+1'PAC+1++201::9'PCI+33E'GIN+BJ+040123450000003338'" in TEXT
    assert "LIN+1++04012345123456:SRV'PIA+1+L1/A:NB'" in TEXT
    assert "QTY+12:40:CS'DTM+36:20261210:102'" in TEXT
    assert "RFF+ON:PO-1:1'DTM+171:20261120:102'LOC+ZZZ+4012345000009::9'NAD+MF+" in TEXT


@MANY
@given(shipments(SIGNS), st.sampled_from(["96A", "01B"]))
def test_any_shipment_is_read_as_it_was_written(shipment, directory):
    text = write_desadv([shipment, SHIPMENT], replace(ENVELOPE, directory=directory))
    assert read_desadv(text)[1] == [shipment, SHIPMENT]


def test_letters_of_latin_1_are_kept_others_are_written_plain():
    line = replace(HERBS, description="Crème fraîche – łagodna")
    shipment = Shipment("1", NOW, orders=(Order("PO", None, (Pallet("", (line,)),)),))
    (found,) = read_desadv(write_desadv([shipment], ENVELOPE))[1]
    assert next(found.lines()).description == "Crème fraîche agodna"


def test_message_of_a_partner_is_read():
    envelope, (shipment,) = read_desadv(THEIRS)
    assert (envelope.sender, envelope.directory) == ("5412345000013", "96A")
    assert shipment.shipped == datetime(2026, 11, 26, 7, 30)
    assert shipment.ship_to == Party("Store 1")
    (order,) = shipment.orders
    assert (order.number, order.pallets[0].sscc) == ("PO7", "040123450000003338")
    (line,) = shipment.lines()
    assert (line.gtin, line.lot, line.quantity) == ("04012345123456", "LOT9", Decimal("5.5"))
    assert (line.description, line.best_before) == ("Tomatoes on the vine", date(2026, 12, 31))


def test_other_delimiters_are_read():
    text = TEXT.replace("UNA:+.? '", "UNA|^.! ~", 1)
    head, body = text[:9], text[9:]
    # The lots and names of this shipment hold none of these signs.
    body = body.translate(str.maketrans(":+'?", "|^~!"))
    found = read_desadv(head + body)[1][0]
    assert found == replace(
        SHIPMENT,
        ship_from=replace(SHIPMENT.ship_from, phone=found.ship_from.phone),
        supplier=replace(SHIPMENT.supplier, phone=found.supplier.phone),
        orders=found.orders,
    )
    assert [line.lot for line in found.lines()] == ["L1/A", "H-77", "L1/A", "H-77"]


def test_service_advice_in_a_value_is_text():
    line = replace(HERBS, lot="A'UNA:+.? B")
    shipment = Shipment("1", NOW, orders=(Order("PO", None, (Pallet("", (line,)),)),))
    assert read_desadv(write_desadv([shipment], ENVELOPE))[1] == [shipment]


@pytest.mark.parametrize(
    ("what", "other", "words"),
    [
        ("BJ+040123450000003338", "BJ+040123450000003339", "(GIN): The check digit of"),
        ("BJ+040123450000003338", "BJ+1", "(GIN): '1' is no SSCC"),
        ("04012345123456:SRV", "04012345123457:SRV", "(LIN): The check digit of"),
        ("L1/A:NB", "L1/A:XX", "(LIN): The lot is missing"),
        ("L1/A:NB", "L" * 21 + ":NB", "(PIA): "),
        ("12:40:CS", "12:-40:CS", "(QTY): '-40' is no quantity above zero"),
        ("12:40:CS", "12:x:CS", "(QTY): 'x' is no quantity"),
        ("12:40:CS", "12", "element 1, component 2 of QTY is missing"),
        ("QTY+12:40:CS", "QTY+21:40:CS", "QTY with 12 is missing"),
        ("36:20261210:102", "36:20260230:102", "(DTM): '20260230' is no date that exists"),
        ("36:20261210:102", "36:2026:102", "(DTM): '2026' is no date that exists"),
        ("36:20261210:102", "36:20261210:999", "is no date that exists"),
        ("CNT+2:4", "CNT+2:5", "CNT says '5' but there are 4"),
        ("UNT+", "UNT+9", "UNT says"),
        ("+1'UNZ", "+2'UNZ", "(UNT): The control number '2' is not '1'"),
        ("UNZ+1", "UNZ+2", "UNZ says '2' but there are 1"),
        ("UNZ+1+REF17", "UNZ+1+REF18", "(UNZ): The control number 'REF18' is not 'REF17'"),
        ("UNZ+1+REF17'", "", "ends before its last segment, UNZ"),
        ("UNZ+1+REF17'", "UNZ+1+REF", "ends before the end of its last segment"),
        ("UNB+", "UNX+", "segment 1 (UNX): UNB is expected"),
        ("UNH+1+DESADV", "UNH+1+ORDERS", "no despatch advice (DESADV)"),
        ("BGM+351", "bgm+351", "'bgm' is no name of a segment"),
        ("UNA:+.? '", "UNA::.? '", "are not four different signs"),
        ("BGM+351+ASN1099+9", "BGM+351++9", "(BGM): element 2, component 1 of BGM is missing"),
    ],
)
def test_wrong_message_is_told_with_its_segment(what, other, words):
    assert words in refused(wrong(what, other))


@pytest.mark.parametrize("text", ["", "UNB", "ISA*00*", "hello" * 50])
def test_what_is_no_edifact_is_told(text):
    assert refused(text) == ("This is no EDIFACT interchange: it must begin with UNA or UNB.")


def test_too_large_is_refused():
    with pytest.raises(AsnError, match="larger than 100 characters"):
        read_desadv(TEXT, limit=100)


@given(st.randoms(use_true_random=False))
def test_damaged_message_is_read_or_told(chance: random.Random):
    segments = TEXT[9:].split("'")
    for _time in range(chance.randint(1, 3)):
        index = chance.randrange(1, len(segments))
        change = chance.choice(["drop", "double", "swap", "cut", "sign"])
        if change == "drop":
            del segments[index]
        elif change == "double":
            segments.insert(index, segments[index])
        elif change == "swap":
            other = chance.randrange(1, len(segments))
            segments[index], segments[other] = segments[other], segments[index]
        elif change == "cut":
            segments[index] = segments[index][: chance.randint(0, len(segments[index]))]
        else:
            place = chance.randint(0, len(segments[index]))
            sign = chance.choice("+:?0A'\n\x00é")
            segments[index] = segments[index][:place] + sign + segments[index][place:]
    try:
        read_desadv(TEXT[:9] + "'".join(segments))
    except AsnError as error:
        assert str(error).endswith(".")


def test_shipment_that_cannot_be_sent_is_told():
    def one(line, number="PO"):
        return Shipment("1", NOW, orders=(Order(number, None, (Pallet("", (line,)),)),))

    for shipment, words in (
        (one(replace(TOMATOES, gtin="1")), "is no GTIN"),
        (one(replace(TOMATOES, unit="BUCKET")), "The unit 'BUCKET' is longer than 3"),
        (one(TOMATOES, number=""), "The number of the order of a line is missing"),
        (one(replace(TOMATOES, tlc_source=Party(phone="1"))), "name or the GLN of a party"),
        (one(replace(HERBS, quantity=Decimal("1234567890.12345"))), "no quantity above zero"),
        (replace(one(HERBS), number="N" * 36), "is longer than 35"),
        (replace(one(HERBS), number="Ł1"), "has signs that cannot be sent"),
    ):
        with pytest.raises(AsnError, match=words):
            write_desadv([shipment], ENVELOPE)
    with pytest.raises(AsnError, match="holds no lines"):
        write_desadv([], ENVELOPE)
    with pytest.raises(AsnError, match="Version '05B' is not supported: use one of 96A, 01B"):
        write_desadv([one(HERBS)], replace(ENVELOPE, directory="05B"))
