"""Codes before the camera: the separators of GS1 are kept, or the code is refused."""

import base64
import io

import barcode
import pytest
import qrcode
from barcode.writer import ImageWriter
from gs1_support import ROOT
from node_support import Node, of_odoo
from PIL import Image

CALLS = ROOT / "tests" / "pure" / "scan_calls.mjs"
GS = "\x1d"
GTIN = "09520123456788"


@pytest.fixture(scope="module")
def node():
    running = Node()
    yield running
    running.close()


@pytest.fixture(scope="module")
def library():
    """The library that Odoo ships."""
    return of_odoo("web/static/lib/zxing-library/zxing-library.js")


def linear(kind, text):
    file = io.BytesIO()
    options = {"module_width": 0.254, "module_height": 15, "write_text": False}
    barcode.get(kind, text, writer=ImageWriter()).write(file, options)
    return Image.open(file).convert("L")


def square(text):
    code = qrcode.QRCode(border=6)
    code.add_data(text)
    return code.make_image().convert("L")


def detect(node, library, picture):
    picture = picture.convert("L")
    return node.call(
        CALLS,
        "detect",
        library,
        {
            "width": picture.width,
            "height": picture.height,
            "grey": base64.b64encode(picture.tobytes()).decode(),
        },
    )


def test_gs1_128_keeps_its_separators(node, library):
    picture = linear("gs1_128", f"01{GTIN}10LOT-A/1\xf121S1")
    found = detect(node, library, picture)
    assert found["format"] == "CODE_128"
    assert found["identified"] == f"]C101{GTIN}10LOT-A/1{GS}21S1"
    assert found["safe"]


def test_code_128_that_lost_them_is_refused(node, library):
    found = detect(node, library, linear("code128", f"01{GTIN}10LOT-A/121S1"))
    assert found["rawValue"] == f"01{GTIN}10LOT-A/121S1"
    assert not found["safe"]


def test_plain_code_128_and_link_and_retail_number_are_read(node, library):
    assert detect(node, library, linear("code128", "LOT-A17"))["safe"]
    link = f"https://id.example.com/01/{GTIN}/10/LOT-A"
    assert detect(node, library, square(link))["identified"] == link
    found = detect(node, library, linear("ean13", "9520123456788"))
    assert found["identified"] == "]E09520123456788"


def test_nothing_before_the_camera_is_no_code(node, library):
    assert detect(node, library, Image.new("L", (320, 240), 255)) is None


@pytest.mark.parametrize(
    ("text", "format_", "is_safe"),
    [
        (f"01{GTIN}10LOT", "CODE_128", False),
        (f"01{GTIN}1726123110LOT", "CODE_128", False),
        ("00095201234567891235" + "10LOT", "CODE_128", False),
        (f"]C101{GTIN}10LOT", "CODE_128", True),
        (f"01{GTIN}10LOT{GS}21S", "CODE_128", True),
        (f"01{GTIN}17261231", "CODE_128", True),
        ("00095201234567891235", "CODE_128", True),
        ("0109520123456789" + "10LOT", "CODE_128", True),
        ("10LOT", "CODE_128", True),
        ("LOT-A17", "CODE_128", True),
        (f"01{GTIN}10LOT", "QR_CODE", True),
    ],
)
def test_safe_codes(node, text, format_, is_safe):
    assert node.call(CALLS, "safe", [[text, format_]]) == [is_safe]


def code(text, format_="QR_CODE", *, safe=True):
    return {"rawValue": text, "format": format_, "safe": safe}


def test_camera_gives_each_label_once_and_refuses_an_unsafe_one(node):
    frames = [
        [],
        [code("A")],
        [code("A")],
        [],
        [code("02345673", "EAN_8")],
        [code("01..10B", "CODE_128", safe=False)],
        [code("01..10B", "CODE_128", safe=False)],
    ]
    told = node.call(CALLS, "camera", frames)
    assert told == [["A", "QR_CODE"], ["]E402345673", "EAN_8"], "unsafe", "stopped"]
