import base64
import hashlib

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.moving_in.cells import text
from ...tools.moving_in.checks import words
from ...tools.moving_in.tables import Table, TableError, open_table
from .lot_import_target import IMPORT_KINDS, PROPERTY

_PREVIEWED = 5
_SAMPLED = 3
_SHOWN = 40


class LotImport(models.Model):
    """A file of another system: lots, stock, results, or history. A check lists what is wrong by
    row and column and writes nothing; then the rows are written in batches, each of which is
    written as a whole or not at all, and none of them twice."""

    _name = "lot.import"
    _description = "Import from another system"
    _order = "id desc"

    name = fields.Char("File name", default="")
    kind = fields.Selection(IMPORT_KINDS, "What it holds", required=True, default="lots")
    file = fields.Binary(required=True, attachment=True)
    state = fields.Selection(
        [
            ("draft", "Not checked"),
            ("checked", "Checked"),
            ("running", "Importing"),
            ("failed", "Stopped"),
            ("done", "Imported"),
            ("undone", "Undone"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    how = fields.Char("Read as", readonly=True, copy=False, help="Encoding and separator")
    digest = fields.Char("SHA-256 of the file", readonly=True, copy=False)
    date_order = fields.Selection(
        [
            ("auto", "As the file shows"),
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
            ("ymd", "Year, month, day"),
        ],
        "Days are written",
        required=True,
        default="auto",
    )
    decimal_mark = fields.Selection(
        [("auto", "As the file shows"), (".", "With a point"), (",", "With a comma")],
        "Decimals are written",
        required=True,
        default="auto",
    )
    notation = fields.Char(
        readonly=True, copy=False, help="How the check found days and decimals to be written"
    )
    column_ids = fields.One2many("lot.import.column", "import_id", "Columns", copy=False)
    preview = fields.Html("First rows", readonly=True, copy=False)
    problem_ids = fields.One2many("lot.import.problem", "import_id", "Problems", readonly=True)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    blocking_count = fields.Integer("To be put right", readonly=True, copy=False)
    note_count = fields.Integer("Notes", readonly=True, copy=False)
    missing = fields.Char(compute="_compute_missing", help="Columns that the kind needs")
    applied_count = fields.Integer("Rows imported", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", help="Percent of the rows")
    failure = fields.Text("Why it stopped", readonly=True, copy=False)
    finished = fields.Datetime(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        "Imported by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    @api.depends("column_ids.target_id", "kind")
    def _compute_missing(self):
        for batch in self:
            needed = self.env["lot.import.target"].search(
                [("kind", "=", batch.kind), ("required", "=", True)]
            )
            lacking = needed - batch.column_ids.target_id
            batch.missing = ", ".join(lacking.mapped("name")) if batch.column_ids else ""

    @api.depends("applied_count", "row_count", "state")
    def _compute_progress(self):
        for batch in self:
            total = batch.row_count
            batch.progress = 100.0 * batch.applied_count / total if total else 0.0

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for batch in self:
            batch.display_name = batch.name or kinds.get(batch.kind, "")

    # -- writing -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        batches = super().create(vals_list)
        for batch in batches:
            batch._inspect()
        return batches

    def write(self, vals):
        settled = {"file", "kind", "company_id", "date_order", "decimal_mark", "column_ids"}
        changed = settled & vals.keys()
        if changed and not self.env.su:
            self._check_open()
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise UserError(self.env._("The company of an import stays: start another import."))
        # What was checked was another file, or was read in another way.
        result = super().write(vals | {"state": "draft"} if changed else vals)
        if {"file", "kind"} & vals.keys():
            for batch in self:
                batch._inspect()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written(self):
        if any(batch.state not in ("draft", "checked", "undone") for batch in self):
            raise UserError(
                self.env._(
                    "What was imported names its file: undo the import before it is deleted."
                )
            )
        readings = self.env["lot.measurement"].with_context(active_test=False)
        if readings.search_count([("lot_import_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Its readings are struck out and stay on record, and so does the import."
                )
            )

    def _in_own_company(self) -> "LotImport":
        """The same import, with nothing to be seen but what its company has."""
        return self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids
        )

    def _check_open(self) -> None:
        if any(batch.state not in ("draft", "checked") for batch in self):
            raise UserError(
                self.env._("This file was imported, or is being imported. Start another import.")
            )

    # -- the file ----------------------------------------------------------------------------

    def _open_table(self) -> Table:
        """The table in the file.

        :raise UserError: where there is none
        """
        self.ensure_one()
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        digest = hashlib.sha256(content).hexdigest()
        if self.state in ("running", "failed") and digest != self.digest:
            raise UserError(self.env._("The file is not the one that was checked."))
        if digest != self.digest:
            self.digest = digest
        try:
            return open_table(content, self.name or "")
        except TableError as error:
            raise UserError(self._why_unread(error.code)) from error

    def _why_unread(self, code: str) -> str:
        _ = self.env._
        return {
            "large": _("The file is larger than 200 MB. Import it in parts."),
            "workbook": _("This is no workbook. Save it as .xlsx or as CSV."),
            "csv": _("This is no CSV file. Save it as “CSV UTF-8” or as .xlsx."),
            "empty": _("The file holds no table: its first row names the columns."),
            "columns": _("The file has more than 200 columns. Take out those that are not needed."),
        }[code]

    def _how(self, table: Table) -> str:
        """How a file was read, in words."""
        if not table.separator:
            return self.env._("Workbook")
        return self.env._(
            "CSV in %(encoding)s, separated by %(separator)s",
            encoding=table.encoding.upper().removesuffix("-SIG"),
            separator=self.env._("tabs") if table.separator == "\t" else table.separator,
        )

    def _inspect(self) -> None:
        """Read the columns and the first rows, and find out what they mean."""
        self.ensure_one()
        table = self._open_table()
        first = []
        for _number, cells in table.rows():
            first.append([_short(cell) for cell in cells])
            if len(first) == _PREVIEWED:
                break
        known = self.env["lot.import.mapping"]._recall(self.kind, self.company_id)
        meanings = self.env["lot.import.target"]
        titles = meanings._by_title(self.kind)
        several = meanings.search([("kind", "=", self.kind), ("code", "=", PROPERTY)])
        properties = meanings._properties(self.company_id) if several else {}
        taken: set[int] = set()
        columns = []
        for position, header in enumerate(table.headers):
            spelled = words(header)
            target = known[spelled] if spelled in known else titles.get(spelled, False)
            if spelled not in known and not target and several._property_of(header) in properties:
                target = several.id
            if target in taken and target != several.id:
                target = False
            taken.add(target)
            sample = [row[position] for row in first[:_SAMPLED] if row[position]]
            columns.append(
                {
                    "position": position,
                    "header": header,
                    "sample": " · ".join(sample),
                    "target_id": target,
                }
            )
        self.column_ids.unlink()
        self.env["lot.import.column"].create([{**one, "import_id": self.id} for one in columns])
        # sudo: as where they are listed
        self.sudo().problem_ids.unlink()
        self.write(
            {
                "how": self._how(table),
                "preview": _as_table(table.headers, first),
                "row_count": 0,
                "blocking_count": 0,
                "note_count": 0,
            }
        )


def _short(cell) -> str:
    shown = text(cell)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _as_table(headers: list[str], rows: list[list[str]]) -> Markup:
    def line(cells, around: Markup) -> Markup:
        return Markup("<tr>%s</tr>") % Markup("").join(around % one for one in cells)

    head = line(headers, Markup("<th>%s</th>"))
    body = Markup("").join(line(row, Markup("<td>%s</td>")) for row in rows)
    table = Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>')
    return table % (head, body)
