"""What the pages have in common that are open to everybody who holds a link."""

from urllib.parse import urlsplit

from odoo.http import Response, request

from . import asker

# Styles, fonts and pictures of a website's theme may come from elsewhere; scripts may not, so that
# no counter of visitors gets to see the page. Odoo's own scripts are partly in the page.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'{origin}; "
    "style-src 'self' 'unsafe-inline' https:{origin}; font-src 'self' data: https:{origin}; "
    "img-src 'self' data: blob: https:{origin}; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def guarded(response: Response) -> Response:
    """The response with the headers of a page that is for its reader alone: it goes to no other
    site, into no cache, no frame and no search engine."""
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": _POLICY.format(origin=_network_of_files()),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow",
        }
    )
    return response


def _network_of_files() -> str:
    """Where a website has its scripts and styles delivered from, if not from Odoo itself."""
    website = getattr(request, "website", None)
    if not website:
        return ""
    # sudo: a setting that each page shows
    website = website.sudo()
    address = urlsplit(website.cdn_url or "") if website.cdn_activated else None
    return f" {address.netloc}" if address and address.netloc else ""


def allowed(kind: str, text: str, most: int) -> bool:
    """Count a request of somebody who is not logged in.

    :param kind: what is counted, such as "fsma-link"
    :param text: who asks, or for what
    :param most: requests in a minute
    """
    # sudo: nobody is logged in; counting is all that is done with it
    limit = request.env["lot.request.limit"].sudo()
    return limit._allow(asker.counted(kind, text), most)


def address() -> str:
    """Who asks, for `allowed`."""
    return asker.network(request.httprequest.remote_addr)


def too_many(text: str) -> Response:
    """:param text: one sentence"""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60")]
    return guarded(request.make_response(text, headers, status=429))
