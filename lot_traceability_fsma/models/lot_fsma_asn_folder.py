import logging
import os
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.asn import x12_syntax

_logger = logging.getLogger(__name__)
PARAMETER = "lot_traceability_fsma.asn_folder"


def _write_file(path: Path, data: bytes) -> None:
    """Write a file that appears whole: a gateway may be looking. What fails is in the log; the
    notice is still at its delivery."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work = path.with_name(f".{path.name}.part")
        work.write_bytes(data)
        os.replace(work, path)
    except OSError as error:
        _logger.warning("The ship notice %s could not be written: %s", path, error)


class LotFsmaAsn(models.AbstractModel):
    """A folder of the server in which the firm's SFTP or AS2 gateway finds what we send (`out`),
    and leaves what we get (`in`)."""

    _inherit = "lot.fsma.asn"

    @api.model
    def _folder(self) -> Path | None:
        # sudo: where files lie is set by those who run the server
        path = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        return Path(path) if path else None

    @api.model
    def _make(self, picking):
        file = super()._make(picking)
        folder = self._folder()
        if folder:
            name = "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in file.name)
            data = file.raw
            # Not before the delivery is sure.
            self.env.cr.postcommit.add(lambda: _write_file(folder / "out" / name, data))
        return file

    @api.model
    def _cron_folder(self) -> None:
        """Take what the gateway has left, each file in a transaction of its own; it then lies in
        `done`, or in `failed` beside a text that says why."""
        folder = self._folder()
        if not folder or not (folder / "in").is_dir():
            return
        files = sorted(one for one in (folder / "in").iterdir() if one.is_file())
        for path in files:
            if path.name.startswith(".") or path.suffix in (".part", ".tmp"):
                continue
            reason = self._take_file(path)
            # The notice is sure before its file goes: one that is read twice is taken once.
            self.env["ir.cron"]._commit_progress(1)
            target = path.parent / ("failed" if reason else "done")
            target.mkdir(exist_ok=True)
            os.replace(path, target / path.name)
            if reason:
                _write_file(target / f"{path.name}.txt", reason.encode())

    @api.model
    def _take_file(self, path: Path) -> str:
        """:return: why it could not be taken; empty when it was"""
        try:
            if path.stat().st_size > x12_syntax.LIMIT:
                return self.env._("The file is too large. Send several smaller ones.")
            data = path.read_bytes()
            with self.env.cr.savepoint():
                self._take(data.decode("latin-1"))
        except (UserError, OSError) as error:
            return str(error)
        return ""
