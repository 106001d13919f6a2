from odoo import http
from odoo.addons.lot_traceability.controllers import public_page
from odoo.addons.lot_traceability.tools.secret_paths import hide
from odoo.http import Response, request

# A person who fills in the page needs a handful of requests a minute.
_PER_MINUTE = 30
_MOST_CONTENT = 512 * 1024

hide("/fsma/answer/")


class SupplierAnswer(http.Controller):
    """The page with which a supplier tells what is missing of a shipment, without an account.

    The link is the credential: nobody who does not hold it can make a browser send anything here,
    which is what a CSRF token is against; so that a page left open for days can still answer.
    """

    @http.route(
        "/fsma/answer/<string:token>",
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
        if not public_page.allowed("fsma-address", public_page.address(), _PER_MINUTE):
            return self._too_many()
        question = request.env["lot.fsma.question"]._by_token(token)
        if not question:
            # sudo: the firm's own phone number, for everybody
            company = request.env.company.sudo()
            return self._page("answer_unknown", {"company": company}, status=404)
        if not public_page.allowed("fsma-link", str(question.id), _PER_MINUTE):
            return self._too_many()
        question = self._speak(question.with_company(question.company_id))
        values = {**question._page_values(), "place": f"/fsma/answer/{token}", "form": {}}
        if request.httprequest.method != "POST":
            return self._page("answer_page", values)
        form = request.httprequest.form.to_dict()
        facts, errors = question._read_answer(form)
        if errors:
            return self._page("answer_page", {**values, "form": form, "errors": errors})
        person, address = form["person"].strip()[:200], question._read_address(form)
        answer = question._take_answer(facts, person, address)
        question._take_address(address, person)
        left = {line: line._lacks() for line in question.line_ids}
        told = {"answer": answer, "left": left, "proposed": address}
        return self._page("answer_thanks", {**values, **told})

    def _speak(self, question):
        """Go on in the language of the supplier, where it is installed."""
        partner = question.partner_id
        known = request.env["res.lang"]._get_data(code=partner.lang or "")
        if known:
            request.lang = known
            request.update_context(lang=known.code)
        zone = partner.tz or question.user_id.tz or "UTC"
        request.update_context(tz=zone)
        return question.with_context(lang=request.env.context.get("lang"), tz=zone)

    def _page(self, name: str, values: dict, status: int = 200) -> Response:
        response = request.render(f"lot_traceability_fsma.{name}", values, status=status)
        return public_page.guarded(response)

    def _too_many(self) -> Response:
        return public_page.too_many(
            request.env._(
                "Too many requests from your connection. Wait a minute, then open the link again."
            )
        )
