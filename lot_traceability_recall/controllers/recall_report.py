from tempfile import TemporaryFile

from odoo import http
from odoo.addons.lot_traceability.controllers.files import as_file, readable, refuse
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Response, request

from ..models.lot_recall_report import TYPES


class RecallReportFiles(http.Controller):
    """Reports of recalls as files."""

    @http.route(
        "/lot_traceability/recall/<int:recall_id>/<string:kind>.<string:file_format>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def report(self, recall_id: int, kind: str, file_format: str, **_unused) -> Response:
        """A report of a recall.

        :param kind: "status", "termination", "rfr", "device", "brcgs" or "evidence"
        :param file_format: "pdf" or "xlsx"
        :return: the file; else a page with one sentence and status 400, 403 or 404
        """
        _ = request.env._
        try:
            recall = readable("lot.recall", recall_id)
        except AccessError:
            return refuse(403, _("Report"), _("You may not read this recall, or its audit log."))
        if not recall or file_format not in TYPES:
            return refuse(
                404, _("Report"), _("There is no such recall, or no such format: take pdf or xlsx.")
            )
        # On disk, because it may be large; the response closes it, and so removes it.
        target = TemporaryFile()  # noqa: SIM115
        try:
            recall._write_report(kind, file_format, target)
        except AccessError:
            target.close()
            return refuse(403, _("Report"), _("You may not read this recall, or its audit log."))
        except (MissingError, UserError) as error:
            target.close()
            return refuse(400, _("Report"), str(error))
        except BaseException:
            target.close()
            raise
        name = f"{kind}-{recall._file_part(recall.name)}.{file_format}"
        return as_file(target, TYPES[file_format], name)
