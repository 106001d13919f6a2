import base64

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import Response, content_disposition, request

from ..models.lot_label_job import TYPES
from .files import readable, refuse


class Labels(http.Controller):
    """Labels as they were printed."""

    @http.route(
        "/lot_traceability/label/<int:job_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def label(self, job_id: int, **_unused) -> Response:
        """The file of a print.

        :param job_id: id of a `lot.label.job`
        :return: the file; else a page with one sentence and status 403 (no rights) or 404 (there
            is no such print, or its file is not kept any more)
        """
        _ = request.env._
        title = _("Labels")
        try:
            job = readable("lot.label.job", job_id)
        except AccessError:
            return refuse(403, title, _("You may not read these labels. Ask an administrator."))
        if not job:
            return refuse(404, title, _("There is no such print of labels. Print them again."))
        if not job.content:
            message = _("The file of these labels is not kept any more. Print them again.")
            return refuse(404, title, message)
        return request.make_response(
            base64.b64decode(job.content),
            [
                ("Content-Type", TYPES[job.ending]),
                ("Content-Disposition", content_disposition(job.name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                # A drawing is no page: nothing in it is run.
                (
                    "Content-Security-Policy",
                    "sandbox; default-src 'none'; style-src 'unsafe-inline'",
                ),
            ],
        )
