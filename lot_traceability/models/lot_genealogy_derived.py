from odoo import api, models
from odoo.tools import SQL

# How PostgreSQL plans what is joined as it is written, row by row.
_AS_WRITTEN = {"join_collapse_limit": "1", "enable_hashjoin": "off", "enable_mergejoin": "off"}


class LotGenealogyDerived(models.AbstractModel):
    """A table that is a function of done stock records: nobody edits it, and whoever reads it
    sees the stock moves of the running transaction too."""

    _name = "lot.genealogy.derived"
    _description = "Derived from done stock moves"

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["lot.genealogy.upkeep"]._flush_pending()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _columns(self) -> tuple[str, ...]:
        """The columns that are derived."""
        return ()

    @api.model
    def _key(self) -> tuple[str, ...]:
        """The columns of the unique index: what another transaction wrote meanwhile is replaced."""
        return ()

    @api.model
    def _insert(self, source: SQL, as_written: bool = False) -> None:
        """Write derived rows.

        :param as_written: tables are joined row by row in the order in which they are written,
            which is right for the few rows of a document: to look for a better way takes longer
            than to go it
        """
        columns, key = self._columns(), self._key()
        order, usual = SQL(), SQL()
        if as_written:
            order = SQL("".join(f"SET LOCAL {k} = {v}; " for k, v in _AS_WRITTEN.items()))
            usual = SQL("".join(f"; SET LOCAL {k} TO DEFAULT" for k in _AS_WRITTEN))
        self.env.cr.execute(
            SQL(
                "%s INSERT INTO %s (%s) %s ON CONFLICT (%s) DO UPDATE SET %s%s",
                order,
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                source,
                SQL(", ").join(map(SQL.identifier, key)),
                SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in columns
                    if name not in key
                ),
                usual,
            )
        )

    @api.model
    def _delete(self, condition: SQL) -> None:
        """Take away the rows (alias `t`) for which this holds."""
        self.env.cr.execute(
            SQL("DELETE FROM %s t WHERE %s", SQL.identifier(self._table), condition)
        )
        self.invalidate_model(flush=False)
