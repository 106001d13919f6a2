import json
from typing import Any

from odoo import http
from odoo.addons.lot_traceability.controllers import public_page
from odoo.addons.lot_traceability.tools.gs1 import GS1Error, parse_digital_link
from odoo.http import Response, request

from ..tools import link_documents

# A person scans some labels, a guesser some thousands.
_PER_MINUTE = 40
_LD, _LINKSET = "application/ld+json", "application/linkset+json"


class DigitalLink(http.Controller):
    """This Odoo as resolver of the GS1 Digital Links on its own labels. What is not published,
    what is not known and what is not there look alike."""

    @http.route(
        ["/01/<string:gtin>", "/01/<string:gtin>/<path:qualifiers>"],
        type="http",
        auth="public",
        methods=["GET", "HEAD"],
        website=True,
        multilang=False,
        sitemap=False,
        save_session=False,
    )
    def resolve(self, **_parts) -> Response:
        """A page for people, JSON-LD or a linkset for programs, as `Accept` or `linkType` asks."""
        if not public_page.allowed("link", public_page.address(), _PER_MINUTE):
            return self._too_many()
        answer = self._answer()
        if answer is None:
            return public_page.guarded(
                request.render("lot_traceability_fsma.link_unknown", status=404)
            )
        form = self._form()
        if form == "page":
            values = {**answer, "company": answer["publication"].company_id}
            response = request.render("lot_traceability_fsma.link_page", values)
            response.headers["Link"] = f'<{self._link()}?linkType=linkset>; rel="linkset"'
        else:
            page = self._page(answer)
            make = link_documents.linkset if form == _LINKSET else link_documents.json_ld
            response = request.make_response(
                json.dumps(make(page), ensure_ascii=False), [("Content-Type", form)]
            )
        response.headers["Vary"] = "Accept, Accept-Language"
        # A recall may begin at any moment: no cache keeps an answer.
        return public_page.guarded(response)

    @http.route(
        "/01/<string:gtin>/certificate/<int:number>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
        save_session=False,
    )
    def certificate(self, gtin: str, number: int, **_parts) -> Response:
        """A certificate that is published with a product."""
        if not public_page.allowed("link", public_page.address(), _PER_MINUTE):
            return self._too_many()
        # sudo: nobody is logged in; what is published is for everybody
        publications = request.env["lot.publication"].sudo()
        products = request.env["lot.trace"].sudo()._products_of_gtin(gtin[:14])
        publication = publications._of(products[:1]) if products else publications
        file = publication.certificate_ids.filtered(lambda one: one.id == number)
        if not file:
            return public_page.guarded(
                request.render("lot_traceability_fsma.link_unknown", status=404)
            )
        stream = request.env["ir.binary"]._get_stream_from(file)
        return public_page.guarded(stream.get_response(as_attachment=True))

    # -- what was asked ------------------------------------------------------------------------

    def _link(self) -> str:
        """The link without its query, as it was asked: a slash within a lot stays escaped."""
        environ, root = request.httprequest.environ, request.httprequest.host_url.rstrip("/")
        path = environ.get("REQUEST_URI", "").partition("?")[0]
        return root + path if path.startswith("/") else request.httprequest.base_url

    def _answer(self) -> dict[str, Any] | None:
        try:
            query = request.httprequest.query_string.decode("ascii", "replace")
            asked = f"{self._link()}?{query}" if query else self._link()
            link = parse_digital_link(asked, strict=False)
        except GS1Error:
            return None
        # sudo: nobody is logged in; `_answer` gives what is published and nothing else
        return request.env["lot.publication"].sudo()._answer(link.elements)

    def _form(self) -> str:
        """The form of the answer: "page", or a media type."""
        asked = request.httprequest.args.get("linkType", "")
        if asked in ("linkset", "all"):
            return _LINKSET
        if asked:
            return "page"
        accepted = request.httprequest.accept_mimetypes
        best = accepted.best_match(["text/html", _LD, _LINKSET, "application/json"], "text/html")
        return {"text/html": "page", "application/json": _LD}.get(best, best)

    def _page(self, answer: dict[str, Any]) -> dict[str, Any]:
        product = answer["product"]
        root = request.httprequest.url_root.rstrip("/")
        return {
            "link": self._link(),
            "gtin": answer["gtin"],
            "number": answer["number"],
            "serial": product.tracking == "serial",
            "name": product.name,
            "company": answer["publication"].company_id.name,
            "recalled": answer["recalled"],
            "facts": {code: str(value) for code, _label, value in answer["facts"]},
            "certificates": [
                {"name": one.name, "url": f"{root}/01/{answer['gtin']}/certificate/{one.id}"}
                for one in answer["certificates"]
            ],
        }

    # -- answers -------------------------------------------------------------------------------

    def _too_many(self) -> Response:
        return public_page.too_many(
            request.env._("Too many requests from your connection. Wait a minute.")
        )
