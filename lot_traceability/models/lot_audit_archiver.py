import gzip
import logging
import os

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# Blocks of one file, and of one transaction.
MOST = 500
# Events that are removed with one statement.
BATCH = 20_000


class LotAuditArchiver(models.AbstractModel):
    """Takes expired, sealed blocks out of the database: first into a file that verifies, then out
    of the table. What is in doubt stays."""

    _name = "lot.audit.archiver"
    _description = "Archiver of the audit log"

    @api.model
    def _cron_archive(self) -> None:
        """Archive what has expired, a file at a time."""
        # sudo: what has expired is the same whoever looks
        if not self.env["lot.audit.retention"].sudo().search_count([], limit=1):
            return
        run = self._next_run()
        # What does not agree now would be taken for right once the events are gone.
        if run and (wrong := next(self.env["lot.audit.comparison"]._findings(), None)):
            _logger.error("audit log: nothing is archived, as the records differ: %s", wrong.text)
            return
        while run := self._next_run():
            if not self._archive(*run):
                return
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _next_run(self) -> tuple[int, int] | None:
        """First and last of the next expired blocks in a row that are not archived."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT block.id FROM lot_audit_block AS block
                    WHERE NOT EXISTS (
                          SELECT FROM lot_audit_archive AS archive
                           WHERE block.id BETWEEN archive.first_block AND archive.last_block)
                      AND block.last_at < %s::timestamp - interval '1 year'
                      AND block.count = (
                          SELECT count(*) FROM lot_audit_event AS event
                           WHERE event.id = ANY(block.event_ids) AND %s)
                    ORDER BY block.id LIMIT %s""",
                fields.Datetime.now(),
                self.env["lot.audit.retention"]._expired(),
                MOST,
            )
        )
        numbers = [row[0] for row in self.env.cr.fetchall()]
        if not numbers:
            return None
        row = [number for place, number in enumerate(numbers) if number == numbers[0] + place]
        return row[0], row[-1]

    @api.model
    def _archive(self, first: int, last: int) -> bool:
        """Write these blocks to a file, verify it, and only then remove their events.

        :return: whether it was done; where not, the server's log says why and all stays
        """
        archives = self.env["lot.audit.archive"]
        folder = archives._folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"audit-archive-{first:08d}-{last:08d}.jsonl.gz"
        part = path.with_suffix(".part")
        with part.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb") as file:
            file.writelines(self.env["lot.audit.log"]._export(first, last))
            file.flush()
            os.fsync(raw.fileno())
        report = archives._verify_path(part)
        blocks = last - first + 1
        if report.findings or report.summary.blocks != blocks:
            part.unlink()
            why = report.findings[0].text if report.findings else "blocks are missing in the file"
            _logger.error("audit log: blocks %s to %s are not archived: %s", first, last, why)
            return False
        part.rename(path)
        self._note(path, first, last)
        self._remove(first, last)
        return True

    @api.model
    def _told_of(self, ids: list[int]) -> tuple[set[int], set[int]]:
        """The lots and the move lines that these events are about."""
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT res_model, res_id FROM lot_audit_event WHERE id = ANY(%s) "
                "AND res_model IN ('stock.lot', 'stock.move.line')",
                ids,
            )
        )
        lots, lines = set(), set()
        for model, number in self.env.cr.fetchall():
            (lots if model == "stock.lot" else lines).add(number)
        return lots, lines

    @api.model
    def _note(self, path, first: int, last: int) -> None:
        archives = self.env["lot.audit.archive"]
        self.env.cr.execute(
            SQL(
                "SELECT min(first_at), max(last_at), sum(count) FROM lot_audit_block "
                "WHERE id BETWEEN %s AND %s",
                *(first, last),
            )
        )
        first_at, last_at, events = self.env.cr.fetchone()
        digest = archives._digest(path)
        # sudo: archives are made by the archiver, by nobody else
        archive = archives.sudo().create(
            {
                "file_name": path.name,
                "sha256": digest,
                "size": path.stat().st_size,
                "first_block": first,
                "last_block": last,
                "first_at": first_at.replace(microsecond=0),
                "last_at": last_at.replace(microsecond=0),
                "events": events,
            }
        )
        self.env["lot.audit.event"]._record(
            "archived",
            record=archive,
            data={
                "file": path.name,
                "sha256": digest,
                "first_block": first,
                "last_block": last,
                "count": int(events),
            },
        )

    @api.model
    def _remove(self, first: int, last: int) -> None:
        """Remove the events of archived blocks; the blocks stay."""
        cr = self.env.cr
        self.env.flush_all()
        # The one setting that lets the table's trigger pass, for this transaction at most.
        cr.execute(SQL("SELECT set_config('lot_audit.archive', %s, true)", f"{first}-{last}"))
        cr.execute(
            SQL(
                "SELECT unnest(event_ids) FROM lot_audit_block WHERE id BETWEEN %s AND %s",
                *(first, last),
            )
        )
        ids = [row[0] for row in cr.fetchall()]
        lots, lines = self._told_of(ids)
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            cr.execute(SQL("DELETE FROM lot_audit_event WHERE id = ANY(%s)", part))
        cr.execute("SELECT set_config('lot_audit.archive', '', true)")
        self.env["lot.audit.event"].invalidate_model()
        self.env["lot.audit.comparison"]._note_again(lots, lines)
