"""A label in ZPL II, the language of Zebra's printers and of many others.

GS1 DataMatrix and GS1-128 are left to the printer, which draws them best; QR codes and writing
that the printer's own font lacks go as pictures, so that they are what was verified here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..gs1 import GS
from .boxes import BarBox, Page, SymbolBox, TextBox
from .code_128 import sets
from .symbol import GS1_128, GS1_DATAMATRIX

#: Rows of a picture, one byte a dot, 1 where it is dark.
Rows = tuple[bytes, ...]
Picture = Callable[[TextBox, int], Rows]

RESOLUTIONS = (203, 300, 600)
# The first characters of Unicode are what the font of every printer has.
_LAST_OF_FONT = 0x17F
# Of one digit, no more than a count of two letters can say.
_RUN = re.compile(r"(.)\1{0,398}")


def zpl(page: Page, dpi: int, picture: Picture, copies: int = 1) -> str:
    """The label as ZPL.

    :param dpi: what the printer prints with
    :param picture: draws a line of text for that resolution

    >>> print(zpl(Page(25, 25, (BarBox(1, 1, 10, 2),)), 203, None, copies=2))
    ^XA
    ^CI28
    ^LH0,0
    ^PW200
    ^LL200
    ^FO8,8^GB80,16,16^FS
    ^PQ2
    ^XZ
    """
    dots = dpi / 25.4
    lines = [
        "^XA",
        "^CI28",
        "^LH0,0",
        f"^PW{round(page.width * dots)}",
        f"^LL{round(page.height * dots)}",
    ]
    for box in page.boxes:
        if isinstance(box, TextBox):
            lines.append(_text(box, dpi, picture))
        elif isinstance(box, BarBox):
            lines.append(_bar(box, dots))
        else:
            lines.append(_symbol(box, dots))
    lines += [f"^PQ{copies}", "^XZ"]
    return "\n".join(lines)


def _bar(box: BarBox, dots: float) -> str:
    width, height = max(round(box.width * dots), 1), max(round(box.height * dots), 1)
    thick = min(width, height)
    return f"^FO{round(box.x * dots)},{round(box.y * dots)}^GB{width},{height},{thick}^FS"


def _text(box: TextBox, dpi: int, picture: Picture) -> str:
    dots = dpi / 25.4
    x, y = round(box.x * dots), round(box.y * dots)
    white = "^FR" if box.white else ""
    if all(letter >= " " and ord(letter) <= _LAST_OF_FONT for letter in box.text):
        size = round(box.size * dots)
        return f"^FT{x},{y}{white}^A0N,{size},{size}^FH\\^FD{escaped(box.text)}^FS"
    rows = picture(box, dpi)
    top = round(box.area[1] * dots)
    return f"^FO{x},{top}{white}{graphic(rows)}^FS"


def escaped(text: str) -> str:
    """Text for a field with ``^FH\\``: what ZPL itself means is written in hexadecimal digits.

    >>> print(escaped("Größe ^1~2 \\\\_"))
    Größe \\5E1\\7E2 \\5C_
    """
    return "".join(
        f"\\{ord(letter):02X}" if letter in "^~\\" or letter < " " else letter for letter in text
    )


def _symbol(box: SymbolBox, dots: float) -> str:
    x, y = round(box.x * dots), round(box.y * dots)
    module = max(round(box.module * dots), 1)
    if box.symbol.kind == GS1_DATAMATRIX:
        return f"^FO{x},{y}^BXN,{module},200,,,,_^FD{datamatrix_data(box.symbol.data)}^FS"
    if box.symbol.kind == GS1_128:
        bar = round(box.bar * dots)
        data = gs1_128_data(box.symbol.data)
        return f"^BY{module}^FO{x},{y}^BCN,{bar},N,N,N,N^FD{data}^FS"
    tall = max(round(box.bar / box.module), 1) if box.bar else 1
    wide = [bytes(dot for dot in row for _n in range(module)) for row in box.symbol.rows]
    rows = tuple(row for row in wide for _n in range(module * tall))
    return f"^FO{x},{y}{graphic(rows)}^FS"


def datamatrix_data(data: str) -> str:
    """For ``^BX`` with ``_`` as its sign: FNC1 is ``_1``, the sign itself is doubled.

    >>> datamatrix_data("10A_B" + GS + "21C")
    '_110A__B_121C'
    """
    return "_1" + data.replace("_", "__").replace(GS, "_1")


def gs1_128_data(data: str) -> str:
    """For ``^BC``: the sets are chosen here, so that every printer makes the same symbol.

    >>> gs1_128_data("010952012345678810AB>1" + GS + "171234")
    '>;>8010952012345678810>6AB>01>8>5171234'
    """
    text = ""
    for number, (name, part) in enumerate(sets(data)):
        if number == 0:
            text += (">;" if name == "C" else ">:") + ">8"
        else:
            text += ">5" if name == "C" else ">6"
        text += part.replace(">", ">0").replace(GS, ">8")
    return text


def graphic(rows: Rows) -> str:
    """A picture as ``^GFA`` with the compression that every printer knows.

    >>> graphic((bytes([1] * 16), bytes([1] * 16), bytes([0] * 16)))
    '^GFA,6,6,2,!:,'
    """
    width = len(rows[0]) if rows else 0
    size = -(-width // 8)
    total = size * len(rows)
    before, text = None, ""
    for row in rows:
        digits = _hexadecimal(row, size)
        text += ":" if digits == before else _compressed(digits)
        before = digits
    return f"^GFA,{total},{total},{size},{text}"


def _hexadecimal(row: bytes, size: int) -> str:
    bits = "".join("1" if dot else "0" for dot in row).ljust(size * 8, "0")
    return f"{int(bits, 2):0{size * 2}X}" if bits else ""


def _compressed(digits: str) -> str:
    for digit, sign in (("0", ","), ("F", "!")):
        rest = digits.rstrip(digit)
        if len(digits) - len(rest) > 1:
            return _repeated(rest) + sign
    return _repeated(digits)


def _repeated(digits: str) -> str:
    return "".join(
        _count(len(run)) + digit if len(run) > 2 else run
        for digit, run in ((match[0][0], match[0]) for match in _RUN.finditer(digits))
    )


def _count(number: int) -> str:
    """How often the next digit comes: g to z are twenties, G to Y are ones."""
    twenties, ones = divmod(number, 20)
    text = chr(ord("f") + twenties) if twenties else ""
    return text + (chr(ord("F") + ones) if ones else "")
