from odoo import api, fields, models, modules
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class LotNumberingCounter(models.Model):
    """How far a numbering scheme has counted in one period.

    A counter is moved by one statement, whatever the number of lots. Without the demand for no
    gaps that happens in a short transaction of its own: nobody waits for anybody's receipt, and
    a number of work that is rolled back is lost.
    """

    _name = "lot.numbering.counter"
    _description = "Lot number counter"
    _order = "id desc"
    _rec_name = "key"

    # No foreign key: it would make the short transaction wait for one that edits the scheme.
    scheme_id = fields.Integer("Scheme's number", required=True, readonly=True)
    scheme_name = fields.Char("Numbering scheme", compute="_compute_scheme_name")
    key = fields.Char("Period and product", readonly=True, help="What this counter counts in")
    next_value = fields.Integer("Next number", required=True, default=1)

    _key = models.UniqueIndex("(scheme_id, key)")

    @api.depends("scheme_id")
    def _compute_scheme_name(self):
        schemes = self.env["lot.numbering.scheme"].with_context(active_test=False)
        names = dict(schemes.search_fetch([], ["name"]).mapped(lambda s: (s.id, s.name)))
        for counter in self:
            counter.scheme_name = names.get(counter.scheme_id, "")

    @api.constrains("next_value")
    def _check_next_value(self):
        if any(counter.next_value < 1 for counter in self):
            raise ValidationError(self.env._("The next number must be 1 or more."))

    def _take(self, scheme_id: int, key: str, count: int, *, gap_free: bool) -> int:
        """Take `count` numbers at once.

        :return: the first of them
        """
        statement = SQL(
            "INSERT INTO lot_numbering_counter (scheme_id, key, next_value) "
            "VALUES (%(scheme)s, %(key)s, 1 + %(count)s) "
            "ON CONFLICT (scheme_id, key) DO UPDATE "
            "SET next_value = lot_numbering_counter.next_value + %(count)s "
            "RETURNING next_value - %(count)s",
            scheme=scheme_id,
            key=key,
            count=count,
        )
        return self._run(statement, own_transaction=not gap_free)

    def _raise_to(self, scheme_id: int, key: str, value: int, *, gap_free: bool) -> None:
        """Let the counter go on with `value` at the earliest: somebody chose a later number."""
        statement = SQL(
            "INSERT INTO lot_numbering_counter (scheme_id, key, next_value) "
            "VALUES (%(scheme)s, %(key)s, %(value)s) "
            "ON CONFLICT (scheme_id, key) DO UPDATE "
            "SET next_value = GREATEST(lot_numbering_counter.next_value, %(value)s) "
            "RETURNING next_value",
            scheme=scheme_id,
            key=key,
            value=value,
        )
        self._run(statement, own_transaction=not gap_free)

    def _peek(self, scheme_id: int, key: str) -> int:
        """The number that comes next, which stays where it is."""
        self.flush_model(["next_value"])
        rows = self.env.execute_query(
            SQL(
                "SELECT next_value FROM lot_numbering_counter WHERE scheme_id = %s AND key = %s",
                scheme_id,
                key,
            )
        )
        return rows[0][0] if rows else 1

    def _run(self, statement: SQL, *, own_transaction: bool) -> int:
        self.flush_model(["next_value"])
        self.invalidate_model(["next_value"])
        # While modules are installed, and in a test, others see neither table nor scheme.
        if own_transaction and self.env.registry.ready and not modules.module.current_test:
            with self.env.registry.cursor() as cr:
                # Odoo's own level would refuse a counter that somebody else has just moved.
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                cr.execute("SET LOCAL lock_timeout = '10s'")
                cr.execute(statement)
                return cr.fetchone()[0]
        # Whoever comes too late begins anew, which Odoo does by itself: no error to report.
        self.env.cr.execute(statement, log_exceptions=False)
        return self.env.cr.fetchone()[0]
