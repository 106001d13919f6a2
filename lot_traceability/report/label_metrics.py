"""The typeface of labels: how wide text gets in it, and what of it this server cannot draw."""

from functools import cache
from pathlib import Path

from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics

from .trace_pdf_fonts import MISSING, typeface

# Reportlab draws East Asian writing with fonts of the reader's program; a picture needs a file.
_EAST_ASIAN = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKjp-Regular.otf",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "wqy-microhei.ttc",
    "ipag.ttf",
    "msgothic.ttc",
)
_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")


class TypefaceMetrics:
    """`Metrics` of the layout."""

    def width(self, text: str, bold: bool) -> float:
        """Of type of size 1."""
        return typeface(bold).width(text, 1.0)


def runs(text: str, bold: bool) -> tuple[tuple[str, str], ...]:
    """((font, text)) in the order of drawing."""
    return typeface(bold).runs(text)


@cache
def font_file(name: str) -> str:
    """The file of a font that reportlab has, for programs that draw from files; empty where it
    has none."""
    face = getattr(pdfmetrics.getFont(name), "face", None)
    return str(getattr(face, "filename", "") or "") or _east_asian()


@cache
def _east_asian() -> str:
    for place in map(Path, _PLACES):
        for name in _EAST_ASIAN:
            found = next(place.rglob(name), None) if place.is_dir() else None
            if found:
                return str(found)
    return ""


@cache
def image_font(name: str, size: int):
    """The font for a picture, or nothing."""
    file = font_file(name)
    return ImageFont.truetype(file, size) if file else None


def missing(text: str, *, picture: bool) -> bool:
    """Whether this server lacks a font for some of the text."""
    for name, part in runs(text, False):
        if picture and not font_file(name):
            return True
        if MISSING in part and MISSING not in text:
            return True
    return False
