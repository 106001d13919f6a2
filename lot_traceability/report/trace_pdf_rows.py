"""Long tables on paper: rows are laid out page by page as they are read, so that a table of
30,000 rows costs time in proportion to its rows and hardly any memory."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from .trace_pdf_fonts import typeface

HEAD_FILL = HexColor("#E7E9ED")
RULE = HexColor("#C9CED6")
PADDING = 3.0
#: A row that is higher goes on in a row below, so that it always fits on a page.
MAX_LINES = 30


@dataclass(frozen=True)
class PrintedColumn:
    """`width` in points; numbers stand to the right."""

    title: str
    width: float
    right: bool = False
    bold: bool = False


Row = list[list[str]]


class RowsTable(Flowable):
    """A table that is split over pages, with its header on each of them.

    :param columns: what stands in the table
    :param rows: the texts of each row, read once and in order
    :param size: of the letters, in points
    :param ruled: with a header and lines between the rows
    """

    def __init__(
        self,
        columns: list[PrintedColumn],
        rows: Iterable[list[str]],
        size: float = 7.5,
        ruled: bool = True,
    ) -> None:
        super().__init__()
        self.columns = columns
        self.size = size
        self.ruled = ruled
        self._leading = size * 1.25
        self._source: Iterator[Row] = self._laid_out(rows)
        self._rows: deque[Row] = deque()
        self._head = self._cells([column.title for column in columns], True) if ruled else []

    # -- layout ------------------------------------------------------------------------------

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Reads as many rows as fill the height, and one more to know whether that is all."""
        height = self._head_height() + sum(map(self._height, self._rows))
        while height <= available_height:
            row = next(self._source, None)
            if row is None:
                break
            self._rows.append(row)
            height += self._height(row)
        self.width, self.height = available_width, height
        return available_width, height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        fitting: deque[Row] = deque()
        height = self._head_height()
        while self._rows and height + self._height(self._rows[0]) <= available_height:
            row = self._rows.popleft()
            fitting.append(row)
            height += self._height(row)
        if not fitting:
            return []
        return [self._part(fitting, iter(())), self._part(self._rows, self._source)]

    def _part(self, rows: deque[Row], source: Iterator[Row]) -> "RowsTable":
        part = RowsTable(self.columns, (), self.size, self.ruled)
        part._rows, part._source = rows, source
        return part

    def _laid_out(self, rows: Iterable[list[str]]) -> Iterator[Row]:
        for texts in rows:
            row = self._cells(texts)
            for start in range(0, max(map(len, row)), MAX_LINES):
                yield [lines[start : start + MAX_LINES] for lines in row]

    def _cells(self, texts: list[str], head: bool = False) -> Row:
        return [
            typeface(head or column.bold).lines(text, self.size, column.width - 2 * PADDING)
            for column, text in zip(self.columns, texts, strict=True)
        ]

    def _height(self, row: Row) -> float:
        return max(map(len, row)) * self._leading + PADDING

    def _head_height(self) -> float:
        return self._height(self._head) + PADDING if self.ruled else 0.0

    # -- drawing -----------------------------------------------------------------------------

    def draw(self) -> None:
        canvas = self.canv
        top = self.height
        rules = []
        if self.ruled:
            bottom = top - self._head_height()
            canvas.setFillColor(HEAD_FILL)
            canvas.rect(0, bottom, self._table_width(), top - bottom, stroke=0, fill=1)
        lines: list[tuple] = []
        if self.ruled:
            self._write(lines, self._head, top - PADDING / 2, True)
            top = bottom
        for row in self._rows:
            self._write(lines, row, top)
            top -= self._height(row)
            rules.append((0, top, self._table_width(), top))
        canvas.write_lines(lines)
        if self.ruled and rules:
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.4)
            canvas.lines(rules)

    def _write(self, lines: list[tuple], row: Row, top: float, head: bool = False) -> None:
        left = 0.0
        for column, texts in zip(self.columns, row, strict=True):
            bold = head or column.bold
            baseline = top - PADDING / 2 - self.size
            for text in texts:
                start = left + PADDING
                if column.right:
                    start = left + column.width - PADDING - typeface(bold).width(text, self.size)
                lines.append((start, baseline, text, self.size, bold))
                baseline -= self._leading
            left += column.width

    def _table_width(self) -> float:
        return sum(column.width for column in self.columns)


class Heading(Flowable):
    """A heading that is also an entry of the outline."""

    def __init__(self, text: str, size: float, key: str) -> None:
        super().__init__()
        self.text = text
        self.size = size
        self.key = key

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, self.size * 2.2
        return self.width, self.height

    def draw(self) -> None:
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.text, self.key, level=0)
        self.canv.write_lines([(PADDING, self.size * 0.7, self.text, self.size, True)])
