import fcntl
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from odoo import api, fields, models
from odoo.tools import config

from ..tools.audit_format import Receipt, receipt_of
from ..tools.audit_proof import receipt_line
from .lot_audit_block import LOG_PARAMETER

_logger = logging.getLogger(__name__)
_FOLDER_OPTION = "lot_audit_folder"
_NAME = "receipts.jsonl"


class LotAuditReceiptFile(models.AbstractModel):
    """The receipt of each block, appended to a file beside the database: a restore of the database
    does not take it back."""

    _name = "lot.audit.receipt.file"
    _description = "File of receipts of the audit log"

    @api.model
    def _folder(self) -> Path:
        """Where files of the audit log are kept: `lot_audit_folder` of the server's configuration,
        best on another machine, else in Odoo's data folder; one folder a database."""
        root = config.get(_FOLDER_OPTION) or os.path.join(config["data_dir"], "lot_audit")
        return Path(root) / self.env.cr.dbname

    @api.model
    def _path(self) -> Path:
        return self._folder() / _NAME

    @api.model
    def _begin_log(self) -> None:
        """A log begins. Receipts of an earlier one of this database, which is kept beside them, are
        put aside, and the new one gets a name of its own: neither is taken for the other."""
        path = self._path()
        if not path.exists():
            return
        # sudo: written by the hook, which runs as superuser
        self.env["ir.config_parameter"].sudo().set_param(LOG_PARAMETER, str(uuid4()))
        aside = path.with_name(f"receipts-until-{fields.Datetime.now():%Y%m%dT%H%M%S}.jsonl")
        try:
            path.rename(aside)
        except OSError as error:
            _logger.warning("audit log: %s stays among the new receipts: %s", path, error)

    @api.model
    def _read(self) -> Iterator[Receipt]:
        """The receipts in the file; none where there is none. A line that a crash left half
        written is passed over: the block's receipt follows it."""
        try:
            with self._path().open(encoding="utf-8") as file:
                for line in file:
                    try:
                        yield receipt_of(json.loads(line))
                    except ValueError:
                        continue
        except FileNotFoundError:
            return

    @api.model
    def _append(self) -> int:
        """Append what the file lacks; the number of receipts.

        :raise OSError: when the file cannot be written
        """
        path = self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            # One process at a time: the others find nothing left to do.
            fcntl.flock(file, fcntl.LOCK_EX)
            last = self._last(file)
            count = 0
            while receipts := self._after(last):
                for receipt in receipts:
                    file.write(receipt_line(receipt))
                last, count = receipts[-1], count + len(receipts)
            file.flush()
            os.fsync(file.fileno())
            return count

    @api.model
    def _last(self, file) -> Receipt | None:
        """The last receipt of the open file; leaves it at its end, on a line of its own."""
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 4096))
        tail = file.read()
        file.seek(0, os.SEEK_END)
        if tail and not tail.endswith(b"\n"):
            file.write(b"\n")
        for line in reversed(tail.splitlines()):
            try:
                return receipt_of(json.loads(line))
            except ValueError:
                continue
        return None

    @api.model
    def _after(self, last: Receipt | None) -> list[Receipt]:
        """What comes next. Where the log is not the one that the file knows (it was restored, or
        made anew), all that was sealed since: the file then shows both, and verification tells."""
        blocks = self.env["lot.audit.block"]
        if last is None:
            return blocks._receipts()
        here = blocks._receipt(last.number)
        if here and here.digest == last.digest:
            return blocks._receipts(last.number)
        _logger.warning(
            "audit log: block %s is not the one of its receipt; verify the log", last.number
        )
        return blocks._receipts_since(last.sealed_at)
