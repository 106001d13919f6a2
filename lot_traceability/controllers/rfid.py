import hashlib
import json

from odoo import fields, http
from odoo.http import Response, request
from werkzeug.exceptions import ClientDisconnected

from ..tools.rfid_reads import MAX_BYTES, ReadsError, parse_batch, unpack

PROBLEMS = "https://github.com/lot-traceability/lot-traceability/blob/main/docs/rfid.md#"


class Rfid(http.Controller):
    """Where gateways of RFID readers send what is read."""

    @http.route(
        "/lot_traceability/rfid/v1/reads",
        type="http",
        auth="bearer",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def reads(self, **_unused) -> Response:
        """Take a batch of reads; the body is JSON, plain or compressed with gzip:

            {"reader": "dock-1", "batch": "a name of its own", "count": id of a count (optional),
             "reads": [{"epc": hexadecimal digits or URN, "at": "2026-03-02T06:00:00.250Z",
                        "antenna": 1, "rssi": -55}]}

        :return: 200 with {"batch", "taken", "weak", "unread", "new", "repeated"}; a batch that
            was taken before gets the same answer again. Otherwise a problem (RFC 9457) and
            nothing is taken: 400, 413, 415 and 422 (wrong body; `pointer` says where), 401 (no
            such key), 403 (no right), 404 (no such reader or count), 409 (batch with other
            reads, closed count), 429 (too much; see Retry-After)
        """
        gateway = request.env["lot.rfid.gateway"]
        try:
            gateway._check_right()
            body = self._body()
            encoding = request.httprequest.headers.get("Content-Encoding", "").strip().lower()
            batch = parse_batch(unpack(body, encoding), fields.Datetime.now())
            answer = gateway._take(batch, hashlib.sha256(body).hexdigest())
        except ReadsError as error:
            return self._problem(error)
        return self._json(answer, 200)

    def _body(self) -> bytes:
        # By its header, before it is read: what Odoo itself refuses is answered with a page.
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            text = f"A body has at most {MAX_BYTES >> 20} MB: send smaller batches."
            raise ReadsError(413, "too_large", text)
        try:
            return request.httprequest.get_data()
        except ClientDisconnected:
            raise ReadsError(400, "json", "The body is cut short: send it again.") from None

    def _problem(self, error: ReadsError) -> Response:
        problem = {
            "type": f"{PROBLEMS}{error.code}",
            "title": error.code.replace("_", " "),
            "status": error.status,
            "detail": str(error),
        }
        if error.pointer:
            problem["pointer"] = error.pointer
        response = self._json(problem, error.status, "application/problem+json")
        if error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    def _json(self, data: dict, status: int, kind: str = "application/json") -> Response:
        headers = [("Content-Type", kind), ("Cache-Control", "no-store")]
        return request.make_response(json.dumps(data), headers, status=status)
