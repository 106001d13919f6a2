from odoo import api, fields, models
from odoo.tools import SQL

# Reads of one reader in a minute, unless the parameter says otherwise: 2,000 a second.
PER_MINUTE = 120_000
LIMIT = "lot_traceability.rfid_reads_per_minute"


class LotRfidPulse(models.Model):
    """When a reader was heard last, and how much it sent in that minute.

    It is a row of its own, as each batch writes it: whoever sets up the reader meanwhile does not
    wait. Two batches of one reader at the same time meet here, and one of them is taken again
    when the other is through; so no tag is gathered twice.
    """

    _name = "lot.rfid.pulse"
    _description = "Pulse of an RFID reader"
    _rec_name = "reader_id"
    _log_access = False

    reader_id = fields.Many2one("lot.rfid.reader", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    heard_at = fields.Datetime("Last heard")
    minute_at = fields.Datetime("Minute")
    minute_reads = fields.Integer("Reads in that minute")

    _reader_unique = models.UniqueIndex("(reader_id)")

    @api.model
    def _beat(self, reader, reads: int) -> bool:
        """Note that a reader sent so many reads now.

        :return: false, and nothing noted, when that is more than it may send in a minute
        """
        now = fields.Datetime.now()
        minute = now.replace(second=0)
        limit = self._limit()
        if reads > limit:
            return False
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lot_rfid_pulse AS pulse
                       (reader_id, company_id, heard_at, minute_at, minute_reads)
                VALUES (%(reader)s, %(company)s, %(now)s, %(minute)s, %(reads)s)
                ON CONFLICT (reader_id) DO UPDATE SET
                    heard_at = excluded.heard_at,
                    minute_at = excluded.minute_at,
                    minute_reads = excluded.minute_reads + CASE
                        WHEN pulse.minute_at = excluded.minute_at THEN pulse.minute_reads
                        ELSE 0 END
                WHERE pulse.minute_at <> excluded.minute_at
                   OR pulse.minute_reads + excluded.minute_reads <= %(limit)s
                RETURNING id
                """,
                reader=reader.id,
                company=reader.company_id.id,
                now=now,
                minute=minute,
                reads=reads,
                limit=limit,
            ),
            # A batch of the same reader at the same time is no error: it is taken again.
            log_exceptions=False,
        )
        return bool(self.env.cr.fetchone())

    @api.model
    def _limit(self) -> int:
        # sudo: how much is taken at most is no secret
        text = self.env["ir.config_parameter"].sudo().get_param(LIMIT, "")
        return int(text) if text.isdecimal() and int(text) else PER_MINUTE
