import csv
import io
import json
import logging
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import psycopg2
from odoo import api, models
from odoo.tools import SQL, split_every

from .lot_audit_tables import through_odoo
from .lot_kept import ABOUT, NAMES, PREFIX, is_ours

_logger = logging.getLogger(__name__)
_BATCH = 5_000


class LotKept(models.AbstractModel):
    """Takes back, when a module is installed again, what its archive has.

    Only what other records rest on: what our modules add to records of Odoo, the status of each
    lot above all, and the few tables without which those say nothing. Cases, events and signatures
    stay in the archive, as they were closed with the module.
    """

    _inherit = "lot.kept"

    @api.model
    def _tables_taken_back(self) -> list[str]:
        """Own models whose rows are taken back, each after those that it names.

        Rows that came with the module keep their ids, others get new ones.
        """
        return [
            "lot.status",
            "lot.allergen",
            "lot.import",
            "lot.operation",
            "lot.history.movement",
            "lot.history.link",
            "lot.numbering.scheme",
            "lot.numbering.counter",
        ]

    @api.model
    def _newest(self, module: str) -> Path | None:
        """The newest archive of this module that was written in this database."""
        folder = self.env["lot.audit.receipt.file"]._folder()
        # sudo: read by the hook, which runs as superuser
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        for path in sorted(folder.glob(f"{module}-[0-9]*.zip"), reverse=True):
            try:
                with ZipFile(path) as archive:
                    if json.loads(archive.read(ABOUT)).get("database") == database:
                        return path
            except (OSError, ValueError, KeyError, BadZipFile) as error:
                _logger.warning("%s cannot be read: %s", path, error)
        return None

    @api.model
    def _take_back(self, module: str) -> bool:
        """Take back what the newest archive of this module has, in the installing transaction;
        nothing where there is none. Whether something was."""
        path = self._newest(module)
        if not path:
            return False
        log = self.env["lot.audit.log"]
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(), ZipFile(path) as archive:
                counts = self._read_back(archive, module)
        except (OSError, ValueError, BadZipFile, psycopg2.Error) as error:
            self.env.invalidate_all(flush=False)
            text = self.env._(
                "The statuses and facts of lots that were kept in %(path)s could not be taken "
                "back: %(error)s. Check each lot's status.",
                path=path,
                error=str(error).partition("\n")[0],
            )
            log._tell_administrator(text)
            return False
        digest = sha256(path.read_bytes()).hexdigest()
        data = {
            "what": {"name": path.name},
            "file": path.name,
            "sha256": digest,
            "rows": counts,
            "count": sum(counts.values()),
        }
        self.env["lot.audit.event"]._record("imported", data=data)
        log._tell_administrator(
            self.env._("What was kept of lots and settings was taken back from %s.", path)
        )
        return True

    @api.model
    def _read_back(self, archive: ZipFile, module: str) -> dict[str, int]:
        """:return: how many rows of which table"""
        self.env.cr.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS lot_kept_id "
            "(model text, old integer, new integer, PRIMARY KEY (model, old)) ON COMMIT DROP; "
            "TRUNCATE lot_kept_id"
        )
        self._match_names(archive, module)
        counts = {}
        for name in self._tables_taken_back():
            if name in self.env and self.env[name]._original_module == module:
                counts[self.env[name]._table] = self._rows_back(archive, self.env[name])
        for model, columns, relations in self._extended(module):
            if columns:
                counts[model._table] = self._columns_back(archive, module, model, columns)
            for field in relations:
                counts[field.relation] = self._relation_back(archive, model, field)
        self._sequences_back(json.loads(archive.read(ABOUT))["sequences"], module)
        self.env.invalidate_all()
        return {table: count for table, count in counts.items() if count}

    @api.model
    def _load(self, archive: ZipFile, name: str) -> list[str]:
        """Fill the table `lot_kept_row` with this file of the archive; its columns, as texts."""
        self.env.cr.execute("DROP TABLE IF EXISTS lot_kept_row")
        if name not in archive.namelist():
            return []
        with archive.open(name) as file:
            header = next(csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline="")))
        columns = SQL(", ").join(SQL("%s text", SQL.identifier(column)) for column in header)
        self.env.cr.execute(SQL("CREATE TEMPORARY TABLE lot_kept_row (%s) ON COMMIT DROP", columns))
        with archive.open(name) as file:
            self._copy(SQL("lot_kept_row FROM STDIN"), file)
        return header

    @api.model
    def _match_names(self, archive: ZipFile, module: str) -> None:
        """Rows that came with the module then and come with it now are the same."""
        if self._load(archive, NAMES):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO lot_kept_id SELECT k.model, k.res_id::int, MIN(d.res_id) "
                    "FROM lot_kept_row k JOIN ir_model_data d "
                    "ON d.module = %s AND d.model = k.model AND d.name = k.name GROUP BY 1, 2",
                    module,
                )
            )

    @api.model
    def _value(self, field) -> SQL:
        """What a kept column says, as its column wants it; nothing where that is gone."""
        kept = SQL("k.%s", SQL.identifier(field.name))
        comodel = self.env[field.comodel_name] if field.type == "many2one" else None
        if comodel is None or field.column_type[0] != "int4":
            return SQL("%s::%s", kept, SQL(field.column_type[0]))
        if is_ours(comodel):
            return SQL(
                "(SELECT i.new FROM lot_kept_id i WHERE i.model = %s AND i.old = %s::int)",
                comodel._name,
                kept,
            )
        table = SQL.identifier(comodel._table)
        return SQL("(SELECT c.id FROM %s c WHERE c.id = %s::int)", table, kept)

    @api.model
    def _rows_back(self, archive: ZipFile, model) -> int:
        header = self._load(archive, f"tables/{model._table}.csv")
        columns = [
            field
            for name in header
            if (field := model._fields.get(name)) and field.column_type and name != "id"
        ]
        if not columns:
            return 0
        table = SQL.identifier(model._table)
        names = SQL(", ").join(SQL.identifier(field.name) for field in columns)
        values = SQL(", ").join(
            # Not a reference to PostgreSQL, and yet one; 0 stands for no scheme.
            SQL(
                "COALESCE((SELECT i.new FROM lot_kept_id i WHERE i.model = "
                "'lot.numbering.scheme' AND i.old = k.scheme_id::int), k.scheme_id::int)"
            )
            if field.name == "scheme_id" and field.type == "integer"
            else self._value(field)
            for field in columns
        )
        mapped = SQL("lot_kept_row k JOIN lot_kept_id i ON i.model = %s", model._name)
        self.env.cr.execute(
            SQL(
                "UPDATE %s t SET (%s) = ROW(%s) FROM %s AND i.old = k.id::int WHERE t.id = i.new",
                *(table, names, values, mapped),
            )
        )
        count = self.env.cr.rowcount
        self.env.cr.execute(
            SQL(
                "WITH made AS (INSERT INTO lot_kept_id "
                "SELECT %s, k.id::int, nextval(pg_get_serial_sequence(%s, 'id')) "
                "FROM lot_kept_row k ORDER BY k.id::int ON CONFLICT DO NOTHING RETURNING old, new) "
                "INSERT INTO %s (id, %s) SELECT made.new, %s "
                "FROM made JOIN lot_kept_row k ON k.id::int = made.old",
                *(model._name, model._table, table, names, values),
            )
        )
        return count + self.env.cr.rowcount

    @api.model
    def _columns_back(self, archive: ZipFile, module: str, model, columns: list) -> int:
        """What the module adds to records of Odoo that are still the same."""
        header = self._load(archive, f"columns/{model._table}.csv")
        columns = [field for field in columns if field.name in header]
        if not columns:
            return 0
        statement = SQL(
            "UPDATE %s t SET (%s) = ROW(%s) FROM lot_kept_row k WHERE t.id = k.id::int "
            "AND t.create_date IS NOT DISTINCT FROM k.create_date::timestamp",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(field.name) for field in columns),
            SQL(", ").join(self._value(field) for field in columns),
        )
        # The log begins with the lots as they are when the first module has taken them back.
        if model._name == "stock.lot" and module != PREFIX:
            return self._lots_back(model, columns, statement)
        return len(self._set_columns(model, columns, statement))

    @api.model
    def _set_columns(self, model, columns: list, statement: SQL):
        """The records that were changed."""
        with through_odoo(model):
            self.env.cr.execute(SQL("%s RETURNING t.id", statement))
            records = model.browse(row[0] for row in self.env.cr.fetchall())
        records.invalidate_recordset(flush=False)
        for field in columns:
            # Follows from the record as it is now.
            if field.compute and field.readonly:
                self.env.add_to_compute(field, records)
        return records

    @api.model
    def _lots_back(self, model, columns: list, statement: SQL) -> int:
        """Lots whose log has begun: it tells of each what has become of it."""
        self.env.cr.execute(
            "CREATE INDEX ON lot_kept_row ((id::int)); SELECT id::int FROM lot_kept_row ORDER BY 1"
        )
        count = 0
        for ids in split_every(_BATCH, [row[0] for row in self.env.cr.fetchall()], list):
            before = model._audited_rows(ids)
            some = SQL("%s AND k.id::int = ANY(%s)", statement, ids)
            lots = self._set_columns(model, columns, some)
            self._tell_lots(lots, before)
            self.env["lot.audit.event"]._flush_events()
            count += len(lots)
        return count

    @api.model
    def _tell_lots(self, lots, before: dict[int, dict]) -> None:
        """What has become of these lots, in the audit log."""
        after = lots._audited_rows(lots.ids)
        for lot in lots:
            old, new = before[lot.id], after[lot.id]
            changes = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
            if changes:
                lot._tell("changed", changes)

    @api.model
    def _relation_back(self, archive: ZipFile, model, field) -> int:
        if not self._load(archive, f"relations/{field.relation}.csv"):
            return 0
        ends = []
        for name, end in (
            (field.column1, model),
            (field.column2, self.env[field.comodel_name]),
        ):
            kept = SQL("k.%s::int", SQL.identifier(name))
            ends.append(
                SQL(
                    "JOIN (SELECT old, new FROM lot_kept_id WHERE model = %s) %s ON %s = %s",
                    *(end._name, SQL.identifier(f"of_{name}"), SQL.identifier(f"of_{name}", "old")),
                    kept,
                )
                if is_ours(end)
                else SQL(
                    "JOIN (SELECT id AS new FROM %s) %s ON %s = %s",
                    *(SQL.identifier(end._table), SQL.identifier(f"of_{name}")),
                    *(SQL.identifier(f"of_{name}", "new"), kept),
                )
            )
        first, second = (
            SQL.identifier(f"of_{name}", "new") for name in (field.column1, field.column2)
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, %s FROM lot_kept_row k %s "
                "ON CONFLICT DO NOTHING",
                *(SQL.identifier(field.relation), SQL.identifier(field.column1)),
                *(SQL.identifier(field.column2), first, second, SQL(" ").join(ends)),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _sequences_back(self, kept: list[dict], module: str) -> None:
        """No number is given twice."""
        now = dict(self._sequences(module))
        for one in kept:
            sequence = now.get(one["name"])
            if not sequence:
                continue
            sequence.number_next_actual = max(one["next"], sequence.number_next_actual)
            known = sequence.date_range_ids.mapped(lambda part: str(part.date_from))
            self.env["ir.sequence.date_range"].create(
                [
                    {
                        "sequence_id": sequence.id,
                        "date_from": first,
                        "date_to": last,
                        "number_next_actual": number,
                    }
                    for first, last, number in one["ranges"]
                    if first not in known
                ]
            )
