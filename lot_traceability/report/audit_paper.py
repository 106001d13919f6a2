"""Paper of the audit log and of the dossier: A4 across, a header that says of what it is, a footer
with who printed it, when, the receipt of the log, and page x of y."""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO

from odoo.api import Environment
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Spacer

from ..tools.audit_format import Receipt
from .trace_pdf_canvas import TraceCanvas
from .trace_pdf_rows import Heading, PrintedColumn, RowsTable

PAGE = landscape(A4)
MARGIN = 34.0
BAND = 24.0
WIDTH = PAGE[0] - 2 * MARGIN
SMALL = 7.0
#: The height of a heading, the head of its table and a row of ten lines, such as a new lot has.
TOGETHER = 160.0
#: Stands for the number of pages while the footer is put together.
MARK = "\ue000"


class AuditPaper:
    """Puts flowables on pages.

    :param title: what kind of document it is
    :param subject: of what it is: stands at the head of each page
    """

    def __init__(
        self,
        env: Environment,
        title: str,
        subject: str,
        receipt: Receipt | None,
        run_at: datetime,
    ) -> None:
        self.env = env
        self.title = title
        self.subject = subject
        self.receipt = receipt
        self.run_at = run_at
        self._keys = 0

    def build(self, content: Iterable[Flowable], target: IO[bytes]) -> None:
        """Write the document."""
        document = BaseDocTemplate(
            target,
            pagesize=PAGE,
            title=f"{self.title}: {self.subject}",
            author=self.env.user.name,
            creator="lot_traceability",
        )
        height = PAGE[1] - 2 * MARGIN - 2 * BAND
        frame = Frame(MARGIN, MARGIN + BAND, WIDTH, height, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate("page", [frame], onPageEnd=self._around))
        document.build(list(content), canvasmaker=TraceCanvas)

    # -- pieces --------------------------------------------------------------------------------

    def heading(self, text: str, size: float = 11.0) -> Iterator[Flowable]:
        """A heading that does not stand alone at the foot of a page."""
        self._keys += 1
        yield Spacer(0, 8)
        yield CondPageBreak(TOGETHER)
        yield Heading(text, size, f"part-{self._keys}")

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> RowsTable:
        """Labels with their values."""
        columns = [PrintedColumn("", 170, bold=True), PrintedColumn("", WIDTH - 170)]
        return RowsTable(columns, ([label, value] for label, value in pairs), 8.5, ruled=False)

    def sentence(self, text: str) -> RowsTable:
        """Text over the whole width."""
        return RowsTable([PrintedColumn("", WIDTH)], [[text]], 8.5, ruled=False)

    def table(
        self,
        columns: Sequence[tuple[str, float]],
        rows: Iterable[list[str]],
        right: Container[int] = (),
    ) -> RowsTable:
        """A table; the widths are shares of the page, `right` the places of numbers."""
        share = WIDTH / sum(width for _title, width in columns)
        heads = [
            PrintedColumn(title, width * share, right=place in right)
            for place, (title, width) in enumerate(columns)
        ]
        return RowsTable(heads, rows)

    # -- head and foot -------------------------------------------------------------------------

    def _around(self, canvas: TraceCanvas, document: BaseDocTemplate) -> None:
        _ = self.env._
        left, right, top = MARGIN + 3, PAGE[0] - MARGIN - 3, PAGE[1] - MARGIN - 8
        run = _(
            "Printed by %(user)s on %(time)s (%(zone)s) from %(database)s",
            user=f"{self.env.user.name} ({self.env.user.login})",
            time=f"{self.run_at:%Y-%m-%d %H:%M:%S}",
            zone=str(self.env.tz),
            database=self.env.cr.dbname,
        )
        canvas.write_lines(
            [
                (left, top, self.subject[:130], 8.5, True),
                (left, MARGIN + 10, self._sealed(), SMALL, False),
                (left, MARGIN, run, SMALL, False),
            ]
        )
        page = _("Page %(page)s of %(total)s", page=document.page, total=MARK)
        before, _mark, after = page.partition(MARK)
        canvas.write_page_of(right, MARGIN, before, after, SMALL)

    def _sealed(self) -> str:
        _ = self.env._
        if not self.receipt:
            return _("Nothing of the audit log is sealed yet.")
        return _(
            "Audit log sealed up to block %(number)s at %(time)s, digest %(digest)s",
            number=self.receipt.number,
            time=self.receipt.sealed_at,
            digest=self.receipt.digest,
        )
