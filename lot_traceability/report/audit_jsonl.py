"""Events of the audit log in the form that the verifier checks without Odoo."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import IO, NamedTuple

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.audit_format import Block, time_text
from ..tools.audit_proof import export_events, export_log
from .audit_rows import AuditRows


def write_jsonl(rows: AuditRows, target: IO[bytes]) -> int:
    """Write the events as JSON lines that verify.

    Where they are all events of some blocks in a row, those blocks as they are; else each event
    with its proof. What is not sealed yet follows the blocks, and has no proof.

    :param target: a file open for writing bytes
    :return: the number of events written
    :raise UserError: when nothing of it is sealed
    """
    rows.env.flush_all()
    ids = array("q", rows.ids())
    span = _span(rows, ids)
    if span and span.readable:
        target.writelines(_block_lines(rows, span))
        return span.count
    target.writelines(_proof_lines(rows, ids))
    return len(ids)


class Span(NamedTuple):
    """Blocks in a row that can be given as they are: the user may read each event of them."""

    first: int
    last: int
    to_end: bool  # with all that waits to be sealed
    count: int
    readable: bool


def _span(rows: AuditRows, ids: array) -> Span | None:
    """The blocks of these events. They are given whole where the events are all of theirs, or
    where a period was asked for and the user may read what lies beside it in the same blocks."""
    if not ids or not rows.receipt:
        return None
    execute = rows.env.execute_query
    ((first, last, count, low, high),) = execute(
        SQL(
            """SELECT min(id), max(id), sum(count), min(first_id), max(last_id)
                 FROM lot_audit_block WHERE last_id >= %s AND first_id <= %s""",
            *(ids[0], ids[-1]),
        )
    )
    if not first:
        return None
    waiting = {row[0] for row in execute(SQL("SELECT event_id FROM lot_audit_pending"))}
    asked = len(waiting.intersection(ids))
    to_end = last == rows.receipt.number and asked == len(waiting)
    readable = len(ids) - asked == count and (to_end or not asked)
    if not readable and rows.by_period:
        between = Domain("id", ">=", low) & Domain("id", "<=", high)
        ((there,),) = execute(
            SQL("SELECT count(*) FROM lot_audit_event WHERE id BETWEEN %s AND %s", low, high)
        )
        # All of the blocks' events have to be here: some may be in an archive.
        complete = there - len(waiting) <= count <= there and (to_end or not asked)
        readable = complete and rows.events.search_count(between) == there
    return Span(first, last, to_end, int(count) + (asked if to_end else 0), readable)


def _block_lines(rows: AuditRows, span: Span) -> Iterator[bytes]:
    blocks = rows.env["lot.audit.block"]
    return export_log(
        blocks._log_id(),
        time_text(rows.run_at),
        blocks._blocks(span.first, span.last),
        after=blocks._state(span.first - 1) if span.first > 1 else None,
        until_end=span.to_end,
        unsealed=blocks._unsealed() if span.to_end else None,
        **_about(rows),
    )


def _proof_lines(rows: AuditRows, ids: array) -> Iterator[bytes]:
    receipt = rows.receipt
    if not receipt:
        raise UserError(
            rows.env._(
                "Nothing of the log is sealed yet, so nothing of it can be proved. Try again in "
                "a minute, or choose another format."
            )
        )
    blocks = rows.env["lot.audit.block"]
    return export_events(
        blocks._log_id(),
        time_text(rows.run_at),
        receipt,
        blocks._tree(receipt.number),
        _picks(rows, ids),
        **_about(rows),
    )


def _picks(rows: AuditRows, ids: array) -> Iterator[tuple[Block, Iterator[tuple[int, bytes]]]]:
    """The blocks that hold these events, with the events that they hold."""
    blocks = rows.env["lot.audit.block"]
    if not ids:
        return
    number = 0
    while True:
        found = blocks._select(
            SQL("id > %s AND last_id >= %s AND first_id <= %s", number, ids[0], ids[-1])
        )
        if not found:
            return
        number = found[0][0]
        block = blocks._block(found[0])
        start = bisect_left(ids, block.header["first_id"])
        end = bisect_right(ids, block.header["last_id"])
        here = sorted(set(ids[start:end]).intersection(block.ids))
        if here:
            lines = blocks._event_lines(SQL("event.id = ANY(%s)", here))
            yield block, zip(here, lines, strict=True)


def _about(rows: AuditRows) -> dict[str, str]:
    """What the first line tells besides."""
    return {
        "database": rows.env.cr.dbname,
        "events_of": rows.title,
        "exported_by": rows.env.user.login,
    }
