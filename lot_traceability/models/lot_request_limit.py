from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure

_MOST_TRIES = 5
_KEPT = timedelta(minutes=10)


class LotRequestLimit(models.Model):
    """How often an address, a link or a key has asked, in one minute, for something that is open
    to the network.

    Counted in the database, in transactions of its own: it holds over all workers, and for
    requests that are rolled back. Beyond the limit nothing is written any more."""

    _name = "lot.request.limit"
    _description = "Requests per minute"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    minute = fields.Datetime(required=True, readonly=True)
    hits = fields.Integer(required=True, readonly=True)

    _key_minute = models.UniqueIndex("(key, minute)")

    @api.model
    def _allow(self, key: str, most: int) -> bool:
        """Count a request.

        :param key: who asks, or for what
        :param most: requests in a minute
        :return: whether it is within the limit of this minute
        """
        minute = fields.Datetime.now().replace(second=0, microsecond=0)
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
                "SELECT hits FROM lot_request_limit WHERE key = %s AND minute = %s",
                key,
                minute,
            )
        )
        row = cr.fetchone()
        if row and row[0] >= most:
            return False
        cr.execute(
            SQL(
                "INSERT INTO lot_request_limit AS seen (key, minute, hits) "
                "VALUES (%s, %s, 1) ON CONFLICT (key, minute) DO UPDATE SET hits = seen.hits + 1 "
                "RETURNING hits",
                key,
                minute,
            ),
            log_exceptions=False,
        )
        return cr.fetchone()[0] <= most

    @api.autovacuum
    def _gc_minutes(self):
        before = fields.Datetime.now() - _KEPT
        self.env.cr.execute(SQL("DELETE FROM lot_request_limit WHERE minute < %s", before))
