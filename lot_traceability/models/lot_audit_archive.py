import gzip
import json
import logging
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.audit_reader import UnreadableError, verify_file
from ..tools.audit_report import Report

_logger = logging.getLogger(__name__)
_FOLDER_OPTION = "lot_audit_archive_folder"
_PART = 1 << 20


class LotAuditArchive(models.Model):
    """A file with sealed blocks whose events have expired and are no longer in the database. It
    verifies as any export does, here and without Odoo."""

    _name = "lot.audit.archive"
    _description = "Archive of the audit log"
    _order = "id desc"
    _rec_name = "file_name"

    file_name = fields.Char("File", required=True, readonly=True)
    sha256 = fields.Char("SHA-256", required=True, readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    first_block = fields.Integer("From block", required=True, readonly=True)
    last_block = fields.Integer("To block", required=True, readonly=True)
    first_at = fields.Datetime("From", readonly=True)
    last_at = fields.Datetime("To", readonly=True)
    events = fields.Integer(readonly=True)
    date = fields.Datetime("Archived on", readonly=True, default=fields.Datetime.now)
    checked_on = fields.Datetime("Verified on", readonly=True)
    checked_valid = fields.Boolean("Verified", readonly=True)
    checked_problem = fields.Char("What is wrong", readonly=True)

    _blocks = models.Index("(first_block, last_block)")

    def write(self, vals):
        checked = all(name.startswith("checked_") for name in vals)
        if not self.env.su or not checked:
            raise UserError(self.env["lot.audit.event"]._refused())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env["lot.audit.event"]._refused())

    # -- which blocks --------------------------------------------------------------------------

    @api.model
    def _covers(self, number: int) -> "LotAuditArchive":
        """The archive that has the events of a block; empty where none has."""
        # sudo: where events are is no secret
        return self.sudo().search(
            [("first_block", "<=", number), ("last_block", ">=", number)], limit=1
        )

    def _has(self, number: int) -> bool:
        return bool(self) and self.first_block <= number <= self.last_block

    # -- the file ------------------------------------------------------------------------------

    @api.model
    def _folder(self) -> Path:
        """Where archives are: `lot_audit_archive_folder` of the server's configuration, one folder
        a database, else beside the receipts."""
        root = config.get(_FOLDER_OPTION)
        if root:
            return Path(root) / self.env.cr.dbname
        return self.env["lot.audit.receipt.file"]._folder()

    def _path(self) -> Path:
        return self._folder() / self.file_name

    def _open(self) -> BinaryIO:
        """The file, for reading.

        :raise UserError: when it is not there
        """
        try:
            return self._path().open("rb")
        except OSError as error:
            raise UserError(
                self.env._(
                    "The archive %(file)s cannot be read: %(error)s. Put the file back into "
                    "%(folder)s.",
                    file=self.file_name,
                    error=error.strerror or error,
                    folder=self._folder(),
                )
            ) from error

    @api.model
    def _digest(self, path: Path) -> str:
        found = sha256()
        with path.open("rb") as file:
            while part := file.read(_PART):
                found.update(part)
        return found.hexdigest()

    def _lines_by_block(self, first: int) -> Iterator[tuple[int, list[bytes]]]:
        """(number, lines of its events) of the blocks from `first` on."""
        with self._open() as file, gzip.open(file) as lines:
            number, events = 0, []
            for line in lines:
                if not line.startswith(b'{"type":'):
                    if number >= first:
                        events.append(line.rstrip(b"\n"))
                    continue
                if number >= first and number:
                    yield number, events
                events = []
                told = json.loads(line)
                number = told["header"]["number"] if told["type"] == "block" else 0

    # -- verifying -----------------------------------------------------------------------------

    @api.model
    def _verify_path(self, path: Path) -> Report:
        receipts = self.env["lot.audit.verification"]._receipts()
        with path.open("rb") as file:
            return verify_file(file, self.env["lot.audit.block"]._keys() or None, receipts)

    def action_verify(self) -> dict:
        """Read the archives back, and say whether they are what was archived.

        :return: an action that shows the outcome
        :raise AccessError: for whoever may not read the log
        :raise UserError: when a file is not there
        """
        self.env["lot.audit.event"].check_access("read")
        for archive in self:
            archive._check()
        wrong = self.filtered(lambda archive: not archive.checked_valid)
        message = self.env._("The archive is what was archived, and its seals are right.")
        if wrong:
            message = f"{wrong[0].file_name}: {wrong[0].checked_problem}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if wrong else "success",
                "sticky": bool(wrong),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check(self) -> None:
        """Verify the file, and note the outcome."""
        self._open().close()
        problem = ""
        if self._digest(self._path()) != self.sha256:
            problem = self.env._("The file is not the one that was archived: its hash differs.")
        try:
            report = self._verify_path(self._path())
            if report.findings:
                problem = report.findings[0].text
        except UnreadableError as error:
            problem = str(error)
        # sudo: the outcome is nobody's to write
        self.sudo().write(
            {
                "checked_on": fields.Datetime.now(),
                "checked_valid": not problem,
                "checked_problem": problem,
            }
        )
        self.env["lot.audit.event"]._record(
            "verified", record=self, data={"scope": "archive", "valid": not problem}
        )
