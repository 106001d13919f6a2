from odoo import http
from odoo.addons.lot_traceability.controllers import public_page
from odoo.addons.lot_traceability.controllers.public_page import guarded
from odoo.addons.lot_traceability.tools.secret_paths import hide
from odoo.http import Response, request

from .recall_answer_form import show

# Five files of 10 MB, and what is around them.
_MOST_CONTENT = 54 * 1024**2

hide("/recall/answer/")


class RecallAnswer(http.Controller):
    """The page with which a consignee answers without an account.

    The link is the credential: nobody who does not hold it can make a browser send anything here,
    which is what a CSRF token is against; so that a page left open for days, or a browser that
    keeps no cookies, can still answer.
    """

    @http.route(
        "/recall/answer/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        multilang=False,
        sitemap=False,
        csrf=False,
        save_session=False,
        max_content_length=_MOST_CONTENT,
    )
    def answer(self, token: str, **_fields) -> Response:
        """The page (GET changes nothing: mail scanners open links), or an answer (POST)."""
        consignee, refusal = self._admit(token)
        if refusal:
            return refusal
        return show(consignee, f"/recall/answer/{token}", "page")

    @http.route(
        "/recall/answer/<string:token>/read",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
        sitemap=False,
        csrf=False,
        save_session=False,
        max_content_length=1024,
    )
    def mark_read(self, token: str, **_fields) -> Response:
        """A person has begun to use the page."""
        consignee, refusal = self._admit(token)
        if refusal:
            return refusal
        consignee._mark_read()
        return guarded(request.make_response("", status=204))

    def _admit(self, token: str):
        """(consignee, None), or (None, the page that refuses)."""
        most = request.env["lot.recall.consignee"]._answer_rate()
        if not public_page.allowed("address", public_page.address(), most):
            return None, self._too_many()
        consignee = request.env["lot.recall.consignee"]._by_token(token)
        if not consignee:
            return None, self._unknown()
        if not public_page.allowed("link", str(consignee.id), most):
            return None, self._too_many()
        return consignee.with_company(consignee.company_id), None

    def _unknown(self) -> Response:
        """One page for all links that do not work: it does not tell why."""
        # sudo: the firm's own phone number, for everybody
        company = request.env.company.sudo()
        response = request.render(
            "lot_traceability_recall.answer_unknown", {"company": company}, status=404
        )
        return guarded(response)

    def _too_many(self) -> Response:
        return public_page.too_many(
            request.env._(
                "Too many requests from your connection. Wait a minute, then open the link again."
            )
        )
