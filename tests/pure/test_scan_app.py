"""What the Scan app works out on the device, run by Node.js: the queue, and what a scan means."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from gs1_support import ROOT
from node_support import node
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SCAN = ROOT / "lot_traceability" / "static" / "src" / "scan"
SYMBOLS = ROOT / "lot_traceability" / "static" / "img" / "scan_symbols"
sys.path.append(str(ROOT / "setup" / "lib" / "inside"))


@pytest.mark.parametrize("file", ["scan_queue.test.mjs", "scan_matching.test.mjs"])
def test_device_does_what_its_tests_say(file):
    ran = subprocess.run(
        ["node", "--test", "--test-reporter=tap", HERE / file],  # noqa: S607
        env=node.environment(),
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    passed = int(re.search(r"^# pass (\d+)$", ran.stdout, re.MULTILINE)[1])
    assert passed >= 10


def test_pictures_are_those_that_the_script_draws():
    import scan_images

    drawn = scan_images.symbols()
    assert sorted(drawn) == sorted(path.name for path in SYMBOLS.iterdir())
    for name, svg in drawn.items():
        assert (SYMBOLS / name).read_text(encoding="utf-8") == svg


@pytest.mark.parametrize("name", ["test-datamatrix.svg", "test-gs1-128.svg"])
def test_test_code_is_what_the_diagnosis_expects(name):
    wanted = re.search(
        r"TEST_CODE = `(.*)`;", (SCAN / "capture" / "diagnose.js").read_text(encoding="utf-8")
    )[1].replace("${SEPARATOR}", "\x1d")
    read = _read(name)
    assert read.bytes.decode().lstrip("\x1d") == wanted
    assert read.symbology_identifier == ("]d2" if "datamatrix" in name else "]C1")


def test_labels_that_press_buttons_say_what_the_app_understands():
    source = (SCAN / "work" / "labels.js").read_text(encoding="utf-8")
    known = set(re.findall(r'"(LT-[A-Z]+)":', source))
    assert {_read(f"{text}.svg").text for text in known} == known
    assert len(known) == 4


def _read(name: str):
    """The code of a picture, read by another part of the library than the one that drew it."""
    svg = (SYMBOLS / name).read_text(encoding="utf-8")
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    picture = Image.new("L", (width * 4, height * 4), 255)
    draw = ImageDraw.Draw(picture)
    for group in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", svg):
        x, y, across, down = (int(number) * 4 for number in group)
        draw.rectangle((x, y, x + across - 1, y + down - 1), fill=0)
    return zxingcpp.read_barcode(picture)
