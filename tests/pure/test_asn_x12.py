"""X12 856: shipments written and read again, and messages of others, right and wrong."""

import random
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from asn_support import HERBS, MANY, NOW, PLANT, SHIPMENT, TOMATOES, shipments
from fsma_tools.asn import (
    AsnError,
    Delimiters,
    Interchange,
    Order,
    Pallet,
    Party,
    Profile,
    Shipment,
    messages,
    read_856,
    write_856,
    write_997,
)
from fsma_tools.asn.x12_profile import DATES
from hypothesis import given
from hypothesis import strategies as st

INTERCHANGE = Interchange("SUNNYFARMS", "FRESHFOODS", 17, NOW, "ZZ", "01")
SIGNS = "ABCXYZabcxyz0129!\"&'()+,-./:;?=%@[]_{}\\|<#$"
TEXT = write_856([SHIPMENT], INTERCHANGE)
# What a partner sends who leaves out tare and pack, and names the source of the lot at the item.
THEIRS = (
    "ISA|00|          |00|          |08|9251230000     |ZZ|SUNNYFARMS     |261126|0800|U|00401|"
    "000000042|0|T|:\n"
    "GS|SH|9251230000|SUNNYFARMS|20261126|0800|42|X|004010VICS\n"
    "ST|856|0001\n"
    "BSN|00|S1|20261126|0755|0004\n"
    "HL|1||S\n"
    "TD5||2|CWLS\n"
    "DTM|011|20261126\n"
    "N1|SF|Sunny|FA|4012345000009\n"
    "N3|1 Field Road|Shed 3\n"
    "N4|Salinas||||SP|California\n"
    "N1|ZZ|Somebody\n"
    "HL|2|1|O\n"
    "PRF|PO9\n"
    "HL|3|2|P\n"
    "MAN|GM|00040123450000003338\n"
    "HL|4|3|I\n"
    "LIN||UP|401234512343|B8|LOT 9|VC|ABC\n"
    "SN1||7|CA\n"
    "DTM|094|20261101\n"
    "N1|MF|Plant 2\n"
    "CTT|4\n"
    "SE|20|0001\n"
    "GE|1|42\n"
    "IEA|1|000000042\n"
)


def wrong(text, what, other):
    """The message with one thing changed that must be there."""
    assert what in text
    return text.replace(what, other, 1)


def refused(text):
    with pytest.raises(AsnError) as error:
        read_856(text)
    return str(error.value)


def test_shipment_is_read_as_it_was_written():
    interchange, found = read_856(TEXT)
    assert found == [SHIPMENT]
    assert interchange == INTERCHANGE


def test_hierarchy_is_shipment_order_tare_pack_item():
    levels = [part.split("*")[1:] for part in TEXT.split("~") if part.startswith("HL*")]
    assert "".join(level[2] for level in levels) == "SOTPIPITPIOTPI"
    assert levels[4] == ["5", "4", "I"]
    assert "MAN*GM*040123450000003338~" in TEXT
    assert "LIN*1*UK*04012345123456*LT*L1/A*VN*TOM11~SN1**40*CA~" in TEXT
    assert "N1*MP*Sunny Farms Packing*UL*4012345000009~" in TEXT
    assert "DTM*036*20261210~DTM*510*20261125~" in TEXT
    assert "PRF*PO-1***20261120~" in TEXT
    assert len(TEXT.split("~")[0]) == 105


@MANY
@given(shipments(SIGNS), st.sampled_from(["004010", "005010"]), st.booleans())
def test_any_shipment_is_read_as_it_was_written(shipment, version, test):
    interchange = replace(INTERCHANGE, version=version, test=test)
    found, read = read_856(write_856([shipment, SHIPMENT], interchange))
    assert read == [shipment, SHIPMENT]
    assert (found.version, found.test) == (version, test)


def test_message_of_a_partner_is_read():
    interchange, (shipment,) = read_856(THEIRS)
    assert (interchange.sender_qualifier, interchange.sender) == ("08", "9251230000")
    assert interchange.delimiters == Delimiters("|", ":", "\n", "^")
    assert shipment.shipped == datetime(2026, 11, 26)
    assert shipment.carrier == "CWLS"
    assert shipment.ship_from == Party(
        "Sunny", "4012345000009", "1 Field Road Shed 3", "Salinas", "California"
    )
    (order,) = shipment.orders
    assert (order.number, order.pallets[0].sscc) == ("PO9", "040123450000003338")
    (line,) = shipment.lines()
    assert (line.gtin, line.lot, line.quantity) == ("00401234512343", "LOT 9", Decimal(7))
    assert (line.unit, line.product_number) == ("CS", "ABC")
    assert (line.production, line.tlc_source) == (date(2026, 11, 1), Party("Plant 2"))


@pytest.mark.parametrize(
    ("what", "other", "words"),
    [
        ("040123450000003338", "040123450000003339", "segment 26 (MAN): The check digit of"),
        ("GM*040123450000003338", "GM*0401234", "segment 26 (MAN): '0401234' is no SSCC"),
        ("UK*04012345123456", "UK*04012345123457", "should be 6"),
        ("UK*04012345123456", "UK*123", "(LIN): '123' is no GTIN"),
        ("*LT*L1/A", "", "(HL): The lot is missing"),
        ("LT*L1/A", "LT*" + "L" * 21, "is no lot: give 1 to 20"),
        ("SN1**40*", "SN1**-4*", "(SN1): '-4' is no quantity above zero"),
        ("SN1**40*", "SN1**many*", "(SN1): 'many' is no quantity"),
        ("SN1**40*", "SN1***", "(SN1): SN102 is missing"),
        ("SN1**40*", "SN1**Infinity*", "is no quantity"),
        ("UL*4012345000009", "UL*4012345000008", "(N1): The check digit"),
        ("DTM*036*20261210", "DTM*036*20260230", "(DTM): '20260230' is no date that exists"),
        ("DTM*011*20261126*1000", "DTM*011*20261126*2500", "is no date that exists"),
        ("HL*2*1*O", "HL*2*1*X", "segment 23 (HL): The level 'X' is none of"),
        ("HL*2*1*O", "HL*2*9*O", "segment 23 (HL): The parent level '9' does not exist"),
        ("HL*2*1*O", "HL*1*1*O", "segment 23 (HL): The level number '1' occurs twice"),
        ("HL*2*1*O", "HL*2*1*P", "stands outside of any order"),
        ("CTT*14", "CTT*13", "CTT01 says '13' but there are 14"),
        ("SE*", "SE*9", "SE01 says"),
        ("*0001~GE", "*0002~GE", "(SE): The control number '0002' is not '0001'"),
        ("GE*1*17", "GE*2*17", "GE01 says '2' but there are 1"),
        ("IEA*1*000000017", "IEA*1*000000018", "(IEA): The control number"),
        ("~IEA*1*000000017~", "~", "ends before its last segment, IEA"),
        ("IEA*1*000000017~", "IEA*1*0000", "ends before the end of its last segment"),
        ("GS*SH", "GX*SH", "segment 2 (GX): GS is expected, not GX"),
        ("ST*856", "ST*855", "no ship notice (856) in this interchange"),
        ("BSN*", "bsn*", "'bsn' is no name of a segment"),
        ("ISA*00*", "ISA*00", "This is no X12 interchange"),
        ("BSN*00*ASN1099", "BSN*00*", "(BSN): BSN02 is missing"),
    ],
)
def test_wrong_message_is_told_with_its_segment(what, other, words):
    assert words in refused(wrong(TEXT, what, other))


@pytest.mark.parametrize("text", ["", "ISA", "UNA:+.? '", "hello" * 50, "ISA" + "*" * 200])
def test_what_is_no_x12_is_told(text):
    assert refused(text) == (
        "This is no X12 interchange: it must begin with a complete ISA segment."
    )


def test_message_without_bsn_is_told():
    body = TEXT.replace("BSN*00*ASN1099*20261126*1000*0001~", "")
    count = TEXT.partition("SE*")[2].partition("*")[0]
    assert "BSN is missing" in refused(body.replace(f"SE*{count}*", f"SE*{int(count) - 1}*"))


def test_too_large_is_refused():
    with pytest.raises(AsnError, match="larger than 100 characters"):
        read_856(TEXT, limit=100)


@given(st.randoms(use_true_random=False))
def test_damaged_message_is_read_or_told(chance: random.Random):
    segments = TEXT.split("~")
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
            sign = chance.choice("*~>0A\x00é")
            segments[index] = segments[index][:place] + sign + segments[index][place:]
    try:
        read_856("~".join(segments))
    except AsnError as error:
        assert str(error).endswith(".")


def test_lot_with_a_delimiter_needs_other_delimiters():
    line = replace(HERBS, lot="A*1~2")
    shipment = replace(SHIPMENT, orders=(Order("PO", None, (Pallet("", (line,)),)),))
    with pytest.raises(AsnError, match=r"The lot 'A\*1~2' has signs that cannot be sent"):
        write_856([shipment], INTERCHANGE)
    other = replace(INTERCHANGE, delimiters=Delimiters("|", "\x1f", "\x1e", "\x1d"))
    assert read_856(write_856([shipment], other))[1] == [shipment]


@pytest.mark.parametrize("signs", [("*", "*", "~", "^"), ("A", ">", "~", "^"), ("", ">", "~", "^")])
def test_delimiters_must_differ_and_be_signs(signs):
    with pytest.raises(AsnError, match="are not four different signs"):
        Delimiters(*signs)


def test_names_are_made_to_fit_codes_never():
    shipment = replace(
        SHIPMENT, ship_to=Party(name="Crème*Frères " + "x" * 100, gln="4023333000000")
    )
    (found,) = read_856(write_856([shipment], INTERCHANGE))[1]
    assert found.ship_to.name == ("Creme Freres " + "x" * 100)[:60]
    with pytest.raises(AsnError, match=r"The number of the shipment .* is longer than 30"):
        write_856([replace(SHIPMENT, number="N" * 31)], INTERCHANGE)
    with pytest.raises(AsnError, match="has signs that cannot be sent"):
        write_856([replace(SHIPMENT, number="ASÑ")], INTERCHANGE)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (replace(TOMATOES, gtin="4012345123456"), "is no GTIN"),
        (replace(TOMATOES, gtin="04012345123457"), "should be 6"),
        (replace(TOMATOES, lot=""), "is no lot"),
        (replace(TOMATOES, quantity=Decimal(0)), "no quantity above zero"),
        (replace(TOMATOES, quantity=Decimal("NaN")), "no quantity above zero"),
        (replace(TOMATOES, quantity=Decimal("12345678.901")), "is longer than 10"),
        (replace(TOMATOES, unit="CA"), "unit 'CA' is not known"),
        (replace(TOMATOES, unit="BUCKET"), "unit 'BUCKET' is not known"),
        (replace(TOMATOES, unit=""), "The unit is missing"),
        (replace(TOMATOES, tlc_source=Party(city="Salinas")), "The name or the GLN of a party"),
        (replace(TOMATOES, tlc_source=Party(gln="4012345000008")), "should be 9"),
    ],
)
def test_line_that_cannot_be_sent_is_told(line, words):
    shipment = replace(SHIPMENT, orders=(Order("PO", None, (Pallet("", (line,)),)),))
    with pytest.raises(AsnError, match=words):
        write_856([shipment], INTERCHANGE)


def test_shipment_that_cannot_be_sent_is_told():
    with pytest.raises(AsnError, match="holds no lines"):
        write_856([Shipment("1", NOW)], INTERCHANGE)
    with pytest.raises(AsnError, match="holds no lines"):
        write_856([], INTERCHANGE)
    with pytest.raises(AsnError, match="occurs twice in one order"):
        twice = (Pallet("", (HERBS,)), Pallet("", (HERBS,)))
        write_856([Shipment("1", NOW, orders=(Order("PO", None, twice),))], INTERCHANGE)
    with pytest.raises(AsnError, match="Version '003' is not supported"):
        write_856([SHIPMENT], replace(INTERCHANGE, version="003"))


def test_partner_may_have_other_codes():
    profile = Profile(dates={**DATES, "harvested": "HRV"}, units={"CS": "CT"}, tlc_source="PK")
    shipment = replace(SHIPMENT, orders=(Order("PO", None, (Pallet("", (TOMATOES,)),)),))
    text = write_856([shipment], INTERCHANGE, profile=profile)
    assert "DTM*HRV*20261124~" in text
    assert "SN1**40*CT~" in text
    assert "N1*PK*Sunny Farms Packing" in text
    assert read_856(text, profile=profile)[1] == [shipment]


def test_acknowledgement_says_what_was_taken_and_what_not():
    text = write_856([SHIPMENT, replace(SHIPMENT, number="ASN2")], INTERCHANGE)
    received = messages(text)[1]
    answer = write_997(received, replace(INTERCHANGE, control=3), rejected={"0002": "5"})
    assert [part for part in answer.split("~") if part.startswith("AK")] == [
        "AK1*SH*17", "AK2*856*0001", "AK5*A", "AK2*856*0002", "AK5*R*5", "AK9*P*2*2*1",
    ]  # fmt: skip
    assert messages(answer)[1][0].kind == "997"
    assert "AK9*A*2*2*2~" in write_997(received, INTERCHANGE)
    assert "AK9*R*2*2*0~" in write_997(received, INTERCHANGE, rejected={"0001": "5", "0002": "5"})


def test_places_and_times_are_those_of_the_shipment():
    (found,) = read_856(TEXT)[1]
    assert found.ship_from == PLANT
    assert found.expected == datetime(2026, 11, 27, 6, 15)
