"""Letters for the PDF: one typeface that Odoo ships, and what helps where it has no glyph."""

import logging
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from odoo.tools import file_path
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ..tools.arabic_forms import joined
from ..tools.text_direction import visual_order

_logger = logging.getLogger(__name__)

ROBOTO = "web/static/fonts/google/Roboto/Roboto-%s.ttf"
TAJAWAL = "web/static/fonts/google/Tajawal/Tajawal-%s.ttf"

# Not embedded: the reader's program brings these along. Kana, Hangul, then everything Chinese.
EAST_ASIAN = (
    ("HeiseiKakuGo-W5", (0x3040, 0x30FF)),
    ("HYGothic-Medium", (0x1100, 0x11FF)),
    ("HYGothic-Medium", (0xAC00, 0xD7AF)),
    ("STSong-Light", (0x2E80, 0x9FFF)),
    ("STSong-Light", (0xFF00, 0xFFEF)),
)


#: Stands for a letter that no font here has; all of them have this one.
MISSING = "?"


class Typeface:
    """One weight: which font draws which letter, and how wide a text gets."""

    def __init__(self, bold: bool) -> None:
        weight = "Bold" if bold else "Regular"
        suffix = "-Bold" if bold else ""
        # In the order of preference; the rest is read when a letter is missing.
        self._others: list[tuple[str, Callable[[], str]]] = [
            (f"LotTrace-{weight}", lambda: file_path(ROBOTO % weight)),
            (f"LotTraceWide-{weight}", lambda: f"DejaVuSans{suffix}.ttf"),
            (f"LotTraceArabic-{weight}", lambda: file_path(TAJAWAL % weight)),
            (f"LotTraceLast-{weight}", lambda: "VeraBd.ttf" if bold else "Vera.ttf"),
        ]
        self._fonts: list[TTFont] = []
        while not self._fonts:
            self._read_next()
        self.font = self._fonts[0].fontName
        self._widths = self._fonts[0].face.charWidths
        self._font_of = lru_cache(maxsize=65_536)(self._find_font)
        self.runs = lru_cache(maxsize=65_536)(self._runs)
        self.width = lru_cache(maxsize=65_536)(self._width)

    def _read_next(self) -> None:
        """Read the next font; one that this server does not have is passed over. The last
        comes with reportlab itself."""
        name, path = self._others.pop(0)
        try:
            font = TTFont(name, path())
        except (OSError, TTFError, ValueError) as error:
            _logger.info("No font %s for the PDF of a trace: %s", name, error)
            return
        pdfmetrics.registerFont(font)
        self._fonts.append(font)

    def _find_font(self, letter: str) -> str:
        """The name of the first font that has the letter, or nothing."""
        code = ord(letter)
        for name, (first, last) in EAST_ASIAN:
            if first <= code <= last:
                if name not in pdfmetrics.getRegisteredFontNames():
                    pdfmetrics.registerFont(UnicodeCIDFont(name))
                return name
        tried = 0
        while tried < len(self._fonts) or self._others:
            if tried == len(self._fonts):
                self._read_next()
                continue
            if code in self._fonts[tried].face.charToGlyph:
                return self._fonts[tried].fontName
            tried += 1
        return ""

    def _plain(self, text: str) -> bool:
        return all(map(self._widths.__contains__, map(ord, text)))

    def _runs(self, text: str) -> tuple[tuple[str, str], ...]:
        """((font, text)) in the order of drawing; a letter that no font has becomes `MISSING`."""
        if self._plain(text):
            return ((self.font, text),)
        runs: list[tuple[str, str]] = []
        for letter in visual_order(joined(text)):
            if unicodedata.category(letter) == "Cc":
                letter = " "
            font = self._font_of(letter)
            if not font:
                letter, font = MISSING, self._font_of(MISSING)
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + letter)
            else:
                runs.append((font, letter))
        return tuple(runs)

    def _width(self, text: str, size: float) -> float:
        if self._plain(text):
            return sum(map(self._widths.__getitem__, map(ord, text))) * size / 1000
        return sum(pdfmetrics.stringWidth(part, font, size) for font, part in self.runs(text))

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """The text in lines of at most this width: broken at spaces, a longer word anywhere."""
        if self.width(text, size) <= width and "\n" not in text:
            return [text]
        lines = []
        for paragraph in text.splitlines() or [""]:
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if self.width(longer, size) <= width:
                    line = longer
                    continue
                if line:
                    lines.append(line)
                while self.width(word, size) > width:
                    fitting = self._fitting(word, size, width)
                    lines.append(word[:fitting])
                    word = word[fitting:]
                line = word
            lines.append(line)
        return lines

    def _fitting(self, word: str, size: float, width: float) -> int:
        """How many letters of the word fit; at least one, so that there is an end."""
        used = 0.0
        for position, letter in enumerate(word):
            used += self.width(letter, size)
            if used > width:
                return max(position, 1)
        return len(word)


@cache
def typeface(bold: bool) -> Typeface:
    """The regular or bold weight, read once for each process."""
    return Typeface(bold)
