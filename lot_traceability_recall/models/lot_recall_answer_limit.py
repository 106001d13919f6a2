from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure

from ..tools.recall_settings import LIMITS, RATE

_MOST_TRIES = 5
_KEPT = timedelta(minutes=10)


class LotRecallAnswerLimit(models.Model):
    """How often an address, or a link, has asked for the page without login in one minute.

    Counted in the database, in transactions of its own: it holds over all workers, and for
    requests that are rolled back. Beyond the limit nothing is written any more."""

    _name = "lot.recall.answer.limit"
    _description = "Requests for the answer page"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    minute = fields.Datetime(required=True, readonly=True)
    hits = fields.Integer(required=True, readonly=True)

    _key_minute = models.UniqueIndex("(key, minute)")

    @api.model
    def _allow(self, key: str) -> bool:
        """Count a request.

        :param key: who asks, or for what
        :return: whether it is within the limit of this minute
        """
        most, minute = self._rate(), fields.Datetime.now().replace(second=0, microsecond=0)
        for _number in range(_MOST_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    return self._count(cr, key, minute, most)
            except SerializationFailure:
                continue
        # So many at once are no person.
        return False

    @api.model
    def _count(self, cr, key: str, minute, most: int) -> bool:
        cr.execute(
            SQL(
                "SELECT hits FROM lot_recall_answer_limit WHERE key = %s AND minute = %s",
                key,
                minute,
            )
        )
        row = cr.fetchone()
        if row and row[0] >= most:
            return False
        cr.execute(
            SQL(
                "INSERT INTO lot_recall_answer_limit AS seen (key, minute, hits) "
                "VALUES (%s, %s, 1) ON CONFLICT (key, minute) DO UPDATE SET hits = seen.hits + 1 "
                "RETURNING hits",
                key,
                minute,
            ),
            log_exceptions=False,
        )
        return cr.fetchone()[0] <= most

    @api.model
    def _rate(self) -> int:
        # sudo: a setting of the system
        value = self.env["ir.config_parameter"].sudo().get_param(RATE, "")
        return LIMITS[RATE].parse(value)

    @api.autovacuum
    def _gc_minutes(self):
        before = fields.Datetime.now() - _KEPT
        self.env.cr.execute(SQL("DELETE FROM lot_recall_answer_limit WHERE minute < %s", before))
