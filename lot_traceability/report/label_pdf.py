"""Labels as PDF, drawn as lines and letters: one label a page, or many on a sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ..tools.label.boxes import BarBox, Page, SymbolBox, TextBox
from .label_metrics import runs


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paper with labels in rows and columns, in millimetres."""

    width: float
    height: float
    rows: int
    columns: int
    left: float
    top: float
    across: float  # from the left edge of a label to that of the next one
    down: float

    @property
    def count(self) -> int:
        """How many labels it has."""
        return self.rows * self.columns

    def place(self, number: int) -> tuple[float, float]:
        """Where a label begins, from the upper left corner of the paper."""
        row, column = divmod(number, self.columns)
        return self.left + column * self.across, self.top + row * self.down


def write_label_pdf(
    pages: Iterable[Page],
    target: IO[bytes],
    *,
    title: str = "",
    sheet: Sheet | None = None,
    first: int = 1,
) -> None:
    """Write the labels.

    :param sheet: where the paper has many
    :param first: the place on the first sheet, from 1, that is still free
    """
    canvas = Canvas(target, invariant=1)
    canvas.setTitle(title)
    if sheet is None:
        for page in pages:
            canvas.setPageSize((page.width * mm, page.height * mm))
            _draw(canvas, page, 0, 0, page.height)
            canvas.showPage()
        canvas.save()
        return
    canvas.setPageSize((sheet.width * mm, sheet.height * mm))
    place = (first - 1) % sheet.count
    for page in pages:
        x, y = sheet.place(place)
        _draw(canvas, page, x, y, sheet.height)
        place += 1
        if place == sheet.count:
            canvas.showPage()
            canvas.setPageSize((sheet.width * mm, sheet.height * mm))
            place = 0
    if place:
        canvas.showPage()
    canvas.save()


def _draw(canvas: Canvas, page: Page, x: float, y: float, height: float) -> None:
    canvas.saveState()
    canvas.translate(x * mm, (height - y) * mm)
    # From here on in millimetres, downwards negative.
    canvas.scale(mm, mm)
    boxes: Sequence = page.boxes
    canvas.setFillGray(0)
    for box in boxes:
        if isinstance(box, BarBox):
            canvas.rect(box.x, -box.y - box.height, box.width, box.height, stroke=0, fill=1)
    for box in boxes:
        if isinstance(box, SymbolBox):
            _symbol(canvas, box)
        elif isinstance(box, TextBox):
            _text(canvas, box)
    canvas.restoreState()


def _symbol(canvas: Canvas, box: SymbolBox) -> None:
    canvas.setFillGray(0)
    tall = box.bar or box.module
    path = canvas.beginPath()
    for row, start, count in box.symbol.runs():
        bottom = -box.y - row * box.module - tall
        path.rect(box.x + start * box.module, bottom, count * box.module, tall)
    canvas.drawPath(path, stroke=0, fill=1)


def _text(canvas: Canvas, box: TextBox) -> None:
    canvas.setFillGray(1 if box.white else 0)
    text = canvas.beginText(box.x, -box.y)
    for font, part in runs(box.text, box.bold):
        text.setFont(font, box.size)
        text.textOut(part)
    canvas.drawText(text)
