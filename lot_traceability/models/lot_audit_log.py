import gzip
import logging
from collections.abc import Iterator
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.audit_bundle import stand_alone
from ..tools.audit_format import time_text
from ..tools.audit_proof import export_log
from .lot_audit_event import WAITING
from .lot_audit_tables import drop_watch

_logger = logging.getLogger(__name__)


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
        :raise UserError: when it cannot be written
        """
        folder = self.env["lot.audit.receipt.file"]._folder()
        now = fields.Datetime.now().strftime("%Y%m%dT%H%M%S")
        path = folder / f"audit-log-{now}.jsonl.gz"
        part = path.with_suffix(".part")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with gzip.open(part, "wb") as file:
                for line in self._export():
                    file.write(line)
            part.rename(path)
            (folder / "audit_verify.py").write_text(stand_alone(), encoding="utf-8")
        except OSError as error:
            raise UserError(
                self.env._(
                    "The audit log cannot be kept in %(folder)s: %(error)s. Make room there, or "
                    "let the server write to it, and uninstall again.",
                    folder=folder,
                    error=error.strerror or error,
                )
            ) from error
        return path

    # -- uninstalling ----------------------------------------------------------------------------

    @api.model
    def _tell_kept(self, path: Path) -> None:
        """Tell whoever uninstalls where the log is kept."""
        self._tell_administrator(
            self.env._("The audit log was kept in %s, with the program that verifies it.", path)
        )

    @api.model
    def _tell_administrator(self, text: str) -> None:
        """Tell this to whoever installs or uninstalls, and in the server's log."""
        _logger.warning("%s", text)
        # Odoo does so as OdooBot, and loads the page anew: what waits in a chat is still there.
        user = self.env["res.users"].browse(self.env["lot.audit.origin"]._session_user() or [])
        if user:
            chat = self.env["discuss.channel"]._get_or_create_chat(user.partner_id.ids)
            chat.message_post(
                body=text,
                author_id=self.env.ref("base.partner_root").id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    @api.model
    def _unwatch(self) -> None:
        """Take our triggers off Odoo's tables."""
        drop_watch(self.env.cr)

    @api.model
    def _let_go(self, module: str) -> None:
        """Let records of a module of ours be deleted although others name them: the columns that do
        so are dropped as well. Odoo would find its way, with errors in the server's log."""
        own = [
            model._table
            for model in self.env.values()
            if model._original_module == module and not model._abstract
        ]
        self.env.cr.execute(
            SQL(
                """SELECT conrelid::regclass::text, conname FROM pg_constraint
                    WHERE contype = 'f' AND confdeltype IN ('a', 'r')
                      AND confrelid::regclass::text = ANY(%s)""",
                own,
            )
        )
        for table, name in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT %s",
                    SQL.identifier(table),
                    SQL.identifier(name),
                )
            )

    @api.model
    def _drop_rest(self) -> None:
        """Drop what belongs to no model, when the models are gone."""
        # What was told of their removal has no log any more.
        self.env.cr.precommit.data.pop(WAITING, None)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS lot_audit_pending"))
        self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS lot_audit_refuse() CASCADE"))
