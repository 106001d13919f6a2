"""What a scanned or typed text is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.gs1 import GS, interpret
from tools.gs1.interpretation import LONGEST

TODAY = date(2026, 11, 22)
GTIN = "09520123456788"

KINDS = [
    ("]C101" + GTIN + "10A", "element_string", True, f"(01){GTIN}(10)A"),
    ("10A" + GS + "21B", "element_string", True, "(10)A(21)B"),
    ("(10)A", "element_string", True, "(10)A"),
    ("01" + GTIN + "10A", "element_string", False, f"(01){GTIN}(10)A"),
    ("10AAlt02921B", "element_string", False, "(10)A(21)B"),
    ("]d101" + GTIN + "10A", "element_string", False, f"(01){GTIN}(10)A"),
    ("00095201234567891235", "element_string", False, "(00)095201234567891235"),
    ("https://example.com/01/" + GTIN + "?10=A", "digital_link", True, f"(01){GTIN}(10)A"),
    ("]Q1https://example.com/01/" + GTIN, "digital_link", True, f"(01){GTIN}"),
    ("urn:epc:class:lgtin:4012345.012345.A", "epc_urn", True, "(01)04012345123456(10)A"),
    ("3066C4409047E140075BCD15", "epc_tag", False, "(01)09506000134352(21)123456789"),
    ("9520123456788", "gtin", False, f"(01){GTIN}"),
    ("02345673", "gtin", False, "(01)00000002345673"),
    ("416000336108", "gtin", False, "(01)00416000336108"),
    ("]E09520123456788", "gtin", True, f"(01){GTIN}"),
    ("]E402345673|]e010A" + GS + "21B", "gtin", True, "(01)00000002345673(10)A(21)B"),
    ("095201234567891235", "sscc", False, "(00)095201234567891235"),
]

PLAIN = [
    "", " ", "LOT-A", "10LOT1", "1012345", "12345", "20260105", "SALT-Alta", "LOT(1)", "(2024) 5",
    "WH/OUT/00012", "https://example.com/shop", "urn:isbn:1", "9520123456789", "]", "]d", "²²²²",
    "٠٩٥٢٠١٢٣٤٥٦٧٨٨", "30ABC", "DEADBEEFDEADBEEFDEADBEEF", "3FFFFFFFFFFFFFFFFFFFFFFF", "(", "()",
]  # fmt: skip

BROKEN = [
    ("]d20109520123456789", "check digit"),
    ("]C1", "no GS1 data"),
    ("(10)LOT(89)X", "more than one way"),
    ("10" + GS + "21A", "no value"),
    ("https://example.com/01/09520123456789", "check digit"),
    ("urn:epc:id:giai:0614141.1", "not supported"),
    ("]E09520123456789", "check digit"),
    ("]E0952012345678", "13 digits"),
]


@pytest.mark.parametrize(("text", "kind", "certain", "hri"), KINDS)
def test_kind_and_elements(text, kind, certain, hri):
    found = interpret(text, today=TODAY)
    assert (found.kind, found.certain, found.error) == (kind, certain, "")
    assert found.elements.to_hri() == hri


@pytest.mark.parametrize(("text", "kind", "certain", "hri"), KINDS)
def test_margins_change_nothing(text, kind, certain, hri):
    found = interpret("\u200e " + text + "\r\n", today=TODAY)
    assert (found.kind, found.elements.to_hri()) == (kind, hri)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_none(text):
    assert interpret(text) is None


@pytest.mark.parametrize(("text", "part"), BROKEN)
def test_marked_but_broken_data_says_why(text, part):
    found = interpret(text)
    assert part in found.error
    assert not found.elements


def test_barcode_without_gs1_data_loses_its_symbology_identifier():
    found = interpret("]C0LOT-A")
    assert (found.kind, found.text, found.error) == ("text", "LOT-A", "")


def test_foreign_label_with_a_new_country_is_read_with_a_warning():
    found = interpret("]d201" + GTIN + "422999")
    assert (found.elements.gtin, found.error) == (GTIN, "")
    assert found.elements.warnings


def test_forms_keep_what_they_tell_beside_the_elements():
    assert interpret("urn:epc:id:sscc:0614141.1234567890").epc.company_prefix_length == 7
    assert interpret("3066C4409047E140075BCD15").epc.filter_value == 3
    assert interpret("https://a.b/01/" + GTIN + "?x=1").link.parameters == (("x", "1"),)


@given(st.text(max_size=200))
def test_any_text_is_taken(text):
    found = interpret(text)
    assert found is None or found.error or found.kind == "text" or found.elements


PIECES = st.sampled_from(
    ["]C1", "]d2", "]E0", "]Q1", GS, "Alt029", "Control]", "(01)", "(10)", "(89)", "(", ")", "\\(",
     "01", GTIN, "10", "21", "17", "261231", "000000", "LOT", "\u202e", "\u200f", "\0", "\n",
     "https://", "a.b", "/01/", "/10/", "?", "&", "%2F", "%", "+", "urn:epc:", "id:sgtin:",
     "4012345.012345.", "F7", "30", "|]e0", "²", "٣", "é", "\ud800"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_mixture_of_marks_is_taken(text):
    found = interpret(text)
    assert found is None or found.error or found.kind == "text" or found.elements


@given(st.sampled_from(KINDS), st.data())
def test_one_changed_character_never_raises(case, data):
    text = case[0]
    position = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.characters())
    interpret(text[:position] + character + text[position + 1 :])


@pytest.mark.parametrize(
    "unit",
    ["A", "(", "(10)", "(10)A", GS, "10A" + GS, "\\(", "%", "/01/", "0", "]d2", "Alt029", "\u202e"],
)
def test_hundred_kilobytes_are_taken(unit):
    text = unit * (100_000 // len(unit))
    for start in ("", "]d2", "(10)", "https://a.b/", "urn:epc:id:sgtin:"):
        interpret(start + text)
        interpret((start + text)[:LONGEST])
