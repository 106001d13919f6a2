"""The dossier of a lot on paper."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from reportlab.platypus import Flowable

from .audit_paper import AuditPaper
from .audit_pdf import MAX_EVENTS, events_table
from .lot_dossier import LotDossier
from .section import Section

#: More rows of one table than these are in the workbook.
MAX_ROWS = 3_000


def write_dossier_pdf(dossier: LotDossier, target: IO[bytes]) -> None:
    """Write a dossier as a PDF, the documents of the lot behind it.

    :param target: a file open for writing bytes
    """
    title = dossier.kind()
    subject = f"{title}: {dossier.title()}"
    paper = AuditPaper(dossier.env, title, subject, dossier.events.receipt, dossier.events.run_at)
    if dossier.files is None:
        paper.build(_content(dossier, paper), target)
        return
    with TemporaryFile() as pages:
        paper.build(_content(dossier, paper), pages)
        dossier.files.append_to(pages, target)


def _content(dossier: LotDossier, paper: AuditPaper) -> Iterator[Flowable]:
    _ = dossier.env._
    yield from paper.heading(dossier.title(), 16)
    for section in dossier.sections():
        yield from _section(dossier, paper, section)
    if not dossier.with_log:
        return
    yield from paper.heading(dossier.log_title())
    left_out = dossier.events.count - MAX_EVENTS
    if left_out > 0:
        yield paper.sentence(_("The last %s events are left out: see the workbook.", left_out))
    yield events_table(dossier.events, paper, MAX_EVENTS, on_lot=dossier.on_lot)


def _section(dossier: LotDossier, paper: AuditPaper, section: Section) -> Iterator[Flowable]:
    _ = dossier.env._
    yield from paper.heading(section.title)
    if section.note:
        yield paper.sentence(section.note)
    if section.pairs:
        yield paper.pairs(section.pairs)
    yield from section.drawings()
    if not section.columns:
        return
    rows = list(section.rows())
    if not rows:
        yield paper.sentence(section.empty)
    elif len(rows) > MAX_ROWS:
        yield paper.sentence(_("The %s rows of this table are in the workbook.", len(rows)))
    else:
        # A column with a text in it is one of texts.
        texts = {place for row in rows for place, cell in enumerate(row) if isinstance(cell, str)}
        numbers = set(range(len(section.columns))) - texts
        printed = [[_printed(cell) for cell in row] for row in rows]
        yield paper.table(section.columns, printed, numbers)


def _printed(cell) -> str:
    return f"{cell:.6f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
