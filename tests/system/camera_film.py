"""A film of a label, which Chromium takes for what its camera sees. The codes are printed by a
library of others."""

import contextlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import barcode
from barcode.writer import ImageWriter
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

WIDTH, HEIGHT = 1280, 960
FNC1 = "\xf1"
_SIGN = "\x1d"


def gs1_128(text: str) -> Image.Image:
    """A GS1-128, with its separators where the text has them."""
    return _printed("gs1_128", FNC1 + text.replace(_SIGN, FNC1))


def plain_128(text: str) -> Image.Image:
    """The same data in a plain Code 128: nobody can tell where the lot ends."""
    return _printed("code128", text.replace(_SIGN, ""))


def _printed(kind: str, text: str) -> Image.Image:
    file = io.BytesIO()
    # Three whole pixels a module at the writer's 300 dots per inch.
    options = {"module_width": 0.254, "module_height": 30, "write_text": False}
    barcode.get(kind, text, writer=ImageWriter()).write(file, options)
    return Image.open(file).convert("L")


def film(path: Path, label: Image.Image) -> None:
    """Some frames of the label in the format that Chromium's fake camera reads."""
    frame = Image.new("L", (WIDTH, HEIGHT), 255)
    frame.paste(label, ((WIDTH - label.width) // 2, (HEIGHT - label.height) // 2))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _frame in range(5):
            file.write(b"FRAME\n" + frame.tobytes() + colourless)


@contextlib.contextmanager
def playing(path: Path) -> Iterator[Browser]:
    """A browser before whose camera the film runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["LOT_TRACEABILITY_CHROMIUM"],
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={path}",
            ],
        )
        yield browser
        browser.close()
