"""ZPL: what it says is taken apart again, and each picture in it is read."""

import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from test_label_symbols import CSET_82
from tools.gs1 import GS, from_pairs, parse
from tools.label.boxes import Page, SymbolBox, TextBox
from tools.label.symbol import GS1_128, GS1_DATAMATRIX, gs1_symbol, plain_symbol
from tools.label.zpl import datamatrix_data, escaped, graphic, gs1_128_data, zpl

lots = st.text(CSET_82, min_size=1, max_size=20)


def of_datamatrix(text):
    """What a printer makes of ``^BX`` data whose sign is ``_``."""
    assert text.startswith("_1")
    return re.sub(
        "_(.)", lambda match: {"1": GS, "_": "_"}[match.group(1)], text.removeprefix("_1")
    )


def of_code_128(text):
    """What a printer makes of ``^BC`` data: (characters, symbols used)."""
    current = {">;": "C", ">:": "B"}[text[:2]]
    place, data, symbols = 2, "", 1
    while place < len(text):
        code = text[place : place + 2]
        symbols += 1
        if code in (">5", ">6"):
            current = "C" if code == ">5" else "B"
            place += 2
        elif code == ">8":
            data, place = data + GS, place + 2
        elif code == ">0":
            assert current == "B"
            data, place = data + ">", place + 2
        elif current == "C":
            assert code.isdigit() and len(code) == 2, text[place:]
            data, place = data + code, place + 2
        else:
            data, place = data + code[0], place + 1
    assert data.startswith(GS)
    return data[1:], symbols


@given(lots, lots)
def test_data_of_both_codes_is_what_was_asked_for(lot, serial):
    elements = from_pairs([("01", "09520123456788"), ("10", lot), ("21", serial), ("30", "1")])
    data = elements.to_element_string()
    assert of_datamatrix(datamatrix_data(data)) == data
    found, symbols = of_code_128(gs1_128_data(data))
    assert found == data
    # As short as the one that was read again in the tests of symbols.
    short = from_pairs([("01", "09520123456788"), ("10", lot)])
    data, symbols = of_code_128(gs1_128_data(short.to_element_string()))
    assert 11 * (symbols + 1) + 13 == gs1_symbol(GS1_128, short).width


@given(st.text(max_size=40))
def test_text_cannot_become_a_command(text):
    field = escaped(text)
    assert "^" not in field and "~" not in field
    assert re.sub(r"\\([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), field) == text


def unpacked(field):
    """A ``^GFA`` picture as an image."""
    match = re.fullmatch(r"\^GFA,(\d+),(\d+),(\d+),(.*)", field)
    size, data = int(match.group(3)), match.group(4)
    rows, row, count = [], "", 0
    for sign in data:
        if "G" <= sign <= "Y":
            count += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            count += 20 * (ord(sign) - ord("f"))
        elif sign == ":":
            rows.append(rows[-1])
        else:
            filled = {",": "0", "!": "F"}.get(sign)
            row += filled * (2 * size - len(row)) if filled else sign * max(count, 1)
            count = 0
            if len(row) == 2 * size:
                rows.append(row)
                row = ""
    assert not row and not count
    assert len(rows) * size == int(match.group(1)) == int(match.group(2))
    bits = b"".join(
        bytes(0 if bit == "1" else 255 for bit in f"{int(line, 16):0{size * 8}b}") for line in rows
    )
    return Image.frombytes("L", (size * 8, len(rows)), bits)


@given(st.lists(st.binary(min_size=1, max_size=70), min_size=1, max_size=9))
def test_picture_is_unpacked_as_it_was(lines):
    width = len(lines[0])
    rows = tuple(bytes(b & 1 for b in line.ljust(width, b"\1")[:width]) for line in lines)
    image = unpacked(graphic(rows))
    dark = [[image.getpixel((x, y)) == 0 for x in range(width)] for y in range(len(rows))]
    assert dark == [[bool(dot) for dot in row] for row in rows]


def test_wide_picture_counts_beyond_the_largest_letter():
    rows = (bytes([1, 0] * 4000),) * 2
    assert unpacked(graphic(rows)).size == (8000, 2)


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_qr_code_goes_as_a_picture_that_is_read(dpi):
    symbol = plain_symbol("qr", "Los Ä 7")
    text = zpl(Page(40, 40, (SymbolBox(5, 5, symbol, 0.5),)), dpi, None)
    field = re.search(r"\^FO\d+,\d+(\^GFA[^\^]*)\^FS", text).group(1)
    image = unpacked(field)
    framed = Image.new("L", (image.width + 80, image.height + 80), 255)
    framed.paste(image, (40, 40))
    assert [found.text for found in zxingcpp.read_barcodes(framed)] == ["Los Ä 7"]


def test_label_is_a_format_with_the_size_of_the_printer_s_dots():
    symbol = gs1_symbol(GS1_DATAMATRIX, parse("(01)09520123456788(10)A_^".replace("^", "b")))
    boxes = (TextBox(2, 5, "Größe ^XA", 3, 20), SymbolBox(10, 10, symbol, 0.5))
    text = zpl(Page(50, 30, boxes), 203, None, copies=3)
    assert text.splitlines() == [
        "^XA",
        "^CI28",
        "^LH0,0",
        "^PW400",
        "^LL240",
        "^FT16,40^A0N,24,24^FH\\^FDGröße \\5EXA^FS",
        "^FO80,80^BXN,4,200,,,,_^FD_1010952012345678810A__b^FS",
        "^PQ3",
        "^XZ",
    ]


def test_writing_that_the_printer_lacks_goes_as_a_picture():
    drawn = []

    def picture(box, dpi):
        drawn.append((box.text, dpi))
        return (bytes([1] * 8),)

    text = zpl(Page(50, 30, (TextBox(2, 5, "牛乳", 3, 6),)), 300, picture)
    assert drawn == [("牛乳", 300)]
    assert "^GFA,1,1,1,!^FS" in text or "^GFA,1,1,1,FF^FS" in text
