from collections.abc import Callable
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure

# 21 CFR 11.300(d): attempts at unauthorised use are noticed and told.
MOST_FAILURES = 5
_MOST_TRIES = 50


class LotSignatureAttempt(models.Model):
    """How often a user has just failed to sign, and until when the user cannot.

    Counted in transactions of its own: a refused signature rolls its own back. An attempt counts
    before it is looked at and is taken back when it was right, so that no more than five can be
    tried however many come at once, to whichever worker."""

    _name = "lot.signature.attempt"
    _description = "Failed signatures of a user"
    _order = "last_failure desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    failures = fields.Integer("Failures in a row", readonly=True)
    last_failure = fields.Datetime(readonly=True)
    locked_until = fields.Datetime(readonly=True)

    _user_unique = models.UniqueIndex("(user_id)")

    @api.model
    def _begin(self, user, minutes: int) -> tuple[int, datetime | None]:
        """Count an attempt to sign.

        :param minutes: how long the user is locked out after the last failure that is allowed
        :return: (failures with this one, until when the user is then locked out); more failures
            than `MOST_FAILURES` where the user is locked out already: the attempt is not looked at
        """
        return self._apart(self._count, user, minutes)

    @api.model
    def _succeeded(self, user) -> None:
        """The attempt was right: nothing has failed."""
        self._apart(self._forget, user)

    @api.model
    def _apart(self, work: Callable, *args):
        """Do this in a transaction of its own, again where another worker was at it."""
        for _number in range(_MOST_TRIES):
            try:
                with self.env.registry.cursor() as cr:
                    return work(cr, *args)
            except SerializationFailure:
                continue
        raise UserError(self.env._("Too many people sign at this moment. Try again."))

    @api.model
    def _count(self, cr, user, minutes: int) -> tuple[int, datetime | None]:
        now = fields.Datetime.now()
        for query in (
            SQL(
                "INSERT INTO lot_signature_attempt (user_id, failures) VALUES (%s, 0) "
                "ON CONFLICT DO NOTHING",
                user.id,
            ),
            SQL(
                "SELECT failures, locked_until FROM lot_signature_attempt "
                "WHERE user_id = %s FOR UPDATE",
                user.id,
            ),
        ):
            cr.execute(query, log_exceptions=False)
        failures, locked = cr.fetchone()
        if locked and locked > now:
            return MOST_FAILURES + 1, locked
        failures = 1 if locked else failures + 1
        until = now + timedelta(minutes=minutes) if failures >= MOST_FAILURES else None
        cr.execute(
            SQL(
                "UPDATE lot_signature_attempt SET failures = %s, last_failure = %s, "
                "locked_until = %s WHERE user_id = %s",
                failures,
                now,
                until,
                user.id,
            )
        )
        return failures, until

    @api.model
    def _forget(self, cr, user) -> None:
        cr.execute(
            SQL("DELETE FROM lot_signature_attempt WHERE user_id = %s", user.id),
            log_exceptions=False,
        )

    # -- lifting it ------------------------------------------------------------------------------

    def action_unlock(self) -> bool:
        """Let these users sign again before their time is over.

        :return: True
        :raise AccessError: when the user is no administrator of traceability
        """
        self.check_access("unlink")
        for attempt in self:
            self.env["lot.audit.event"]._record(
                "rights",
                record=attempt.user_id,
                data={"signatures": "unlocked", "failures": attempt.failures},
            )
        return self.unlink()
