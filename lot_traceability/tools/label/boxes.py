"""What a label is made of when it is laid out: boxes in millimetres from its upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .symbol import Symbol


@dataclass(frozen=True, slots=True)
class TextBox:
    """One line of text; ``y`` is its baseline, ``size`` the height of its type, ``width`` how
    wide it gets. ``white`` is text on a dark bar."""

    x: float
    y: float
    text: str
    size: float
    width: float
    bold: bool = False
    white: bool = False

    @property
    def area(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of what it may touch."""
        return (
            self.x,
            self.y - ASCENT * self.size,
            self.x + self.width,
            self.y + DESCENT * self.size,
        )


@dataclass(frozen=True, slots=True)
class BarBox:
    """A dark rectangle: a line, or the ground of white text."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom)."""
        return self.x, self.y, self.x + self.width, self.y + self.height


@dataclass(frozen=True, slots=True)
class SymbolBox:
    """A symbol; ``x`` and ``y`` are where its first dark module begins, ``module`` is how wide a
    module is, ``bar`` how high the bars of a linear symbol are."""

    x: float
    y: float
    symbol: Symbol
    module: float
    bar: float = 0.0

    @property
    def width(self) -> float:
        """Without its quiet zones."""
        return self.symbol.width * self.module

    @property
    def height(self) -> float:
        """Without its quiet zones."""
        return self.bar or self.symbol.height * self.module

    @property
    def area(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) with the quiet zones that it needs."""
        side = self.symbol.quiet * self.module
        above = 0.0 if self.symbol.is_linear else side
        return (
            self.x - side,
            self.y - above,
            self.x + self.width + side,
            self.y + self.height + above,
        )


Box = TextBox | BarBox | SymbolBox

# Of the typeface in use, in parts of its size.
ASCENT, DESCENT, LEADING = 0.93, 0.24, 1.2


class Metrics(Protocol):
    """How wide text gets in the typeface in use."""

    def width(self, text: str, bold: bool) -> float:
        """Of type of size 1."""
        ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the label says: ``value`` under or after its ``caption``, ``scale`` times as
    large as other text. What is not ``needed`` is left out where there is no room."""

    caption: str
    value: str
    scale: float = 1.0
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Content:
    """All that a label says. ``title`` may be cut short, nothing else is; ``banner`` is white on
    a dark bar; ``lines`` go across the whole label; ``plain`` is data for a linear code that is
    cut into several symbols once the width is known."""

    title: str = ""
    banner: str = ""
    facts: tuple[Fact, ...] = ()
    lines: tuple[str, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    with_hri: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """A label that is laid out."""

    width: float
    height: float
    boxes: Sequence[Box] = field(default_factory=tuple)
