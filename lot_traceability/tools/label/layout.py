"""From what a label says to boxes in millimetres.

Every way to place text and symbol is tried from large to small; the first that fits at the best
readable size is taken. Nothing overlaps, nothing leaves the label; where even the smallest type
has no room, that is said instead of printing half of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
SHORTEST_BAR = 5.0
_STEP = 0.94
_SHARES = (0.62, 0.52, 0.44, 0.36, 0.3, 0.24)

#: Type and modules that nobody wishes to be larger.
_GOOD_TYPE, _GOOD_MODULE = 3.2, 0.5
# Of bars: what GS1 asks for in general distribution, and what scanners at hand read.
_MODULES = (0.505, 0.38, 0.34, 0.3, SMALLEST_MODULE)

Symbols = Callable[[float], tuple[Symbol, ...]]


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
            tries = list(_tries(size, shorter, metrics, title_lines))
            if tries:
                best = max(tries, key=lambda each: each.score)
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


def _tries(size: Size, content: Content, metrics: Metrics, title_lines: int) -> Iterator[_Try]:
    margin = size.margin
    room = (margin, margin, size.width - 2 * margin, size.height - 2 * margin)
    has_text = bool(content.title or content.banner or content.facts or content.lines)
    for blocks, text_room, module in _placed(size, content, metrics, room, has_text):
        found = _text(content, metrics, text_room, size, title_lines) if has_text else ((), 9.0)
        if found is None:
            continue
        boxes, type_size = found
        score = min(type_size / _GOOD_TYPE, 1.0) + 0.15 * min(type_size / LARGEST_TYPE, 1.0)
        score += 0.8 * min(module / _GOOD_MODULE, 1.0) + 0.1 * module
        yield _Try(score, (*boxes, *blocks))


def _text(
    content: Content, metrics: Metrics, room: tuple, size: Size, title_lines: int
) -> tuple[tuple[Box, ...], float] | None:
    if room[2] < 6 or room[3] < SMALLEST_TYPE:
        return None
    type_size = LARGEST_TYPE
    inline = size.height < 45
    while type_size >= SMALLEST_TYPE:
        stack = Stack(metrics, content, room, type_size, inline=inline, title_lines=title_lines)
        if stack.fits:
            return tuple(stack.boxes), type_size
        type_size *= _STEP
    return None


Placed = tuple[tuple[Box, ...], tuple[float, float, float, float], float]


def _placed(
    size: Size, content: Content, metrics: Metrics, room: tuple, has_text: bool
) -> Iterable[Placed]:
    """(boxes of the symbols, room that is left for text, module) of each way to place them."""
    if not content.symbols:
        return [((), room, _GOOD_MODULE)]
    if content.symbols[0].is_linear:
        return _bars(size, content, metrics, room, has_text)
    return _matrix(size, content, metrics, room, has_text)


def _matrix(
    size: Size, content: Content, metrics: Metrics, room: tuple, has_text: bool
) -> Iterator[Placed]:
    symbol = content.symbols[0]
    left, top, width, height = room
    pieces = symbol.hri if content.with_hri else ()
    shares = _SHARES if has_text else (1.0, 0.8, 0.6)
    for share in shares:
        # Beside the text, at the right
        side = width * share if has_text else width
        hri = _hri(metrics, pieces, side, size)
        module = _module(size, symbol, side, height - _height(hri))
        if module and hri is not None:
            square = (symbol.width + 2 * symbol.quiet) * module
            side = max(square, _width(hri))
            boxes = _with_hri(symbol, module, hri, left + width - side, top, side)
            yield boxes, (left, top, width - side - 1.0, height), module
        # Below the text, with its reading beside it
        module = _module(size, symbol, width, height * share)
        if not module:
            continue
        square = (symbol.width + 2 * symbol.quiet) * module
        tall = (symbol.height + 2 * symbol.quiet) * module
        y = top + height - tall
        hri = _hri(metrics, pieces, width - square - 1.0, size)
        if hri is None or _height(hri) > tall:
            continue
        x = left if hri else left + (width - square) / 2
        blocks = [
            SymbolBox(x + symbol.quiet * module, y + symbol.quiet * module, symbol, module),
            *_hri_boxes(hri, left + square + 1.0, y + (tall - _height(hri)) / 2),
        ]
        yield tuple(blocks), (left, top, width, height - tall - 0.6), module


def _module(size: Size, symbol: Symbol, width: float, height: float) -> float:
    """The largest module with which the symbol fits; 0 where none does."""
    across = (symbol.width + 2 * symbol.quiet, symbol.height + 2 * symbol.quiet)
    most = min(width / across[0], height / across[1], LARGEST_MODULE[False])
    module = size.module_at_most(most)
    return module if module <= most + 1e-6 else 0.0


Hri = list[tuple[str, float, float]]  # text, size, width


def _hri(metrics: Metrics, pieces: tuple[str, ...], width: float, size: Size) -> Hri | None:
    """The reading in lines, torn between elements where possible; None where it has no room."""
    if not pieces:
        return []
    type_size = min(2.4, max(SMALLEST_TYPE, size.height * 0.035))
    while type_size >= SMALLEST_TYPE * _STEP:
        lines: list[str] = []
        for piece in pieces:
            joined = lines[-1] + piece if lines else piece
            if lines and metrics.width(joined, False) * type_size <= width:
                lines[-1] = joined
            else:
                lines.append(piece)
        if all(metrics.width(line, False) * type_size <= width for line in lines):
            break
        type_size *= _STEP
    else:
        type_size = SMALLEST_TYPE
        if width < 8:
            return None
        lines = [
            line for piece in pieces for line in wrapped(metrics, piece, type_size, False, width)
        ]
        # An address of thousands of characters is no reading for anybody.
        if len(lines) > 12:
            return []
    return [(line, type_size, metrics.width(line, False) * type_size) for line in lines]


def _height(hri: Hri | None) -> float:
    return sum(size * LEADING for _text, size, _width in hri or ()) + (0.5 if hri else 0.0)


def _width(hri: Hri) -> float:
    return max((width for _text, _size, width in hri), default=0.0)


def _hri_boxes(hri: Hri, x: float, y: float, center: float = 0.0) -> list[Box]:
    boxes: list[Box] = []
    for text, size, width in hri:
        shift = max((center - width) / 2, 0.0) if center else 0.0
        boxes.append(TextBox(x + shift, y + ASCENT * size, text, size, width))
        y += size * LEADING
    return boxes


def _with_hri(
    symbol: Symbol, module: float, hri: Hri, left: float, top: float, side: float
) -> tuple[Box, ...]:
    quiet = symbol.quiet * module
    square = (symbol.width + 2 * symbol.quiet) * module
    tall = (symbol.height + 2 * symbol.quiet) * module
    box = SymbolBox(left + (side - square) / 2 + quiet, top + quiet, symbol, module)
    return (box, *_hri_boxes(hri, left, top + tall, side))


def _bars(
    size: Size, content: Content, metrics: Metrics, room: tuple, has_text: bool
) -> Iterator[Placed]:
    left, top, width, height = room
    symbols = content.symbols
    most = min(LARGEST_MODULE[True], *(width / (s.width + 2 * s.quiet) for s in symbols))
    module = size.module_at_most(most)
    if module > most + 1e-6:
        return
    readings = [
        _hri(metrics, symbol.hri if content.with_hri else (), width, size) for symbol in symbols
    ]
    if None in readings:
        return
    text_height = sum(map(_height, readings))
    for share in _SHARES if has_text else (0.95,):
        bar = min((height * share - text_height) / len(symbols) - 0.8, 32.0, width * 0.3)
        if bar < SHORTEST_BAR:
            continue
        total = len(symbols) * (bar + 0.8) + text_height
        y = top + height - total
        blocks: list[Box] = []
        for symbol, hri in zip(symbols, readings, strict=True):
            across = symbol.width * module
            blocks.append(SymbolBox(left + (width - across) / 2, y + 0.4, symbol, module, bar))
            blocks += _hri_boxes(hri, left, y + 0.4 + bar + 0.3, width)
            y += bar + 0.8 + _height(hri)
        yield tuple(blocks), (left, top, width, height - total - 0.6), module
