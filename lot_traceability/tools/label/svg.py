"""A label as SVG: for the screen, and for whoever wants to place it in a document of their own."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from .boxes import BarBox, Page, SymbolBox, TextBox

FONTS = "Roboto, Arial, Helvetica, 'DejaVu Sans', sans-serif"


def svg(page: Page) -> str:
    """The label as an SVG document, in millimetres.

    >>> svg(Page(25, 25, ()))[:57]
    '<svg xmlns="http://www.w3.org/2000/svg" width="25mm" heig'
    """
    width, height = _number(page.width), _number(page.height)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
            f'viewBox="0 0 {width} {height}">'
        ),
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for box in page.boxes:
        if isinstance(box, TextBox):
            parts.append(_text(box))
        elif isinstance(box, BarBox):
            parts.append(
                f'<rect x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" '
                f'height="{_number(box.height)}"/>'
            )
        else:
            parts.append(_symbol(box))
    return "".join([*parts, "</svg>"])


def _text(box: TextBox) -> str:
    # The length is set: another typeface than the one measured cannot run over its neighbour.
    length = f' textLength="{_number(box.width)}" lengthAdjust="spacingAndGlyphs"'
    weight = ' font-weight="700"' if box.bold else ""
    fill = ' fill="#fff"' if box.white else ""
    return (
        f'<text x="{_number(box.x)}" y="{_number(box.y)}" font-family={quoteattr(FONTS)} '
        f'font-size="{_number(box.size)}"{weight}{fill}{length if len(box.text) > 1 else ""}>'
        f"{escape(_clean(box.text))}</text>"
    )


def _clean(text: str) -> str:
    """XML knows no control characters."""
    return "".join(letter if letter >= " " else " " for letter in text)


def _symbol(box: SymbolBox) -> str:
    tall = box.bar / box.module if box.bar else 1
    path = "".join(
        f"M{start} {row}h{count}v{_number(tall)}h-{count}z"
        for row, start, count in box.symbol.runs()
    )
    return (
        f'<path transform="translate({_number(box.x)} {_number(box.y)}) '
        f'scale({_number(box.module)})" shape-rendering="crispEdges" d="{path}"/>'
    )


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")
