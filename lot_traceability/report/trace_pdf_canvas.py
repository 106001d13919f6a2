"""The canvas of the PDF: writes lines of any script, and numbers its pages."""

from functools import lru_cache

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from .trace_pdf_fonts import typeface

INK = HexColor("#1F2430")
TOTAL_PAGES = "total_pages"


class _Code:
    """Drawing instructions as `Canvas.drawText` takes them."""

    def __init__(self, code: str) -> None:
        self._code = code

    def getCode(self) -> str:
        return self._code


class TraceCanvas(Canvas):
    """Most texts of a long table come again and again: their instructions are kept, and only
    the place differs. That halves the time of a PDF with 1,000 pages."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._line_code = lru_cache(maxsize=32_768)(self._new_line_code)
        self._total_form = ("", 0.0)

    def write_lines(self, lines: list[tuple[float, float, str, float, bool]]) -> None:
        """Write texts: (x, y of the baseline, text, size, bold) for each."""
        code = [
            f"q 1 0 0 1 {x:.2f} {y:.2f} cm {self._line_code(text, size, bold)} Q"
            for x, y, text, size, bold in lines
            if text
        ]
        self.setFillColor(INK)
        self.drawText(_Code("\n".join(code)))

    def write_page_of(self, right: float, y: float, before: str, after: str, size: float) -> None:
        """Write "page 3 of 12" up to `right`; the total is filled in at the end.

        The pages refer to one drawing of their number, so that no page has to be kept.
        """
        face = typeface(False)
        start = right - face.width(f"{before}99999{after}", size)
        self.write_lines([(start, y, before, size, False)])
        self.saveState()
        self.translate(start + face.width(before, size), y)
        self.doForm(TOTAL_PAGES)
        self.restoreState()
        self._total_form = (after, size)

    def save(self):
        after, size = self._total_form
        if size:
            self.beginForm(TOTAL_PAGES, 0, -size, 100, 2 * size)
            self.write_lines([(0, 0, f"{self.getPageNumber() - 1}{after}", size, False)])
            self.endForm()
        return super().save()

    def _new_line_code(self, text: str, size: float, bold: bool) -> str:
        drawn = self.beginText()
        for font, part in typeface(bold).runs(text):
            drawn.setFont(font, size)
            drawn.textOut(part)
        return drawn.getCode()
