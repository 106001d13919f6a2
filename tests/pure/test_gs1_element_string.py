"""Reading and writing element strings, as scanned and in brackets."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from gs1_support import element_strings
from hypothesis import given
from tools.gs1 import GS, ElementString, GS1Error, from_pairs, parse, problems

TODAY = date(2026, 11, 22)
GTIN = "09520123456788"
LABEL = "01" + GTIN + "10LOT-A/1" + GS + "17261231"


def refused(text, code):
    with pytest.raises(GS1Error) as raised:
        parse(text, today=TODAY)
    assert raised.value.code == code, raised.value
    return str(raised.value)


@pytest.mark.parametrize("front", ["", "]C1", "]d2", "]Q3", "]e0", "]J1", GS, "]d2" + GS])
def test_label_reads_alike_with_every_mark_in_front(front):
    label = parse(front + LABEL, today=TODAY)
    assert (label.gtin, label.lot, label.expiry) == (GTIN, "LOT-A/1", date(2026, 12, 31))


@pytest.mark.parametrize(
    "separator",
    [GS, "Alt029", "Alt0029", "Control]", "\u241d", "<GS>", "{GS}", "[GS]", "^]"],
)
def test_each_wedge_separator_ends_the_lot(separator):
    label = parse("10LOT1" + separator + "21SER1")
    assert (label.lot, label.serial) == ("LOT1", "SER1")


def test_lot_with_alt029_survives_beside_a_real_separator():
    assert parse("10SALT029" + GS + "21A").lot == "SALT029"
    assert parse("10SAlt029" + GS + "21A").lot == "SAlt029"


def test_hash_sign_is_no_separator():
    assert "cannot hold the character '#'" in refused("10LOT#21SER", "characters")


def test_lost_separator_cannot_be_noticed():
    assert parse("10LOT121SER1").lot == "LOT121SER1"


def test_superfluous_separators_are_harmless():
    assert parse("01" + GTIN + GS + "10A" + GS + GS).to_hri() == f"(01){GTIN}(10)A"


def test_margins_and_direction_marks_are_dropped():
    assert parse(" \u202b(10)AB\u202c\r\n").lot == "AB"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("]d2", "empty"),
        (GS, "empty"),
        ("LOT-A", "unknown_ai"),
        ("891234", "unknown_ai"),
        ("01" + GTIN + "2", "unknown_ai"),
        ("01952012345678", "length"),
        ("0109520123456789", "check_digit"),
        ("01A9520123456788", "digits"),
        ("10", "missing_value"),
        ("10" + "A" * 21, "length"),
        ("10LÖT", "characters"),
        ("10LOT 1", "characters"),
        ("17260231", "date"),
        ("17000000", "date"),
        ("7007211225211", "length"),
        ("70032612312460", "date"),
        ("42352852", "length"),
        ("4210001", "content"),
        ("10A" + GS + "10B", "repeated_ai"),
        ("8013123456ABXX", "content"),
        ("8030ABC:123", "characters"),
        ("01٠٩٥٢٠١٢٣٤٥٦٧٨٨", "digits"),
    ],
)
def test_bad_data_is_refused(text, code):
    sentence = refused(text, code)
    assert sentence.endswith(".")
    assert ": " in sentence


def test_bytes_are_refused_with_a_sentence():
    with pytest.raises(GS1Error, match="not bytes"):
        parse(b"10A")


def test_same_value_twice_is_one_element():
    assert len(parse("10A" + GS + "10A")) == 1


def test_wrong_check_digit_says_the_right_one():
    assert "should be 8" in refused("0109520123456789", "check_digit")


# -- brackets --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        ("(01)09520123456788(10)LOT(1)", "LOT(1)"),
        ("(01)09520123456788 (10)LOT", "LOT"),
        ("(10)A(2024)B(01)09520123456788", "A(2024)B"),
        ("(10)A(250101)", "A(250101)"),
        ("(10)12345\\(11)991225", "12345(11)991225"),
        ("(10)12345\\(", "12345("),
        ("(10)A(B)C", "A(B)C"),
        ("(10)A\n(17)261231", "A"),
    ],
)
def test_bracketed_lot_is_whole(text, lot):
    assert parse(text, today=TODAY).lot == lot


@pytest.mark.parametrize(
    "text",
    ["(10)LOT(89)X", "(10)LOT(11)A", "(10)LOT(21)", "(10)A(10)B", "(10)A(01)B", "(21)A(3103)1"],
)
def test_bracketed_text_with_two_readings_is_refused(text):
    refused(text, "brackets")


@pytest.mark.parametrize(
    "text", ["(1)12345", "()12345", "(12345)1", "(15", "(", "1(12345", "(1A)2"]
)
def test_bracketed_text_without_identifier_is_refused(text):
    refused(text, "unknown_ai")


def test_number_in_brackets_after_a_date_is_no_part_of_it():
    refused("(17)9(90)217", "length")


def test_printed_text_reads_back_only_when_escaped():
    label = from_pairs([("10", "A(21)B")])
    assert label.to_hri() == "(10)A(21)B"
    assert parse(label.to_hri(escape=True)) == label


# -- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "typed", "unit"),
    [
        ("3103001250", Decimal("1.250"), "kg"),
        ("3201000015", Decimal("1.5"), "lb"),
        ("39229900", Decimal("99.00"), ""),
        ("391297812345", Decimal("123.45"), "978"),
        ("3952001299", Decimal("12.99"), ""),
        ("4331001850-", Decimal("-18.50"), "°C"),
        ("4330003200", Decimal("32.00"), "°F"),
        ("30012", 12, ""),
        ("11260100", date(2026, 1, 31), ""),
        ("70032612311830", datetime(2026, 12, 31, 18, 30), ""),
        ("8008260101120559", datetime(2026, 1, 1, 12, 5, 59), ""),
        ("800826010112", datetime(2026, 1, 1, 12), ""),
        ("43242601019999", datetime(2026, 1, 1), ""),
        ("7007260101260131", (date(2026, 1, 1), date(2026, 1, 31)), ""),
        ("7007260101", (date(2026, 1, 1), date(2026, 1, 1)), ""),
        ("725020000229", date(2000, 2, 29), ""),
        ("2007", "07", ""),
    ],
)
def test_value_is_typed(text, typed, unit):
    (element,) = parse(text, today=TODAY)
    assert (element.typed, element.unit) == (typed, unit)
    assert type(element.typed) is type(typed)


def test_properties_of_a_case_label():
    label = parse(
        "(01)09520123456788(11)260105(13)260106(15)260301(16)260220(3103)012500(37)12"
        "(21)S1(20)07(400)PO-7(7006)260110(7007)260101260103(8008)2601051230",
        today=TODAY,
    )
    assert label.production_date == date(2026, 1, 5)
    assert label.packaging_date == date(2026, 1, 6)
    assert (label.best_before, label.sell_by) == (date(2026, 3, 1), date(2026, 2, 20))
    assert label.first_freeze_date == date(2026, 1, 10)
    assert label.harvest_dates == (date(2026, 1, 1), date(2026, 1, 3))
    assert label.net_weight == (Decimal("12.500"), "kg")
    assert (label.count, label.serial, label.variant, label.order_number) == (
        12,
        "S1",
        "07",
        "PO-7",
    )


def test_properties_of_a_pallet_label():
    label = parse(
        "(00)095201234567891235(02)09520123456788(37)40(10)A(7003)2612311200", today=TODAY
    )
    assert (label.sscc, label.content_gtin, label.gtin) == ("095201234567891235", GTIN, None)
    assert (label.lot, label.count, label.expiry) == ("A", 40, date(2026, 12, 31))


def test_properties_of_a_location_label():
    label = parse("(414)9521141123454(254)32a/b")
    assert (label.gln, label.gln_extension) == ("9521141123454", "32a/b")


def test_absent_elements_are_none():
    nothing = ElementString()
    assert not len(nothing)
    for name in ("gtin", "lot", "serial", "sscc", "expiry", "count", "net_weight", "harvest_dates"):
        assert getattr(nothing, name) is None
    assert nothing.to_element_string() == ""


def test_item_in_pieces_tells_its_gtin():
    assert parse("(8006)095201234567880102").gtin == GTIN


def test_unknown_country_is_refused_or_forgiven():
    refused("01" + GTIN + "422999", "content")
    label = parse("01" + GTIN + "422999", strict=False)
    assert label.gtin == GTIN
    assert len(label.warnings) == 1
    assert "(422)" in label.warnings[0]


def test_check_digit_is_never_forgiven():
    with pytest.raises(GS1Error):
        parse("0109520123456789", strict=False)


# -- writing ---------------------------------------------------------------------------------


def test_separator_stands_only_where_needed():
    label = parse("(01)09520123456788(10)A(17)261231(3103)001250(21)B")
    text = label.to_element_string(symbology="]d2")
    assert text == f"]d201{GTIN}10A{GS}172612313103001250" + "21B"


@given(element_strings())
def test_every_form_reads_back(label):
    assert parse(label.to_element_string()) == label
    assert parse("]C1" + label.to_element_string()) == label
    assert parse(label.to_hri(escape=True)) == label


# -- associations ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("(01)09520123456788(10)A(17)261231", 0),
        ("(10)A", 1),
        ("(01)09520123456788(37)12", 2),
        ("(00)095201234567891235(02)09520123456788(37)12", 0),
        ("(01)09520123456788(3103)001250(3102)000125", 2),
        ("(01)09520123456788(21)A(250)B", 0),
        ("(01)09520123456788(250)B", 1),
        ("(01)09520123456788(3922)0100(3103)001250", 0),
        ("(253)1234567890128(8030)ABC", 1),
        ("(253)1234567890128X(8030)ABC", 0),
    ],
)
def test_associations(text, count):
    assert len(problems(parse(text, today=TODAY))) == count
