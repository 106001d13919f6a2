"""Every symbol is read again by another program than the one that drew it."""

import string

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tools.gs1 import GS, from_pairs, parse
from tools.label.code_128 import modules
from tools.label.errors import LabelError
from tools.label.symbol import (
    GS1_128,
    GS1_DATAMATRIX,
    GS1_QR,
    QR,
    QR_LINK,
    gs1_128_symbols,
    gs1_symbol,
    plain_symbol,
)

IDENTIFIERS = {GS1_DATAMATRIX: "]d2", GS1_128: "]C1", GS1_QR: "]Q3"}
# All that GS1 allows in a lot (CSET 82).
CSET_82 = "!\"%&'()*+,-./" + string.digits + ":;<=>?" + string.ascii_uppercase + "_"
CSET_82 += string.ascii_lowercase


def picture(symbol, module=4):
    """As a printer would draw it, with its quiet zone."""
    quiet = symbol.quiet
    rows = symbol.rows * 30 if symbol.is_linear else symbol.rows
    size = (symbol.width + 2 * quiet, len(rows) + 2 * quiet)
    image = Image.new("L", size, 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                image.putpixel((x + quiet, y + quiet), 0)
    return image.resize((size[0] * module, size[1] * module), Image.NEAREST)


def read(symbol):
    found = zxingcpp.read_barcodes(picture(symbol))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("kind", IDENTIFIERS)
@pytest.mark.parametrize(
    "hri",
    [
        "(01)09520123456788(17)261231(10)LOT-A/1(21)S123",
        "(01)09520123456788(10)LOT(1)",
        "(01)09520123456788(10)(21)A(10)",
        "(01)09520123456788(10)A_1>8%&",
        "(01)09520123456788(3103)012500(11)260101(10)12345678901234567890",
        "(00)095201234567891235",
        "(414)9521321000018(254)Dock 7".replace(" ", "-"),
        "(01)09520123456788(15)261200(10)A",
    ],
)
def test_bytes_separators_and_identifier_are_what_was_asked_for(kind, hri):
    # Escaped brackets: what stands in brackets inside a lot belongs to it.
    pairs = {
        "(01)09520123456788(10)(21)A(10)": [("01", "09520123456788"), ("10", "(21)A(10)")],
    }.get(hri)
    elements = from_pairs(pairs) if pairs else parse(hri)
    if kind == GS1_128 and len(elements.to_element_string()) > 48:
        pytest.skip("more than GS1-128 holds")
    found = read(gs1_symbol(kind, elements))
    assert found.symbology_identifier == IDENTIFIERS[kind]
    assert found.content_type == zxingcpp.ContentType.GS1
    assert found.bytes.decode() == elements.to_element_string()


def test_separators_stand_exactly_where_a_value_of_variable_length_ends():
    elements = parse("(10)A(01)09520123456788(21)B(17)261231")
    found = read(gs1_symbol(GS1_DATAMATRIX, elements))
    assert found.bytes.decode() == f"10A{GS}010952012345678821B{GS}17261231"


@settings(max_examples=150, deadline=None)
@given(st.text(CSET_82, min_size=1, max_size=20), st.sampled_from(sorted(IDENTIFIERS)))
def test_every_lot_that_gs1_allows_is_printed(lot, kind):
    elements = from_pairs([("01", "09520123456788"), ("10", lot)])
    symbol = gs1_symbol(kind, elements)
    assert read(symbol).bytes.decode() == elements.to_element_string()
    if kind == GS1_128:
        assert symbol.width == modules(symbol.data)


def test_each_character_that_gs1_allows_is_read_back():
    for start in range(0, len(CSET_82), 20):
        elements = from_pairs([("01", "09520123456788"), ("10", CSET_82[start : start + 20])])
        for kind in IDENTIFIERS:
            assert read(gs1_symbol(kind, elements)).bytes.decode() == elements.to_element_string()


def test_link_is_read_back_as_the_address_that_it_is():
    elements = parse("(01)09520123456788(10)LOT/1(17)261231")
    found = read(gs1_symbol(QR_LINK, elements, "https://id.example.com"))
    assert found.text == "https://id.example.com/01/09520123456788/10/LOT%2F1?17=261231"
    assert found.symbology_identifier == "]Q1"


def test_number_that_gs1_does_not_allow_is_printed_as_it_is():
    for kind, identifier in (("datamatrix", "]d1"), ("code_128", "]C0"), (QR, "]Q1")):
        found = read(plain_symbol(kind, "Lot 7 #A"))
        assert (found.text, found.symbology_identifier) == ("Lot 7 #A", identifier)
    assert read(plain_symbol(QR, "Los Ä – ロット")).text == "Los Ä – ロット"


@pytest.mark.parametrize(
    "kind, text",
    [
        (QR, "7" * 7089),
        (QR, "A" * 4296),
        ("datamatrix", "7" * 3116),
        ("datamatrix", "A" * 2335),
    ],
)
def test_symbol_is_filled_up_to_what_it_holds_and_no_further(kind, text):
    found = zxingcpp.read_barcodes(picture(plain_symbol(kind, text), module=3))
    assert [each.text for each in found] == [text]
    with pytest.raises(LabelError, match=r"more data .* than a .* code holds: .* digits"):
        plain_symbol(kind, text + text[0])


def test_gs1_128_ends_at_48_characters():
    whole = parse("(01)09520123456788(17)261231(10)12345678901234567890")
    assert len(whole.to_element_string()) == 46
    gs1_symbol(GS1_128, whole)
    longer = parse("(01)09520123456788(17)261231(10)12345678901234567890(30)1")
    with pytest.raises(LabelError, match="48 characters, not 50"):
        gs1_symbol(GS1_128, longer)
    both = gs1_128_symbols(longer, [1000])
    assert [read(symbol).bytes.decode() for symbol in both] == [
        whole.to_element_string(),
        "301",
    ]


def test_what_does_not_belong_together_is_refused_before_it_is_drawn():
    with pytest.raises(LabelError, match=r"AI \(10\) BATCH/LOT needs one of"):
        gs1_symbol(GS1_DATAMATRIX, parse("(10)A"))
    with pytest.raises(LabelError, match="nothing to put into the code"):
        gs1_symbol(GS1_DATAMATRIX, from_pairs([]))


def test_code_too_wide_for_its_label_is_refused_with_a_way_out():
    with pytest.raises(LabelError, match=r"wider than the label.*DataMatrix"):
        gs1_128_symbols(parse("(01)09520123456788(10)A"), [100])
