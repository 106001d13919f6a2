"""Text in the room that there is for it: wrapped, made smaller, never out of its box."""

from __future__ import annotations

from .boxes import ASCENT, LEADING, BarBox, Box, Content, Fact, Metrics, TextBox

CAPTION = 0.62  # of the size of the value
_TITLE = 1.2
_BANNER = 1.25
_GAP = 0.35  # between blocks
_ELLIPSIS = "…"


def wrapped(metrics: Metrics, text: str, size: float, bold: bool, width: float) -> list[str]:
    """The text in lines of at most this width: broken at spaces, a longer word anywhere."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if metrics.width(longer, bold) * size <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while metrics.width(word, bold) * size > width and len(word) > 1:
            count = _fitting(metrics, word, size, bold, width)
            lines.append(word[:count])
            word = word[count:]
        line = word
    return [*lines, line] if line else lines


def _fitting(metrics: Metrics, word: str, size: float, bold: bool, width: float) -> int:
    low, high = 1, len(word) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if metrics.width(word[:middle], bold) * size <= width:
            low = middle
        else:
            high = middle - 1
    return low


def shortened(metrics: Metrics, text: str, size: float, bold: bool, width: float) -> str:
    """The text with an ellipsis at its end where it is too long."""
    if metrics.width(text, bold) * size <= width:
        return text
    while text and metrics.width(text + _ELLIPSIS, bold) * size > width:
        text = text[:-1].rstrip()
    return text + _ELLIPSIS if text else ""


class Stack:
    """Blocks of text from the top of a room downwards, at one size of type.

    >>> class Even:
    ...     def width(self, text, bold): return 0.5 * len(text)
    >>> content = Content(title="Milk", facts=(Fact("Lot", "A17"), Fact("Use by", "2026-12-31")))
    >>> stack = Stack(Even(), content, (0, 0, 30, 20), 3, inline=True)
    >>> [(box.text, round(box.y, 1)) for box in stack.boxes]
    [('Milk', 3.3), ('Lot', 8.2), ('A17', 8.2), ('Use by', 12.1), ('2026-12-31', 12.1)]
    >>> stack.fits, stack.torn, stack.is_cut
    (True, 0, False)
    """

    def __init__(
        self,
        metrics: Metrics,
        content: Content,
        room: tuple[float, float, float, float],
        size: float,
        *,
        inline: bool,
        title_lines: int = 2,
    ) -> None:
        self._metrics = metrics
        self._left, self._top, self._width, self._height = room
        self._size = size
        self._inline = inline
        self._y = self._top
        self.boxes: list[Box] = []
        self.fits = True
        self.torn = 0
        self.is_cut = False
        if content.banner:
            self._banner(content.banner)
        if content.title:
            self._title(content.title, title_lines)
        self._facts(content.facts)
        for line in content.lines:
            if self.fits:
                self._lines(line)

    def _wrapped(self, text: str, size: float, bold: bool, width: float) -> list[str]:
        lines = wrapped(self._metrics, text, size, bold, width)
        words = text.split()
        if len(lines) > 1 and any(
            self._metrics.width(word, bold) * size > width + 1e-6 for word in words
        ):
            self.torn += 1
        return lines

    def _put(self, x: float, text: str, size: float, bold: bool, *, white: bool = False) -> None:
        width = self._metrics.width(text, bold) * size
        if x + width > self._left + self._width + 1e-6:
            self.fits = False
        self.boxes.append(TextBox(x, self._y + ASCENT * size, text, size, width, bold, white))

    def _advance(self, height: float, gap: float = 0.0) -> None:
        self._y += height
        if self._y > self._top + self._height + 1e-6:
            self.fits = False
        self._y += gap * self._size

    def _banner(self, text: str) -> None:
        size = self._size * _BANNER
        inset = size * 0.35
        lines = self._wrapped(text, size, True, self._width - 2 * inset)
        height = len(lines) * size * LEADING + size * 0.2
        self.boxes.append(BarBox(self._left, self._y, self._width, height))
        start, self._y = self._y, self._y + size * 0.1
        for line in lines:
            self._put(self._left + inset, line, size, True, white=True)
            self._y += size * LEADING
        self._y = start
        self._advance(height, _GAP)

    def _title(self, text: str, most: int) -> None:
        size = self._size * _TITLE
        lines = self._wrapped(text, size, True, self._width)
        if len(lines) > most:
            self.is_cut = True
            rest = " ".join(lines[most - 1 :])
            last = shortened(self._metrics, rest, size, True, self._width)
            lines = [*lines[: most - 1], last]
        for line in lines:
            self._put(self._left, line, size, True)
            self._advance(size * LEADING)
        self._y += _GAP * self._size

    def _lines(self, text: str) -> None:
        for line in self._wrapped(text, self._size * 0.9, False, self._width):
            self._put(self._left, line, self._size * 0.9, False)
            self._advance(self._size * 0.9 * LEADING)
        self._y += _GAP * self._size

    # -- facts -------------------------------------------------------------------------------

    def _facts(self, facts: tuple[Fact, ...]) -> None:
        rest = list(facts)
        while rest and self.fits:
            count = 1 if self._inline else self._beside(rest)
            self._row(rest[:count])
            del rest[:count]

    def _beside(self, facts: list[Fact]) -> int:
        """How many of the next facts go beside each other: of one scale, none of them cut."""
        most = 3 if self._width > 26 * self._size else 2
        for count in range(min(most, len(facts)), 1, -1):
            column = self._width / count - self._size * 0.6
            if len({fact.scale for fact in facts[:count]}) == 1 and all(
                self._metrics.width(fact.value, True) * self._size * fact.scale <= column
                and self._metrics.width(fact.caption, False) * self._size * CAPTION <= column
                for fact in facts[:count]
            ):
                return count
        return 1

    def _row(self, facts: list[Fact]) -> None:
        scale = self._size * facts[0].scale
        if self._inline:
            self._after_caption(facts[0], scale)
            return
        if len(facts) == 1 and self._metrics.width(facts[0].value, True) * scale > self._width:
            self._below_caption(facts[0], scale)
            return
        step = self._width / len(facts)
        places = [self._left + step * number for number in range(len(facts))]
        if any(fact.caption for fact in facts):
            for x, fact in zip(places, facts, strict=True):
                self._put(x, fact.caption, self._size * CAPTION, False)
            self._y += self._size * CAPTION * 1.1
        for x, fact in zip(places, facts, strict=True):
            self._put(x, fact.value, scale, True)
        self._advance(scale * LEADING, _GAP * 0.6)

    def _after_caption(self, fact: Fact, scale: float) -> None:
        small = self._size * 0.8
        start = 0.0
        if fact.caption:
            start = self._metrics.width(f"{fact.caption} ", False) * small
        if start + self._metrics.width(fact.value, True) * scale > self._width:
            self._below_caption(fact, scale)
            return
        if fact.caption:
            width = self._metrics.width(fact.caption, False) * small
            y = self._y + ASCENT * scale
            self.boxes.append(TextBox(self._left, y, fact.caption, small, width))
        self._put(self._left + start, fact.value, scale, True)
        self._advance(scale * LEADING, _GAP * 0.3)

    def _below_caption(self, fact: Fact, scale: float) -> None:
        """A value that is too long for one line, which is better made smaller than torn."""
        if fact.caption:
            self._put(self._left, fact.caption, self._size * CAPTION, False)
            self._y += self._size * CAPTION * 1.1
        width = self._metrics.width(fact.value, True)
        one_line = self._width / width if width else scale
        if one_line >= self._size * 0.75:
            scale = min(scale, one_line)
            lines = [fact.value]
        else:
            scale = min(scale, self._size)
            lines = self._wrapped(fact.value, scale, True, self._width)
        for line in lines:
            self._put(self._left, line, scale, True)
            self._advance(scale * LEADING)
        self._y += _GAP * 0.6 * self._size
