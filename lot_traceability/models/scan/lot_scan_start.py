from typing import Any

from odoo import api, models
from odoo.fields import Domain

from ...tools.rpc_input import takes_anything
from .lot_scan_flow import PREFIX

# Raised when a device has to load its page anew.
PROTOCOL = 1
_MOST_DOCUMENTS = 200


class LotScan(models.Model):
    """What a handheld asks before it sends."""

    _inherit = "lot.scan"

    @api.model
    @api.readonly
    def start(self) -> dict[str, Any]:
        """What a device has to know to work, also without a link.

        :return: {"protocol": int, "user": {"id", "name", "login"}, "company": {"id", "name"},
            "flows": [{"code", "label", "documents": bool}], …}: each flow and module adds what its
            screens choose from, under its own key
        :raise AccessError: without the right to work with lots
        """
        self._check_operator()
        user, company = self.env.user, self.env.company
        flows = [self.env[PREFIX + code] for code in self.env["lot.scan.flow"]._codes_in_order()]
        return {
            "protocol": PROTOCOL,
            "user": {"id": user.id, "name": user.name, "login": user.login},
            "company": {"id": company.id, "name": company.name},
            "flows": [
                {
                    "code": flow._name.removeprefix(PREFIX),
                    "label": flow._label(),
                    "documents": flow._listed(),
                }
                for flow in flows
                if flow._available()
            ],
            **self._choices(),
        }

    @api.model
    @api.readonly
    @takes_anything
    def identify(self, text: str) -> dict[str, Any]:
        """What a scanned or typed text is.

        :param text: as the scanner sent it
        :return: {"text", "fields": [{"ai", "label", "value", "shown"}], "error": sentence,
            "matches": [{"type": "lot", "package", "location" or "product", "model", "id", "label",
            "detail"}], "number": of a lot, known or not, "lot": {"id", "name", "product": {"id",
            "name", "uom", "tracking", "dated", "barcodes": {barcode: how many units}},
            "supplier_lot", "status": {"code", "name", "color", "usable"}, "reason", "expiry": day,
            "expired", "days_left": int or False, "allergens", "stock": [{"location_id",
            "location", "package", "lot_id", "lot", "product", "quantity", "reserved", "uom"}]} of
            the one lot it is or False, "stock": the same of the one package, place or product,
            "message": what to do when nothing is known}
        :raise AccessError: without the right to work with lots
        """
        self._check_operator()
        card = self.env["lot.scan.card"]
        reading = self.env["lot.scan.reading"]._reading(text if isinstance(text, str) else "")
        matches = card._matches(reading)
        found = {
            "text": reading.text,
            "fields": card._elements(reading.elements),
            "error": reading.error,
            "matches": matches,
            "number": reading.number,
            "lot": card._lot(reading.lots) if len(reading.lots) == 1 else False,
            "stock": [],
            "message": "",
        }
        if len(matches) == 1 and not found["lot"]:
            key = {"package": "package_id", "location": "location_id", "product": "product_id"}
            found["stock"] = card._stock(Domain(key[matches[0]["type"]], "=", matches[0]["id"]))
        if not matches and not reading.error:
            found["message"] = self.env["lot.trace"].find(reading.text)["message"]
        return found

    @api.model
    @api.readonly
    def documents(self, flow: str, query: str = "", limit: int = 40) -> list[dict[str, Any]]:
        """Open documents of a flow.

        :param flow: code of a flow with documents
        :param query: part of a number or of a partner's name, or a scanned code
        :param limit: at most so many, up to 200
        :return: [{"model", "id", "name", "partner", "date": ISO 8601 UTC, "detail", "progress":
            0 to 1, "warning": sentence}], the most urgent first
        :raise UserError: when there is no such flow
        """
        self._check_operator()
        limit = limit if isinstance(limit, int) and 0 < limit <= _MOST_DOCUMENTS else 40
        return self.env["lot.scan.flow"]._of(flow)._documents(str(query or "").strip()[:80], limit)

    @api.model
    @api.readonly
    def document(self, flow: str, model: str, document_id: int) -> dict[str, Any]:
        """A document as a device needs it to go on without a link.

        :return: {"model", "id", "name", "partner", "state", "done": bool, "detail", "lines":
            [{"id", "product": as in `identify`, "asked", "taken", "uom", "allocated": [{"lot_id",
            "lot", "location_id", "location", "quantity", "expiry"}] in the order in which they are
            to be taken, "entries": [{"id", "lot_id", "lot", "quantity"}] that were scanned
            already}], …}; quantities in the product's unit
        :raise UserError: when there is no such document
        """
        self._check_operator()
        work = self.env["lot.scan.flow"]._of(flow)
        return work._document(work._record({"model": model, "id": document_id}))
