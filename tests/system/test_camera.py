"""A label before the camera of a phone is traced: a real picture, read by a real browser.

Chromium takes a film for its camera. The codes are printed by libraries of others.
"""

import io
import os

import barcode
import pytest
import qrcode
import remote
from barcode.writer import ImageWriter
from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 960
FNC1 = "\xf1"


def _qr(text: str) -> Image.Image:
    code = qrcode.QRCode(border=6)
    code.add_data(text)
    return code.make_image().convert("L").resize((760, 760))


def _gs1_128(text: str) -> Image.Image:
    file = io.BytesIO()
    # Three whole pixels a module at the writer's 300 dots per inch.
    options = {"module_width": 0.254, "module_height": 30, "write_text": False}
    barcode.get("gs1_128", FNC1 + text, writer=ImageWriter()).write(file, options)
    return Image.open(file).convert("L")


def _film(path, label: Image.Image) -> None:
    """Some frames of the label in the format that Chromium's fake camera reads."""
    frame = Image.new("L", (WIDTH, HEIGHT), 255)
    frame.paste(label, ((WIDTH - label.width) // 2, (HEIGHT - label.height) // 2))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(5):
            film.write(b"FRAME\n" + frame.tobytes() + colourless)


@pytest.fixture(scope="module")
def lot(server):
    """A lot whose name is followed by another field in a GS1-128 code."""
    connection = remote.Connection(server)
    # At a first login Odoo's bot opens a chat, which on a phone lies over the whole page.
    connection("res.users", "write", [connection.uid], {"odoobot_state": "disabled"})
    return remote.receive_and_deliver(connection, "CAM-2231")


@pytest.mark.parametrize(
    ("print_label", "text"),
    [
        pytest.param(_qr, "CAM-2231", id="square code with the lot's number"),
        pytest.param(_gs1_128, f"10CAM-2231{FNC1}3712", id="GS1-128 whose lot ends at a separator"),
    ],
)
def test_label_before_the_camera_opens_the_trace(server, lot, tmp_path, print_label, text):
    film = tmp_path / "label.y4m"
    _film(film, print_label(text))
    options = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["LOT_TRACEABILITY_CHROMIUM"], args=options
        )
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.set_default_timeout(120_000)  # the first page builds its files
        page.goto(f"{server['url']}/web/login?db={server['db']}")
        page.fill("input[name=login]", server["login"])
        page.fill("input[name=password]", server["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".o_web_client")
        page.goto(f"{server['url']}/odoo/traceability")
        page.wait_for_selector(".o_lot_trace_input")
        page.click(".o_lot_trace_search button:has(.fa-camera)")
        page.wait_for_selector(".o_lot_trace_page[aria-busy='false']")
        assert "CAM-2231" in page.inner_text(".o_lot_trace_what")
        browser.close()
