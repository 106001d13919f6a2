import re
from datetime import date
from tempfile import TemporaryFile

from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Response, request

from ..tools.audit_bundle import stand_alone
from .files import as_file, read_ids, readable, refuse

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "pdf": "application/pdf",
}
MAX_NAME = 80


class AuditExport(http.Controller):
    """The audit log and the dossier of a lot as files."""

    @http.route(
        "/lot_traceability/audit/<string:file_format>",
        type="http",
        auth="user",
        methods=["GET", "POST"],  # thousands of lots do not fit into an address
        readonly=True,
    )
    def export(
        self,
        file_format: str,
        lot_ids: str = "",
        product_ids: str = "",
        user_ids: str = "",
        kinds: str = "",
        since: str = "",
        until: str = "",
        **_unused,
    ) -> Response:
        """Events of the audit log as a file to keep.

        :param file_format: "xlsx", "csv", "jsonl" or "pdf"
        :param lot_ids: ids of `stock.lot`, separated by commas; `product_ids`, `user_ids` alike
        :param kinds: kinds of events, separated by commas
        :param since: the first day of a period, `until` the last one (YYYY-MM-DD), in the zone of
            the user
        :return: the file; else a page with one sentence and status 400 (bad input), 403 (no
            rights) or 404 (unknown format)
        """
        env = request.env
        export = env["lot.audit.export"]
        if file_format not in TYPES:
            return self._refuse(404, export._unknown_format())
        ids = [read_ids(text) for text in (lot_ids, product_ids, user_ids)]
        if None in ids:
            message = env._("Give lots, products and users by their ids, separated by commas.")
            return self._refuse(400, message)
        try:
            days = [date.fromisoformat(text) if text else None for text in (since, until)]
        except ValueError:
            message = env._("Give the days of the period as year-month-day, such as 2026-11-25.")
            return self._refuse(400, message)
        names = [kind.strip() for kind in kinds.split(",") if kind.strip()]
        return self._file(
            lambda target: export._write_selection(file_format, target, *ids, names, *days),
            TYPES[file_format],
            f"audit-log-{fields.Date.context_today(export)}.{file_format}",
        )

    @http.route(
        "/lot_traceability/audit/verifier",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def verifier(self, **_unused) -> Response:
        """The program that verifies an export without Odoo.

        :return: `audit_verify.py`; 403 for whoever may not read the log
        """
        try:
            request.env["lot.audit.event"].check_access("read")
        except AccessError:
            return self._refuse(403, self._no_rights())
        return self._file(
            lambda target: target.write(stand_alone().encode()),
            "text/x-python; charset=utf-8",
            "audit_verify.py",
        )

    @http.route(
        "/lot_traceability/dossier/<int:lot_id>/<string:file_format>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def dossier(self, lot_id: int, file_format: str, **_unused) -> Response:
        """All that is known of a lot, from raw materials to customers, as a file to keep.

        :param lot_id: id of a `stock.lot`
        :param file_format: "pdf" or "xlsx"
        :return: the file; else a page with one sentence and status 403 (no rights) or 404
            (unknown format or lot)
        """
        _ = request.env._
        dossiers = request.env["lot.dossier"]
        if file_format not in ("pdf", "xlsx"):
            return self._refuse(404, _("A dossier is written as pdf or xlsx."))
        try:
            lot = readable("stock.lot", lot_id)
        except AccessError:
            return self._refuse(403, self._no_rights())
        if not lot:
            message = _("This lot does not exist any more. Search for it again.")
            return self._refuse(404, message)
        name = re.sub(r"[^\w.-]+", "_", lot.name)[:MAX_NAME].strip("._") or "lot"
        today = fields.Date.context_today(dossiers)
        return self._file(
            lambda target: dossiers._write_dossier(lot, file_format, target),
            TYPES[file_format],
            f"dossier-{name}-{today}.{file_format}",
        )

    def _file(self, write, mimetype: str, name: str) -> Response:
        # On disk, because it may be large; the response closes it, and so removes it.
        target = TemporaryFile()  # noqa: SIM115
        try:
            write(target)
        except AccessError:
            target.close()
            return self._refuse(403, self._no_rights())
        except (MissingError, UserError) as error:
            target.close()
            return self._refuse(400, str(error))
        except BaseException:
            target.close()
            raise
        return as_file(target, mimetype, name)

    def _no_rights(self) -> str:
        return request.env._("You may not read this part of the log. Ask an administrator.")

    def _refuse(self, status: int, message: str) -> Response:
        return refuse(status, request.env._("Audit log"), message)
