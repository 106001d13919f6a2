import contextlib
import functools
from collections.abc import Callable, Iterator

import psycopg2
from odoo import api, models
from odoo.tools import SQL

# Seconds behind the main server from which an answer says so, and from which it is not given.
_TOLD = ("lot_traceability.replica_told_after", 5.0)
_LIMIT = ("lot_traceability.replica_limit", 60.0)


def recent(method: Callable) -> Callable:
    """For a public method that reads and returns plain data: a replica that is too far behind does
    not answer it, the main server does."""

    @functools.wraps(method)
    def answer(self, *args, **kwargs):
        with self.env["lot.replica"]._recent(self) as records:
            return method(records, *args, **kwargs)

    return answer


class LotReplica(models.AbstractModel):
    """How old what is read is, where Odoo reads from a replica (`db_replica_host`)."""

    _name = "lot.replica"
    _description = "Reading from a replica"

    @api.model
    def _age(self) -> float | bool:
        """Seconds by which what this transaction reads may lack behind the main server: 0.0 on
        that server itself, False where it cannot be known.

        A replica that is connected and has replayed all that it received is up to date, however
        long ago the last transaction was; else it is as old as the last one that it replayed.
        """
        if not self.env.cr.readonly:
            return 0.0
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE
                    WHEN NOT pg_is_in_recovery() THEN 0
                    WHEN pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()
                        AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
                    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
                END
                """
            )
        )
        ((age,),) = self.env.cr.fetchall()
        return False if age is None else round(max(float(age), 0.0), 1)

    @api.model
    def _age_to_tell(self) -> float | bool:
        """As `_age`, but 0.0 for what is recent enough not to be spoken of."""
        age = self._age()
        return 0.0 if self._is_within(age, _TOLD) else age

    @api.model
    def _is_recent(self) -> bool:
        """Whether this transaction reads what is recent enough to answer with."""
        return self._is_within(self._age(), _LIMIT)

    @api.model
    @contextlib.contextmanager
    def _recent(self, records: models.BaseModel) -> Iterator[models.BaseModel]:
        """These records to read from: those of the main server where the replica is too far behind.

        Where the main server does not answer either, what is old is better than nothing: a trace
        tells how old it is.
        """
        main = None
        if not self._is_recent():
            with contextlib.suppress(psycopg2.OperationalError):
                main = self.env.registry.cursor()
        if main is None:
            yield records
            return
        with main:
            yield records.with_env(records.env(cr=main))

    @api.model
    def _is_within(self, age: float | bool, limit: tuple[str, float]) -> bool:
        if age is False:
            return False
        if not age:
            return True
        name, default = limit
        # sudo: a number of the administrator's, which holds for every reader
        text = self.env["ir.config_parameter"].sudo().get_param(name, "")
        try:
            return age <= float(text or default)
        except ValueError:
            return age <= default
