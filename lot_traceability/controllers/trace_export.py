import re
from tempfile import TemporaryFile

from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Response, request

from ..report import write_pdf, write_xlsx
from .files import as_file, read_ids, refuse

FORMATS = {
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (write_pdf, "application/pdf"),
}
MAX_NAME = 80


class TraceExport(http.Controller):
    """A trace as a file."""

    @http.route(
        "/lot_traceability/export/<string:file_format>",
        type="http",
        auth="user",
        methods=["GET", "POST"],  # thousands of lots do not fit into an address
        readonly=True,
    )
    def export(
        self, file_format: str, lot_ids: str = "", direction: str = "both", **_unused
    ) -> Response:
        """The trace of these lots as a file to keep.

        :param file_format: "xlsx" or "pdf"
        :param lot_ids: ids of `stock.lot`, separated by commas
        :param direction: "upstream", "downstream" or "both"
        :return: the file; else a page with one sentence and status 400 (bad input), 403 (no
            rights) or 404 (unknown format, deleted lot)
        """
        _ = request.env._
        if file_format not in FORMATS:
            return self._refuse(404, _("A trace is exported as xlsx or pdf."))
        ids = read_ids(lot_ids)
        if ids is None:
            message = _("Give the lots to trace by their ids, separated by commas.")
            return self._refuse(400, message)
        try:
            trace = request.env["lot.trace"]._exported(ids, direction, file_format)
        except AccessError:
            return self._refuse(403, _("You may not trace these lots. Ask an administrator."))
        except MissingError:
            return self._refuse(404, _("These lots do not exist any more. Search for them again."))
        except UserError as error:
            return self._refuse(400, str(error))
        write, mimetype = FORMATS[file_format]
        # On disk, because a trace may be large; the response closes it, and so removes it.
        target = TemporaryFile()  # noqa: SIM115
        try:
            write(request.env, trace, target)
        except BaseException:
            target.close()
            raise
        return as_file(target, mimetype, self._file_name(trace, file_format))

    def _file_name(self, trace: dict, extension: str) -> str:
        """`trace-<lot>-<day of the user>.<extension>`."""
        names = {row["id"]: row["name"] for row in trace["lots"]}
        first, *others = trace["origin"]
        name = re.sub(r"[^\w.-]+", "_", names[first])[:MAX_NAME].strip("._") or "lot"
        if others:
            name = f"{name}-{len(others) + 1}-lots"
        today = fields.Date.context_today(request.env["lot.trace"])
        return f"trace-{name}-{today}.{extension}"

    def _refuse(self, status: int, message: str) -> Response:
        return refuse(status, request.env._("Lot trace"), message)
