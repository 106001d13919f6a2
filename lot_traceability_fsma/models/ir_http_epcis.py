import json

from odoo import models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import Response, SessionExpiredException, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, abort

from ..tools.epcis import LIMIT
from ..tools.epcis_problem import KIND, headers, is_ours, problem


class IrHttp(models.AbstractModel):
    """Programs that exchange events get every error as a problem (RFC 9457), also those that are
    found before the interface is reached: a wrong key, a wrong method, an address without
    anything. Pages of Odoo answer all else."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        if "\0" in path_info and is_ours(path_info):
            # Odoo would look for a file of this name, which no database can.
            abort(cls._epcis_problem(400, cls._epcis_sentence(400)))
        try:
            return super()._match(path_info)
        except MethodNotAllowed as error:
            if is_ours(path_info):
                allowed = ", ".join(sorted(error.valid_methods or ()))
                detail = cls._epcis_sentence(405)
                abort(cls._epcis_problem(405, f"{detail} {allowed}.", {"Allow": allowed}))
            raise

    @classmethod
    def _handle_error(cls, exception):
        if not is_ours(request.httprequest.path):
            return super()._handle_error(exception)
        if isinstance(exception, HTTPException) and exception.response is not None:
            return exception.response
        status, detail = cls._epcis_status(exception)
        more = {}
        if status == 401:
            more["WWW-Authenticate"] = 'Bearer realm="epcis"'
        return cls._epcis_problem(status, detail or cls._epcis_sentence(status), more)

    @classmethod
    def _epcis_status(cls, exception: Exception) -> tuple[int, str]:
        """The status of an error, and what it says itself to whoever asked."""
        if isinstance(exception, (SessionExpiredException, AccessDenied)):
            return 401, ""
        if isinstance(exception, HTTPException):
            return exception.code or 500, ""
        if isinstance(exception, UserError):
            return exception.http_status, str(exception)
        return 500, ""

    @classmethod
    def _epcis_sentence(cls, status: int) -> str:
        _ = request.env._
        sentences = {
            400: _("The request cannot be read: check its form."),
            401: _("There is no valid key: send one as “Authorization: bearer KEY”."),
            403: _("This is not for the user of this key: ask for the right."),
            404: _("There is nothing at this address: see what there is at /epcis."),
            405: _("This address does not take this method. It takes"),
            413: _("A document has at most %s MB: send it in several parts.", LIMIT >> 20),
            415: _("This is no EPCIS document: send application/ld+json or application/xml."),
        }
        if status >= 500:
            return _(
                "Something went wrong here, not with you: try again, then tell us when it was."
            )
        return sentences.get(status, sentences[400])

    @classmethod
    def _epcis_problem(cls, status: int, detail: str, more: dict | None = None) -> Response:
        text = json.dumps(problem(status, detail), ensure_ascii=False)
        return Response(
            text, status=status, content_type=KIND, headers={**headers(LIMIT), **(more or {})}
        )
