import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

ABOUT = "about.json"
NAMES = "names.csv"
PREFIX = "lot_traceability"
_UNSAFE = re.compile(r"[^\w.-]+")


class LotKept(models.AbstractModel):
    """What a module of ours has on record, written out before the module goes.

    An archive of CSV files, one a table: the module's own tables (`tables/`), what it adds to
    tables of Odoo (`columns/`, `relations/`), and the files and messages of its records. The audit
    log has a file of its own, and the genealogy is derived from stock records: neither is in it.
    Installing the module again in the same database takes back what other records rest on.
    """

    _name = "lot.kept"
    _description = "Records kept of a module that goes"

    @api.model
    def _write_out(self, module: str) -> Path:
        """Write an archive of this module's records beside the audit log's file.

        :return: the path of the archive
        :raise UserError: when it cannot be written
        """
        self.env.flush_all()
        folder = self.env["lot.audit.receipt.file"]._folder()
        path = folder / f"{module}-{fields.Datetime.now():%Y%m%dT%H%M%S}.zip"
        part = path.with_suffix(".part")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # What is in it is for whoever may read the database.
            part.touch(mode=0o600)
            with ZipFile(part, "w", ZIP_DEFLATED) as archive:
                archive.writestr(ABOUT, json.dumps(self._about(module), indent=1))
                for name, query in self._queries(module):
                    with archive.open(name, "w", force_zip64=True) as file:
                        self._copy(SQL("(%s) TO STDOUT", query), file)
                self._write_files(archive, module)
            part.rename(path)
        except OSError as error:
            raise UserError(
                self.env._(
                    "The records of Lot Traceability cannot be kept in %(folder)s: %(error)s. Make "
                    "room there, or let the server write to it, and uninstall again.",
                    folder=folder,
                    error=error.strerror or error,
                )
            ) from error
        return path

    @api.model
    def _write_out_and_tell(self, module: str) -> None:
        """As `_write_out`; whoever uninstalls is told where the archive is."""
        self.env["lot.audit.log"]._tell_administrator(
            self.env._(
                "The records of %(module)s were kept in %(path)s. Installing it again takes back "
                "statuses, facts and settings from there: move the file away if it should not.",
                module=module,
                path=self._write_out(module),
            )
        )

    @api.model
    def _copy(self, what: SQL, file) -> None:
        """Stream what PostgreSQL copies, as CSV."""
        query = SQL("COPY %s (FORMAT csv, HEADER)", what)
        self.env.cr.copy_expert(self.env.cr.mogrify(query.code, query.params).decode(), file)

    @api.model
    def _about(self, module: str) -> dict:
        # sudo: read by the hook, which runs as superuser
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            "module": module,
            "version": self.env["ir.module.module"]._get(module).latest_version,
            "database": parameters.get_param("database.uuid"),
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "sequences": [
                {
                    "name": name,
                    "next": sequence.number_next_actual,
                    "ranges": [
                        [str(part.date_from), str(part.date_to), part.number_next_actual]
                        for part in sequence.date_range_ids
                    ],
                }
                for name, sequence in self._sequences(module)
            ],
        }

    @api.model
    def _sequences(self, module: str) -> list[tuple]:
        """(name, sequence) of each that came with the module."""
        named = self.env["ir.model.data"].search(
            [("module", "=", module), ("model", "=", "ir.sequence")]
        )
        return [
            (one.name, sequence)
            for one in named
            if (sequence := self.env["ir.sequence"].browse(one.res_id).exists())
        ]

    # -- tables ----------------------------------------------------------------------------------

    @api.model
    def _own(self, module: str) -> list:
        """The module's own models that keep rows, but what is kept or derived elsewhere."""
        return [
            model
            for _name, model in sorted(self.env.items())
            if model._original_module == module
            and model._auto
            and not model._abstract
            and not model._transient
            and not model._table.startswith("lot_genealogy_")
        ]

    @api.model
    def _extended(self, module: str) -> Iterator[tuple]:
        """(model, fields with a column, fields with a table) that the module adds to Odoo's."""
        for _name, model in sorted(self.env.items()):
            if not model._auto or model._abstract or model._transient or is_ours(model):
                continue
            added = [f for f in model._fields.values() if f.store and f._modules[:1] == (module,)]
            columns = [f for f in added if f.column_type and f.name != "id"]
            relations = [f for f in added if f.type == "many2many"]
            if columns or relations:
                yield model, columns, relations

    @api.model
    def _queries(self, module: str) -> Iterator[tuple[str, SQL]]:
        own = self._own(module)
        for model in own:
            yield (
                f"tables/{model._table}.csv",
                SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(model._table)),
            )
            for field in model._fields.values():
                if field.type == "many2many" and field.store:
                    table = SQL.identifier(field.relation)
                    yield f"tables/{field.relation}.csv", SQL("SELECT * FROM %s", table)
        for model, columns, relations in self._extended(module):
            if columns:
                names = SQL(", ").join(SQL.identifier(field.name) for field in columns)
                yield (
                    f"columns/{model._table}.csv",
                    SQL(
                        "SELECT id, create_date, %(names)s FROM %(table)s "
                        "WHERE num_nonnulls(%(names)s) > 0 ORDER BY id",
                        names=names,
                        table=SQL.identifier(model._table),
                    ),
                )
            for field in relations:
                table = SQL.identifier(field.relation)
                yield f"relations/{field.relation}.csv", SQL("SELECT * FROM %s", table)
        names = [model._name for model in own]
        yield (
            NAMES,
            SQL(
                "SELECT model, res_id, name FROM ir_model_data "
                "WHERE module = %s AND model = ANY(%s) ORDER BY 1, 2",
                module,
                names,
            ),
        )
        yield (
            "messages.csv",
            SQL(
                "SELECT id, model, res_id, date, author_id, message_type, subject, body "
                "FROM mail_message WHERE model = ANY(%s) ORDER BY id",
                names,
            ),
        )

    @api.model
    def _write_files(self, archive: ZipFile, module: str) -> None:
        names = [model._name for model in self._own(module)]
        # Those of fields are in no search that does not name them.
        domain = Domain("res_model", "in", names) & Domain("id", "!=", False)
        # sudo: all files of the records that go, whoever may read them
        for file in self.env["ir.attachment"].sudo().search(domain, order="id"):
            if file.type == "binary":
                name = _UNSAFE.sub("-", file.name or "")
                archive.writestr(f"files/{file.res_model}/{file.id}-{name}", file.raw or b"")
                file.invalidate_recordset()


def is_ours(model) -> bool:
    """Whether a model is one of our modules'."""
    return model._original_module.startswith(PREFIX)
