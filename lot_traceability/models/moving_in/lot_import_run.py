import logging
from collections.abc import Iterator

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .problems import Problems

_logger = logging.getLogger(__name__)

# A file of so many rows is written while the user waits; a longer one in the background.
AT_ONCE = 200


class LotImport(models.Model):
    """Writing: in batches that each commit together with the count of rows that they wrote. What
    is stopped at any instant goes on where it was, and no row is written twice."""

    _inherit = "lot.import"

    def action_import(self) -> bool:
        """Write the rows of the file; a long one in the background.

        :return: True
        :raise UserError: when the file was not checked, or something has to be put right first
        """
        self.ensure_one()
        self.check_access("write")
        if not self.try_lock_for_update():
            raise UserError(self.env._("Somebody is working on this import. Try again."))
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        if self.blocking_count:
            raise UserError(
                self.env._(
                    "%s cells or rows have to be put right first. Nothing was imported.",
                    self.blocking_count,
                )
            )
        self.write({"state": "running", "user_id": self.env.uid, "failure": False})
        if self.row_count <= AT_ONCE:
            for _rows in self._batches():
                pass
        else:
            self._wake()
        return True

    def action_go_on(self) -> bool:
        """Go on with an import that stopped, from the row where it did.

        :return: True
        :raise UserError: when it did not stop
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "failed":
            raise UserError(self.env._("This import did not stop."))
        self.write({"state": "running", "user_id": self.env.uid, "failure": False})
        self._wake()
        return True

    @api.model
    def _wake(self) -> None:
        # sudo: who may import may wake this one job, not edit scheduled actions
        self.env.ref("lot_traceability.ir_cron_import").sudo()._trigger()

    @api.model
    def _cron_run(self) -> None:
        """Write the files that wait, the oldest first."""
        for batch in self.search([("state", "=", "running")], order="id"):
            # With the rights of whoever started it, and no more.
            own = batch.with_user(batch.user_id)
            for count in own._batches():
                left = max(own.row_count - own.applied_count, 0)
                if not self.env["ir.cron"]._commit_progress(count, remaining=left):
                    return
            if not self.env["ir.cron"]._commit_progress(remaining=0):
                return

    def _batches(self) -> Iterator[int]:
        """Write the batches that are left, one at a time: yields how many rows were written, when
        they may be committed."""
        self.ensure_one()
        problems = Problems()
        try:
            rows, kind = self._reader(problems, writing=True)
            rows.settle_notation(self.notation)
        except (UserError, AccessError) as error:
            self._stop(str(error))
            return
        done, position = self.applied_count, 0
        for chunk in rows.chunks(kind.batch_size):
            position += len(chunk)
            if position <= done:
                continue
            # Batches may have had another size before an update.
            chunk = chunk[max(0, len(chunk) - (position - done)) :]
            reason = self._write_batch(kind, problems, chunk)
            if reason:
                self._stop(reason)
                return
            done = position
            yield len(chunk)
        self.write({"state": "done", "finished": fields.Datetime.now()})
        _logger.info("import %s: %s rows written", self.id, done)

    def _write_batch(self, kind, problems: Problems, chunk: list) -> str:
        """Write rows, all or none.

        :return: why none of them was written; empty when they were
        """
        try:
            with self.env.cr.savepoint():
                found = kind.check(chunk)
                if problems.blocking:
                    first = problems.listed()[0]
                    return self.env._(
                        "Row %(row)s, %(column)s: %(text)s %(fix)s",
                        row=first.row,
                        column=first.column,
                        text=first.text,
                        fix=first.fix,
                    )
                kind.apply(found)
                self.applied_count += len(chunk)
                self._tell(chunk)
        except (UserError, AccessError) as error:
            return self.env._(
                "Rows %(first)s to %(last)s: %(why)s",
                first=chunk[0].number,
                last=chunk[-1].number,
                why=str(error),
            )
        except psycopg2.IntegrityError as error:
            _logger.info("import %s: %s", self.id, error)
            return self.env._(
                "Rows %(first)s to %(last)s name what has been changed or removed meanwhile. Check "
                "the file again.",
                first=chunk[0].number,
                last=chunk[-1].number,
            )
        self.env.invalidate_all()
        return ""

    def _tell(self, chunk: list) -> None:
        """One event for each batch: the rows, and the file that they stood in."""
        self.env["lot.audit.event"]._record(
            "imported",
            record=self,
            company=self.company_id,
            data={
                "what": self.kind,
                "file": self.name or "",
                "sha256": self.digest,
                "first": chunk[0].number,
                "last": chunk[-1].number,
                "count": len(chunk),
            },
        )

    def _stop(self, reason: str) -> None:
        self.write({"state": "failed", "failure": reason})
        _logger.info("import %s stopped: %s", self.id, reason)
