import gzip
from collections.abc import Iterator
from pathlib import Path

from odoo import api, fields, models

from ..tools.audit_bundle import stand_alone
from ..tools.audit_format import time_text
from ..tools.audit_proof import export_log
from .lot_audit_tables import drop_watch


class LotAuditLog(models.AbstractModel):
    """The log as a whole: written to a file that verifies without Odoo."""

    _name = "lot.audit.log"
    _description = "Audit log"

    @api.model
    def _export(self, first: int = 1, last: int = 0) -> Iterator[bytes]:
        """The lines of an export of blocks, in the form that the verifier reads.

        :param first: the first block
        :param last: the last block; 0: to the end, with what is not sealed yet
        """
        self.env.cr.flush()
        blocks = self.env["lot.audit.block"]
        return export_log(
            blocks._log_id(),
            time_text(fields.Datetime.now()),
            blocks._blocks(first, last),
            after=blocks._state(first - 1) if first > 1 else None,
            until_end=not last,
            unsealed=None if last else blocks._unsealed(),
            database=self.env.cr.dbname,
        )

    @api.model
    def _export_whole(self) -> Path:
        """Write the whole log to a file beside the database, with the program that verifies it.

        :return: the path of the file
        """
        folder = self.env["lot.audit.receipt.file"]._folder()
        folder.mkdir(parents=True, exist_ok=True)
        now = fields.Datetime.now().strftime("%Y%m%dT%H%M%S")
        path = folder / f"audit-log-{now}.jsonl.gz"
        with gzip.open(path, "wb") as file:
            for line in self._export():
                file.write(line)
        (folder / "audit_verify.py").write_text(stand_alone(), encoding="utf-8")
        return path

    @api.model
    def _unwatch(self) -> None:
        drop_watch(self.env.cr)
