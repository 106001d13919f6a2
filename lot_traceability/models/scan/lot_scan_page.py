from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.gs1.table_json import table

# Modules whose texts the page of the Scan app shows.
_SHOWN = ("lot_traceability", "lot_traceability_recall")


class OtherUserError(UserError):
    """Somebody else is logged in than the one whose scans wait on the device."""


class LotScan(models.Model):
    """What the page of the Scan app asks besides."""

    _inherit = "lot.scan"

    @api.model
    def send(
        self, commands: list[dict[str, Any]], device: dict[str, Any] | bool = False
    ) -> list[dict[str, Any]]:
        """See `lot.scan.send`; a device that says for whom it sends ({"user": id}) is refused
        when somebody else is logged in: nobody does another one's work under his own name.

        :raise OtherUserError: when somebody else is logged in
        """
        user = device.get("user") if isinstance(device, dict) else False
        if user and user != self.env.uid:
            raise OtherUserError(
                self.env._(
                    "These scans wait for somebody else, and you are logged in. They stay on the "
                    "device until their user logs in again."
                )
            )
        return super().send(commands, device)

    @api.model
    @api.readonly
    def identify(self, text: str) -> dict[str, Any]:
        """See `lot.scan.identify`; besides "product": as a lot's, of the one product that it is
        and no lot, or False: what has to be asked when it is received for the first time."""
        found = super().identify(text)
        products = [match["id"] for match in found["matches"] if match["type"] == "product"]
        product = self.env["product.product"].browse(products)
        card = self.env["lot.scan.card"]
        return {**found, "product": card._product(product) if len(product) == 1 else False}

    @api.model
    def _choices(self):
        # A device reads codes itself, by the server's own table.
        return {**super()._choices(), **self._language(), "identifiers": table()}

    @api.model
    def _language(self) -> dict[str, Any]:
        """The language of the user, and what the page has to ask to read its texts in it:
        {"language": {"code", "direction", "modules", "hash"}}."""
        code = self.env.lang or "en_US"
        # sudo: which modules there are is no secret, and operators may not look
        there = set(self.env["ir.module.module"].sudo()._installed())
        modules = [name for name in _SHOWN if name in there]
        # sudo: translations are the same for everybody
        http = self.env["ir.http"].sudo()
        return {
            "language": {
                "code": code,
                "direction": self.env["res.lang"]._get_data(code=code).direction or "ltr",
                "modules": modules,
                "hash": http._get_web_translations_hash(modules, code),
            }
        }
