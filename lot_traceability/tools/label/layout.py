"""From what a label says to boxes in millimetres.

Every way to place text and symbol is tried from large to small; the first that fits at the best
readable size is taken. Nothing overlaps, nothing leaves the label; where even the smallest type
has no room, that is said instead of printing half of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .boxes import ASCENT, LEADING, Box, Content, Metrics, Page, SymbolBox, TextBox
from .errors import LabelError
from .errors import mark as _
from .symbol import Symbol
from .text import Stack, wrapped

SMALLEST_TYPE = 1.5
LARGEST_TYPE = 6.0
SMALLEST_MODULE = 0.25
LARGEST_MODULE = {True: 0.6, False: 1.0}  # bars, modules
SHORTEST_BAR, TALLEST_BAR = 5.0, 32.0
_STEP = 0.93
_BAR_SHARES = (0.75, 0.68, 0.62, 0.56, 0.5, 0.44, 0.38, 0.32, 0.26, 0.2)
# What a torn word and a shortened title are worth not to have.
_TORN, _CUT = 0.4, 0.25
_SHARES = (0.62, 0.52, 0.44, 0.36, 0.3, 0.24)

#: Type and modules that nobody wishes to be larger.
_GOOD_TYPE, _GOOD_MODULE = 3.2, 0.5
# Of bars: what GS1 asks for in general distribution, and what scanners at hand read.
_MODULES = (0.505, 0.38, 0.34, 0.3, SMALLEST_MODULE)

Pieces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """Of a label, in millimetres; ``dpi`` is what the printer can draw, for modules are whole
    dots."""

    width: float
    height: float
    dpi: int = 300

    @property
    def dot(self) -> float:
        """Width of a dot."""
        return 25.4 / self.dpi

    @property
    def margin(self) -> float:
        """That stays white."""
        return max(1.2, min(4.0, 0.04 * min(self.width, self.height)))

    @property
    def widths(self) -> tuple[int, ...]:
        """How many modules fit across, from good modules to the smallest."""
        room = self.width - 2 * self.margin
        return tuple(int(room / self.module_at_most(module) + 1e-6) for module in _MODULES)

    def module_at_most(self, module: float) -> float:
        """The largest number of whole dots that is no wider; not below the smallest module."""
        dots = int(module / self.dot + 1e-6)
        fewest = int(-(-(SMALLEST_MODULE - 1e-6) // self.dot))
        return max(dots, fewest) * self.dot


Room = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class _Placed:
    """Symbols in their places, the room that they leave for text, and what that is worth."""

    boxes: tuple[Box, ...]
    room: Room
    module: float
    worth: float = 0.0


@dataclass(frozen=True, slots=True)
class _Try:
    score: float
    boxes: tuple[Box, ...]


def arrange(size: Size, content: Content, metrics: Metrics) -> Page:
    """Lay out a label.

    :raise LabelError: it does not fit

    >>> class Even:
    ...     def width(self, text, bold): return 0.5 * len(text)
    >>> arrange(Size(25, 25), Content(title="Milk"), Even()).boxes[0].text
    'Milk'
    """
    for shorter in _shortened(content):
        for title_lines in (3, 2, 1):
            best = _best(size, shorter, metrics, title_lines)
            if best:
                return Page(size.width, size.height, best.boxes)
    raise LabelError(
        _(
            "A label of %(width)s × %(height)s mm is too small for all that it has to say. Choose "
            "a larger one, or fewer fields or identifiers."
        ),
        width=f"{size.width:g}",
        height=f"{size.height:g}",
    )


def _shortened(content: Content) -> Iterator[Content]:
    """The content, and then without one more each time of what is not needed."""
    yield content
    optional = [fact for fact in content.facts if not fact.needed]
    facts = content.facts
    for fact in reversed(optional):
        facts = tuple(each for each in facts if each is not fact)
        yield replace(content, facts=facts)
    if content.with_hri and content.symbols and not content.symbols[0].is_linear:
        # The number stands among the facts as well; a symbol of modules may stand alone.
        yield replace(content, facts=facts, with_hri=False)


def _best(size: Size, content: Content, metrics: Metrics, title_lines: int) -> _Try | None:
    margin = size.margin
    room = (margin, margin, size.width - 2 * margin, size.height - 2 * margin)
    has_text = bool(content.title or content.banner or content.facts or content.lines)
    best: _Try | None = None
    for placed in _placed(size, content, metrics, room, has_text):
        worth = placed.worth + 0.8 * min(placed.module / _GOOD_MODULE, 1.0) + 0.1 * placed.module
        if not has_text:
            if best is None or worth > best.score:
                best = _Try(worth, placed.boxes)
            continue
        least = best.score - worth if best else -math.inf
        for stack, worth_of_text in _texts(content, metrics, placed.room, size, title_lines, least):
            if best is None or worth + worth_of_text > best.score:
                best = _Try(worth + worth_of_text, (*stack.boxes, *placed.boxes))
    return best


def _texts(
    content: Content, metrics: Metrics, room: Room, size: Size, title_lines: int, least: float
) -> Iterator[tuple[Stack, float]]:
    """The text as large as it fits, and as large as it fits without a word torn or left out, each
    with what it is worth; nothing that cannot be worth more than `least`."""
    if room[2] < 6 or room[3] < SMALLEST_TYPE:
        return
    type_size = LARGEST_TYPE
    inline = size.height < 45
    found = False
    while type_size >= SMALLEST_TYPE:
        worth = min(type_size / _GOOD_TYPE, 1.0) + 0.15 * min(type_size / LARGEST_TYPE, 1.0)
        if worth <= least:
            return
        stack = Stack(metrics, content, room, type_size, inline=inline, title_lines=title_lines)
        whole = not stack.torn and not stack.is_cut
        if stack.fits and (whole or not found):
            found = True
            yield stack, worth - _TORN * min(stack.torn, 3) - (_CUT if stack.is_cut else 0.0)
            if whole:
                return
        type_size *= _STEP


def _placed(
    size: Size, content: Content, metrics: Metrics, room: Room, has_text: bool
) -> Iterable[_Placed]:
    """Each way to place the symbols."""
    if not content.symbols:
        return [_Placed((), room, _GOOD_MODULE)]
    if content.symbols[0].is_linear:
        return _bars(size, content, metrics, room, has_text)
    return _matrix(size, content, metrics, room, has_text)


def _matrix(
    size: Size, content: Content, metrics: Metrics, room: Room, has_text: bool
) -> Iterator[_Placed]:
    symbol = content.symbols[0]
    pieces = symbol.hri if content.with_hri else ()
    for share in _SHARES if has_text else (1.0, 0.8, 0.6):
        for place in (_beside, _beside_with_reading_below, _below):
            placed = place(size, symbol, pieces, metrics, room, share)
            if placed:
                yield placed


def _beside(
    size: Size, symbol: Symbol, pieces: Pieces, metrics: Metrics, room: Room, share: float
) -> _Placed | None:
    """The symbol at the right of the text, with its reading under it."""
    left, top, width, height = room
    hri = _hri(metrics, pieces, width * share, size)
    if hri is None:
        return None
    module = _module(size, symbol, width * share, height - hri.height)
    if not module:
        return None
    square = (symbol.width + 2 * symbol.quiet) * module
    side = max(square, hri.width)
    x, quiet = left + width - side, symbol.quiet * module
    boxes = (
        SymbolBox(x + (side - square) / 2 + quiet, top + quiet, symbol, module),
        *hri.boxes(x, top + (symbol.height + 2 * symbol.quiet) * module, side),
    )
    return _Placed(boxes, (left, top, width - side - 1.0, height), module, hri.worth)


def _beside_with_reading_below(
    size: Size, symbol: Symbol, pieces: Pieces, metrics: Metrics, room: Room, share: float
) -> _Placed | None:
    """The symbol at the right of the text, its reading below both."""
    left, top, width, height = room
    hri = _hri(metrics, pieces, width, size)
    if not pieces or not hri or not hri.lines:
        return None
    module = _module(size, symbol, width * share, height - hri.height)
    if not module:
        return None
    square = (symbol.width + 2 * symbol.quiet) * module
    quiet = symbol.quiet * module
    boxes = (
        SymbolBox(left + width - square + quiet, top + quiet, symbol, module),
        *hri.boxes(left, top + height - hri.height),
    )
    text = (left, top, width - square - 1.0, height - hri.height - 0.3)
    return _Placed(boxes, text, module, hri.worth)


def _below(
    size: Size, symbol: Symbol, pieces: Pieces, metrics: Metrics, room: Room, share: float
) -> _Placed | None:
    """The symbol below the text, with its reading beside it."""
    left, top, width, height = room
    module = _module(size, symbol, width, height * share)
    if not module:
        return None
    square = (symbol.width + 2 * symbol.quiet) * module
    tall = (symbol.height + 2 * symbol.quiet) * module
    hri = _hri(metrics, pieces, width - square - 1.0, size)
    if hri is None or hri.height > tall:
        return None
    x = left if hri.lines else left + (width - square) / 2
    y, quiet = top + height - tall, symbol.quiet * module
    boxes = (
        SymbolBox(x + quiet, y + quiet, symbol, module),
        *hri.boxes(left + square + 1.0, y + (tall - hri.height) / 2),
    )
    return _Placed(boxes, (left, top, width, height - tall - 0.6), module, hri.worth)


def _module(size: Size, symbol: Symbol, width: float, height: float) -> float:
    """The largest module with which the symbol fits; 0 where none does."""
    across = (symbol.width + 2 * symbol.quiet, symbol.height + 2 * symbol.quiet)
    most = min(width / across[0], height / across[1], LARGEST_MODULE[False])
    module = size.module_at_most(most)
    return module if module <= most + 1e-6 else 0.0


@dataclass(frozen=True, slots=True)
class _Hri:
    """The reading of a symbol in lines of one size: (text, width) of each."""

    lines: tuple[tuple[str, float], ...] = ()
    size: float = 0.0
    worth: float = 0.0

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING + (0.5 if self.lines else 0.0)

    @property
    def width(self) -> float:
        return max((width for _text, width in self.lines), default=0.0)

    def boxes(self, x: float, y: float, center: float = 0.0) -> list[Box]:
        """From there on, in the middle of `center` where that is given."""
        found: list[Box] = []
        for text, width in self.lines:
            shift = max((center - width) / 2, 0.0) if center else 0.0
            found.append(TextBox(x + shift, y + ASCENT * self.size, text, self.size, width))
            y += self.size * LEADING
        return found


def _hri(metrics: Metrics, pieces: Pieces, width: float, size: Size) -> _Hri | None:
    """The reading in lines, torn between elements where possible; None where it has no room."""
    if not pieces:
        return _Hri()
    type_size = min(3.0, max(SMALLEST_TYPE, size.height * 0.035))
    while type_size >= SMALLEST_TYPE * 0.85:
        lines = _joined(metrics, pieces, width / type_size)
        if all(metrics.width(line, False) * type_size <= width for line in lines):
            return _measured(metrics, lines, type_size, 0.0)
        type_size *= _STEP
    if width < 8:
        return None
    lines = [
        line for piece in pieces for line in wrapped(metrics, piece, SMALLEST_TYPE, False, width)
    ]
    # An address of thousands of characters is no reading for anybody.
    if len(lines) > 12:
        return _Hri(worth=-_TORN)
    return _measured(metrics, lines, SMALLEST_TYPE, -_TORN)


def _joined(metrics: Metrics, pieces: Pieces, width: float) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and metrics.width(lines[-1] + piece, False) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines


def _measured(metrics: Metrics, lines: list[str], size: float, worth: float) -> _Hri:
    measured = tuple((line, metrics.width(line, False) * size) for line in lines)
    return _Hri(measured, size, worth)


def _bars(
    size: Size, content: Content, metrics: Metrics, room: Room, has_text: bool
) -> Iterator[_Placed]:
    """Bars one below the other, below the text."""
    left, top, width, height = room
    symbols = content.symbols
    most = min(LARGEST_MODULE[True], *(width / (s.width + 2 * s.quiet) for s in symbols))
    module = size.module_at_most(most)
    if module > most + 1e-6:
        return
    found = [_hri(metrics, s.hri if content.with_hri else (), width, size) for s in symbols]
    readings = [hri for hri in found if hri is not None]
    if len(readings) < len(symbols):
        return
    text_height = sum(hri.height for hri in readings)
    for share in _BAR_SHARES if has_text else (0.95,):
        bar = min((height * share - text_height) / len(symbols) - 1.1, TALLEST_BAR, width * 0.35)
        if bar < SHORTEST_BAR:
            continue
        total = len(symbols) * (bar + 1.1) + text_height
        y = top + height - total
        blocks: list[Box] = []
        for symbol, hri in zip(symbols, readings, strict=True):
            x = left + (width - symbol.width * module) / 2
            blocks.append(SymbolBox(x, y + 0.6, symbol, module, bar))
            blocks += hri.boxes(left, y + 0.9 + bar, width)
            y += bar + 1.1 + hri.height
        worth = 0.4 * min(bar / (0.16 * width), 1.0) + sum(hri.worth for hri in readings)
        yield _Placed(tuple(blocks), (left, top, width, height - total - 0.6), module, worth)
