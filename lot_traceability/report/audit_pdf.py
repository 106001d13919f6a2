"""Events of the audit log on paper."""

from collections.abc import Iterator
from typing import IO

from reportlab.platypus import Flowable

from .audit_paper import AuditPaper
from .audit_rows import AuditRows

#: What somebody may read on paper, some 1,000 pages; more is for a machine.
MAX_EVENTS = 20_000


def write_pdf(rows: AuditRows, target: IO[bytes]) -> int:
    """Write the events as a PDF, at most the first `MAX_EVENTS`; it says how many it leaves out.

    :param target: a file open for writing bytes
    :return: the number of events written
    """
    _ = rows.env._
    paper = AuditPaper(
        rows.env, _("Audit log"), _("Audit log: %s", rows.title), rows.receipt, rows.run_at
    )
    paper.build(_content(rows, paper), target)
    return min(rows.count, MAX_EVENTS)


def _content(rows: AuditRows, paper: AuditPaper) -> Iterator[Flowable]:
    _ = rows.env._
    yield from paper.heading(_("Audit log"), 16)
    yield paper.pairs(rows.facts())
    left_out = rows.count - MAX_EVENTS
    if left_out > 0:
        yield paper.sentence(
            _(
                "This file has the first %(printed)s events and leaves out the %(left)s after "
                "them. Export them as XLSX, CSV or JSON lines, which have no such limit, or "
                "choose a shorter period.",
                printed=f"{MAX_EVENTS:,}",
                left=f"{left_out:,}",
            )
        )
    yield from paper.heading(_("Events"))
    if not rows.count:
        yield paper.sentence(_("No event was found for this."))
        return
    yield events_table(rows, paper, MAX_EVENTS)


def events_table(
    rows: AuditRows, paper: AuditPaper, limit: int = 0, on_lot: bool = False
) -> Flowable:
    """The events as a table: time, what happened, from where, before and after, block.

    :param on_lot: whether it stands under the one lot that all of them are about
    """
    _, text = rows.env._, rows.text
    return paper.table(
        [
            (_("Event"), 6),
            (_("Time (%s)", rows.env.tz), 12),
            (_("What happened"), 44),
            (_("From where"), 16),
            (_("Before → after"), 30),
            (_("Block"), 5),
        ],
        (
            [
                str(row.id),
                text.moment(row.at),
                text.sentence(row.event, on_lot),
                text.origin(row.event),
                rows.changed(row),
                str(row.block or "–"),
            ]
            for row in rows.rows(limit)
        ),
    )
