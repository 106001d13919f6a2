"""A label as a picture, dot by dot as the printer would make it."""

from io import BytesIO

from PIL import Image, ImageDraw

from ..tools.label.boxes import ASCENT, DESCENT, BarBox, Page, SymbolBox, TextBox
from .label_metrics import image_font, runs
from .trace_pdf_fonts import MISSING, typeface


def label_png(page: Page, dpi: int) -> bytes:
    """The label as PNG."""
    image = draw(page, dpi)
    target = BytesIO()
    image.save(target, "PNG", dpi=(dpi, dpi), optimize=True)
    return target.getvalue()


def draw(page: Page, dpi: int) -> Image.Image:
    """The label as a grey picture."""
    dots = dpi / 25.4
    image = Image.new("L", (round(page.width * dots), round(page.height * dots)), 255)
    pen = ImageDraw.Draw(image)
    for box in page.boxes:
        if isinstance(box, BarBox):
            left, top, right, bottom = (round(value * dots) for value in box.area)
            pen.rectangle((left, top, right - 1, bottom - 1), fill=0)
    for box in page.boxes:
        if isinstance(box, SymbolBox):
            _symbol(pen, box, dots)
        elif isinstance(box, TextBox):
            _text(pen, box, box.x * dots, box.y * dots, dots)
    return image


def text_rows(box: TextBox, dpi: int) -> tuple[bytes, ...]:
    """A line of text as rows of dots, 1 where it is dark; see `zpl`."""
    dots = dpi / 25.4
    size = (max(round(box.width * dots), 1), max(round((ASCENT + DESCENT) * box.size * dots), 1))
    image = Image.new("L", size, 255)
    _text(ImageDraw.Draw(image), box, 0, ASCENT * box.size * dots, dots, white=False)
    # Dots are there or not: half of the grey ones are.
    flat = bytes(image.tobytes()).translate(bytes(1 if value < 128 else 0 for value in range(256)))
    return tuple(flat[row * size[0] : (row + 1) * size[0]] for row in range(size[1]))


def _symbol(pen: ImageDraw.ImageDraw, box: SymbolBox, dots: float) -> None:
    # Whole dots for each module, or a scanner reads what is not there.
    module = max(round(box.module * dots), 1)
    left, top = round(box.x * dots), round(box.y * dots)
    tall = round(box.bar * dots) if box.bar else module
    for row, start, count in box.symbol.runs():
        x, y = left + start * module, top + row * module
        pen.rectangle((x, y, x + count * module - 1, y + tall - 1), fill=0)


def _text(
    pen: ImageDraw.ImageDraw,
    box: TextBox,
    x: float,
    y: float,
    dots: float,
    *,
    white: bool | None = None,
) -> None:
    fill = 255 if (box.white if white is None else white) else 0
    size = max(round(box.size * dots), 1)
    for name, part in runs(box.text, box.bold):
        font = image_font(name, size)
        if font is None:
            # As many signs as there are letters: that something is missing shows.
            step = typeface(box.bold).width(part, box.size * dots)
            font, part = image_font(typeface(box.bold).font, size), MISSING * len(part)
            pen.text((x, y), part, font=font, fill=fill, anchor="ls")
            x += step
            continue
        pen.text((x, y), part, font=font, fill=fill, anchor="ls")
        x += font.getlength(part)
