import base64
import hashlib
from collections.abc import Sequence

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.spreadsheet.reading import FileError, Problem, Reading, read
from .fsma_import_rows import ImportRows

# A file with more problems than these is not put right by reading them.
MAX_LISTED = 2_000
MAX_BYTES = 50 << 20


class LotFsmaImport(models.Model):
    """Events from a workbook: of another system, of an earlier year, of a partner. A dry run lists
    what is wrong; then all events are added, or none."""

    _name = "lot.fsma.import"
    _description = "Import of critical tracking events"
    _order = "id desc"

    name = fields.Char("File name", default="")
    file = fields.Binary(required=True, attachment=True)
    state = fields.Selection(
        [("draft", "Not checked"), ("checked", "Checked"), ("done", "Imported")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    problem_ids = fields.One2many("lot.fsma.import.problem", "import_id", "Found", readonly=True)
    blocking_count = fields.Integer("To be put right", readonly=True, copy=False)
    found_count = fields.Integer("Events in the file", readonly=True, copy=False)
    digest = fields.Char("SHA-256 of the file", readonly=True, copy=False)
    event_ids = fields.One2many("lot.fsma.event", "import_id", "Events", readonly=True)
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

    def action_check(self) -> None:
        """Read the file and list what is wrong with it; nothing is recorded.

        :raise UserError: when it is no file of records at all
        """
        for one in self:
            one._check_open()
            one._list(one._rows())

    def action_import(self) -> dict:
        """Record all events of the file.

        :return: the action that shows them
        :raise UserError: when something has to be put right first: then nothing is recorded
        """
        self.ensure_one()
        self._check_open()
        rows = self._rows()
        if rows.blocking():
            raise UserError(
                self.env._(
                    "%s cells or rows have to be put right first: check the file to see each of "
                    "them. Nothing was imported.",
                    sum(not problem.note for problem in rows.problems),
                )
            )
        self._list(rows)
        events = self._record(rows)
        self.state = "done"
        self.env["lot.audit.event"]._record(
            "imported",
            record=self,
            company=self.company_id,
            data={"what": self.name or "", "count": len(events), "sha256": self.digest},
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported events"),
            "res_model": "lot.fsma.event",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("import_id", "=", self.id)],
        }

    def _check_open(self) -> None:
        if self.state == "done":
            raise UserError(self.env._("This file was imported already."))

    # -- reading ---------------------------------------------------------------------------------

    def _rows(self) -> ImportRows:
        self.env["lot.fsma.event"].check_access("read")
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than 50 MB. Import it in parts."))
        self.digest = hashlib.sha256(content).hexdigest()
        return ImportRows(self.env, self.company_id, self._read(content))

    def _read(self, content: bytes) -> Reading:
        try:
            return read(content, self.name or "")
        except FileError as error:
            raise UserError(str(error)) from error

    def _list(self, rows: ImportRows) -> None:
        problems: Sequence[Problem] = sorted(rows.problems, key=lambda one: one.note)
        blocking = sum(not problem.note for problem in problems)
        self.write(
            {
                "state": "checked",
                "found_count": len(rows.events),
                "blocking_count": blocking,
                "problem_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "sheet": problem.sheet,
                                "row": problem.row,
                                "column": problem.column,
                                "value": problem.value,
                                "message": problem.message,
                                "note": problem.note,
                            }
                        )
                        for problem in problems[:MAX_LISTED]
                    ),
                ],
            }
        )

    # -- recording -------------------------------------------------------------------------------

    def _record(self, rows: ImportRows):
        """Write places, codes and events."""
        ids = self.env["lot.fsma.place"]._keep(rows.places)
        for vals in rows.events:
            for row in (vals, *vals["input_ids"]):
                for name, value in row.items():
                    if name.endswith("_place_id") and value:
                        row[name] = ids[-value - 1]
            vals["import_id"] = self.id
        self.env["lot.fsma.code"]._imported(rows.events)
        return self.env["lot.fsma.event"]._add(rows.events)


class LotFsmaImportProblem(models.Model):
    """What the dry run has found in a row."""

    _name = "lot.fsma.import.problem"
    _description = "Problem of an import"
    _log_access = False
    _order = "note, sheet, row, id"

    import_id = fields.Many2one(
        "lot.fsma.import", required=True, index=True, readonly=True, ondelete="cascade"
    )
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=False)
    column = fields.Char(readonly=True)
    value = fields.Char("Cell", readonly=True)
    message = fields.Char("What to do", readonly=True)
    note = fields.Boolean("Only a note", readonly=True)


class LotFsmaEvent(models.Model):
    _inherit = "lot.fsma.event"

    import_id = fields.Many2one(
        "lot.fsma.import",
        "Imported from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The file that told this event, where no document of this system did",
    )
