from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from ..lot_status import RELEASED
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
        return self._set_status(command, str(command.data.get("status") or "hold"))

    @api.model
    def _do_release(self, command) -> dict[str, Any]:
        """{"lot_id": id, or the text of the command; "reason": str}."""
        return self._set_status(command, RELEASED)

    @api.model
    def _set_status(self, command, code: str) -> dict[str, Any]:
        lot = self._lot(command)
        status = self.env["lot.status"]._by_code(code)
        if lot.status_id == status:
            raise UserError(
                self.env._(
                    "%(lot)s: %(status)s already. Nothing was changed.",
                    lot=lot.name,
                    status=status.name,
                )
            )
        status._check_step(lot.status_id)
        self._refuse_unsigned(lot, status)
        reason = self._told_text(command, "reason")
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

    @api.model
    def _refuse_unsigned(self, lot, status) -> None:
        """A signature is given with a password, and what is sent from a device is kept.

        :raise UserError: when the step has to be signed
        """
        if lot._signed_steps(status):
            raise UserError(
                self.env._(
                    "“%(status)s” of %(lot)s has to be signed. Sign it on the page of the lot in "
                    "Odoo.",
                    status=status.name,
                    lot=lot.name,
                )
            )


class LotScan(models.Model):
    _inherit = "lot.scan"

    @api.model
    def _choices(self):
        """With "statuses": [{"code", "name", "color", "usable", "reason_required"}] that this user
        may set."""
        statuses = self.env["lot.status"]
        return {
            **super()._choices(),
            "statuses": [
                {
                    "code": status.code,
                    "name": status.name,
                    "color": status.color,
                    "usable": status.usable,
                    "reason_required": status.reason_required,
                }
                for status in statuses.search([])
                if status._may_follow(statuses)
            ],
        }
