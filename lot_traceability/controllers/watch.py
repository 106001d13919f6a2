import json

from odoo import http
from odoo.http import Response, request
from werkzeug.exceptions import NotFound

from ..tools.prometheus import CONTENT_TYPE, exposition
from . import asker

_PER_MINUTE = 60
_OPTIONS = {"type": "http", "auth": "public", "methods": ["GET"], "save_session": False}


class Watch(http.Controller):
    """What programs that watch servers ask. They bring a token (Authorization: Bearer …);
    administrators who are logged in may look as well. Nobody else is told that there is anything.
    """

    @http.route("/lot_traceability/health", **_OPTIONS)
    def health(self) -> Response:
        """How the installation is, as JSON: 200 when all checks are well, else 503.

        :return: as `lot.health.report`; 404 without the token, 429 for too many requests
        """
        refused = self._refused()
        if refused:
            return refused
        # sudo: who may ask was decided above
        report = request.env["lot.health"].sudo()._report()
        status = 200 if report["status"] == "ok" else 503
        return self._answer(json.dumps(report), "application/json; charset=utf-8", status)

    @http.route("/lot_traceability/metrics", **_OPTIONS)
    def metrics(self) -> Response:
        """Health and figures in Prometheus' text format 0.0.4; 404 and 429 as above."""
        refused = self._refused()
        if refused:
            return refused
        # sudo: who may ask was decided above
        health = request.env["lot.health"].sudo()
        return self._answer(exposition(health._families()), CONTENT_TYPE)

    def _refused(self) -> Response | None:
        """The answer to who asks too often; none to who may ask.

        :raise NotFound: for who may not, as for a page that does not exist
        """
        key = asker.counted("watch", asker.network(request.httprequest.remote_addr))
        if not request.env["lot.request.limit"]._allow(key, _PER_MINUTE):
            response = self._answer("Too many requests.\n", "text/plain; charset=utf-8", 429)
            response.headers["Retry-After"] = "60"
            return response
        health = request.env["lot.health"]
        if not health._may_read() and not health._is_known(
            request.httprequest.headers.get("Authorization")
        ):
            raise NotFound()
        return None

    def _answer(self, body: str, kind: str, status: int = 200) -> Response:
        headers = [("Content-Type", kind), ("Cache-Control", "no-store")]
        return request.make_response(body, headers, status=status)
