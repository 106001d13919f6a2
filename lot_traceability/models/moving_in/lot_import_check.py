from odoo import models
from odoo.exceptions import UserError

from .kind import Kind
from .kinds import KINDS
from .problems import Problems
from .rows import Rows


class LotImport(models.Model):
    """The check: everything that is wrong, by row and column. It writes nothing but what it
    found."""

    _inherit = "lot.import"

    def action_check(self) -> bool:
        """Read the whole file and list what is wrong with it.

        :return: True
        :raise UserError: when the file or its columns cannot be read at all
        """
        self.check_access("write")
        for batch in self:
            batch._check_open()
            batch._check_columns()
            batch.env["lot.import.mapping"]._remember(batch.column_ids)
            problems, count, notation = batch._check_rows()
            batch._list(problems, count, notation)
        return True

    def action_problems(self) -> dict:
        """Open the list of what was found.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_import_problem_action"
        )
        return action | {"domain": [("import_id", "=", self.id)]}

    def _check_columns(self) -> None:
        _ = self.env._
        targets = self.column_ids.mapped("target_id")
        if self.missing:
            raise UserError(
                _("No column of the file is said to be: %s. Choose it in the list of columns, or "
                  "add it to the file.", self.missing)
            )  # fmt: skip
        if targets.filtered(lambda one: one.kind != self.kind):
            raise UserError(_("Choose meanings of the kind that the file holds."))
        used = self.column_ids.filtered("target_id")
        for (target, _code), columns in used.grouped(
            lambda one: (one.target_id, one._code())
        ).items():
            if len(columns) > 1:
                raise UserError(
                    _("Two columns, %(columns)s, are said to be “%(target)s”. Leave one of them "
                      "out.", columns=", ".join(columns.mapped("header")), target=target.name)
                )  # fmt: skip

    def _reader(self, problems: Problems, writing: bool) -> tuple[Rows, Kind]:
        """What reads the rows, and what checks them. With the rights of whoever imports, in the
        company of the import."""
        batch = self._in_own_company()
        rows = Rows(batch, self._open_table(), problems)
        return rows, KINDS[self.kind](batch, problems, rows, writing)

    def _check_rows(self) -> tuple[Problems, int, str]:
        """(problems, number of rows, notation of days and decimals) of the whole file."""
        self.ensure_one()
        problems, count = Problems(), 0
        rows, kind = self._reader(problems, writing=False)
        rows.settle_notation()
        for chunk in rows.chunks(kind.batch_size):
            count += len(chunk)
            kind.check(chunk)
            # Records that were only looked at are not kept: a file may name them all.
            self.env.invalidate_all()
        kind.finish()
        if not count:
            problems.add(
                0, "", "",
                self.env._("There are no rows below the titles."),
                self.env._("Choose a file with rows."),
            )  # fmt: skip
        return problems, count, rows.notation

    def _list(self, problems: Problems, count: int, notation: str) -> None:
        # sudo: what a check has found is written by the check alone
        self.sudo().problem_ids.unlink()
        # sudo: as above
        self.env["lot.import.problem"].sudo().create(
            [{"import_id": self.id, **one._asdict()} for one in problems.listed()]
        )
        self.write(
            {
                "state": "checked",
                "row_count": count,
                "notation": notation,
                "blocking_count": problems.counts["blocking"],
                "note_count": problems.counts["note"],
            }
        )
