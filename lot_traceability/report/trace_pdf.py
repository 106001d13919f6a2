"""The trace on paper, for the auditor: who ran it, when, on what data, what it found and how
sure it is of it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import IO

from odoo.api import Environment
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Spacer

from ..tools.trace_tables import table_rows
from .trace_columns import COUNT, MOMENT, QUANTITY, Column, Table, TraceTables
from .trace_facts import TraceFacts
from .trace_pdf_canvas import TraceCanvas
from .trace_pdf_rows import Heading, PrintedColumn, RowsTable

PAGE = landscape(A4)
MARGIN = 34.0
FOOTER = 26.0
WIDTH = PAGE[0] - 2 * MARGIN
SMALL = 7.0
#: Printed in this order; the workbook has the other tables as well.
PRINTED = (
    "lots",
    "receipts",
    "suppliers",
    "customers",
    "deliveries",
    "on_hand",
    "scrapped",
    "edges",
)
#: More links than this are for a machine to read.
MAX_LINKS = 3_000
MAX_WARNED = 40
#: The height of a heading, the head of its table and a row or two, in points.
TOGETHER = 80.0
#: Stands for the number of pages while the footer is put together.
MARK = "\ue000"


def write_pdf(env: Environment, trace: dict, target: IO[bytes]) -> None:
    """Write a trace as a PDF for an auditor, A4 across.

    :param env: gives the user, the language and the time zone
    :param trace: what `lot.trace.trace` returns
    :param target: a file open for writing bytes
    """
    _TraceDocument(env, trace).write_out(target)


class _TraceDocument:
    def __init__(self, env: Environment, trace: dict) -> None:
        self.env = env
        self.trace = trace
        self.tables = TraceTables(env, trace)
        self.facts = TraceFacts(self.tables)
        language = env["res.lang"]._get_data(code=env.lang or "en_US")
        self._signs = str.maketrans(
            {",": language.thousands_sep or "\u00a0", ".": language.decimal_point or "."}
        )
        # Amounts repeat from row to row.
        self._number = lru_cache(maxsize=16_384)(self._format_number)

    def write_out(self, target: IO[bytes]) -> None:
        _ = self.env._
        document = BaseDocTemplate(
            target,
            pagesize=PAGE,
            title=f"{_('Lot trace')}: {self.facts.origin()}",
            author=self.env.user.name,
            creator="lot_traceability",
            subject=f"SHA-256 {self.facts.digest}",
        )
        frame = Frame(MARGIN, MARGIN + FOOTER, WIDTH, PAGE[1] - 2 * MARGIN - FOOTER, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate("trace", [frame], onPageEnd=self._footer))
        document.build([*self._front(), *self._body()], canvasmaker=TraceCanvas)

    # -- what stands on the pages ------------------------------------------------------------

    def _front(self) -> Iterator[Flowable]:
        """What the reader has to know before the tables."""
        _ = self.env._
        yield Heading(_("Lot trace"), 16, "top")
        yield self._pairs(self.facts.run())
        yield Heading(_("Completeness"), 11, "completeness")
        statement = [PrintedColumn("", WIDTH, bold=True)]
        yield RowsTable(statement, [[self.facts.completeness()]], 9.5, ruled=False)
        if self.trace["warnings"]:
            yield RowsTable([PrintedColumn("", WIDTH)], self._warnings(), 8.5, ruled=False)
        yield CondPageBreak(TOGETHER)
        yield Heading(_("Summary"), 11, "summary")
        yield self._figures()

    def _figures(self) -> RowsTable:
        """The key figures in two columns, so that the first page holds them."""
        figures = [
            [label, f"{self._number(float(value))} {unit}".strip()]
            for label, value, unit in self.facts.figures()
        ]
        half = (len(figures) + 1) // 2
        right = [*figures[half:], ["", ""]][:half]
        columns = [
            PrintedColumn("", WIDTH * share, bold=bold)
            for share, bold in ((0.28, True), (0.22, False), (0.28, True), (0.22, False))
        ]
        rows = [one + two for one, two in zip(figures[:half], right, strict=True)]
        return RowsTable(columns, rows, 8.5, ruled=False)

    def _pairs(self, pairs) -> RowsTable:
        columns = [PrintedColumn("", 190, bold=True), PrintedColumn("", WIDTH - 190)]
        return RowsTable(columns, ([label, value] for label, value in pairs), 8.5, ruled=False)

    def _warnings(self) -> Iterator[list[str]]:
        for warning in self.trace["warnings"]:
            text = f"•  {warning['message']}"
            if warning["lot_ids"]:
                names = self.tables.lot_names(warning["lot_ids"], MAX_WARNED)
                text = f"{text} {self.env._('Lots: %s.', names)}"
            yield [text]

    def _body(self) -> Iterator[Flowable]:
        _ = self.env._
        tables = {table.name: table for table in self.tables.tables()}
        for name in PRINTED:
            table = tables[name]
            yield Spacer(0, 8)
            # Heading and first rows together; platypus's own way would lay out the whole table.
            yield CondPageBreak(TOGETHER)
            page = table_rows(self.trace, name, limit=1)
            count = page["total"]
            title = f"{table.title} ({self._number(float(count))})" if count else table.title
            yield Heading(title, 11, name)
            if not count:
                yield self._sentence(table.empty)
            elif name == "edges" and count > MAX_LINKS:
                yield self._sentence(
                    _(
                        "The %s links between these lots are in the workbook of this trace, whose "
                        "content hash is the same.",
                        self._number(float(count)),
                    )
                )
            else:
                yield self._printed(table)
                if page["sums"]:
                    yield self._sentence(self._sums(table, page["sums"]))
        for table in self.tables.more_tables():
            yield from self._more(table)
        yield Spacer(0, 8)
        yield self._sentence(
            _(
                "The content hash at the foot of each page is the SHA-256 of the canonical JSON of "
                "this trace. Another copy with the same hash holds the same records. A letter that "
                "the server has no font for is printed as a question mark; the workbook has it."
            )
        )

    def _more(self, table: Table) -> Iterator[Flowable]:
        """A table that another module has added."""
        count = sum(1 for _row in table.rows())
        yield Spacer(0, 8)
        yield CondPageBreak(TOGETHER)
        title = f"{table.title} ({self._number(float(count))})" if count else table.title
        yield Heading(title, 11, table.name)
        if table.note:
            yield self._sentence(table.note)
        yield self._printed(table) if count else self._sentence(table.empty)

    def _sentence(self, text: str) -> RowsTable:
        return RowsTable([PrintedColumn("", WIDTH)], [[text]], 8.5, ruled=False)

    def _sums(self, table: Table, sums: list[dict]) -> str:
        """The totals of a table by unit, in one line."""
        parts = []
        for column in table.columns:
            if column.key in sums[0]:
                amounts = " · ".join(
                    f"{self._number(line[column.key])} {line['uom']}".strip() for line in sums
                )
                parts.append(f"{column.title}: {amounts}")
        return self.env._("Total. %s", "; ".join(parts))

    def _printed(self, table: Table) -> RowsTable:
        columns = [column for column in table.columns if column.printed]
        share = WIDTH / sum(column.width for column in columns)
        heads = [
            PrintedColumn(
                column.title, column.width * share, right=column.kind in (QUANTITY, COUNT)
            )
            for column in columns
        ]
        rows = ([self._text(column, row) for column in columns] for row in table.rows())
        return RowsTable(heads, rows)

    # -- cells -------------------------------------------------------------------------------

    def _text(self, column: Column, row: dict) -> str:
        value = column.read(row)
        if column.kind == MOMENT:
            return f"{self.tables.local_time(value):%Y-%m-%d %H:%M}" if value else ""
        if column.kind in (QUANTITY, COUNT):
            return "" if value is None else self._number(float(value))
        return value

    def _format_number(self, value: float) -> str:
        text = f"{value:,.6f}".rstrip("0").rstrip(".")
        return text.translate(self._signs)

    # -- the foot of the page ----------------------------------------------------------------

    def _footer(self, canvas: TraceCanvas, document: BaseDocTemplate) -> None:
        _ = self.env._
        left, right = MARGIN + 3, PAGE[0] - MARGIN - 3
        run = f"{self.env.cr.dbname} · {self.facts.run_at:%Y-%m-%d %H:%M} {self.facts.zone()}"
        digest = _("Content hash (SHA-256): %s", self.facts.digest)
        canvas.write_lines(
            [
                (left, MARGIN + 10, digest, SMALL, False),
                (left, MARGIN, f"{_('Lot trace')} · {self.env.user.name} · {run}", SMALL, False),
            ]
        )
        page = _("Page %(page)s of %(total)s", page=document.page, total=MARK)
        before, _mark, after = page.partition(MARK)
        canvas.write_page_of(right, MARGIN, before, after, SMALL)
