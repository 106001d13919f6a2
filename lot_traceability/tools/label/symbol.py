"""Symbols: what a scanner reads, as a matrix of modules.

The data is checked by our own codec before anything is drawn; the modules come from `zxing-cpp`.
Its syntax with round brackets refuses a lot such as ``LOT(1)``, that with square brackets takes
every lot, for no GS1 value can hold one.

>>> from ..gs1 import parse
>>> found = gs1_symbol("gs1_datamatrix", parse("(01)09520123456788(10)LOT(1)"))
>>> found.data, found.width, found.height
('010952012345678810LOT(1)', 18, 18)
>>> found.hri
('(01)09520123456788', '(10)LOT(1)')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import zxingcpp

from ..gs1 import ElementString, problems
from .errors import LabelError
from .errors import mark as _

GS1_DATAMATRIX, GS1_128, GS1_QR, QR_LINK = "gs1_datamatrix", "gs1_128", "gs1_qr", "qr_link"
DATAMATRIX, CODE_128, QR = "datamatrix", "code_128", "qr"
GS1_KINDS = (GS1_DATAMATRIX, GS1_128, GS1_QR, QR_LINK)
#: The same shape for a number that no GS1 symbol can hold.
PLAIN_OF = {GS1_DATAMATRIX: DATAMATRIX, GS1_128: CODE_128, GS1_QR: QR, QR_LINK: QR}

#: GS1 allows no more characters in one GS1-128 symbol, separators included.
GS1_128_CHARACTERS = 48

_FORMATS = {
    GS1_DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    GS1_128: zxingcpp.BarcodeFormat.Code128,
    CODE_128: zxingcpp.BarcodeFormat.Code128,
    GS1_QR: zxingcpp.BarcodeFormat.QRCode,
    QR_LINK: zxingcpp.BarcodeFormat.QRCode,
    QR: zxingcpp.BarcodeFormat.QRCode,
}
_QUIET = {"DataMatrix": 2, "QRCode": 4, "Code128": 10}
_CAPACITY = {
    "DataMatrix": _("3,116 digits or 2,335 letters and digits"),
    "QRCode": _("7,089 digits or 4,296 letters and digits"),
    "Code128": _("48 characters"),
}
_NAMES = {"DataMatrix": "Data Matrix", "QRCode": "QR", "Code128": "Code 128"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol, ready to be drawn.

    ``data`` is what a reader gives, ``hri`` the text that belongs beside it, in pieces that are
    not to be torn apart.  ``rows`` has one byte a module, 1 where it is dark; a linear symbol has
    one row.  ``quiet`` modules on each side stay white.
    """

    kind: str
    data: str
    hri: tuple[str, ...]
    rows: tuple[bytes, ...]
    quiet: int

    @property
    def is_linear(self) -> bool:
        """Whether it is a row of bars, as high as one likes."""
        return len(self.rows) == 1

    @property
    def width(self) -> int:
        """Modules across, without the quiet zones."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Modules down; 1 for a linear symbol."""
        return len(self.rows)

    def runs(self) -> Iterable[tuple[int, int, int]]:
        """(row, first module, count) of each run of dark modules.

        >>> list(Symbol("qr", "", (), (bytes([1, 1, 0, 1]),), 4).runs())
        [(0, 0, 2), (0, 3, 1)]
        """
        for number, row in enumerate(self.rows):
            start = row.find(1)
            while start >= 0:
                end = row.find(0, start)
                end = len(row) if end < 0 else end
                yield number, start, end - start
                start = row.find(1, end)


def _drawn(kind: str, text: str, *, gs1: bool, level: str = "") -> tuple[bytes, ...]:
    form = _FORMATS[kind]
    options: dict[str, object] = {"ec_level": level} if level else {}
    if form.name == "DataMatrix":
        # Oblong ones are smaller, and older scanners cannot read some of them.
        options["force_square"] = True
    try:
        barcode = zxingcpp.create_barcode(text, form, gs1=gs1, **options)
    except ValueError as error:
        name = form.name
        if "too long" in str(error).lower() or "too many" in str(error).lower():
            raise LabelError(
                _(
                    "There is more data (%(size)s characters) than a %(name)s code holds: "
                    "%(capacity)s. Print fewer identifiers."
                ),
                size=f"{len(text):,}",
                name=_NAMES[name],
                capacity=_CAPACITY[name],
            ) from None
        raise LabelError(
            _("A %(name)s code cannot hold “%(text)s”: correct it, or choose a QR code."),
            name=_NAMES[name],
            text=text if len(text) <= 60 else f"{text[:59]}…",
        ) from error
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    height, width = image.shape
    flat = bytes(memoryview(image)).translate(_DARK)
    rows = tuple(flat[start : start + width] for start in range(0, height * width, width))
    return rows[:1] if form.name == "Code128" else rows


_DARK = bytes(1 if value < 128 else 0 for value in range(256))


def gs1_symbol(kind: str, elements: ElementString, domain: str = "") -> Symbol:
    """The symbol of these elements.

    :param kind: one of `GS1_KINDS`
    :param domain: of the links of a QR code, such as ``https://id.example.com``
    :raise LabelError: the elements do not belong together, or do not fit into the symbol
    """
    wrong = problems(elements)
    if wrong:
        raise LabelError("%(problem)s", problem=wrong[0])
    if not elements:
        raise LabelError(_("There is nothing to put into the code: choose its identifiers."))
    return _gs1_symbol(kind, elements, domain)


def _gs1_symbol(kind: str, elements: ElementString, domain: str) -> Symbol:
    if kind == QR_LINK:
        try:
            link = elements.to_digital_link(domain) if domain else elements.to_digital_link()
        except ValueError as error:
            raise LabelError("%(problem)s", problem=str(error)) from None
        rows = _drawn(kind, link, gs1=False, level=_level(link))
        return Symbol(kind, link, (link,), rows, _QUIET["QRCode"])
    data = elements.to_element_string()
    if kind == GS1_128 and len(data) > GS1_128_CHARACTERS:
        raise LabelError(
            _(
                "A GS1-128 bar code holds 48 characters, not %(size)s. Print fewer identifiers, "
                "or choose GS1 DataMatrix."
            ),
            size=len(data),
        )
    bracketed = "".join(f"[{element.ai}]{element.value}" for element in elements)
    rows = _drawn(kind, bracketed, gs1=True, level=_level(data) if kind == GS1_QR else "")
    quiet = _QUIET[_FORMATS[kind].name]
    return Symbol(kind, data, tuple(map(str, elements)), rows, quiet)


def _level(data: str) -> str:
    """Medium error correction as long as there is room for it."""
    return "M" if len(data) <= 1_000 else "L"


def plain_symbol(kind: str, text: str) -> Symbol:
    """A symbol that holds a number as it is, and says of itself that it is no GS1 symbol.

    :param kind: "datamatrix", "code_128" or "qr"

    >>> plain_symbol("qr", "Los Ä 7").hri
    ('Los Ä 7',)
    """
    rows = _drawn(kind, text, gs1=False, level=_level(text) if kind == QR else "")
    return Symbol(kind, text, (text,), rows, _QUIET[_FORMATS[kind].name])


def gs1_128_symbols(elements: ElementString, widths: Sequence[int]) -> tuple[Symbol, ...]:
    """The elements in as few GS1-128 symbols as each has room for.

    :param widths: how many modules may be beside each other, quiet zones included, from large
        modules to small ones; the last is for what nothing else has room for
    :raise LabelError: when a single element is too wide for all of them

    >>> from ..gs1 import parse
    >>> pallet = parse("(02)09520123456788(37)12(10)A-LONG-LOT-NUMBER-20(00)095201234567891235")
    >>> for symbol in gs1_128_symbols(pallet, [200, 370]):
    ...     print(*symbol.hri)
    (02)09520123456788 (37)12
    (10)A-LONG-LOT-NUMBER-20
    (00)095201234567891235
    """
    wrong = problems(elements)
    if wrong:
        raise LabelError("%(problem)s", problem=wrong[0])
    *wider, last = widths
    found = []
    for modules in wider:
        try:
            found.append(_cut(elements, modules))
        except LabelError:
            continue
    # Who scans one code is done sooner than who scans two large ones.
    return min(found, key=len) if found else _cut(elements, last)


def _cut(elements: ElementString, modules: int) -> tuple[Symbol, ...]:
    found: list[Symbol] = []
    group: tuple = ()
    for element in elements:
        # The number of a pallet has a symbol of its own, which readers look for.
        alone = group and "00" in (element.ai, group[-1].ai)
        longer = None if alone else _fitting((*group, element), modules)
        if longer is None and group:
            found.append(_fitting(group, modules))
            group, longer = (), _fitting((element,), modules)
        if longer is None:
            raise LabelError(
                _(
                    "The bar code of %(element)s is wider than the label. Choose a wider label, "
                    "or GS1 DataMatrix."
                ),
                element=str(element),
            )
        group = (*group, element)
    if group:
        found.append(_fitting(group, modules))
    return tuple(found)


def _fitting(group: tuple, modules: int) -> Symbol | None:
    elements = ElementString(group)
    if len(elements.to_element_string()) > GS1_128_CHARACTERS:
        return None
    symbol = _gs1_symbol(GS1_128, elements, "")
    return symbol if symbol.width + 2 * symbol.quiet <= modules else None
