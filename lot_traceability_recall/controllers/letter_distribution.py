from tempfile import TemporaryFile

from odoo import http
from odoo.addons.lot_traceability.controllers.files import as_file, readable, refuse
from odoo.exceptions import AccessError
from odoo.http import Response, request

from ..report.letter_distribution_xlsx import write_distribution

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LetterDistribution(http.Controller):
    """The distribution list of a recall as a file."""

    @http.route(
        "/lot_traceability_recall/distribution/<int:recall_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def distribution(self, recall_id: int, **_unused) -> Response:
        """Who received what of a recall, to be sorted and sent to an authority.

        :param recall_id: id in `lot.recall`
        :return: an XLSX file; else a page with one sentence and status 403 or 404
        """
        _ = request.env._
        try:
            recall = readable("lot.recall", recall_id)
        except AccessError:
            return self._refuse(403, _("You may not read this recall. Ask an administrator."))
        if not recall:
            return self._refuse(404, _("This recall does not exist. Search for it again."))
        # On disk, because a list may be large; the response closes it, and so removes it.
        target = TemporaryFile()  # noqa: SIM115
        try:
            write_distribution(recall, target)
        except BaseException:
            target.close()
            raise
        return as_file(target, XLSX, f"distribution-{recall.name.replace('/', '-')}.xlsx")

    def _refuse(self, status: int, message: str) -> Response:
        return refuse(status, request.env._("Distribution list"), message)
