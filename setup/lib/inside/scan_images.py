"""Draws the pictures of the Scan app into a folder; runs where zxing-cpp and Pillow are."""

import re
import sys
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw

# The app's colours: ground, what holds the label, the light that reads it.
GROUND, FRAME, BEAM = "#123c43", "#ffffff", "#f2b134"
# As `TEST_CODE` in static/src/scan/capture/diagnose.js.
TEST_CODE = "(01)09520123456788(10)Test-Yz/1_(21)aB+2"
# As `COMMAND_LABELS` in static/src/scan/work/labels.js.
COMMANDS = ("LT-OK", "LT-DROP", "LT-FINISH", "LT-BACK")
# Drawn larger and made smaller: smooth edges.
_FINE = 4


def icon(size: int, share: float) -> Image.Image:
    """A label before a scanner.

    :param share: of the size that the drawing takes; phones cut away the rest of a maskable icon
    """
    side = size * _FINE
    picture = Image.new("RGB", (side, side), GROUND)
    draw = ImageDraw.Draw(picture)
    inset = side * (1 - share) / 2
    unit = side * share / 24

    def at(*numbers: float) -> list[float]:
        return [inset + number * unit for number in numbers]

    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        _corner(draw, at, x, y)
    for left, width in ((6, 1.4), (8.4, 0.8), (10.2, 1.8), (13, 0.8), (14.8, 1.4), (17, 1)):
        draw.rectangle(at(left, 6, left + width, 18), fill=FRAME)
    draw.rounded_rectangle(at(1.5, 11.2, 22.5, 12.8), radius=unit * 0.8, fill=BEAM)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _corner(draw: ImageDraw.ImageDraw, at, x: int, y: int) -> None:
    """One corner of the frame."""
    near, far, thick = 1.0, 6.5, 1.7
    edges = (
        ((near, far), (near, near + thick)),
        ((near, near + thick), (near, far)),
    )
    for (left, right), (top, bottom) in edges:
        box = (
            24 - right if x else left,
            24 - bottom if y else top,
            24 - left if x else right,
            24 - top if y else bottom,
        )
        draw.rectangle(at(*box), fill=FRAME)


def symbols() -> dict[str, str]:
    """The codes as SVG, by the name of their file."""
    formats = zxingcpp.BarcodeFormat
    drawn = {
        "test-datamatrix.svg": zxingcpp.create_barcode(TEST_CODE, formats.DataMatrix, gs1=True),
        "test-gs1-128.svg": zxingcpp.create_barcode(TEST_CODE, formats.Code128, gs1=True),
        **{f"{text}.svg": zxingcpp.create_barcode(text, formats.Code128) for text in COMMANDS},
    }
    return {name: _scalable(zxingcpp.write_barcode_to_svg(code)) for name, code in drawn.items()}


def _scalable(svg: str) -> str:
    """The drawing as a page can show it in any size, with sharp edges."""
    return re.sub(
        r'^.*<svg width="(\d+)" height="(\d+)" version="1.1"',
        r'<svg viewBox="0 0 \1 \2" width="\1" height="\2" shape-rendering="crispEdges"',
        svg,
        flags=re.DOTALL,
    )


def main(folder: Path) -> None:
    """Write all of them."""
    codes = folder / "scan_symbols"
    codes.mkdir(parents=True, exist_ok=True)
    for name, svg in symbols().items():
        (codes / name).write_text(svg, encoding="utf-8")
    for name, size, share in (
        ("scan-192.png", 192, 0.78),
        ("scan-512.png", 512, 0.78),
        ("scan-maskable-512.png", 512, 0.58),
    ):
        icon(size, share).save(folder / name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
