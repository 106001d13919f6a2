"""Writing very many rows that look as if Odoo had written them."""

from __future__ import annotations

from odoo.tools import SQL


class Bulk:
    """Set-based SQL on some tables of one database. Statements name their values as
    `%(name)s`; the first free id of each table is a value too."""

    def __init__(self, cr, tables: tuple[str, ...], values: dict) -> None:
        self.cr = cr
        self.tables = tables
        self.serial = [table for table in tables if not table.endswith("_rel")]
        self.values = values | {table: self._last_id(table) + 1 for table in self.serial}
        self.cr.execute("SET synchronous_commit = off")
        self.cr.execute("SET maintenance_work_mem = '512MB'")
        self.cr.execute("SET work_mem = '256MB'")

    def run(self, statement: str) -> None:
        """One statement with the values that it names."""
        self.cr.execute(SQL(statement, **self.values) if "%" in statement else SQL(statement))

    def copy(self, table: str, sample: int, source: str, where: str = "", **columns: str) -> None:
        """A row for each row of `source`: these columns by expression, all others as in the
        record with the id `sample`."""
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = current_schema AND is_generated = 'NEVER'",
            [table],
        )
        names = [row[0] for row in self.cr.fetchall()]
        listed = ", ".join(f'"{name}"' for name in names)
        renamed = ", ".join(f'"{name}" AS "sample_{name}"' for name in names)
        expressions = ", ".join(columns.get(name, f'"sample_{name}"') for name in names)
        condition = f" WHERE {where}" if where else ""
        self.run(
            f"INSERT INTO {table} ({listed}) SELECT {expressions} "
            f"FROM (SELECT {renamed} FROM {table} WHERE id = {sample}) sample "
            f"CROSS JOIN {source}{condition}"
        )

    def set_aside(self) -> list[str]:
        """Drop what slows the filling; the statements that bring it back. Foreign keys come back
        for new rows only: the rows written here are right by construction."""
        tables = list(self.tables)
        self.cr.execute(
            """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
                 FROM pg_constraint
                WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)""",
            [tables],
        )
        keys = self.cr.fetchall()
        self.cr.execute(
            """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
                 FROM pg_index i
                WHERE i.indrelid::regclass::text = ANY(%s)
                  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)""",
            [tables],
        )
        indexes = self.cr.fetchall()
        for table, key, _definition in keys:
            self.cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        for index, _definition in indexes:
            self.cr.execute(f"DROP INDEX {index}")
        self.cr.commit()
        return [definition for _index, definition in indexes] + [
            f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition} NOT VALID"
            for table, key, definition in keys
        ]

    def advance_sequences(self) -> None:
        """Odoo's next records get ids after those written here."""
        for table in self.serial:
            self.cr.execute("SELECT setval(%s, %s)", [f"{table}_id_seq", self._last_id(table)])

    def _last_id(self, table: str) -> int:
        self.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))
        return self.cr.fetchone()[0]


def vacuum(cr, tables: tuple[str, ...]) -> None:
    """Statistics and visibility as autovacuum leaves them in a database in use."""
    cr.commit()
    cr._cnx.autocommit = True
    for table in tables:
        cr.execute(SQL("VACUUM (ANALYZE) %s", SQL.identifier(table)))
    cr._cnx.autocommit = False
