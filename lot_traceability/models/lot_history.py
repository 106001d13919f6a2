from collections.abc import Iterable, Mapping
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_TYPES = {"integer": "int", "many2one": "int", "float": "float8", "datetime": "timestamp"}


class LotHistory(models.AbstractModel):
    """What an earlier system had on record, as its file told it. Only an import adds rows, only
    its undoing takes them away, and nobody changes them: edges and movements are derived from
    them as from done stock records."""

    _name = "lot.history"
    _description = "Imported history"
    _order = "date desc, id desc"

    import_id = fields.Many2one(
        "lot.import", required=True, readonly=True, index=True, ondelete="restrict"
    )
    row = fields.Integer("Row of the file", readonly=True, aggregator=False)
    name = fields.Char("Document", readonly=True, help="Its number in the earlier system")
    date = fields.Datetime(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")

    @api.depends("name", "row")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record._title(record.name or "", record.row)

    @api.model
    def _title(self, name: str, row: int) -> str:
        """How a row is named where documents are: it says that it was imported."""
        if name:
            return self.env._("%s (imported)", name)
        return self.env._("Row %s (imported)", row)

    @api.model
    def _append(self, rows: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add rows, and what is derived from them.

        :param rows: values of all columns, None for nothing
        :return: their ids, in the order of the rows
        """
        rows = list(rows)
        if not rows:
            return []
        names = [name for name, field in self._fields.items() if field.store and name != "id"]
        types = [SQL(_TYPES.get(self._fields[name].type, "text") + "[]") for name in names]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT * FROM unnest(%s) RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(
                    SQL("%s::%s", [row[name] for row in rows], kind)
                    for name, kind in zip(names, types, strict=True)
                ),
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.invalidate_model(flush=False)
        self._derive_added(ids)
        return ids

    def _derive_added(self, ids: list[int]) -> None:
        """Write what follows from rows that were just added."""

    @api.model
    def _take_away(self, of_import) -> None:
        """Remove what this import has added, and what was derived from it."""
        raise NotImplementedError

    # -- nobody else -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())

    def unlink(self):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())  # pylint: disable=no-raise-unlink  # undone by the import

    @api.model
    def _refused(self) -> str:
        return self.env._(
            "Imported history stays as the file told it. Undo its import, and import a corrected "
            "file."
        )
