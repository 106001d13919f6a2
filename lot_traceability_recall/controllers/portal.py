from odoo import http
from odoo.addons.lot_traceability.controllers.public_page import guarded
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.http import Response, request

from .recall_answer_form import show

_MOST_CONTENT = 54 * 1024**2


class RecallPortal(CustomerPortal):
    """Recalls that the firm of a portal user was told of."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "recall_count" in counters:
            consignees, domain = self._recall_consignees()
            values["recall_count"] = consignees.search_count(domain)
        return values

    def _recall_consignees(self):
        """(model, domain) of what the user's own firm was told of."""
        consignees = request.env["lot.recall.consignee"]
        # sudo: portal users read no recalls; the domain names their own firm alone
        return consignees.sudo(), consignees._portal_domain(request.env.user.partner_id)

    @http.route(
        ["/my/recalls", "/my/recalls/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_recalls(self, page: int = 1, **_fields) -> Response:
        """The list."""
        consignees, domain = self._recall_consignees()
        pager = portal_pager(
            url="/my/recalls",
            total=consignees.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = consignees.search(
            domain,
            order="told_on desc, id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values() | {
            "consignees": found,
            "page_name": "recall",
            "pager": pager,
            "default_url": "/my/recalls",
        }
        return request.render("lot_traceability_recall.portal_my_recalls", values)

    @http.route(
        "/my/recalls/<int:consignee_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
        multilang=False,
        max_content_length=_MOST_CONTENT,
    )
    def portal_my_recall(self, consignee_id: int, **_fields) -> Response:
        """The same page as without login; back to the list for what is not one's own or closed."""
        consignee = self._my_recall(consignee_id)
        if not consignee:
            return request.redirect("/my/recalls")
        return show(consignee, f"/my/recalls/{consignee_id}", "portal")

    @http.route(
        "/my/recalls/<int:consignee_id>/read",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        multilang=False,
    )
    def portal_my_recall_read(self, consignee_id: int, **_fields) -> Response:
        """A person has begun to use the page."""
        self._my_recall(consignee_id)._mark_read()
        return guarded(request.make_response("", status=204))

    def _my_recall(self, consignee_id: int):
        consignees, domain = self._recall_consignees()
        found = consignees.search([("id", "=", consignee_id), *domain])
        return found.filtered(lambda one: one._portal_open())
