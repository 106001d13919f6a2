"""What the routes that answer with a file have in common."""

from typing import IO

from markupsafe import Markup
from odoo.http import Response, content_disposition, request
from werkzeug.wsgi import wrap_file

MAX_DIGITS = 18


def read_ids(text: str) -> list[int] | None:
    """The ids in a text, separated by commas; None where there is something else in it."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if all(part.isascii() and part.isdigit() and len(part) <= MAX_DIGITS for part in parts):
        return [int(part) for part in parts]
    return None


def readable(model: str, record_id: int):
    """The record, if there is one that the user may read: what is of another company and what is
    not there look alike.

    :raises AccessError: the user may read no record of the model
    """
    records = request.env[model]
    records.check_access("read")
    return records.with_context(active_test=False).search([("id", "=", record_id)])


def as_file(target: IO[bytes], mimetype: str, name: str) -> Response:
    """The content of a file that was just written, to be kept under a name."""
    size = target.tell()
    target.seek(0)
    response = request.make_response(
        wrap_file(request.httprequest.environ, target),
        [
            ("Content-Type", mimetype),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    response.direct_passthrough = True
    return response


def refuse(status: int, title: str, message: str) -> Response:
    """A page with one sentence."""
    page = Markup(
        "<!DOCTYPE html><html><head><meta charset='utf-8'/><title>%s</title></head>"
        "<body><p>%s</p></body></html>"
    ) % (title, message)
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return request.make_response(page, headers, status=status)
