from typing import Any

from odoo import api, models

from .lot_scan_flow import RefusedError


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "hold"]


class LotScanFlowHold(models.AbstractModel):
    """Put a lot on hold, or whatever else its finder may do with it."""

    _name = "lot.scan.flow.hold"
    _description = "Hold a lot"
    _inherit = "lot.scan.flow"
    _sequence = 70

    @api.model
    def _label(self):
        return self.env._("Hold")

    @api.model
    def _do_hold(self, command) -> dict[str, Any]:
        """{"lot_id": id, or the text of the command; "status": code; "reason": str}."""
        data = command.data
        lot = self._lot(command)
        status = self.env["lot.status"]._by_code(str(data.get("status") or "hold"))
        reason = str(data.get("reason") or "").strip()
        if status.reason_required and not reason:
            raise RefusedError(
                self.env._(
                    "Say why %(lot)s is set to “%(status)s”.", lot=lot.name, status=status.name
                ),
                [self._ask_reason()],
            )
        lot.set_status(status.code, reason)
        return {
            "message": self.env._("%(lot)s: %(status)s.", lot=lot.name, status=status.name),
            "lot": self.env["lot.scan.card"]._lot(lot),
        }
