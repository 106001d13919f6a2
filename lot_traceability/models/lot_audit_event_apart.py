import logging

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class LotAuditEvent(models.Model):
    """Events of what does not write, or of what was refused: they stay although the transaction
    may write nothing or is rolled back."""

    _inherit = "lot.audit.event"

    @api.model
    def _record_read(self, kind: str, **details) -> None:
        """Note that something was read: with this transaction where that may write, else as
        `_record_refused`. Details as in `_record`."""
        if self.env.cr.readonly:
            self._record_refused(kind, **details)
        else:
            self._record(kind, **details)

    @api.model
    def _record_refused(self, kind: str, **details) -> None:
        """Note an event that is written when this transaction has ended, whichever way it ends.

        It is put into words now, where all that it names can be read. A log that cannot be
        reached does not fail what was read from a replica: the server's own log tells of it.
        """
        waiting = self._waiting()
        before = len(waiting)
        self._record(kind, **details)
        bodies = [self._body(event) for event in waiting[before:]]
        del waiting[before:]
        registry = self.env.registry

        def write_apart():
            try:
                with registry.cursor() as cr:
                    cr.execute(
                        SQL(
                            "WITH new AS (INSERT INTO lot_audit_event (body) SELECT * FROM "
                            "unnest(%s) RETURNING id) INSERT INTO lot_audit_pending "
                            "SELECT id FROM new",
                            bodies,
                        )
                    )
            except Exception:  # pylint: disable=broad-except  # nothing may fail after the end
                _logger.exception("An event of the audit log could not be written: %s", bodies)

        self.env.cr.postcommit.add(write_apart)
        self.env.cr.postrollback.add(write_apart)
