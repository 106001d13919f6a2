import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.rfid_reads import MAX_AGE


class LotRfidBatch(models.Model):
    """A batch of reads that was taken, with the answer that was given: a gateway that has heard
    none sends the batch again and gets the same one."""

    _name = "lot.rfid.batch"
    _description = "Batch of RFID reads"
    _order = "id desc"
    _log_access = False

    name = fields.Char(required=True)
    reader_id = fields.Many2one("lot.rfid.reader", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    taken_at = fields.Datetime(required=True, index=True)
    digest = fields.Char(required=True, help="SHA-256 of the body")
    answer = fields.Char()

    _once = models.UniqueIndex("(reader_id, name)")

    @api.model
    def _begin(self, reader, name: str, digest: str) -> tuple[int, dict | None]:
        """Take a batch once.

        :return: (id, None) of a new batch; (0, answer given then) of one that was taken before,
            where the answer is empty when the batch held something else then
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO lot_rfid_batch (name, reader_id, company_id, taken_at, digest)
                   VALUES (%s, %s, %s, %s, %s)
                   ON CONFLICT (reader_id, name) DO NOTHING RETURNING id""",
                *(name, reader.id, reader.company_id.id, fields.Datetime.now(), digest),
            ),
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        if row:
            return row[0], None
        self.env.cr.execute(
            SQL(
                "SELECT digest, answer FROM lot_rfid_batch WHERE reader_id = %s AND name = %s",
                *(reader.id, name),
            )
        )
        known, answer = self.env.cr.fetchone()
        return 0, json.loads(answer) if known == digest else {}

    @api.model
    def _finish(self, batch_id: int, answer: dict) -> None:
        self.env.cr.execute(
            SQL("UPDATE lot_rfid_batch SET answer = %s WHERE id = %s", json.dumps(answer), batch_id)
        )

    @api.autovacuum
    def _gc_batches(self):
        """No read that is older than this is taken, so no such batch comes again."""
        self.env.cr.execute(
            SQL("DELETE FROM lot_rfid_batch WHERE taken_at < %s", fields.Datetime.now() - MAX_AGE)
        )
