import logging

from odoo import api, models
from odoo.tools import SQL

from ..tools.audit_format import Block, time_text
from ..tools.audit_proof import current_key, seal_block

_logger = logging.getLogger(__name__)

# Events of one block: a proof needs its leaves, and a cron run has other things to do.
MOST = 5_000
# An advisory lock, taken by whoever seals; nobody waits for it.
_LOCK = 0x6C6F7461


class LotAuditSealer(models.AbstractModel):
    """Seals what has been committed, a block at a time. Business transactions never wait for it:
    it takes rows from a queue that they only add to, and a lock that only sealers know."""

    _name = "lot.audit.sealer"
    _description = "Sealer of the audit log"

    @api.model
    def _cron_seal(self) -> None:
        """Seal all that waits, and hand the receipts out."""
        sealed = self._seal()
        if sealed:
            _logger.info("audit log: %s events sealed", sealed)
        self.env["lot.audit.receipt"]._hand_out()

    @api.model
    def _seal(self) -> int:
        """Seal all that waits in blocks, each in a transaction of its own.

        :return: how many events were sealed; 0 as well where another process is at it
        """
        cr = self.env.cr
        # Of the session, not of the transaction: the next snapshot has to be younger than the
        # lock, or it would not see what the sealer before has done.
        cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", _LOCK))
        if not cr.fetchone()[0]:
            return 0
        try:
            self._commit(0)
            sealed = 0
            while count := self._seal_block():
                sealed += count
                self._commit(count)
            return sealed
        finally:
            cr.execute(SQL("SELECT pg_advisory_unlock(%s)", _LOCK))

    @api.model
    def _commit(self, count: int) -> None:
        self.env["ir.cron"]._commit_progress(count)

    @api.model
    def _seal_block(self) -> int:
        """Seal the oldest events that wait; their number."""
        cr, blocks = self.env.cr, self.env["lot.audit.block"]
        cr.execute(
            SQL(
                """WITH taken AS (
                       DELETE FROM lot_audit_pending WHERE event_id IN (
                           SELECT event_id FROM lot_audit_pending ORDER BY event_id LIMIT %s)
                       RETURNING event_id)
                   SELECT event.id, event.at, event.body
                     FROM taken JOIN lot_audit_event event ON event.id = taken.event_id
                    ORDER BY event.id""",
                MOST,
            )
        )
        rows = cr.fetchall()
        if not rows:
            return 0
        cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        now = cr.fetchone()[0]
        block, state = seal_block(
            blocks._state(),
            blocks._log_id(),
            [(number, time_text(at), body) for number, at, body in rows],
            time_text(now),
            current_key(blocks._keys()),
        )
        times = [at for _number, at, _body in rows]
        blocks._append(
            block, state, {"sealed_at": now, "first_at": min(times), "last_at": max(times)}
        )
        self._note_key(block)
        return len(rows)

    @api.model
    def _note_key(self, block: Block) -> None:
        """That another key seals from here on is an event itself."""
        number, key = block.header["number"], block.header["key"]
        before = self.env["lot.audit.block"]._receipt(number - 1) if number > 1 else None
        if before and before.key != key:
            self.env["lot.audit.event"]._record(
                "key", data={"block": number}, changes={"key": [before.key, key]}
            )
