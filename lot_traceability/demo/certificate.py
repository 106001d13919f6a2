"""A supplier's certificate of analysis, as a page of PDF."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

_LEFT = 25 * mm
_COLUMNS = (_LEFT, _LEFT + 70 * mm, _LEFT + 115 * mm)
_LINE = 8 * mm


def analysis_pdf(supplier: str, product: str, lot: str, rows: list[tuple[str, str, str]]) -> bytes:
    """Return the certificate of one lot.

    :param rows: what was analysed, its unit and the result
    """
    target = io.BytesIO()
    # The same page on each day.
    page = Canvas(target, pagesize=A4, invariant=1)
    page.setTitle(f"Certificate of analysis {lot}")
    height = A4[1] - 35 * mm
    page.setFont("Helvetica-Bold", 16)
    page.drawString(_LEFT, height, "Certificate of Analysis")
    page.setFont("Helvetica", 11)
    for text in (supplier, f"Product: {product}", f"Lot: {lot}"):
        height -= _LINE
        page.drawString(_LEFT, height, text)
    height -= _LINE / 2
    for font, row in (
        ("Helvetica-Bold", ("Analysis", "Unit", "Result")),
        *(("Helvetica", row) for row in rows),
    ):
        height -= _LINE
        page.setFont(font, 11)
        for left, text in zip(_COLUMNS, row, strict=True):
            page.drawString(left, height, text)
        page.line(_LEFT, height - 2 * mm, A4[0] - _LEFT, height - 2 * mm)
    page.save()
    return target.getvalue()
