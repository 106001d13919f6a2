"""Which pages of a PDF belong to which document: bookmarks, and numbers at the foot.

The program that prints is asked for nothing of this: as Linux distributions build it, it knows no
footers and no outline. A document begins where its letterhead is, which ends in a rule of a colour
that nothing else has.
"""

import io
import re
from collections.abc import Sequence

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfFileReader,
    PdfFileWriter,
)
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

_FONT, _SIZE, _GREY = "Helvetica", 8, 0.35
_FOOT = 8 * mm
_NAME = "/LotPaper"
#: The colour of that rule, for the style sheet.
RULE = "#8f9092"
_RULE = re.compile(rb"(?<![\d.])0?\.560\d* 0?\.564\d* 0?\.572\d* (?:scn|SCN|rg|RG)\b")


def numbered(content: bytes, references: Sequence[str]) -> bytes:
    """The same PDF with a bookmark for each document, and with its reference and "page / pages" at
    the foot of each page.

    :param references: what each document is known by, in their order
    :return: the PDF as it was, where it is not certain which page belongs to which document
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    begins = _begins(reader, references)
    if not begins or len(set(references)) < len(references):
        return content
    writer = PdfFileWriter()
    for page in reader.pages:
        writer.add_page(page)
    ends = [*begins[1:], len(reader.pages)]
    for reference, begin, end in zip(references, begins, ends, strict=True):
        writer.add_outline_item(title=reference, page_number=begin)
        for number in range(begin, end):
            foot = f"{reference} \xb7 {number - begin + 1} / {end - begin}"
            _write_foot(writer, writer.pages[number], foot)
    return _written(writer)


def split(content: bytes, references: Sequence[str]) -> list[bytes]:
    """The documents of a PDF that `numbered` has given back, each by itself.

    :param references: as they were given to `numbered`
    :return: as many as there are references; none where it was not certain what belongs to whom
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    begins = _begins(reader, references)
    if not begins or [mark.title for mark in reader.outline] != list(references):
        return []
    ends = [*begins[1:], len(reader.pages)]
    found = []
    for begin, end in zip(begins, ends, strict=True):
        writer = PdfFileWriter()
        for number in range(begin, end):
            writer.add_page(reader.pages[number])
        found.append(_written(writer))
    return found


def _begins(reader, references: Sequence[str]) -> list[int]:
    """The page on which each document begins; none unless there are as many as references, the
    first of them on the first page."""
    begins = [
        number
        for number, page in enumerate(reader.pages)
        if _RULE.search(page.get_contents().get_data() if "/Contents" in page else b"")
    ]
    return begins if begins[:1] == [0] and len(begins) == len(references) else []


def _write_foot(writer, page, text: str) -> None:
    """A line in the middle of a page's foot. What is there is not read, only put in brackets: that
    takes a hundredth of the time of laying two pages over each other."""
    width = float(page.mediabox[2])
    left = (width - stringWidth(text, _FONT, _SIZE)) / 2
    said = text.encode("cp1252", "replace").hex()
    line = f"Q q {_GREY} g BT {_NAME} {_SIZE} Tf {left:.2f} {_FOOT:.2f} Td <{said}> Tj ET Q"
    contents = page["/Contents"].get_object()
    parts = list(contents) if isinstance(contents, ArrayObject) else [page.raw_get("/Contents")]
    page[NameObject("/Contents")] = ArrayObject(
        [_stream(writer, "q"), *parts, _stream(writer, line)]
    )
    resources = page["/Resources"].get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(f"/{_FONT}"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {**resources, NameObject("/Font"): DictionaryObject({**fonts, NameObject(_NAME): font})}
    )


def _stream(writer, text: str):
    stream = DecodedStreamObject()
    stream.set_data(text.encode())
    return writer._add_object(stream)


def _written(writer) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
